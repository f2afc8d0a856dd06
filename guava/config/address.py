"""The addresses that the server listens on."""

from __future__ import annotations

import re
from typing import Annotated, Final

import msgspec

from guava.config.kinds import FilePath, Kind, KindError, Mode, Reader, shown
from guava.config.section import Section
from guava.config.tree import Mapping, Node, Sequence

UNIX: Final = "unix:"
SYSTEMD: Final = "systemd"
UNIX_MODE: Final = 0o660
UNIX_PATH_MAX: Final = 107
_TCP: Final = re.compile(r"(?:\[([^\[\]]+)\]|([^:\[\]]*)):([0-9]{1,5})", re.ASCII)


class TCPAddress(msgspec.Struct, frozen=True, tag="tcp"):
    """A literal IPv4 or IPv6 address, without brackets, and a port."""

    host: str
    port: int


class UnixAddress(msgspec.Struct, frozen=True, tag="unix"):
    """The absolute path of a Unix socket and its permissions."""

    path: str
    mode: int = UNIX_MODE


class SystemdAddress(msgspec.Struct, frozen=True, tag="systemd"):
    """The sockets of one name that guavad was started with; without a name, all."""

    name: str | None = None

    def __str__(self) -> str:
        return SYSTEMD if self.name is None else f"{SYSTEMD}:{self.name}"

    def includes(self, other: SystemdAddress) -> bool:
        return self.name in (None, other.name)


Address = TCPAddress | UnixAddress | SystemdAddress


class UnixPath(Kind, frozen=True):
    """`unix:` and a path, made absolute; its folder must be there."""

    @property
    def expected(self) -> str:
        return "unix: and the path of a socket"

    def convert(self, text: str, base: str) -> str:
        if not text.startswith(UNIX):
            raise ValueError
        path: str = FilePath().convert(text.removeprefix(UNIX), base)
        if len(path.encode()) > UNIX_PATH_MAX:
            raise KindError(f"{path} is longer than the {UNIX_PATH_MAX} bytes allowed")
        return path


class UnixSocket(Section, frozen=True, kw_only=True):
    """A Unix socket with permissions of its own."""

    address: Annotated[str, UnixPath()]
    mode: Annotated[int, Mode()] = UNIX_MODE


class Endpoint(Kind, frozen=True):
    """One entry of `listen`: text or a UnixSocket; gives a tuple of addresses.

    A host's name stands for all its addresses, no host for all of IPv4.
    """

    accepts: tuple[str, ...] = ("str", "int")

    @property
    def expected(self) -> str:
        return 'an address such as 127.0.0.1:8000, "[::1]:8000" or unix:/path'

    def read(self, node: Node, reader: Reader, where: str) -> tuple[Address, ...]:
        if not isinstance(node, Mapping):
            found: tuple[Address, ...] = Kind.read(self, node, reader, where)
            return found
        entry = reader.section(UnixSocket, node, where)
        return () if entry is None else (UnixAddress(entry.address, entry.mode),)

    def convert(self, text: str, base: str) -> tuple[Address, ...]:
        if text.startswith(UNIX):
            return (UnixAddress(UnixPath().convert(text, base)),)
        if text == SYSTEMD or text.startswith(f"{SYSTEMD}:"):
            return (_systemd(text),)
        match = _TCP.fullmatch(text)
        if match is None:
            raise ValueError
        host, port = match[1] or match[2], int(match[3])
        if not 1 <= port <= 65535:
            raise KindError(f"expected a port from 1 to 65535, found {port}")
        return tuple(TCPAddress(literal, port) for literal in _resolve(host))


class Listen(Kind, frozen=True):
    """One Endpoint or a list of them; gives all their addresses, in order."""

    @property
    def expected(self) -> str:
        return Endpoint().expected

    def read(self, node: Node, reader: Reader, where: str) -> tuple[Address, ...]:
        items = node.items if isinstance(node, Sequence) else [node]
        if not items:
            raise KindError("expected at least one address")
        found: list[Address] = []
        for item in items:
            addresses = reader.apply(Endpoint(), item, where) or ()
            if any(_overlap(one, other) for one in addresses for other in found):
                reader.fault(item.place, f"{shown(item)} is listened on already")
            found.extend(addresses)
        return tuple(found)


def _systemd(text: str) -> SystemdAddress:
    """`systemd` or `systemd:name`, as sd_listen_fds_with_names(3) has names."""
    name = text.removeprefix(SYSTEMD).removeprefix(":") or None
    if text != SYSTEMD and (name is None or ":" in name or not name.isprintable()):
        raise KindError(f"expected systemd: and a socket's name, found {text}")
    return SystemdAddress(name)


def _overlap(one: Address, other: Address) -> bool:
    if isinstance(one, SystemdAddress) and isinstance(other, SystemdAddress):
        return one.includes(other) or other.includes(one)
    return one == other


def _resolve(host: str) -> list[str]:
    """The literal addresses of a host. Raises KindError."""
    import socket  # costs time, and a worker reads no addresses

    if not host:
        return ["0.0.0.0"]
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise KindError(f'cannot resolve the host "{host}": {error}') from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
