"""What a request has for a session."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import msgspec

from guava.session import codec
from guava.session.record import Record

_FLASHES: Final = "_flashes"


class Flash(NamedTuple):
    """A message for the next page."""

    message: str
    category: str


class Stored(msgspec.Struct, frozen=True, gc=False):
    """Where a session was loaded from, and as what."""

    key: str
    blob: bytes
    record: Record


class Session(dict[str, Any]):
    """The session of a request: a dict that is stored behind the action, if it changed.

    Values are those of JSON, datetimes, dates, UUIDs and bytes, nested as they like.
    """

    __slots__ = ("_is_told", "_left", "_moves", "_stored")

    def __init__(
        self, values: Iterable[Any] = (), stored: Stored | None = None
    ) -> None:
        """`values` as dict() takes them."""
        dict.__init__(self, values)
        self._stored = stored  # None: nowhere yet
        self._moves = False  # to another id
        self._left: tuple[str, ...] = ()  # keys that it no longer has
        self._is_told = False  # whoever keeps the answer, that it depends on a cookie

    @property
    def is_new(self) -> bool:
        """Whether there is no session that the client has the id of."""
        return self._stored is None

    def regenerate(self) -> None:
        """Keep what is there under a new id, and have the old one lead nowhere.

        To be called where a user logs in, so that nobody who knew the id before, or
        had even chosen it, is logged in too (session fixation).
        """
        if self._stored is not None:
            self._left += (self._stored.key,)
            self._moves = True

    def destroy(self) -> None:
        """Forget everything, and have the client forget its cookie. What is put in
        afterwards is a new session."""
        if self._stored is not None:
            self._left += (self._stored.key,)
        self._stored, self._moves = None, False
        self.clear()

    def flash(self, message: str, category: str = "info") -> None:
        """Leave a message for whoever asks for flashes() next: mostly the page that a
        form redirects to."""
        self.setdefault(_FLASHES, []).append([message, category])

    def flashes(self) -> list[Flash]:
        """The messages that are left, the oldest first. Each is given once."""
        return [Flash(*found) for found in self.pop(_FLASHES, ())]


class Changes:
    """What a request has changed of the values that were stored."""

    def __init__(self, before: bytes, values: dict[str, Any]) -> None:
        """`before` is what codec.encode() made of them."""
        old = codec.decode(before)
        self.put = {
            key: value
            for key, value in values.items()
            if key not in old
            or codec.encode({key: value}) != codec.encode({key: old[key]})
        }
        self.gone = old.keys() - values.keys()

    def applied(self, values: bytes) -> dict[str, Any]:
        """To what others have made of the values meanwhile."""
        merged = codec.decode(values)
        for key in self.gone:
            merged.pop(key, None)
        return merged | self.put
