"""Runs the program of a Server again when a source of the application has changed.

The program watches by itself, and asks to be run again: its process becomes a Runner
for that, which waits for the next change where the program fails.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from types import FrameType
from typing import Final

from guava import _core
from guava.watching import Watcher

# Names a descriptor in the environment: at its end of file, the Runner is gone.
_LIFELINE: Final = "GUAVA_LIFELINE"
_AGAIN: Final = 75  # the exit status of a program that is to be run again


class Reloading:
    """Watches the folders that the application can import from.

    `changed` is set, and `on_change` called from a thread, once files have changed and
    all of these that are Python can be compiled; until then the error is logged.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self.changed = False
        self._on_change = on_change
        self._pending: set[str] = set()
        self._watcher = Watcher(folders(), self._on_paths)

    def start(self) -> None:
        """Begin. Raises as Watcher.start()."""
        lifeline = os.environ.get(_LIFELINE)
        if lifeline is not None:
            Thread(target=self._await_end, args=(int(lifeline),), daemon=True).start()
        self._watcher.start()

    def stop(self) -> None:
        """Leave the files alone again."""
        self._watcher.stop()

    def _on_paths(self, paths: list[str]) -> None:
        self._pending.update(paths)
        sources = filter(os.path.exists, self._pending)
        if not self.changed and all(map(_compiles, sources)):
            self.changed = True
            self._on_change()

    def _await_end(self, lifeline: int) -> None:
        os.read(lifeline, 1)
        self._on_change()


def restart() -> None:
    """Have this program run again; does not return. Raises OSError."""
    sys.stdout.flush()
    if _LIFELINE in os.environ:
        sys.exit(_AGAIN)
    program = [sys.executable, *sys.orig_argv[1:]]
    runner = [sys.executable, "-P", "-m", "guava.autoreload"]
    os.execv(sys.executable, [*runner, *folders(), "--", *program])


class Runner:
    """Runs a program again when it asks for that, and after a failure when something
    has changed since it was begun."""

    def __init__(self, watched: list[str], program: list[str]) -> None:
        self._program = program
        self._changes: SimpleQueue[list[str]] = SimpleQueue()
        self._watcher = Watcher(watched, self._changes.put)
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def run(self) -> int:
        """The exit status, when the program has ended well or a signal has ended it.
        Raises as Watcher.start()."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
            signal.signal(number, self._on_signal)
        self._watcher.start()
        while (status := self._run_once()) != 0 and not self._stopped:
            if status != _AGAIN:
                self._await_change(status)
        self._watcher.stop()
        return max(status, 0)

    def _run_once(self) -> int:
        """The exit status."""
        while not self._changes.empty():
            self._changes.get()
        if self._stopped:
            return 0
        theirs, ours = os.pipe()
        self._process = subprocess.Popen(
            self._program,
            pass_fds=[theirs],
            env={**os.environ, _LIFELINE: str(theirs)},
        )
        os.close(theirs)
        status = self._process.wait()
        self._process = None
        os.close(ours)
        return status

    def _await_change(self, status: int) -> None:
        print(f"guava: exit status {status}; waiting for a change", file=sys.stderr)
        self._changes.get()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopped = True
        self._changes.put([])
        if self._process is not None:
            self._process.send_signal(number)


def folders() -> list[str]:
    """Those of sys.path that hold no installed packages, nor guava."""
    paths = sysconfig.get_paths()
    installed = [paths[key] for key in ("stdlib", "platstdlib", "purelib", "platlib")]
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    found = (os.path.abspath(folder) for folder in sys.path)
    return [
        folder
        for folder in found
        if folder != own and not folder.startswith(tuple(installed))
    ]


def _compiles(file: str) -> bool:
    """Whether a file is no Python, or can be compiled; logs why not."""
    if not file.endswith(".py"):
        return True
    try:
        with open(file, "rb") as source:
            compile(source.read(), file, "exec")
    except (SyntaxError, ValueError, OSError) as error:
        _core.log(_core.LOG_ERROR, f"not reloading: {error}")
        return False
    return True


def main(arguments: list[str]) -> int:
    """Run the program behind "--", watching the folders before it; the exit status."""
    end = arguments.index("--")
    return Runner(arguments[:end], arguments[end + 1 :]).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
