"""The content coding zstd (RFC 8878), by Python 3.14 itself or the package zstandard.

Levels from 1 to 19: none needs a window over the 8 MiB that browsers take (RFC 9659).
Importing this raises ImportError where there is neither.
"""

from __future__ import annotations

import sys
import threading

from guava.middleware.codings import Flushed, Stream

if sys.version_info >= (3, 14):
    from compression import zstd

    class Zstd:
        def __init__(self, level: int) -> None:
            self._level = level

        def whole(self, data: bytes) -> bytes:
            return zstd.compress(data, self._level)

        def stream(self) -> Stream:
            return _Blocks(self._level)

    class _Blocks:
        def __init__(self, level: int) -> None:
            self._coder = zstd.ZstdCompressor(level)

        def chunk(self, data: bytes) -> bytes:
            return self._coder.compress(data, zstd.ZstdCompressor.FLUSH_BLOCK)

        def end(self) -> bytes:
            return self._coder.flush()

else:
    import zstandard

    class _OfThread(threading.local):
        """A compressor that is used again: made anew, it costs more than its work."""

        def __init__(self, level: int) -> None:
            self.compressor = zstandard.ZstdCompressor(level)

    class Zstd:
        def __init__(self, level: int) -> None:
            self._level = level
            self._own = _OfThread(level)

        def whole(self, data: bytes) -> bytes:
            return self._own.compressor.compress(data)

        def stream(self) -> Stream:
            """With a compressor of its own: streams go on beside each other."""
            coder = zstandard.ZstdCompressor(self._level).compressobj()
            return Flushed(coder, zstandard.COMPRESSOBJ_FLUSH_BLOCK)
