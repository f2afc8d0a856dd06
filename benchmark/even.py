"""How evenly connections that come at once are shared out, and what one wakes up."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmark.machine import children
from benchmark.servers import GUAVAD, NGINX, NGINX_CONF, NGINX_HELLO, answer, free_port

CONFIG = Path(__file__).parent / "hello" / "guava.yaml"
WORKERS = 4
AT_ONCE = 400
SINGLE = 500
SETTLE = 0.5  # seconds for closed connections to be forgotten
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
ESTABLISHED = "01"


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """By server: the most connections of a worker by the mean when AT_ONCE come at once
    (median and worst of the rounds), and how often workers wake up for each connection
    of SINGLE that come one by one, ask once and leave."""
    found = {}
    for name, start in (("guavad", start_guavad), ("nginx", start_nginx)):
        with start() as (port, master):
            wait_for_crew(port, master)
            shares = [most_by_mean(port, master) for _ in range(rounds)]
            found[name] = {
                "median": median(shares),
                "worst": max(shares),
                "wake-ups": wake_ups_for_each(port, master),
            }
    return found


@contextmanager
def start_guavad() -> Iterator[tuple[int, int]]:
    port = free_port()
    environment = {"PORT": str(port), "WORKERS": str(WORKERS)}
    with running([str(GUAVAD), "-c", str(CONFIG)], port, environment) as master:
        yield port, master


@contextmanager
def start_nginx() -> Iterator[tuple[int, int]]:
    port = free_port()
    with TemporaryDirectory() as folder:
        config = Path(folder, "nginx.conf")
        text = NGINX_CONF.format(port=port, content=NGINX_HELLO)
        config.write_text(text.replace("processes 1;", f"processes {WORKERS};"))
        command = [NGINX, "-p", folder, "-e", "stderr", "-c", str(config)]
        with running(command, port, {}) as master:
            yield port, master


@contextmanager
def running(
    command: list[str], port: int, environment: dict[str, str]
) -> Iterator[int]:
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, env=os.environ | environment, stdout=quiet, stderr=quiet
    )
    try:
        if answer(process, port, "/") != 200:
            raise RuntimeError(f"{command[0]} does not serve")
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def wait_for_crew(port: int, master: int) -> None:
    """Until every worker has taken a connection."""
    clients = []
    while len(pids := children(master)) < WORKERS or not all(
        held(port, pid) for pid in pids
    ):
        clients.append(connect(port))
        time.sleep(0.01)
    for client in clients:
        client.close()
    time.sleep(SETTLE)


def most_by_mean(port: int, master: int) -> float:
    clients = [connect(port) for _ in range(AT_ONCE)]
    for client in clients:
        client.sendall(REQUEST)
    for client in clients:
        client.recv(4096)
    counts = [held(port, pid) for pid in children(master)]
    for client in clients:
        client.close()
    time.sleep(SETTLE)
    return max(counts) * WORKERS / sum(counts)


def connect(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port))


def held(port: int, pid: int) -> int:
    """How many connections of the port the process has."""
    connections = set()
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(f":{port:04X}") and fields[3] == ESTABLISHED:
            connections.add(f"socket:[{fields[9]}]")
    files = Path(f"/proc/{pid}/fd").iterdir()
    return sum(os.readlink(file) in connections for file in files)


def wake_ups_for_each(port: int, master: int) -> float:
    """Less those that come by themselves."""
    pids = children(master)
    start, before = time.monotonic(), wake_ups(pids)
    for _ in range(SINGLE):
        with connect(port) as client:
            client.sendall(REQUEST)
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
