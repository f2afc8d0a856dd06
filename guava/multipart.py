"""The parts of a multipart/form-data body (RFC 7578; RFC 2046, section 5.1).

They are found where they are: nothing is copied but their heads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from guava.bodies import Body
from guava.errors import BadRequest, PayloadTooLarge
from guava.grammar import TOKEN

_HEAD_MAX: Final = 8 * 1024  # bytes of one part's header fields
_FIELD: Final = re.compile(rf"({TOKEN}):[ \t]*([^\0-\x08\x0a-\x1f\x7f]*)")
_VALUE: Final = rf'"(?:[^"\\]|\\.)*"|{TOKEN}'
_PARAMETER: Final = re.compile(
    rf"[ \t]*;[ \t]*(?:({TOKEN})[ \t]*=[ \t]*({_VALUE})|(?=;|$))[ \t]*"
)
_BOUNDARY: Final = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_CHARSET: Final = re.compile(
    r"utf-?8|us-ascii|iso-8859-\d+|windows-\d+|utf-16(?:le|be)?|koi8-[ru]|"
    r"shift_jis|euc-(?:jp|kr)|gb(?:k|2312|18030)|big5",
    re.IGNORECASE,
)
_AS_THEY_ARE: Final = frozenset(("7bit", "8bit", "binary"))


class Part(NamedTuple):
    """A field, or a file where it has a `filename`; from `start` to `end` of a body."""

    name: str
    filename: str | None  # as it was sent
    content_type: str  # without parameters, in lower case; "" where there is none
    charset: str
    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start

    def text(self, body: Body) -> str:
        """The part's value. BadRequest where it is not in its charset."""
        try:
            return body.read(self.start, self.end).decode(self.charset)
        except (UnicodeDecodeError, LookupError):
            raise malformed(f"a field is not in {self.charset}") from None


def malformed(why: str) -> BadRequest:
    """What is raised for a body that is none of its kind."""
    return BadRequest(detail=f"malformed multipart/form-data: {why}")


def split(content_type: str, body: Body, most: int) -> Iterator[Part]:
    """The parts of `body`, in order, by the boundary that the Content-Type names.

    Raises BadRequest where the body is malformed, PayloadTooLarge where it has more
    than `most` parts or a part's head is too large. Text before the first boundary and
    behind the last means nothing (RFC 2046).
    """
    delimiter = b"\r\n--" + _boundary(content_type)
    at = _behind_first(body, delimiter)
    count = 0
    while (line_end := body.read(at, at + 2)) == b"\r\n":
        count += 1
        if count > most:
            raise PayloadTooLarge(detail=f"a form may have {most} parts")
        head, start = _head(body, at + 2)
        end = body.find(delimiter, start)
        if end < 0:
            raise malformed("the last part has no end")
        yield _part(head, start, end)
        at = end + len(delimiter)
    if line_end != b"--":
        raise malformed("something stands behind a boundary")


def _boundary(content_type: str) -> bytes:
    _, parameters = _split_parameters(content_type)
    boundary = _unquoted(parameters.get("boundary", ""))
    if not _BOUNDARY.fullmatch(boundary):
        raise malformed("no boundary")
    return boundary.encode()


def _behind_first(body: Body, delimiter: bytes) -> int:
    opening = delimiter[2:]
    if body.read(0, len(opening)) == opening:
        return len(opening)
    at = body.find(delimiter, 0)
    if at < 0:
        raise malformed("no part begins")
    return at + len(delimiter)


def _head(body: Body, start: int) -> tuple[dict[str, str], int]:
    """The header fields at `start`, by lower-case name, and where the value begins."""
    data = body.read(start, start + _HEAD_MAX)
    end = data.find(b"\r\n\r\n")
    if end < 0 and len(data) == _HEAD_MAX:
        raise PayloadTooLarge(detail=f"the head of a part may have {_HEAD_MAX} bytes")
    if end < 0:
        raise malformed("a part's head has no end")
    try:
        lines = data[:end].decode().split("\r\n")
    except UnicodeDecodeError:
        raise malformed("a part's head is not in UTF-8") from None
    fields: dict[str, str] = {}
    for line in lines:
        match = _FIELD.fullmatch(line)
        if match is None or match[1].lower() in fields:
            raise malformed("a part's head")
        fields[match[1].lower()] = match[2]
    return fields, start + end + 4


def _part(fields: dict[str, str], start: int, end: int) -> Part:
    encoding = fields.get("content-transfer-encoding", "binary").strip().lower()
    if encoding not in _AS_THEY_ARE:
        raise malformed("a part is encoded (RFC 7578, section 4.7)")
    kind, disposition = _split_parameters(fields.get("content-disposition", ""))
    if kind != "form-data" or "name" not in disposition:
        raise malformed("a part has no name")
    content_type, parameters = _split_parameters(fields.get("content-type", ""))
    charset = _unquoted(parameters.get("charset", "utf-8"))
    if not _CHARSET.fullmatch(charset):
        raise malformed("a part's charset is not known")
    name = _written_by_browser(disposition["name"])
    return Part(name, _filename(disposition), content_type, charset, start, end)


def _filename(disposition: dict[str, str]) -> str | None:
    """As it was sent; filename* is forbidden by RFC 7578, and some clients send it."""
    if "filename*" in disposition:
        return _extended(disposition["filename*"])
    if "filename" in disposition:
        return _written_by_browser(disposition["filename"])
    return None


def _extended(value: str) -> str:
    """RFC 8187, section 3.2.1: UTF-8'en'%E2%98%BE."""
    from urllib.parse import unquote_to_bytes

    charset, _, rest = value.partition("'")
    _, _, escaped = rest.partition("'")
    try:
        return unquote_to_bytes(escaped).decode(_known_charset(charset))
    except UnicodeDecodeError:
        raise malformed(f"a file's name is not in {charset}") from None


def _known_charset(name: str) -> str:
    if name.lower() not in ("utf-8", "iso-8859-1"):
        raise malformed("the charset of a file's name is not known")
    return name


def _split_parameters(field: str) -> tuple[str, dict[str, str]]:
    """What stands before the first semicolon, in lower case, and the parameters by
    their lower-case names, still quoted."""
    value = field.partition(";")[0]
    at = len(value)
    parameters: dict[str, str] = {}
    while at < len(field):
        match = _PARAMETER.match(field, at)
        name = (match[1] or "").lower() if match else ""
        if match is None or name in parameters:
            raise malformed("the parameters of a header field")
        if name:
            parameters[name] = match[2]
        at = match.end()
    return value.strip().lower(), parameters


def _unquoted(value: str) -> str:
    """A token or a quoted-string (RFC 9110, section 5.6.4)."""
    if not value.startswith('"'):
        return value
    return re.sub(r"\\(.)", r"\1", value[1:-1])


def _written_by_browser(value: str) -> str:
    """A name as the WHATWG's HTML has it: a quote and line breaks are escaped by
    percents, and nothing else. Other clients put a backslash before a quote."""
    text = value[1:-1] if value.startswith('"') else value
    if '\\"' in text:
        return re.sub(r'\\(["\\])', r"\1", text)
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%22", '"')
