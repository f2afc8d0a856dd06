"""Stores of the application's own, seen as guava's."""

from __future__ import annotations

import time
from typing import Any

from guava.session import codec
from guava.session.blob import BlobStore
from guava.session.record import Record
from guava.session.store import SessionStore


class Adapter(BlobStore):
    """A blob store of one that knows values.

    swap() looks, compares and sets: two who do it at the same time may both see the
    old values, and one change be lost. What the store gives and gets is a copy.
    """

    def __init__(self, store: SessionStore) -> None:
        super().__init__(store.ttl)
        self._store = store

    def read(self, key: str) -> bytes | None:
        value = self._store.get(key)
        return None if value is None else _pack(value).pack()

    def swap(self, key: str, old: bytes | None, new: bytes) -> bool:
        if self.read(key) != old:
            return False
        self._store.set(key, _unpack(Record.unpack(new)))
        return True

    def remove(self, key: str) -> None:
        self._store.delete(key)

    def clear(self, sid: str) -> None:
        self._store.clear(sid)

    def generate_id(self) -> str:
        return self._store.generate_id()


def _pack(value: dict[str, Any]) -> Record:
    """One that the application has put there by itself has no times yet."""
    values = {key: item for key, item in value.items() if key != SessionStore.reserved}
    times = value.get(SessionStore.reserved) or [int(time.time())] * 3
    created, renewed, saved = times
    return Record(created, renewed, saved, codec.encode(values))


def _unpack(record: Record) -> dict[str, Any]:
    times = [record.created, record.renewed, record.saved]
    return {**codec.decode(record.values), SessionStore.reserved: times}
