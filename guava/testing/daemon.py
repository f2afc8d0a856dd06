"""A guavad that runs for a test, with a port of its own."""

from __future__ import annotations

import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import ExitStack, closing, suppress
from pathlib import Path

from guava.notified import Notified
from guava.testing.inside import Enough

_LISTENING = "0A"  # TCP_LISTEN
_SETTINGS = (
    "server.daemon=false",
    "server.pidfile=null",
    "log.error=stderr",
    "log.access=stdout",
)


class Guavad:
    """A guavad, its workers and its address; serves until it is stopped.

    with Guavad("guava.yaml") as guavad:
        urllib.request.urlopen(guavad.url("/"))

    The configuration is that of production but for the address, one worker, no pidfile
    and the logs, which `log` has. It ends with this process, whatever becomes of that.
    """

    def __init__(
        self,
        config: str | os.PathLike[str] = "guava.yaml",
        *,
        workers: int = 1,
        overrides: Iterable[str] = (),
        executable: str | None = None,
        patience: float = 30.0,
    ) -> None:
        """Start it, and wait until it serves.

        `overrides` go before the configuration, as guavad's -o has it. `executable` is
        the guavad beside this Python, or that of PATH. `patience`, in seconds, is for a
        start, a reload and the end. Raises RuntimeError with the log where it does not
        start, and FileNotFoundError where there is no guavad.
        """
        self._patience = patience
        self._said: str | None = None  # the log, once it is closed
        with ExitStack() as opening:
            reserved = opening.enter_context(_reserve())
            self._host, self._port = reserved.getsockname()
            self._log = os.memfd_create("guavad-log")
            opening.callback(self._close_log)
            self._notified = opening.enter_context(closing(Notified()))
            address = f"server.listen={self._host}:{self._port}"
            settings = (*_SETTINGS, address, f"server.workers={workers}", *overrides)
            options = [part for each in settings for part in ("-o", each)]
            self._process = subprocess.Popen(
                [executable or _executable(), "-c", os.fspath(config), *options],
                env=self._notified.environment(),
                stdin=subprocess.DEVNULL,
                stdout=self._log,
                stderr=self._log,
            )
            opening.callback(self._end)
            self._await_ready()
            self._open = opening.pop_all()  # for stop() to undo, the latest first

    def __enter__(self) -> Guavad:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """The process id of the master, which takes signals."""
        return self._process.pid

    @property
    def log(self) -> str:
        """The error log and the access log so far, also when it has been stopped."""
        if self._said is not None:
            return self._said
        size = os.fstat(self._log).st_size
        return os.pread(self._log, size, 0).decode(errors="replace")

    def url(self, path: str = "/") -> str:
        """Where it serves `path`."""
        return f"http://{self._host}:{self._port}{path}"

    def ask(self, request: bytes, enough: Enough | None = None) -> bytes:
        """What is answered to `request`, which asks to close its connection: all of it,
        or as soon as that is `enough`."""
        address, answer = (self._host, self._port), b""
        with socket.create_connection(address, self._patience) as connection:
            connection.sendall(request)
            while part := connection.recv(1 << 16):
                answer += part
                if enough is not None and enough(answer):
                    break
        return answer

    def reload(self) -> str:
        """Have it take up the configuration and the code anew, and wait until nobody
        accepts for the old; what came of it, such as "generation 2 serves with 1
        workers". Connections that are open are answered once more by who has them.
        """
        before = self._children()
        self._process.send_signal(signal.SIGHUP)
        said = self._await_ready()
        if said.startswith("generation"):
            self._await_leaving(before)
        return said

    def stop(self) -> None:
        """Have it stop at once, and wait for the end.

        Where that takes too long it is killed, and subprocess.TimeoutExpired raised.
        """
        self._open.close()

    def _end(self) -> None:
        self._process.send_signal(signal.SIGINT)
        try:
            self._process.wait(self._patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise

    def _close_log(self) -> None:
        self._said = self.log
        os.close(self._log)

    def _children(self) -> list[int]:
        """The workers, and whom they are forked from."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return [int(pid) for pid in children.split()]

    def _await_leaving(self, pids: list[int]) -> None:
        """Until none of these accepts, which only its closed socket tells of."""
        deadline = time.monotonic() + self._patience
        listeners = _listeners(self._port)
        while any(not listeners.isdisjoint(_inodes(pid)) for pid in pids):
            if time.monotonic() > deadline:
                raise RuntimeError(f"the old workers go on to accept:\n{self.log}")
            time.sleep(0.005)

    def _await_ready(self) -> str:
        """What it says then; RuntimeError where it does not come to that."""
        deadline = time.monotonic() + self._patience
        end = os.pidfd_open(self._process.pid)
        try:
            while (left := deadline - time.monotonic()) > 0:
                news = self._notified.fileno()
                happened, _, _ = select.select([news, end], [], [], left)
                if end in happened:
                    raise RuntimeError(f"guavad has ended:\n{self.log}")
                if happened and "READY" in (told := self._notified.hear()):
                    return told.get("STATUS", "")
        finally:
            os.close(end)
        raise RuntimeError(f"guavad is not ready in time:\n{self.log}")


class Outside:
    """A guavad, as a Client asks it."""

    def __init__(self, guavad: Guavad) -> None:
        self._guavad = guavad

    @property
    def log(self) -> str:
        """As that of the guavad."""
        return self._guavad.log

    def ask(
        self, request: bytes, client: str, https: bool, enough: Enough | None
    ) -> tuple[bytes, list[BaseException]]:
        """The answer, and no exceptions, which are in the log only."""
        if https:
            raise ValueError("guavad serves http, and not https")
        return self._guavad.ask(request, enough), []

    def close(self) -> None:
        """It is left to whoever started it."""


def _reserve() -> socket.socket:
    """Bound and never listening: the kernel gives the port to nobody else, and
    SO_REUSEADDR lets guavad have it."""
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    reserved.bind(("127.0.0.1", 0))
    return reserved


def _listeners(port: int) -> set[int]:
    """The inodes of the sockets that listen at a port (proc_net(5))."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    sockets = [line.split() for line in lines]
    return {
        int(fields[9])
        for fields in sockets
        if fields[1].endswith(f":{port:04X}") and fields[3] == _LISTENING
    }


def _inodes(pid: int) -> set[int]:
    """Those of the files that a process has open; none where it is gone."""
    found = set()
    with suppress(OSError), os.scandir(f"/proc/{pid}/fd") as descriptors:
        for descriptor in descriptors:
            with suppress(OSError):
                found.add(descriptor.stat().st_ino)
    return found


def _executable() -> str:
    beside = Path(sys.executable).with_name("guavad")
    found = str(beside) if beside.exists() else shutil.which("guavad")
    if found is None:
        raise FileNotFoundError(
            "there is no guavad beside this Python, nor on the PATH"
        )
    return found
