"""Where the stores of sessions are that are servers of their own.

Nothing here shows a password: what a message says of a URL is what shown_url() leaves.
"""

from __future__ import annotations

import re
from typing import Final, Literal
from urllib.parse import unquote

import msgspec

from guava.config.kinds import FilePath, Kind, KindError

REDIS_PORT: Final = 6379
SENTINEL_PORT: Final = 26379
MEMCACHED_PORT: Final = 11211
UNIX: Final = "unix:"
SQLITE: Final = "sqlite:///"
DRIVERS: Final = {
    "sqlite": "pysqlite",
    "postgresql": "psycopg",
    "mysql": "pymysql",
    "mariadb": "pymysql",
}

Topology = Literal["single", "socket", "sentinel", "cluster"]
Host = tuple[str, int]

_USER: Final = r"((?P<username>[^:@/?#]*)(:(?P<password>[^@/?#]*))?@)?"
_HOSTS: Final = r"(?P<hosts>[^@/?#]+)"
_DATABASE: Final = r"(?P<database>[0-9]{1,5})"
_FORMS: Final[dict[Topology, str]] = {
    "single": rf"rediss?://{_USER}(?P<hosts>[^@/?#,]+)(/{_DATABASE}?)?",
    "socket": rf"unix://{_USER}(?P<path>/[^@?#]+)(\?db={_DATABASE})?",
    "sentinel": rf"rediss?\+sentinel://{_USER}{_HOSTS}/(?P<service>[^@/?#]+)(/{_DATABASE})?",
    "cluster": rf"rediss?\+cluster://{_USER}{_HOSTS}/?",
}
_HOST: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::([0-9]{1,5}))?", re.ASCII)
_SECRET: Final = re.compile(r"^([A-Za-z0-9+.-]+://)?.*@|[?#].*", re.DOTALL)


class RedisPlace(msgspec.Struct, frozen=True, kw_only=True):
    """One Redis by its host, or by the path of its `socket`; the Sentinels that know
    where `service` is; or some nodes of a cluster."""

    topology: Topology
    tls: bool
    hosts: tuple[Host, ...]
    path: str
    service: str
    database: int
    username: str | None
    password: str | None


def parse_redis(url: str) -> RedisPlace:
    """What a URL says: `redis://[user:password@]host[:port][/database]`,
    `unix://[user:password@]/path[?db=database]`,
    `redis+sentinel://[user:password@]host[:port],…/service[/database]`, or
    `redis+cluster://[user:password@]host[:port],…`; with `rediss`, by TLS.

    The user is the Redis's own, not the Sentinels'. Percent-encoding is decoded.
    Raises ValueError.
    """
    for topology, form in _FORMS.items():
        if match := re.fullmatch(form, url, re.ASCII):
            parts = {
                name: unquote(text or "") for name, text in match.groupdict().items()
            }
            port = SENTINEL_PORT if topology == "sentinel" else REDIS_PORT
            hosts = parts.get("hosts")
            return RedisPlace(
                topology=topology,
                tls=url.startswith("rediss"),
                hosts=parse_hosts(hosts, port) if hosts else (),
                path=parts.get("path", ""),
                service=parts.get("service", ""),
                database=int(parts.get("database") or 0),
                username=parts["username"] or None,
                password=parts["password"] or None,
            )
    raise ValueError(f"{shown_url(url)} is not the URL of a Redis")


def parse_hosts(text: str, port: int) -> tuple[Host, ...]:
    """The hosts of "host[:port],…", and `port` where none is given. IPv6 addresses
    stand in brackets and come out without. Raises ValueError.
    """
    return tuple(_host(one, port) for one in text.split(","))


def _host(text: str, port: int) -> Host:
    match = _HOST.fullmatch(text)
    if match is None or not 1 <= int(match[2] or port) <= 65535:
        raise ValueError(f"{text} is not a host and a port")
    return match[1].strip("[]"), int(match[2] or port)


def shown_url(url: str) -> str:
    """A URL, or what was meant as one, without the user, the password and the options
    that it has."""
    return _SECRET.sub(r"\1", url)


class RedisURL(Kind, frozen=True):
    """A URL that parse_redis() takes."""

    @property
    def expected(self) -> str:
        return "a URL such as redis://127.0.0.1:6379/0"

    def convert(self, text: str, base: str) -> str:
        try:
            parse_redis(text)
        except ValueError:
            message = f"expected {self.expected}, found {shown_url(text)}"
            raise KindError(message) from None
        return text


class MemcachedServer(Kind, frozen=True):
    """`host[:port]`, or `unix:` and the path of a socket."""

    @property
    def expected(self) -> str:
        return "a server such as 127.0.0.1:11211, or unix: and a path"

    def convert(self, text: str, base: str) -> str:
        if text.startswith(UNIX):
            return UNIX + FilePath().convert(text.removeprefix(UNIX), base)
        _host(text, MEMCACHED_PORT)
        return text


class DatabaseURL(Kind, frozen=True):
    """A URL of a database, whose driver is guava's choice; the path of an SQLite file
    made absolute."""

    @property
    def expected(self) -> str:
        return "a URL such as sqlite:///sessions.db or postgresql://host/database"

    def convert(self, text: str, base: str) -> str:
        if text.startswith(SQLITE):
            return SQLITE + FilePath().convert(text.removeprefix(SQLITE), base)
        scheme, separator, _ = text.partition("://")
        dialect, _, driver = scheme.partition("+")
        is_known = dialect in DRIVERS and dialect != "sqlite"
        if separator and is_known and driver in ("", DRIVERS[dialect]):
            return text
        raise KindError(f"expected {self.expected}, found {shown_url(text)}")
