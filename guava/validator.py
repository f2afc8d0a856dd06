"""What an answer is known by (RFC 9110, section 8.8), and whether that is current."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final, NamedTuple

from guava import _core
from guava.date import imf_fixdate, in_utc
from guava.errors import PreconditionFailed

_OPAQUE: Final = re.compile(r"[!#-~]*")
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Validator(NamedTuple):
    """An entity tag as the field has it, a date in seconds since 1970; -1 for none."""

    etag: str | None
    modified: int

    def fields(self) -> list[tuple[str, str]]:
        """ETag and Last-Modified."""
        found = []
        if self.etag is not None:
            found.append(("ETag", self.etag))
        if self.modified >= 0:
            moment = datetime.fromtimestamp(self.modified, UTC)
            found.append(("Last-Modified", imf_fixdate(moment)))
        return found

    def is_known(self, headers: _core.Headers, reads: bool) -> bool:
        """Whether who asks has what is current; `reads` where that is by GET or HEAD.

        Raises PreconditionFailed where the request is for another state than this.
        """
        status = _core.check_conditions(headers, reads, self.etag, self.modified)
        if status == 412:
            raise PreconditionFailed
        return status == 304


def validator(
    etag: str | None = None, modified: datetime | None = None, weak: bool = False
) -> Validator:
    """From a tag without its quotes, and a date, in UTC unless it has a time zone.

    A date in the future becomes now (section 8.8.2.1). ValueError on a tag with quotes,
    spaces or characters outside ASCII; TypeError where there is neither tag nor date.
    """
    if etag is None and modified is None:
        raise TypeError("an answer is known by a tag or a date")
    tag = None if etag is None else _tag(etag, weak)
    return Validator(tag, -1 if modified is None else _seconds(modified))


def _tag(opaque: str, weak: bool) -> str:
    if not _OPAQUE.fullmatch(opaque):
        raise ValueError(f"an entity tag can not be {opaque!r}")
    return f'W/"{opaque}"' if weak else f'"{opaque}"'


def _seconds(moment: datetime) -> int:
    last = min(in_utc(moment), datetime.now(UTC))
    return int(max(last, _FIRST).timestamp())
