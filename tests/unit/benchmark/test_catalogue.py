"""Who is measured."""

import pytest

from benchmark.loads import LOADS
from benchmark.peers import GUAVA, PEERS
from benchmark.peers.install import places
from benchmark.peers.peer import words
from benchmark.right import CHECKS

VALUES = {"port": 1, "workers": 1, "site": "/", "work": "/", "config": "/"}


@pytest.fixture(params=[GUAVA, *PEERS], ids=lambda peer: peer.name)
def peer(request):
    return request.param


def test_all_that_a_peer_has_is_checked_before_it_is_measured(peer):
    assert peer.answers <= CHECKS.keys()


def test_a_peer_says_how_it_is_set(peer):
    assert peer.settings.endswith(".")
    assert "(" in peer.settings  # where that is documented


def test_a_command_has_no_name_without_a_value(peer):
    assert words(peer.command, VALUES | places(peer))


def test_what_a_peer_is_made_of_is_pinned(peer):
    assert peer.version or all(
        line.startswith("#") or line.count("==") == 1
        for line in peer.requirements.read_text().splitlines()
    )


def test_names_are_unlike():
    names = [peer.name for peer in (GUAVA, *PEERS)]
    assert len(names) == len(set(names))


def test_every_load_asks_for_something_that_is_checked():
    assert {load.needs for load in LOADS.values()} <= CHECKS.keys()
