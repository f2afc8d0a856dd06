"""Loads the sessions of requests and saves what has changed."""

from __future__ import annotations

import time
from hashlib import sha256
from typing import Any, Final

from msgspec.structs import replace

from guava import _core
from guava.session import codec
from guava.session.adapter import Adapter
from guava.session.blob import CONTENDED, TRIES, BlobStore
from guava.session.cookie import SessionCookie
from guava.session.errors import failed, log
from guava.session.record import Record
from guava.session.session import Changes, Session, Stored
from guava.session.store import SessionStore

Fields = list[tuple[str, str]]

_ID_MAX: Final = 256  # characters: longer ones are nobody's
_RENEWALS: Final = 20  # in the life of a session that is only read
_VARY: Final = ("Vary", "Cookie")
_SET_COOKIE: Final = "Set-Cookie"


class Sessions:
    """The sessions of one store and one cookie.

        sessions = guava.session.Sessions(guava.session.Mem(ttl=3600))
        guava.server.Server(session=sessions)

    A session that nobody asks for is over after the store's `ttl`, and any after
    `lifetime`, both in seconds; None is for ever. It may last a second more.
    """

    def __init__(
        self,
        store: SessionStore,
        *,
        cookie: SessionCookie | None = None,
        lifetime: float | None = None,
    ) -> None:
        self.store: BlobStore = (
            store if isinstance(store, BlobStore) else Adapter(store)
        )
        self.cookie = cookie or SessionCookie()
        self.ttl = store.ttl
        self.lifetime = lifetime
        self._name = self.cookie.name

    @classmethod
    def of(cls, session: Sessions | SessionStore | None) -> Sessions | None:
        """Sessions as they are; those of a store, with the usual cookie."""
        return cls(session) if isinstance(session, SessionStore) else session

    def open(self, request: _core.Request) -> Session:
        """The session of the id in the request's cookie; a new one where the store
        knows none, or no more. Raises as the store does."""
        sid = request.COOKIES.get(self._name)
        if sid is None or len(sid) > _ID_MAX or not sid.isascii():
            return Session()
        key = _key(sid)
        blob = self.store.read(key)
        session = None if blob is None else self._load(key, blob)
        return Session() if session is None else session

    def save(self, request: _core.Request, session: Session) -> Fields:
        """Store what has changed; the header fields that the answer gets for it, each
        once where it is called again.

        TypeError where a value can not be stored; else as the store does.
        """
        stored = session._stored
        if stored is None:
            fields = self._create(request, session)
        elif session._moves:
            fields = self._move(request, session, stored)
        else:
            fields = self._update(request, session, stored)
        if not session._is_told:
            session._is_told = True
            fields.append(_VARY)
        return fields

    # Loading

    def _load(self, key: str, blob: bytes) -> Session | None:
        """None for one that is corrupt, or whose time is over."""
        try:
            record = Record.unpack(blob)
            values = codec.decode(record.values)
        except ValueError as error:
            log.warning("session %s is corrupt and dropped: %s", key, error)
            self.store.remove(key)
            return None
        if self._is_over(record):
            self.store.remove(key)
            return None
        return Session(values, Stored(key, blob, record))

    def _is_over(self, record: Record) -> bool:
        now = int(time.time())
        if self.lifetime is not None and now - record.created > self.lifetime:
            return True
        return now - record.saved > self.ttl

    # Saving

    def _create(self, request: _core.Request, session: Session) -> Fields:
        """Of one that is nowhere: a new one, or one that was destroyed."""
        cookie = ""
        if session:
            cookie = self._put(request, session, int(time.time()))
        elif session._left:
            cookie = self.cookie.build("", 0, request.scheme)
        self._forget(session)
        return [(_SET_COOKIE, cookie)] if cookie else []

    def _move(self, request: _core.Request, session: Session, stored: Stored) -> Fields:
        """Of one that was given a new id. Where another request has destroyed the old
        one meanwhile, only what this one has put in is left."""
        blob = self.store.read(stored.key)
        if blob != stored.blob:
            values = Record.unpack(blob).values if blob else codec.encode({})
            _fill(session, Changes(stored.record.values, session).applied(values))
        cookie = self._put(request, session, stored.record.created)
        self._forget(session)
        return [(_SET_COOKIE, cookie)]

    def _put(self, request: _core.Request, session: Session, created: int) -> str:
        """Store under a new id; the cookie for it."""
        now = int(time.time())
        record = Record(created, now, now, codec.encode(session))
        sid = self.store.generate_id()
        stored = Stored(_key(sid), record.pack(), record)
        if not self.store.swap(stored.key, None, stored.blob):
            raise failed(f"session {stored.key}", "a new one has the id of another")
        session._stored, session._moves = stored, False
        return self.cookie.build(sid, self._max_age(record), request.scheme)

    def _forget(self, session: Session) -> None:
        for key in session._left:
            self.store.remove(key)
        session._left = ()

    def _update(
        self, request: _core.Request, session: Session, stored: Stored
    ) -> Fields:
        """Of one that stays where it is: if it has changed, or is to live on."""
        now = int(time.time())
        values = codec.encode(session)
        record = stored.record
        is_changed = values != record.values
        if not is_changed and not self._is_due(record.saved, now):
            return []
        is_renewed = self._is_due(record.renewed, now)
        renewed = now if is_renewed else record.renewed
        record = Record(record.created, renewed, now, values)
        blob = record.pack()
        if self.store.swap(stored.key, stored.blob, blob):
            session._stored = Stored(stored.key, blob, record)
        elif not is_changed or not self._merge(session, stored, record):
            return []  # who was first has renewed it, if it is there at all
        if not is_renewed:
            return []
        sid = request.COOKIES[self._name]
        cookie = self.cookie.build(sid, self._max_age(record), request.scheme)
        return [(_SET_COOKIE, cookie)]

    def _merge(self, session: Session, stored: Stored, record: Record) -> bool:
        """Put what has changed into what others have stored meanwhile. False where they
        have destroyed it: it is not made again, and the changes are lost with it."""
        changes = Changes(stored.record.values, session)
        for _ in range(TRIES):
            blob = self.store.read(stored.key)
            if blob is None:
                session.clear()
                session._stored = None
                return False
            values = changes.applied(Record.unpack(blob).values)
            merged = replace(record, values=codec.encode(values)).pack()
            if self.store.swap(stored.key, blob, merged):
                _fill(session, values)
                session._stored = Stored(stored.key, merged, Record.unpack(merged))
                return True
        raise failed(f"session {stored.key}", CONTENDED)

    def _is_due(self, moment: int, now: int) -> bool:
        """Whether what was done at that moment is to be done again."""
        return (now - moment) * _RENEWALS >= self.ttl

    def _max_age(self, record: Record) -> int:
        """Seconds that a browser is to keep the cookie."""
        left = self.ttl
        if self.lifetime is not None:
            left = min(left, record.created + self.lifetime - record.saved)
        return max(1, int(left))


def _key(sid: str) -> str:
    """What the store calls the session."""
    return sha256(sid.encode()).hexdigest()


def _fill(session: Session, values: dict[str, Any]) -> None:
    session.clear()
    session.update(values)
