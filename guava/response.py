"""A whole answer as one value."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Unpack

import msgspec

from guava import _core, cookie, location
from guava import disposition as dispositions
from guava.closing import iterator_of
from guava.disposition import Disposition
from guava.errors import NotFound
from guava.grammar import TOKEN
from guava.handler import REDIRECTIONS


class SentByEngine:
    """The type of SENT_BY_ENGINE."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "SENT_BY_ENGINE"


SENT_BY_ENGINE: Final = SentByEngine()
"""The body that middleware finds where the engine sends a file."""

Chunk = str | bytes | None
"""What an iterator yields; None: nothing now, to be asked again a little later."""

Body = str | bytes | Iterator[Chunk] | _core.File | SentByEngine
Fields = Mapping[str, str] | Iterable[tuple[str, str]]

_TOKEN: Final = re.compile(TOKEN)
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
    `body`     str (sent as UTF-8), bytes, an iterator of these, which is streamed, or
               a file, which the engine sends by itself
    """

    __slots__ = ("body", "headers", "status")

    def __init__(
        self,
        body: Body | Iterable[Chunk] = b"",
        status: int = 200,
        headers: Fields | None = None,
        content_type: str | None = None,
    ) -> None:
        """ValueError as set_header() has it, or where `status` is not from 200 to 599.

        Without a content type, here or among `headers`, bytes are sent as
        application/octet-stream, and anything else as text/html.
        """
        if not 200 <= status <= 599:
            raise ValueError(f"{status} is not the status of an answer")
        self.status = status
        whole = (str, bytes, _core.File, SentByEngine)
        self.body: Body = body if isinstance(body, whole) else iterator_of(body)
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

    def delete_cookie(self, name: str, **scope: Unpack[cookie.Scope]) -> None:
        """Have the browser forget a cookie; see `guava.cookie.build_deletion`."""
        self.add_header("Set-Cookie", cookie.build_deletion(name, **scope))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.status}>"


class JSONResponse(Response):
    """A value as JSON: what msgspec encodes, so also datetime, UUID, dataclasses."""

    __slots__ = ()

    def __init__(
        self,
        value: object,
        status: int = 200,
        headers: Fields | None = None,
        content_type: str = "application/json",
    ) -> None:
        """TypeError where msgspec can not encode `value`; ValueError as Response."""
        super().__init__(msgspec.json.encode(value), status, headers, content_type)


class RedirectResponse(Response):
    """A redirection."""

    __slots__ = ()

    def __init__(
        self,
        where: str,
        status: int = 303,
        headers: Fields | None = None,
        *,
        external: bool = False,
    ) -> None:
        """To `where`, by GET whatever the request's method was; with a `status` of 307
        or 308 by the same method again (RFC 9110, section 15.4).

        ValueError where `where` leads to another host and `external` is not set, or
        `status` is none of 301, 302, 303, 307 and 308; otherwise as Response.
        """
        if status not in REDIRECTIONS:
            raise ValueError(f"{status} is not the status of a redirection")
        super().__init__("", status, headers)
        self.set_header("Location", location.checked(where, external))


class FileResponse(Response):
    """A file, which the engine sends by itself: HEAD, ranges and conditional requests
    are answered as for static files. Where there is no such file, 404."""

    __slots__ = ()

    def __init__(
        self,
        path: str | os.PathLike[str],
        filename: str | None = None,
        disposition: Disposition | None = None,
        status: int = 200,
        headers: Fields | None = None,
        content_type: str | None = None,
        *,
        directory: str | os.PathLike[str] | None = None,
    ) -> None:
        """The file at `path`, absolute or relative to the working directory.

        With `directory`, `path` is relative to that, and 404 where it leads out of it
        by "..", by a link or by being absolute: so it may come from a client.

        `filename` is what a browser saves the file as, and `disposition` whether it
        does ("attachment") or shows it ("inline"); one of them given, the other is the
        path's last segment, or "attachment". The content type is that of the path's
        ending unless given. With a `status` other than 200 the whole file is sent.
        ValueError as Response.
        """
        if "\0" in os.fspath(path):
            raise NotFound("a path has a NUL character")
        super().__init__(_core.File(path, directory), status, headers, content_type)
        if filename is not None or disposition is not None:
            name = os.path.basename(path) if filename is None else filename
            shown = dispositions.build(disposition or "attachment", os.fspath(name))
            self.set_header("Content-Disposition", shown)


class StreamResponse(Response):
    """What an iterator yields, sent piece by piece.

    A worker asks it for the next piece in turn with all else that it does, so it must
    not wait for anything. Where it has nothing now it yields None, and is asked again a
    tenth of a second later; a client that shuts its side of the connection down
    meanwhile is gone. Its close(), if it has one, is called in the end, and so is that
    of an iterable that it is the iterator of.
    """

    __slots__ = ()

    def __init__(
        self,
        chunks: Iterable[Chunk],
        status: int = 200,
        headers: Fields | None = None,
        content_type: str | None = None,
    ) -> None:
        """TypeError where `chunks` is a single str or bytes; ValueError as Response."""
        if isinstance(chunks, str | bytes):
            raise TypeError("a stream is made of an iterable of str or bytes")
        super().__init__(chunks, status, headers, content_type)


def _check_field(name: str, value: str) -> None:
    if not _TOKEN.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of a header field")
    if name.lower() in _OF_THE_SERVER:
        raise ValueError(f"the field {name} is the server's")
    if _FORBIDDEN.search(value):
        raise ValueError(f"the field {name} can not be {value!r}")
