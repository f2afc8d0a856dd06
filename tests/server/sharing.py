"""How connections are shared out among the workers of a guavad."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from http_client import Client, request

ESTABLISHED = "01"


def sockets_of(pid: int) -> set[str]:
    """The numbers that the kernel knows the sockets of a process by."""
    found = set()
    for fd in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.update(re.findall(r"socket:\[(\d+)\]", str(fd.readlink())))
        except FileNotFoundError:
            continue
    return found


def held(guavad: Any) -> dict[int, int]:
    """How many connections each worker holds, by process id."""
    connections = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(f":{guavad.port:04X}") and fields[3] == ESTABLISHED:
            connections.add(fields[9])
    return {pid: len(sockets_of(pid) & connections) for pid in guavad.worker_pids()}


def unevenness(counts: dict[int, int]) -> float:
    """The most by the mean."""
    return max(counts.values()) * len(counts) / sum(counts.values())


@contextmanager
def at_once(port: int, count: int) -> Iterator[list[Client]]:
    """Clients that all connect before the first of them asks, and get their answer."""
    with ExitStack() as stack:
        clients = [stack.enter_context(Client(port)) for _ in range(count)]
        for client in clients:
            client.send(request("/"))
        for client in clients:
            assert client.read().status == 200
        yield clients


@contextmanager
def one_by_one(port: int, count: int) -> Iterator[list[Client]]:
    with ExitStack() as stack:
        clients = []
        for _ in range(count):
            client = stack.enter_context(Client(port))
            assert client.ask(request("/")).status == 200
            clients.append(client)
        yield clients


def wake_ups(pid: int) -> int:
    """How often the loop of a worker has gone to sleep so far."""
    status = Path(f"/proc/{pid}/task/{pid}/status").read_text()
    found = re.search(r"^voluntary_ctxt_switches:\s+(\d+)", status, re.M)
    assert found
    return int(found[1])


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port))
