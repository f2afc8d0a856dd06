"""Where a redirection leads: on this host, or away from it."""

from __future__ import annotations

import re
from posixpath import normpath
from typing import Final

from guava import url
from guava.paths import as_text, segment

_FORBIDDEN: Final = re.compile(r"[\0-\x1f\x7f]")
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_WEB: Final = re.compile(r"https?://[^/\\]", re.IGNORECASE)


def is_local(location: str) -> bool:
    """Whether a browser that is sent to `location` stays on the host it is on.

    Read as browsers read it (the URL standard of WHATWG): they take a backslash for a
    slash, leave out tabs and line breaks, and white space around it all. What has
    such characters is not local.
    """
    text = location.strip().replace("\\", "/")
    if _FORBIDDEN.search(location) or _SCHEME.match(text):
        return False
    return not text.startswith("//")


def checked(location: str, external: bool = False) -> str:
    """`location` as a Location field has it: what is not ASCII is escaped.

    ValueError where it has control characters, leads to another host and `external`
    is false, or has a scheme that is neither http nor https ("javascript:").
    """
    if _FORBIDDEN.search(location):
        raise ValueError(f"the field Location can not be {location!r}")
    if not is_local(location) and not (external and _WEB.match(location)):
        raise ValueError(f"{location!r} leads to another host")
    return url.escape(location)


def of_element(path: str, id: object) -> str:
    """The path of an element of the collection at `path`, which is still escaped.

    What a client sent as "//evil/../users" names no host here. ValueError where `id`
    can be no segment, such as ".."; TypeError where it is bytes.
    """
    collection = normpath("/" + path.strip("/"))
    return f"{collection.rstrip('/')}/{segment(as_text(id))}"
