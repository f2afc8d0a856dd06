"""Iterators of what is to be closed behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from guava.forwarding import Forwarding, T


def iterator_of(source: Iterable[T]) -> Iterator[T]:
    """The iterator of `source`, whose close() is that of both, where they have one."""
    iterator = iter(source)
    if iterator is source or not hasattr(source, "close"):
        return iterator
    return _Closing(iterator, source.close)


class _Closing(Forwarding[T]):
    """An iterator, and what else to call when it is closed."""

    def __init__(self, iterator: Iterator[T], close: Callable[[], object]) -> None:
        super().__init__(iterator)
        self._close = close

    def __iter__(self) -> Iterator[T]:
        return self

    def __next__(self) -> T:
        return next(self._inner)

    def __getattr__(self, name: str) -> Any:
        """What the iterator has beside."""
        return getattr(self._inner, name)

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._close()
