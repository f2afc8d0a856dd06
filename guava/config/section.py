"""The base of everything in a configuration that is written as a mapping."""

from __future__ import annotations

from typing import Final

import msgspec

PLACES: Final = "places"


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A mapping of the file. Its fields are its keys, but for `places`.

    `places` is the loader's: "file:line:column" of the value of each key that the
    file has, and of the mapping itself as "".
    """

    places: dict[str, str] = msgspec.field(default_factory=dict)

    def place(self, key: str = "") -> str:
        """Where the value of `key` stands; where the mapping does, if it has none.

        Empty for a section that no file was read for.
        """
        return self.places.get(key) or self.places.get("", "")
