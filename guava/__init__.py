"""guava: an HTTP application server, and the small framework that runs on it.

Submodules are imported when they are first looked at: `import guava` is enough for
`guava.controller.Controller` and `guava.server.Server`.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Final

from guava._version import __version__ as __version__

if TYPE_CHECKING:
    from guava import (
        controller,
        cookie,
        errors,
        forms,
        handler,
        request,
        response,
        router,
        server,
    )

__all__ = [
    "controller",
    "cookie",
    "errors",
    "forms",
    "handler",
    "request",
    "response",
    "router",
    "server",
]

_MODULES: Final = frozenset(__all__)


if not TYPE_CHECKING:

    def __getattr__(name: str) -> ModuleType:
        """Import a submodule (PEP 562)."""
        if name not in _MODULES:
            raise AttributeError(f"module 'guava' has no attribute {name!r}")
        return import_module(f"guava.{name}")


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
