"""What a store of sessions may raise."""

from __future__ import annotations

from guava.errors import ServiceUnavailable


class StoreError(ServiceUnavailable):
    """503: the store of sessions can not be used now; what is in it is not lost."""
