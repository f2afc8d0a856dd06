"""How often a client may ask, of all workers together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from socket import AF_INET6, inet_pton
from typing import Final

from guava.errors import TooManyRequests
from guava.middleware import options
from guava.middleware.limiter import Limiter, Rate, Standing, parse_rate
from guava.middleware.paths import Paths
from guava.request import Request
from guava.response import Response

_NAME: Final = re.compile(r"[A-Za-z0-9_.-]+")
_HEADER: Final = "header:"
_WINDOW_MAX: Final = 10 * 365 * 24 * 3600  # seconds: of nanoseconds 64 bits hold more
_MAPPED: Final = bytes(10) + b"\xff\xff"  # an IPv4 address within IPv6 (RFC 4291)

Key = Callable[[Request], str | None]


class RateLimit:
    """Lets each client ask at a rate, and answers 429 beyond, with Retry-After.

    Answers say how a client stands in RateLimit and RateLimit-Policy, as the IETF's
    draft has them (draft-ietf-httpapi-ratelimit-headers-10): `"default";r=99;t=1` is 99
    more now, and all of them in a second.

    The counts are in guava.shared: they outlive reloads, and end with guavad. Clients
    behind one proxy are one client unless proxy.trusted names it.
    """

    def __init__(
        self,
        rate: str,
        *,
        burst: int | None = None,
        key: str | Key = "client",
        paths: Iterable[str] = ("/",),
        name: str = "default",
    ) -> None:
        """`rate` is such as "100/m", by s, m, h or d, or "5/10m". As many may come at
        once, or `burst`.

        `key` tells clients apart: "client" by their address, of IPv6 its /64;
        "header:X-API-Key" by that field, and by address where it is missing; or a
        function of the request, or its name such as "accounts.limited_by": what it
        returns is a str, or None for no limit.

        What lies below one of `paths` is limited. Limits of the same `name`, rate and
        burst share their counts.

        Raises TypeError and ValueError.
        """
        if not _NAME.fullmatch(options.text("name", name)):
            raise ValueError(f"name: expected letters and digits, found {name!r}")
        parsed = _checked_rate(rate)
        most = parsed.quota if burst is None else burst
        options.whole("burst", most, 1, 10**9)
        self._limiter = Limiter(name, parsed, most)
        self._key = _key(key)
        self._paths = Paths("paths", paths)
        window = -(-most * parsed.seconds // parsed.quota)
        options.whole("rate: its window in seconds", window, 1, _WINDOW_MAX)
        policy = f'"{name}";q={most};w={window}'
        self._policy = ("RateLimit-Policy", policy)
        self._name = name
        self._state = f"guava.rate_limit {policy}"

    def process_request(self, request: Request) -> None:
        """Raises TooManyRequests."""
        if request.path not in self._paths:
            return
        key = self._key(request)
        if key is None:
            return
        standing = self._limiter.take(key)
        request.state[self._state] = standing
        if standing.wait:
            raise TooManyRequests(
                detail=f"Ask again in {standing.wait} s.",
                headers=[("Retry-After", str(standing.wait))],
            )

    def process_response(self, request: Request, response: Response) -> None:
        standing: Standing | None = request.state.get(self._state)
        if standing is not None:
            left = f'"{self._name}";r={standing.remaining};t={standing.reset}'
            response.headers += [self._policy, ("RateLimit", left)]


def _checked_rate(rate: object) -> Rate:
    try:
        return parse_rate(options.text("rate", rate))
    except ValueError:
        what = "a rate such as 100/m"
        raise ValueError(f"rate: expected {what}, found {rate!r}") from None


def _key(key: str | Key) -> Key:
    """What makes the key of a request."""
    if key == "client":
        return _by_client
    if isinstance(key, str) and key.startswith(_HEADER):
        return _by_header(options.token("key", key.removeprefix(_HEADER)))
    return options.function("key", key)


def _by_header(name: str) -> Key:
    def by_header(request: Request) -> str:
        value = request.HEADERS.get(name)
        return _by_client(request) if value is None else f"header {value}"

    return by_header


def _by_client(request: Request) -> str:
    """The address, of IPv6 the network that one client has."""
    client = request.client
    if ":" not in client:
        return client
    packed = inet_pton(AF_INET6, client.partition("%")[0])
    is_mapped = packed.startswith(_MAPPED)
    return (packed[-4:] if is_mapped else packed[:8]).hex()
