"""Workers whose master is killed, and the guavad after it."""

import signal
import socket
import time

import pytest
from http_client import Client, request

SLOW = request("/act/sleep/3")


def kill_master(daemon):
    daemon.signal(signal.SIGKILL)
    daemon.wait()


def serve_slow(daemon, client):
    client.send(SLOW)
    daemon.wait_for_running("/act/sleep/3")


@pytest.mark.parametrize("workers", [1, 4])
def test_the_next_guavad_starts_while_an_action_still_runs(make_guavad, workers):
    daemon = make_guavad(server={"workers": workers})
    daemon.start()
    with Client(daemon.port) as client:
        serve_slow(daemon, client)
        kill_master(daemon)
        started = time.monotonic()
        daemon.start()
        assert daemon.get("/").status_code == 200
        assert time.monotonic() - started < 2.5
        assert client.read().text == "slept"


def test_it_starts_on_a_unix_socket_too(make_guavad):
    daemon = make_guavad(server={"workers": 1})
    path = str(daemon.folder / "guavad.sock")
    daemon.configure(server={"workers": 1, "listen": f"unix:{path}"})
    daemon.start()

    def connect():
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(10)
        client.connect(path)
        return client

    with connect() as first:
        first.sendall(SLOW)
        daemon.wait_for_running("/act/sleep/3")
        kill_master(daemon)
        daemon.start()
        with connect() as second:
            second.sendall(request("/"))
            assert second.recv(4096).startswith(b"HTTP/1.1 200 ")
        assert first.recv(4096).startswith(b"HTTP/1.1 200 ")


def test_who_waits_to_be_accepted_when_the_master_dies_is_answered(make_guavad):
    daemon = make_guavad(server={"workers": 1})
    daemon.start()
    with Client(daemon.port) as running:
        serve_slow(daemon, running)
        with Client(daemon.port, request("/")) as waiting:
            kill_master(daemon)
            daemon.start()
            assert running.read().text == "slept"
            answer = waiting.read()
            assert (answer.status, answer.is_last) == (200, True)


def test_requests_that_were_sent_are_answered_when_the_master_is_gone(make_guavad):
    daemon = make_guavad(server={"workers": 1})
    daemon.start()
    with Client(daemon.port) as client, Client(daemon.port) as idle:
        assert idle.ask(request("/")).status == 200
        serve_slow(daemon, client)
        kill_master(daemon)
        idle.send(request("/"))
        assert client.read().status == 200
        assert idle.read().is_last
    daemon.eventually(lambda: not daemon.processes(), "the end of the workers")
    daemon.pidfile.unlink()


def test_a_worker_without_a_master_keeps_to_its_time_outs(make_guavad):
    daemon = make_guavad(timeouts={"request": "500ms"})
    daemon.start()
    with Client(daemon.port) as client:
        serve_slow(daemon, client)
        kill_master(daemon)
        assert client.read().status == 504
    daemon.eventually(lambda: not daemon.processes(), "the end of the workers")
    daemon.pidfile.unlink()


def test_a_worker_without_a_master_leaves_after_graceful(make_guavad):
    daemon = make_guavad(timeouts={"request": 0, "graceful": "500ms"})
    daemon.start()
    with Client(daemon.port, request("/act/sleep/60")) as client:
        daemon.wait_for_running("/act/sleep/60")
        kill_master(daemon)
        assert client.read().status == 504
    line = daemon.wait_for_log("the master is gone, and timeouts.graceful is over")
    assert "GET /act/sleep/60 (request " in line
    daemon.eventually(lambda: not daemon.processes(), "the end of the workers")
    daemon.pidfile.unlink()


def test_slow_clients_do_not_keep_a_worker_without_a_master(make_guavad):
    daemon = make_guavad(timeouts={"graceful": "500ms"})
    daemon.start()
    head = request("/", "Content-Length: 100000", method="POST")
    with Client(daemon.port, head) as client:
        client.send(b"x")
        daemon.get("/")
        kill_master(daemon)
        daemon.eventually(lambda: not daemon.processes(), "the end of the workers")
        assert client.is_dropped()
    daemon.pidfile.unlink()
