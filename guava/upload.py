"""Files that clients send in forms."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import IO, Final

_NAME_MAX: Final = 255  # bytes that file systems take
_COPIED_AT_ONCE: Final = 1024 * 1024


class Upload:
    """An uploaded file: `filename`, `content_type`, `size` in bytes, and `file`, which
    can be read and sought in."""

    __slots__ = ("content_type", "file", "filename", "size")

    def __init__(
        self, filename: str, content_type: str, size: int, file: IO[bytes]
    ) -> None:
        """`filename` is as the client sent it, and becomes a name without folders; an
        empty `content_type` is application/octet-stream (RFC 7578, section 4.4)."""
        self.filename = _safe(filename)
        self.content_type = content_type or "application/octet-stream"
        self.size = size
        self.file = file

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write a copy of the file to `path`, all of it or nothing.

        The copy is made beside `path`, brought to the disk and renamed: whoever opens
        `path` sees what was there before or the whole file, after a crash too. Its mode
        is that of any new file. Raises OSError.
        """
        beside = os.path.join(os.path.dirname(path), f".{os.urandom(8).hex()}.upload")
        try:
            with open(beside, "xb") as copy:
                self._copy_to(copy)
                os.fsync(copy.fileno())
            os.replace(beside, path)
        except BaseException:
            with suppress(OSError):
                os.unlink(beside)
            raise

    def _copy_to(self, copy: IO[bytes]) -> None:
        self.file.seek(0)
        while data := self.file.read(_COPIED_AT_ONCE):
            copy.write(data)
        copy.flush()

    def __repr__(self) -> str:
        return f"<Upload {self.filename!r}, {self.content_type}, {self.size} bytes>"


def _safe(sent: str) -> str:
    """The last segment of a path of any system, of printable characters, short enough
    for a file system; "file" where that is no name."""
    name = sent.replace("\\", "/").rpartition("/")[2]
    name = "".join(char for char in name if char.isprintable()).strip()
    if name in ("", ".", ".."):
        return "file"
    return _shortened(name)


def _shortened(name: str) -> str:
    """At most _NAME_MAX bytes of UTF-8; what is cut stands before the ending."""
    stem, ending = os.path.splitext(name)
    room = _NAME_MAX - len(ending.encode())
    if room <= 0:
        stem, ending, room = name, "", _NAME_MAX
    return stem.encode()[:room].decode(errors="ignore") + ending
