"""The open-loop generator, and a server that it asks."""

import json
import socket
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest

from benchmark.rate import compiled

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi"


@contextmanager
def serving(answer):
    """A server whose `answer` is called with each connection, in a thread each."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener, answer), daemon=True).start()
        yield listener.getsockname()[1]


def accept(listener, answer):
    while True:
        try:
            client, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=answer, args=(client,), daemon=True).start()


def keep_answering(client, before=lambda: None, answer=ANSWER):
    with client:
        while client.recv(4096):
            before()
            client.sendall(answer)


def ask(port, rate=500, connections=4, seconds=1):
    command = map(str, (compiled(), port, rate, connections, seconds))
    done = subprocess.run([*command], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_every_request_that_was_due_is_asked_and_counted():
    with serving(keep_answering) as port:
        found = ask(port)
    assert (found["due"], found["answered"], found["failed"]) == (500, 500, 0)
    assert 0 < found["p50"] <= found["p99"] <= found["p99.9"] <= found["max"]


def test_a_pause_is_charged_to_all_who_would_have_come():
    """A closed loop would see it in one request a connection and no more."""
    paused = threading.Event()

    def pause_once():
        if not paused.is_set():
            paused.set()
            time.sleep(0.5)

    with serving(lambda client: keep_answering(client, pause_once)) as port:
        found = ask(port, connections=1)
    assert found["answered"] == 500
    assert found["p50"] > 1000  # half of a second's requests waited, in microseconds
    assert found["max"] > 450_000


def test_answers_that_are_no_200_fail():
    error = ANSWER.replace(b"200 OK", b"500 No")
    with serving(lambda client: keep_answering(client, answer=error)) as port:
        found = ask(port)
    assert (found["answered"], found["failed"]) == (0, 500)


def test_a_server_may_close_behind_each_answer():
    last = ANSWER.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")

    def answer_once(client):
        with client:
            client.recv(4096)
            client.sendall(last)

    with serving(answer_once) as port:
        found = ask(port)
    assert (found["answered"], found["failed"]) == (500, 0)


def test_what_has_no_answer_takes_for_ever():
    def answer_the_first(client):
        with client:
            client.recv(4096)
            client.sendall(ANSWER)
            client.recv(4096)
            client.recv(4096)  # until the generator leaves

    with serving(answer_the_first) as port:
        found = ask(port, connections=4)
    assert (found["answered"], found["failed"]) == (4, 496)
    assert found["p50"] == -1


def test_an_answer_that_comes_in_parts_is_one():
    def answer_slowly(client):
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with client:
            while client.recv(4096):
                client.sendall(ANSWER[:20])
                time.sleep(0.001)
                client.sendall(ANSWER[20:])

    with serving(answer_slowly) as port:
        found = ask(port, rate=100)
    assert (found["answered"], found["failed"]) == (100, 0)


@pytest.mark.parametrize("words", [(), (1, 2, 3), (0, 1, 1, 1), ("x", 1, 1, 1)])
def test_what_it_is_not_told_it_does_not_guess(words):
    done = subprocess.run(
        [compiled(), *map(str, words)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "usage: rate PORT RATE CONNECTIONS SECONDS" in done.stderr
