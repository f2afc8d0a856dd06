"""From the name of what answers to its URL: the reverse of routing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Final, NamedTuple, Protocol

from guava import paths
from guava.signature import Signature, count_text

Query = Mapping[str, object] | Iterable[tuple[str, object]]


class UnknownRoute(LookupError):
    """Nothing that answers has that name."""


class Named(NamedTuple):
    """What has a URL and a name to find that by.

    `path` makes the URL's path from as many arguments, as text, as `takes` says.
    """

    name: str  # "controllers.post.view"
    short: str  # without its package; or the same
    takes: Signature
    path: Callable[[Sequence[str]], str]


class Router(Protocol):
    """What a router has to say about names."""

    def names(self) -> Iterable[Named]:
        """All that it can make URLs for. Several may share a name, which then differ
        in what they take."""


class Names:
    """The names of one application."""

    def __init__(self, routers: Iterable[Router]) -> None:
        """`routers` in the order of the file: of equal names the first router's counts.
        They are asked when a URL is first wanted."""
        self._routers = tuple(routers)

    def url_for(
        self, name: str, *args: object, query: Query | None = None, fragment: str = ""
    ) -> str:
        """As url_for()."""
        found = self._find(name)
        chosen = next((one for one in found if one.takes.takes(len(args))), None)
        if chosen is None:
            takes = " or ".join(dict.fromkeys(count_text(one.takes) for one in found))
            raise TypeError(f"{name} takes {takes}, not {len(args)}")
        url = chosen.path([paths.as_text(arg) for arg in args])
        if query is not None and (text := _query_text(query)):
            url += f"?{text}"
        return f"{url}#{paths.escape(fragment)}" if fragment else url

    @contextmanager
    def active(self) -> Iterator[None]:
        """Have url_for() go by these names: in this thread, and in those that have no
        names of their own."""
        token = _current.set(self)
        _active.append(self)
        try:
            yield
        finally:
            _active.remove(self)
            _current.reset(token)

    def __iter__(self) -> Iterator[str]:
        """All names, with and without their packages."""
        return iter(self._by_name)

    def _find(self, name: str) -> list[Named]:
        found = self._by_name.get(name)
        if found is None:
            from guava.config.kinds import did_you_mean  # only a mistake needs it

            hint = did_you_mean(name, tuple(self))
            raise UnknownRoute(f'no route is called "{name}"{hint}')
        return found

    @cached_property
    def _by_name(self) -> dict[str, list[Named]]:
        """Whole names go before short ones."""
        named = [list(router.names()) for router in self._routers]
        found: dict[str, list[Named]] = {}
        for of_router in named:
            _add(found, ((one.name, one) for one in of_router))
        for of_router in named:
            _add(found, ((one.short, one) for one in of_router))
        return found


_current: Final[ContextVar[Names]] = ContextVar("guava.reverse")
_active: Final[list[Names]] = []


def url_for(
    name: str, *args: object, query: Query | None = None, fragment: str = ""
) -> str:
    """The URL of what is called `name`, from its slash on: "/post/view/10".

        url_for("post.view", 10)
        url_for("users.friends.get_one", 10, 3)
        url_for("post.index", query={"page": 2}, fragment="latest")

    An action's name is its module's and its own, with or without the package: of equal
    short names the first router's counts. Routes of tables and static routers may have
    names of their own. Arguments and query are escaped; what is None is left out of
    the query, a list in it stands for its key several times.

    Raises UnknownRoute, a LookupError, where there is no such name, TypeError where
    the number of arguments is wrong, ValueError where one can not stand in a path (it
    is empty, "." or ".."), and RuntimeError where no application serves.
    """
    return _names().url_for(name, *args, query=query, fragment=fragment)


def _names() -> Names:
    names = _current.get(_active[-1] if _active else None)
    if names is None:
        raise RuntimeError("url_for() knows no routes before an application serves")
    return names


def _add(found: dict[str, list[Named]], named: Iterable[tuple[str, Named]]) -> None:
    """Add what one router has, where no other has had the name before."""
    own: dict[str, list[Named]] = {}
    for name, one in named:
        own.setdefault(name, []).append(one)
    for name, ones in own.items():
        found.setdefault(name, ones)


def _query_text(query: Query) -> str:
    from urllib.parse import urlencode  # costs time, and not every application needs it

    pairs = query.items() if isinstance(query, Mapping) else query
    return urlencode([(key, text) for key, value in pairs for text in _texts(value)])


def _texts(value: object) -> list[str]:
    """The texts of one key's value."""
    values = value if isinstance(value, (list, tuple)) else [value]
    return [paths.as_text(one) for one in values if one is not None]
