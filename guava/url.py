"""URLs as header fields carry them."""

from __future__ import annotations


def escape(location: str) -> str:
    """The URI of an IRI (RFC 3987, section 3.1): what is not ASCII is escaped."""
    if location.isascii():
        return location
    from urllib.parse import quote  # costs time, and hardly a location needs it

    return quote(location, safe="!#$%&'()*+,/:;=?@[]~")
