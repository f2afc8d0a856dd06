"""Stores of the application's own: three methods, and values that are nobody else's."""

from datetime import date

import pytest

from guava.session import Session, SessionStore


class Kept(SessionStore):
    def __init__(self):
        self.kept = {}

    def get(self, sid):
        return self.kept.get(sid)

    def set(self, sid, value):
        self.kept[sid] = value

    def delete(self, sid):
        self.kept.pop(sid, None)


@pytest.fixture
def store():
    return Kept()


@pytest.fixture
def client(make_client, store):
    return make_client(store)


def test_values_come_and_go(client, store):
    client.put(at=date(2026, 1, 2), cart=["tea"])
    [value] = store.kept.values()
    assert value["at"] == date(2026, 1, 2)
    assert len(value["$session"]) == 3
    assert client.ask() == {"at": date(2026, 1, 2), "cart": ["tea"]}
    client.ask(Session.destroy)
    assert store.kept == {}


def test_a_request_that_fails_leaves_what_the_store_holds_alone(client):
    client.put(cart=["tea"])
    _, session = client.begin()
    session["cart"].append("never saved")
    assert client.ask() == {"cart": ["tea"]}


def test_what_a_store_holds_is_not_the_sessions(client):
    client.put(cart=[])
    request, session = client.begin()
    session["cart"] = cart = ["tea"]
    client.end(request, session)
    cart.append("too late")
    assert client.ask() == {"cart": ["tea"]}


def test_changes_at_the_same_time_are_merged(client):
    client.put(a=1, b=1)
    first, second = client.begin(), client.begin()
    first[1]["a"], second[1]["b"] = 2, 2
    client.end(*first)
    client.end(*second)
    assert client.ask() == {"a": 2, "b": 2}


def test_a_value_that_the_application_has_put_there_is_a_session(client, store):
    client.put(a=1)
    [sid] = store.kept
    store.clear(sid)
    assert client.ask(lambda session: session.is_new) is False
    client.put(b=2)
    assert client.ask() == {"b": 2}


def test_a_session_of_such_a_store_is_over_too(make_client, store, clock):
    store.ttl = 100
    client = make_client(store)
    client.put(a=1)
    clock.now += 101
    assert client.ask() == {}
    assert store.kept == {}
