"""The options of middleware: plain values, as a configuration writes them.

Each function returns the value of the option `name`, and raises TypeError or ValueError
with a message that names it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from importlib import import_module
from types import ModuleType
from typing import Any, Final

from guava.config import units
from guava.grammar import TOKEN

_TOKEN: Final = re.compile(TOKEN)


def text(name: str, value: object) -> str:
    """A str of printable ASCII, as a header field can have it."""
    found = _str(name, value)
    if not found or not found.isascii() or not found.isprintable():
        raise ValueError(f"{name}: expected printable ASCII, found {value!r}")
    return found


def token(name: str, value: object) -> str:
    """A token (RFC 9110, section 5.6.2), such as the name of a header field."""
    found = _str(name, value)
    if not _TOKEN.fullmatch(found):
        raise ValueError(f"{name}: expected a token such as X-Key, found {value!r}")
    return found


def _str(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{name}: expected text, found {value!r}")
    return value


def texts(name: str, value: object) -> tuple[str, ...]:
    """The items of a list, each as text() has it; a single str is refused."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise TypeError(f"{name}: expected a list of text, found {value!r}")
    return tuple(text(name, item) for item in value)


def tokens(name: str, value: object) -> tuple[str, ...]:
    """The items of a list, each as token() has it."""
    return tuple(token(name, item) for item in texts(name, value))


def flag(name: str, value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise TypeError(f"{name}: expected true or false, found {value!r}")
    return value


def whole(name: str, value: object, least: int, most: int) -> int:
    """An int from `least` to `most`."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name}: expected a whole number, found {value!r}")
    if not least <= value <= most:
        raise ValueError(f"{name}: expected {least} to {most}, found {value}")
    return value


def seconds(name: str, value: object) -> int:
    """A duration in seconds: such a number, or text such as "10m" or "365d"."""
    if not isinstance(value, str):
        return whole(name, value, 0, 2**31 - 1)
    try:
        return units.parse_duration(value) // units.SECOND
    except ValueError:
        what = "a duration such as 10m"
        raise ValueError(f"{name}: expected {what}, found {value!r}") from None


def size(name: str, value: object) -> int:
    """A number of bytes, or text such as "1KiB"."""
    if not isinstance(value, str):
        return whole(name, value, 0, 2**63 - 1)
    try:
        return units.parse_size(value)
    except ValueError:
        what = "a size such as 1KiB"
        raise ValueError(f"{name}: expected {what}, found {value!r}") from None


def function(name: str, value: object) -> Callable[..., Any]:
    """A function, or the one that text such as "accounts.verify" names, imported."""
    found = value
    if isinstance(value, str):
        module, _, attribute = value.rpartition(".")
        if not module:
            what = "a function such as accounts.verify"
            raise ValueError(f"{name}: expected {what}, found {value!r}")
        found = getattr(_module(name, module), attribute, None)
    if not callable(found):
        raise TypeError(f"{name}: expected a function, found {value!r}")
    return found


def _module(option: str, name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise  # it is there, and lacks another
        raise ValueError(f"{option}: there is no module {name}") from None
