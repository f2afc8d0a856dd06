"""A guava._core.Server that serves in a thread of the test's own process."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

from http_client import PATIENCE, Answer, Client, request

from guava import _core


class Live:
    """Serves what `mount` mounts, until its with block is left."""

    def __init__(
        self,
        mount: Callable[[_core.Server], object],
        listener: socket.socket | None = None,
        proxy_protocol: bool = False,
        **settings: Any,
    ) -> None:
        self._log = os.memfd_create("error.log")
        _core.log_open(self._log, _core.LOG_DEBUG, "live")
        self.listener = listener or socket.create_server(("127.0.0.1", 0))
        self.listener.setblocking(False)
        self.address = self.listener.getsockname()
        self.server = _core.Server(**settings)
        mount(self.server)
        self.server.listen(self.listener.fileno(), proxy_protocol=proxy_protocol)
        self.thread = threading.Thread(target=self.server.serve, daemon=True)
        self.thread.start()

    def __enter__(self) -> Live:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.stop()
        self.join()
        self.listener.close()
        _core.log_open(2, _core.LOG_INFO, "guavad")
        os.close(self._log)

    def join(self) -> None:
        """Wait for the end of serve()."""
        self.thread.join(PATIENCE)
        assert not self.thread.is_alive(), "serve() does not end"

    @property
    def log(self) -> str:
        return os.pread(self._log, 1 << 20, 0).decode()

    def client(self, data: bytes = b"", **options: Any) -> Client:
        return Client(self.address[1], data, **options)

    def ask(self, data: bytes = request()) -> Answer:
        """The answer to one request on a connection of its own."""
        with self.client() as client:
            return client.ask(data)


def answering(handler: Callable[[Any], object], **settings: Any) -> Live:
    """Calls `handler` for every request."""
    return Live(lambda server: server.mount_callable("/", handler), **settings)


def acting(
    controller: type[_core.Controller], around: Sequence[object] = (), **settings: Any
) -> Live:
    """Answers /c/name/arguments by the action `name` of `controller`, with the
    middleware `around` all of the server."""
    actions = {
        name: _core.Action(controller, name, max_args=-1)
        for name, value in vars(controller).items()
        if not name.startswith("_") and callable(value)
    }

    def mount(server: _core.Server) -> None:
        server.mount_mvc("/", {"c": actions})
        server.set_surroundings_of_all(around)

    return Live(mount, **settings)


def descriptors() -> int:
    """How many files this process has open."""
    return len(os.listdir("/proc/self/fd"))
