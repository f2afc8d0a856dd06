"""What stands around requests, as the configuration lists it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from guava.config.kinds import CLASS_PATH, Kind, Name, Reader
from guava.config.section import Section
from guava.config.tree import Entry, Mapping, Node, Scalar, Sequence


class Middleware(Section, frozen=True, kw_only=True):
    """A middleware of the application's or of guava's, made as `class_(**options)`."""

    class_: Annotated[
        str, Name(pattern=CLASS_PATH, called="a class such as guava.middleware.CORS")
    ] = msgspec.field(name="class")
    options: dict[Annotated[str, Name()], Any] = msgspec.field(default_factory=dict)


class MiddlewareList(Kind, frozen=True):
    """A list of Middleware, of which each may be its class alone."""

    @property
    def expected(self) -> str:
        return "a list of classes such as [guava.middleware.SecurityHeaders]"

    def read(self, node: Node, reader: Reader, where: str) -> tuple[Middleware, ...]:
        if not isinstance(node, Sequence):
            raise ValueError
        found = [
            reader.section(Middleware, _as_mapping(item), f"{where}[{index}]")
            for index, item in enumerate(node.items)
        ]
        return tuple(one for one in found if one is not None)


def _as_mapping(node: Node) -> Node:
    """`X` stands for `{class: X}`."""
    if not isinstance(node, Scalar):
        return node
    return Mapping(node.place, {"class": Entry(node.place, node)})
