"""How long an answer took, told to the client (W3C Server Timing)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Final

from guava.middleware import options
from guava.request import Request
from guava.response import Response

_PARTS: Final = "guava.timing.parts"


class Timing:
    """Adds `Server-Timing: app;dur=12.3`: milliseconds from here until the answer comes
    back, and what measure() has measured within.

    Browsers show it beside the request; so does everybody else see it.
    """

    def __init__(self, name: str = "app") -> None:
        """`name` is that of the whole. Raises TypeError, and ValueError where it is no
        token (RFC 9110, section 5.6.2)."""
        self._name = options.token("name", name)
        self._began = f"guava.timing.{name}"

    def process_request(self, request: Request) -> None:
        request.state[self._began] = perf_counter()

    def process_response(self, request: Request, response: Response) -> None:
        whole = perf_counter() - request.state[self._began]
        entries = [_entry(self._name, whole)]
        parts = request.state.get(_PARTS)
        if parts is not None:
            entries += [_entry(name, seconds) for name, seconds in parts.items()]
        response.headers.append(("Server-Timing", ", ".join(entries)))


@contextmanager
def measure(request: Request, name: str) -> Iterator[None]:
    """Add the time that the with block takes to what Timing tells as `name`.

    Times of the same name add up; without Timing nothing is told. ValueError where
    `name` is no token.
    """
    parts: dict[str, float] = request.state.setdefault(_PARTS, {})
    options.token("name", name)
    began = perf_counter()
    try:
        yield
    finally:
        parts[name] = parts.get(name, 0.0) + perf_counter() - began


def _entry(name: str, seconds: float) -> str:
    return f"{name};dur={seconds * 1000:.3f}"
