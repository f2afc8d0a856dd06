"""The application in the test's own process, and the engine that asks it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import ExitStack, chdir, suppress
from threading import RLock

from guava import _core, application, engine, hooks, shared
from guava.config import loader
from guava.config.environment import prepare
from guava.config.schema import Config, Python
from guava.reverse import Names
from guava.router import Router
from guava.server import Server

Enough = Callable[[bytes], bool]
Loaded = Config | Server | Router | Iterable[Router]
Application = str | os.PathLike[str] | Loaded
"""The path of a configuration, or what one would make."""

_STDERR = 2


class Inside:
    """An application that is loaded, from its start to its stop."""

    def __init__(self, served: Application) -> None:
        """Raises ConfigError, LoadError or an ExceptionGroup of several, as `guavad -t`
        would say; what on_worker_start() raises is a LoadError."""
        if isinstance(served, str | os.PathLike):
            served = loader.load(os.fspath(served))
        self._log = Log()
        self._python = _python(served)
        self._variables = {name: os.environ.get(name) for name in self._python.env}
        self._directory = _directory(served)
        self._lock = RLock()
        self._closed = False
        self._memory = shared.Memory()
        with ExitStack() as opening:
            opening.callback(self._restore)
            with chdir(self._directory), self._memory.active():
                self._engine, self._names = _load(served)
                self._log.open()
                opening.enter_context(self._names.active())
                hooks.run_start()
            opening.callback(self._run_stop)
            self._open = opening.pop_all()  # for close() to undo, the latest first

    @property
    def log(self) -> str:
        """What has been logged so far."""
        return self._log.text

    def ask(
        self, request: bytes, client: str, https: bool, enough: Enough | None
    ) -> tuple[bytes, list[BaseException]]:
        """The answer, whole or as soon as it is `enough`, and the exceptions that were
        logged for it.

        RuntimeError where the application has been stopped, or an action asks for what
        is answered by the engine that runs it.
        """
        raised: list[BaseException] = []
        with self._lock:
            if self._closed:
                raise RuntimeError("the client has been closed")
            self._log.open()
            with chdir(self._directory), self._memory.active(), self._names.active():
                answer = self._engine.ask(
                    request, client=client, https=https, raised=raised, enough=enough
                )
            self._log.pass_on()
        return answer, raised

    def close(self) -> None:
        """Stop the application, and undo what its configuration has changed in this
        process; modules stay imported."""
        self._closed = True
        self._open.close()

    def _run_stop(self) -> None:
        with chdir(self._directory), self._memory.active():
            hooks.run_stop()

    def _restore(self) -> None:
        self._memory.close()
        self._log.close()
        for path in self._python.path:
            with suppress(ValueError):
                sys.path.remove(path)
        for name, value in self._variables.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _python(served: Loaded) -> Python:
    """What it changes in this process."""
    return served.python if isinstance(served, Config) else Python(path=())


def _directory(served: Loaded) -> str:
    """Where a worker would run."""
    if isinstance(served, Config):
        return served.server.working_directory
    return os.getcwd()


def _load(served: Loaded) -> tuple[_core.Server, Names]:
    if isinstance(served, Config):
        return _configured(served)
    if not isinstance(served, Server):
        routers = [served] if isinstance(served, Router) else served
        served = Server()
        served.add_router(*routers)
    return served.engine(), served.names()


def _configured(config: Config) -> tuple[_core.Server, Names]:
    prepare(config.python)
    routers = application.build(config)
    application.load(routers)
    made = engine.make(config)
    application.surround(made, config, routers)
    application.attach(made, routers)
    return made, Names(routers)


class Log:
    """The error log, gathered in memory and passed on to sys.stderr, where pytest shows
    it beside a test that fails."""

    def __init__(self) -> None:
        self.text = ""
        self._file = os.memfd_create("guava-testing-log")

    def open(self) -> None:
        """Have the engine write here."""
        _core.log_open(self._file, _core.LOG_INFO, "test")

    def pass_on(self) -> None:
        """Take what has been written by now."""
        size = os.fstat(self._file).st_size
        fresh = os.pread(self._file, size, 0).decode(errors="replace")
        os.ftruncate(self._file, 0)
        os.lseek(self._file, 0, os.SEEK_SET)
        self.text += fresh
        sys.stderr.write(fresh)

    def close(self) -> None:
        """Have the engine write to standard error again, as in any Python process."""
        self.pass_on()
        _core.log_open(_STDERR, _core.LOG_INFO, "guava")
        os.close(self._file)
