"""URLs: taken apart, put together, and as header fields carry them.

    url = parse_url("https://example.org/moon?phase=full")
    url.host                    "example.org"
    url.queries["phase"]        "full"
    str(url.set_query(day=7))   "https://example.org/moon?phase=full&day=7"

What is read is RFC 3986. Where browsers differ from it (the WHATWG's URL Standard), a
text that they would take for another URL is none: ValueError says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from guava._core import MultiDict, parse_query

Value = str | int | float
Values = Value | Iterable[Value] | None

# Appendix B, with the authority apart from what is not there.
_PARTS: Final = re.compile(
    r"(?:([^:/?#]+):)?(?://([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?"
)
_AUTHORITY: Final = re.compile(
    r"(?:(?P<userinfo>[^@]*)@)?(?P<host>\[[^\[\]@]*\]|[^:\[\]@]*)(?::(?P<port>[^@:]*))?"
)
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_NAME: Final = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=-]*")
_NUMBER_LAST: Final = re.compile(r"(?:.*\.)?(?:[0-9]+|0[xX][0-9A-Fa-f]*)\.?")
_FORBIDDEN: Final = re.compile(r"[\0-\x20\x7f\\\ud800-\udfff]|%(?![0-9A-Fa-f]{2})")
_OUTSIDE_ASCII: Final = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")
_WITH_HOST: Final = frozenset(("http", "https", "ws", "wss", "ftp"))
_PORT_MAX: Final = 65535
_NAME_MAX: Final = 255  # RFC 3986, section 3.2.2

_IN_USERINFO: Final = "!$%&'()*+,;=:~"
_IN_PATH: Final = "!$%&'()*+,/:;=@[]~"
_IN_QUERY: Final = f"{_IN_PATH}?"


class URL(msgspec.Struct, frozen=True, kw_only=True):
    """A URL, or a reference to one that has no scheme or no host.

    Its parts are as they stand in it, escapes and all; what may not stand there is
    escaped. `host` is in lower case, an IPv6 address without its brackets; None where
    there is no "//", and "" as in file:///tmp. `userinfo` is None without an "@". Two
    URLs are equal where their texts are.

    Making one raises ValueError where the parts are none of a URL.
    """

    scheme: str = ""
    userinfo: str | None = None
    host: str | None = None
    port: int | None = None
    path: str = ""
    query: str = ""
    fragment: str = ""

    def __post_init__(self) -> None:
        for text in (self.userinfo, self.path, self.query, self.fragment):
            _check_characters(text or "")
        put = msgspec.structs.force_setattr
        put(self, "scheme", _scheme(self.scheme))
        put(self, "host", None if self.host is None else _host(self.host))
        if self.userinfo is not None:
            put(self, "userinfo", _quote(self.userinfo, _IN_USERINFO))
        put(self, "path", _quote(self.path, _IN_PATH))
        put(self, "query", _quote(self.query, _IN_QUERY))
        put(self, "fragment", _quote(self.fragment, _IN_QUERY))
        _check_authority(self)
        _check_path(self)

    @property
    def username(self) -> str | None:
        """Decoded; None where there is none."""
        return None if self.userinfo is None else _unquote(self._user_and_rest()[0])

    @property
    def password(self) -> str | None:
        """Decoded; None where there is none."""
        _, colon, password = self._user_and_rest()
        return _unquote(password) if colon else None

    @property
    def queries(self) -> MultiDict[str]:
        """The decoded fields of the query, by name."""
        return parse_query(self.query)

    def set_query(
        self, fields: Mapping[str, Values] | None = None, /, **more: Values
    ) -> URL:
        """The same URL with these fields in its query, in the place of others of their
        names; the rest is left as it is.

        Several values make several fields, and None takes a field out.
        """
        from urllib.parse import quote_plus

        given = {**(fields or {}), **more}
        kept = [
            field
            for field in self.query.split("&")
            if field and not given.keys() & parse_query(field).keys()
        ]
        added = [
            f"{quote_plus(name)}={quote_plus(str(value))}"
            for name, values in given.items()
            for value in _listed(values)
        ]
        return msgspec.structs.replace(self, query="&".join(kept + added))

    def set_credentials(self, username: str, password: str | None = None) -> URL:
        """The same URL with these, escaped."""
        userinfo = _quote(username, "")
        if password is not None:
            userinfo += f":{_quote(password, '')}"
        return msgspec.structs.replace(self, userinfo=userinfo)

    def decoded(self) -> str:
        """The URL for people to read: an IRI (RFC 3987, section 3.2).

        Only escapes of printable characters outside ASCII are decoded, so that
        parse_url() takes it for the same URL.
        """
        return _OUTSIDE_ASCII.sub(_readable, str(self))

    def __str__(self) -> str:
        return self._text(self.userinfo)

    def __repr__(self) -> str:
        """Without the password."""
        user, colon, _ = self._user_and_rest()
        return f"URL({self._text(f'{user}:***' if colon else self.userinfo)!r})"

    def _user_and_rest(self) -> tuple[str, str, str]:
        return (self.userinfo or "").partition(":")

    def _text(self, userinfo: str | None) -> str:
        parts = [f"{self.scheme}:"] if self.scheme else []
        if self.host is not None:
            parts.append("//")
            if userinfo is not None:
                parts.append(f"{userinfo}@")
            parts.append(f"[{self.host}]" if ":" in self.host else self.host)
            if self.port is not None:
                parts.append(f":{self.port}")
        parts.append(self.path)
        if self.query:
            parts.append(f"?{self.query}")
        if self.fragment:
            parts.append(f"#{self.fragment}")
        return "".join(parts)


def parse_url(text: str) -> URL:
    """The URL, or the reference to one, that `text` is.

    An empty port, query or fragment leaves no trace; anything else that is allowed in a
    URL stays as it is, but for the case of scheme and host and the way to write an IPv6
    address.

    ValueError on spaces, control characters, backslashes and malformed escapes; on a
    host that is none, or an IPv4 address in another form than 127.0.0.1; on a port that
    is no number up to 65535; on a missing host where the scheme has one, as http.
    """
    _check_characters(text)
    match = _PARTS.fullmatch(text)
    assert match is not None, "any text without line breaks has these parts"
    scheme, authority, path, query, fragment = match.groups(default="")
    userinfo = host = port = None
    if match[2] is not None:
        userinfo, host, port = _split_authority(authority)
    return URL(
        scheme=scheme,
        userinfo=userinfo,
        host=host,
        port=port,
        path=path,
        query=query,
        fragment=fragment,
    )


def escape(location: str) -> str:
    """The URI of an IRI (RFC 3987, section 3.1): what is not ASCII is escaped."""
    return location if location.isascii() else _quote(location, f"#{_IN_QUERY}")


def _split_authority(text: str) -> tuple[str | None, str, int | None]:
    """Userinfo, host and port. What an @ or a bracket too many would mean, each reader
    of the URL could see otherwise."""
    match = _AUTHORITY.fullmatch(text)
    if match is None:
        raise ValueError("a URL's authority is [user[:password]@]host[:port]")
    host = match["host"]
    if host.startswith("[") and ":" not in host:
        raise ValueError("only an IPv6 address stands in brackets")
    return match["userinfo"], host.strip("[]"), _port(match["port"])


def _port(text: str | None) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", text):
        raise ValueError(f"a port is a number up to {_PORT_MAX}, not {text!r}")
    return int(text)


def _scheme(text: str) -> str:
    if text and not _SCHEME.fullmatch(text):
        raise ValueError(f"{text!r} is no scheme of a URL")
    return text.lower()


def _host(text: str) -> str:
    """The host as it is looked up: an IP address, or a name in ASCII and lower case."""
    if ":" in text:
        return _ip(text, 6)
    if not text.isascii():
        text = _in_ascii(text)
    if not _NAME.fullmatch(text) or len(text) > _NAME_MAX:
        raise ValueError(f"{text!r} is no host")
    return _ip(text, 4) if _NUMBER_LAST.fullmatch(text) else text.lower()


def _ip(text: str, version: int) -> str:
    import ipaddress

    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        address = None
    if address is None or address.version != version or "%" in text:
        raise ValueError(f"{text!r} is no IPv{version} address")
    return str(address)


def _in_ascii(text: str) -> str:
    """By IDNA. What a character is equivalent to may be a delimiter: see who calls."""
    try:
        return text.encode("idna").decode()
    except UnicodeError as error:
        raise ValueError(f"{text!r} is no host: {error}") from None


def _check_characters(text: str) -> None:
    match = _FORBIDDEN.search(text)
    if match is not None:
        what = "malformed escape" if match[0] == "%" else repr(match[0])
        raise ValueError(f"a URL has no {what} (here at {match.start()})")


def _check_authority(url: URL) -> None:
    if not url.host and (url.userinfo is not None or url.port is not None):
        raise ValueError("a user or a port needs a host")
    if not url.host and url.scheme in _WITH_HOST:
        raise ValueError(f"a URL of {url.scheme} needs a host")
    if url.port is not None and not 0 <= url.port <= _PORT_MAX:
        raise ValueError(f"a port is a number up to {_PORT_MAX}, not {url.port}")


def _check_path(url: URL) -> None:
    """That the path can not be read as something else (RFC 3986, section 3.3)."""
    if url.host is not None:
        if url.path and not url.path.startswith("/"):
            raise ValueError("a path behind a host begins with a slash")
    elif url.path.startswith("//"):
        raise ValueError("a path without a host does not begin with two slashes")
    elif not url.scheme and ":" in url.path.partition("/")[0]:
        raise ValueError("a path that begins a reference has no colon before a slash")


def _listed(values: Values) -> Iterable[Value]:
    if values is None:
        return ()
    return (values,) if isinstance(values, str | int | float) else values


def _readable(escapes: re.Match[str]) -> str:
    """Of these escapes, what they stand for where that is printable."""
    text = bytes.fromhex(escapes[0].replace("%", "")).decode(errors="surrogateescape")
    return "".join(char if char.isprintable() else _quote(char, "") for char in text)


def _quote(text: str, safe: str) -> str:
    from urllib.parse import quote  # costs time, and hardly a worker needs it

    return quote(text, safe=safe, errors="surrogateescape")


def _unquote(text: str) -> str:
    from urllib.parse import unquote

    return unquote(text)
