"""Where sessions are kept: the base of all stores."""

from __future__ import annotations

import secrets
from abc import ABCMeta
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self

TWO_WEEKS: Final = 14 * 24 * 60 * 60.0
_ID_BYTES: Final = 24
_METHODS: Final = ("get", "set", "delete")


class _Choosing(ABCMeta):
    """Lets `SessionStore(type=Mem, size=size)` be `Mem(size=size)`, and refuses a store
    that lacks a method. Abstract methods would make type checkers refuse the first."""

    def __call__(cls, *args: Any, **options: Any) -> Any:
        if cls is SessionStore and "type" in options:
            return options.pop("type")(*args, **options)
        base = vars(SessionStore)
        missing = [name for name in _METHODS if getattr(cls, name) is base[name]]
        if missing:
            raise TypeError(f"{cls.__name__} has no {', '.join(missing)}")
        return super().__call__(*args, **options)


class SessionStore(metaclass=_Choosing):
    """Keeps sessions. A subclass has get(), set() and delete():

        class MyStore(guava.session.SessionStore):
            def __init__(self):
                self.sessions = {}

            def get(self, sid):
                return self.sessions.get(sid)

            def set(self, sid, value):
                self.sessions[sid] = value

            def delete(self, sid):
                self.sessions.pop(sid, None)

    A `sid` is never what is in a cookie, but its SHA-256 in hexadecimal: who reads the
    store takes over nobody's session. `SessionStore(type=Mem, **options)` makes a Mem.
    """

    if TYPE_CHECKING:  # what the metaclass takes

        def __new__(cls, *args: Any, **options: Any) -> Self: ...

    ttl: float = TWO_WEEKS  # seconds that a session lives after it was saved last
    reserved: ClassVar[str] = "$session"  # the key of the times, in `value` of set()

    def get(self, sid: str) -> dict[str, Any] | None:
        """What set() was given last; None where there is nothing, or no more."""
        raise NotImplementedError

    def set(self, sid: str, value: dict[str, Any]) -> None:
        """Keep `value`, which is the store's from now on.

        Its values are those of JSON, datetimes, dates, UUIDs and bytes. Besides the
        session's it has the key `reserved`, a list of numbers, which is to come back.
        """
        raise NotImplementedError

    def delete(self, sid: str) -> None:
        """Forget the session, if there is one."""
        raise NotImplementedError

    def clear(self, sid: str) -> None:
        """Empty the session and keep it."""
        self.set(sid, {})

    def generate_id(self) -> str:
        """A new id for a cookie: letters, digits, "-" and "_", 192 bits of the system's
        randomness."""
        return secrets.token_urlsafe(_ID_BYTES)
