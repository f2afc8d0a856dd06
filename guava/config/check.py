"""What the check child runs: reads the file and tells the master what it says."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from traceback import format_stack
from typing import Final

from guava.config import accounts, loader, snapshot
from guava.config.address import Address, SystemdAddress, TCPAddress
from guava.config.environment import prepare
from guava.config.loader import ConfigError
from guava.config.schema import Config, Server
from guava.config.units import format_duration

STDOUT: Final = 1
STDERR: Final = 2
_LAST_WORDS: Final = 2  # seconds after timeouts.start in which a check says why it ends


def main(
    *,
    path: str,
    out: int,
    load: bool,
    log: bool = False,
    passed: list[str] | None = None,
) -> int:
    """Check the configuration in `path` and write the outcome to descriptor `out`.

    A usable one gives `key=value` lines, an empty line and the snapshot, and 0 is
    returned; any other one `error=` line for each fault, and 1. The first line,
    `start`, comes at once: how long the rest may take in milliseconds. With `load` the
    application is imported too, as a worker would: this process then has taken on
    the workers' user, directory, module path and environment, for good. Tracebacks
    go to standard error; with `log` to the configuration's error log. `passed` are the
    names of the sockets that guavad was started with, None where that is not known.
    """
    try:
        config = loader.load(path)
        _write(out, f"start={config.timeouts.start}\n".encode())
        settings = "".join(f"{line}\n" for line in _settings(config, passed))
        answer = settings.encode() + b"\n" + snapshot.dumps(config)
        errors = _load_application(config, log, out) if load else []
    except ConfigError as error:
        errors = error.errors
    _write(out, _error_lines(errors) if errors else answer)
    return 1 if errors else 0


def _write(out: int, data: bytes) -> None:
    with open(out, "wb", closefd=False) as pipe:
        pipe.write(data)


def _error_lines(errors: list[str]) -> bytes:
    lines = (" ".join(error.splitlines()) for error in errors)
    return "".join(f"error={line}\n" for line in lines).encode()


def _settings(config: Config, passed: list[str] | None) -> Iterator[str]:
    """What the master has to know, as `key=value`. Raises ConfigError."""
    yield from _server_settings(config.server, passed)
    yield f"graceful={config.timeouts.graceful}"
    yield f"request={config.timeouts.request}"
    yield f"recycle_requests={config.recycle.requests}"
    yield f"recycle_memory={config.recycle.memory}"
    yield f"recycle_age={config.recycle.age}"
    yield f"at_once={config.recycle.at_once}"
    yield f"log_level={config.log.level}"
    yield f"error_log={config.log.error}"
    yield f"access_log={config.log.access}"


def _server_settings(server: Server, passed: list[str] | None) -> Iterator[str]:
    for address in server.listen:
        for line in _address_lines(address, passed, server.place("listen")):
            yield f"listen={line}"
    yield f"workers={_worker_count(server)}"
    yield f"backlog={server.backlog}"
    yield f"daemon={int(server.daemon)}"
    yield f"preload={int(server.preload)}"
    if server.pidfile is not None:
        yield f"pidfile={server.pidfile}"
    yield from _identity_settings(server)
    yield f"directory={server.working_directory}"


def _address_lines(
    address: Address, passed: list[str] | None, place: str
) -> Iterator[str]:
    if isinstance(address, TCPAddress):
        yield f"tcp {address.host} {address.port}"
    elif isinstance(address, SystemdAddress):
        yield from _passed_lines(address, passed, place)
    else:
        yield f"unix {address.path} {address.mode:04o}"


def _passed_lines(
    address: SystemdAddress, passed: list[str] | None, place: str
) -> Iterator[str]:
    """The sockets that `address` means, by their places among all that were passed."""
    if passed is None:
        yield f"{address} unknown"
        return
    names = [SystemdAddress(name) for name in passed]
    found = [index for index, name in enumerate(names) if address.includes(name)]
    if not found:
        there = ", ".join(f'"{name}"' for name in passed) or "none"
        what = (
            "a socket" if address.name is None else f'a socket named "{address.name}"'
        )
        raise ConfigError([f"{place}: expected {what} from systemd, found {there}"])
    for index in found:
        yield f"{names[index]} {index}"


def _identity_settings(server: Server) -> Iterator[str]:
    who = accounts.identity(server.user, server.group)
    for key, value in zip(who._fields, who, strict=True):
        if value is not None:
            yield f"{key}={value}"


def _worker_count(server: Server) -> int:
    """`auto` is one worker for each core that this process may use."""
    if server.workers == "auto":
        return len(os.sched_getaffinity(0))
    return server.workers


def _open_log(where: str) -> int:
    """The error log's descriptor; where it can not be opened, the master says so."""
    if where == "stdout":
        return STDOUT
    try:
        mode = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOCTTY
        return STDERR if where == "stderr" else os.open(where, mode, 0o644)
    except OSError:
        return STDERR


@contextmanager
def _limited(limit_ms: int, out: int) -> Iterator[None]:
    """Ends the process when it takes longer, and says where it is stuck."""
    from guava import _core, importing

    main = threading.get_ident()

    def give_up() -> None:
        frame = sys._current_frames()[main]
        _core.log(_core.LOG_ERROR, "".join(["importing:\n", *format_stack(frame)]))
        where = importing.shown_place(frame)
        after = f"timeouts.start ({format_duration(limit_ms)})"
        _write(out, _error_lines([f"{where}: still being imported after {after}"]))
        os._exit(1)

    # Application code may hold the interpreter's lock, and then only this ends it.
    signal.setitimer(signal.ITIMER_REAL, limit_ms / 1000 + _LAST_WORDS)
    timer = threading.Timer(limit_ms / 1000, give_up)
    timer.daemon = True
    timer.start()
    yield
    timer.cancel()


def _load_application(config: Config, log: bool, out: int) -> list[str]:
    """Import the application as a worker would; the errors, ready to be shown."""
    server = config.server
    error_log = _open_log(config.log.error) if log else STDERR
    try:
        accounts.become(accounts.identity(server.user, server.group))
    except PermissionError:
        key = "user" if server.user else "group"
        return [f"{server.place(key)}: only root may change to another user or group"]
    try:
        os.chdir(server.working_directory)
    except OSError as error:
        where = server.place("working_directory")
        return [f"{where}: cannot enter the working directory: {error.strerror}"]
    prepare(config.python)

    from guava import _core, application  # the engine, which reading a file needs not

    _core.log_open(error_log, _core.LOG_ERROR, "check")
    with _limited(config.timeouts.start, out):
        return application.check(config)
