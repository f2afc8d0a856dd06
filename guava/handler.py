"""What a router finds: who answers a request, named but not yet imported."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

REDIRECTIONS: Final = (301, 302, 303, 307, 308)
"""The statuses that send a client elsewhere."""


class Handler:
    """An action of a controller, with its arguments.

    Two handlers that name the same action with the same arguments are equal. A
    handler is constant once made.
    """

    __slots__ = ("action", "args", "controller", "module", "package")

    def __init__(
        self,
        package: str = ".",
        module: str = "",
        controller: str = "",
        action: str = "",
        args: Iterable[object] = (),
        *,
        cls: str = "",
    ) -> None:
        """Name `package.module`, its class `controller` and that class's `action`.

        The package "." stands for none: `module` is then imported by its own name.
        `cls` is another name of `controller`. TypeError where one of the three is
        missing, or both `cls` and `controller` are given.
        """
        if not module or not action or bool(controller) == bool(cls):
            raise TypeError("a handler needs module, controller and action")
        self.package = package
        self.module = module
        self.controller = controller or cls
        self.action = action
        self.args = tuple(args)

    @property
    def cls(self) -> str:
        """The controller's name."""
        return self.controller

    @property
    def import_name(self) -> str:
        """What to import: "controllers.post"."""
        return self.module if self.package == "." else f"{self.package}.{self.module}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Handler):
            return NotImplemented
        return self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def __repr__(self) -> str:
        package, module, controller, action, args = self._parts()
        return (
            f"Handler(package={package!r}, module={module!r}, "
            f"controller={controller!r}, action={action!r}, args={args!r})"
        )

    def _parts(self) -> tuple[str, str, str, str, tuple[Any, ...]]:
        return self.package, self.module, self.controller, self.action, self.args


class StaticHandler:
    """One file, sent as it is."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        """`path` is absolute, or relative to the working directory."""
        self.path = path

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, StaticHandler):
            return NotImplemented
        return self.path == other.path

    def __hash__(self) -> int:
        return hash(self.path)

    def __repr__(self) -> str:
        return f"StaticHandler({self.path!r})"


class RedirectHandler:
    """A redirection to another URL."""

    __slots__ = ("location", "status")

    def __init__(self, location: str, status: int = 302) -> None:
        """ValueError where `status` is none of 301, 302, 303, 307 and 308."""
        if status not in REDIRECTIONS:
            raise ValueError(f"{status} is not the status of a redirection")
        self.location = location
        self.status = status

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RedirectHandler):
            return NotImplemented
        return (self.location, self.status) == (other.location, other.status)

    def __hash__(self) -> int:
        return hash((self.location, self.status))

    def __repr__(self) -> str:
        return f"RedirectHandler({self.location!r}, {self.status})"


AnyHandler = Handler | StaticHandler | RedirectHandler
