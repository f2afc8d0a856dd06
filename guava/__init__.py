"""guava: an HTTP application server, and the small framework that runs on it.

Submodules are imported when they are first looked at: `import guava` is enough for
`guava.controller.Controller` and `guava.server.Server`. So are some functions:
action() of guava.decorators, on_worker_start() and on_worker_stop() of guava.hooks, and
url_for() of guava.reverse.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

from guava._version import __version__ as __version__

if TYPE_CHECKING:
    from guava import (
        controller,
        cookie,
        errors,
        events,
        forms,
        handler,
        location,
        middleware,
        password,
        request,
        response,
        router,
        server,
        session,
        shared,
        testing,
        upload,
        url,
    )
    from guava.decorators import action as action
    from guava.hooks import on_worker_start as on_worker_start
    from guava.hooks import on_worker_stop as on_worker_stop
    from guava.reverse import url_for as url_for

__all__ = [
    "controller",
    "cookie",
    "errors",
    "events",
    "forms",
    "handler",
    "location",
    "middleware",
    "password",
    "request",
    "response",
    "router",
    "server",
    "session",
    "shared",
    "testing",
    "upload",
    "url",
]

_MODULES: Final = frozenset(__all__)
_FUNCTIONS: Final = {
    "action": "guava.decorators",
    "on_worker_start": "guava.hooks",
    "on_worker_stop": "guava.hooks",
    "url_for": "guava.reverse",
}


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import a submodule, or one of the functions (PEP 562)."""
        if name in _FUNCTIONS:
            return getattr(import_module(_FUNCTIONS[name]), name)
        if name not in _MODULES:
            raise AttributeError(f"module 'guava' has no attribute {name!r}")
        return import_module(f"guava.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES, *_FUNCTIONS})
