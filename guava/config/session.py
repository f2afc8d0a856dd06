"""Sessions, as the configuration names them: a store each, and a cookie."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from guava.config.kinds import CLASS_PATH, Duration, FilePath, Flag, Name, Reader, Size
from guava.config.section import Section
from guava.config.store_url import DatabaseURL, MemcachedServer, RedisURL
from guava.config.tree import Node, Scalar
from guava.config.units import DAY, GIB, KIB, MIB, SECOND
from guava.grammar import TOKEN

CookieName = Annotated[str, Name(pattern=TOKEN, called="a name such as sid")]
CookiePath = Annotated[str, Name(pattern=r"/[ -:<-~]*", called="a path such as /")]
Domain = Annotated[
    str,
    Name(pattern=r"[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*", called="a name such as a.example"),
]
Prefix = Annotated[
    str, Name(pattern=r"[!-~]{0,128}", called="a prefix such as shop:session:")
]


class Secure(Flag, frozen=True):
    """True, false, or auto."""

    @property
    def expected(self) -> str:
        return "auto, true or false"

    def read(self, node: Node, reader: Reader, where: str) -> bool | Literal["auto"]:
        if isinstance(node, Scalar) and node.text == "auto":
            return "auto"
        return bool(Flag.read(self, node, reader, where))


class SessionCookie(Section, frozen=True, kw_only=True):
    """The cookie that holds a session's id."""

    name: CookieName = "sid"
    path: CookiePath = "/"
    domain: Domain | None = None
    http_only: bool = True
    same_site: Literal["lax", "strict", "none"] = "lax"
    secure: Annotated[bool | Literal["auto"], Secure()] = "auto"
    prefix: Literal["__Host-", "__Secure-"] | None = None


class Kept(Section, frozen=True, kw_only=True):
    """What all sessions may have."""

    ttl: Annotated[int, Duration()] = 14 * DAY
    lifetime: Annotated[int, Duration()] | None = None
    cookie: SessionCookie = SessionCookie()


class MemSessions(Kept, frozen=True, kw_only=True, tag_field="store", tag="mem"):
    """In memory that the workers share."""

    size: Annotated[int, Size(least=256 * KIB, most=8 * GIB)] = 64 * MIB


class FileSessions(Kept, frozen=True, kw_only=True, tag_field="store", tag="file"):
    """In files, one each."""

    directory: Annotated[str, FilePath(must="be a folder")]


class PythonSessions(Kept, frozen=True, kw_only=True, tag_field="store", tag="python"):
    """In a store of the application's own, made as `class_(**options)`."""

    class_: Annotated[
        str, Name(pattern=CLASS_PATH, called="a class such as app.MyStore")
    ] = msgspec.field(name="class")
    options: dict[Annotated[str, Name()], Any] = msgspec.field(default_factory=dict)


class RedisSessions(Kept, frozen=True, kw_only=True, tag_field="store", tag="redis"):
    """In one Redis, in one that Sentinels watch, or in a cluster."""

    url: Annotated[str, RedisURL()] = "redis://127.0.0.1:6379/0"
    prefix: Prefix = "guava:session:"
    connect_timeout: Annotated[int, Duration()] = SECOND
    timeout: Annotated[int, Duration()] = SECOND
    ca: Annotated[str, FilePath(must="be a file")] | None = None
    certificate: Annotated[str, FilePath(must="be a file")] | None = None
    private_key: Annotated[str, FilePath(must="be a file")] | None = None


class MemcachedSessions(
    Kept, frozen=True, kw_only=True, tag_field="store", tag="memcached"
):
    """In some memcached."""

    servers: Annotated[
        tuple[Annotated[str, MemcachedServer()], ...], msgspec.Meta(min_length=1)
    ] = ("127.0.0.1:11211",)
    prefix: Prefix = "guava:session:"
    connect_timeout: Annotated[int, Duration()] = SECOND
    timeout: Annotated[int, Duration()] = SECOND


class SQLSessions(Kept, frozen=True, kw_only=True, tag_field="store", tag="sql"):
    """In a table of a database."""

    url: Annotated[str, DatabaseURL()]
    table: Annotated[str, Name(called="a name such as guava_sessions")] = (
        "guava_sessions"
    )
    connect_timeout: Annotated[int, Duration()] = SECOND
    timeout: Annotated[int, Duration()] = SECOND


RemoteSessions = RedisSessions | MemcachedSessions | SQLSessions
Sessions = MemSessions | FileSessions | PythonSessions | RemoteSessions
