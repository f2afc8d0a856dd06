"""Imports an application: from handlers and packages to what the engine calls."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pkgutil import iter_modules
from types import ModuleType
from typing import NamedTuple, TypeVar

from guava import _core, convention, url
from guava.controller import Controller
from guava.decorators import METHODS, checked_methods, is_marked, marks_of
from guava.handler import AnyHandler, Handler, RedirectHandler, StaticHandler
from guava.importing import (
    LoadError,
    describe,
    is_of_guava,
    load_module,
    place,
    shown,
)
from guava.signature import Signature, count_text, signature

T = TypeVar("T")


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


def fixed_target(
    handler: AnyHandler, methods: Iterable[str] | None = None
) -> _core.Target:
    """As target(), with the handler's arguments for every request; an action only for
    `methods`, unless that is None."""
    if not isinstance(handler, Handler):
        return target(handler)
    controller = _find_controller(handler)
    wanted = checked_methods(methods)
    return _action(controller, handler.action, handler.args, wanted)


def mvc(package: str) -> dict[str, type[_core.Controller]]:
    """The controllers of a package by module.

    Modules whose name begins with an underscore are left out, as are those that define
    no controller. Raises LoadError where there is no such package, and an
    ExceptionGroup of one LoadError for each fault in it.
    """
    faults = _Faults(package)
    found: dict[str, type[_core.Controller]] = {}
    top = _find_package(package)
    for name, module in _imported(top, _modules(top), faults):
        controller = _controller_of(module, faults)
        if controller is not None:
            _check_actions(controller, faults)
            _check_shared(controller, faults)
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
) -> dict[str, dict[str, tuple[_core.Action, ...]]]:
    """What the engine's MVC router takes."""
    return {
        module: {
            segment: tuple(convention.action(controller, name) for name in names)
            for segment, names in convention.segments(controller).items()
        }
        for module, controller in controllers.items()
    }


def rest_resource(resource: Resource) -> _core.Resource:
    """What the engine's REST router takes for one collection."""
    controller, children = resource
    actions: dict[str, _core.Action] = {}
    if controller is not None:
        for name in convention.rest_names(controller):
            actions[name] = convention.action(controller, name)
    return _core.Resource(
        actions, {name: rest_resource(child) for name, child in children.items()}
    )


def find_class(path: str) -> type[object]:
    """The class `module.Name`. Raises LoadError."""
    module_name, _, name = path.rpartition(".")
    module = load_module(module_name, "class", f"there is no module {module_name}")
    found = getattr(module, name, None)
    if not isinstance(found, type):
        classes = [
            key for key in dir(module) if isinstance(getattr(module, key, None), type)
        ]
        raise LoadError("class", _unknown(f"{module_name} has no class", name, classes))
    return found


def make(cls: type[T], options: Mapping[str, object], path: str) -> T:
    """An object of a class that the configuration calls `path`. Raises LoadError: what
    guava itself says of the options stands there alone."""
    try:
        return cls(**options)
    except (Exception, SystemExit) as error:
        key = "options" if options else "class"
        if isinstance(error, TypeError | ValueError) and is_of_guava(error):
            raise LoadError(key, f"{path}: {error}") from None
        raise LoadError(key, f"{path}: {describe(error)}") from error


# Packages


def _find_package(name: str) -> ModuleType:
    if name == ".":
        raise LoadError("package", 'expected a package such as controllers, found "."')
    try:
        package = load_module(name, "package", f"there is no package {name}")
    except LoadError as error:
        if error.__cause__ is None:
            raise
        raise LoadError("package", f"package {name}: {error}") from error.__cause__
    if not hasattr(package, "__path__"):
        raise LoadError("package", f"{name} is a module, not a package")
    return package


def _resources(package: ModuleType, depth: int, faults: _Faults) -> dict[str, Resource]:
    found: dict[str, Resource] = {}
    folders = _folders(package)
    for name, module in _imported(package, _modules(package) | set(folders), faults):
        controller = _controller_of(module, faults)
        if controller is not None:
            _check_resource(controller, depth, faults)
        children: dict[str, Resource] = {}
        if hasattr(module, "__path__"):
            children = _resources(module, depth + 1, faults)
        elif name in folders and any(iter_modules([folders[name]])):
            what = f"hides the folder {name}, which it could be the __init__.py of"
            faults.add(f"{shown(module.__file__ or name)}: {what}")
        if controller is not None or children:
            found[name] = Resource(controller, children)
    return found


def _modules(package: ModuleType) -> set[str]:
    """The names of its modules, and of its packages that have an __init__.py."""
    return {name for _, name, _ in iter_modules(package.__path__)}


def _folders(package: ModuleType) -> dict[str, str]:
    """Its folders by their names: packages, whether they have an __init__.py or not."""
    parts = filter(os.path.isdir, package.__path__)
    entries = [entry for part in parts for entry in os.scandir(part)]
    return {entry.name: entry.path for entry in entries if entry.is_dir()}


def _imported(
    package: ModuleType, names: Iterable[str], faults: _Faults
) -> Iterator[tuple[str, ModuleType]]:
    """The public ones of these modules of a package, in the order of their names."""
    for name in sorted(filter(convention.is_public, names)):
        full = f"{package.__name__}.{name}"
        try:
            yield name, load_module(full, "package", f"there is no module {full}")
        except LoadError as error:
            faults.add(str(error), error.__cause__)


def _controller_of(
    module: ModuleType, faults: _Faults
) -> type[_core.Controller] | None:
    """The class that answers for a module, or None where it defines no controller."""
    expected = convention.controller_name(module.__name__)
    own = {key: value for key, value in vars(module).items() if _is_own(value, module)}
    found = [own[name] for name in {expected, "IndexController"} if name in own]
    where = shown(module.__file__ or module.__name__)
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
        load_module(handler.package, "package", missing)
    name = handler.import_name
    return load_module(name, "module", f"there is no module {name}")


def _action(
    controller: type[_core.Controller],
    name: str,
    args: tuple[object, ...] | None = None,
    methods: tuple[str, ...] = METHODS,
) -> _core.Action:
    known = convention.actions(controller)
    if name not in known:
        what = f"{controller.__name__} has no action"
        raise LoadError("action", _unknown(what, name, known))
    if set(methods).isdisjoint(marks_of(known[name]).methods):
        what = f"{controller.__name__}.{name} answers none of {', '.join(methods)}"
        raise LoadError("methods", what)
    try:
        return convention.action(controller, name, args, methods)
    except TypeError as error:
        key = "action" if args is None else "args"
        raise LoadError(key, f"{controller.__name__}.{name} {error}") from None
    except ValueError as error:
        raise LoadError("args", f"{controller.__name__}.{name}: {error}") from None
    except Exception as error:
        what = f"{controller.__name__}.{name}: {describe(error)}"
        raise LoadError("args", what) from error


def _check_actions(
    controller: type[_core.Controller], faults: _Faults
) -> dict[str, Signature]:
    """The signatures of a controller's actions."""
    found = {}
    for name, function in convention.actions(controller).items():
        try:
            found[name] = signature(function)
        except TypeError as error:
            faults.add(f"{place(function)}: {name} {error}")
    for name, function in convention.misplaced(controller).items():
        what = f"{name} has @action, and can not be an action"
        faults.add(f"{place(function)}: {what}")
    return found


def _check_shared(controller: type[_core.Controller], faults: _Faults) -> None:
    """That actions which share a segment are for different methods."""
    functions = convention.actions(controller)
    for segment, names in convention.segments(controller).items():
        taken: dict[str, str] = {}
        for name in names:
            for method in marks_of(functions[name]).methods:
                other = taken.setdefault(method, name)
                if other != name:
                    what = f"{name} answers {method} {segment}, as {other} does"
                    faults.add(f"{place(functions[name])}: {what}")
                    break


def _check_resource(
    controller: type[_core.Controller], depth: int, faults: _Faults
) -> None:
    """That each REST action takes as many arguments as its URL has: one for each
    element on the way, and one for its own."""
    functions = convention.actions(controller)
    for name, taken in _check_actions(controller, faults).items():
        count = depth + (name in convention.ON_ELEMENT.values())
        if is_marked(functions[name]):
            what = f"{name} has @action, and REST goes by names alone"
            faults.add(f"{place(functions[name])}: {what}")
        if name in convention.rest_names(controller) and not taken.takes(count):
            takes = count_text(taken)
            where = place(functions[name])
            faults.add(f"{where}: {name} takes {takes}, and its URL has {count}")


# Faults


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


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    from guava.config.kinds import did_you_mean  # only a mistake needs it

    return f'{what} "{name}"{did_you_mean(name, tuple(known))}'
