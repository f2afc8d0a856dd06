"""Sessions: made from the configuration, and checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from guava import loading
from guava.config import session as config
from guava.config.units import SECOND
from guava.cookie import SameSite
from guava.importing import LoadError
from guava.session import configured_remote
from guava.session.cookie import SessionCookie
from guava.session.file import File
from guava.session.mem import Mem
from guava.session.sessions import Sessions
from guava.session.store import SessionStore

_SAME_SITE: Final[Mapping[str, SameSite]] = {
    "lax": "Lax",
    "strict": "Strict",
    "none": "None",
}


def make(name: str, section: config.Sessions) -> Sessions:
    """The sessions of a section. Nothing is opened yet. Raises LoadError."""
    lifetime = None if section.lifetime is None else section.lifetime / SECOND
    cookie, store = _cookie(section.cookie), _store(name, section)
    return Sessions(store, cookie=cookie, lifetime=lifetime)


def _cookie(section: config.SessionCookie) -> SessionCookie:
    try:
        return SessionCookie(
            section.name,
            path=section.path,
            domain=section.domain,
            http_only=section.http_only,
            same_site=_SAME_SITE[section.same_site],
            secure=section.secure,
            prefix=section.prefix or "",
        )
    except ValueError as error:
        raise LoadError("cookie", str(error)) from None


def _store(name: str, section: config.Sessions) -> SessionStore:
    ttl = section.ttl / SECOND
    match section:
        case config.MemSessions():
            return Mem(ttl=ttl, size=section.size, name=name)
        case config.FileSessions():
            return _file(section, ttl)
        case config.PythonSessions():
            return _own(section, ttl)
        case _:
            return configured_remote.make(section, ttl)


def _file(section: config.FileSessions, ttl: float) -> SessionStore:
    try:
        return File(section.directory, ttl=ttl)
    except ValueError as error:
        raise LoadError("directory", str(error)) from None


def _own(section: config.PythonSessions, ttl: float) -> SessionStore:
    cls = loading.find_class(section.class_)
    if not issubclass(cls, SessionStore):
        what = f"{section.class_} is not a guava.session.SessionStore"
        raise LoadError("class", what)
    store = loading.make(cls, section.options, section.class_)
    store.ttl = ttl
    return store
