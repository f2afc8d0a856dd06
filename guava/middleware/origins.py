"""Origins, as browsers name them in the field Origin (RFC 6454, section 6)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from guava.middleware import options
from guava.request import Request

_ORIGIN: Final = re.compile(r"([a-z][a-z0-9+.-]*)://[^\sA-Z/?#@*]+|null")
_DEFAULT_PORTS: Final = {"http": ":80", "https": ":443"}


def checked_origins(option: str, origins: Iterable[str]) -> frozenset[str]:
    """The origins of a list, each as browsers write it: in lower case, without a slash
    at the end or its scheme's default port. TypeError and ValueError name the `option`.
    """
    listed = options.texts(option, origins)
    for origin in listed:
        if not _is_origin(origin):
            what = "an origin such as https://example.org"
            raise ValueError(f"{option}: expected {what}, found {origin!r}")
    return frozenset(listed)


def _is_origin(text: str) -> bool:
    found = _ORIGIN.fullmatch(text)
    if found is None:
        return False
    port = _DEFAULT_PORTS.get(found[1])
    return port is None or not text.endswith(port)


def own_origin(request: Request) -> str:
    """The origin of the page that is asked for, without its scheme's default port."""
    scheme = request.scheme
    host = request.host.lower().removesuffix(_DEFAULT_PORTS.get(scheme, ""))
    return f"{scheme}://{host}"
