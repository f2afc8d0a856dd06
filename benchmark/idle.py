"""What connections cost that nobody uses."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmark.machine import memory
from benchmark.servers import REQUEST, Fault, Server

WARM_UP = 200
HOLD_SECONDS = 30


def bytes_per_connection(server: Server, count: int) -> float:
    """What the memory that is the server's own grows by for each of `count` connections
    that had one request and stay open."""
    with held(server, WARM_UP):
        before = memory(server.processes())["uss"]
        with held(server, count):
            return (memory(server.processes())["uss"] - before) / count


@contextmanager
def held(server: Server, count: int) -> Iterator[None]:
    """Within it, so many clients that had an answer keep their connections."""
    clients: list[socket.socket] = []
    deadline = time.monotonic() + HOLD_SECONDS
    try:
        for _ in range(count):
            if time.monotonic() > deadline:
                raise TimeoutError
            if clients and not is_open(clients[-1]):
                raise Fault("closes its connections")
            clients.append(server.connect())
            greet(clients[-1])
        if not all(map(is_open, clients)):
            raise Fault("closes its connections")
        yield
    except OSError as error:
        raise Fault(f"holds no more than {len(clients):,} connections") from error
    finally:
        for client in clients:
            client.close()


def greet(client: socket.socket) -> None:
    client.sendall(REQUEST % b"/")
    answer = b""
    while not answer.endswith(b"Hello World!"):
        part = client.recv(4096)
        if not part:
            raise ConnectionResetError("closed before its answer")
        answer += part


def is_open(client: socket.socket) -> bool:
    client.setblocking(False)
    try:
        return client.recv(1) != b""
    except BlockingIOError:
        return True
