"""Whom browsers let read the answers: cross-origin sharing (Fetch Standard)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from guava.errors import Forbidden
from guava.grammar import TOKEN
from guava.middleware import fields, options
from guava.middleware.origins import checked_origins
from guava.request import Request
from guava.response import Response

_ANY: Final = "*"
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_TOKENS: Final = re.compile(rf"{TOKEN}(?:[ \t]*,[ \t]*{TOKEN})*")


class CORS:
    """Lets scripts of other origins read the answers, and answers their preflights.

    A preflight (OPTIONS with Access-Control-Request-Method) is answered at once: by 204
    and what is allowed, or by 403 to an origin that is not. Any other request is the
    application's; its answer, also an error, says whether the origin may read it.
    """

    def __init__(
        self,
        origins: str | Iterable[str] = (),
        *,
        origin_regex: str | None = None,
        methods: Iterable[str] = _METHODS,
        headers: str | Iterable[str] = (),
        credentials: bool = False,
        expose: Iterable[str] = (),
        max_age: int | str = "10m",
    ) -> None:
        """`origins` are such as "https://example.org", without a slash at the end, or
        "*" for all; `origin_regex` matches whole origins beside them, never "null".

        `headers` are those that requests may have beside the harmless ones, or "*";
        `expose` those that scripts may read. With `credentials` cookies are sent and
        answers to them can be read: neither "*" nor "null" goes with that. A preflight
        holds for `max_age`: seconds, or text such as "10m".

        Raises TypeError and ValueError.
        """
        self._any = origins == _ANY
        self._origins = (
            frozenset() if self._any else checked_origins("origins", origins)
        )
        self._pattern = _compiled(origin_regex)
        if not self._any and not self._origins and self._pattern is None:
            raise ValueError("origins: expected at least one, or origin_regex")
        self._credentials = options.flag("credentials", credentials)
        self._expose = ", ".join(options.tokens("expose", expose))
        if self._credentials:
            self._refuse_what_is_open_to_all()
        self._any_header = headers == _ANY
        listed = () if self._any_header else options.tokens("headers", headers)
        self._headers = ", ".join(listed)
        self._methods = ", ".join(options.tokens("methods", methods))
        self._max_age = str(options.seconds("max_age", max_age))

    def _refuse_what_is_open_to_all(self) -> None:
        """A frame of any site can be made to have the origin "null"."""
        if self._any:
            raise ValueError(
                'origins: expected a list where there are credentials, not "*"'
            )
        if "null" in self._origins:
            raise ValueError('origins: "null" is anybody, who gets no credentials')
        if _ANY in self._expose:
            raise ValueError(
                'expose: expected names where there are credentials, not "*"'
            )

    def process_request(self, request: Request) -> Response | None:
        """The answer to a preflight; raises Forbidden where its origin is refused."""
        if request.method != "OPTIONS":
            return None
        asked = request.HEADERS
        if "Origin" not in asked or "Access-Control-Request-Method" not in asked:
            return None
        if not self._allows(asked["Origin"]):
            raise Forbidden(detail="This origin may not ask for this.")
        return Response("", 204, self._permissions(request))

    def process_response(self, request: Request, response: Response) -> None:
        if not self._any:
            fields.vary(response, "Origin")
        origin = request.HEADERS.get("Origin")
        if origin is None or not self._allows(origin):
            return
        if fields.value(response, "access-control-allow-origin") is not None:
            return
        allowed = _ANY if self._any else origin
        response.headers.append(("Access-Control-Allow-Origin", allowed))
        if self._credentials:
            response.headers.append(("Access-Control-Allow-Credentials", "true"))
        if self._expose and "Access-Control-Request-Method" not in request.HEADERS:
            response.headers.append(("Access-Control-Expose-Headers", self._expose))

    def _allows(self, origin: str) -> bool:
        if self._any or origin in self._origins:
            return True
        if self._pattern is None or origin == "null":
            return False
        return self._pattern.fullmatch(origin) is not None

    def _permissions(self, request: Request) -> list[tuple[str, str]]:
        """What a preflight is told beside what any answer is."""
        headers = self._headers
        if self._any_header:
            headers = _listed(request.HEADERS.get("Access-Control-Request-Headers", ""))
        pairs = [
            ("Access-Control-Allow-Methods", self._methods),
            ("Access-Control-Allow-Headers", headers),
            ("Access-Control-Max-Age", self._max_age),
        ]
        return [pair for pair in pairs if pair[1]]


def _compiled(pattern: str | None) -> re.Pattern[str] | None:
    if pattern is None:
        return None
    try:
        return re.compile(options.text("origin_regex", pattern))
    except re.error as error:
        raise ValueError(f"origin_regex: {error}") from None


def _listed(names: str) -> str:
    """The field names, where they are such."""
    return names if _TOKENS.fullmatch(names) else ""
