"""Routers: from a request to the handler that answers it.

A router says by names alone who would answer, and imports nothing: route() works in
tests, without a server. load() imports the application, and a loaded router declines
what the application does not have. Served, the built-in routers are carried out by
the engine in C; a class that overrides route() is asked in Python.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from guava import _core, around, loading, media, naming, paths
from guava import error_pages as pages
from guava._core import Controller, Request, Server, split_path
from guava.convention import (
    ON_COLLECTION,
    ON_ELEMENT,
    actions,
    chosen,
    controller_name,
    is_public,
)
from guava.decorators import checked_methods
from guava.error_pages import ErrorPage
from guava.handler import AnyHandler, Handler, StaticHandler
from guava.importing import LoadError
from guava.paths import INDEX
from guava.reverse import Named

if TYPE_CHECKING:
    from guava.session.sessions import Sessions
    from guava.session.store import SessionStore

_ENCODED: Final = ("br", "zst", "gz")


class _Route(NamedTuple):
    """What a path of a table leads to."""

    handler: AnyHandler
    methods: tuple[str, ...]  # that it is asked for, at most
    name: str | None  # that url_for() knows it by


class Router:
    """A table of single paths; the base of all routers.

    To route in a way of one's own, override route().
    """

    _mount_point: str = "/"
    _error_pages: Mapping[int, ErrorPage] = MappingProxyType({})
    _middleware: tuple[object, ...] = ()
    _session: Sessions | None = None
    _routes: dict[str, _Route]
    _targets: dict[str, _core.Target] | None = None  # of the routes, once loaded

    def __init__(
        self,
        routes: Mapping[str, AnyHandler] | None = None,
        mount_point: str = "/",
        error_pages: Mapping[int, ErrorPage] | None = None,
        middleware: Iterable[object] = (),
        session: Sessions | SessionStore | None = None,
    ) -> None:
        """`routes` as register() takes them; `middleware` stands around what the router
        answers, the first outermost; `session` is where its sessions are kept. Raises
        ValueError."""
        self.mount_point = mount_point
        self.error_pages = error_pages or {}
        self.middleware = middleware
        self.session = session
        self._routes = {}
        for path, handler in (routes or {}).items():
            self.register(path, handler)

    @property
    def mount_point(self) -> str:
        """Where the router stands in the tree of URLs: begins and ends with a slash.

        Set without them, it gets them; ValueError as mount_point() of `guava.paths`.
        """
        return self._mount_point

    @mount_point.setter
    def mount_point(self, mount_point: str) -> None:
        self._mount_point = paths.mount_point(mount_point)

    @property
    def error_pages(self) -> Mapping[int, ErrorPage]:
        """What is sent with errors, by status, in place of the small page: files, and
        the answers of handlers.

        Set, paths are made absolute; ValueError on a status that is not from 400 to
        599. Files are read, and handlers imported, when the router is mounted.
        """
        return self._error_pages

    @error_pages.setter
    def error_pages(self, error_pages: Mapping[int, ErrorPage]) -> None:
        self._error_pages = pages.checked(error_pages)

    @property
    def middleware(self) -> Sequence[object]:
        """What stands around the answers of this router, the first outermost.

        Each has `process_request(request)`, `process_response(request, response)` or
        both; docs/middleware.md tells of them.
        """
        return self._middleware

    @middleware.setter
    def middleware(self, middleware: Iterable[object]) -> None:
        self._middleware = tuple(middleware)

    @property
    def session(self) -> Sessions | None:
        """The sessions of this router's requests; None: those of the server, if any.

        Set to a store, they are of that store, with the usual cookie.
        """
        return self._session

    @session.setter
    def session(self, session: Sessions | SessionStore | None) -> None:
        if session is None:
            self._session = None
            return
        from guava.session.sessions import Sessions  # costs time

        self._session = Sessions.of(session)

    def register(
        self,
        path: str,
        handler: AnyHandler,
        *,
        methods: Iterable[str] | None = None,
        name: str | None = None,
    ) -> None:
        """Answer `path` below the mount point with `handler`.

        `path` is decoded, begins with a slash and is matched exactly, final slash and
        all. Only an action can be asked for less `methods` than it answers. url_for()
        knows the route by `name`, and by its action's. Once the router serves, it is
        fixed. Raises ValueError.
        """
        if not path.startswith("/"):
            raise ValueError(f"{path!r} does not begin with a slash")
        if methods is not None and not isinstance(handler, Handler):
            raise ValueError(f"{handler!r} is no action, which alone has methods")
        for other, route in self._routes.items():
            if name is not None and route.name == name and other != path:
                raise ValueError(f"the route {other} has the name {name!r} already")
        self._routes[path] = _Route(handler, checked_methods(methods), name)

    def routes(self) -> dict[str, AnyHandler]:
        """The table, as a copy."""
        return {path: route.handler for path, route in self._routes.items()}

    def names(self) -> Iterable[Named]:
        """What url_for() can find here, and by which names.

        Loads the router where that has to be. Raises as load().
        """
        routes: dict[str, _Route] = getattr(self, "_routes", {})  # or left unprepared
        for path, (handler, _, name) in routes.items():
            yield from naming.route(self.mount_point, path, handler, name)

    def route(self, request: Request) -> AnyHandler | None:
        """Who answers `request`; None leaves it to the next router."""
        segments = _plain_segments(request, self.mount_point)
        if segments is None:
            return None
        path = "/" + "/".join(segments)
        if segments and request.raw_path.endswith("/"):
            path += "/"
        route = self._routes.get(path)
        if route is None or request.method not in self._methods(path, route):
            return None
        return route.handler

    def load(self) -> None:
        """Import what the router names.

        Raises LoadError of `guava.importing`, or an ExceptionGroup of several.
        """
        if type(self).route is Router.route:
            self._targets = self._fixed_targets()

    def mount(self, server: Server) -> None:
        """Load, and have `server` answer for this router. Raises as load()."""
        self.load()
        self.attach(server)

    def attach(self, server: Server) -> None:
        """Have `server` answer for this router, which is loaded. Raises LoadError."""
        error_pages = pages.load(self.error_pages)
        if type(self).route in _CARRIED_OUT_IN_C:
            self._mount_native(server)
        else:
            server.mount_python(self.mount_point, self.route, loading.Resolver())
        if error_pages:
            server.set_error_pages(error_pages)
        if self.middleware or self.session:
            around.refuse_too_late(self.middleware)
            server.set_surroundings(self.middleware, self.session)

    def _methods(self, path: str, route: _Route) -> Collection[str]:
        """Those that a route is asked for; once loaded, what its action answers."""
        target = (self._targets or {}).get(path)
        return target.methods if isinstance(target, _core.Action) else route.methods

    def _fixed_targets(self) -> dict[str, _core.Target]:
        return {
            path: loading.fixed_target(route.handler, route.methods)
            for path, route in self._routes.items()
        }

    def _mount_native(self, server: Server) -> None:
        if self._targets is None:
            self._targets = self._fixed_targets()
        server.mount_table(self.mount_point, self._targets)


class StaticRouter(Router):
    """The files of a directory."""

    _loaded = False

    def __init__(
        self,
        mount_point: str = "/",
        directory: str = ".",
        allow_index: bool = False,
        *,
        index: Iterable[str] = ("index.html",),
        fallback: str | None = None,
        max_age: int | None = None,
        immutable: Iterable[str] = (),
        precompressed: bool | Iterable[str] = False,
        hidden: bool = False,
        follow_symlinks: bool = False,
        types: Mapping[str, str] | None = None,
        name: str | None = None,
        error_pages: Mapping[int, ErrorPage] | None = None,
        middleware: Iterable[object] = (),
        session: Sessions | SessionStore | None = None,
    ) -> None:
        """With `allow_index`, a directory that has no file of `index` is listed.

        `fallback` is a file below the directory that answers for what is not there.
        `max_age`, in seconds, and `immutable`, patterns of names, make Cache-Control.
        `precompressed` names the neighbours to look for by their endings, best first;
        True stands for br, zst and gz. `types` are media types by the ending of a
        file's name (".foo"), which go before the built-in ones. url_for() makes URLs
        of files by `name` and the file's name below the directory. Raises ValueError.
        docs/static-files.md has it all.
        """
        super().__init__(
            mount_point=mount_point,
            error_pages=error_pages,
            middleware=middleware,
            session=session,
        )
        self.directory = os.path.abspath(directory)
        self.allow_index = allow_index
        self.index = tuple(index)
        self.fallback = fallback
        self.max_age = max_age
        self.immutable = tuple(immutable)
        if isinstance(precompressed, bool):
            precompressed = _ENCODED if precompressed else ()
        self.precompressed = tuple(precompressed)
        self.hidden = hidden
        self.follow_symlinks = follow_symlinks
        self.types = _checked_types(types or {})
        self.name = name

    def route(self, request: Request) -> AnyHandler | None:
        """The file that the path names, whether there is one or not; once loaded,
        the fallback or None where there is none, or where links lead out of the
        directory."""
        segments = _plain_segments(request, self.mount_point)
        if segments is None or (not self.hidden and any(map(_is_hidden, segments))):
            return None
        path = os.path.join(self.directory, *segments)
        if not self._loaded or self._has(path):
            return StaticHandler(path)
        if self.fallback is None:
            return None
        return StaticHandler(os.path.join(self.directory, self.fallback))

    def load(self) -> None:
        if self.fallback is not None:
            path = os.path.join(self.directory, self.fallback)
            if not self._has(path):
                raise LoadError("fallback", f"there is no file {path}")
        self._loaded = True

    def names(self) -> Iterable[Named]:
        if self.name is not None:
            yield naming.files(self.mount_point, self.name)

    def _has(self, path: str) -> bool:
        real, top = os.path.realpath(path), os.path.realpath(self.directory)
        inside = self.follow_symlinks or real.startswith(os.path.join(top, ""))
        return inside and os.path.isfile(real)

    def _mount_native(self, server: Server) -> None:
        server.mount_static(
            self.mount_point,
            self.directory,
            self.allow_index,
            index=self.index,
            fallback=self.fallback,
            max_age=self.max_age,
            immutable=self.immutable,
            precompressed=self.precompressed,
            hidden=self.hidden,
            follow_symlinks=self.follow_symlinks,
        )
        if self.types:
            server.set_types(self.types)


class _PackageRouter(Router):
    """A router of what the modules of a package hold."""

    _usual_package: str

    def __init__(
        self,
        mount_point: str = "/",
        package: str | None = None,
        error_pages: Mapping[int, ErrorPage] | None = None,
        middleware: Iterable[object] = (),
        session: Sessions | SessionStore | None = None,
    ) -> None:
        """`package` holds the modules, and is imported by load(); None is the usual
        one: controllers of an MVCRouter, api of a RESTRouter."""
        super().__init__(
            mount_point=mount_point,
            error_pages=error_pages,
            middleware=middleware,
            session=session,
        )
        self.package = self._usual_package if package is None else package


class MVCRouter(_PackageRouter):
    """The controllers of a package: /module/action/arguments.

    Module and action are "index" where the path leaves them out. What @action says of
    an action's name and methods is known once the router is loaded.
    """

    _usual_package = "controllers"
    _controllers: dict[str, type[Controller]] | None = None

    def route(self, request: Request) -> AnyHandler | None:
        """The action that the path names; None where it can not be a name, and once
        loaded where there is none."""
        segments = split_path(request.raw_path, self.mount_point)
        if segments is None:
            return None
        module = segments[0] if segments else INDEX
        segment = segments[1] if len(segments) > 1 else INDEX
        found = self._find(module, segment, request.method)
        if found is None:
            return None
        controller, action = found
        return Handler(self.package, module, controller, action, segments[2:])

    def load(self) -> None:
        self._controllers = loading.mvc(self.package)

    def names(self) -> Iterable[Named]:
        if self._controllers is None:
            self.load()
        return naming.pages(self.mount_point, self.package, self._controllers or {})

    def _find(self, module: str, segment: str, method: str) -> tuple[str, str] | None:
        """The names of the class and of its action."""
        if self._controllers is None:
            is_name = is_public(module) and is_public(segment)
            return (controller_name(module), segment) if is_name else None
        controller = self._controllers.get(module)
        action = chosen(controller, segment, method) if controller else None
        return (controller.__name__, action) if controller and action else None

    def _mount_native(self, server: Server) -> None:
        server.mount_mvc(self.mount_point, loading.mvc_actions(self._controllers or {}))


class RESTRouter(_PackageRouter):
    """The collections of a package: /collection/id/collection/id, by method.

    A collection is a module; those below its elements are the modules of the package
    of the same name: /users/10/friends/3 is FriendsController.get_one("10", "3") in
    users/friends.py.
    """

    _usual_package = "api"
    _resources: dict[str, loading.Resource] | None = None

    def route(self, request: Request) -> AnyHandler | None:
        """The action that path and method name; None where they can not name one, and
        once loaded where there is none."""
        segments = split_path(request.raw_path, self.mount_point) or ()
        names, ids = segments[::2], segments[1::2]
        on_element = len(names) == len(ids)
        action = (ON_ELEMENT if on_element else ON_COLLECTION).get(request.method)
        if action is None or not names or not all(map(is_public, names)) or "" in ids:
            return None
        controller = self._controller(names, action)
        if controller is None:
            return None
        package = ".".join([self.package, *names[:-1]])
        return Handler(package, names[-1], controller, action, ids)

    def load(self) -> None:
        self._resources = loading.rest(self.package)

    def names(self) -> Iterable[Named]:
        if self._resources is None:
            self.load()
        return naming.resources(self.mount_point, self.package, self._resources or {})

    def _controller(self, names: tuple[str, ...], action: str) -> str | None:
        """The name of the class that has the action."""
        if self._resources is None:
            return controller_name(names[-1])
        below, found = self._resources, None
        for name in names:
            resource = below.get(name)
            if resource is None:
                return None
            found, below = resource
        return found.__name__ if found and action in actions(found) else None

    def _mount_native(self, server: Server) -> None:
        found = (self._resources or {}).items()
        resources = {name: loading.rest_resource(one) for name, one in found}
        server.mount_rest(self.mount_point, resources)


RESTFulRouter = RESTRouter

_CARRIED_OUT_IN_C: Final = frozenset(
    (Router.route, StaticRouter.route, MVCRouter.route, RESTRouter.route)
)


def _is_hidden(segment: str) -> bool:
    return segment.startswith(".")


def _checked_types(types: Mapping[str, str]) -> dict[str, str]:
    """A copy. Raises ValueError."""
    for ending, media_type in types.items():
        if not media.is_ending(ending):
            raise ValueError(f"{ending!r} is not the ending of a file's name")
        if not media.is_type(media_type):
            raise ValueError(f"{media_type!r} is not a media type")
    return dict(types)


def _plain_segments(request: Request, mount_point: str) -> tuple[str, ...] | None:
    """What follows the mount point; None where it is not below it, or has a slash that
    is no separator (%2F)."""
    segments = split_path(request.raw_path, mount_point)
    if segments is None or any("/" in segment for segment in segments):
        return None
    return segments
