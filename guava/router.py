"""Routers: from a request to the handler that answers it.

A router says by names alone who would answer, and imports nothing: route() works in
tests, without a server. load() imports the application, and a loaded router declines
what the application does not have. Served, the built-in routers are carried out by
the engine in C; a class that overrides route() is asked in Python.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from guava._core import Controller, Request, split_path
from guava.convention import (
    INDEX,
    ON_COLLECTION,
    ON_ELEMENT,
    controller_name,
    is_public,
)
from guava.handler import AnyHandler, Handler, StaticHandler

if TYPE_CHECKING:
    from guava._core import Server
    from guava.loading import Resource


class Router:
    """A table of single paths; the base of all routers.

    To route in a way of one's own, override route().
    """

    _mount_point: str = "/"
    _routes: dict[str, AnyHandler]

    def __init__(
        self,
        routes: Mapping[str, AnyHandler] | None = None,
        mount_point: str = "/",
    ) -> None:
        """`routes` as register() takes them. Raises ValueError."""
        self.mount_point = mount_point
        self._routes = {}
        for path, handler in (routes or {}).items():
            self.register(path, handler)

    @property
    def mount_point(self) -> str:
        """Where the router stands in the tree of URLs: begins and ends with a slash.

        Set without them, it gets them; ValueError on a query, or segments that are
        empty, "." or "..".
        """
        return self._mount_point

    @mount_point.setter
    def mount_point(self, mount_point: str) -> None:
        segments = mount_point.strip("/").split("/")
        if segments == [""]:
            self._mount_point = "/"
            return
        if {"", ".", ".."} & set(segments) or set("?#") & set(mount_point):
            raise ValueError(f"{mount_point!r} is not a mount point")
        self._mount_point = f"/{'/'.join(segments)}/"

    def register(self, path: str, handler: AnyHandler) -> None:
        """Answer `path` below the mount point with `handler`.

        `path` is decoded, begins with a slash and is matched exactly, final slash and
        all; ValueError where it does not. Once the router serves, it is fixed.
        """
        if not path.startswith("/"):
            raise ValueError(f"{path!r} does not begin with a slash")
        self._routes[path] = handler

    def routes(self) -> dict[str, AnyHandler]:
        """The table, as a copy."""
        return dict(self._routes)

    def route(self, request: Request) -> AnyHandler | None:
        """Who answers `request`; None leaves it to the next router."""
        segments = _segments(request, self.mount_point)
        if segments is None:
            return None
        path = "/" + "/".join(segments)
        if segments and request.raw_path.endswith("/"):
            path += "/"
        return self._routes.get(path)

    def load(self) -> None:
        """Import what the router names.

        Raises LoadError of `guava.loading`, or an ExceptionGroup of several.
        """

    def mount(self, server: Server) -> None:
        """Load, and have `server` answer for this router. Raises as load()."""
        from guava import loading

        self.load()
        if type(self).route in _CARRIED_OUT_IN_C:
            self._mount_native(server)
        else:
            server.mount_python(self.mount_point, self.route, loading.target)

    def _mount_native(self, server: Server) -> None:
        from guava.loading import fixed_target

        targets = {path: fixed_target(found) for path, found in self._routes.items()}
        server.mount_table(self.mount_point, targets)


class StaticRouter(Router):
    """The files of a directory."""

    def __init__(
        self, mount_point: str = "/", directory: str = ".", allow_index: bool = False
    ) -> None:
        """With `allow_index`, a directory without an index.html is listed."""
        super().__init__(mount_point=mount_point)
        self.directory = os.path.abspath(directory)
        self.allow_index = allow_index

    def route(self, request: Request) -> AnyHandler | None:
        """The file that the path names, whether there is one or not; once loaded,
        None where there is none, or where links lead out of the directory."""
        segments = _segments(request, self.mount_point)
        if segments is None:
            return None
        return StaticHandler(os.path.join(self.directory, *segments))

    def _mount_native(self, server: Server) -> None:
        server.mount_static(self.mount_point, self.directory, self.allow_index)


class MVCRouter(Router):
    """The controllers of a package: /module/action/arguments.

    Module and action are "index" where the path leaves them out.
    """

    _controllers: dict[str, type[Controller]] | None = None

    def __init__(self, mount_point: str = "/", package: str = "controllers") -> None:
        """`package` is the package that has the modules."""
        super().__init__(mount_point=mount_point)
        self.package = package

    def route(self, request: Request) -> AnyHandler | None:
        """The action that the path names; None where it can not be a name."""
        segments = _segments(request, self.mount_point)
        if segments is None:
            return None
        module, action, *args = (*segments, INDEX, INDEX)[: max(2, len(segments))]
        if not is_public(module) or not is_public(action):
            return None
        name = self._controller_name(module, action)
        return name and Handler(self.package, module, name, action, args)

    def load(self) -> None:
        from guava import loading

        self._controllers = loading.mvc(self.package)
