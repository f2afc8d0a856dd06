"""Reads a YAML file into a tree of values and their places.

Only the safe subset: mappings with text keys, sequences and the core scalars.
Anchors and merge keys are followed, `${NAME}` and `${NAME:-default}` are put in.
What is wrong becomes a fault and a Broken node, so that reading goes on and all
faults are found at once.
"""

from __future__ import annotations

import os
import re
from typing import Final

import yaml

from guava.config.tree import (
    Broken,
    Entry,
    Fault,
    Mapping,
    Node,
    Place,
    Scalar,
    Sequence,
)

_LOADER: Final = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_TAG: Final = "tag:yaml.org,2002:"
_MERGE: Final = _TAG + "merge"
_SCALARS: Final = {
    _TAG + "str": "str",
    _TAG + "timestamp": "str",
    _TAG + "value": "str",
    _MERGE: "str",
    _TAG + "int": "int",
    _TAG + "float": "float",
    _TAG + "bool": "bool",
    _TAG + "null": "null",
}
_VARIABLE: Final = re.compile(r"\$(\$\{)|\$\{([^}]*)(\}?)")
_NAME: Final = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(?::-((?:(?!\$\{).)*))?", re.DOTALL)


def parse(data: bytes, faults: list[Fault]) -> Node:
    """The one document in `data`; an empty one is an empty mapping.

    Adds to `faults` and never raises.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        place = _place_at(data[: error.start].decode())
        faults.append(Fault(place, "expected UTF-8 text"))
        return Broken(place)
    try:
        return _Tree(faults).build(text)
    except RecursionError:
        faults.append(Fault(Place(1, 1), "nested too deeply"))
        return Broken(Place(1, 1))


class _Tree:
    """Turns the parser's nodes into ours."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        self.built: dict[yaml.Node, Node] = {}
        self.open: set[yaml.Node] = set()
        self.resolver = yaml.resolver.Resolver()

    def build(self, text: str) -> Node:
        try:
            root = yaml.compose(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            return self.broken(_error_place(error), _error_text(error))
        except yaml.reader.ReaderError as error:
            return self.broken(_unprintable(text), f"not YAML: {error.reason}")
        if root is None:
            return Mapping(Place(1, 1), {})
        return self.node(root)

    def broken(self, place: Place, message: str) -> Broken:
        self.faults.append(Fault(place, message))
        return Broken(place)

    def node(self, node: yaml.Node) -> Node:
        """An anchor's node is built once, however often it is used."""
        if node in self.open:
            return self.broken(_place(node), "this anchor contains itself")
        if node not in self.built:
            self.open.add(node)
            self.built[node] = self.fresh(node)
            self.open.remove(node)
        return self.built[node]

    def fresh(self, node: yaml.Node) -> Node:
        if isinstance(node, yaml.ScalarNode) and node.tag in _SCALARS:
            return self.scalar(node)
        if isinstance(node, yaml.SequenceNode) and node.tag == _TAG + "seq":
            return Sequence(_place(node), [self.node(item) for item in node.value])
        if isinstance(node, yaml.MappingNode) and node.tag == _TAG + "map":
            return self.mapping(node)
        tag = node.tag.replace(_TAG, "!!")
        return self.broken(_place(node), f"the tag {tag} is not supported")

    def scalar(self, node: yaml.ScalarNode) -> Node:
        place, text, kind = _place(node), str(node.value), _SCALARS[node.tag]
        if "${" not in text:
            return Scalar(place, text, kind, False)
        try:
            text = _VARIABLE.sub(_expand, text)
            text.encode()
        except LookupError as error:
            return self.broken(place, str(error.args[0]))
        except UnicodeEncodeError:
            return self.broken(place, "a variable here is not UTF-8 text")
        tag = self.resolver.resolve(  # type: ignore[no-untyped-call]
            yaml.ScalarNode, text, (True, False)
        )
        return Scalar(place, text, _SCALARS[tag], True)

    def mapping(self, node: yaml.MappingNode) -> Mapping:
        entries: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        for key, value in node.value:
            if key.tag == _MERGE:
                self.merge(value, merged)
            elif not isinstance(key, yaml.ScalarNode):
                self.broken(_place(key), "expected text as a key")
            else:
                self.enter(entries, key, value)
        return Mapping(_place(node), {**merged, **entries})

    def enter(
        self, entries: dict[str, Entry], key: yaml.ScalarNode, value: yaml.Node
    ) -> None:
        place, name = _place(key), str(key.value)
        entry = Entry(place, self.node(value))
        first = entries.setdefault(name, entry)
        if first is not entry:
            line = first.place.line
            self.broken(place, f'key "{name}" stands here again, after line {line}')

    def merge(self, node: yaml.Node, into: dict[str, Entry]) -> None:
        """Follow `<<`: a mapping, or several of which the first named wins."""
        several = isinstance(node, yaml.SequenceNode)
        for source in node.value if several else [node]:
            mapping = self.node(source)
            if isinstance(mapping, Mapping):
                for name, entry in mapping.entries.items():
                    into.setdefault(name, entry)
            elif not isinstance(mapping, Broken):
                self.broken(_place(source), "expected a mapping to merge")


def _expand(match: re.Match[str]) -> str:
    """What one `${...}` stands for; `$${` is a plain `${`. Raises LookupError."""
    escaped, inside, closed = match.groups()
    if escaped:
        return str(escaped)
    named = _NAME.fullmatch(inside)
    if named is None or not closed:
        raise LookupError(
            f'expected ${{NAME}} or ${{NAME:-default}}, found "{match[0]}"'
        )
    name, default = named.groups()
    value = os.environ.get(name, "")
    if value or (default is None and name in os.environ):
        return value
    if default is None:
        raise LookupError(
            f"the environment has no variable {name}, and ${{{name}}} no default"
        )
    return str(default)


def _place(node: yaml.Node) -> Place:
    return Place(node.start_mark.line + 1, node.start_mark.column + 1)


def _place_at(before: str) -> Place:
    """The place of what follows `before`."""
    return Place(before.count("\n") + 1, len(before) - before.rfind("\n"))


def _error_place(error: yaml.MarkedYAMLError) -> Place:
    mark = error.problem_mark or error.context_mark
    return Place(mark.line + 1, mark.column + 1) if mark else Place(1, 1)


def _error_text(error: yaml.MarkedYAMLError) -> str:
    said = filter(None, (error.context, error.problem))
    return "not YAML: " + ", ".join(said)


def _unprintable(text: str) -> Place:
    """The place of the first character that YAML does not allow."""
    found = yaml.reader.Reader.NON_PRINTABLE.search(text)
    return _place_at(text[: found.start()] if found else "")
