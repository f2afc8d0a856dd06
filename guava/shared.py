"""Memory that all workers of a guavad share: one LMDB environment, in no file.

    visits = shared.environment().open_db(b"visits")
    with shared.environment().begin(visits, write=True) as transaction:
        transaction.put(b"/", b"1")

It lives as long as the master or one worker does: across reloads, crashes and upgrades.
A plain Python process has one of its own, which those that it forks share.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from guava import _core

if TYPE_CHECKING:
    import lmdb

_MAP_SIZE: Final = 64 << 30  # addresses; memory is taken by what is stored
_DATABASES_MAX: Final = 32  # each costs every transaction 49 bytes to be cleared
_READERS_MAX: Final = 2048  # transactions that read at one time, in all processes

_files: tuple[int, int] | None = None  # the data and the locks
_environment: lmdb.Environment | None = None
_lock = threading.Lock()
_of_parent: lmdb.Environment | None = None  # in a forked process, until it has its own


def inherit(data: int, locks: int) -> None:
    """Share what the master and its workers share: the descriptors of two files of
    memory, which stay open. For guava's workers, before anything else is asked."""
    global _files
    _files = data, locks


def environment() -> lmdb.Environment:
    """The environment, opened when first asked for, and in a forked process anew.

    None of its transactions may be open when a process forks. Its databases belong to
    whoever names them; guava's names begin with "guava.". What is never removed stays,
    so whoever stores bounds what it stores. Do not close it. Raises lmdb.Error or
    OSError where it can not be opened.
    """
    global _environment
    if _environment is None:
        with _lock:
            if _environment is None:
                _close_parents()
                _environment = _open(*_shared_files())
    return _environment


class Memory:
    """Memory apart from this process's: what a guavad of its own would have. For tests,
    of which none is to find what another has left."""

    def __init__(self) -> None:
        self._files: tuple[int, int] | None = None
        self._environment: lmdb.Environment | None = None

    @contextmanager
    def active(self) -> Iterator[None]:
        """Have environment() be in here meanwhile."""
        global _files, _environment
        outer = _files, _environment
        _files, _environment = self._files, self._environment
        try:
            yield
        finally:
            self._files, self._environment = _files, _environment
            _files, _environment = outer

    def close(self) -> None:
        """Let go of it; whoever holds its environment may still use that."""
        self._environment = None
        for file in self._files or ():
            os.close(file)
        self._files = None


def _close_parents() -> None:
    """Before our own is open: its locks on the file are the process's (fcntl(2)), and
    any close of that file ends them."""
    global _of_parent
    if _of_parent is not None:
        _of_parent.close()
        _of_parent = None


def _shared_files() -> tuple[int, int]:
    """Those that were inherited, or new ones."""
    global _files
    if _files is None:
        _files = os.memfd_create("guava-shared"), os.memfd_create("guava-shared-locks")
    return _files


def _open(data: int, locks: int) -> lmdb.Environment:
    """LMDB takes a path, and finds the locks beside it: links to our descriptors, which
    stay open for the same reason."""
    import lmdb

    with tempfile.TemporaryDirectory(prefix="guava-shared-") as folder:
        path = Path(folder, "data")
        path.symlink_to(f"/proc/self/fd/{data}")
        Path(folder, "data-lock").symlink_to(f"/proc/self/fd/{locks}")
        opened = lmdb.open(
            str(path),
            subdir=False,
            map_size=_MAP_SIZE,
            max_dbs=_DATABASES_MAX,
            max_readers=_READERS_MAX,
            writemap=True,
            sync=False,
            metasync=False,
        )
    _core.leave_out_of_dumps(data)
    opened.reader_check()  # those who died while they read
    return opened


def _forget() -> None:
    """In a forked process: an environment is of the process that opened it."""
    global _environment, _of_parent, _lock
    _lock = threading.Lock()
    _environment, _of_parent = None, _environment or _of_parent


os.register_at_fork(after_in_child=_forget)
