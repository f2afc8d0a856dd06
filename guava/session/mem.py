"""Sessions in memory that all workers share."""

from __future__ import annotations

import os
import time
from binascii import unhexlify
from struct import Struct
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

from guava import shared
from guava.session.blob import BlobStore
from guava.session.errors import failed
from guava.session.store import TWO_WEEKS

if TYPE_CHECKING:
    import lmdb

    Database = lmdb._Database

_STAMP: Final = Struct(">I")  # the second that a session was saved in, in byte order
_SIZE: Final = _STAMP.size
_SWEEP: Final = 2  # expired sessions that go with each new one, so that all do
_ROOM: Final = 4  # times its bytes that may go for a session that is saved
_LEAST: Final = 256 * 1024


class Mem(BlobStore):
    """Keeps sessions in guava.shared: as long as guavad or one of its workers lives.

    `size` bounds its memory, in bytes: those that were saved the longest ago make room.
    Stores of one `name` are one. ValueError for a size below 256 KiB, and later for a
    session larger than a quarter of it.
    """

    def __init__(
        self, *, ttl: float = TWO_WEEKS, size: int = 64 << 20, name: str = "main"
    ) -> None:
        super().__init__(ttl)
        if size < _LEAST:
            raise ValueError(f"size is at least {_LEAST}, not {size}")
        self.size = size
        self._name = name.encode()
        self._place = f"sessions {name} in memory"
        self._environment: lmdb.Environment | None = None  # once it is open

    def read(self, key: str) -> bytes | None:
        environment = self._environment or self._open()
        found = environment.begin(self._blobs).get(unhexlify(key))
        if found is None or self._is_over(found, int(time.time())):
            return None
        return found[_SIZE:]

    def swap(self, key: str, old: bytes | None, new: bytes) -> bool:
        if len(new) > self.size // 4:
            raise ValueError(f"a session of {len(new)} bytes does not fit in its store")
        environment = self._environment or self._open()
        try:
            with environment.begin(self._blobs, write=True) as transaction:
                return self._swap(transaction, unhexlify(key), old, new)
        except self._failures as error:
            raise failed(self._place, error) from None

    def remove(self, key: str) -> None:
        name = unhexlify(key)
        environment = self._environment or self._open()
        try:
            with environment.begin(self._blobs, write=True) as transaction:
                if (found := transaction.get(name)) is not None:
                    self._drop(transaction, name, found)
        except self._failures as error:
            raise failed(self._place, error) from None

    def _open(self) -> lmdb.Environment:
        """The databases, in this process: the blobs by key, behind their stamps, and an
        index by stamp and key."""
        import lmdb

        name = b"guava.session." + self._name
        self._failures = lmdb.Error
        try:
            environment = shared.environment()
            self._blobs: Database = environment.open_db(name)
            self._by_age: Database = environment.open_db(name + b".age")
        except (lmdb.Error, OSError) as error:
            raise failed(self._place, error) from None
        self._environment = environment
        _opened.add(self)
        return environment

    def _is_over(self, found: bytes, now: int) -> bool:
        saved: int = _STAMP.unpack_from(found)[0]
        return now - saved > self.ttl

    def _swap(
        self,
        transaction: lmdb.Transaction[bytes],
        name: bytes,
        old: bytes | None,
        new: bytes,
    ) -> bool:
        now = int(time.time())
        found = transaction.get(name)
        if found is not None and self._is_over(found, now):
            self._drop(transaction, name, found)
            found = None
        if (None if found is None else found[_SIZE:]) != old:
            return False
        stamp = _STAMP.pack(now)
        if found is None or found[:_SIZE] != stamp:
            if found is not None:
                transaction.delete(found[:_SIZE] + name, db=self._by_age)
            transaction.put(stamp + name, b"", db=self._by_age)
        transaction.put(name, stamp + new)
        if old is None or len(new) > len(old):
            self._make_room(transaction, name, now, _ROOM * len(new))
        return True

    def _drop(
        self, transaction: lmdb.Transaction[bytes], name: bytes, found: bytes
    ) -> None:
        transaction.delete(name)
        transaction.delete(found[:_SIZE] + name, db=self._by_age)

    def _make_room(
        self, transaction: lmdb.Transaction[bytes], name: bytes, now: int, most: int
    ) -> None:
        """For the session `name`, which is stored already; others go until `most` bytes
        of them have."""
        freed = count = 0
        with transaction.cursor(self._by_age) as oldest:
            while _find_first(oldest, name):
                age = oldest.key()
                is_swept = count < _SWEEP and self._is_over(age, now)
                if not is_swept and (freed >= most or not self._is_full(transaction)):
                    return
                oldest.delete()
                freed += len(transaction.pop(age[_SIZE:]) or b"")
                count += 1

    def _is_full(self, transaction: lmdb.Transaction[bytes]) -> bool:
        return self.size < sum(
            found["psize"]
            * (found["branch_pages"] + found["leaf_pages"] + found["overflow_pages"])
            for found in map(transaction.stat, (self._blobs, self._by_age))
        )


def _find_first(oldest: lmdb.Cursor[bytes], name: bytes) -> bool:
    """Whether the cursor is at the oldest session now, that `name` left out."""
    return oldest.first() and (oldest.key()[_SIZE:] != name or oldest.next())


_opened: WeakSet[Mem] = WeakSet()


def _forget() -> None:
    """In a forked process: guava.shared's environment is of the one that opened it."""
    for store in _opened:
        store._environment = None


os.register_at_fork(after_in_child=_forget)
