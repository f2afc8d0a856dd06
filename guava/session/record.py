"""What a store keeps of a session: its values, and when what was done with it."""

from __future__ import annotations

from struct import Struct, error
from typing import Final

import msgspec

_HEAD: Final = Struct(">B3Q")
_FORMAT: Final = 1


class Record(msgspec.Struct, frozen=True, gc=False):
    """Times are whole seconds since the epoch; `values` are codec.encode()'s."""

    created: int
    renewed: int  # when its cookie was sent last
    saved: int
    values: bytes

    def pack(self) -> bytes:
        """The record as a blob."""
        head = _HEAD.pack(_FORMAT, self.created, self.renewed, self.saved)
        return head + self.values

    @classmethod
    def unpack(cls, blob: bytes) -> Record:
        """What pack() made a blob of. ValueError for any other blob."""
        try:
            layout, created, renewed, saved = _HEAD.unpack_from(blob)
        except error:
            raise ValueError("too short") from None
        if layout != _FORMAT:
            raise ValueError(f"unknown format {layout}")
        return cls(created, renewed, saved, blob[_HEAD.size :])
