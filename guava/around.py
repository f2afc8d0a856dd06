"""Middleware: made from the configuration, and checked."""

from __future__ import annotations

from collections.abc import Iterable

from guava import loading
from guava.config.middleware import Middleware
from guava.importing import LoadError


def make(section: Middleware) -> object:
    """The middleware of a section. Raises LoadError."""
    cls = loading.find_class(section.class_)
    made = loading.make(cls, section.options, section.class_)
    if not hasattr(made, "process_request") and not hasattr(made, "process_response"):
        what = "has neither process_request() nor process_response()"
        raise LoadError("class", f"{section.class_} {what}")
    return made


def make_for_router(section: Middleware) -> object:
    """The same for the list of a router. Raises LoadError."""
    made = make(section)
    refuse_too_late([made])
    return made


def refuse_too_late(middleware: Iterable[object]) -> None:
    """Raise LoadError where one acts before routing, and so can not be a router's: it
    has a true attribute `before_routing`."""
    for one in middleware:
        if getattr(one, "before_routing", False):
            name = type(one).__name__
            what = "acts before routing: list it for the whole server"
            raise LoadError("class", f"{name} {what}")
