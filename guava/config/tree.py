"""A file as a tree that knows the place of everything in it."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """Where something stands in the file, both counted from 1; or the key of the
    override on the command line that it is from, whose value may be a secret."""

    line: int
    column: int
    override: str = ""

    def text(self, path: str) -> str:
        """As messages begin; `path` is the file's."""
        if self.override:
            return f"-o {self.override}"
        return f"{path}:{self.line}:{self.column}"


class Fault(NamedTuple):
    """One mistake in the file."""

    place: Place
    message: str


class Scalar(NamedTuple):
    """One value. `kind` is what YAML takes it for: str, int, float, bool, null.

    `expanded`: a variable was put in, so it may serve as text whatever its kind.
    """

    place: Place
    text: str
    kind: str
    expanded: bool


class Sequence(NamedTuple):
    """A list of values."""

    place: Place
    items: list[Node]


class Entry(NamedTuple):
    """A key's place, and its value."""

    place: Place
    value: Node


class Mapping(NamedTuple):
    """Keys and values, in file order."""

    place: Place
    entries: dict[str, Entry]


class Broken(NamedTuple):
    """What could not be read; its fault is noted already."""

    place: Place


Node = Scalar | Sequence | Mapping | Broken
