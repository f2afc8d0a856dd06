"""Which coding of an answer a client likes best (RFC 9110, section 12.5.3)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from guava.grammar import TOKEN

_IDENTITY: Final = "identity"
_QUALITY: Final = r"0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?"
_ITEM: Final = re.compile(rf"({TOKEN})(?:[ \t]*;[ \t]*[qQ]=({_QUALITY}))?")
_SYNONYMS: Final = {"x-gzip": "gzip"}


@lru_cache(maxsize=64)
def choose(field: str, offered: tuple[str, ...]) -> str | None:
    """The coding of `offered`, best first, that the field Accept-Encoding likes best.

    None where the answer is to be sent as it is: nothing of `offered` is acceptable, or
    the client likes it better so. Among equals the first goes, and identity only where
    it is named with more. An item that is malformed is passed over.
    """
    qualities = _qualities(field)
    others = qualities.get("*", 0.0)
    plain = qualities.get(_IDENTITY, 0.0)
    best = max(offered, key=lambda coding: qualities.get(coding, others))
    quality = qualities.get(best, others)
    return best if quality > 0 and quality >= plain else None


def _qualities(field: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for item in field.split(","):
        match = _ITEM.fullmatch(item.strip())
        if match is not None:
            name = match[1].lower()
            found[_SYNONYMS.get(name, name)] = float(match[2] or 1)
    return found
