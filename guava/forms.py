"""Forms in request bodies: urlencoded, and multipart/form-data."""

from __future__ import annotations

from typing import BinaryIO, Final

from guava import bodies, media
from guava._core import MultiDict, parse_query
from guava.bodies import Body
from guava.errors import PayloadTooLarge
from guava.upload import Upload

URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"


def parse(
    content_type: str, body: BinaryIO
) -> tuple[MultiDict[str], MultiDict[Upload]]:
    """The fields and the files of a form, by name. Closes `body`.

    Both are empty where the body is no form. A file stays where the body is, in memory
    or on disk. Raises BadRequest where the form is malformed, PayloadTooLarge where it
    is over one of `guava.bodies.limits`.
    """
    kind = media.essence(content_type)
    if kind == URLENCODED:
        return _parse_urlencoded(bodies.of(body)), MultiDict()
    if kind == MULTIPART:
        return _parse_multipart(content_type, bodies.of(body))
    body.close()
    return MultiDict(), MultiDict()


def _parse_urlencoded(body: Body) -> MultiDict[str]:
    text = bodies.read_decodable(body, "the fields of a form")
    most = bodies.limits.parts
    if text.count(b"&") >= most:
        raise PayloadTooLarge(detail=f"a form may have {most} fields")
    return parse_query(text)


def _parse_multipart(
    content_type: str, body: Body
) -> tuple[MultiDict[str], MultiDict[Upload]]:
    """A file without a name and content is an input that was left empty: neither."""
    from guava import multipart  # costs time, and only a form with files needs it

    fields: dict[str, list[str]] = {}
    files: dict[str, list[Upload]] = {}
    room = bodies.limits.decoded
    for part in multipart.split(content_type, body, bodies.limits.parts):
        room -= len(part.name) + (part.size if part.filename is None else 0)
        if room < 0:
            most = bodies.limits.decoded
            raise PayloadTooLarge(detail=f"the fields of a form may have {most} bytes")
        if part.filename is None:
            fields.setdefault(part.name, []).append(part.text(body))
        elif part.filename or part.size > 0:
            file = body.open(part.start, part.end)
            upload = Upload(part.filename, part.content_type, part.size, file)
            files.setdefault(part.name, []).append(upload)
    return MultiDict(fields), MultiDict(files)
