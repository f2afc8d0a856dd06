"""Clients that ask all the while, and count what becomes of every request."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from http_client import Client, request

PAUSE = 0.02  # seconds between two requests of a client, at most
FILE_SIZE = 1 << 20


@dataclass
class Tally:
    """What became of the requests of some clients."""

    sent: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = ", ".join(f"{self.answered[kind]} {kind}" for kind in self.sent)
        sent, answered = self.sent.total(), self.answered.total()
        return f"{answered} of {sent} answered ({kinds}), {len(self.lost)} lost"


class Clients:
    """Threads, each a client of one kind, until stop()."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.tally = Tally()
        self._done = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []

    def start(self, count: int, kind: Callable[[Clients, str], None]) -> None:
        for _ in range(count):
            name = kind.__name__
            thread = threading.Thread(target=kind, args=(self, name), daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> Tally:
        self._done.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "a client does not end"
        return self.tally

    @property
    def wanted(self) -> bool:
        """Whether to go on; after the pause between two requests."""
        time.sleep(random.uniform(0, PAUSE))
        return not self._done.is_set()

    @contextmanager
    def counting(self, kind: str) -> Iterator[None]:
        """Around one request and the whole of its answer."""
        with self._lock:
            self.tally.sent[kind] += 1
        try:
            yield
        except (OSError, AssertionError) as error:
            with self._lock:
                self.tally.lost.append(f"{kind}: {type(error).__name__}: {error}")
        else:
            with self._lock:
                self.tally.answered[kind] += 1


def keep_alive(clients: Clients, kind: str) -> None:
    """Uses a connection until it is told to close it, and looks at nothing before it
    sends: a server that closes it meanwhile has lost the request."""
    client = None
    while clients.wanted:
        with clients.counting(kind):
            client = client or Client(clients.port)
            try:
                answer = client.ask(request("/"))
                assert answer.text == "Hello World!", answer
            except BaseException:
                client.socket.close()
                client = None
                raise
        if client is not None and answer.is_last:
            client.socket.close()
            client = None
    if client is not None:
        client.socket.close()


def one_shot(clients: Clients, kind: str) -> None:
    """Uses a connection for each request."""
    while clients.wanted:
        with clients.counting(kind), Client(clients.port) as client:
            answer = client.ask(request("/", "Connection: close"))
            assert answer.text == "Hello World!", answer


def slow_action(clients: Clients, kind: str) -> None:
    """Its requests take a fifth of a second."""
    while clients.wanted:
        with clients.counting(kind), Client(clients.port) as client:
            answer = client.ask(request("/act/sleep/0.2"))
            assert answer.text == "slept", answer


def slow_download(clients: Clients, kind: str) -> None:
    """Reads a file of FILE_SIZE bytes for about a second."""
    while clients.wanted:
        with clients.counting(kind):
            with Client(clients.port, receive_buffer=16384) as client:
                client.send(request("/files/large"))
                head = client.head()
                left = int(head.headers["content-length"]) - len(client.unread)
                assert head.status == 200, head
                assert left + len(client.unread) == FILE_SIZE, head
                while left > 0:
                    time.sleep(0.04)
                    data = client.socket.recv(min(left, 65536))
                    assert data, f"cut off with {left} bytes to come"
                    left -= len(data)


def mixed(port: int) -> Clients:
    """28 clients."""
    clients = Clients(port)
    clients.start(14, keep_alive)
    clients.start(8, one_shot)
    clients.start(3, slow_action)
    clients.start(3, slow_download)
    return clients


def loaded(make_guavad: Callable[..., Any], **sections: Any) -> Any:
    """A guavad that serves what mixed() asks for."""
    files = {"type": "static", "mount_point": "/files", "directory": "files"}
    mvc = {"type": "mvc", "mount_point": "/", "package": "controllers"}
    guavad = make_guavad()
    guavad.write("files/large", "x" * FILE_SIZE)
    guavad.configure(routers=[files, mvc], **sections)
    guavad.start()
    return guavad
