"""Single sign-on: guavads on several addresses that have one Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import peers
import pytest
from conftest import PATIENCE, Guavad
from peers import Peer
from proxies import nginx, reserving

LOGIN = """\
import os
import guava

class LoginController(guava.controller.Controller):
    def into(self, name):
        self.SESSION.regenerate()
        self.SESSION["user"] = name
        return self.who()

    def out(self):
        self.SESSION.destroy()
        return self.who()

    def who(self):
        return self.SESSION.get("user", "nobody")

    def after_action(self):
        self.set_header("X-Master", str(os.getppid()))
"""
BEHIND = """\
    upstream guavads {{ {servers} }}
    server {{
        listen 127.0.0.1:{port};
        location / {{
            proxy_pass http://guavads;
            proxy_set_header Host $http_host;
        }}
    }}
"""


@pytest.fixture
def redis() -> Iterator[Peer]:
    with peers.redis() as peer:
        yield peer


@pytest.fixture
def client(
    redis: Peer, make_guavad: Callable[..., Guavad], tmp_path: Path
) -> Iterator[httpx.Client]:
    """A client of the nginx that hands its requests to two guavads in turn."""
    ports = []
    for _ in range(2):
        daemon = make_guavad(
            sessions={"sso": {"store": "redis", "url": redis.url}}, session="sso"
        )
        daemon.write("controllers/login.py", LOGIN)
        daemon.start()
        ports.append(daemon.port)
    servers = " ".join(f"server 127.0.0.1:{port};" for port in ports)
    with reserving(1) as [port]:
        http = BEHIND.format(servers=servers, port=port)
        with nginx(tmp_path / "nginx", http, port):
            url = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=url, timeout=PATIENCE) as client:
                yield client


def answers(client: httpx.Client, times: int = 4) -> tuple[set[str], set[str]]:
    """Who the client is, and which guavads have said so."""
    found = [client.get("/login/who") for _ in range(times)]
    assert [answer.status_code for answer in found] == [200] * times
    names = {answer.text for answer in found}
    return names, {answer.headers["X-Master"] for answer in found}


def test_a_login_at_one_guavad_is_one_at_the_other(client: httpx.Client) -> None:
    names, servers = answers(client)
    assert (names, len(servers)) == ({"nobody"}, 2)
    assert client.get("/login/into/ada").text == "ada"
    names, servers = answers(client)
    assert (names, len(servers)) == ({"ada"}, 2)


def test_a_logout_at_one_guavad_is_one_at_the_other(client: httpx.Client) -> None:
    client.get("/login/into/ada")
    [cookie] = client.cookies.items()
    assert client.get("/login/out").text == "nobody"
    client.cookies.set(*cookie)
    names, servers = answers(client)
    assert (names, len(servers)) == ({"nobody"}, 2)


def test_who_has_not_logged_in_is_not_known(client: httpx.Client) -> None:
    client.get("/login/into/ada")
    client.cookies.clear()
    names, _ = answers(client)
    assert names == {"nobody"}
