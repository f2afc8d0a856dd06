"""A guavad whose store of sessions is away, and comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import peers
import pytest
from conftest import PATIENCE, Guavad, eventually
from peers import section

VISIT = """\
import guava

class VisitController(guava.controller.Controller):
    def name(self, name):
        self.SESSION["name"] = name
        return name

    def who(self):
        return self.SESSION.get("name", "nobody")

    def elsewhere(self):
        return "no session here"
"""
PEERS = {
    "redis": peers.redis,
    "memcached": peers.memcached,
    "postgresql": peers.postgres,
    "mariadb": peers.mariadb,
}
Make = Callable[..., Guavad]


def start(make_guavad: Make, session: dict[str, object]) -> Guavad:
    daemon = make_guavad(
        server={"workers": 1}, sessions={"main": session}, session="main"
    )
    daemon.write("controllers/visit.py", VISIT)
    daemon.start()
    return daemon


@contextmanager
def visiting(daemon: Guavad) -> Iterator[httpx.Client]:
    """A client with a session."""
    with httpx.Client(base_url=daemon.url(), timeout=PATIENCE) as client:
        assert client.get("/visit/name/ada").text == "ada"
        assert client.get("/visit/who").text == "ada"
        yield client


@pytest.mark.parametrize("store", PEERS)
def test_while_the_store_is_away_its_requests_get_503(
    make_guavad: Make, store: str
) -> None:
    with PEERS[store]() as peer:
        daemon = start(make_guavad, section(peer))
        with visiting(daemon) as client:
            cookies = dict(client.cookies)
            peer.stop()
            for path in ("/visit/who", "/visit/name/bob"):
                answer = client.get(path)
                assert answer.status_code == 503
                assert "Set-Cookie" not in answer.headers
            assert client.get("/visit/elsewhere").text == "no session here"
            assert dict(client.cookies) == cookies
    lines = [line for line in daemon.log_text().splitlines() if " failed: " in line]
    assert len(lines) == 2
    assert all("guava.session: " in line for line in lines)
    assert "Traceback" not in daemon.log_text()


@pytest.mark.parametrize("store", ["redis", "postgresql", "mariadb"])
def test_when_the_store_is_back_the_session_is(make_guavad: Make, store: str) -> None:
    with PEERS[store]() as peer:
        with visiting(start(make_guavad, section(peer))) as client:
            peer.stop()
            assert client.get("/visit/who").status_code == 503
            peer.start()
            assert client.get("/visit/who").text == "ada"


def test_when_memcached_is_back_there_are_sessions_again(make_guavad: Make) -> None:
    with peers.memcached() as peer:
        with visiting(start(make_guavad, section(peer))) as client:
            peer.stop()
            assert client.get("/visit/who").status_code == 503
            peer.start()
            assert client.get("/visit/who").text == "nobody"
            assert client.get("/visit/name/bob").text == "bob"
            assert client.get("/visit/who").text == "bob"


def test_a_store_that_hangs_does_not_hold_the_worker(make_guavad: Make) -> None:
    with peers.redis() as peer:
        with visiting(start(make_guavad, section(peer, timeout="200ms"))) as client:
            peer.pause()
            answer = client.get("/visit/who")
            assert answer.status_code == 503
            assert 0.2 <= answer.elapsed.total_seconds() < 1
            assert client.get("/visit/who").elapsed.total_seconds() < 0.2
            peer.resume()
            eventually(lambda: client.get("/visit/who").text == "ada", "the session")
