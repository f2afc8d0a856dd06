"""An application with sessions, and what tests ask of it."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

import httpx
from conftest import PATIENCE, Guavad

APPLICATION = """\
import os
import guava

class SessionController(guava.controller.Controller):
    def index(self):
        return {"values": dict(self.SESSION), "is_new": self.SESSION.is_new}

    def put(self, key, value):
        self.SESSION[key] = value
        return {"pid": os.getpid()}

    def remove(self, key):
        self.SESSION.pop(key, None)
        return ""

    def increment(self, key):
        self.SESSION[key] = self.SESSION.get(key, 0) + 1
        return {"pid": os.getpid()}

    def sign_in(self, user):
        self.SESSION.regenerate()
        self.SESSION["user"] = user
        return ""

    def sign_out(self):
        self.SESSION.destroy()
        return ""

    def clear(self):
        self.SESSION.clear()
        return ""

    def put_a_set(self):
        self.SESSION["tags"] = {1, 2}
        return ""

    def fail(self):
        self.SESSION["failed"] = True
        raise ValueError("on purpose")

    def flash(self, message):
        self.SESSION.flash(message, "warning")
        return self.redirect("/session/flashes")

    def flashes(self):
        return [list(flash) for flash in self.SESSION.flashes()]

    def untouched(self):
        return "untouched"
"""


def add_application(guavad: Guavad, section: Mapping[str, Any], **more: Any) -> None:
    """Have a guavad that is not started serve it, the sessions kept as `section` of the
    configuration says."""
    guavad.write("controllers/session.py", APPLICATION)
    server = {"workers": 4, "pidfile": "guavad.pid"}
    server["listen"] = f"127.0.0.1:{guavad.port}"
    guavad.configure(
        server=server | more.pop("server", {}),
        sessions={"main": dict(section)},
        session="main",
        **more,
    )


def session_client(guavad: Guavad) -> httpx.Client:
    """A client that keeps its cookies, as a browser does."""
    return httpx.Client(base_url=guavad.url("/session/"), timeout=PATIENCE)


def values(client: httpx.Client) -> dict[str, Any]:
    """What is in the session of a client."""
    found: dict[str, Any] = client.get("").raise_for_status().json()["values"]
    return found


def lose_no_increment(guavad: Guavad, clients: int = 16, times: int = 25) -> None:
    """Have clients share a session and increment a key each, all at the same time.

    Fails where one increment is lost, or one worker has answered all.
    """
    with session_client(guavad) as first:
        first.get("put/of/all").raise_for_status()
        cookie = f"sid={first.cookies['sid']}"
        start = threading.Barrier(clients)

        def increment(number: int) -> set[int]:
            """The workers that have answered."""
            connection = HTTPConnection("127.0.0.1", guavad.port, timeout=PATIENCE)
            with closing(connection):
                connection.connect()
                start.wait(PATIENCE)
                path = f"/session/increment/key{number}"
                return {_pid(connection, path, cookie) for _ in range(times)}

        with ThreadPoolExecutor(clients) as pool:
            pids = set().union(*pool.map(increment, range(clients)))
        assert len(pids) > 1
        expected = {f"key{number}": times for number in range(clients)}
        assert values(first) == {"of": "all"} | expected


def _pid(connection: HTTPConnection, path: str, cookie: str) -> int:
    connection.request("GET", path, headers={"Cookie": cookie})
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 200, body
    return int(json.loads(body)["pid"])
