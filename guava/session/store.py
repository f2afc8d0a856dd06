"""Where sessions are kept: the base of all stores."""

from __future__ import annotations

import secrets
from abc import ABCMeta, abstractmethod
from typing import Any, ClassVar, Final

TWO_WEEKS: Final = 14 * 24 * 60 * 60.0
_ID_BYTES: Final = 24


class _Choosing(ABCMeta):
    """Lets `SessionStore(type=Mem, size=size)` be `Mem(size=size)`."""

    def __call__(cls, *args: Any, **options: Any) -> Any:
        if cls is SessionStore and "type" in options:
            return options.pop("type")(*args, **options)
        return super().__call__(*args, **options)


class SessionStore(metaclass=_Choosing):
    """Keeps sessions. A subclass has get(), set(), delete() and clear():

        class MyStore(guava.session.SessionStore):
            def __init__(self):
                self.sessions = {}

            def get(self, sid):
                return self.sessions.get(sid)

            def set(self, sid, value):
                self.sessions[sid] = value

            def delete(self, sid):
                self.sessions.pop(sid, None)

            def clear(self, sid):
                self.set(sid, {})

    A `sid` is never what is in a cookie, but its SHA-256 in hexadecimal: who reads the
    store takes over nobody's session. `SessionStore(type=Mem, **options)` makes a Mem.
    """

    ttl: float = TWO_WEEKS  # seconds that a session lives after it was saved last
    reserved: ClassVar[str] = "$session"  # the key of the times, in `value` of set()

    @abstractmethod
    def get(self, sid: str) -> dict[str, Any] | None:
        """What set() was given last; None where there is nothing, or no more."""

    @abstractmethod
    def set(self, sid: str, value: dict[str, Any]) -> None:
        """Keep `value`, which is the store's from now on.

        Its values are those of JSON, datetimes, dates, UUIDs and bytes. Besides the
        session's it has the key `reserved`, a list of numbers, which is to come back.
        """

    @abstractmethod
    def delete(self, sid: str) -> None:
        """Forget the session, if there is one."""

    @abstractmethod
    def clear(self, sid: str) -> None:
        """Empty the session and keep it."""

    def generate_id(self) -> str:
        """A new id for a cookie: letters, digits, "-" and "_", 192 bits of the system's
        randomness."""
        return secrets.token_urlsafe(_ID_BYTES)
