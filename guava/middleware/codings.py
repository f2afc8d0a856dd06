"""Content codings, and gzip (RFC 1952), which every Python can make."""

from __future__ import annotations

import zlib
from typing import Final, Protocol

_WRAPPED: Final = 16 + zlib.MAX_WBITS  # in gzip's header and trailer


class Stream(Protocol):
    """Codes one stream, chunk by chunk."""

    def chunk(self, data: bytes) -> bytes:
        """All of `data`, coded so that it can be decoded before the next one comes."""

    def end(self) -> bytes:
        """What ends the stream."""


class Coding(Protocol):
    """One coding, at one level."""

    def whole(self, data: bytes) -> bytes:
        """All of an answer."""

    def stream(self) -> Stream:
        """For an answer that comes in chunks."""


class Coder(Protocol):
    """What zlib and zstandard have in common."""

    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self, mode: int = ..., /) -> bytes: ...


class Flushed:
    """A Stream from a Coder: each chunk is flushed by `mode`."""

    def __init__(self, coder: Coder, mode: int) -> None:
        self._coder = coder
        self._mode = mode

    def chunk(self, data: bytes) -> bytes:
        return self._coder.compress(data) + self._coder.flush(self._mode)

    def end(self) -> bytes:
        return self._coder.flush()


class Gzip:
    """Levels from 1 to 9."""

    def __init__(self, level: int) -> None:
        self._level = level

    def whole(self, data: bytes) -> bytes:
        return zlib.compress(data, self._level, _WRAPPED)

    def stream(self) -> Stream:
        coder = zlib.compressobj(self._level, zlib.DEFLATED, _WRAPPED)
        return Flushed(coder, zlib.Z_SYNC_FLUSH)
