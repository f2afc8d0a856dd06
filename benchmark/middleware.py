"""What each middleware adds to a request: CPU time of the worker, in microseconds.

    python -m benchmark.middleware

The engine answers requests within this process, one after the other; the least of
several rounds counts, less that of the same request with nothing around it.
"""

from __future__ import annotations

from collections.abc import Callable
from time import process_time
from typing import Any

from guava import _core, middleware
from guava.controller import Controller

ROUNDS, REQUESTS = 15, 1000
PAGE = "The moon is full. " * 500  # 9 KB
ORIGIN = "https://app.example.org"


class PageController(Controller):
    def index(self) -> str:
        return "Hello World!"

    def large(self) -> str:
        return PAGE

    def form(self) -> str:
        return self.csrf_token


class Own:
    """What does nothing, in both directions."""

    def process_request(self, request: Any) -> None: ...
    def process_response(self, request: Any, response: Any) -> None: ...


# What stands around, the action, and the fields of its request.
Case = tuple[Callable[[], object], str, tuple[str, ...]]
CASES: dict[str, Case] = {
    "one's own": (Own, "index", ()),
    "RequestID": (middleware.RequestID, "index", ()),
    "Timing": (middleware.Timing, "index", ()),
    "SecurityHeaders": (middleware.SecurityHeaders, "index", ()),
    "SecurityHeaders, with a nonce": (
        lambda: middleware.SecurityHeaders(csp="script-src 'nonce-{nonce}'"),
        "index",
        (),
    ),
    "Compression, nothing to code": (middleware.Compression, "index", ()),
    "Compression, 9 KB in gzip": (
        middleware.Compression,
        "large",
        ("Accept-Encoding: gzip",),
    ),
    "Compression, 9 KB in zstd": (
        middleware.Compression,
        "large",
        ("Accept-Encoding: zstd",),
    ),
    "MethodOverride": (middleware.MethodOverride, "index", ()),
    "CSRF, a page without a form": (middleware.CSRF, "index", ()),
    "CSRF, a page with its first form": (middleware.CSRF, "form", ()),
    "CORS": (lambda: middleware.CORS([ORIGIN]), "index", (f"Origin: {ORIGIN}",)),
    "RateLimit": (lambda: middleware.RateLimit("1000000/s"), "index", ()),
    "BasicAuth": (
        lambda: middleware.BasicAuth({"ada": "secret"}),
        "index",
        ("Authorization: Basic YWRhOnNlY3JldA==",),
    ),
}


def main() -> None:
    for name, (make, action, fields) in CASES.items():
        plain = cost([], "index" if action == "form" else action, fields)
        print(f"{name:<34}{cost([make()], action, fields) - plain:>6.1f} µs")


def cost(around: list[object], action: str, fields: tuple[str, ...]) -> float:
    """Microseconds of one request."""
    server = serving(around)
    lines = [f"GET /page/{action} HTTP/1.1", "Host: localhost", "Connection: close"]
    request = "".join(f"{line}\r\n" for line in [*lines, *fields, ""]).encode()
    return min(seconds(server, request) for _ in range(ROUNDS)) / REQUESTS * 1e6


def serving(around: list[object]) -> _core.Server:
    server = _core.Server()
    names = ("index", "large", "form")
    actions = {name: _core.Action(PageController, name) for name in names}
    server.mount_mvc("/", {"page": actions})
    if around:
        server.set_surroundings_of_all(around)
    return server


def seconds(server: _core.Server, request: bytes) -> float:
    began = process_time()
    for _ in range(REQUESTS):
        server.ask(request)
    return process_time() - began


if __name__ == "__main__":
    main()
