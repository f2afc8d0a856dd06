"""A guavad whose status address is known, and what asks it."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

PATIENCE = 20.0  # seconds that an answer may take


def request(target="/", *fields, method="GET"):
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost", *fields, "", ""]
    return "\r\n".join(lines).encode()


def free_port():
    """Its port is free, and kept so until it is closed."""
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    return holder


class Status:
    """A guavad whose status address is known."""

    def __init__(self, daemon, port, **sections):
        self.daemon = daemon
        self.port = port
        self.sections = sections

    def get(self, path, **options):
        url = f"http://127.0.0.1:{self.port}{path}"
        return httpx.get(url, timeout=PATIENCE, **options)

    def json(self):
        return self.get("/status.json").json()

    def metrics(self):
        """Each sample's value, by its name and the values of its labels."""
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(self.get("/metrics").text)
            for sample in family.samples
        }

    def wait_until(self, condition, what):
        """The status once `condition` is true of it."""
        return self.daemon.eventually(
            lambda: (seen := self.json()) and condition(seen) and seen, what
        )


def in_background(action):
    """Runs `action`, whatever becomes of it; to be joined."""

    def run():
        with contextlib.suppress(httpx.HTTPError):
            action()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def making_status(make_guavad: Callable[..., Any]) -> Iterator[Callable[..., Status]]:
    """What makes guavads with a status address, and starts them unless told not to."""
    holders = []

    def make(start: bool = True, **sections: Any) -> Status:
        holders.append(free_port())
        port = holders[-1].getsockname()[1]
        sections.setdefault("status", {"listen": f"127.0.0.1:{port}"})
        daemon = make_guavad(**sections)
        if start:
            daemon.start()
        return Status(daemon, port, **sections)

    yield make
    for holder in holders:
        holder.close()
