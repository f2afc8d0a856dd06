"""Media types, and the endings of file names that stand for them."""

from __future__ import annotations

import re
from typing import Final

from guava.grammar import TOKEN

_QUOTED: Final = r'"(?:[\t !#-\[\]-~]|\\[\t -~])*"'
_PARAMETER: Final = rf"[ \t]*;[ \t]*{TOKEN}=(?:{TOKEN}|{_QUOTED})"
_TYPE: Final = re.compile(rf"{TOKEN}/{TOKEN}(?:{_PARAMETER})*")
_ENDING: Final = re.compile(r"\.[^/\0]+")


def is_type(text: str) -> bool:
    """Whether `text` is a media type, maybe with parameters (RFC 9110, 8.3.1)."""
    return _TYPE.fullmatch(text) is not None


def essence(field: str) -> str:
    """The type and subtype that a Content-Type field names, in lower case, without its
    parameters; empty where there is none."""
    return field.partition(";")[0].strip().lower()


def is_ending(text: str) -> bool:
    """Whether `text` can end a file's name: a dot and something behind it."""
    return _ENDING.fullmatch(text) is not None
