"""How often something may be done, counted over all workers.

The generic cell rate algorithm (ITU-T I.371): for each key one moment is kept, at
which all that was taken will have been paid off at the rate. It lies ahead by at most
what may be taken at once.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from time import CLOCK_BOOTTIME, clock_gettime_ns
from typing import TYPE_CHECKING, Final, NamedTuple

from guava import shared

if TYPE_CHECKING:
    import lmdb

    Database = lmdb._Database

_SECOND: Final = 10**9
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_RATE: Final = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,4})?([smhd])")
_DATABASE: Final = b"guava.rate_limit"
_KEYS_MAX: Final = 200_000  # of all limits, some 10 MB
_SWEEP: Final = 2  # keys that are looked at for each new one, so that all are


class Rate(NamedTuple):
    """So many in so many seconds."""

    quota: int
    seconds: int


def parse_rate(text: str) -> Rate:
    """The rate "100/m", also by s, h and d, or "5/10m". Raises ValueError."""
    found = _RATE.fullmatch(text)
    if found is None:
        raise ValueError(f"not a rate: {text!r}")
    return Rate(int(found[1]), int(found[2] or 1) * _UNITS[found[3]])


class Standing(NamedTuple):
    """How a key stands, in seconds and whole ones of what is counted."""

    remaining: int  # that may be taken now
    reset: int  # until as many may be taken as at first
    wait: int  # until one may be taken again; 0 where one has been taken


class Limiter:
    """A limit of all workers, by key."""

    def __init__(self, name: str, rate: Rate, burst: int) -> None:
        """`burst` may be taken at once. Limits of one name, rate and burst are one."""
        self._interval = rate.seconds * _SECOND // rate.quota
        self._most = burst * self._interval
        self._salt = f"{name}\n{rate.quota}/{rate.seconds}\n{burst}\n".encode()
        self._environment: lmdb.Environment | None = None
        self._swept = b""

    def take(self, key: str) -> Standing:
        """Take one for `key`, where one is left. Raises lmdb.Error."""
        name = blake2b(self._salt + key.encode(), digest_size=16).digest()
        with self._open().begin(self._moments, write=True) as transaction:
            # Within the transaction, so that moments are in the order of workers.
            now = clock_gettime_ns(CLOCK_BOOTTIME)
            found = transaction.get(name)
            paid = now if found is None else max(now, int.from_bytes(found))
            wait = paid + self._interval - now - self._most
            if wait > 0:
                return Standing(0, _whole(paid - now), _whole(wait))
            paid += self._interval
            transaction.put(name, paid.to_bytes(8))
            if found is None:
                self._make_room(transaction, now)
        remaining = (now + self._most - paid) // self._interval
        return Standing(remaining, _whole(paid - now), 0)

    def _open(self) -> lmdb.Environment:
        """With the database of this process."""
        environment = shared.environment()
        if environment is not self._environment:
            self._moments: Database = environment.open_db(_DATABASE)
            self._environment = environment
        return environment

    def _make_room(self, transaction: lmdb.Transaction[bytes], now: int) -> None:
        """Drop what is paid off among the next few keys, and where there are too many
        one that is not: as keys are digests, any."""
        is_full = transaction.stat(self._moments)["entries"] > _KEYS_MAX
        with transaction.cursor() as cursor:
            is_there = cursor.set_range(self._swept) or cursor.first()
            for _ in range(_SWEEP):
                if not is_there:
                    break
                if is_full or int.from_bytes(cursor.value()) <= now:
                    cursor.delete()
                    is_full, is_there = False, cursor.key() != b""
                else:
                    is_there = cursor.next()
            self._swept = cursor.key() if is_there else b""


def _whole(nanoseconds: int) -> int:
    """In seconds, rounded up."""
    return -(-nanoseconds // _SECOND)
