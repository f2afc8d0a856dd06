"""Sessions of a live guavad in servers of their own, and in databases."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import peers
import pytest
from conftest import Guavad
from peers import section
from sessions import add_application, lose_no_increment, session_client, values

PEERS = {
    "redis": peers.redis,
    "cluster": peers.cluster,
    "memcached": peers.memcached,
    "postgresql": peers.postgres,
    "mariadb": peers.mariadb,
}


@pytest.fixture(params=[*PEERS, "sqlite"])
def guavad(
    request: pytest.FixtureRequest, make_guavad: Callable[..., Guavad]
) -> Iterator[Guavad]:
    """A guavad with four workers that serves sessions from the store of that name."""
    kept: dict[str, Any] = {"store": "sql", "url": "sqlite:///sessions.db"}
    with ExitStack() as stack:
        if request.param in PEERS:
            kept = section(stack.enter_context(PEERS[request.param]()))
        daemon = make_guavad()
        add_application(daemon, kept)
        daemon.start()
        yield daemon


def test_clients_at_the_same_time_lose_no_change_to_other_keys(guavad: Guavad) -> None:
    lose_no_increment(guavad)


def test_sessions_outlive_guavad(guavad: Guavad) -> None:
    with session_client(guavad) as client:
        client.get("put/user/ada").raise_for_status()
        guavad.signal(signal.SIGINT)
        assert guavad.wait() == 0
        guavad.start()
        assert values(client) == {"user": "ada"}


def test_who_signs_in_has_another_id_and_the_old_one_leads_nowhere(
    guavad: Guavad,
) -> None:
    with session_client(guavad) as client, session_client(guavad) as other:
        client.get("put/basket/full").raise_for_status()
        other.cookies.update(client.cookies)
        client.get("sign_in/ada").raise_for_status()
        assert values(client) == {"basket": "full", "user": "ada"}
        assert values(other) == {}
        client.get("sign_out").raise_for_status()
        assert values(client) == {}
