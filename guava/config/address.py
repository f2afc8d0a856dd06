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
    proxy_protocol: bool = False


class UnixAddress(msgspec.Struct, frozen=True, tag="unix"):
    """The absolute path of a Unix socket and its permissions."""

    path: str
    mode: int = UNIX_MODE
    proxy_protocol: bool = False


class SystemdAddress(msgspec.Struct, frozen=True, tag="systemd"):
    """The sockets of one name that guavad was started with; without a name, all."""

    name: str | None = None
    proxy_protocol: bool = False

    def __str__(self) -> str:
        return SYSTEMD if self.name is None else f"{SYSTEMD}:{self.name}"

    def includes(self, other: SystemdAddress) -> bool:
        return self.name in (None, other.name)


OwnAddress = TCPAddress | UnixAddress
Address = OwnAddress | SystemdAddress


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


class Endpoint(Kind, frozen=True):
    """Where to listen, as text; gives a tuple of addresses.

    A host's name stands for all its addresses, no host for all of IPv4.
    """

    accepts: tuple[str, ...] = ("str", "int")

    @property
    def expected(self) -> str:
        return 'an address such as 127.0.0.1:8000, "[::1]:8000" or unix:/path'

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


class Listener(Section, frozen=True, kw_only=True):
    """An Endpoint with settings of its own; `mode` is a Unix socket's."""

    address: Annotated[tuple[Address, ...], Endpoint()]
    mode: Annotated[int, Mode()] = UNIX_MODE
    proxy_protocol: bool = False

    def addresses(self) -> tuple[Address, ...]:
        settings: dict[str, int] = {"proxy_protocol": self.proxy_protocol}
        if self.is_unix:
            settings["mode"] = self.mode
        return tuple(
            msgspec.structs.replace(address, **settings) for address in self.address
        )

    @property
    def is_unix(self) -> bool:
        return isinstance(self.address[0], UnixAddress)


class Listen(Kind, frozen=True):
    """One Endpoint or Listener or a list of them; gives all addresses, in order.

    With `own`, none of them may be a socket that systemd passes.
    """

    own: bool = False

    @property
    def expected(self) -> str:
        return Endpoint().expected

    def read(self, node: Node, reader: Reader, where: str) -> tuple[Address, ...]:
        items = node.items if isinstance(node, Sequence) else [node]
        if not items:
            raise KindError("expected at least one address")
        found: list[Address] = []
        for item in items:
            addresses = _entry(item, reader, where)
            if self.own and any(isinstance(one, SystemdAddress) for one in addresses):
                reader.fault(item.place, "expected an address of guavad's own")
            if any(_overlap(one, other) for one in addresses for other in found):
                reader.fault(item.place, f"{_shown(item)} is listened on already")
            found.extend(addresses)
        return tuple(found)


def _entry(node: Node, reader: Reader, where: str) -> tuple[Address, ...]:
    """The addresses of an Endpoint or a Listener; () where a fault was noted."""
    if not isinstance(node, Mapping):
        return reader.apply(Endpoint(), node, where) or ()
    listener = reader.section(Listener, node, where)
    if listener is None:
        return ()
    if "mode" in node.entries and not listener.is_unix:
        place = node.entries["mode"].value.place
        reader.fault(place, "only a Unix socket has a mode")
    return listener.addresses()


def _shown(node: Node) -> str:
    return shown(node.entries["address"].value if isinstance(node, Mapping) else node)


def place_of(address: Address) -> tuple[str, int]:
    """What the kernel lets only one listen on."""
    if isinstance(address, SystemdAddress):
        return str(address), 0
    if isinstance(address, UnixAddress):
        return address.path, 0
    return address.host, address.port


def _systemd(text: str) -> SystemdAddress:
    """`systemd` or `systemd:name`, as sd_listen_fds_with_names(3) has names."""
    name = text.removeprefix(SYSTEMD).removeprefix(":") or None
    if text != SYSTEMD and (name is None or ":" in name or not name.isprintable()):
        raise KindError(f"expected systemd: and a socket's name, found {text}")
    return SystemdAddress(name)


def _overlap(one: Address, other: Address) -> bool:
    if isinstance(one, SystemdAddress) and isinstance(other, SystemdAddress):
        return one.includes(other) or other.includes(one)
    return place_of(one) == place_of(other)


def _resolve(host: str) -> list[str]:
    """The literal addresses of a host. Raises KindError."""
    import socket  # costs time, and a worker reads no addresses

    if not host:
        return ["0.0.0.0"]
    # As bytes: for text Python imports its codec of international names.
    name = host.encode() if host.isascii() else host
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise KindError(f'cannot resolve the host "{host}": {error}') from None
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
