"""Reads and validates a configuration file."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

from guava.config import document
from guava.config.address import place_of
from guava.config.kinds import nearest
from guava.config.overrides import put
from guava.config.schema import Config, StaticRouter, TableRouter, Target
from guava.config.tree import Fault
from guava.config.units import format_size
from guava.config.walker import Walker


class ConfigError(Exception):
    """A configuration that can not be used.

    `errors` has one line "file:line:column: what is wrong" for each fault, in the
    order of the file.
    """

    def __init__(self, errors: list[str]) -> None:
        super().__init__("\n".join(errors))
        self.errors = errors


def load(path: str, overrides: Iterable[str] = ()) -> Config:
    """Read, validate and freeze the configuration in `path`, or raise ConfigError.

    Durations come out in milliseconds, sizes in bytes, paths absolute. `overrides`
    such as "server.workers=1" go before the file, a later one before those before it.
    """
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise ConfigError([f"{path}:1:1: cannot read: {error.strerror}"]) from None
    return parse(data, path, overrides)


def parse(data: bytes, path: str, overrides: Iterable[str] = ()) -> Config:
    """The configuration in `data`, the content of `path`, or raise ConfigError."""
    faults: list[Fault] = []
    root = document.parse(data, faults)
    for override in overrides:
        root = put(root, override, faults)
    base = os.path.dirname(os.path.abspath(path))
    config = Walker(path, base, faults).section(Config, root, "")
    if config is None or faults:
        raise ConfigError([_line(path, fault) for fault in sorted(set(faults))])
    if contradictions := list(_contradictions(config)):
        raise ConfigError(contradictions)
    return config


def _contradictions(config: Config) -> Iterator[str]:
    """What two values that are right by themselves make wrong together."""
    limits = config.limits
    if limits.body > limits.body_disk:
        place = limits.places.get("body_disk") or limits.place("body")
        body, disk = map(format_size, (limits.body, limits.body_disk))
        yield f"{place}: expected body_disk to be at least body, {body}, found {disk}"
    own = {place_of(address) for address in config.status.listen or ()}
    if not own.isdisjoint(map(place_of, config.server.listen)):
        place = config.status.place("listen")
        yield f"{place}: server.listen has this address already"
    for section in (config, *config.routers):
        if section.session is not None and section.session not in config.sessions:
            name, names = section.session, tuple(config.sessions)
            hint = nearest(name, names) if names else "; there are none"
            yield f'{section.place("session")}: unknown sessions "{name}"{hint}'
    yield from _repeated_names(config)
    yield from _repeated_cookies(config)


def _repeated_names(config: Config) -> Iterator[str]:
    """An alias has the place of what it repeats, and is another route all the same."""
    first: dict[str, StaticRouter | Target] = {}
    for section in _named(config):
        if section.name is not None:
            other = first.setdefault(section.name, section)
            if other is not section:
                place, taken = section.place("name"), other.place("name")
                yield f'{place}: the name "{section.name}" is taken at {taken}'


def _repeated_cookies(config: Config) -> Iterator[str]:
    """A browser would keep the session of one router, and lose the other's."""
    used = {section.session for section in (config, *config.routers)}
    first: dict[object, str] = {}
    for name, sessions in config.sessions.items():
        cookie = sessions.cookie
        scope = cookie.prefix, cookie.name, cookie.path, cookie.domain
        if name in used and (other := first.setdefault(scope, name)) != name:
            place = sessions.place("cookie")
            yield f'{place}: the cookie of sessions "{name}" is that of "{other}"'


def _named(config: Config) -> Iterator[StaticRouter | Target]:
    """All that may have a name for url_for(), in file order."""
    for router in config.routers:
        if isinstance(router, StaticRouter):
            yield router
        elif isinstance(router, TableRouter):
            yield from router.routes.values()


def _line(path: str, fault: Fault) -> str:
    message = " ".join(fault.message.split())
    return f"{fault.place.text(path)}: {message}"
