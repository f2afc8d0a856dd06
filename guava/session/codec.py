"""Values of sessions as JSON that gives back what was stored.

What JSON has no form for is a tag, `{"$datetime": "2026-01-01T00:00:00"}`. Text with
tags begins with "!", so that nothing else is ever taken for one, and most text is plain
JSON.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable
from datetime import date, datetime
from math import isfinite
from typing import Any, Final
from uuid import UUID

import msgspec

TAGGED: Final = b"!"
_ESCAPE: Final = "$dict"
_AS_TEXT: Final[dict[type, tuple[str, Callable[[Any], str]]]] = {
    datetime: ("$datetime", datetime.isoformat),
    date: ("$date", date.isoformat),
    UUID: ("$uuid", str),
    bytes: ("$bytes", lambda value: b64encode(value).decode()),
}
_FROM_TEXT: Final[dict[str, Callable[[str], Any]]] = {
    "$datetime": datetime.fromisoformat,
    "$date": date.fromisoformat,
    "$uuid": UUID,
    "$bytes": lambda text: b64decode(text, validate=True),
}

_to_json = msgspec.json.Encoder().encode
_from_json = msgspec.json.Decoder().decode


def encode(values: dict[str, Any]) -> bytes:
    """The text that decode() makes equal values of; tuples come back as lists.

    A value is JSON's, a datetime, a date, a UUID or bytes. TypeError for any other, and
    for a number that is not finite, a key that is no text, or text that UTF-8 can not
    hold; it names the value's place: `SESSION["cart"][0]`.
    """
    try:
        text = _to_json(values)
        if _from_json(text) == values:
            return text
    except (TypeError, ValueError, RecursionError):
        pass
    return _encode_tagged(values)


def decode(text: bytes) -> dict[str, Any]:
    """What encode() was given. ValueError for text that it did not make."""
    if text.startswith(TAGGED):
        values = _from_tagged(_from_json(text[len(TAGGED) :]))
    else:
        values = _from_json(text)
    if not isinstance(values, dict):
        raise ValueError("not a mapping")
    return values


def _encode_tagged(values: dict[str, Any]) -> bytes:
    try:
        return TAGGED + _to_json(_to_tagged(values, "SESSION"))
    except RecursionError:
        raise TypeError("SESSION is nested too deep, or holds itself") from None


def _to_tagged(value: Any, where: str) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, str):
        return _checked_text(value, where)
    if isinstance(value, float):
        return _checked_float(value, where)
    if isinstance(value, list | tuple):
        return [_to_tagged(item, f"{where}[{at}]") for at, item in enumerate(value)]
    if isinstance(value, dict):
        return _to_tagged_dict(value, where)
    if type(value) not in _AS_TEXT:
        raise TypeError(f"{where}: a {type(value).__name__} can not be stored")
    tag, to_text = _AS_TEXT[type(value)]
    return {tag: to_text(value)}


def _to_tagged_dict(value: dict[Any, Any], where: str) -> dict[str, Any]:
    made = {
        _checked_key(key, where): _to_tagged(item, f'{where}["{key}"]')
        for key, item in value.items()
    }
    return {_ESCAPE: made} if _looks_like_a_tag(made) else made


def _looks_like_a_tag(value: dict[str, Any]) -> bool:
    return len(value) == 1 and next(iter(value)).startswith("$")


def _checked_key(key: object, where: str) -> str:
    if not isinstance(key, str):
        raise TypeError(f"{where}: the key {key!r} can not be stored: it is no str")
    return _checked_text(key, where)


def _checked_text(text: str, where: str) -> str:
    """As a plain str; msgspec knows no subclasses of it, nor of int and float."""
    try:
        return text.encode().decode()
    except UnicodeEncodeError as error:
        raise TypeError(f"{where}: {error.reason}, so it can not be stored") from None


def _checked_float(number: float, where: str) -> float:
    if not isfinite(number):
        raise TypeError(f"{where}: {number} can not be stored")
    return float(number)


def _from_tagged(value: Any) -> Any:
    """ValueError for a tag that there is not, or text that is not its."""
    if isinstance(value, list):
        return [*map(_from_tagged, value)]
    if not isinstance(value, dict):
        return value
    if not _looks_like_a_tag(value):
        return {key: _from_tagged(item) for key, item in value.items()}
    ((tag, text),) = value.items()
    if tag == _ESCAPE and isinstance(text, dict):
        return {key: _from_tagged(item) for key, item in text.items()}
    if tag not in _FROM_TEXT or not isinstance(text, str):
        raise ValueError(f"unknown tag {tag}")
    return _FROM_TEXT[tag](text)
