"""Server-sent events (the HTML standard, section 9.2): an answer that goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from time import monotonic
from typing import Final

import msgspec

from guava.closing import iterator_of
from guava.forwarding import Forwarding
from guava.response import Fields, Response

_KEEP_ALIVE: Final = b":\n\n"
_LINE_END: Final = re.compile(r"\r\n|\r|\n")


class Event:
    """One event, as its bytes."""

    __slots__ = ("encoded",)

    def __init__(
        self,
        data: object = None,
        event: str | None = None,
        id: str | int | None = None,
        retry: float | None = None,
        comment: str | None = None,
    ) -> None:
        """`data` is text, or any other value as JSON; without it nothing is dispatched,
        and the other fields have their effect all the same.

        `event` names what kind it is, "message" unless given. `id` is what the client
        asks for next by Last-Event-ID, and "" has it forget. `retry` is after how many
        seconds it connects again. `comment` is for those who read the stream.

        ValueError where `event` or `id` has a line break, or `id` a NUL, or `retry` is
        negative; TypeError where `data` can not be JSON.
        """
        lines = []
        if comment is not None:
            lines += [f": {line}" for line in _LINE_END.split(comment)]
        if event is not None:
            lines.append(f"event: {_one_line('event', event)}")
        if id is not None:
            lines.append(f"id: {_one_line('id', str(id))}")
        if retry is not None:
            lines.append(f"retry: {_milliseconds(retry)}")
        if data is not None:
            lines += [f"data: {line}" for line in _LINE_END.split(_text(data))]
        self.encoded = "".join(f"{line}\n" for line in [*lines, ""]).encode()


class EventStream(Response):
    """Server-sent events, for as long as the client listens.

    A worker asks the source for the next event again and again, in turn with all else
    that it does: so the source must never wait. Where it has nothing, it yields None,
    and is asked again a tenth of a second later.
    """

    __slots__ = ()

    def __init__(
        self,
        events: Iterable[object],
        ping: float = 15,
        headers: Fields | None = None,
    ) -> None:
        """`events` yields an Event; text or another value, which is an event's data; or
        None for nothing now.

        After `ping` seconds without an event, a comment tells proxies and the server
        that the connection still stands. The source's close(), if it has one, is called
        when the client is gone, or the worker is to end; the client then connects again
        and says by Last-Event-ID what it has seen. ValueError as Response, or where
        `ping` is not positive.
        """
        if not ping > 0:
            raise ValueError(f"no ping can be every {ping} seconds")
        super().__init__(_Encoded(iterator_of(events), ping), 200, headers)
        self.set_header("Content-Type", "text/event-stream")
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Accel-Buffering", "no")  # nginx would gather events


class _Encoded(Forwarding[object]):
    """The bytes of events, as the engine asks for them."""

    __slots__ = ("_due", "_finished", "_ping")

    def __init__(self, events: Iterator[object], ping: float) -> None:
        super().__init__(events)
        self._ping = ping
        self._due = monotonic() + ping
        self._finished = False

    def __iter__(self) -> _Encoded:
        return self

    def __next__(self) -> bytes | None:
        if self._finished:
            raise StopIteration
        event = next(self._inner)
        if event is None:
            return self._keep_alive()
        self._due = monotonic() + self._ping
        return (event if isinstance(event, Event) else Event(event)).encoded

    def _keep_alive(self) -> bytes | None:
        now = monotonic()
        if now < self._due:
            return None
        self._due = now + self._ping
        return _KEEP_ALIVE

    def finish(self) -> None:
        """The worker is to end: no further event is asked for."""
        self._finished = True


def _one_line(what: str, text: str) -> str:
    if _LINE_END.search(text) or (what == "id" and "\0" in text):
        raise ValueError(f"the {what} of an event can not be {text!r}")
    return text


def _milliseconds(seconds: float) -> int:
    if seconds < 0:
        raise ValueError(f"nobody can connect again {seconds} seconds from now")
    return round(seconds * 1000)


def _text(data: object) -> str:
    return data if isinstance(data, str) else msgspec.json.encode(data).decode()
