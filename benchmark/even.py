"""How evenly connections that come at once are shared out, and what one wakes up."""

import os
import re
import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from benchmark.machine import children
from benchmark.servers import REQUEST, Fault, Server

WORKERS = 4
AT_ONCE = 400
SINGLE = 500
CREW_SECONDS = 20
SETTLE = 0.5  # seconds for closed connections to be forgotten
ESTABLISHED = "01"
HELLO = REQUEST % b"/"


def measure(server: Server) -> dict[str, float]:
    """The most connections of a worker by the mean when AT_ONCE come at once, and how
    often workers wake up for each of SINGLE that come one by one, ask and leave."""
    wait_for_crew(server)
    return {
        "most_by_mean": most_by_mean(server),
        "wake_ups": wake_ups_for_each(server),
    }


def wait_for_crew(server: Server) -> None:
    """Until every worker has taken a connection; Fault where one does not."""
    clients: list[socket.socket] = []
    deadline = time.monotonic() + CREW_SECONDS
    while len(pids := children(server.pid)) < WORKERS or not all(
        held(server.port, pid) for pid in pids
    ):
        if time.monotonic() > deadline:
            raise Fault("has idle workers")
        clients.append(server.connect())
        time.sleep(0.01)
    for client in clients:
        client.close()
    time.sleep(SETTLE)


def most_by_mean(server: Server) -> float:
    clients = [server.connect() for _ in range(AT_ONCE)]
    for client in clients:
        client.sendall(HELLO)
    for client in clients:
        client.recv(4096)
    counts = [held(server.port, pid) for pid in children(server.pid)]
    for client in clients:
        client.close()
    time.sleep(SETTLE)
    return max(counts) * WORKERS / sum(counts)


def held(port: int, pid: int) -> int:
    """How many connections of the port the process has."""
    connections = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(f":{port:04X}") and fields[3] == ESTABLISHED:
            connections.add(f"socket:[{fields[9]}]")
    return sum(file in connections for file in open_files(pid))


def open_files(pid: int) -> Iterator[str]:
    for file in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed meanwhile
            yield os.readlink(file)


def wake_ups_for_each(server: Server) -> float:
    """Less those that come by themselves."""
    pids = children(server.pid)
    start, before = time.monotonic(), wake_ups(pids)
    for _ in range(SINGLE):
        with server.connect() as client:
            client.sendall(HELLO)
            client.recv(4096)
        time.sleep(0.001)
    woken, taken = wake_ups(pids) - before, time.monotonic() - start
    before = wake_ups(pids)
    time.sleep(taken)
    return (woken - (wake_ups(pids) - before)) / SINGLE


def wake_ups(pids: list[int]) -> int:
    """How often their main threads have gone to sleep."""
    texts = [Path(f"/proc/{pid}/task/{pid}/status").read_text() for pid in pids]
    pattern = re.compile(r"^voluntary_ctxt_switches:\s+(\d+)", re.MULTILINE)
    return sum(int(pattern.findall(text)[0]) for text in texts)
