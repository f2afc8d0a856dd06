"""What `guavad --dev` is: a guavad with one worker, told to reload after each change.

A change that does not load leaves the old worker serving; where there is none, because
guavad did not even start, the next change starts it again.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Thread
from types import FrameType
from typing import Final, NamedTuple

from guava import watching
from guava.config import loader
from guava.config.loader import ConfigError
from guava.notified import Notified

_SETTINGS: Final = (
    "server.workers=1",
    "server.preload=false",
    "server.daemon=false",
    "server.pidfile=null",
    "server.user=null",
    "server.group=null",
    "timeouts.request=0",  # who stands in a debugger takes longer
    "timeouts.graceful=1s",
    "log.error=stderr",
    "log.access=stdout",
    "log.format=combined",
)
_STDIN: Final = 0
_STOPPING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP)


class Changed(NamedTuple):
    """Sources have changed."""

    paths: list[str]


class Told(NamedTuple):
    """guavad says how it is doing, as to a service manager (sd_notify(3))."""

    assignments: Mapping[str, str]


class Ended(NamedTuple):
    """guavad has ended."""

    status: int


class Signalled(NamedTuple):
    """Somebody wants an end."""

    number: int


Event = Changed | Told | Ended | Signalled


def main(arguments: list[str]) -> int:
    """Serve for development until a signal comes; the exit status.

    The arguments are the paths of guavad and of the configuration, and what goes before
    that, as guavad's -o has it.
    """
    guavad, config, *overrides = arguments
    try:
        with terminal_kept():
            return Supervisor(guavad, config, overrides).run()
    except (ModuleNotFoundError, OSError) as error:
        say(f"--dev: {error}")
        return 1


class Supervisor:
    """Runs a guavad, and acts on what happens, one after the other, in run()."""

    def __init__(self, guavad: str, config: str, overrides: Iterable[str]) -> None:
        self._config = os.path.abspath(config)
        self._folder = os.path.realpath(os.path.dirname(self._config))
        self._overrides = (*_SETTINGS, *overrides)
        options = [part for each in self._overrides for part in ("-o", each)]
        self._command = [guavad, "-c", config, *options]
        self._events: SimpleQueue[Event] = SimpleQueue()
        self._notified = Notified()
        self._watcher: watching.Watcher | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._serves = False  # it has been ready since it was started
        self._unseen = False  # something has changed that it may not have read
        self._stopping = False
        self._began = 0.0  # when the start or reload under way did; 0: none is

    def run(self) -> int:
        """The exit status, when a signal has ended it all. Raises ModuleNotFoundError
        and OSError as Watcher.start()."""
        for number in _STOPPING:
            if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
                signal.signal(number, self._on_signal)
        Thread(target=self._listen, daemon=True).start()
        self._watch()
        try:
            self._start()
            while (status := self._act(self._events.get())) is None:
                pass
        finally:
            self._leave_files()
        return status

    def _act(self, event: Event) -> int | None:
        """Act on an event; the exit status if it was the last."""
        match event:
            case Changed(paths):
                self._take_up(paths)
            case Told(assignments):
                self._pass_on(assignments)
            case Ended(status):
                return self._outlive(status)
            case Signalled(number):
                return self._stop(number)
        return None

    def _start(self) -> None:
        """Start guavad, from the thread that lives longest: it ends with that."""
        self._began = time.monotonic()
        self._serves = self._unseen = False
        # Bytecode is known by the second, and a file may change twice in one.
        fresh = {"PYTHONDONTWRITEBYTECODE": "1"}
        self._process = subprocess.Popen(
            self._command, env=self._notified.environment() | fresh
        )
        Thread(target=self._await, args=(self._process,), daemon=True).start()

    def _take_up(self, paths: list[str]) -> None:
        """Reload, or start again what had ended; or do so when a start is over."""
        self._watch()
        self._unseen = True
        say(f"changed: {', '.join(map(self._shown, paths))}")
        if self._process is None:
            self._start()
        elif self._serves:
            self._reload(self._process)

    def _reload(self, process: subprocess.Popen[bytes]) -> None:
        self._began = time.monotonic()
        process.send_signal(signal.SIGHUP)

    def _pass_on(self, assignments: Mapping[str, str]) -> None:
        """A start or reload is over: say how, and how long it took."""
        if "READY" not in assignments or self._process is None:
            return
        if self._began:
            seconds = time.monotonic() - self._began
            self._began = 0.0
            say(f"{assignments.get('STATUS', 'ready')} ({seconds:.2f} s)")
        if self._unseen and not self._serves:
            self._reload(self._process)
        self._serves, self._unseen = True, False

    def _outlive(self, status: int) -> int | None:
        """guavad has ended: so do we, unless it failed by itself."""
        self._process = None
        if status == 0 or self._stopping:
            return max(status, 0)  # a signal may come before it is heeded
        if self._unseen:
            self._start()
        else:
            say(f"waiting for a change: guavad {_how(status)}")
        return None

    def _stop(self, number: int) -> int | None:
        """Pass a signal on; the exit status where nobody is there to get it."""
        if self._process is None:
            return 0
        self._stopping = True
        gently = number == signal.SIGTERM
        self._process.send_signal(signal.SIGTERM if gently else signal.SIGINT)
        return None

    def _watch(self) -> None:
        """Watch what the configuration names now; as before where it is broken."""
        fresh = self._fresh_watcher()
        if fresh is None or (self._watcher and self._watcher.watches_as(fresh)):
            return
        fresh.start()
        self._leave_files()
        self._watcher = fresh

    def _leave_files(self) -> None:
        if self._watcher is not None:
            self._watcher.stop()

    def _fresh_watcher(self) -> watching.Watcher | None:
        folders, files = [self._folder], [self._config]
        try:
            config = loader.load(self._config, self._overrides)
        except ConfigError:
            if self._watcher is not None:
                return None
        else:
            folders += config.python.path
            for section in (config, *config.routers):
                pages = section.error_pages.values()
                files += [page for page in pages if isinstance(page, str)]
        return watching.Watcher(folders, self._on_change, files)

    def _shown(self, path: str) -> str:
        return path.removeprefix(os.path.join(self._folder, ""))

    # What brings events, from other threads

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._events.put(Signalled(number))

    def _on_change(self, paths: list[str]) -> None:
        self._events.put(Changed(paths))

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        self._events.put(Ended(process.wait()))

    def _listen(self) -> None:
        while True:
            self._events.put(Told(self._notified.hear()))


@contextmanager
def terminal_kept() -> Iterator[None]:
    """Have the terminal behave as before in the end, which a debugger in a worker that
    is killed can not see to."""
    if not os.isatty(_STDIN):
        yield
        return
    before = termios.tcgetattr(_STDIN)
    try:
        yield
    finally:
        termios.tcsetattr(_STDIN, termios.TCSADRAIN, before)


def say(text: str) -> None:
    """Tell the person at the terminal."""
    print(f"guavad: {text}", file=sys.stderr, flush=True)


def _how(status: int) -> str:
    if status < 0:
        return f"was killed by {signal.Signals(-status).name}"
    return f"exited with status {status}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
