"""Forms in request bodies: urlencoded, and multipart/form-data (RFC 7578)."""

from __future__ import annotations

import math
import os
import shutil
from typing import IO, TYPE_CHECKING, BinaryIO, Final

from guava._core import MultiDict, parse_query
from guava.errors import BadRequest, PayloadTooLarge

if TYPE_CHECKING:
    from multipart import MultipartPart  # type: ignore[import-untyped]

PARTS_MAX: Final = 1000
URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"


class Upload:
    """An uploaded file."""

    __slots__ = ("content_type", "file", "filename", "size")

    def __init__(
        self, filename: str, content_type: str, size: int, file: IO[bytes]
    ) -> None:
        """`filename` is cut to its last segment; `size` is in bytes."""
        self.filename = filename.replace("\\", "/").rpartition("/")[2]
        self.content_type = content_type
        self.size = size
        self.file = file

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a copy of the file to `path`. Raises OSError."""
        self.file.seek(0)
        with open(path, "wb") as copy:
            shutil.copyfileobj(self.file, copy)

    def __repr__(self) -> str:
        return f"<Upload {self.filename!r}, {self.content_type}, {self.size} bytes>"


def parse(
    content_type: str, body: BinaryIO
) -> tuple[MultiDict[str], MultiDict[Upload]]:
    """The fields and the files of a form; by name. Closes `body`.

    Files are gathered in memory or in temporary files, never in a str or bytes of
    their size. Both are empty where the body is no form. Raises BadRequest where it is
    malformed, PayloadTooLarge where it has more than PARTS_MAX parts.
    """
    kind = content_type.partition(";")[0].strip().lower()
    with body:
        if kind == URLENCODED:
            return parse_query(body.read()), MultiDict()
        if kind == MULTIPART:
            return _parse_multipart(content_type, body)
    return MultiDict(), MultiDict()


def _parse_multipart(
    content_type: str, body: BinaryIO
) -> tuple[MultiDict[str], MultiDict[Upload]]:
    import multipart  # costs time, and only a form with files needs it

    _, options = multipart.parse_options_header(content_type)
    try:
        parts = multipart.MultipartParser(
            body,
            options.get("boundary", ""),
            part_limit=PARTS_MAX,
            memory_limit=math.inf,  # the limit of the body is the limit of its parts
        ).parts()
        return _sort(parts)
    except multipart.ParserLimitReached as error:
        raise PayloadTooLarge(str(error)) from None
    except (ValueError, LookupError) as error:
        raise BadRequest(f"malformed {MULTIPART}: {error}") from None


def _sort(
    parts: list[MultipartPart],
) -> tuple[MultiDict[str], MultiDict[Upload]]:
    """A file without a name is an input that was left empty: neither."""
    fields: dict[str, list[str]] = {}
    files: dict[str, list[Upload]] = {}
    for part in parts:
        if part.filename is None:
            fields.setdefault(part.name, []).append(part.value)
            part.close()
        elif part.filename:
            files.setdefault(part.name, []).append(
                Upload(part.filename, part.content_type, part.size, part.file)
            )
    return MultiDict(fields), MultiDict(files)
