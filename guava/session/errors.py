"""What a store of sessions may raise."""

from __future__ import annotations

import logging
from typing import Final

from guava.errors import ServiceUnavailable

log: Final = logging.getLogger("guava.session")


class StoreError(ServiceUnavailable):
    """503: the store of sessions can not be used now; what is in it is not lost."""


def failed(place: str, reason: object) -> StoreError:
    """What is to be raised where the store at `place` can not be used; the log is told
    so, and why."""
    message = " ".join(f"{place} failed: {reason}".split())
    log.error("%s", message)
    return StoreError(message)
