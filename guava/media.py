"""Media types, and the endings of file names that stand for them."""

from __future__ import annotations

import re
from typing import Final

_TOKEN: Final = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED: Final = r'"(?:[\t !#-\[\]-~]|\\[\t -~])*"'
_PARAMETER: Final = rf"[ \t]*;[ \t]*{_TOKEN}=(?:{_TOKEN}|{_QUOTED})"
_TYPE: Final = re.compile(rf"{_TOKEN}/{_TOKEN}(?:{_PARAMETER})*")
_ENDING: Final = re.compile(r"\.[^/\0]+")


def is_type(text: str) -> bool:
    """Whether `text` is a media type, maybe with parameters (RFC 9110, 8.3.1)."""
    return _TYPE.fullmatch(text) is not None


def is_ending(text: str) -> bool:
    """Whether `text` can end a file's name: a dot and something behind it."""
    return _ENDING.fullmatch(text) is not None
