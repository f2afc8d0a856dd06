"""Which of several forms a client gets (RFC 9110, section 12)."""

from __future__ import annotations

from collections.abc import Sequence

from guava import _core
from guava.errors import NotAcceptable


def best(accept: str, types: Sequence[str]) -> str:
    """The one of these media types that the field `accept` likes best.

    The first among equals; an empty field accepts all. Raises NotAcceptable, which
    tells the client what there is, where it accepts none of them; ValueError where
    there is none.
    """
    if not types:
        raise ValueError("there is no media type to choose")
    if not accept:
        return types[0]
    found = max(types, key=lambda offered: _core.accept_quality(accept, offered))
    if _core.accept_quality(accept, found) == 0:
        raise NotAcceptable(
            detail=f"There is {', '.join(types)}.", headers=[("Vary", "Accept")]
        )
    return found
