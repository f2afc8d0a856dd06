"""What a crowd of slow clients costs a normal one: latency without and with them."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import Event, Process
from multiprocessing.synchronize import Event as EventType

from benchmark.servers import LOCAL, REQUEST, Fault, Server
from benchmark.wrk import LOAD_CORE

CROWD = 5000
REQUESTS = 20_000
PAUSE = 0.0005  # between two requests of the normal client
ROUND = 1.0  # seconds in which each slow client sends or reads once
STRIDE = 50  # slow clients that do so at once
HELLO = REQUEST % b"/"
SLOW_HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: "
SLOW_BODY = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500000\r\n\r\n"
BODY_PART = b"x" * 300  # a second: above guavad's limits.min_rate
READ_PART = 512
SLOW_READ = HELLO * 20_000


def latencies(server: Server, crowd: int) -> dict[str, float]:
    """Microseconds from request to answer of a client that asks now and then, while
    `crowd` others send heads, send bodies and read answers slowly."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {int(LOAD_CORE)})
    try:
        with slow_clients(server, crowd):
            taken = sorted(ask(server))
    finally:
        os.sched_setaffinity(0, before)
    return {
        "p50": taken[len(taken) // 2],
        "p99": taken[len(taken) * 99 // 100],
        "p99.9": taken[len(taken) * 999 // 1000],
    }


def ask(server: Server) -> Iterator[float]:
    with server.connect() as client:
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for _ in range(REQUESTS):
            start = time.perf_counter_ns()
            client.sendall(HELLO)
            if not client.recv(4096).endswith(b"Hello World!"):
                raise Fault(f"{server.name} gave a normal client no answer")
            yield (time.perf_counter_ns() - start) / 1000
            time.sleep(PAUSE)


@contextmanager
def slow_clients(server: Server, count: int) -> Iterator[None]:
    """In a process of their own, which gives way to the normal client."""
    ready = Event()
    crowd = Process(target=be_slow, args=(server.port, count, ready), daemon=True)
    crowd.start()
    try:
        if not ready.wait(timeout=60):
            raise Fault(f"{server.name} does not take {count} slow clients")
        yield
        if not crowd.is_alive():
            raise Fault(f"the slow clients of {server.name} have failed")
    finally:
        crowd.terminate()
        crowd.join()


def be_slow(port: int, count: int, ready: EventType) -> None:
    os.nice(19)
    clients = [SlowClient(port, number % 3) for number in range(count)]
    while True:
        for number, client in enumerate(clients):
            if number % STRIDE == 0:
                time.sleep(ROUND * STRIDE / count)
            client.go_on()
        ready.set()
        if not clients:
            time.sleep(ROUND)


class SlowClient:
    """Slow at its head (0), its body (1) or at reading (2), and back when dropped."""

    def __init__(self, port: int, kind: int) -> None:
        self.port = port
        self.kind = kind
        self.connect()

    def connect(self) -> None:
        self.socket = socket.socket()
        if self.kind == 2:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.socket.connect((LOCAL, self.port))
        self.socket.setblocking(False)
        self.socket.send((SLOW_HEAD, SLOW_BODY, SLOW_READ)[self.kind])

    def go_on(self) -> None:
        try:
            if self.kind == 2:
                self.socket.recv(READ_PART)
            else:
                self.socket.send(b"x" if self.kind == 0 else BODY_PART)
        except BlockingIOError:
            pass
        except OSError:
            self.socket.close()
            self.connect()
