"""What the interpreter of a worker process runs."""

from __future__ import annotations

import faulthandler
import gc
import io
import os
import sys
from collections.abc import Callable
from traceback import format_exception

import setproctitle

from guava import _core, application, applog, engine, hooks
from guava import shared as _shared
from guava.config import snapshot as snapshots
from guava.config.environment import prepare
from guava.config.schema import Config
from guava.importing import LoadError, describe
from guava.reverse import Names
from guava.router import Router

_PACKET_MAX = 4096


def main(
    *,
    snapshot: bytes,
    listeners: list[int],
    control: int,
    scoreboard: int,
    shared: tuple[int, int],
    slot: int,
    number: int,
    generation: int,
    error_log: int,
    access_log: int,
    warm_up: bool,
) -> int:
    """Import the application and serve until the master says otherwise; the exit
    status.

    `snapshot` is the configuration. All integers but `slot`, `number` and `generation`
    are descriptors: `listeners` are taken over, the others borrowed; `access_log` is -1
    when it is off, and `shared` are those of guava.shared.inherit(). With `warm_up`,
    the paths of server.warm_up are asked for before the worker says that it is ready.
    Where it can not serve, the traceback goes to the error log, one line of it to the
    master, and 1 is returned.
    """
    config = begin(snapshot, error_log, f"worker {number}", generation, shared)

    def run() -> int:
        return serve(
            config,
            load(config),
            listeners=listeners,
            control=control,
            scoreboard=scoreboard,
            slot=slot,
            access_log=access_log,
            warm_up=warm_up,
        )

    return reporting(control, run)


def begin(
    snapshot: bytes,
    error_log: int,
    name: str,
    generation: int,
    shared: tuple[int, int],
) -> Config:
    """Give the interpreter its process title, its error log, its environment and its
    part in what the workers share."""
    config = snapshots.loads(snapshot)
    # Before the environment changes: the title takes the room of the old one.
    be_called(name, generation, config, error_log)
    faulthandler.enable(error_log)
    applog.install(config.log.level, _logs_json(config))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(line_buffering=True)
    prepare(config.python)
    _shared.inherit(*shared)
    return config


def be_called(name: str, generation: int, config: Config, error_log: int) -> None:
    """Take a name, in the process title and in the error log."""
    setproctitle.setproctitle(f"guavad: {name} (generation {generation})")
    level, json = applog.LEVELS[config.log.level], _logs_json(config)
    _core.log_open(error_log, level, name, generation=generation, json=json)


def _logs_json(config: Config) -> bool:
    return config.log.format == "json"


def load(config: Config) -> list[Router]:
    """Import the application. Raises LoadError, or an ExceptionGroup of several.

    Collecting garbage waits until all is loaded, and then leaves that alone.
    """
    gc.disable()
    routers = application.build(config)
    application.load(routers)
    application.load_error_handlers(config)
    gc.freeze()
    gc.enable()
    return routers


def serve(
    config: Config,
    routers: list[Router],
    *,
    listeners: list[int],
    control: int,
    scoreboard: int,
    slot: int,
    access_log: int,
    warm_up: bool,
) -> int:
    """Serve with what is imported: the rest of main(). Raises as load()."""
    server = engine.make(
        config,
        access_log=access_log,
        scoreboard=scoreboard,
        slot=slot,
        control=control,
    )
    application.surround(server, config, routers)
    application.attach(server, routers)
    gc.freeze()
    with Names(routers).active():
        _run(server, config, listeners, warm_up)
    return 0


def reporting(control: int, run: Callable[[], int]) -> int:
    """What `run` returns; or 1, when its exception is logged and told to the master."""
    try:
        return run()
    except (Exception, SystemExit) as error:
        _core.log(_core.LOG_ERROR, "".join(format_exception(error)).rstrip())
        line = f"failed {_in_one_line(error)}"
        os.write(control, line.encode(errors="replace")[:_PACKET_MAX])
        return 1


def _run(
    server: _core.Server, config: Config, listeners: list[int], warm_up: bool
) -> None:
    with hooks.running():
        if warm_up:
            _warm_up(server, config)
        # The master opened one for each address, in this order.
        for address, listener in zip(config.server.listen, listeners, strict=True):
            server.listen(listener, proxy_protocol=address.proxy_protocol)
            os.close(listener)  # a socket refuses clients when its last copy is closed
        server.serve()


def _warm_up(server: _core.Server, config: Config) -> None:
    """Ask for what is to be ready; LoadError where that fails."""
    for target in config.server.warm_up:
        fields = "Host: localhost\r\nUser-Agent: guava\r\nConnection: close\r\n"
        answer = server.ask(f"GET {target} HTTP/1.1\r\n{fields}\r\n".encode())
        status = int(answer[9:12] or 0)
        if not 200 <= status < 500:
            place = config.server.place("warm_up")
            how = f"was answered by {status}" if status else "was not answered"
            raise LoadError("warm_up", f"{place}: {target} {how}")


def _in_one_line(error: BaseException) -> str:
    """What a person who starts guavad has to know."""
    if isinstance(error, BaseExceptionGroup):
        return _in_one_line(error.exceptions[0])
    if isinstance(error, LoadError):
        return " ".join(str(error).split())
    return describe(error)
