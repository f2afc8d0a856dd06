"""Sessions in Redis: one server, one that Sentinels watch, or a cluster."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar, Final

import redis
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode
from redis.exceptions import RedisClusterException, RedisError
from redis.retry import Retry
from redis.sentinel import Sentinel

from guava.config.store_url import RedisPlace, parse_redis, shown_url
from guava.session.remote import Remote
from guava.session.store import TWO_WEEKS

# ARGV: what is expected, or nothing; what is to be there; milliseconds to live. Asked
# for as a whole each time: a server that has just taken over knows no scripts.
SWAP: Final = """\
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
"""


class Redis(Remote):
    """Keeps each session in a key: `prefix` and the digest of its id.

    `url` is one that guava.config.store_url.parse_redis() takes. `connect_timeout` and
    `timeout`, for an answer, are in seconds. With a `rediss` URL the server's
    certificate is checked against the authorities in the file `ca` (the system's), and
    guava shows the one in `certificate`, whose key is in `private_key`. ValueError for
    a URL that makes no sense. Nothing is connected to before the first call.
    """

    failures: ClassVar = (RedisError, RedisClusterException, OSError)

    def __init__(
        self,
        url: str = "redis://127.0.0.1:6379/0",
        *,
        ttl: float = TWO_WEEKS,
        prefix: str = "guava:session:",
        connect_timeout: float = 1.0,
        timeout: float = 1.0,
        ca: str | None = None,
        certificate: str | None = None,
        private_key: str | None = None,
    ) -> None:
        super().__init__(shown_url(url), min(connect_timeout, timeout), ttl)
        self._place = parse_redis(url)
        self._prefix = prefix
        self._options: dict[str, Any] = {
            "username": self._place.username,
            "password": self._place.password,
            "socket_connect_timeout": connect_timeout,
            "socket_timeout": timeout,
            "protocol": 2,  # there is nothing in the third that is asked for here
            "retry": Retry(NoBackoff(), 0),  # a second call is this class's own affair
        }
        if not self._place.tls and (ca or certificate or private_key):
            raise ValueError("only a rediss URL has certificates")
        if self._place.tls:
            self._options |= {
                "ssl": True,
                "ssl_ca_certs": ca,
                "ssl_certfile": certificate,
                "ssl_keyfile": private_key,
                "ssl_check_hostname": True,
            }

    @cached_property
    def _client(self) -> Any:
        """redis-py's, whose pool knows by itself when the process has forked."""
        return _connect(self._place, self._options)

    def close(self) -> None:
        if "_client" in vars(self):
            self._client.close()

    def _read(self, key: str) -> bytes | None:
        found: bytes | None = self._client.get(self._prefix + key)
        return found

    def _swap(self, key: str, old: bytes | None, new: bytes) -> bool:
        life = int(self.ttl * 1000)
        name = self._prefix + key
        return bool(self._client.eval(SWAP, 1, name, old or b"", new, life))

    def _remove(self, key: str) -> None:
        self._client.delete(self._prefix + key)

    def _is_broken(self, error: Exception) -> bool:
        return isinstance(error, redis.ConnectionError)


def _connect(place: RedisPlace, options: dict[str, Any]) -> Any:
    """A client of redis-py's. A cluster is asked at once for its nodes, Sentinels are
    whenever a connection is made."""
    if place.topology == "cluster":
        nodes = [ClusterNode(host, port) for host, port in place.hosts]
        return redis.RedisCluster(startup_nodes=nodes, **options)
    if place.topology == "sentinel":
        watch = {k: v for k, v in options.items() if k not in ("username", "password")}
        sentinel = Sentinel(place.hosts, sentinel_kwargs=watch, **options)
        return sentinel.master_for(place.service, db=place.database)
    if place.topology == "socket":
        return redis.Redis(unix_socket_path=place.path, db=place.database, **options)
    [(host, port)] = place.hosts
    return redis.Redis(host, port, place.database, **options)
