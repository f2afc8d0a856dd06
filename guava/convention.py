"""From names to code: how modules, controllers and actions are called, and which
methods of a class are actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import FunctionType, UnionType
from typing import Any, Final, NamedTuple, Union, get_origin

from guava import _core
from guava.controller import Controller
from guava.decorators import METHODS, is_marked, marks_of

Converter = Callable[[str], object]

INDEX: Final = "index"
ARGUMENTS_MAX: Final = 16  # the engine's: more segments are not found

ON_COLLECTION: Final = {"GET": "get_all", "HEAD": "get_all", "POST": "create_one"}
ON_ELEMENT: Final = {
    "GET": "get_one",
    "HEAD": "get_one",
    "PUT": "update_one",
    "PATCH": "patch_one",
    "DELETE": "delete_one",
}

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
        return self.least <= count and (self.most < 0 or count <= self.most)


def is_public(name: str) -> bool:
    """Whether a segment of a URL can name a module or an action."""
    return name.isidentifier() and not name.startswith("_")


def controller_name(module: str) -> str:
    """The class that answers for a module: "post" → "PostController",
    "blog_post" → "BlogPostController"."""
    words = module.rpartition(".")[2].split("_")
    return "".join(word[:1].upper() + word[1:] for word in words) + "Controller"


def actions(controller: type[_core.Controller]) -> dict[str, FunctionType]:
    """The actions of a class: the public functions that it and its bases below
    `guava.controller.Controller` define.

    Properties, static methods, class methods and what a plain mixin brings are none,
    nor is anything that overrides a name of the base.
    """
    return {
        name: value
        for name, value in _own(controller).items()
        if isinstance(value, FunctionType)
        and is_public(name)
        and not hasattr(Controller, name)
    }


def segments(controller: type[_core.Controller]) -> dict[str, list[str]]:
    """The names of a class's actions by the segment of a URL that they answer: their
    own, unless @action says otherwise. Those that share one are for different methods.
    """
    found: dict[str, list[str]] = {}
    for name, function in actions(controller).items():
        found.setdefault(marks_of(function).name or name, []).append(name)
    return found


def chosen(controller: type[_core.Controller], segment: str, method: str) -> str | None:
    """The name of the action that answers a segment and a method."""
    functions = actions(controller)
    for name in segments(controller).get(segment, ()):
        if method in marks_of(functions[name]).methods:
            return name
    return None


def misplaced(controller: type[_core.Controller]) -> dict[str, FunctionType]:
    """What has @action, and can not be an action all the same."""
    found, known = {}, actions(controller)
    for name, value in _own(controller).items():
        function = getattr(value, "__func__", value)  # of a static or class method
        if name not in known and is_marked(function):
            found[name] = function
    return found


def action(
    controller: type[_core.Controller],
    name: str,
    args: tuple[object, ...] | None = None,
    methods: tuple[str, ...] = METHODS,
) -> _core.Action:
    """What the engine needs to call an action, for those of `methods` that it answers.

    With `args` these are its only arguments, else they come from the URL. TypeError
    as signature(), and where the number of `args` is wrong; ValueError where one of
    them does not convert, or no method is left.
    """
    function = actions(controller)[name]
    taken = signature(function)
    answered = [each for each in marks_of(function).methods if each in methods]
    if not answered:
        raise ValueError(f"answers none of {', '.join(methods)}")
    if args is None:
        return _core.Action(
            controller,
            name,
            min_args=taken.least,
            max_args=taken.most,
            converters=taken.converters,
            methods=answered,
        )
    if not taken.takes(len(args)):
        raise TypeError(f"takes {count_text(taken)}, not {len(args)}")
    converted = tuple(_convert(args, taken))
    return _core.Action(controller, name, args=converted, methods=answered)


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


def _own(controller: type[_core.Controller]) -> dict[str, object]:
    """What the application's own classes among its bases, and itself, define."""
    found: dict[str, object] = {}
    for base in controller.__mro__:
        if issubclass(base, Controller) and base is not Controller:
            for name, value in vars(base).items():
                found.setdefault(name, value)
    return found


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
    if len(wanted) != 1 or not isinstance(wanted[0], type):
        raise TypeError(f"has an annotation for {parameter} that no text converts to")
    if wanted[0] is bool:
        return _boolean
    converter: Converter = getattr(wanted[0], "fromisoformat", wanted[0])
    return converter


def _alternatives(annotation: object) -> tuple[object, ...]:
    if get_origin(annotation) in (Union, UnionType):
        members: tuple[object, ...] = annotation.__args__  # type: ignore[attr-defined]
        return members
    return (annotation,)


def _boolean(text: str) -> bool:
    """true or false, 1 or 0; ValueError for anything else."""
    try:
        return {"true": True, "1": True, "false": False, "0": False}[text]
    except KeyError:
        raise ValueError(text) from None


def _convert(args: tuple[object, ...], taken: Signature) -> Iterator[object]:
    """Text among constant arguments is converted as if it came from a URL."""
    for index, arg in enumerate(args):
        convert = taken.converters[index] if index < len(taken.converters) else None
        yield convert(arg) if convert and isinstance(arg, str) else arg
