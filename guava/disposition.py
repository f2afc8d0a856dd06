"""Content-Disposition fields (RFC 6266)."""

from __future__ import annotations

import re
from typing import Final, Literal

Disposition = Literal["attachment", "inline"]

_CONTROL: Final = re.compile(r"[\0-\x1f\x7f-\x9f\u2028\u2029]")
_UNSAFE: Final = re.compile(r'[^ -~]|["\\%/]')  # RFC 6266, appendix D
_ATTRIBUTE_CHARACTERS: Final = "!#$&+-.^_`|~"  # RFC 8187, section 3.2.1


def build(disposition: Disposition, filename: str) -> str:
    """The field's value.

    What not every client takes in a quoted string becomes "_" there; the name follows
    in full, as RFC 8187 has it. ValueError where `disposition` is neither "attachment"
    nor "inline".
    """
    if disposition not in ("attachment", "inline"):
        raise ValueError(f"{disposition!r} is neither attachment nor inline")
    name = _CONTROL.sub("_", filename)
    plain = _UNSAFE.sub("_", name)
    value = f'{disposition}; filename="{plain}"'
    if plain == name:
        return value
    from urllib.parse import quote  # costs time, and most names do without

    full = quote(name, _ATTRIBUTE_CHARACTERS, errors="replace")
    return f"{value}; filename*=UTF-8''{full}"
