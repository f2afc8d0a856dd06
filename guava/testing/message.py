"""Requests, as they are sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, TypedDict
from urllib.parse import quote, urlsplit

from guava.grammar import TOKEN
from guava.testing import body as bodies
from guava.testing.answer import Answer
from guava.testing.body import Body, Files, Form

_METHOD: Final = re.compile(r"[A-Z]+")
_FIELD: Final = re.compile(rf"{TOKEN}: [^\r\n\0]*")
_KEPT_IN_URL: Final = "%!$&'()*+,/:;=?@[]~"
_WITH_BODY: Final = ("POST", "PUT", "PATCH")
_OF_THE_CLIENT: Final = ("connection", "content-length", "transfer-encoding")


class Options(TypedDict, total=False):
    """What a request may have beside its method and URL.

    `query`    added to the URL's
    `headers`  fields, which go before those of the client
    `cookies`  for this request only, which go before those that are kept
    `data`     a form; with `files`, the fields beside them
    `files`    content by field: bytes, text, a file object, or a tuple of a filename,
               one of these and perhaps a content type; a list of them for several
    `json`     any value that msgspec encodes
    `body`     as it is to be sent
    `follow_redirects`  to the answer that they lead to, as long as that is here
    `until`    whether what has come of the answer will do: the client leaves then, as
               it has to where a stream never ends
    """

    query: Form
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    data: Form
    files: Files
    json: object
    body: bytes | str
    follow_redirects: bool
    until: Callable[[Answer], bool]


def complete(base_url: str, url: str, query: Form | None) -> str:
    """`url` with a scheme and host, in ASCII, and without its fragment.

    ValueError where it is neither a path nor a URL of HTTP.
    """
    if url.startswith("/"):
        url = base_url.rstrip("/") + url
    elif not url.startswith(("http://", "https://")):
        raise ValueError(f"{url!r} is neither a path nor a URL of HTTP")
    plain = quote(url.partition("#")[0], _KEPT_IN_URL)
    if query is None:
        return plain
    return f"{plain}{'&' if '?' in plain else '?'}{bodies.encode(query)}"


def build(
    method: str, url: str, body: Body, headers: Mapping[str, str], cookies: str
) -> bytes:
    """A request that asks to close its connection.

    `cookies` is the field, empty for none. ValueError where the method or a field can
    not be sent.
    """
    if not _METHOD.fullmatch(method):
        raise ValueError(f"{method!r} is not a method")
    content, kind = body
    parts = urlsplit(url)
    fields = {"Host": parts.netloc, "User-Agent": "guava.testing", "Accept": "*/*"}
    if cookies:
        fields["Cookie"] = cookies
    if kind:
        fields["Content-Type"] = kind
    for name, value in headers.items():
        fields[_checked(name)] = value
    fields["Connection"] = "close"
    if content or method in _WITH_BODY:
        fields["Content-Length"] = str(len(content))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _head(method, target, fields) + content


def _head(method: str, target: str, fields: Mapping[str, str]) -> bytes:
    lines = [f"{name}: {value}" for name, value in fields.items()]
    for line in lines:
        if not _FIELD.fullmatch(line):
            raise ValueError(f"{line!r} is not a header field")
    return "\r\n".join([f"{method} {target} HTTP/1.1", *lines, "", ""]).encode()


def _checked(name: str) -> str:
    """A field's name as the client writes it, so that one is there once."""
    if name.lower() in _OF_THE_CLIENT:
        raise ValueError(f"the field {name} is the client's")
    return name.title()


def body(options: Options) -> Body:
    """What is sent; files are read for it. TypeError where two options are bodies."""
    given = {"body", "json", "data", "files"} & options.keys()
    if len(given) > 1 and given != {"data", "files"}:
        raise TypeError(f"a request has one body, not {' and '.join(sorted(given))}")
    if "files" in options:
        return bodies.of_files(options["files"], options.get("data", {}))
    if "data" in options:
        return bodies.of_form(options["data"])
    if "json" in options:
        return bodies.of_json(options["json"])
    content = options.get("body", b"")
    return content.encode() if isinstance(content, str) else content, ""
