"""A live guavad: started on a port of its own, watched through its log."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from status_client import Status, making_status

EXECUTABLE = os.environ.get("GUAVAD", str(Path(sys.prefix, "bin", "guavad")))
# A test rewrites modules within the second that their bytecode would be known by.
NO_BYTECODE = {"PYTHONDONTWRITEBYTECODE": "1"}
PATIENCE = 20.0  # seconds that anything a test waits for may take

INDEX = """\
import guava

class IndexController(guava.controller.Controller):
    def index(self):
        return "Hello World!"
"""

ACT = """\
import os, signal, time
import guava

class ActController(guava.controller.Controller):
    def pid(self):
        return str(os.getpid())

    def sleep(self, seconds: float):
        time.sleep(seconds)
        return "slept"

    def die(self, name):
        os.kill(os.getpid(), getattr(signal, name))
        time.sleep(10)

    def leave(self, status: int):
        os._exit(status)
"""


def eventually(condition: Callable[[], Any], what: str) -> Any:
    """What `condition` returns once that is true; fails when it takes too long."""
    deadline = time.monotonic() + PATIENCE
    while not (result := condition()):
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.01)
    return result


class Guavad:
    """One guavad and its folder, which holds the configuration, application, logs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "guava.yaml"
        self.pidfile = folder / "guavad.pid"
        self.command = [EXECUTABLE]
        self.process: subprocess.Popen[bytes] | None = None
        # Bound and never listening: the kernel gives the port to nobody else, and
        # SO_REUSEADDR lets guavad have it.
        self.reservation = socket.socket()
        self.reservation.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.reservation.bind(("127.0.0.1", 0))
        self.port: int = self.reservation.getsockname()[1]

    eventually = staticmethod(eventually)

    # Files

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def configure(self, **sections: Any) -> None:
        """Write guava.yaml: sections, whose keys take the place of the defaults."""
        document: dict[str, Any] = {
            "server": {
                "listen": f"127.0.0.1:{self.port}",
                "workers": 2,
                "pidfile": "guavad.pid",
            },
            "timeouts": {"graceful": "5s"},
            "log": {"error": "error.log", "access": "access.log"},
            "routers": [{"type": "mvc", "mount_point": "/", "package": "controllers"}],
        }
        for name, section in sections.items():
            if isinstance(section, Mapping):
                document[name] = document.get(name, {}) | section
            else:
                document[name] = section
        self.config.write_text(yaml.safe_dump(document))

    def write_module_that_kills_workers(self) -> None:
        """Whoever imports it first, the check, lives; a worker does not."""
        self.write(
            "controllers/index.py",
            "import os\n"
            "from pathlib import Path\n"
            "mark = Path('checked')\n"
            "if mark.exists():\n"
            "    os.kill(os.getpid(), 9)\n"
            "mark.touch()\n",
        )

    def log_text(self, name: str = "error.log") -> str:
        path = self.folder / name
        return path.read_text(errors="replace") if path.exists() else ""

    def output(self) -> str:
        """What the process has written to its standard streams."""
        return self.log_text("output.txt")

    def wait_for_log(self, text: str, times: int = 1, name: str = "error.log") -> str:
        """The first line of the log that has `text`, once it is there `times` times."""

        def lines() -> list[str]:
            found = [line for line in self.log_text(name).splitlines() if text in line]
            return found if len(found) >= times else []

        first: str = eventually(lines, f"{text!r} in {name}:\n{self.log_text(name)}")[0]
        return first

    # The process

    def run(self, *args: str) -> subprocess.CompletedProcess[str]:
        """Run guavad with these arguments to its end."""
        return subprocess.run(
            [*self.command, *args],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )

    def launch(self, *args: str) -> None:
        """Start guavad and do not wait."""
        with (self.folder / "output.txt").open("ab") as output:
            self.process = subprocess.Popen(
                [*self.command, "-c", str(self.config), *args],
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=os.environ | NO_BYTECODE,
                start_new_session=True,
            )

    def start(self, *args: str) -> None:
        """Start guavad and wait until its workers are ready."""
        news = "generation 1 serves"
        before = (self.log_text() + self.output()).count(news)
        self.launch(*args)

        def is_ready() -> bool:
            said = self.log_text() + self.output()
            assert self.process is not None
            assert self.process.poll() is None, said
            return said.count(news) > before

        eventually(is_ready, "readiness")

    @property
    def pid(self) -> int:
        if self.pidfile.exists():
            return int(self.pidfile.read_text())
        assert self.process is not None
        return self.process.pid

    def worker_pids(self) -> list[int]:
        pid = self.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return sorted(int(child) for child in children.split())

    def processes(self) -> list[int]:
        """All processes, zombies apart, that work in the folder."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if (entry / "cwd").readlink().is_relative_to(self.folder):
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def wait_for_running(self, path: str) -> None:
        """Until some worker runs a request for `path`, none of which ran before."""

        def is_running() -> bool:
            for fd in Path(f"/proc/{self.pid}/fd").iterdir():
                if "guava-scoreboard" in str(fd.readlink()):
                    return path.encode() + b"\0" in fd.read_bytes()
            return False

        eventually(is_running, f"a request for {path}")

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    def wait(self) -> int:
        """The exit status, when guavad has ended by itself."""
        assert self.process is not None
        return self.process.wait(timeout=PATIENCE)

    def stop(self) -> None:
        """End everything; fails where that leaves a process behind."""
        try:
            is_known = self.pidfile.exists() or self.process is not None
            if is_known and self.pid in self.processes():
                self.signal(signal.SIGINT)
            if self.process is not None:
                self.process.wait(timeout=PATIENCE)
            eventually(lambda: not self.processes(), "the end of all processes")
        finally:
            for pid in self.processes():
                os.kill(pid, signal.SIGKILL)
            self.reservation.close()

    # Requests

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def get(self, path: str = "/", **options: Any) -> httpx.Response:
        return httpx.get(self.url(path), timeout=PATIENCE, **options)

    def post(self, path: str = "/", **options: Any) -> httpx.Response:
        return httpx.post(self.url(path), timeout=PATIENCE, **options)

    def raw(self, data: bytes = b"") -> socket.socket:
        """A new connection, on which `data` has been sent."""
        connection = socket.create_connection(("127.0.0.1", self.port), PATIENCE)
        connection.sendall(data)
        return connection


def making_guavads(place: Path) -> Iterator[Callable[..., Guavad]]:
    """What makes guavads below `place`, and stops them in the end."""
    made: list[Guavad] = []

    def make(**sections: Any) -> Guavad:
        folder = place / f"guavad{len(made)}"
        folder.mkdir()
        daemon = Guavad(folder)
        made.append(daemon)
        daemon.write("controllers/__init__.py", "")
        daemon.write("controllers/index.py", INDEX)
        daemon.write("controllers/act.py", ACT)
        daemon.configure(**sections)
        return daemon

    yield make
    for daemon in made:
        daemon.stop()


@pytest.fixture
def make_guavad(tmp_path: Path) -> Iterator[Callable[..., Guavad]]:
    """Makes guavads that are configured and not started: make_guavad(**sections)."""
    yield from making_guavads(tmp_path)


@pytest.fixture(scope="module")
def make_shared_guavad(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[..., Guavad]]:
    """As make_guavad, for guavads that all tests of a module use."""
    yield from making_guavads(tmp_path_factory.mktemp("shared"))


@pytest.fixture
def guavad(make_guavad: Callable[..., Guavad]) -> Guavad:
    """A guavad that serves, with two workers."""
    daemon = make_guavad()
    daemon.start()
    return daemon


@pytest.fixture
def make_status(make_guavad: Callable[..., Guavad]) -> Iterator[Callable[..., Status]]:
    """Makes guavads that have a status address, and starts them."""
    yield from making_status(make_guavad)
