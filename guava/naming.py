"""What the parts of an application are called by url_for()."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from guava import convention, paths
from guava.handler import AnyHandler, Handler
from guava.reverse import Named
from guava.signature import Signature, signature

if TYPE_CHECKING:
    from guava._core import Controller
    from guava.loading import Resource

_NOTHING: Final = Signature(0, 0, ())
_ONE: Final = Signature(1, 1, ())


def pages(
    mount_point: str, package: str, controllers: Mapping[str, type[Controller]]
) -> Iterator[Named]:
    """The actions of an MVC router, by module and the segment that they answer."""
    for module, controller in controllers.items():
        functions = convention.actions(controller)
        for segment, actions in convention.segments(controller).items():
            short = f"{module}.{segment}"
            path = partial(paths.page, mount_point, module, segment)
            for action in actions:
                takes = signature(functions[action])
                yield Named(f"{package}.{short}", short, takes, path)


def resources(
    mount_point: str,
    package: str,
    found: Mapping[str, Resource],
    above: tuple[str, ...] = (),
) -> Iterator[Named]:
    """The actions of a REST router's collections, and of those below, by the modules on
    the way and their own name."""
    for name, (controller, children) in found.items():
        way = (*above, name)
        path = partial(paths.element, mount_point, way)
        for action in convention.rest_names(controller) if controller else ():
            count = len(above) + (action in convention.ON_ELEMENT.values())
            short = ".".join([*way, action])
            takes = Signature(count, count, ())
            yield Named(f"{package}.{short}", short, takes, path)
        yield from resources(mount_point, package, children, way)


def route(
    mount_point: str, path: str, handler: AnyHandler, name: str | None
) -> Iterator[Named]:
    """A route of a table, by the name that it is given and by its action's."""
    single = partial(paths.single, mount_point, path)
    if name is not None:
        yield Named(name, name, _NOTHING, single)
    if isinstance(handler, Handler):
        short = f"{handler.module}.{handler.action}"
        whole = f"{handler.import_name}.{handler.action}"
        yield Named(whole, short, _NOTHING, single)


def files(mount_point: str, name: str) -> Named:
    """The files of a static router, by the name that it is given: a file's own is the
    argument."""
    return Named(name, name, _ONE, partial(paths.file, mount_point))
