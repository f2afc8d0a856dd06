"""Cookies, by RFC 6265 and what its successor (draft RFC 6265bis) adds."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final, Literal, TypedDict

from guava import _core
from guava.date import imf_fixdate
from guava.grammar import TOKEN

SameSite = Literal["Strict", "Lax", "None"]


class Scope(TypedDict, total=False):
    """What tells a cookie from others of its name."""

    path: str | None
    domain: str | None
    partitioned: bool


class Options(Scope, total=False):
    """What build() takes beside name and value."""

    max_age: int | timedelta | None
    expires: datetime | None
    secure: bool
    http_only: bool
    same_site: SameSite | None


SIZE_MAX: Final = 4096  # bytes of name and value that a browser takes (6265bis, 5.6)
_TOKEN: Final = re.compile(TOKEN)
_VALUE: Final = re.compile(r"[!#-+\--:<-\[\]-~]*")
_PATH: Final = re.compile(r"/[ -:<-~]{,1023}")
_DOMAIN: Final = re.compile(r"\.?[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*")
_SAME_SITE: Final = ("Strict", "Lax", "None")
_PREFIXES: Final = ("__host-", "__secure-")


def parse(header: str) -> dict[str, str]:
    """The cookies of a Cookie field, the first of each name.

    Whatever is no pair of name and value is passed over, and one pair of double quotes
    around a value is taken off.
    """
    return _core.parse_cookies(header)


def build(
    name: str,
    value: str,
    *,
    max_age: int | timedelta | None = None,
    expires: datetime | None = None,
    path: str | None = "/",
    domain: str | None = None,
    secure: bool = False,
    http_only: bool = True,
    same_site: SameSite | None = "Lax",
    partitioned: bool = False,
) -> str:
    """The value of a Set-Cookie field.

    `max_age` is in seconds, and 0 or less deletes the cookie; an `expires` without a
    time zone is in UTC. `partitioned` keeps the cookie apart for each site that embeds
    this one.

    ValueError where a part has characters that section 4.1.1 does not allow, and for
    what browsers drop without a word: over SIZE_MAX bytes of name and value;
    `same_site` "None" or `partitioned` without `secure`; a name that begins with
    __Secure- without `secure`, or with __Host- without `secure`, with a domain or with
    another path than "/".
    """
    _check_size(name, value)
    _check_prefix(name, secure, path, domain)
    parts = [f"{_checked(_TOKEN, name, 'name')}={_checked(_VALUE, value, 'value')}"]
    if max_age is not None:
        parts.append(f"Max-Age={_seconds(max_age)}")
    if expires is not None:
        parts.append(f"Expires={imf_fixdate(expires)}")
    if domain is not None:
        parts.append(f"Domain={_checked(_DOMAIN, domain, 'domain')}")
    if path is not None:
        parts.append(f"Path={_checked(_PATH, path, 'path')}")
    if secure:
        parts.append("Secure")
    if http_only:
        parts.append("HttpOnly")
    if same_site is not None:
        parts.append(f"SameSite={_same_site(same_site, secure)}")
    if partitioned:
        parts.append(_partitioned(secure))
    return "; ".join(parts)


def build_deletion(
    name: str,
    *,
    path: str | None = "/",
    domain: str | None = None,
    partitioned: bool = False,
) -> str:
    """The value of a Set-Cookie field that makes a browser forget the cookie.

    `path`, `domain` and `partitioned` are those that it was set with: another one
    leaves it where it is. ValueError as build() has it.
    """
    secure = partitioned or name.lower().startswith(_PREFIXES)
    return build(
        name,
        "",
        max_age=0,
        path=path,
        domain=domain,
        secure=secure,
        partitioned=partitioned,
    )


def _check_size(name: str, value: str) -> None:
    size = len(name) + len(value)  # both are ASCII, or refused for that
    if size > SIZE_MAX:
        raise ValueError(f"a cookie has up to {SIZE_MAX} bytes, and {name!r} {size}")


def _check_prefix(
    name: str, secure: bool, path: str | None, domain: str | None
) -> None:
    """6265bis, section 4.1.3: what the name promises; in any case, as browsers do."""
    lower = name.lower()
    if lower.startswith(_PREFIXES) and not secure:
        raise ValueError(f"the cookie {name} needs to be secure")
    if lower.startswith("__host-") and (path != "/" or domain is not None):
        raise ValueError(f"the cookie {name} needs the path / and no domain")


def _checked(pattern: re.Pattern[str], text: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"a cookie's {what} can not be {text!r}")
    return text


def _seconds(age: int | timedelta) -> int:
    seconds = age.total_seconds() if isinstance(age, timedelta) else age
    return max(0, int(seconds))


def _same_site(same_site: str, secure: bool) -> str:
    if same_site not in _SAME_SITE:
        raise ValueError(f"same_site is one of {', '.join(_SAME_SITE)}")
    if same_site == "None" and not secure:
        raise ValueError("same_site None needs a secure cookie")
    return same_site


def _partitioned(secure: bool) -> str:
    if not secure:
        raise ValueError("a partitioned cookie needs to be secure")
    return "Partitioned"
