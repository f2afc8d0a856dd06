"""Sessions in files, one each."""

from __future__ import annotations

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from guava.session.blob import BlobStore
from guava.session.errors import failed, log
from guava.session.store import TWO_WEEKS

_KEY: Final = re.compile(r"[0-9a-f]{64}")
_FOLDERS: Final = 256  # by the first two digits of the key
_SWEEP: Final = 10  # seconds that it takes to get to the next folder
_NEW: Final = "new"
_SWEPT: Final = "swept"


class File(BlobStore):
    """Keeps each session in a file of `directory`, which is there already.

    They outlive guavad and the machine's orderly ends; nothing is forced to the disk.
    Only this user can read them. Files of one key's first digits are changed by one
    process at a time, by a lock (flock(2)) on the folder that they are in. Expired ones
    are deleted by one worker, a folder in ten seconds, as sessions are saved.

    ValueError where the directory is not there or can not be written to.
    """

    def __init__(self, directory: str, *, ttl: float = TWO_WEEKS) -> None:
        super().__init__(ttl)
        self.directory = os.path.abspath(directory)
        if not os.path.isdir(self.directory):
            raise ValueError(f"there is no directory {self.directory}")
        if not os.access(self.directory, os.R_OK | os.W_OK | os.X_OK):
            raise ValueError(f"sessions can not be written to {self.directory}")
        self._turn = 0

    def read(self, key: str) -> bytes | None:
        with self._reporting():
            return self._read(self._path(key), time.time())

    def swap(self, key: str, old: bytes | None, new: bytes) -> bool:
        path, now = self._path(key), time.time()
        with self._reporting(), self._locked(os.path.dirname(path)) as folder:
            if self._read(path, now) != old:
                return False
            _write(new, os.path.basename(path), folder)
        self._sweep_in_turn(now)
        return True

    def remove(self, key: str) -> None:
        path = self._path(key)
        with self._reporting(), self._locked(os.path.dirname(path)):
            with suppress(FileNotFoundError):
                os.unlink(path)

    def _path(self, key: str) -> str:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is no SHA-256")
        return os.path.join(self.directory, key[:2], key[2:])

    def _read(self, path: str, now: float) -> bytes | None:
        with suppress(FileNotFoundError), open(path, "rb", opener=_open_alone) as file:
            if not self._is_over(os.fstat(file.fileno()), now):
                return file.read()
        return None

    def _is_over(self, info: os.stat_result, now: float) -> bool:
        return info.st_mtime + self.ttl < now

    @contextmanager
    def _locked(self, path: str) -> Iterator[int]:
        """The descriptor of a folder, which is made where it is missing; no other
        process changes what is in it."""
        try:
            folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        except FileNotFoundError:
            os.makedirs(path, 0o700, exist_ok=True)
            folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(folder, fcntl.LOCK_EX)
            yield folder
        finally:
            os.close(folder)

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise failed(f"sessions in {self.directory}", error) from None

    # Sweeping

    def _sweep_in_turn(self, now: float) -> None:
        """Sweep the folder whose turn it is, if no other worker has."""
        turn = int(now) // _SWEEP
        if turn == self._turn:
            return
        self._turn = turn
        try:
            if self._take(turn):
                self._sweep(f"{turn % _FOLDERS:02x}", now)
        except OSError as error:
            log.warning("sessions in %s are not swept: %s", self.directory, error)

    def _take(self, turn: int) -> bool:
        """Whether nobody has taken the turn; it is taken then."""
        path = os.path.join(self.directory, _SWEPT)
        with open(path, "a+", opener=_open_alone) as swept:
            fcntl.flock(swept, fcntl.LOCK_EX)
            swept.seek(0)
            if swept.read() == str(turn):
                return False
            swept.truncate(0)
            swept.write(str(turn))
        return True

    def _sweep(self, folder: str, now: float) -> None:
        path = os.path.join(self.directory, folder)
        if not os.path.isdir(path):
            return
        with self._locked(path), os.scandir(path) as entries:
            for entry in entries:
                if self._is_over(entry.stat(follow_symlinks=False), now):
                    os.unlink(entry)


def _write(data: bytes, name: str, folder: int) -> None:
    """Put a file of that name in the place of the one that is there, if any. What was
    left of an earlier try goes."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with open(os.open(_NEW, flags, 0o600, dir_fd=folder), "wb") as file:
        file.write(data)
    os.rename(_NEW, name, src_dir_fd=folder, dst_dir_fd=folder)


def _open_alone(path: str, flags: int) -> int:
    """Of this user alone, and no link to another file."""
    return os.open(path, flags | os.O_NOFOLLOW, 0o600)
