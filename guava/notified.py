"""Hears how a guavad is doing, in the place of a service manager (sd_notify(3))."""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

_MESSAGE_MAX = 4096


class Notified:
    """Who is told by the guavad that is started with environment()."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind("")  # the kernel finds an abstract name

    def environment(self) -> dict[str, str]:
        """What guavad is to find in its environment, beside what this process has: it
        ends when the thread that starts it does, however that may be."""
        name = self._socket.getsockname()[1:].decode()
        return {
            **os.environ,
            "GUAVAD_BELOW": str(os.getpid()),
            "NOTIFY_SOCKET": f"@{name}",
        }

    def hear(self) -> Mapping[str, str]:
        """The next message, once there is one, by its variables: READY is among them
        when a start or a reload is over, STATUS says how that went."""
        text = self._socket.recv(_MESSAGE_MAX).decode(errors="replace")
        return dict(_assignment(line) for line in text.splitlines())

    def fileno(self) -> int:
        """The descriptor that a message makes readable."""
        return self._socket.fileno()

    def close(self) -> None:
        """Hear no more."""
        self._socket.close()


def _assignment(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name, value
