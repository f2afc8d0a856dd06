"""Set-Cookie fields (RFC 6265, section 4.1)."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final, Literal, TypedDict

SameSite = Literal["Strict", "Lax", "None"]


class Options(TypedDict, total=False):
    """What build() takes beside name and value."""

    max_age: int | timedelta | None
    expires: datetime | None
    path: str | None
    domain: str | None
    secure: bool
    http_only: bool
    same_site: SameSite | None


_TOKEN: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE: Final = re.compile(r"[!#-+\--:<-\[\]-~]*")
_ATTRIBUTE: Final = re.compile(r"[ -:<-~]*")
_DOMAIN: Final = re.compile(r"\.?[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*")
_SAME_SITE: Final = ("Strict", "Lax", "None")
_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


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
) -> str:
    """The value of a Set-Cookie field.

    `max_age` is in seconds, and 0 deletes the cookie; an `expires` without a time
    zone is in UTC. ValueError where a part has characters that section 4.1.1 does not
    allow, or `same_site` is "None" without `secure`, which browsers refuse.
    """
    parts = [f"{_checked(_TOKEN, name, 'name')}={_checked(_VALUE, value, 'value')}"]
    if max_age is not None:
        parts.append(f"Max-Age={_seconds(max_age)}")
    if expires is not None:
        parts.append(f"Expires={_date(expires)}")
    if domain is not None:
        parts.append(f"Domain={_checked(_DOMAIN, domain, 'domain')}")
    if path is not None:
        parts.append(f"Path={_checked(_ATTRIBUTE, path, 'path')}")
    if secure:
        parts.append("Secure")
    if http_only:
        parts.append("HttpOnly")
    if same_site is not None:
        parts.append(f"SameSite={_same_site(same_site, secure)}")
    return "; ".join(parts)


def _checked(pattern: re.Pattern[str], text: str, what: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"a cookie's {what} can not be {text!r}")
    return text


def _seconds(age: int | timedelta) -> int:
    return int(age.total_seconds()) if isinstance(age, timedelta) else int(age)


def _same_site(same_site: str, secure: bool) -> str:
    if same_site not in _SAME_SITE:
        raise ValueError(f"same_site is one of {', '.join(_SAME_SITE)}")
    if same_site == "None" and not secure:
        raise ValueError("same_site None needs a secure cookie")
    return same_site


def _date(moment: datetime) -> str:
    """An IMF-fixdate (RFC 9110, section 5.6.7), whatever the locale."""
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment:%d} {month} {moment.year:04} {moment:%H:%M:%S} GMT"
