"""Streams that are made of other streams."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

Chunks = Iterator[str | bytes | None]
T = TypeVar("T")


class Forwarding(Generic[T]):
    """Tells the iterator that it is made of, where that has such methods, what a server
    tells a stream."""

    __slots__ = ("_inner",)

    def __init__(self, inner: Iterator[T]) -> None:
        self._inner = inner

    def finish(self) -> None:
        """The worker is to end."""
        self._tell("finish")

    def close(self) -> None:
        """Nobody reads on."""
        self._tell("close")

    def _tell(self, name: str) -> None:
        method = getattr(self._inner, name, None)
        if method is not None:
            method()


class Begun(Forwarding[str | bytes | None]):
    """A chunk, and the others behind it."""

    def __init__(self, first: bytes, chunks: Chunks) -> None:
        super().__init__(chunks)
        self._first: bytes | None = first

    def __iter__(self) -> Begun:
        return self

    def __next__(self) -> str | bytes | None:
        if self._first is None:
            return next(self._inner)
        first, self._first = self._first, None
        return first
