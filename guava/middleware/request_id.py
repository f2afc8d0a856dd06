"""The request's id, in what the application logs."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, Final
from weakref import ref

from guava.middleware import options
from guava.request import Request
from guava.response import Response

_PLAIN: Final = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")
_current: ContextVar[tuple[ref[Request], str] | None] = ContextVar(
    "guava.request_id", default=None
)


class RequestID:
    """Gives every logging.LogRecord that is made while a request runs its id, which the
    error log shows behind the message; a format of one's own can have `%(request_id)s`.
    Outside of requests that is None.

    The engine names the request in X-Request-ID and in its own log lines by itself, by
    `request.id`. With `header`, what the client sends in that field goes before it,
    here and in request.state["request_id"], and comes back in the answer: for
    applications behind others that pass on an id of their own. Clients can choose any.
    """

    def __init__(self, header: str | None = None) -> None:
        """Raises TypeError, and ValueError as Response has it for a field."""
        self._header = None if header is None else options.token("header", header)
        if header is not None:
            Response(headers={header: "-"})
        _mark_records()

    def process_request(self, request: Request) -> None:
        found = request.id
        if self._header is not None:
            sent = request.HEADERS.get(self._header, "")
            if _PLAIN.fullmatch(sent):
                found = sent
        request.state["request_id"] = found
        _current.set((ref(request), found))

    def process_response(self, request: Request, response: Response) -> None:
        _current.set(None)
        if self._header is not None:
            response.set_header(self._header, request.state["request_id"])


class _Marked:
    """Makes records as another factory does, and marks them."""

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._make(*args, **kwargs)
        record.request_id = _running()
        return record


def _running() -> str | None:
    """The id of the request that runs. One that a router has declined has ended without
    process_response()."""
    current = _current.get()
    if current is None:
        return None
    request, found = current
    return found if request() is not None else None


def _mark_records() -> None:
    """Once a process, however many middleware there are."""
    make = logging.getLogRecordFactory()
    if not isinstance(make, _Marked):
        logging.setLogRecordFactory(_Marked(make))
