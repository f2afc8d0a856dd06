"""Streams that are made of other streams."""

from __future__ import annotations

from collections.abc import Iterator

Chunks = Iterator[str | bytes | None]


class Forwarding:
    """Tells the chunks that it is made of, where they have such methods, what a server
    tells a stream."""

    def __init__(self, chunks: Chunks) -> None:
        self._chunks = chunks

    def finish(self) -> None:
        """The worker is to end."""
        self._tell("finish")

    def close(self) -> None:
        """Nobody reads on."""
        self._tell("close")

    def _tell(self, name: str) -> None:
        method = getattr(self._chunks, name, None)
        if method is not None:
            method()


class Begun(Forwarding):
    """A chunk, and the others behind it."""

    def __init__(self, first: bytes, chunks: Chunks) -> None:
        super().__init__(chunks)
        self._first: bytes | None = first

    def __iter__(self) -> Begun:
        return self

    def __next__(self) -> str | bytes | None:
        if self._first is None:
            return next(self._chunks)
        first, self._first = self._first, None
        return first
