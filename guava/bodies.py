"""A request's body, searched and read at any place: in memory, or in its file.

What comes of a body as Python's objects is bounded here, for a process as a whole; what
a file in a form holds stays where the body is.
"""

from __future__ import annotations

import io
import os
from typing import BinaryIO, Final, NamedTuple, Protocol, cast

from guava.errors import PayloadTooLarge

_BLOCK_FIRST: Final = 4 * 1024  # bytes of a file that are read at first, and then twice
_BLOCK: Final = 256 * 1024  # as many, up to so many at a time


class Limits(NamedTuple):
    """How much of one body is decoded; over it the answer is 413."""

    parts: int = 1000  # fields and files of a form
    decoded: int = 1024 * 1024  # bytes of a form's fields together, or of a JSON text


class Body(Protocol):
    """Bytes by their place, from 0 to `size`."""

    size: int

    def find(self, needle: bytes, start: int) -> int:
        """Where `needle` begins, from `start` on; -1 where it does not."""

    def read(self, start: int, end: int) -> bytes:
        """The bytes from `start` to `end`, or to the body's end before that."""

    def open(self, start: int, end: int) -> BinaryIO:
        """Those bytes as a file that can be read and sought in."""


class Memory:
    """A body that is there as bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.size = len(data)

    def find(self, needle: bytes, start: int) -> int:
        return self.data.find(needle, start)

    def read(self, start: int, end: int) -> bytes:
        return self.data[start:end]

    def open(self, start: int, end: int) -> BinaryIO:
        return io.BytesIO(self.data[start:end])


class Disk:
    """A body in a file, which is closed when nobody looks at a part of it any more."""

    def __init__(self, fd: int) -> None:
        """Takes over `fd`."""
        self.fd = fd
        self.size = os.fstat(fd).st_size

    def __del__(self) -> None:
        os.close(self.fd)

    def find(self, needle: bytes, start: int) -> int:
        size = _BLOCK_FIRST
        while len(block := os.pread(self.fd, size, start)) >= len(needle):
            at = block.find(needle)
            if at >= 0:
                return start + at
            start += len(block) - len(needle) + 1  # it may begin at the block's end
            size = min(2 * size, _BLOCK)
        return -1

    def read(self, start: int, end: int) -> bytes:
        return os.pread(self.fd, max(0, end - start), start)

    def open(self, start: int, end: int) -> BinaryIO:
        return cast(BinaryIO, io.BufferedReader(_Window(self, start, end), _BLOCK))


class _Window(io.RawIOBase):
    """A part of a file as a file of its own. Several can be read at the same time."""

    def __init__(self, disk: Disk, start: int, end: int) -> None:
        self._disk = disk
        self._start = start
        self._size = end - start
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        origin = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}
        at = origin[whence] + offset
        if at < 0:
            raise OSError(f"there is nothing at {at}")
        self._at = at
        return at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        room = memoryview(buffer)[: max(0, self._size - self._at)]
        count = os.preadv(self._disk.fd, [room], self._start + self._at) if room else 0
        self._at += count
        return count


limits = Limits()


def set_limits(parts: int, decoded: int) -> None:
    """What holds for all bodies of this process from now on."""
    global limits
    limits = Limits(parts, decoded)


def of(file: BinaryIO) -> Body:
    """The body that `file`, a BytesIO or a file of the system, has. Closes it."""
    with file:
        if isinstance(file, io.BytesIO):
            return Memory(file.getvalue())
        return Disk(os.dup(file.fileno()))


def read_decodable(body: Body, what: str) -> bytes:
    """The whole body. PayloadTooLarge, which names `what` it is, where it is larger
    than what is decoded."""
    if body.size > limits.decoded:
        raise PayloadTooLarge(detail=f"{what} may have {limits.decoded} bytes")
    return body.read(0, body.size)
