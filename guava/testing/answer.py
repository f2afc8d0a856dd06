"""What a test gets for a request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from email.message import Message
from http.client import HTTPResponse, IncompleteRead
from io import BytesIO
from socket import socket
from typing import Any, TypeVar, cast, overload

import msgspec

T = TypeVar("T")


class Fields(Mapping[str, str]):
    """Header fields; look-ups ignore the case of a name.

    A field that came several times is one value, joined by commas (RFC 9110, section
    5.2); getlist() has them apart, which Set-Cookie needs.
    """

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name.lower(), []).append(value)

    def __getitem__(self, name: str) -> str:
        return ", ".join(self._values[name.lower()])

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.lower() in self._values

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(dict(self))

    def getlist(self, name: str) -> list[str]:
        """All values of the field, in the order they came; empty without one."""
        return list(self._values.get(name.lower(), ()))


class Answer:
    """An answer, whole unless `until` of the request has left it before.

    `status` and `reason`  what the status line says: 404, "Not Found"
    `headers`              its fields
    `body`                 bytes, streams as a whole; empty for HEAD
    `method` and `url`     what was asked for it, the URL with its host
    `history`              the redirections that led to it
    """

    def __init__(
        self, response: HTTPResponse, method: str, url: str, partial: bool = False
    ) -> None:
        """Raises ConnectionError where `response` is cut off before its end, unless it
        may be `partial`."""
        try:
            self.body = response.read()
        except IncompleteRead as error:
            self.body = error.partial
            if not partial:
                what = f"the answer to {method} {url} is cut off"
                raise ConnectionError(what) from error
        self.status = response.status
        self.reason = response.reason
        self.headers = Fields(response.getheaders())
        self.method = method
        self.url = url
        self.history: list[Answer] = []

    @property
    def text(self) -> str:
        """The body, decoded as its content type says, UTF-8 unless it does."""
        return self.body.decode(self._charset(), "replace")

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies that this answer sets, by name; a deleted one is empty."""
        pairs = (field.split(";")[0] for field in self.headers.getlist("Set-Cookie"))
        return dict(map(_pair, pairs))

    @overload
    def json(self) -> Any: ...
    @overload
    def json(self, type: type[T]) -> T: ...
    def json(self, type: Any = Any) -> Any:
        """The body as JSON; with a `type`, as that (msgspec has more).

        Raises msgspec.DecodeError where it is none, or msgspec.ValidationError where it
        is something else.
        """
        return msgspec.json.decode(self.body, type=type)

    def _charset(self) -> str:
        message = Message()
        message["Content-Type"] = self.headers.get("Content-Type", "")
        return message.get_content_charset("utf-8")

    def __repr__(self) -> str:
        kind = self.headers.get("Content-Type", "no content type")
        return f"<Answer {self.status} {self.reason}, {kind}, {len(self.body)} bytes>"


class _Held:
    """A message that is all there, where http.client reads from a socket."""

    def __init__(self, message: bytes) -> None:
        self._message = message

    def makefile(self, mode: str) -> BytesIO:
        """As socket.makefile()."""
        return BytesIO(self._message)


def read_head(message: bytes, method: str) -> HTTPResponse:
    """The answer in `message` up to its body. Raises ConnectionError where there is not
    even a head."""
    response = HTTPResponse(cast(socket, _Held(message)), method=method)
    response.begin()
    return response


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip(), value.strip()
