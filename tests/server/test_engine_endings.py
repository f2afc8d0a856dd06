"""Draining and stopping, and the time-outs of a worker that was busy."""

import os
import signal
import socket
import threading
import time

import pytest
from http_client import PATIENCE, Client, post, request
from live import answering
from pattern import pattern

LARGE = pattern(20_000_000)


def echo(asked):
    return asked.body or "root"


def test_requests_that_had_come_are_not_timed_out_by_a_neighbour():
    running = threading.Event()

    def handler(asked):
        if asked.path == "/busy":
            running.set()
            time.sleep(1)
        return asked.path

    timeouts = {"header": 300, "keepalive": 60_000}
    with answering(handler, timeouts=timeouts) as live:
        clients = [live.client() for _ in range(20)]
        for client in clients[:10]:
            assert client.ask(request("/before")).text == "/before"
        with live.client(request("/busy")) as busy:
            assert running.wait(PATIENCE)
            for client in clients[:15]:
                client.send(request("/after"))
            for client in clients[15:]:
                client.send_in_parts(request("/after"), 20)
            assert busy.read().text == "/busy"
            assert [client.read().text for client in clients] == ["/after"] * 20
        for client in clients:
            client.socket.close()


def test_an_answer_being_sent_when_the_drain_begins_is_the_last():
    with answering(lambda asked: LARGE) as live:
        with live.client(request(), receive_buffer=65536) as client:
            answer = client.head()
            live.server.drain()
            wait_for_drain(live.address)
            size = int(answer.headers["content-length"])
            assert client._exactly(size) == LARGE
            assert client.at_end()
            live.join()


def test_an_idle_connection_does_not_hold_a_drain():
    with answering(echo) as live, live.client() as client:
        assert client.ask(request()).text == "root"
        live.server.drain()
        assert client.at_end()
        live.join()


def test_an_upload_under_way_is_answered_by_a_drain():
    with answering(echo) as live, live.client() as client:
        begin_upload(client)
        live.server.drain()
        wait_for_drain(live.address)
        client.send(b"body")
        answer = client.read()
        assert (answer.text, answer.is_last) == ("body", True)
        assert client.at_end()
        live.join()


def begin_upload(client):
    """Until the server waits for the body of four bytes."""
    fields = ["Content-Length: 4", "Expect: 100-continue"]
    client.send(request("/", *fields, method="POST"))
    assert client.read().status == 100


def wait_for_drain(address):
    """Until nobody answers at an address that a draining server still holds."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            with socket.create_connection(address, 0.1) as probe:
                probe.sendall(request())
                if probe.recv(1) == b"":
                    return
        except (TimeoutError, ConnectionError):
            return
    raise AssertionError("the drain does not begin")


def test_a_drain_and_a_signal_together_drop_no_upload(make_guavad):
    guavad = make_guavad(
        server={"workers": 1}, routers=[{"type": "python", "class": "app.Echo"}]
    )
    guavad.write(
        "app.py",
        "import guava\n"
        "class EchoController(guava.controller.Controller):\n"
        "    def echo(self): return self.request.body\n"
        "class Echo(guava.router.Router):\n"
        "    def route(self, request):\n"
        "        return guava.handler.Handler(\n"
        "            module='app', controller='EchoController', action='echo')\n",
    )
    guavad.start()
    with Client(guavad.port) as client:
        begin_upload(client)
        [worker] = guavad.worker_pids()
        os.kill(worker, signal.SIGTERM)
        guavad.signal(signal.SIGTERM)
        guavad.wait_for_log("stopping when all requests are answered")
        os.kill(worker, signal.SIGTERM)
        wait_for_drain(("127.0.0.1", guavad.port))
        client.send(b"body")
        assert client.read().text == "body"
    assert guavad.wait() == 0


def test_clients_of_a_server_that_was_stopped_see_the_end():
    running = threading.Event()

    def stream():
        running.set()
        while True:
            yield b"x" * 100_000

    with answering(lambda asked: stream() if asked.query else "") as live:
        with (
            live.client() as idle,
            live.client() as silent,
            live.client() as uploading,
            live.client(request("/?stream")) as reading,
            live.client(b"GET / HT") as half,
        ):
            assert idle.ask(request()).status == 200
            begin_upload(uploading)
            assert running.wait(PATIENCE)
            live.server.stop()
            live.join()
            for client in (idle, silent, uploading, reading, half):
                assert client.is_dropped()


@pytest.mark.parametrize("end", ["drain", "stop"])
def test_a_server_is_ended_from_its_own_handler(end):
    def handler(asked):
        getattr(live.server, end)()
        return "last"

    with answering(handler) as live, live.client(request()) as client:
        if end == "drain":
            assert client.read().text == "last"
        assert client.is_dropped()
        live.join()


def test_what_a_stream_holds_is_closed_when_the_server_stops():
    closed, running = threading.Event(), threading.Event()

    def stream():
        try:
            while True:
                running.set()
                yield b"x" * 100_000
        finally:
            closed.set()

    with answering(lambda asked: stream()) as live, live.client(request()):
        assert running.wait(PATIENCE)
        live.server.stop()
        live.join()
        assert closed.wait(PATIENCE)


def test_two_servers_run_side_by_side():
    with answering(lambda asked: "one") as one, answering(lambda asked: "two") as two:
        for _ in range(5):
            assert (one.ask().text, two.ask().text) == ("one", "two")
        one.server.drain()
        one.join()
        assert two.ask(post("/", b"x")).text == "two"
