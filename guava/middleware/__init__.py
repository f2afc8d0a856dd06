"""Middleware: what stands around an application, or around the answers of one router.

A middleware is any object that has one of these methods, or both:

`process_request(request)`             returns None, or an answer that is given at once
`process_response(request, response)`  changes the Response, or returns another

Those of this package are each a module, imported when it is first looked at. Their
options can be written in YAML: text, numbers, lists and mappings of them.
docs/middleware.md shows each.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from guava.middleware.basic_auth import BasicAuth as BasicAuth
    from guava.middleware.compression import Compression as Compression
    from guava.middleware.cors import CORS as CORS
    from guava.middleware.csrf import CSRF as CSRF
    from guava.middleware.method_override import MethodOverride as MethodOverride
    from guava.middleware.rate_limit import RateLimit as RateLimit
    from guava.middleware.request_id import RequestID as RequestID
    from guava.middleware.security_headers import SecurityHeaders as SecurityHeaders
    from guava.middleware.timing import Timing as Timing
    from guava.middleware.timing import measure as measure

_MODULES: Final = {
    "BasicAuth": "basic_auth",
    "CORS": "cors",
    "Compression": "compression",
    "CSRF": "csrf",
    "MethodOverride": "method_override",
    "RateLimit": "rate_limit",
    "RequestID": "request_id",
    "SecurityHeaders": "security_headers",
    "Timing": "timing",
    "measure": "timing",
}


if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Import the module that has a name (PEP 562)."""
        if name not in _MODULES:
            raise AttributeError(f"module 'guava.middleware' has no attribute {name!r}")
        return getattr(import_module(f"guava.middleware.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_MODULES})
