"""What an application has run when a worker starts and when it leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from traceback import format_exception
from typing import Final, TypeVar

from guava import _core
from guava.importing import LoadError, describe

Hook = TypeVar("Hook", bound=Callable[[], object])

_starting: Final[list[Callable[[], object]]] = []
_leaving: Final[list[Callable[[], object]]] = []


def on_worker_start(function: Hook) -> Hook:
    """Have `function` called in each worker before it serves, in the order of these
    calls; a decorator. What it raises keeps the worker from serving.

    It is the place to connect to a database: with `server.preload` the application is
    imported in one process, from which the workers are forked.
    """
    _starting.append(function)
    return function


def on_worker_stop(function: Hook) -> Hook:
    """Have `function` called in each worker when it has answered its last request, in
    the reverse order; a decorator. What it raises is logged."""
    _leaving.append(function)
    return function


@contextmanager
def running() -> Iterator[None]:
    """Call the hooks for the start, and those for the end whatever happens between.
    Raises LoadError."""
    run_start()
    try:
        yield
    finally:
        run_stop()


def run_start() -> None:
    """Call the hooks for the start. Raises LoadError."""
    for function in _starting:
        try:
            function()
        except (Exception, SystemExit) as error:
            what = f"on_worker_start {_name(function)}: {describe(error)}"
            raise LoadError("hook", what) from error


def run_stop() -> None:
    """Call the hooks for the end, each whatever becomes of the others."""
    for function in reversed(_leaving):
        try:
            function()
        except (Exception, SystemExit) as error:
            trace = "".join(format_exception(error)).rstrip()
            _core.log(_core.LOG_ERROR, f"on_worker_stop {_name(function)}: {trace}")


def _name(function: Callable[[], object]) -> str:
    return getattr(function, "__qualname__", repr(function))
