"""Durations and sizes as a configuration writes them.

A duration is held in whole milliseconds, a size in bytes.
"""

from __future__ import annotations

import re
from typing import Final

SECOND: Final = 1000
MINUTE: Final = 60 * SECOND
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR

KIB: Final = 1024
MIB: Final = 1024 * KIB
GIB: Final = 1024 * MIB

DURATION_UNITS: Final = {"ms": 1, "s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY}
SIZE_UNITS: Final = {"B": 1, "KiB": KIB, "MiB": MIB, "GiB": GIB}

_QUANTITY: Final = re.compile(r"([0-9]+) ?([A-Za-z]*)", re.ASCII)


def parse_duration(text: str) -> int:
    """Milliseconds of "250ms", "30s", "5m", "2h" or "14d"; "0" needs no unit.

    Raises ValueError.
    """
    return _parse(text, DURATION_UNITS)


def format_duration(milliseconds: int) -> str:
    """The shortest text that parse_duration() reads as `milliseconds`."""
    return _format(milliseconds, DURATION_UNITS)


def parse_size(text: str) -> int:
    """Bytes of "512B", "8KiB", "1MiB" or "2GiB"; "0" needs no unit.

    Raises ValueError.
    """
    return _parse(text, SIZE_UNITS)


def format_size(size: int) -> str:
    """The shortest text that parse_size() reads as `size` bytes."""
    return _format(size, SIZE_UNITS)


def _parse(text: str, units: dict[str, int]) -> int:
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise ValueError(f"not a quantity: {text!r}")
    number, unit = int(match[1]), match[2]
    if number == 0 and not unit:
        return 0
    if unit not in units:
        raise ValueError(f"not a quantity: {text!r}")
    return number * units[unit]


def _format(amount: int, units: dict[str, int]) -> str:
    if amount == 0:
        return "0"
    unit, factor = max(
        ((unit, factor) for unit, factor in units.items() if amount % factor == 0),
        key=lambda pair: pair[1],
    )
    return f"{amount // factor}{unit}"
