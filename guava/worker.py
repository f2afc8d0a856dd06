"""What the interpreter of a worker process runs."""

from __future__ import annotations

import faulthandler
import gc
import io
import os
import sys
from traceback import format_exception

import setproctitle

from guava import _core, application, applog
from guava.config import snapshot as snapshots
from guava.config.environment import prepare
from guava.config.schema import Config
from guava.config.section import Section
from guava.importing import LoadError, describe

_PACKET_MAX = 4096
_TIMEOUTS = ("header", "body", "write", "keepalive", "request", "graceful")
_LIMITS = (
    "request_line",
    "headers",
    "header_count",
    "body",
    "body_memory",
    "body_disk",
    "min_rate",
    "connections",
)


def main(
    *,
    snapshot: bytes,
    listeners: list[int],
    control: int,
    scoreboard: int,
    slot: int,
    number: int,
    generation: int,
    error_log: int,
    access_log: int,
) -> int:
    """Serve until the master says otherwise; the exit status.

    All integers but `slot`, `number` and `generation` are descriptors: `listeners` are
    taken over, the others borrowed; `access_log` is -1 when it is off. Where the
    application can not be loaded, its traceback goes to the error log, one line of it
    to the master, and 1 is returned.
    """
    # Before the environment changes: the title takes the room of the old one.
    setproctitle.setproctitle(f"guavad: worker {number} (generation {generation})")
    config = snapshots.loads(snapshot)
    _open_log(config, error_log, f"worker {number}")
    prepare(config.python)
    try:
        server = _core.Server(
            timeouts=_numbers(config.timeouts, _TIMEOUTS),
            limits=_numbers(config.limits, _LIMITS),
            server_header=config.server.server_header,
            access_log=access_log,
            access_format=config.log.format,
            scoreboard=scoreboard,
            slot=slot,
            control=control,
            trusted=config.proxy.trusted,
            forwarding=config.proxy.headers,
        )
        _load(server, config)
    except (Exception, SystemExit) as error:
        _core.log(_core.LOG_ERROR, "".join(format_exception(error)).rstrip())
        line = f"failed {_in_one_line(error)}"
        os.write(control, line.encode(errors="replace")[:_PACKET_MAX])
        return 1
    # The master opened one for each address, in this order.
    for address, listener in zip(config.server.listen, listeners, strict=True):
        server.listen(listener, proxy_protocol=address.proxy_protocol)
        os.close(listener)  # a socket refuses clients when its last copy is closed
    server.serve()
    return 0


def _open_log(config: Config, error_log: int, name: str) -> None:
    _core.log_open(error_log, applog.LEVELS[config.log.level], name)
    faulthandler.enable(error_log)
    applog.install(config.log.level)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True)


def _load(server: _core.Server, config: Config) -> None:
    """Collecting garbage waits until all is loaded, and then leaves that alone."""
    gc.disable()
    application.mount(server, application.build(config))
    gc.freeze()
    gc.enable()


def _numbers(section: Section, names: tuple[str, ...]) -> dict[str, int]:
    """Settings of the engine, which has the configuration's names for them."""
    return {name: getattr(section, name) for name in names}


def _in_one_line(error: BaseException) -> str:
    """What a person who starts guavad has to know."""
    if isinstance(error, BaseExceptionGroup):
        return _in_one_line(error.exceptions[0])
    if isinstance(error, LoadError):
        return " ".join(str(error).split())
    return describe(error)
