"""The moon's phase, to within some hours."""

from datetime import UTC, date, datetime, time, timedelta
from math import cos, tau

MONTH = timedelta(days=29.530588853)
A_NEW_MOON = datetime(2000, 1, 6, 18, 14, tzinfo=UTC)
NAMES = (
    "new moon",
    "waxing crescent",
    "first quarter",
    "waxing gibbous",
    "full moon",
    "waning gibbous",
    "last quarter",
    "waning crescent",
)


def age(day: date) -> float:
    """The part of its month that the moon is through at noon: 0 is new, 0.5 full."""
    noon = datetime.combine(day, time(12), UTC)
    return ((noon - A_NEW_MOON) / MONTH) % 1


def lit(day: date) -> float:
    """The part of its disc that is lit."""
    return (1 - cos(tau * age(day))) / 2


def name(day: date) -> str:
    return NAMES[round(age(day) * 8) % 8]


def drawing(day: date) -> str:
    """As SVG: the lit limb is a half circle, its other edge half an ellipse."""
    part = age(day)
    waxing = part < 0.5
    width = 48 * cos(tau * part)
    limb, edge = (1, int(width < 0)) if waxing else (0, int(width > 0))
    return (
        '<svg viewBox="-52 -52 104 104" role="img" aria-label="the moon">'
        '<circle class="dark" r="48"/>'
        f'<path class="lit" d="M0,-48 A48,48 0 0 {limb} 0,48 '
        f'A{abs(width):.1f},48 0 0 {edge} 0,-48"/></svg>'
    )
