"""The application in the test's own process, and the engine that asks it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import chdir
from pathlib import Path
from threading import RLock

from guava import _core, application, engine, hooks
from guava.config import loader
from guava.config.environment import prepare
from guava.config.schema import Config
from guava.router import Router
from guava.server import Server

Application = str | os.PathLike[str] | Config | Server | Router | Iterable[Router]
"""The path of a configuration, or what one of those would make."""

_STDERR = 2


class Inside:
    """An application that is loaded, from its start to its stop."""

    def __init__(self, served: Application) -> None:
        """Raises ConfigError, LoadError or an ExceptionGroup of several, as `guavad -t`
        would say; and what on_worker_start() raises, as a LoadError."""
        self._path, self._environment = [*sys.path], dict(os.environ)
        self._directory = Path.cwd()
        self._lock = RLock()
        self._log = Log()
        self._engine: _core.Server | None = None
        try:
            self._engine = self._start(served)
        except BaseException:
            self._restore()
            raise

    @property
    def log(self) -> str:
        """What the engine has logged."""
        return self._log.text

    def ask(
        self, request: bytes, client: str, https: bool
    ) -> tuple[bytes, list[BaseException]]:
        """The answer, and the exceptions that were logged for it.

        RuntimeError where the application has been stopped, or an action asks for what
        is answered by the engine that runs it.
        """
        raised: list[BaseException] = []
        with self._lock, chdir(self._directory):
            if self._engine is None:
                raise RuntimeError("the client has been closed")
            answer = self._engine.ask(
                request, client=client, https=https, raised=raised
            )
            self._log.pass_on()
        return answer, raised

    def close(self) -> None:
        """Stop the application; all that it has changed in this process but for its
        modules, which stay imported, is as before."""
        if self._engine is not None:
            self._engine = None
            hooks.run_stop()
            self._restore()

    def _start(self, served: Application) -> _core.Server:
        if isinstance(served, str | os.PathLike):
            served = loader.load(os.fspath(served))
        if isinstance(served, Config):
            made = self._configured(served)
        else:
            made = _served(served)
        self._log.open()
        with chdir(self._directory):
            hooks.run_start()
        return made

    def _configured(self, config: Config) -> _core.Server:
        self._directory = Path(config.server.working_directory)
        prepare(config.python)
        self._log.open()
        with chdir(self._directory):
            routers = application.build(config)
            application.load(routers)
            made = engine.make(config)
            application.surround(made, config, routers)
            application.attach(made, routers)
        return made

    def _restore(self) -> None:
        self._log.close()
        sys.path[:] = self._path
        os.environ.clear()
        os.environ.update(self._environment)


def _served(served: Server | Router | Iterable[Router]) -> _core.Server:
    if isinstance(served, Server):
        return served.engine()
    server = Server()
    server.add_router(*([served] if isinstance(served, Router) else served))
    return server.engine()


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
