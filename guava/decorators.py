"""What an application says of an action where its name alone is not enough."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Final, NamedTuple, TypeGuard, TypeVar

Method = TypeVar("Method", bound=Callable[..., object])

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

_ATTRIBUTE: Final = "__guava_action__"


class Marks(NamedTuple):
    """What @action has said of a function."""

    name: str | None = None  # the segment of the URL, where that is not the function's
    methods: tuple[str, ...] = METHODS  # that it answers


_UNMARKED: Final = Marks()


def action(
    *, name: str | None = None, methods: Iterable[str] | None = None
) -> Callable[[Method], Method]:
    """Say by what name and which methods an action of a controller is asked for.

        @action(name="edit", methods=["POST"])
        def save(self, id): ...

    `name` is the segment of its URL, in the place of the function's, and need be no
    identifier: "new-post", "feed.xml". Actions may share one, for different methods.

    `methods` are those that it answers, and HEAD with GET; others are answered by 405,
    and OPTIONS by what is allowed. None: all of them.

    ValueError on a name that can be no segment, and on an unknown method; TypeError
    where what is decorated is no function.
    """
    marks = Marks(_checked_name(name), checked_methods(methods))

    def mark(function: Method) -> Method:
        if not isinstance(function, FunctionType):
            raise TypeError(f"@action is for functions, not for {function!r}")
        setattr(function, _ATTRIBUTE, marks)
        return function

    return mark


def marks_of(function: FunctionType) -> Marks:
    """What @action has said of `function`, also where that has been wrapped since."""
    marks: Marks = getattr(function, _ATTRIBUTE, _UNMARKED)
    return marks


def is_marked(value: object) -> TypeGuard[FunctionType]:
    """Whether @action has said something of it."""
    return isinstance(value, FunctionType) and hasattr(value, _ATTRIBUTE)


def checked_methods(methods: Iterable[str] | None) -> tuple[str, ...]:
    """Each once, and HEAD where GET is (RFC 9110, section 9.1); all for None.

    ValueError on an unknown method, and where there is none.
    """
    if methods is None:
        return METHODS
    if isinstance(methods, str):
        raise TypeError(f"expected a list of methods such as [{methods!r}]")
    wanted = list(methods)
    for method in wanted:
        if method not in METHODS:
            from guava.config.kinds import nearest  # only a mistake needs it

            raise ValueError(f"{method!r} is no method{nearest(str(method), METHODS)}")
    if not wanted:
        raise ValueError("an action answers at least one method")
    if "GET" in wanted:
        wanted.append("HEAD")
    return tuple(method for method in METHODS if method in wanted)


def _checked_name(name: str | None) -> str | None:
    if name is None:
        return None
    if not name or "/" in name or name in (".", "..") or not name.isprintable():
        raise ValueError(f"{name!r} can be no segment of a URL")
    return name
