"""What an action takes from the URL, by its signature."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from enum import Enum
from types import FunctionType, UnionType
from typing import Any, Final, NamedTuple, TypeGuard, Union, get_origin

from guava.paths import as_text

Converter = Callable[[str], object]

ARGUMENTS_MAX: Final = 16  # the engine's: more segments are not found

_POSITIONAL_REST: Final = 0x04  # CO_VARARGS
_COROUTINES: Final = 0x80 | 0x200  # CO_COROUTINE, CO_ASYNC_GENERATOR


class Signature(NamedTuple):
    """What an action takes beside self.

    `most` is -1 for any number; `converters` are None where the text is taken as it
    is.
    """

    least: int
    most: int
    converters: tuple[Converter | None, ...]

    def takes(self, count: int) -> bool:
        """Whether it can be called with `count` arguments."""
        return self.least <= count <= (ARGUMENTS_MAX if self.most < 0 else self.most)


def signature(function: FunctionType) -> Signature:
    """What a method takes from the URL. TypeError where it can not be an action."""
    function = _innermost(function)
    code = function.__code__
    names = code.co_varnames[: code.co_argcount]
    any_number = bool(code.co_flags & _POSITIONAL_REST)
    if code.co_flags & _COROUTINES:
        raise TypeError("is an async function, which can not be an action")
    if not names and not any_number:
        raise TypeError("takes no self")
    required = _required_keyword(function)
    if required:
        raise TypeError(f"requires {required} by keyword, which no URL can give")
    converters = [_converter(function, name) for name in names[1:]]
    if any_number:
        rest = code.co_varnames[code.co_argcount + code.co_kwonlyargcount]
        missing = ARGUMENTS_MAX - len(converters)
        converters += [_converter(function, rest)] * missing
    least = max(0, len(names) - 1 - len(function.__defaults__ or ()))
    most = -1 if any_number else len(names) - 1
    return Signature(least, most, tuple(converters))


def count_text(taken: Signature) -> str:
    """A signature in words: "1 argument", "1 to 3 arguments"."""
    if taken.most < 0:
        return f"{taken.least} or more arguments"
    if taken.least != taken.most:
        return f"{taken.least} to {taken.most} arguments"
    return "1 argument" if taken.least == 1 else f"{taken.least} arguments"


def converted(args: tuple[object, ...], taken: Signature) -> Iterator[object]:
    """Constant arguments, text among them converted as if it came from a URL.

    Raises what a converter does: ValueError, and decimal's ArithmeticError.
    """
    for index, arg in enumerate(args):
        convert = taken.converters[index] if index < len(taken.converters) else None
        yield convert(arg) if convert and isinstance(arg, str) else arg


def _innermost(function: FunctionType) -> FunctionType:
    """What decorators that use functools.wraps have wrapped."""
    while isinstance(inner := getattr(function, "__wrapped__", None), FunctionType):
        function = inner
    return function


def _required_keyword(function: FunctionType) -> str | None:
    code = function.__code__
    first = code.co_argcount
    names = code.co_varnames[first : first + code.co_kwonlyargcount]
    given = function.__kwdefaults__ or {}
    return next((name for name in names if name not in given), None)


def _converter(function: FunctionType, parameter: str) -> Converter | None:
    """What turns a segment into what `parameter` is annotated with. TypeError where
    it is annotated with something that no text can be turned into."""
    annotation = function.__annotations__.get(parameter)
    if isinstance(annotation, str):
        try:
            annotation = eval(annotation, function.__globals__)
        except Exception as error:
            raise TypeError(f"has an annotation for {parameter}: {error}") from error
    wanted = [kind for kind in _alternatives(annotation) if kind is not type(None)]
    if annotation is None or any(kind in (str, object, Any) for kind in wanted):
        return None
    if len(wanted) != 1 or not _is_made_from_text(wanted[0]):
        raise TypeError(f"has an annotation for {parameter} that no text converts to")
    if wanted[0] is bool:
        return _boolean
    if issubclass(wanted[0], Enum):
        return _member_of(wanted[0])
    converter: Converter = getattr(wanted[0], "fromisoformat", wanted[0])
    return converter


def _is_made_from_text(kind: object) -> TypeGuard[type]:
    """Whether it is a class, and none of those that want an encoding as well."""
    return isinstance(kind, type) and not issubclass(kind, bytes | bytearray)


def _alternatives(annotation: object) -> tuple[object, ...]:
    if get_origin(annotation) in (Union, UnionType):
        members: tuple[object, ...] = annotation.__args__  # type: ignore[attr-defined]
        return members
    return (annotation,)


def _member_of(kind: type[Enum]) -> Converter:
    """The member that url_for() writes as the text; what else `kind` makes of text."""
    members: dict[str, Enum] = {}
    for member in kind:
        with suppress(TypeError):  # None and bytes stand in no URL
            members[as_text(member)] = member
    return lambda text: members[text] if text in members else kind(text)


def _boolean(text: str) -> bool:
    """true or false, 1 or 0; ValueError for anything else."""
    try:
        return {"true": True, "1": True, "false": False, "0": False}[text]
    except KeyError:
        raise ValueError(text) from None
