"""The paths of URLs, put together from names and arguments.

What comes out is escaped; decoded and split again, it gives the same arguments.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum
from itertools import chain, zip_longest
from typing import Final

INDEX: Final = "index"  # the name that a path leaves out at its end

_SAFE: Final = ":@,"  # of what RFC 3986 lets stand in a segment, what HTML does too


def as_text(value: object) -> str:
    """An argument as an action's annotation reads it: dates and times in ISO format,
    true and false, the value of an enum's member. TypeError for None and bytes."""
    if isinstance(value, Enum):
        return as_text(value.value)
    if isinstance(value, str):
        return value
    if value is None or isinstance(value, (bytes, bytearray)):
        raise TypeError(f"{value!r} can not stand in a URL")
    if isinstance(value, bool):
        return "true" if value else "false"
    if hasattr(value, "isoformat"):
        return as_text(value.isoformat())
    return str(value)


def escape(path: str) -> str:
    """A path, its slashes kept. ValueError where it is not Unicode text."""
    from urllib.parse import quote  # costs time, and not every application needs it

    return quote(path, safe="/" + _SAFE)


def segment(text: str) -> str:
    """One argument, its slashes escaped.

    ValueError where it can not be one: nothing, "." and ".." have a meaning of their
    own (RFC 3986, section 3.3), and a NUL is refused.
    """
    if text in ("", ".", "..") or "\0" in text:
        raise ValueError(f"{text!r} can be no segment of a URL")
    return escape(text).replace("/", "%2F")


def is_plain(path: str) -> bool:
    """Whether a decoded path is printable, without white space, query or fragment."""
    return path.isprintable() and not re.search(r"[?#\s]", path)


def mount_point(text: str) -> str:
    """Where a router stands: `text` with a slash at both ends.

    ValueError where it is not plain, or a segment is empty, "." or "..".
    """
    segments = text.strip("/").split("/")
    if segments == [""]:
        return "/"
    if not is_plain(text) or {"", ".", ".."} & set(segments):
        raise ValueError(f"{text!r} is not a mount point")
    return f"/{'/'.join(segments)}/"


def page(mount_point: str, module: str, name: str, args: Sequence[str]) -> str:
    """The path of an MVC action: "index" is left out where nothing follows it."""
    names = [module, name]
    while names and names[-1] == INDEX and not args:
        names.pop()
    return escape(mount_point) + "/".join(map(segment, [*names, *args]))


def element(mount_point: str, collections: Sequence[str], ids: Sequence[str]) -> str:
    """The path of a REST resource: a collection, an element of it, a collection..."""
    parts = chain.from_iterable(zip_longest(collections, ids))
    return escape(mount_point) + "/".join(
        segment(one) for one in parts if one is not None
    )


def single(mount_point: str, path: str, args: Sequence[str]) -> str:
    """The path of a table's route, which begins with a slash. There are no `args`."""
    return escape(mount_point + path[1:])


def file(mount_point: str, args: Sequence[str]) -> str:
    """The path of a file below a directory, whose name is the only one of `args`."""
    return escape(mount_point) + "/".join(map(segment, args[0].split("/")))
