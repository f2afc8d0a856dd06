"""Notices that the source of a loaded module has changed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from threading import Event, Thread

from guava import _core

_INTERVAL = 0.5  # seconds


class Watcher:
    """Looks at the files of all loaded modules twice a second, in a thread.

    `changed` is set, and `on_change` called from the thread, once files have changed
    and all of these can be compiled; until then the error is logged.
    """

    def __init__(self, on_change: Callable[[], None]) -> None:
        self.changed = False
        self._on_change = on_change
        self._seen: dict[str, int] = {}
        self._pending: set[str] = set()
        self._stopped = Event()
        self._thread = Thread(target=self._watch, name="autoreload", daemon=True)

    def start(self) -> None:
        """Begin; what is loaded by now is what later changes are told from."""
        self._look()
        self._thread.start()

    def stop(self) -> None:
        """Leave the files alone again."""
        self._stopped.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stopped.wait(_INTERVAL):
            changed = self._look()
            self._pending.update(changed)
            if changed and all(map(_compiles, self._pending)):
                self.changed = True
                self._on_change()
                return

    def _look(self) -> list[str]:
        """The files that have changed since the last look."""
        changed = []
        for file in _sources():
            try:
                modified = os.stat(file).st_mtime_ns
            except OSError:
                continue
            if self._seen.setdefault(file, modified) != modified:
                self._seen[file] = modified
                changed.append(file)
        return changed


def restart() -> None:
    """Run this program again, in this process; does not return. Raises OSError."""
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _sources() -> list[str]:
    files = [getattr(module, "__file__", None) for module in [*sys.modules.values()]]
    return [file for file in files if file and file.endswith(".py")]


def _compiles(file: str) -> bool:
    """Whether a file is Python; logs why not."""
    try:
        with open(file, "rb") as source:
            compile(source.read(), file, "exec")
    except (SyntaxError, ValueError, OSError) as error:
        _core.log(_core.LOG_ERROR, f"not reloading: {error}")
        return False
    return True
