"""What a value may be: each kind turns one value of the file into a Python value.

A field of the schema names its kind in an `Annotated` type; the loader calls
read().
"""

from __future__ import annotations

import os
import re
from typing import Any, Final, Literal, Protocol, TypeVar

import msgspec

from guava import media, paths
from guava.config import accounts, units
from guava.config.section import Section
from guava.config.tree import Mapping, Node, Place, Scalar, Sequence

T = TypeVar("T", bound=Section)

MODULE: Final = r"(?:[^\W\d]\w*)(?:\.[^\W\d]\w*)*"
CLASS_PATH: Final = rf"{MODULE}\.[^\W\d]\w*"
FORMATS: Final = ("combined", "json")
ENCODED: Final = ("br", "zst", "gz")
PLACEHOLDERS: Final = (
    "client",
    "time",
    "method",
    "target",
    "path",
    "query",
    "version",
    "status",
    "bytes",
    "referer",
    "user_agent",
    "duration_us",
    "request_id",
    "host",
    "scheme",
)
_TRUTHS: Final = {
    "true": True,
    "yes": True,
    "on": True,
    "false": False,
    "no": False,
    "off": False,
}
_RESOLVED: Final = ("be a folder", "exist")
_INT64: Final = range(-(2**63), 2**63)


class KindError(ValueError):
    """Its text is the whole message, in place of "expected ..., found ..."."""


class Reader(Protocol):
    """What a kind may ask of the loader."""

    @property
    def base(self) -> str:
        """The directory that relative paths start from."""

    def fault(self, place: Place, message: str) -> None:
        """Note a mistake."""

    def apply(self, kind: Kind, node: Node, where: str) -> Any:
        """What `kind` reads in `node`; None where a fault was noted."""

    def section(self, cls: type[T], node: Node, where: str) -> T | None:
        """Read a mapping as `cls`; None where a fault was noted."""


class Kind(msgspec.Struct, frozen=True):
    """Base of all kinds. `accepts` names the kinds of YAML scalars it takes."""

    accepts: tuple[str, ...] = ("str",)

    @property
    def expected(self) -> str:
        """What error messages call a right value."""
        raise NotImplementedError

    def convert(self, text: str, base: str) -> Any:
        """The value that `text` stands for. Raises ValueError or KindError."""
        raise NotImplementedError

    def read(self, node: Node, reader: Reader, where: str) -> Any:
        """The value of `node`. Raises ValueError or KindError."""
        if isinstance(node, Scalar) and (node.expanded or node.kind in self.accepts):
            return self.convert(node.text, reader.base)
        raise ValueError


class Duration(Kind, frozen=True):
    """A time in milliseconds; `none` allows 0."""

    accepts: tuple[str, ...] = ("str", "int")
    none: bool = False

    @property
    def expected(self) -> str:
        return "a duration such as 30s"

    def convert(self, text: str, base: str) -> int:
        duration = units.parse_duration(text)
        least, most = 0 if self.none else 1, 365 * units.DAY
        if not least <= duration <= most:
            low, high = units.format_duration(least), units.format_duration(most)
            raise KindError(f"expected a duration from {low} to {high}, found {text}")
        return duration


class Size(Kind, frozen=True):
    """A number of bytes."""

    accepts: tuple[str, ...] = ("str", "int")
    least: int = 0
    most: int = 1024 * units.GIB

    @property
    def expected(self) -> str:
        return "a size such as 8KiB"

    def convert(self, text: str, base: str) -> int:
        size = units.parse_size(text)
        if not self.least <= size <= self.most:
            low, high = units.format_size(self.least), units.format_size(self.most)
            raise KindError(f"expected a size from {low} to {high}, found {text}")
        return size


class Rate(Kind, frozen=True):
    """A number of bytes a second; 0 for none."""

    accepts: tuple[str, ...] = ("str", "int")

    @property
    def expected(self) -> str:
        return "a rate such as 200B/s, or 0"

    def convert(self, text: str, base: str) -> int:
        size, per_second, rest = text.partition("/s")
        if rest or (not per_second and size != "0"):
            raise ValueError
        return Size(most=units.GIB).convert(size, base)


class Whole(Kind, frozen=True):
    """A whole number, or one word in its place."""

    least: int = 1
    most: int = 65535
    word: str | None = None

    @property
    def expected(self) -> str:
        number = f"a whole number from {self.least} to {self.most}"
        return f"{self.word} or {number}" if self.word else number

    def read(self, node: Node, reader: Reader, where: str) -> int | str:
        if isinstance(node, Scalar):
            if self.word is not None and node.text == self.word:
                return self.word
            if node.kind == "int" and self.least <= decimal(node.text) <= self.most:
                return decimal(node.text)
        raise ValueError


class Flag(Kind, frozen=True):
    """True or false."""

    accepts: tuple[str, ...] = ("bool",)

    @property
    def expected(self) -> str:
        return "true or false"

    def convert(self, text: str, base: str) -> bool:
        return truth(text)


class FilePath(Kind, frozen=True):
    """A path, made absolute; `must` says what has to be there already.

    Folders come out without symbolic links: one generation keeps to the release that a
    link pointed at when it was checked.
    """

    must: Literal["have a folder", "be a folder", "be a file", "exist"] = (
        "have a folder"
    )

    @property
    def expected(self) -> str:
        return "a path"

    def convert(self, text: str, base: str) -> str:
        if not text or not text.isprintable():
            raise ValueError
        path = os.path.normpath(os.path.join(base, text))
        if self.must == "have a folder" and not os.path.isdir(os.path.dirname(path)):
            raise KindError(f"there is no directory {os.path.dirname(path)}")
        if self.must == "be a folder" and not os.path.isdir(path):
            raise KindError(f"there is no directory {path}")
        if self.must == "be a file" and not os.path.isfile(path):
            raise KindError(f"there is no file {path}")
        if self.must == "exist" and not os.path.exists(path):
            raise KindError(f"there is no {path}")
        return os.path.realpath(path) if self.must in _RESOLVED else path


class FileOr(Kind, frozen=True):
    """A file's path, or a mapping that is read as `section`."""

    section: type[Section] = Section
    called: str = ""

    @property
    def expected(self) -> str:
        return f"a file or {self.called}"

    def read(self, node: Node, reader: Reader, where: str) -> Any:
        if isinstance(node, Mapping):
            return reader.section(self.section, node, where)
        if isinstance(node, Scalar):
            return reader.apply(FilePath(must="be a file"), node, where)
        raise ValueError


class LogTarget(Kind, frozen=True):
    """A standard stream's name or an absolute path; `off` where that is allowed."""

    accepts: tuple[str, ...] = ("str", "bool")
    off: bool = False

    @property
    def expected(self) -> str:
        return (
            "stdout, stderr, off or a path" if self.off else "stdout, stderr or a path"
        )

    def read(self, node: Node, reader: Reader, where: str) -> str:
        """YAML 1.1 takes a bare `off` for false."""
        if isinstance(node, Scalar) and node.kind == "bool":
            if not self.off or truth(node.text):
                raise ValueError
            return "off"
        return str(Kind.read(self, node, reader, where))

    def convert(self, text: str, base: str) -> str:
        if text in ("stdout", "stderr") or (self.off and text == "off"):
            return text
        return FilePath().convert(text, base)


class LogFormat(Kind, frozen=True):
    """`combined`, `json`, or a template such as `{client} {status}`."""

    @property
    def expected(self) -> str:
        return "combined, json or a quoted template with {placeholders}"

    def convert(self, text: str, base: str) -> str:
        if text in FORMATS:
            return text
        if not text.isprintable():
            raise ValueError
        names = re.findall(r"\{(\w+)\}", text)
        for name in names:
            if name not in PLACEHOLDERS:
                hint = nearest(name, PLACEHOLDERS)
                raise KindError(f"unknown placeholder {{{name}}}{hint}")
        if not names or re.search(r"[{}]", re.sub(r"\{\w+\}", "", text)):
            raise ValueError
        return text


class MountPoint(Kind, frozen=True):
    """Where a router stands in the tree of URLs: begins and ends with a slash."""

    @property
    def expected(self) -> str:
        return "a mount point such as /static"

    def convert(self, text: str, base: str) -> str:
        return paths.mount_point(text)


class RoutePath(Kind, frozen=True):
    """The path of one route, with its first slash, without a query."""

    @property
    def expected(self) -> str:
        return "a path such as /about"

    def convert(self, text: str, base: str) -> str:
        if not text.startswith("/") or not paths.is_plain(text):
            raise ValueError
        return text


class RequestTarget(Kind, frozen=True):
    """What a request line may ask for: a path, and a query if there is one."""

    @property
    def expected(self) -> str:
        return "a path such as /about"

    def convert(self, text: str, base: str) -> str:
        if not re.fullmatch(r"/[!-~]*", text) or "#" in text:
            raise ValueError
        return text


class Location(Kind, frozen=True):
    """A URL for a Location field (RFC 9110, section 10.2.2): printable ASCII."""

    @property
    def expected(self) -> str:
        return "a URL such as /about"

    def convert(self, text: str, base: str) -> str:
        if not re.fullmatch(r"[!-~]+", text):
            raise ValueError
        return text


class Name(Kind, frozen=True):
    """Text of a given pattern, called `expected` in messages."""

    pattern: str = r"[^\W\d]\w*"
    called: str = "a name such as index"

    @property
    def expected(self) -> str:
        return self.called

    def convert(self, text: str, base: str) -> str:
        if not re.fullmatch(self.pattern, text):
            raise ValueError
        return text


class FileBelow(Kind, frozen=True):
    """A file's path relative to a directory that it does not lead out of."""

    @property
    def expected(self) -> str:
        return "a file below the directory such as index.html"

    def convert(self, text: str, base: str) -> str:
        if not text.isprintable() or {"", ".", ".."} & set(text.split("/")):
            raise ValueError
        return text


class Precompressed(Kind, frozen=True):
    """Endings of encoded files in order of preference; true: all there are."""

    @property
    def expected(self) -> str:
        return f"true, false or a list of {', '.join(ENCODED)}"

    def read(self, node: Node, reader: Reader, where: str) -> tuple[str, ...]:
        if not isinstance(node, Sequence):
            flag: bool = Flag().read(node, reader, where)
            return ENCODED if flag else ()
        found: list[str] = []
        for item in node.items:
            ending = reader.apply(EncodedEnding(), item, where)
            if ending in found:
                reader.fault(item.place, f"{shown(item)} stands there already")
            found.append(ending)
        return tuple(found)


class EncodedEnding(Kind, frozen=True):
    """How the name of an encoded file ends."""

    @property
    def expected(self) -> str:
        return f"one of {', '.join(ENCODED)}"

    def convert(self, text: str, base: str) -> str:
        if text not in ENCODED:
            raise ValueError
        return text


class Ending(Kind, frozen=True):
    """The ending of a file's name, with its dot."""

    @property
    def expected(self) -> str:
        return "the ending of a file's name such as .txt"

    def convert(self, text: str, base: str) -> str:
        if not media.is_ending(text):
            raise ValueError
        return text


class MediaType(Kind, frozen=True):
    """A media type, maybe with parameters."""

    @property
    def expected(self) -> str:
        return "a media type such as text/plain"

    def convert(self, text: str, base: str) -> str:
        if not media.is_type(text):
            raise ValueError
        return text


class ErrorStatus(Kind, frozen=True):
    """The status code of an error (RFC 9110, sections 15.5 and 15.6)."""

    @property
    def expected(self) -> str:
        return "the status of an error, from 400 to 599"

    def convert(self, text: str, base: str) -> int:
        if not re.fullmatch(r"[45][0-9]{2}", text):
            raise ValueError
        return int(text)


class Text(Kind, frozen=True):
    """Any text that the environment can hold."""

    @property
    def expected(self) -> str:
        return "text, in quotes if need be"

    def convert(self, text: str, base: str) -> str:
        if "\0" in text:
            raise ValueError
        return text


class Network(Kind, frozen=True):
    """A network as `address/bits`, a single address being one; or `unix:`."""

    @property
    def expected(self) -> str:
        return 'a network such as 10.0.0.0/8, an address, or "unix:"'

    def convert(self, text: str, base: str) -> str:
        import ipaddress  # costs time, and a worker reads no networks

        if text == "unix:":
            return text
        if "%" in text:
            raise KindError(f"expected a network without a zone, found {text}")
        network = ipaddress.ip_network(text, strict=False)
        address = ipaddress.ip_address(text.partition("/")[0])
        if network.network_address != address:
            meant = f'; did you mean "{network}"?'
            raise KindError(f"{text} has bits set behind its prefix{meant}")
        return str(network)


class Mode(Kind, frozen=True):
    """A file's permissions in octal."""

    accepts: tuple[str, ...] = ("str", "int")

    @property
    def expected(self) -> str:
        return 'a mode such as "0660"'

    def convert(self, text: str, base: str) -> int:
        if not re.fullmatch(r"0?[0-7]{3}", text):
            raise ValueError
        return int(text, 8)


class User(Kind, frozen=True):
    """The name or number of a user of this machine."""

    accepts: tuple[str, ...] = ("str", "int")

    @property
    def expected(self) -> str:
        return "a user of this machine"

    def convert(self, text: str, base: str) -> str:
        return accounts.user(text).pw_name


class Group(Kind, frozen=True):
    """The name or number of a group of this machine."""

    accepts: tuple[str, ...] = ("str", "int")

    @property
    def expected(self) -> str:
        return "a group of this machine"

    def convert(self, text: str, base: str) -> str:
        return accounts.group(text).gr_name


def decimal(text: str) -> int:
    """A whole number of 64 bits. ValueError also for YAML's other notations."""
    if not re.fullmatch(r"[-+]?(0|[1-9][0-9_]*)", text, re.ASCII):
        raise ValueError(text)
    number = int(text)
    if number not in _INT64:
        raise ValueError(text)
    return number


def fraction(text: str) -> float:
    """A decimal fraction, `.inf` or `.nan`. ValueError for base 60."""
    return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))


def truth(text: str) -> bool:
    """What YAML 1.1 takes for true or false. Raises ValueError."""
    if text.lower() not in _TRUTHS:
        raise ValueError(text)
    return _TRUTHS[text.lower()]


def did_you_mean(name: str, names: tuple[str, ...]) -> str:
    """The end of a message: what was probably meant, if anything."""
    from difflib import get_close_matches  # costs time, and only a mistake needs it

    close = get_close_matches(name, names, 1)
    return f'; did you mean "{close[0]}"?' if close else ""


def nearest(name: str, names: tuple[str, ...]) -> str:
    """The end of a message: what was probably meant, or what there is."""
    return did_you_mean(name, names) or f"; expected one of {', '.join(names)}"


def shown(node: Node) -> str:
    """How a message names what it found."""
    if isinstance(node, Sequence):
        return "a list" if node.items else "an empty list"
    if isinstance(node, Mapping):
        return "a mapping"
    if not isinstance(node, Scalar):
        return "nothing"
    text = node.text if len(node.text) <= 60 else node.text[:57] + "..."
    if node.kind == "str":
        return msgspec.json.encode(text).decode()
    return text or "nothing"
