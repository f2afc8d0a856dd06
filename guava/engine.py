"""The engine, set up as a configuration says."""

from __future__ import annotations

from typing import Final

from guava import _core, bodies
from guava.config.schema import Config
from guava.config.section import Section

_TIMEOUTS: Final = ("header", "body", "write", "keepalive", "request", "graceful")
_LIMITS: Final = (
    "request_line",
    "headers",
    "header_count",
    "body",
    "body_memory",
    "body_disk",
    "min_rate",
    "connections",
)


def make(
    config: Config,
    *,
    access_log: int = -1,
    scoreboard: int = -1,
    slot: int = 0,
    control: int = -1,
) -> _core.Server:
    """A server that nothing is mounted on yet. The descriptors, -1 for none, are
    borrowed; `slot` is that of the scoreboard. The limits of bodies that hold for the
    process are those of `config` from then on."""
    bodies.set_limits(config.limits.form_parts, config.limits.body_decoded)
    return _core.Server(
        timeouts=_numbers(config.timeouts, _TIMEOUTS),
        limits=_numbers(config.limits, _LIMITS),
        server_header=config.server.server_header,
        access_log=access_log,
        access_format=config.log.format,
        scoreboard=scoreboard,
        slot=slot,
        control=control,
        trusted=config.proxy.trusted,
        forwarding=config.proxy.headers,
    )


def _numbers(section: Section, names: tuple[str, ...]) -> dict[str, int]:
    """Settings of the engine, which has the configuration's names for them."""
    return {name: getattr(section, name) for name in names}
