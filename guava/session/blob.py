"""Stores of blobs, which lose no change: what guava's own stores are."""

from __future__ import annotations

import time
from abc import abstractmethod
from typing import Any, Final

from msgspec.structs import replace

from guava.session import codec
from guava.session.errors import failed
from guava.session.record import Record
from guava.session.store import TWO_WEEKS, SessionStore

TRIES: Final = 100  # to change what others change at the same time
CONTENDED: Final = "others change it all the time"


class BlobStore(SessionStore):
    """A store whose subclasses have read(), swap() and remove().

    A key is a SHA-256 in hexadecimal. Whatever can not be done now is a StoreError.
    """

    def __init__(self, ttl: float = TWO_WEEKS) -> None:
        """`ttl` is how many seconds a blob is kept that is not swapped again, at least.
        ValueError where that is no time."""
        if not ttl > 0:
            raise ValueError(f"ttl is more than 0, not {ttl}")
        self.ttl = ttl

    @abstractmethod
    def read(self, key: str) -> bytes | None:
        """The blob; None where there is none, or its time is over."""

    @abstractmethod
    def swap(self, key: str, old: bytes | None, new: bytes) -> bool:
        """Put `new` in the place of `old`, of nothing where that is None; False, and
        nothing done, where another blob is there. One step: of two who swap the same
        blob one fails. The blob's time begins anew."""

    @abstractmethod
    def remove(self, key: str) -> None:
        """Forget the blob, if there is one."""

    def get(self, sid: str) -> dict[str, Any] | None:
        """The session's values. ValueError where they are corrupt."""
        blob = self.read(sid)
        return None if blob is None else codec.decode(Record.unpack(blob).values)

    def set(self, sid: str, value: dict[str, Any]) -> None:
        """Put `value` in the place of all values of the session, which is made where it
        is missing. TypeError for what can not be stored."""
        values = codec.encode(value)
        for _ in range(TRIES):
            old = self.read(sid)
            if self.swap(sid, old, _record(old, values).pack()):
                return
        raise failed(f"session {sid}", CONTENDED)

    def delete(self, sid: str) -> None:
        self.remove(sid)


def _record(old: bytes | None, values: bytes) -> Record:
    """With `values`; the session's age stays."""
    now = int(time.time())
    if old is None:
        return Record(now, now, now, values)
    return replace(Record.unpack(old), saved=now, values=values)
