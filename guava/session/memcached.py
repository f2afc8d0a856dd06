"""Sessions in memcached, which is a cache: it may drop any of them to make room."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from math import ceil
from typing import Any, ClassVar, Final

from pymemcache.client.base import PooledClient
from pymemcache.exceptions import MemcacheError, MemcacheUnexpectedCloseError

from guava.config.store_url import MEMCACHED_PORT, UNIX, parse_hosts
from guava.session.blob import BlobStore
from guava.session.remote import Remote
from guava.session.store import TWO_WEEKS

LONGEST: Final = 30 * 24 * 60 * 60  # more seconds than these memcached takes for a date
TOO_LARGE: Final = "object too large for cache"
_NOTHING: Final = ("", b"", b"")


class Memcached(BlobStore):
    """Keeps each session in an item: `prefix` and the digest of its id.

    `servers` are each `host[:port]`, or `unix:` and a path. A session is always in the
    same one of them, and does not move to another when that is away. `connect_timeout`
    and `timeout`, for an answer, are in seconds. ValueError for servers that make no
    sense, and for a session larger than an item may be. Nothing is connected to before
    the first call.
    """

    def __init__(
        self,
        servers: Sequence[str] = ("127.0.0.1:11211",),
        *,
        ttl: float = TWO_WEEKS,
        prefix: str = "guava:session:",
        connect_timeout: float = 1.0,
        timeout: float = 1.0,
    ) -> None:
        super().__init__(ttl)
        if not servers:
            raise ValueError("expected at least one server")
        options = {
            "key_prefix": prefix,
            "connect_timeout": connect_timeout,
            "timeout": timeout,
            "no_delay": True,
            "default_noreply": False,
        }
        self._servers = [_Server(place, ttl, options) for place in servers]

    def read(self, key: str) -> bytes | None:
        return self._server(key).read(key)

    def swap(self, key: str, old: bytes | None, new: bytes) -> bool:
        return self._server(key).swap(key, old, new)

    def remove(self, key: str) -> None:
        self._server(key).remove(key)

    def close(self) -> None:
        """Close what connections there are; the next call makes new ones."""
        for server in self._servers:
            server.close()

    def _server(self, key: str) -> _Server:
        """The one whose mark for the key is highest, so that one server more or less
        moves only those sessions that it has, or had."""
        if len(self._servers) == 1:
            return self._servers[0]
        return max(self._servers, key=lambda server: server.mark(key))


class _Server(Remote):
    """One of the servers; `options` are pymemcache's."""

    failures: ClassVar = (MemcacheError, OSError)

    def __init__(self, place: str, ttl: float, options: dict[str, Any]) -> None:
        patience = min(options["connect_timeout"], options["timeout"])
        super().__init__(f"memcached {place}", patience, ttl)
        self._seed = blake2b(place.encode()).digest()
        self._address: str | tuple[str, int] = place
        if not place.startswith(UNIX):
            [self._address] = parse_hosts(place, MEMCACHED_PORT)
        self._options = options
        self._pid = 0
        self._last = _NOTHING

    def mark(self, key: str) -> bytes:
        return blake2b(key.encode(), key=self._seed, digest_size=8).digest()

    def close(self) -> None:
        if self._pid == os.getpid():
            self._pool.close()

    @property
    def _client(self) -> Any:
        """This process's own: a connection can not be shared with one that has
        forked."""
        if self._pid != os.getpid():
            self._pid = os.getpid()
            self._pool = PooledClient(self._address, **self._options)
        return self._pool

    def _read(self, key: str) -> bytes | None:
        value: bytes | None
        value, token = self._client.gets(key)
        self._last = _NOTHING if value is None else (key, value, token)
        return value

    def _swap(self, key: str, old: bytes | None, new: bytes) -> bool:
        try:
            if old is None:
                return bool(self._client.add(key, new, self._expiry()))
            return any(
                self._client.cas(key, new, token, self._expiry())
                for token in self._tokens(key, old)
            )
        except MemcacheError as error:
            if TOO_LARGE in self._reason(error):
                what = f"a session of {len(new)} bytes is larger than an item may be"
                raise ValueError(f"{self.place}: {what}") from error
            raise

    def _tokens(self, key: str, value: bytes) -> Iterator[bytes]:
        """What stands for the item with this value: as it was read last, which is most
        often what is to be changed, and as it is now."""
        (last_key, last_value, token), self._last = self._last, _NOTHING
        if (last_key, last_value) == (key, value):
            yield token
        found, token = self._client.gets(key)
        if found == value:
            yield token

    def _expiry(self) -> int:
        """When an item that is stored now expires, as memcached counts: whole seconds,
        and none is for ever."""
        life = ceil(self.ttl)
        return life if life <= LONGEST else int(time.time()) + life

    def _remove(self, key: str) -> None:
        self._client.delete(key)

    def _is_broken(self, error: Exception) -> bool:
        return isinstance(error, MemcacheUnexpectedCloseError | ConnectionError)

    def _reason(self, error: Exception) -> str:
        [text] = error.args[:1] or [type(error).__name__]
        return text.decode(errors="replace") if isinstance(text, bytes) else str(error)
