"""Bodies of requests, with their content types."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from mimetypes import guess_type
from typing import BinaryIO, Final
from urllib.parse import urlencode

import msgspec

Value = str | int | float
Form = Mapping[str, Value | Iterable[Value]] | Iterable[tuple[str, Value]]
Content = bytes | str | BinaryIO
File = Content | tuple[str, Content] | tuple[str, Content, str]
Files = Mapping[str, File | list[File]]
Body = tuple[bytes, str]
"""The bytes, and their content type, empty where there is none to be told."""

NO_BODY: Final[Body] = (b"", "")

_ESCAPES = str.maketrans({'"': "%22", "\r": "%0D", "\n": "%0A"})


def of_json(value: object) -> Body:
    """TypeError where msgspec can not encode `value`."""
    return msgspec.json.encode(value), "application/json"


def of_form(data: Form) -> Body:
    """As a form without files is sent."""
    return encode(data).encode(), "application/x-www-form-urlencoded"


def of_files(files: Files, data: Form) -> Body:
    """As a form with files is sent (RFC 7578), names escaped as browsers do."""
    boundary = secrets.token_hex(16)
    parts = [
        _part(f'name="{_escaped(name)}"', str(value).encode())
        for name, value in _pairs(data)
    ]
    for name, given in files.items():
        for file in given if isinstance(given, list) else [given]:
            parts.append(_file(name, file))
    line = f"--{boundary}".encode()
    whole = (
        b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"
    )
    return whole, f"multipart/form-data; boundary={boundary}"


def encode(data: Form) -> str:
    """As the query of a URL has it."""
    return urlencode(_pairs(data))


def _pairs(data: Form) -> list[tuple[str, Value]]:
    """One pair for each value of a key that has several."""
    pairs: list[tuple[str, Value]] = []
    for name, values in data.items() if isinstance(data, Mapping) else data:
        if isinstance(values, str | int | float):
            values = (values,)
        pairs += ((name, value) for value in values)
    return pairs


def _file(name: str, file: File) -> bytes:
    """A part from (filename, content, content type); a filename alone gives the type,
    and content alone is called as its field."""
    filename, content, *rest = file if isinstance(file, tuple) else (name, file)
    assert isinstance(filename, str)
    kind = str(rest[0]) if rest else guess_type(filename)[0]
    return _part(
        f'name="{_escaped(name)}"; filename="{_escaped(filename)}"',
        _bytes(content),
        kind or "application/octet-stream",
    )


def _bytes(content: Content) -> bytes:
    if isinstance(content, str):
        return content.encode()
    return content if isinstance(content, bytes) else content.read()


def _part(disposition: str, content: bytes, kind: str | None = None) -> bytes:
    head = f"Content-Disposition: form-data; {disposition}\r\n"
    if kind is not None:
        head += f"Content-Type: {kind}\r\n"
    return f"{head}\r\n".encode() + content


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
