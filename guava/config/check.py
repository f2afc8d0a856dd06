"""What the check child runs: reads the file and tells the master what it says."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from traceback import format_stack
from types import FrameType
from typing import Final

from msgspec.structs import replace

from guava.config import accounts, loader, snapshot
from guava.config.address import Address, OwnAddress, SystemdAddress, TCPAddress
from guava.config.environment import prepare
from guava.config.loader import ConfigError
from guava.config.schema import Config, PythonRouter, Router, Server
from guava.config.units import format_duration

STDOUT: Final = 1
STDERR: Final = 2


def main(
    *,
    path: str,
    out: int,
    load: bool,
    log: bool = False,
    passed: list[str] | None = None,
    overrides: Sequence[str] = (),
) -> int:
    """Check the configuration in `path` and write the outcome to descriptor `out`.

    A usable one gives `key=value` lines, an empty line and the snapshot, and 0 is
    returned; any other one `error=` line for each fault, and 1. The first line,
    `start`, comes at once: how long the rest may take in milliseconds. With `load` the
    application is imported too, as a worker would: this process then has taken on
    the workers' user, directory, module path and environment, for good. Tracebacks
    go to standard error; with `log` to the configuration's error log. `passed` are the
    names of the sockets that guavad was started with, None where that is not known;
    `overrides` are those of loader.load().
    """
    try:
        config = loader.load(path, overrides)
        _write(out, f"start={config.timeouts.start}\n".encode())
        answer = _answer(config, path, passed)
        errors = _load_application(config, log, out) if load else []
    except ConfigError as error:
        errors = error.errors
    _write(out, _error_lines(errors) if errors else answer)
    return 1 if errors else 0


def _answer(config: Config, path: str, passed: list[str] | None) -> bytes:
    """The settings and the snapshot. Raises ConfigError."""
    settings = "".join(f"{line}\n" for line in _settings(config, passed))
    try:
        return settings.encode() + b"\n" + snapshot.dumps(_expanded(config, passed))
    except UnicodeEncodeError:
        fault = f"{path}:1:1: expected a folder whose path is UTF-8"
        raise ConfigError([fault]) from None


def _expanded(config: Config, passed: list[str] | None) -> Config:
    """With an address for each socket that the workers will be given, in order."""
    server = config.server
    listen = tuple(
        each for address in server.listen for each in _sockets(address, passed or [])
    )
    return replace(config, server=replace(server, listen=listen))


def _sockets(address: Address, passed: list[str]) -> list[Address]:
    if not isinstance(address, SystemdAddress):
        return [address]
    names = map(SystemdAddress, passed)
    return [replace(address, name=one.name) for one in names if address.includes(one)]


def _write(out: int, data: bytes) -> None:
    with open(out, "wb", closefd=False) as pipe:
        pipe.write(data)


def _error_lines(errors: list[str]) -> bytes:
    """What in them is no UTF-8, as a path may be, is escaped."""
    lines = (" ".join(error.splitlines()) for error in errors)
    text = "".join(f"error={line}\n" for line in lines)
    return text.encode(errors="backslashreplace")


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
    yield f"log_json={int(config.log.format == 'json')}"
    for address in config.status.listen or ():
        yield f"status_listen={_address(address)}"
    for router in config.routers:
        yield f"router={_router_name(router)}"


def _address(address: OwnAddress) -> str:
    if isinstance(address, TCPAddress):
        return f"tcp {address.host} {address.port}"
    return f"unix {address.path} {address.mode:04o}"


def _router_name(router: Router) -> str:
    """What counters are called by: it outlives reloads that keep the router."""
    kind = router.__struct_config__.tag
    if isinstance(router, PythonRouter) and router.mount_point is None:
        return f"{kind} {router.class_}"
    return f"{kind} {router.mount_point}"


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
    if isinstance(address, SystemdAddress):
        yield from _passed_lines(address, passed, place)
    else:
        yield _address(address)


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
    """End the process when it takes longer, and say where it is stuck.

    Not where C code does not come back: the master ends that.
    """
    from guava import _core, importing

    def give_up(_: int, frame: FrameType | None) -> None:
        assert frame is not None
        stack = "".join(format_stack(frame)).rstrip()
        _core.log(_core.LOG_ERROR, f"still importing:\n{stack}")
        where = importing.shown_place(frame)
        after = f"timeouts.start ({format_duration(limit_ms)})"
        _write(out, _error_lines([f"{where}: still being imported after {after}"]))
        os._exit(1)

    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, limit_ms / 1000)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)


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

    json = log and config.log.format == "json"
    _core.log_open(error_log, _core.LOG_ERROR, "check", json=json)
    with _limited(config.timeouts.start, out):
        return application.check(config)
