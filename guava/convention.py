"""From names to code: how modules, controllers and actions are called, and which
methods of a class are actions."""

from __future__ import annotations

from types import FunctionType
from typing import Final

from guava import _core
from guava.controller import Controller
from guava.decorators import METHODS, is_marked, marks_of
from guava.signature import converted, count_text, signature

ON_COLLECTION: Final = {"GET": "get_all", "HEAD": "get_all", "POST": "create_one"}
ON_ELEMENT: Final = {
    "GET": "get_one",
    "HEAD": "get_one",
    "PUT": "update_one",
    "PATCH": "patch_one",
    "DELETE": "delete_one",
}


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


def rest_names(controller: type[_core.Controller]) -> list[str]:
    """The actions of a class that REST has methods for."""
    named = {*ON_COLLECTION.values(), *ON_ELEMENT.values()}
    return [name for name in actions(controller) if name in named]


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
    """What the engine needs to call an action, for those of `methods` that it answers,
    of which there is one.

    With `args` these are its only arguments, else they come from the URL. TypeError
    as signature(), and where the number of `args` is wrong; ValueError where one of
    them does not convert, or what else its converter raises.
    """
    function = actions(controller)[name]
    taken = signature(function)
    answered = [each for each in marks_of(function).methods if each in methods]
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
    constants = tuple(converted(args, taken))
    return _core.Action(controller, name, args=constants, methods=answered)


def _own(controller: type[_core.Controller]) -> dict[str, object]:
    """What the application's own classes among its bases, and itself, define."""
    found: dict[str, object] = {}
    for base in controller.__mro__:
        if issubclass(base, Controller) and base is not Controller:
            for name, value in vars(base).items():
                found.setdefault(name, value)
    return found
