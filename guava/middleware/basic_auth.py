"""A user's name and password with each request: Basic authentication (RFC 7617)."""

from __future__ import annotations

import binascii
import hmac
import re
import secrets
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from guava import password as passwords
from guava.errors import Unauthorized
from guava.middleware import options
from guava.middleware.paths import Paths
from guava.request import Request

_CREDENTIALS: Final = re.compile(r"basic +([A-Za-z0-9+/]+=*)", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\0-\x1f\x7f]")
_DIGEST: Final = "sha256"
_HASHED: Final = ("scrypt:", "pbkdf2:")

Verify = Callable[[str, str], bool]


class BasicAuth:
    """Asks for a name and a password; request.state["user"] is the name behind it.

    Both come in the clear with each request, so they are for https. Wrong hashed
    passwords cost time, some 50 ms each: a RateLimit in front bounds that.
    """

    def __init__(
        self,
        users: Mapping[str, str] | None = None,
        *,
        verify: Verify | str | None = None,
        realm: str = "guava",
        paths: Iterable[str] = ("/",),
    ) -> None:
        """`users` has passwords by name, as such or as `python -m guava.password` makes
        them; or `verify(name, password)` is asked, a function or its name such as
        "accounts.verify". `realm` is what browsers show. Protected is what lies below
        one of `paths`.

        Raises TypeError and ValueError.
        """
        if (users is None) == (verify is None):
            raise ValueError("users: expected either users or verify")
        self._verify: Verify = (
            Users(users).verify
            if users is not None
            else options.function("verify", verify)
        )
        self._paths = Paths("paths", paths)
        quoted = re.sub(r'(["\\])', r"\\\1", options.text("realm", realm))
        self._challenge = f'Basic realm="{quoted}", charset="UTF-8"'

    def process_request(self, request: Request) -> None:
        """Raises Unauthorized, with the challenge (RFC 9110, section 11.6.1)."""
        if request.path not in self._paths:
            return
        given = _credentials(request.HEADERS.get("Authorization", ""))
        if given is None or not self._verify(*given):
            raise Unauthorized(headers=[("WWW-Authenticate", self._challenge)])
        request.state["user"] = given[0]


class Users:
    """Names and passwords. One that was right is known by a digest under a key of this
    process, so that a hashed one costs its time once: at most one digest a user."""

    def __init__(self, users: Mapping[str, str]) -> None:
        """Passwords as such, or as guava.password makes them. TypeError and ValueError
        on names that the scheme can not carry and passwords that are none."""
        if not isinstance(users, Mapping):
            raise TypeError(f"users: expected passwords by name, found {users!r}")
        for name, stored in users.items():
            _check_user(name, stored)
        self._key = secrets.token_bytes(32)
        self._hashed = {n: s for n, s in users.items() if passwords.is_stored(s)}
        self._right = {
            n: self._mark(s) for n, s in users.items() if n not in self._hashed
        }
        self._decoy = next(iter(self._hashed.values()), None)

    def verify(self, name: str, password: str) -> bool:
        """Takes as long for a name that there is not as for a wrong password, where
        all hashes are of one method and cost: one of them stands in for it."""
        mark = self._mark(password)
        if hmac.compare_digest(self._right.get(name, bytes(len(mark))), mark):
            return True
        stored = self._hashed.get(name, self._decoy)
        if stored is None or not passwords.verify(password, stored):
            return False
        if name not in self._hashed:
            return False
        self._right[name] = mark
        return True

    def _mark(self, password: str) -> bytes:
        return hmac.digest(self._key, password.encode(), _DIGEST)


def _check_user(name: object, stored: object) -> None:
    """An empty password is one that somebody forgot to set."""
    if not isinstance(name, str) or not isinstance(stored, str):
        raise TypeError("users: expected text by text")
    if not name or ":" in name or _CONTROL.search(name):
        raise ValueError(f"users: {name!r} can not be a user's name")
    is_broken = stored.startswith(_HASHED) and not passwords.is_stored(stored)
    if not stored or is_broken:
        raise ValueError(f"users: {name} has no password that can be known again")


def _credentials(field: str) -> tuple[str, str] | None:
    """Name and password of an Authorization field; None where it has none."""
    found = _CREDENTIALS.fullmatch(field.strip())
    if found is None:
        return None
    try:
        text = b64decode(found[1], validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    name, colon, password = text.partition(":")
    if not colon or _CONTROL.search(text):
        return None
    return name, password
