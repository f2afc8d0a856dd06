"""Imports an application: from handlers and packages to what the engine calls."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from traceback import walk_tb
from types import FunctionType, ModuleType
from typing import Final, NamedTuple

from guava import _core, convention, url
from guava.controller import Controller
from guava.handler import AnyHandler, Handler, RedirectHandler, StaticHandler

_STANDARD_LIBRARY: Final = os.path.dirname(os.__file__)
_GUAVA: Final = os.path.dirname(__file__)


class LoadError(Exception):
    """Something that an application was to have can not be loaded.

    `key` says which part of what was asked is at fault: package, module, controller,
    action, args or class. Where code of the application failed, its exception is the
    cause.
    """

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


class Resource(NamedTuple):
    """A REST collection: its controller, if it has one, and the collections below
    each of its elements."""

    controller: type[_core.Controller] | None
    children: dict[str, Resource]


def target(handler: AnyHandler) -> _core.Target:
    """What the engine runs for a handler; the arguments of an action come with each
    request. Raises LoadError."""
    if isinstance(handler, RedirectHandler):
        return _core.Redirect(url.escape(handler.location), handler.status)
    if isinstance(handler, StaticHandler):
        return _core.File(handler.path)
    return _action(_find_controller(handler), handler.action)


class Resolver:
    """target(), with the answers for actions kept: of these an application has few."""

    def __init__(self) -> None:
        self._actions: dict[tuple[str, str, str], _core.Target] = {}

    def __call__(self, handler: AnyHandler) -> _core.Target:
        """Raises LoadError."""
        if not isinstance(handler, Handler):
            return target(handler)
        name = (handler.import_name, handler.controller, handler.action)
        found = self._actions.get(name)
        if found is None:
            found = self._actions[name] = target(handler)
        return found


def fixed_target(handler: AnyHandler) -> _core.Target:
    """As target(), with the handler's arguments for every request."""
    if isinstance(handler, Handler):
        return _action(_find_controller(handler), handler.action, handler.args)
    return target(handler)


def mvc(package: str) -> dict[str, type[_core.Controller]]:
    """The controllers of a package by module.

    Modules whose name begins with an underscore are left out, as are those that define
    no controller. Raises LoadError where there is no such package, and an
    ExceptionGroup of one LoadError for each fault in it.
    """
    faults = _Faults(package)
    found: dict[str, type[_core.Controller]] = {}
    for name, module in _modules(_find_package(package), faults):
        controller = _controller_of(module, faults)
        if controller is not None:
            _check_actions(controller, faults)
            found[name] = controller
    faults.raise_all()
    return found


def rest(package: str) -> dict[str, Resource]:
    """The collections of a package by module, with what lies below them.

    As mvc(), at all depths; actions must take the arguments that their URL has.
    """
    faults = _Faults(package)
    found = _resources(_find_package(package), 0, faults)
    faults.raise_all()
    return found


def mvc_actions(
    controllers: dict[str, type[_core.Controller]],
) -> dict[str, dict[str, _core.Action]]:
    """What the engine's MVC router takes."""
    return {
        module: {
            name: convention.action(controller, name)
            for name in convention.actions(controller)
        }
        for module, controller in controllers.items()
    }


def rest_resource(resource: Resource) -> _core.Resource:
    """What the engine's REST router takes for one collection."""
    return _core.Resource(
        {
            name: convention.action(controller, name)
            for controller in filter(None, [resource.controller])
            for name in rest_names(controller)
        },
        {name: rest_resource(child) for name, child in resource.children.items()},
    )


def rest_names(controller: type[_core.Controller]) -> list[str]:
    """The actions of a class that REST has methods for."""
    named = {*convention.ON_COLLECTION.values(), *convention.ON_ELEMENT.values()}
    return [name for name in convention.actions(controller) if name in named]


def find_class(path: str) -> type[object]:
    """The class `module.Name`. Raises LoadError."""
    module_name, _, name = path.rpartition(".")
    module = _import(module_name, "class", f"there is no module {module_name}")
    found = getattr(module, name, None)
    if not isinstance(found, type):
        classes = [
            key for key, value in vars(module).items() if isinstance(value, type)
        ]
        raise LoadError("class", _unknown(f"{module_name} has no class", name, classes))
    return found


# Packages


def _find_package(name: str) -> ModuleType:
    if name == ".":
        raise LoadError("package", 'expected a package such as controllers, found "."')
    try:
        package = _import(name, "package", f"there is no package {name}")
    except LoadError as error:
        if error.__cause__ is None:
            raise
        raise LoadError("package", f"package {name}: {error}") from error.__cause__
    if not hasattr(package, "__path__"):
        raise LoadError("package", f"{name} is a module, not a package")
    return package


def _resources(package: ModuleType, depth: int, faults: _Faults) -> dict[str, Resource]:
    found: dict[str, Resource] = {}
    for name, module in _modules(package, faults):
        controller = _controller_of(module, faults)
        if controller is not None:
            _check_resource(controller, depth, faults)
        children: dict[str, Resource] = {}
        if hasattr(module, "__path__"):
            children = _resources(module, depth + 1, faults)
        if controller is not None or children:
            found[name] = Resource(controller, children)
    return found


def _modules(package: ModuleType, faults: _Faults) -> Iterator[tuple[str, ModuleType]]:
    """The public modules of a package, imported, in the order of their names."""
    for _, name, _ in iter_modules(package.__path__):
        if convention.is_public(name):
            full = f"{package.__name__}.{name}"
            try:
                yield name, _import(full, "package", f"there is no module {full}")
            except LoadError as error:
                faults.add(str(error), error.__cause__)


def _controller_of(
    module: ModuleType, faults: _Faults
) -> type[_core.Controller] | None:
    """The class that answers for a module, or None where it defines no controller."""
    expected = convention.controller_name(module.__name__)
    own = {key: value for key, value in vars(module).items() if _is_own(value, module)}
    found = [own[name] for name in {expected, "IndexController"} if name in own]
    where = _shown(module.__file__ or module.__name__)
    if len(found) > 1:
        faults.add(f"{where}: has both {expected} and IndexController")
    elif own and not found:
        names = " or ".join(dict.fromkeys([expected, "IndexController"]))
        faults.add(f"{where}: expected {names}, found {next(iter(own))}")
    return found[0] if found else None


def _is_own(value: object, module: ModuleType) -> bool:
    """Whether `value` is a controller that `module` itself defines."""
    return (
        isinstance(value, type)
        and issubclass(value, Controller)
        and value.__module__ == module.__name__
    )


# Controllers and actions


def _find_controller(handler: Handler) -> type[_core.Controller]:
    module = _find_module(handler)
    found = getattr(module, handler.controller, None)
    if not isinstance(found, type) or not issubclass(found, Controller):
        known = [name for name, value in vars(module).items() if _is_own(value, module)]
        what = f"{handler.import_name} has no controller"
        raise LoadError("controller", _unknown(what, handler.controller, known))
    return found


def _find_module(handler: Handler) -> ModuleType:
    if handler.package != ".":
        missing = f"there is no package {handler.package}"
        _import(handler.package, "package", missing)
    name = handler.import_name
    return _import(name, "module", f"there is no module {name}")


def _action(
    controller: type[_core.Controller],
    name: str,
    args: tuple[object, ...] | None = None,
) -> _core.Action:
    known = convention.actions(controller)
    if name not in known:
        what = f"{controller.__name__} has no action"
        raise LoadError("action", _unknown(what, name, known))
    try:
        return convention.action(controller, name, args)
    except TypeError as error:
        key = "action" if args is None else "args"
        raise LoadError(key, f"{controller.__name__}.{name} {error}") from None
    except ValueError as error:
        raise LoadError("args", f"{controller.__name__}.{name}: {error}") from None


def _check_actions(
    controller: type[_core.Controller], faults: _Faults
) -> dict[str, convention.Signature]:
    """The signatures of a controller's actions."""
    found = {}
    for name, function in convention.actions(controller).items():
        try:
            found[name] = convention.signature(function)
        except TypeError as error:
            faults.add(f"{_place(function)}: {name} {error}")
    return found


def _check_resource(
    controller: type[_core.Controller], depth: int, faults: _Faults
) -> None:
    """That each REST action takes as many arguments as its URL has: one for each
    element on the way, and one for its own."""
    functions = convention.actions(controller)
    for name, taken in _check_actions(controller, faults).items():
        count = depth + (name in convention.ON_ELEMENT.values())
        if name in rest_names(controller) and not taken.takes(count):
            takes = convention.count_text(taken)
            place = _place(functions[name])
            faults.add(f"{place}: {name} takes {takes}, and its URL has {count}")


# Errors and their places


class _Faults:
    """What is wrong in a package, gathered so that all of it is told at once."""

    def __init__(self, package: str) -> None:
        self.what = f"package {package}"
        self.errors: list[LoadError] = []

    def add(self, message: str, cause: BaseException | None = None) -> None:
        error = LoadError("package", f"{self.what}: {message}")
        error.__cause__ = cause
        self.errors.append(error)

    def raise_all(self) -> None:
        if self.errors:
            raise ExceptionGroup(self.what, self.errors)


def _import(name: str, key: str, missing: str) -> ModuleType:
    """Import a module; LoadError with `missing` where there is none of that name."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is not None and f"{name}.".startswith(f"{error.name}."):
            raise LoadError(key, missing) from None
        raise LoadError(key, describe(error)) from _trim(error)
    except (Exception, SystemExit) as error:
        raise LoadError(key, describe(error)) from _trim(error)


def _trim(error: BaseException) -> BaseException:
    """The exception, its traceback beginning where the application does."""
    entry = error.__traceback__
    while entry is not None and _is_foreign(entry.tb_frame.f_code.co_filename):
        entry = entry.tb_next
    return error.with_traceback(entry)


def describe(error: BaseException) -> str:
    """An exception in one line, after the place in the application that it came from:
    "controllers/post.py:3: NameError: name 'x' is not defined"."""
    text = " ".join(str(error.msg if isinstance(error, SyntaxError) else error).split())
    kind = type(error).__name__
    return f"{_origin(error)}{kind}: {text}" if text else f"{_origin(error)}{kind}"


def _origin(error: BaseException) -> str:
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_shown(error.filename)}:{error.lineno or 1}: "
    frames = [
        (frame.f_code.co_filename, line)
        for frame, line in walk_tb(error.__traceback__)
        if not _is_foreign(frame.f_code.co_filename)
    ]
    return f"{_shown(frames[-1][0])}:{frames[-1][1]}: " if frames else ""


def _is_foreign(file: str) -> bool:
    """Whether a file is no part of the application."""
    return (
        file.startswith(("<", _STANDARD_LIBRARY + os.sep, _GUAVA + os.sep))
        or f"{os.sep}site-packages{os.sep}" in file
    )


def _place(function: FunctionType) -> str:
    code = function.__code__
    return f"{_shown(code.co_filename)}:{code.co_firstlineno}"


def _shown(file: str) -> str:
    """A file's path as seen from the part of sys.path that it was found in."""
    folders = [os.path.join(os.path.abspath(folder), "") for folder in sys.path]
    above = [folder for folder in folders if file.startswith(folder)]
    return file[len(max(above, key=len)) :] if above else file


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    from guava.config.kinds import did_you_mean  # only a mistake needs it

    return f'{what} "{name}"{did_you_mean(name, tuple(known))}'
