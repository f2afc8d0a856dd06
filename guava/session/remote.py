"""What the stores have in common that are servers of their own: they can be away."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Callable
from functools import partial
from typing import ClassVar, TypeVar

from guava.session.blob import BlobStore
from guava.session.errors import StoreError, failed

T = TypeVar("T")


class Remote(BlobStore):
    """A store that is asked over a connection, and may fail to answer.

    A call whose connection breaks is made once more at once: the store may just have
    closed one that was idle. What fails then too is a StoreError, and one line in the
    log, which names the store by `place`. One that has let a call wait for `patience`
    seconds, the shorter of its time-outs, is not asked again for as long as that: a
    worker that waits answers nobody.
    """

    failures: ClassVar[tuple[type[Exception], ...]]  # what the client raises

    def __init__(self, place: str, patience: float, ttl: float) -> None:
        super().__init__(ttl)
        self.place = place
        self.patience = patience
        self._left_alone_until = 0.0

    @abstractmethod
    def _read(self, key: str) -> bytes | None: ...

    @abstractmethod
    def _swap(self, key: str, old: bytes | None, new: bytes) -> bool: ...

    @abstractmethod
    def _remove(self, key: str) -> None: ...

    @abstractmethod
    def _is_broken(self, error: Exception) -> bool:
        """Whether the connection is gone that the call was made on."""

    @abstractmethod
    def close(self) -> None:
        """Close what connections there are; the next call makes new ones."""

    def _reason(self, error: Exception) -> str:
        """What the log says of a failure."""
        return str(error)

    def read(self, key: str) -> bytes | None:
        return self._ask(partial(self._read, key))

    def swap(self, key: str, old: bytes | None, new: bytes) -> bool:
        calls = 0

        def swap_once() -> bool:
            nonlocal calls
            calls += 1
            done = self._swap(key, old, new)
            # A first call whose answer was lost may have done it.
            return done or (calls > 1 and self._read(key) == new)

        return self._ask(swap_once)

    def remove(self, key: str) -> None:
        self._ask(partial(self._remove, key))

    def _ask(self, call: Callable[[], T]) -> T:
        began = time.monotonic()
        if began < self._left_alone_until:
            raise failed(self.place, "it has just let a request wait")
        try:
            return call()
        except self.failures as error:
            is_late = time.monotonic() - began >= self.patience
            if is_late or not self._is_broken(error):
                raise self._failed(error, began) from None
        try:
            return call()
        except self.failures as error:
            raise self._failed(error, began) from None

    def _failed(self, error: Exception, began: float) -> StoreError:
        now = time.monotonic()
        if now - began >= self.patience:
            self._left_alone_until = now + self.patience
        return failed(self.place, self._reason(error))
