"""Values from the command line that take the place of the file's."""

from __future__ import annotations

from guava.config import document
from guava.config.tree import Entry, Fault, Mapping, Node, Place, Scalar, Sequence


def put(root: Node, override: str, faults: list[Fault]) -> Node:
    """`root` with an override such as "server.workers=1", whose value is YAML.

    Its faults stand at the override's key, which is the place of all in it.
    """
    key, _, text = override.partition("=")
    place = Place(1, 1, key)
    found: list[Fault] = []
    value = document.parse(text.encode(errors="surrogateescape"), found)
    faults += (Fault(place, fault.message) for fault in found)
    return _with(root, key.split("."), _moved(value, place))


def _with(node: Node, keys: list[str], value: Node) -> Node:
    """`node` with `value` below these keys. What is no mapping stays, to be refused."""
    first, *rest = keys
    if isinstance(node, Scalar) and node.kind == "null":
        node = Mapping(node.place, {})
    if not isinstance(node, Mapping):
        return node
    if rest:
        inner = node.entries.get(first)
        below = inner.value if inner else Mapping(value.place, {})
        value = _with(below, rest, value)
    return Mapping(node.place, {**node.entries, first: Entry(value.place, value)})


def _moved(node: Node, place: Place) -> Node:
    """The same, all of it at `place`."""
    if isinstance(node, Sequence):
        return Sequence(place, [_moved(item, place) for item in node.items])
    if isinstance(node, Mapping):
        entries = {
            key: Entry(place, _moved(entry.value, place))
            for key, entry in node.entries.items()
        }
        return Mapping(place, entries)
    return node._replace(place=place)
