"""Turns the tree of a file into the structs of the schema.

The tree is walked beside the schema's types, so that each struct is the one source
of its keys, types and defaults.
"""

from __future__ import annotations

from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from guava.config.kinds import (
    Flag,
    Kind,
    KindError,
    decimal,
    did_you_mean,
    fraction,
    nearest,
    shown,
    truth,
)
from guava.config.section import PLACES, Section
from guava.config.tree import (
    Broken,
    Fault,
    Mapping,
    Node,
    Place,
    Scalar,
    Sequence,
)

T = TypeVar("T", bound=Section)
Fields = dict[str, msgspec.structs.FieldInfo]


class _Bad:
    """The type of what stands for a value whose fault was noted."""


_BAD: Final = _Bad()


class Walker:
    """Reads values as the types of the schema; adds every mistake to `faults`.

    `path` is the file's name in places, `base` where relative paths start. A `where`
    is the dotted name of the value being read, for messages.
    """

    def __init__(self, path: str, base: str, faults: list[Fault]) -> None:
        self.path = path
        self.base = base
        self.faults = faults

    def fault(self, place: Place, message: str) -> None:
        """Note a mistake."""
        self.faults.append(Fault(place, message))

    def apply(self, kind: Kind, node: Node, where: str) -> Any:
        """What `kind` reads in `node`; None where a fault was noted."""
        value = self._kind(kind, node, where)
        return None if value is _BAD else value

    def section(self, cls: type[T], node: Node, where: str) -> T | None:
        """A struct from a mapping; None where a fault was noted."""
        mapping = self._mapping(node)
        if mapping is None:
            return None
        fields = _fields(cls)
        self._check_keys(mapping, (*fields, *_tag_key(cls)), where)
        values = {
            field.name: self._field(field, mapping, where) for field in fields.values()
        }
        if _BAD in values.values():
            return None
        return cls(**values, places=self._places(mapping))

    def _mapping(self, node: Node) -> Mapping | None:
        """A key whose values are all left out has an empty mapping."""
        if isinstance(node, Scalar) and node.kind == "null":
            return Mapping(node.place, {})
        if isinstance(node, Mapping):
            return node
        self._refuse(node, "a mapping")
        return None

    def _check_keys(self, node: Mapping, keys: tuple[str, ...], where: str) -> None:
        for name, entry in node.entries.items():
            if name not in keys:
                hint = nearest(name, keys)
                self.fault(entry.place, f'unknown key "{name}"{_in(where)}{hint}')

    def _places(self, node: Mapping) -> dict[str, str]:
        places = {name: entry.value.place for name, entry in node.entries.items()}
        return {
            name: place.text(self.path)
            for name, place in {"": node.place, **places}.items()
        }

    def _field(
        self, field: msgspec.structs.FieldInfo, node: Mapping, where: str
    ) -> Any:
        key = field.encode_name
        label = f"{where}.{key}" if where else key
        if key in node.entries:
            return self._value(field.type, node.entries[key].value, label)
        if field.required:
            self.fault(node.place, f'the key "{key}" is missing{_in(where)}')
            return _BAD
        default = _default(field)
        written = _written(default, node.place)
        return default if written is None else self._value(field.type, written, label)

    def _value(self, hint: Any, node: Node, where: str) -> Any:
        """The value of `node` as the type `hint`, or _BAD."""
        if isinstance(node, Broken):
            return _BAD
        origin, args = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self._annotated(args[0], args[1], node, where)
        if origin is Literal:
            return self._choice(args, node)
        if origin in (Union, UnionType):
            return self._union(args, node, where)
        if origin is tuple:
            return self._sequence(args[0], node, where)
        if origin is dict:
            return self._table(args[0], args[1], node, where)
        if hint is Any:
            return self._data(node)
        if hint is bool:
            return self._kind(Flag(), node, where)
        value = self.section(hint, node, where)
        return _BAD if value is None else value

    def _annotated(
        self, hint: Any, note: Kind | msgspec.Meta, node: Node, where: str
    ) -> Any:
        if isinstance(note, Kind):
            return self._kind(note, node, where)
        value = self._value(hint, node, where)
        if value is not _BAD and len(value) < (note.min_length or 0):
            return self._refuse(node, f"at least {note.min_length} entry")
        return value

    def _kind(self, kind: Kind, node: Node, where: str) -> Any:
        noted = len(self.faults)
        try:
            value = kind.read(node, self, where)
        except KindError as error:
            self.fault(node.place, str(error))
            return _BAD
        except ValueError:
            return self._refuse(node, kind.expected)
        return value if len(self.faults) == noted else _BAD

    def _choice(self, allowed: tuple[str | int, ...], node: Node) -> Any:
        """One of some words or numbers."""
        words = {str(word): word for word in allowed}
        found = words.get(node.text) if isinstance(node, Scalar) else None
        if isinstance(node, Scalar) and node.kind == type(found).__name__:
            return found
        word = node.text if isinstance(node, Scalar) and node.kind == "str" else ""
        hint = did_you_mean(word, tuple(words))
        return self._refuse(node, f"one of {', '.join(words)}", hint)

    def _union(self, hints: tuple[Any, ...], node: Node, where: str) -> Any:
        """A type or nothing, or one of several structs."""
        if NoneType in hints and isinstance(node, Scalar) and node.kind == "null":
            return None
        rest = tuple(hint for hint in hints if hint is not NoneType)
        if len(rest) == 1:
            return self._value(rest[0], node, where)
        if not isinstance(node, Mapping):
            return self._refuse(node, "a mapping")
        cls = self._pick(rest, node, where)
        return _BAD if cls is None else self._value(cls, node, where)

    def _pick(
        self, classes: tuple[type, ...], node: Mapping, where: str
    ) -> type | None:
        """The struct that the tag's key, or a key called like the tag, decides on."""
        tagged = {str(_config(cls).tag): cls for cls in classes}
        for key in _tag_key(classes[0]):
            if key not in node.entries:
                names = ", ".join(tagged)
                message = f'the key "{key}" is missing{_in(where)}; expected one of'
                self.fault(node.place, f"{message} {names}")
                return None
            tag = self._choice(tuple(tagged), node.entries[key].value)
            return None if tag is _BAD else tagged[tag]
        for tag, cls in tagged.items():
            if tag in node.entries:
                return cls
        names = ", ".join(tagged)
        self.fault(node.place, f"expected one of the keys {names}{_in(where)}")
        return None

    def _sequence(self, hint: Any, node: Node, where: str) -> Any:
        if not isinstance(node, Sequence):
            return self._refuse(node, "a list")
        values = tuple(
            self._value(hint, item, f"{where}[{index}]")
            for index, item in enumerate(node.items)
        )
        return _BAD if _BAD in values else values

    def _table(self, key_hint: Any, hint: Any, node: Node, where: str) -> Any:
        """A mapping whose keys are the user's own."""
        mapping = self._mapping(node)
        if mapping is None:
            return _BAD
        values = {}
        for name, entry in mapping.entries.items():
            label = f'{where}["{name}"]'
            written = Scalar(entry.place, name, "str", False)
            key = self._value(key_hint, written, label)
            values[key] = self._value(hint, entry.value, label)
        return _BAD if _BAD in (*values, *values.values()) else values

    def _data(self, node: Node) -> Any:
        """Plain data for the application; what holds a variable is text."""
        if isinstance(node, Sequence):
            items = self._sequence(Any, node, "")
            return _BAD if items is _BAD else list(items)
        if isinstance(node, Mapping):
            return self._table(Any, Any, node, "")
        if not isinstance(node, Scalar):
            return _BAD
        if node.expanded or node.kind == "str":
            return node.text
        try:
            return _DATA[node.kind](node.text)
        except ValueError:
            return self._refuse(node, "a decimal number, or text in quotes")

    def _refuse(self, node: Node, expected: str, hint: str = "") -> Any:
        """Note that `node` is not what was expected."""
        if not isinstance(node, Broken):
            self.fault(node.place, f"expected {expected}, found {shown(node)}{hint}")
        return _BAD


_DATA: Final[dict[str, Any]] = {
    "int": decimal,
    "float": fraction,
    "bool": truth,
    "null": lambda text: None,
}


@cache  # msgspec evaluates the annotations at every call
def _fields(cls: type) -> Fields:
    """The fields of a struct by the keys of the file."""
    return {
        field.encode_name: field
        for field in msgspec.structs.fields(cls)
        if field.name != PLACES
    }


def _tag_key(cls: type) -> tuple[str, ...]:
    """The key that holds a struct's tag in the file, if one does.

    A struct that has a key called like its tag is known by that key instead.
    """
    config = _config(cls)
    if config.tag_field is None or config.tag in _fields(cls):
        return ()
    return (config.tag_field,)


def _config(cls: type) -> msgspec.structs.StructConfig:
    config: msgspec.structs.StructConfig = cls.__struct_config__  # type: ignore[attr-defined]
    return config


def _default(field: msgspec.structs.FieldInfo) -> Any:
    if field.default_factory is not msgspec.NODEFAULT:
        return field.default_factory()
    return field.default


def _written(default: Any, place: Place) -> Node | None:
    """How the file would say a default that has to be read; None for any other."""
    if isinstance(default, msgspec.Struct):
        return Mapping(place, {})
    if isinstance(default, str):
        return Scalar(place, default, "str", False)
    if isinstance(default, tuple) and all(isinstance(text, str) for text in default):
        return Sequence(place, [Scalar(place, text, "str", False) for text in default])
    return None


def _in(where: str) -> str:
    return f" in {where}" if where else ""
