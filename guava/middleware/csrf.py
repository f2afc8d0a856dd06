"""Forms that only pages of this site can send: against cross-site request forgery."""

from __future__ import annotations

import hmac
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from typing import Final

from guava.errors import Forbidden
from guava.middleware import fields, options
from guava.middleware.keys import CSRF as MIDDLEWARE
from guava.middleware.origins import checked_origins, own_origin
from guava.middleware.paths import Paths
from guava.request import Request
from guava.response import Response

_SAFE: Final = frozenset(("GET", "HEAD", "OPTIONS", "TRACE"))
_SIZE: Final = 32  # bytes of a secret
_SECRET: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{86}")
_OF_REQUEST: Final = "guava.csrf.secret"
_IS_NEW: Final = "guava.csrf.is_new"
_IS_ANSWERED: Final = "guava.csrf.is_answered"


class CSRF:
    """Refuses requests that change something unless a page of this site has sent them.

    A request of any method but GET, HEAD, OPTIONS and TRACE must come from this origin,
    as far as the browser says so, and have a token: in a field of its form or in a
    header field. The token is self.csrf_token of a controller: the secret of the
    client's cookie, masked anew each time, so that compression does not tell it
    (BREACH).
    """

    def __init__(
        self,
        *,
        cookie: str = "csrf",
        field: str = "csrf_token",
        header: str = "X-CSRF-Token",
        trusted_origins: Iterable[str] = (),
        exempt: Iterable[str] = (),
    ) -> None:
        """The names of the cookie, which over https gets the prefix `__Host-`, of the
        form's field and of the header field.

        Pages of `trusted_origins`, such as "https://forms.example.org", may send
        requests too, with cookie and token; browsers send the cookie within one site
        (SameSite=Lax). What lies below the paths `exempt` is not checked.

        Raises TypeError and ValueError.
        """
        self._cookie = options.token("cookie", cookie)
        self._field = options.text("field", field)
        self._header = options.token("header", header)
        self._trusted = checked_origins("trusted_origins", trusted_origins)
        if "null" in self._trusted:
            raise ValueError('trusted_origins: "null" is anybody')
        self._exempt = Paths("exempt", exempt)

    def process_request(self, request: Request) -> None:
        """Raises Forbidden."""
        request.state[MIDDLEWARE] = self
        if request.method in _SAFE or request.path in self._exempt:
            return
        if not self._is_from_here(request):
            raise Forbidden(detail="This request comes from another site.")
        if not self._has_token(request):
            what = "is missing or has expired: load the page and send it again"
            raise Forbidden(detail=f"The token of this form {what}.")

    def process_response(self, request: Request, response: Response) -> None:
        state = request.state
        state[_IS_ANSWERED] = True
        if _OF_REQUEST not in state:
            return
        fields.vary(response, "Cookie")
        if state.pop(_IS_NEW, False):
            response.set_cookie(
                self._cookie_name(request),
                _encode(state[_OF_REQUEST]),
                secure=request.scheme == "https",
            )

    def token(self, request: Request) -> str:
        """The token for a form of this request's page; another text each time.

        RuntimeError where the client has no cookie yet and the answer has left: a
        stream must have taken its token before.
        """
        secret = request.state.get(_OF_REQUEST)
        if secret is None:
            secret = self._secret(request) or self._make_secret(request)
            request.state[_OF_REQUEST] = secret
        mask = secrets.token_bytes(_SIZE)
        return _encode(mask + _xor(mask, secret))

    # The secret

    def _cookie_name(self, request: Request) -> str:
        return f"__Host-{self._cookie}" if request.scheme == "https" else self._cookie

    def _secret(self, request: Request) -> bytes | None:
        """That of the client's cookie."""
        return _decode(_SECRET, request.COOKIES.get(self._cookie_name(request), ""))

    def _make_secret(self, request: Request) -> bytes:
        if _IS_ANSWERED in request.state:
            raise RuntimeError(
                "the answer has left without its cookie: take csrf_token before that"
            )
        request.state[_IS_NEW] = True
        return secrets.token_bytes(_SIZE)

    # The checks

    def _is_from_here(self, request: Request) -> bool:
        """As far as the browser tells: by Sec-Fetch-Site, which no script can set, or
        where that is missing by Origin (Fetch Standard). Who tells nothing has the
        token to show."""
        headers = request.HEADERS
        origin = headers.get("Origin")
        if origin is not None and origin in self._trusted:
            return True
        site = headers.get("Sec-Fetch-Site")
        if site is not None:
            return site in ("same-origin", "none")
        return origin is None or origin == own_origin(request)

    def _has_token(self, request: Request) -> bool:
        """The form is parsed only where there is a cookie and no header field."""
        secret = self._secret(request)
        if secret is None:
            return False
        given = request.HEADERS.get(self._header)
        if given is None:
            given = request.POST.get(self._field, "")
        token = _decode(_TOKEN, given)
        if token is None:
            return False
        return hmac.compare_digest(_xor(token[:_SIZE], token[_SIZE:]), secret)


def _xor(one: bytes, other: bytes) -> bytes:
    mixed = int.from_bytes(one, "big") ^ int.from_bytes(other, "big")
    return mixed.to_bytes(len(one), "big")


def _encode(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(pattern: re.Pattern[str], text: str) -> bytes | None:
    """None where `text` is none of the pattern, which fixes its length."""
    if not pattern.fullmatch(text):
        return None
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
