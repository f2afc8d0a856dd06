"""Answers in gzip or zstd, for clients that accept that."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from guava import media
from guava.forwarding import Chunks, Forwarding
from guava.middleware import fields, options
from guava.middleware.accept_encoding import choose
from guava.middleware.codings import Coding, Gzip, Stream
from guava.request import Request
from guava.response import Response

_TYPES: Final = (
    "text/*",
    "application/json",
    "application/javascript",
    "application/xml",
    "application/wasm",
    "image/svg+xml",
    "*+json",
    "*+xml",
)
_LEVELS: Final[Mapping[str, int]] = {"zstd": 3, "gzip": 5}
_MOST: Final = {"zstd": 19, "gzip": 9}
_NO_TRANSFORM: Final = re.compile(r"(?:^|,)\s*no-transform\s*(?:,|$)", re.IGNORECASE)
_OWN_CODING: Final = frozenset(("content-encoding", "content-range", "accept-ranges"))
_BODILESS: Final = (204, 206, 304)


class Compression:
    """Codes what the application answers, streams too: each chunk can be decoded when
    it has come, so that events go on arriving.

    Left as they are: files that the engine sends (`precompressed` of a static router is
    for these), answers that have a Content-Encoding or offer ranges, and those whose
    Cache-Control says no-transform. A strong ETag becomes a weak one.
    """

    def __init__(
        self,
        *,
        types: Iterable[str] = _TYPES,
        minimum: int | str = "1KiB",
        levels: Mapping[str, int] | None = None,
    ) -> None:
        """What is coded: media types, also all of a kind as "text/*" or "*+json", from
        `minimum` bytes on, a number or text such as "1KiB".

        `levels` has the codings that are offered, the best first: zstd from 1 to 19,
        gzip from 1 to 9. Without it these are zstd at 3, where Python or the package
        zstandard can make it, and gzip at 5.

        Raises TypeError and ValueError.
        """
        self._wanted = _Types(options.texts("types", types))
        self._minimum = options.size("minimum", minimum)
        self._codings = _offered() if levels is None else _chosen(levels)
        self._names = tuple(self._codings)

    def process_response(self, request: Request, response: Response) -> None:
        if response.status in _BODILESS:
            if response.status == 304:
                fields.vary(response, "Accept-Encoding")
                _weaken_as_known(request, response)
            return
        body = self._to_code(response)
        if body is None:
            return
        fields.vary(response, "Accept-Encoding")
        name = choose(request.HEADERS.get("Accept-Encoding", ""), self._names)
        if name is None:
            return
        coding = self._codings[name]
        if isinstance(body, bytes):
            response.body = coding.whole(body)
        else:
            response.body = Coded(body, coding.stream())
        response.set_header("Content-Encoding", name)
        _weaken(response)

    def _to_code(self, response: Response) -> bytes | Chunks | None:
        """The body, where it is to be coded."""
        body = response.body
        if isinstance(body, str):
            body = body.encode()
        if isinstance(body, bytes):
            if len(body) < self._minimum or not body:
                return None
        elif not isinstance(body, Iterator):
            return None
        return body if self._is_wanted(response) else None

    def _is_wanted(self, response: Response) -> bool:
        if fields.names(response) & _OWN_CODING:
            return False
        if _NO_TRANSFORM.search(fields.value(response, "cache-control") or ""):
            return False
        content_type = fields.value(response, "content-type") or ""
        return media.essence(content_type) in self._wanted


class Coded(Forwarding[str | bytes | None]):
    """A stream's chunks, coded one by one, and None where it has none now."""

    def __init__(self, chunks: Chunks, stream: Stream) -> None:
        super().__init__(chunks)
        self._stream = stream
        self._is_over = False

    def __iter__(self) -> Coded:
        return self

    def __next__(self) -> bytes | None:
        if self._is_over:
            raise StopIteration
        for chunk in self._inner:
            data = chunk.encode() if isinstance(chunk, str) else chunk
            return self._stream.chunk(data) if data else data
        self._is_over = True
        return self._stream.end()


class _Types:
    """A set of media types and of kinds of them."""

    def __init__(self, types: Iterable[str]) -> None:
        for one in types:
            if one.count("*") > 1 or "/" not in one.replace("*+", "*/", 1):
                what = "a media type such as text/* or *+json"
                raise ValueError(f"types: expected {what}, found {one!r}")
        listed = [one.lower() for one in types]
        self._exact = frozenset(listed)
        self._starts = tuple(one[:-1] for one in listed if one.endswith("/*"))
        self._ends = tuple(one[1:] for one in listed if one.startswith("*+"))

    def __contains__(self, name: str) -> bool:
        is_listed = name in self._exact or name.startswith(self._starts)
        return is_listed or name.endswith(self._ends)


def _offered() -> dict[str, Coding]:
    """All that can be made here."""
    try:
        return _chosen(_LEVELS)
    except ValueError:
        return _chosen({"gzip": _LEVELS["gzip"]})


def _chosen(levels: Mapping[str, int]) -> dict[str, Coding]:
    if not levels:
        raise ValueError("levels: expected at least one coding")
    return {name: _coding(name, level) for name, level in levels.items()}


def _coding(name: str, level: int) -> Coding:
    if name not in _MOST:
        raise ValueError(f"levels: expected zstd or gzip, found {name!r}")
    options.whole(f"levels: {name}", level, 1, _MOST[name])
    if name == "gzip":
        return Gzip(level)
    try:
        from guava.middleware.zstd import Zstd
    except ImportError:
        what = "zstd needs Python 3.14 or guava[zstd]"
        raise ValueError(f"levels: {what}") from None
    return Zstd(level)


def _weaken(response: Response) -> None:
    """Coded, the answer is the same to the reader but not byte by byte (RFC 9110,
    section 8.8.1)."""
    tag = fields.value(response, "etag")
    if tag is not None and not tag.startswith("W/"):
        response.set_header("ETag", f"W/{tag}")


def _weaken_as_known(request: Request, response: Response) -> None:
    """A 304 names the answer that the client has, so by its weak tag if that was
    coded."""
    tag = fields.value(response, "etag")
    if tag and f"W/{tag}" in request.HEADERS.get("If-None-Match", ""):
        _weaken(response)
