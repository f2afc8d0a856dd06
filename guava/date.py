"""Dates as header fields have them (RFC 9110, section 5.6.7)."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


def in_utc(moment: datetime) -> datetime:
    """`moment` in UTC; one without a time zone is in UTC already."""
    return (
        moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    )


def imf_fixdate(moment: datetime) -> str:
    """ "Sun, 06 Nov 1994 08:49:37 GMT", whatever the locale."""
    moment = in_utc(moment)
    day, month = _DAYS[moment.weekday()], _MONTHS[moment.month - 1]
    return f"{day}, {moment:%d} {month} {moment.year:04} {moment:%H:%M:%S} GMT"
