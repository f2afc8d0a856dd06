"""A whole answer as one value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Unpack

from guava import cookie


class SentByEngine:
    """The type of SENT_BY_ENGINE."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "SENT_BY_ENGINE"


SENT_BY_ENGINE: Final = SentByEngine()
"""The body that middleware finds where the engine sends a file."""

Body = str | bytes | Iterator[str | bytes] | SentByEngine
Fields = Mapping[str, str] | Iterable[tuple[str, str]]

_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FORBIDDEN: Final = re.compile(r"[\0-\x08\x0a-\x1f\x7f]")
_OF_THE_SERVER: Final = frozenset(
    (
        "connection",
        "content-length",
        "date",
        "keep-alive",
        "server",
        "transfer-encoding",
        "upgrade",
    )
)


class Response:
    """Status, header fields and body of an answer.

    The engine reads the three attributes when the action has returned:

    `status`   an integer
    `headers`  pairs of name and value, in the order they are sent
    `body`     str (sent as UTF-8), bytes, or an iterator of these, which is streamed
    """

    __slots__ = ("body", "headers", "status")

    def __init__(
        self,
        body: Body | Iterable[str | bytes] = b"",
        status: int = 200,
        headers: Fields | None = None,
        content_type: str | None = None,
    ) -> None:
        """ValueError as set_header() has it, or where `status` is not from 200 to 599.

        Without a content type, here or among `headers`, a str is sent as text/html and
        anything else as application/octet-stream.
        """
        if not 200 <= status <= 599:
            raise ValueError(f"{status} is not the status of an answer")
        self.status = status
        self.body: Body
        if isinstance(body, str | bytes | SentByEngine):
            self.body = body
        else:
            self.body = iter(body)
        self.headers: list[tuple[str, str]] = []
        pairs = headers.items() if isinstance(headers, Mapping) else headers
        for name, value in pairs or ():
            self.add_header(name, value)
        if content_type is not None:
            self.set_header("Content-Type", content_type)

    def set_header(self, name: str, value: str) -> None:
        """Replace the field.

        ValueError on a name that is no token, on a value with a line break or another
        control character (RFC 9110, section 5.5), and for Date and the fields that
        frame a message, which are the server's.
        """
        _check_field(name, value)
        lower = name.lower()
        self.headers = [pair for pair in self.headers if pair[0].lower() != lower]
        self.headers.append((name, value))

    def add_header(self, name: str, value: str) -> None:
        """Add a field beside those of the same name. ValueError as set_header()."""
        _check_field(name, value)
        self.headers.append((name, value))

    def set_cookie(
        self, name: str, value: str, **options: Unpack[cookie.Options]
    ) -> None:
        """Add a Set-Cookie field; the options are those of `guava.cookie.build`."""
        self.add_header("Set-Cookie", cookie.build(name, value, **options))

    def __repr__(self) -> str:
        return f"<Response {self.status}>"


def _check_field(name: str, value: str) -> None:
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a header field")
    if name.lower() in _OF_THE_SERVER:
        raise ValueError(f"the field {name} is the server's")
    if _FORBIDDEN.search(value):
        raise ValueError(f"the field {name} can not be {value!r}")
