"""Starts a peer, pinned to one core, and waits until it answers."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from benchmark import machine, material
from benchmark.peers.install import places
from benchmark.peers.peer import Peer, fill, words

SERVER_CORE = "0"
BOTH_CORES = "0,1"
START_SECONDS = 20
STOP_SECONDS = 5
REQUEST = b"GET %b HTTP/1.1\r\nHost: localhost\r\n\r\n"
LOCAL = "127.0.0.1"


class Fault(Exception):
    """What a server did wrong while it was measured, in a few words."""


@dataclass(frozen=True)
class Server:
    """A server that answers on `port`; `pid` is the process that was started."""

    name: str
    port: int
    pid: int
    log: Path  # of what it prints

    def url(self, path: str) -> str:
        return f"http://{LOCAL}:{self.port}{path}"

    def processes(self) -> list[int]:
        return machine.tree(self.pid)

    def connect(self, timeout: float | None = 5) -> socket.socket:
        """OSError, where it is not taken."""
        return socket.create_connection((LOCAL, self.port), timeout)


@contextmanager
def started(
    peer: Peer, workers: int = 1, path: str = "/", cores: str = SERVER_CORE
) -> Iterator[Server]:
    """The peer, once it answers `path` with 200; Fault where it does not."""
    with launched(peer, workers, cores) as server:
        until_ready(server, path)
        yield server


@contextmanager
def launched(
    peer: Peer, workers: int = 1, cores: str = SERVER_CORE
) -> Iterator[Server]:
    """The peer, executed just now.  All its processes are gone at the end."""
    port = free_port()
    with TemporaryDirectory(prefix="bench-") as work:
        values = {
            **places(peer),
            "port": port,
            "workers": workers,
            "site": material.SITE,
            "work": work,
            "config": Path(work, "config"),
        }
        if peer.config:
            text = (peer.home / peer.config).read_text()
            Path(work, "config").write_text(fill(text, values))
        command = ["taskset", "-c", cores, *words(peer.command, values)]
        own = {name: fill(text, values) for name, text in peer.environment.items()}
        with open(Path(work, "log"), "wb") as log:
            process = execute(command, peer.home, environment(port, workers) | own, log)
        try:
            yield Server(peer.name, port, process.pid, Path(work, "log"))
        finally:
            end(process)


def environment(port: int, workers: int) -> dict[str, str]:
    """What the applications read where a command says nothing."""
    return os.environ | {
        "PORT": str(port),
        "WORKERS": str(workers),
        "SITE": str(material.SITE),
        "PAGES": str(material.PAGES_PATH),
    }


def execute(
    command: list[str], folder: Path, variables: dict[str, str], log: IO[bytes]
) -> subprocess.Popen[bytes]:
    """In a session of its own, so that no process of it is missed at the end."""
    return subprocess.Popen(
        command,
        cwd=folder,
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=STOP_SECONDS)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until_ready(server: Server, path: str = "/") -> None:
    """Returns with the first answer of 200; Fault where none comes in START_SECONDS."""
    deadline = time.monotonic() + START_SECONDS
    while not answers(server, path):
        if time.monotonic() > deadline or ended(server.pid):
            raise Fault(f"does not start: {last_line(server.log)}")
        time.sleep(0.001)


def answers(server: Server, path: str) -> bool:
    try:
        with server.connect(timeout=1) as client:
            client.sendall(REQUEST % path.encode())
            return client.recv(65536).startswith((b"HTTP/1.1 200", b"HTTP/1.0 200"))
    except OSError:
        return False


def last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").split("\n")
    return next((line for line in reversed(lines) if line.strip()), "says nothing")


def ended(pid: int) -> bool:
    """Whether a child of ours has ended; it stays to be waited for."""
    found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return found is not None


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOCAL, 0))
        port: int = probe.getsockname()[1]
        return port
