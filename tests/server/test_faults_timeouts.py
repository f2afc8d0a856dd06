"""Requests that run for longer than timeouts.request."""

import os
import re
import signal
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from http_client import Client, old_request, request

HANG = """\
import ctypes, re, threading, time
import guava

class HangController(guava.controller.Controller):
    def quick(self, number):
        return number

    def sleep(self, seconds: float):
        time.sleep(seconds)  # here
        return "slept"

    def regex(self):
        re.match(r"(a+)+$", "a" * 40 + "b")  # here

    def foreign(self):
        ctypes.PyDLL(None).sleep(30)  # here

    def loop(self):
        while True:  # here
            pass  # here

    def thread(self):
        threading.Timer(0.05, ctypes.PyDLL(None).sleep, [30]).start()
        return "started"

    def stream(self):
        yield "begun"
        time.sleep(30)  # here

    def close(self):
        try:
            while True:
                yield "x" * 65536
        finally:
            time.sleep(30)  # here
"""
LINES = [i for i, line in enumerate(HANG.splitlines(), 1) if line.endswith("# here")]


@pytest.fixture
def hanging(make_guavad):
    def start(**sections):
        server = {"workers": 1} | sections.pop("server", {})
        timeouts = {"request": "300ms"} | sections.pop("timeouts", {})
        daemon = make_guavad(server=server, timeouts=timeouts, **sections)
        daemon.write("controllers/hang.py", HANG)
        daemon.start()
        return daemon

    return start


def assert_names_the_line(daemon):
    daemon.wait_for_log("died of SIGABRT at timeouts.request")
    found = re.search(r'hang\.py", line (\d+) in', daemon.log_text())
    assert int(found[1]) in LINES


@pytest.mark.parametrize("action", ["sleep/30", "regex", "foreign", "loop"])
def test_a_request_over_its_time_is_answered_by_504(hanging, action):
    daemon = hanging()
    started = time.monotonic()
    with Client(daemon.port) as client:
        answer = client.ask(request(f"/hang/{action}"))
        assert time.monotonic() - started < 3
        assert (answer.status, answer.is_last) == (504, True)
        assert client.at_end()
    line = daemon.wait_for_log("timeouts.request (300 ms) is over")
    shown = rf"GET /hang/{action} \(request [0-9a-f]{{16}}, 3\d\d ms\); .* by 504"
    assert re.search(shown, line)
    assert_names_the_line(daemon)
    line = daemon.wait_for_log("died of SIGABRT at timeouts.request")
    assert f"while running GET /hang/{action} (request " in line
    assert daemon.get("/").status_code == 200


def test_a_request_that_waits_for_a_thread_of_the_application_is_answered(hanging):
    daemon = hanging()
    with Client(daemon.port) as client:
        assert client.ask(request("/hang/thread")).text == "started"
        while (answer := client.ask(request("/hang/quick/1"))).status == 200:
            continue
        assert answer.status == 504


def test_earlier_answers_come_before_the_504(hanging):
    daemon = hanging()
    paths = [f"/hang/quick/{number}" for number in range(20)]
    paths += ["/hang/sleep/30", "/hang/quick/never"]
    with Client(daemon.port, b"".join(map(request, paths))) as client:
        assert [client.read().text for _ in range(20)] == list(map(str, range(20)))
        assert client.read().status == 504
        assert client.at_end()


def test_the_504_of_a_head_request_has_no_body(hanging):
    with Client(hanging().port, request("/hang/sleep/30", method="HEAD")) as client:
        assert client.read("HEAD").status == 504
        assert client.at_end()


def test_the_504_is_a_page_of_the_router(make_guavad):
    page = "too late " * 3000
    daemon = make_guavad(
        timeouts={"request": "300ms"},
        routers=[
            {"type": "mvc", "package": "controllers", "error_pages": {504: "late.html"}}
        ],
    )
    daemon.write("late.html", page)
    daemon.start()
    assert daemon.get("/act/sleep/30").text == page


def test_the_504_is_in_the_access_log_with_the_lines_before_it(hanging):
    daemon = hanging()
    with Client(daemon.port) as client:
        client.ask(request("/hang/quick/1"))
        assert client.ask(request("/hang/sleep/30")).status == 504
    daemon.wait_for_log('"GET /hang/sleep/30 HTTP/1.1" 504', name="access.log")
    assert '"GET /hang/quick/1 HTTP/1.1" 200' in daemon.log_text("access.log")


def test_the_504_has_the_id_of_the_request(hanging):
    daemon = hanging()
    with Client(daemon.port) as client:
        answer = client.ask(request("/hang/sleep/30"))
    line = daemon.wait_for_log("timeouts.request (300 ms) is over")
    assert f"(request {answer.headers['x-request-id']}, " in line


def test_a_body_that_was_sent_is_read_before_the_504(hanging):
    daemon = hanging()
    with Client(daemon.port) as client:
        head = request("/hang/sleep/30", "Content-Length: 900000", method="POST")
        client.send(head + b"x" * 900_000 + request("/") * 1000)
        assert client.read().status == 504
        assert client.at_end()


def test_a_stream_that_hangs_is_cut(hanging):
    daemon = hanging()
    with Client(daemon.port, request("/hang/stream")) as client:
        assert client.rest().endswith(b"5\r\nbegun\r\n")  # no last chunk
    assert "which had begun, is cut" in daemon.wait_for_log("(300 ms) is over")
    assert_names_the_line(daemon)


def test_a_stream_that_only_the_end_would_end_is_reset(hanging):
    daemon = hanging()
    with Client(daemon.port, old_request("/hang/stream")) as client:
        with pytest.raises(ConnectionResetError):
            client.rest()
    assert_names_the_line(daemon)


def test_a_stream_whose_worker_is_killed_is_reset(hanging):
    daemon = hanging(timeouts={"request": 0})
    with Client(daemon.port, old_request("/hang/stream")) as client:
        while b"begun" not in client.unread:
            client.unread += client.socket.recv(4096)
        daemon.wait_for_running("/hang/stream")
        os.kill(daemon.worker_pids()[0], signal.SIGKILL)
        with pytest.raises(ConnectionResetError):
            client.rest()


def test_an_iterator_that_hangs_when_its_client_leaves_is_ended(hanging):
    daemon = hanging()
    client = Client(daemon.port, request("/hang/close"), receive_buffer=4096)
    client.socket.recv(1)
    client.reset()
    assert "its client is gone" in daemon.wait_for_log("(300 ms) is over")
    assert_names_the_line(daemon)


def test_clients_of_other_workers_notice_nothing(hanging):
    daemon = hanging(server={"workers": 2})
    with ExitStack() as stack:
        clients = [stack.enter_context(Client(daemon.port)) for _ in range(16)]
        pids = [client.ask(request("/act/pid")).text for client in clients]
        victim = clients[0]
        spared = [it for it, pid in zip(clients, pids, strict=True) if pid != pids[0]]
        victim.send(request("/hang/sleep/30"))
        daemon.wait_for_running("/hang/sleep/30")
        while "is over" not in daemon.log_text():
            for client in spared:
                assert client.ask(request("/")).status == 200
        assert victim.read().status == 504
        daemon.wait_for_log(") is ready", times=3)
        for client in spared:
            assert client.ask(request("/")).status == 200


def test_a_request_that_ends_with_its_time_has_one_answer(hanging):
    daemon = hanging()
    for lead in range(-6, 6):
        with Client(daemon.port) as client:
            answer = client.ask(request(f"/hang/sleep/{0.3 + lead / 1000}"))
            assert (answer.status, answer.is_last) in [(200, False), (504, True)]
            if answer.is_last:
                assert client.at_end()
            else:
                assert client.ask(request("/hang/quick/1")).text == "1"


def test_a_worker_that_drains_keeps_to_the_time(hanging):
    daemon = hanging(timeouts={"graceful": "60s"})
    with Client(daemon.port, request("/hang/sleep/30")) as client:
        daemon.wait_for_running("/hang/sleep/30")
        daemon.signal(signal.SIGTERM)
        assert client.read().status == 504
    assert daemon.wait() == 0


def test_the_watchdog_of_an_idle_worker_sleeps(hanging):
    daemon = hanging(timeouts={"request": "60s"})
    daemon.get("/")
    [pid] = daemon.worker_pids()
    threads = {
        int(task.name): task / "status" for task in Path(f"/proc/{pid}/task").iterdir()
    }
    [watchdog] = set(threads) - {pid}

    def switches(thread):
        found = re.search(
            r"^voluntary_ctxt_switches:\s+(\d+)", threads[thread].read_text(), re.M
        )
        return int(found[1])

    before, loop = switches(watchdog), switches(pid)
    daemon.eventually(lambda: switches(pid) > loop + 3, "four turns of the loop")
    assert switches(watchdog) == before
