"""The server in one process, from plain Python: no daemon, the same engine."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing

from guava import _core, application, hooks, reverse
from guava import error_pages as pages
from guava.error_pages import ErrorPage
from guava.handler import AnyHandler
from guava.request import Request
from guava.router import Router, StaticRouter
from guava.session.sessions import Sessions
from guava.session.store import SessionStore

_STDERR = 2


class Server:
    """Serves routers, or one callable, on one address.

        server = guava.server.Server(port=8080)
        server.add_router(guava.router.MVCRouter(package="controllers"))
        server.serve()

    With `handler`, the lowest level: it is called with each request that no router
    takes, and returns what an action may return.
    """

    def __init__(
        self,
        ip: str = "127.0.0.1",
        port: int = 8000,
        backlog: int = 2048,
        auto_reload: bool = False,
        handler: Callable[[Request], object] | None = None,
        access_log: bool = False,
        middleware: Iterable[object] = (),
        session: Sessions | SessionStore | None = None,
        error_pages: Mapping[int, ErrorPage] | None = None,
    ) -> None:
        """`ip` is an IPv4 or IPv6 address; port 0 is a free one, which `port` names
        after bind().

        `auto_reload` runs the program again when a source, template or configuration
        below the folders of sys.path has changed; it needs the extra guava[dev].
        `access_log` writes a line for each request to standard error. `middleware`
        stands around every request, the first outermost. `session` is where sessions
        are kept of routers that have none of their own. `error_pages` are files and
        handlers by status, for errors that no router has a page for; ValueError where a
        status is not from 400 to 599.
        """
        self.ip = ip
        self.port = port
        self.backlog = backlog
        self.auto_reload = auto_reload
        self.handler = handler
        self.access_log = access_log
        self.middleware = tuple(middleware)
        self.session = Sessions.of(session)
        self.error_pages = pages.checked(error_pages or {})
        self._routers: list[Router] = []
        self._socket: socket.socket | None = None

    def add_router(self, *routers: Router) -> None:
        """Mount routers; among equal mount points the first added is asked first."""
        self._routers += routers

    def route(self, request: Request) -> AnyHandler | None:
        """Who would answer `request`, by name: the router with the longest mount point
        that does not decline. None where it is nobody."""
        by_length = sorted(self._routers, key=lambda r: -len(r.mount_point))
        found = (router.route(request) for router in by_length)
        return next((handler for handler in found if handler is not None), None)

    def url_for(
        self,
        name: str,
        *args: object,
        query: reverse.Query | None = None,
        fragment: str = "",
    ) -> str:
        """guava.url_for() among these routers, which are loaded for it. Raises as that
        and serve() do."""
        return self.names().url_for(name, *args, query=query, fragment=fragment)

    def bind(self) -> None:
        """Open the listening socket, which serve() would do. Raises OSError."""
        if self._socket is None:
            family = socket.AF_INET6 if ":" in self.ip else socket.AF_INET
            self._socket = socket.create_server(
                (self.ip, self.port), family=family, backlog=self.backlog
            )
            self.port = self._socket.getsockname()[1]

    def close(self) -> None:
        """Close the listening socket, as serve() does when it ends."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def serve(self) -> None:
        """Serve until SIGINT, SIGTERM or SIGQUIT; what runs then is finished first.

        The hooks of guava.on_worker_start() run once the address is bound, and those of
        on_worker_stop() whatever ends the serving. Raises OSError where the address can
        not be bound, LoadError of `guava.importing`, or an ExceptionGroup of several,
        where a router can not be loaded or a hook fails, and with `auto_reload`
        ModuleNotFoundError without watchfiles.
        """
        engine = self.engine()
        self.bind()
        with closing(self), self.names().active(), hooks.running():
            has_changed = self._run(engine)
        if has_changed:
            from guava import autoreload

            autoreload.restart()

    def _run(self, engine: _core.Server) -> bool:
        """Whether a change of a source has ended it."""
        assert self._socket is not None
        engine.listen(self._socket.fileno())
        self.close()  # the engine has a copy, and closes that when it drains
        if self.auto_reload:
            return _serve_watched(engine)
        engine.serve()
        return False

    def names(self) -> reverse.Names:
        """The names of all that the routers answer with."""
        return reverse.Names(self._routers)

    def engine(self) -> _core.Server:
        """The engine, set up and not listening yet; raises as serve()."""
        _core.log_open(_STDERR, _core.LOG_INFO, "server")
        engine = _core.Server(access_log=_STDERR if self.access_log else -1)
        application.mount(engine, self._routers)
        if self.middleware or self.session:
            engine.set_surroundings_of_all(self.middleware, self.session)
        if self.error_pages:
            engine.set_error_pages_of_all(pages.load(self.error_pages))
        if self.handler is not None:
            engine.mount_callable("/", self.handler)
        return engine


def _serve_watched(engine: _core.Server) -> bool:
    """Whether a change of a source has ended it."""
    from guava import autoreload

    reloading = autoreload.Reloading(engine.drain)
    reloading.start()
    try:
        engine.serve()
    finally:
        reloading.stop()
    return reloading.changed


def start_static_server(
    ip: str = "0.0.0.0", port: int = 8000, directory: str = "."
) -> None:
    """Serve a directory with a listing, as `python -m http.server` does.

    Returns when SIGINT, SIGTERM or SIGQUIT has ended it. Raises OSError where the
    address can not be bound, or there is no such directory.
    """
    server = Server(ip, port, access_log=True)
    router = StaticRouter(directory=directory, allow_index=True)
    server.add_router(router)
    server.bind()
    host = f"[{ip}]" if ":" in ip else ip
    print(f"Serving {router.directory} on http://{host}:{server.port}/", flush=True)
    server.serve()
