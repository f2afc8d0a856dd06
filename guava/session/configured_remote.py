"""Stores that are servers of their own: made from the configuration, and checked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from guava.config import session as config
from guava.config.units import SECOND
from guava.importing import LoadError, describe
from guava.session.store import SessionStore

_DISTRIBUTIONS: Final = {
    "redis": "guava[redis]",
    "pymemcache": "guava[memcached]",
    "sqlalchemy": "guava[sql]",
    "psycopg": "psycopg[binary]",
    "pymysql": "PyMySQL",
}


def make(section: config.RemoteSessions, ttl: float) -> SessionStore:
    """The store of a section. What it needs is imported, and nothing connected to.
    Raises LoadError."""
    with _telling():
        match section:
            case config.RedisSessions():
                return _redis(section, ttl)
            case config.MemcachedSessions():
                return _memcached(section, ttl)
            case config.SQLSessions():
                return _sql(section, ttl)


@contextmanager
def _telling() -> Iterator[None]:
    """Raise LoadError for what the makers of stores may raise."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name not in _DISTRIBUTIONS:
            raise LoadError("store", describe(error)) from error
        needed = f"pip install '{_DISTRIBUTIONS[error.name]}'"
        raise LoadError("store", f"{error.name} is not installed: {needed}") from None
    except ValueError as error:
        raise LoadError("url", str(error)) from None


def _redis(section: config.RedisSessions, ttl: float) -> SessionStore:
    from guava.session.redis import Redis

    return Redis(
        section.url,
        ttl=ttl,
        prefix=section.prefix,
        connect_timeout=section.connect_timeout / SECOND,
        timeout=section.timeout / SECOND,
        ca=section.ca,
        certificate=section.certificate,
        private_key=section.private_key,
    )


def _memcached(section: config.MemcachedSessions, ttl: float) -> SessionStore:
    from guava.session.memcached import Memcached

    return Memcached(
        section.servers,
        ttl=ttl,
        prefix=section.prefix,
        connect_timeout=section.connect_timeout / SECOND,
        timeout=section.timeout / SECOND,
    )


def _sql(section: config.SQLSessions, ttl: float) -> SessionStore:
    from guava.session.sql import SQL

    return SQL(
        section.url,
        ttl=ttl,
        table=section.table,
        connect_timeout=section.connect_timeout / SECOND,
        timeout=section.timeout / SECOND,
    )
