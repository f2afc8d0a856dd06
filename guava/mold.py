"""The process that imports the application once and forks the workers of it.

With `server.preload` the master has one for each generation and orders workers from it.
They share what it has imported until they write to it.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from guava import worker

_PACKET_MAX = 4096
_FDS_MAX = 2  # what a message of the master brings, at most


class _Order(NamedTuple):
    """What the master says of a worker that it wants."""

    slot: int
    number: int
    warm_up: bool
    control: int  # the worker's end of its channel to the master


def main(
    *,
    snapshot: bytes,
    listeners: list[int],
    control: int,
    scoreboard: int,
    shared: tuple[int, int],
    generation: int,
    error_log: int,
    access_log: int,
    **_: object,
) -> int:
    """Import the application, then fork workers as the master orders.

    Arguments as those of guava.worker.main(), less what is one worker's. Returns the
    exit status, in the mold as in each of its workers.
    """
    config = worker.begin(snapshot, error_log, "mold", generation, shared)
    own = set(_sockets().values())

    def run() -> int:
        routers = worker.load(config)
        order = _take_orders(control, own, [error_log, access_log])
        if order is None:
            return 0
        worker.be_called(f"worker {order.number}", generation, config, error_log)
        return worker.serve(
            config,
            routers,
            listeners=listeners,
            control=control,
            scoreboard=scoreboard,
            slot=order.slot,
            access_log=access_log,
            warm_up=order.warm_up,
        )

    return worker.reporting(control, run)


def _take_orders(control: int, own: set[str], logs: list[int]) -> _Order | None:
    """Fork until the master has had enough, which gives None. In a worker, the order
    that it was forked for; its channel then has the place of the mold's."""
    fault = _fault(own, control)
    os.write(control, f"unfit {fault}".encode() if fault else b"ready")
    for text, fds in _messages(control):
        word, *numbers = text.split()
        if word == "reopen":
            _replace(logs, fds)
            continue
        if word != "fork":
            return None
        slot, number, warm_up = map(int, numbers)
        order = _Order(slot, number, bool(warm_up), control=fds[0])
        if _fork(order, control, own):
            os.dup2(order.control, control, inheritable=False)
            os.close(order.control)
            return order
        os.close(order.control)
    return None


def _messages(control: int) -> Iterator[tuple[str, list[int]]]:
    """What the master says, with the descriptors that come along, until it is gone."""
    channel = socket.socket(fileno=control)
    try:
        while True:
            data, fds, _, _ = socket.recv_fds(channel, _PACKET_MAX, _FDS_MAX)
            if not data:
                return
            yield data.decode(), fds
    finally:
        channel.detach()


def _replace(logs: list[int], fds: list[int]) -> None:
    """Put new log files in the places of the old ones."""
    for old, new in zip(logs, fds, strict=False):
        os.dup2(new, old, inheritable=old <= 2)
    for new in fds:
        os.close(new)


def _fork(order: _Order, control: int, own: set[str]) -> bool:
    """Fork a worker, which tells the master so, or say why there is none.

    True in the worker. There is a process between, which ends: so the worker becomes a
    child of the master, who adopts orphans, and not of the mold.
    """
    if fault := _fault(own, order.control):
        os.write(control, f"unfit {fault}".encode())
        return False
    try:
        between = os.fork()
    except OSError as error:
        os.write(control, f"unforked {error.strerror}".encode())
        return False
    if between:
        os.waitpid(between, 0)
        return False
    try:
        pid = os.fork()
    except OSError as error:
        os.write(control, f"unforked {error.strerror}".encode())
        os._exit(1)
    if pid:
        os._exit(0)
    os.write(control, b"forked")
    return True


def _fault(own: set[str], channel: int) -> str:
    """Why workers can not be forked of this process; empty where they can.

    Its own sockets, and the one that is a `channel` to the master, are in order.

    A thread is not forked along, and what it was doing stays half done, its locks held;
    a connection can not be used by two processes.
    """
    faults = []
    if threads := _threads():
        faults.append(f"threads are alive: {', '.join(threads)}")
    found = [fd for fd, name in _sockets().items() if name not in own]
    if foreign := [_describe(fd) for fd in found if fd != channel]:
        faults.append(f"sockets are open: {', '.join(foreign)}")
    return "; ".join(faults)


def _threads() -> list[str]:
    """The names of all threads but this one, those of C libraries included."""
    this = threading.get_native_id()
    names = {t.native_id: t.name for t in threading.enumerate()}
    tasks = (int(task) for task in os.listdir("/proc/self/task"))
    return [names.get(task) or _command(task) for task in tasks if task != this]


def _command(task: int) -> str:
    try:
        return Path(f"/proc/self/task/{task}/comm").read_text().strip()
    except OSError:
        return str(task)


def _sockets() -> dict[int, str]:
    """The descriptors that are sockets, each with a name that tells it from others."""
    found = {}
    for fd in map(int, os.listdir("/proc/self/fd")):
        try:
            name = os.readlink(f"/proc/self/fd/{fd}")
        except OSError:
            continue  # the folder's own
        if name.startswith("socket:"):
            found[fd] = name
    return found


def _describe(fd: int) -> str:
    """A socket's number and address: "7 (connected to 127.0.0.1:5432)"."""
    with socket.socket(fileno=os.dup(fd)) as found:
        try:
            return f"{fd} (connected to {_shown(found.getpeername())})"
        except OSError:
            return f"{fd} (bound to {_shown(found.getsockname())})"


def _shown(address: object) -> str:
    if isinstance(address, tuple):
        return ":".join(map(str, address[:2]))
    return str(address) or "nothing"
