"""Tells when the sources of an application have changed, by the package watchfiles."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from threading import Event, Thread
from traceback import format_exception
from typing import TYPE_CHECKING, Final

from guava import _core

if TYPE_CHECKING:
    from watchfiles import Change

# What an application is made of; not what it may write while it runs.
_CODE: Final = (".py", ".so", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".env", ".mo")
_TEMPLATES: Final = (".html", ".htm", ".xml", ".jinja", ".jinja2", ".j2", ".mako")
_SOURCES: Final = frozenset((*_CODE, *_TEMPLATES, ".tmpl", ".tpl"))
_NOT_OURS: Final = frozenset(("__pycache__", "node_modules", "site-packages"))
_LOOKS_MS: Final = 100  # how often watchfiles says that nothing has changed


class Watcher:
    """Watches folders, and all below them, in a thread.

    `on_change` is called from the thread with the paths of what was changed, added or
    removed, once that has come to rest: sources, templates and configurations by their
    names' endings, and `files`, whose folders are watched too. What is hidden, or
    installed, does not count, nor do the files of editors. What ends the watching is
    logged, also where it is `on_change` that raises.
    """

    def __init__(
        self,
        folders: Iterable[str],
        on_change: Callable[[list[str]], None],
        files: Iterable[str] = (),
    ) -> None:
        self._files = frozenset(map(_in_real_folder, files))
        around = map(os.path.dirname, self._files)
        self._roots = sorted({*map(os.path.realpath, folders), *around})
        self._folders = outermost(self._roots)
        self._on_change = on_change
        self._watching = Event()
        self._stopped = Event()
        self._failure: Exception | None = None
        self._thread = Thread(target=self._watch, name="watcher", daemon=True)

    def start(self) -> None:
        """Begin: what changes from the return on is told.

        Raises ModuleNotFoundError without watchfiles, and OSError where the system
        refuses to watch so much.
        """
        _import_watchfiles()
        self._thread.start()
        self._watching.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Leave the files alone again; not to be called from `on_change`."""
        self._stopped.set()
        self._thread.join()

    def watches_as(self, other: Watcher) -> bool:
        """Whether both look at the same."""
        return (self._roots, self._files) == (other._roots, other._files)

    def _watch(self) -> None:
        try:
            self._tell_changes()
        except Exception as error:
            self._failure = error
            if self._watching.is_set():
                trace = "".join(format_exception(error)).rstrip()
                _core.log(_core.LOG_ERROR, f"changes are no longer seen: {trace}")
        finally:
            self._watching.set()

    def _tell_changes(self) -> None:
        from watchfiles import watch

        for changes in watch(
            *self._folders,
            watch_filter=self._counts,
            stop_event=self._stopped,
            rust_timeout=_LOOKS_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
            ignore_permission_denied=True,
        ):
            self._watching.set()
            if changes:
                self._on_change(sorted({path for _, path in changes}))

    def _counts(self, change: Change, path: str) -> bool:
        if path in self._files:
            return True
        above = [root for root in self._roots if _lies_in(path, root)]
        if not above:  # a root itself
            return False
        seen = os.path.relpath(path, max(above, key=len))
        if os.path.isdir(path):
            return change.name == "added" and _holds_source(path, seen)
        return is_source(seen)


def _holds_source(folder: str, seen: str) -> bool:
    """Whether a new folder came with files, of which nothing else may tell."""
    names = (
        os.path.join(seen, os.path.relpath(where, folder), name)
        for where, _, files in os.walk(folder)
        for name in files
    )
    return any(is_source(os.path.normpath(name)) for name in names)


def _import_watchfiles() -> None:
    """Here, where the caller hears what is missing."""
    try:
        import watchfiles  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != "watchfiles":
            raise
        text = "no package watchfiles, which watches files: pip install 'guava[dev]'"
        raise ModuleNotFoundError(text, name=error.name) from None


def _in_real_folder(file: str) -> str:
    """As watchfiles has the path; a link counts by itself, not what it leads to."""
    folder, name = os.path.split(os.path.abspath(file))
    return os.path.join(os.path.realpath(folder), name)


def is_source(path: str) -> bool:
    """Whether a change of this file, seen from what is watched, counts."""
    *folders, name = path.strip(os.sep).split(os.sep)
    if name == ".env":
        name = "_.env"
    hidden = any(part.startswith(".") for part in (*folders, name))
    ending = os.path.splitext(name)[1]
    return ending in _SOURCES and not hidden and _NOT_OURS.isdisjoint(folders)


def outermost(folders: Iterable[str]) -> list[str]:
    """Those that exist, absolute, without those that lie in another."""
    found: list[str] = []
    for folder in sorted({os.path.realpath(folder) for folder in folders}):
        inside = any(_lies_in(folder, outer) for outer in found)
        if os.path.isdir(folder) and not inside:
            found.append(folder)
    return found


def _lies_in(path: str, folder: str) -> bool:
    return path.startswith(os.path.join(folder, ""))
