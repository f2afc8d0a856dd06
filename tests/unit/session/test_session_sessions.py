"""Sessions: what is loaded, what is saved, and which cookie is set for it."""

import pytest

from guava.session import (
    Mem,
    Session,
    SessionCookie,
    Sessions,
    SessionStore,
    StoreError,
)
from guava.session.blob import TRIES


def increment(session):
    session["n"] = session.get("n", 0) + 1


# What is saved


def test_a_change_is_there_for_the_next_request(client):
    client.put(user="ada")
    assert client.ask() == {"user": "ada"}


def test_a_change_deep_inside_counts(client):
    client.put(cart={"tea": [1]})
    client.ask(lambda session: session["cart"]["tea"].append(2))
    assert client.ask() == {"cart": {"tea": [1, 2]}}


def test_only_changes_are_stored(client, monkeypatch):
    client.put(user="ada")
    swaps = []
    monkeypatch.setattr(client.sessions.store, "swap", lambda *a: swaps.append(a))
    client.ask()
    client.put(user="ada")
    assert swaps == []


def test_who_only_looks_has_no_session(client):
    assert client.ask(lambda session: session.is_new)
    assert client.fields == [("Vary", "Cookie")]


def test_a_session_that_was_emptied_is_kept(client):
    client.put(user="ada")
    client.ask(Session.clear)
    assert client.ask(lambda session: session.is_new) is False
    assert client.ask() == {}


def test_what_can_not_be_stored_raises(client):
    with pytest.raises(TypeError, match=r'SESSION\["tags"\]: a set'):
        client.put(tags={1})


def test_saved_again_it_adds_nothing_that_it_has_said(client):
    request, session = client.begin()
    session["a"] = 1
    assert len(client.sessions.save(request, session)) == 2
    assert client.sessions.save(request, session) == []
    session["a"] = 2
    assert client.sessions.save(request, session) == []


def test_what_is_changed_between_two_saves_is_saved(client):
    request, session = client.begin()
    session["a"] = 1
    client.end(request, session)
    session["a"] = 2
    client.sessions.save(request, session)
    assert client.ask() == {"a": 2}


# At the same time


def test_changes_of_other_keys_are_merged(client):
    client.put(a=1, b=1, c=1)
    first, second = client.begin(), client.begin()
    first[1]["a"] = 2
    del first[1]["c"]
    second[1]["b"] = 2
    second[1]["d"] = 2
    client.end(*first)
    client.end(*second)
    assert client.ask() == {"a": 2, "b": 2, "d": 2}
    assert second[1] == {"a": 2, "b": 2, "d": 2}


def test_of_two_changes_of_a_key_the_last_is_kept(client):
    client.put(a=1)
    first, second = client.begin(), client.begin()
    first[1]["a"], second[1]["a"] = 2, 3
    client.end(*first)
    client.end(*second)
    assert client.ask() == {"a": 3}


def test_a_change_of_type_alone_is_a_change(client):
    client.put(a=1, b=1)
    first, second = client.begin(), client.begin()
    first[1]["a"], second[1]["b"] = True, 1.0
    client.end(*first)
    client.end(*second)
    assert repr(sorted(client.ask().items())) == "[('a', True), ('b', 1.0)]"


def test_who_never_gets_through_is_told(client, monkeypatch):
    client.put(a=1)
    request, session = client.begin()
    session["a"] = 2
    tries = []
    monkeypatch.setattr(client.sessions.store, "swap", lambda *a: tries.append(a))
    with pytest.raises(StoreError, match="others change it all the time"):
        client.end(request, session)
    assert len(tries) == TRIES + 1


def test_what_another_has_destroyed_is_not_made_again(client):
    client.put(user="ada")
    late = client.begin()
    late[1]["seen"] = 1
    cookies = dict(client.cookies)
    client.ask(Session.destroy)
    client.end(*late)
    assert client.cookies == {}
    assert late[1] == {}
    client.cookies = cookies
    assert client.ask() == {}


def test_nor_by_what_middleware_does_to_it_behind_that(client):
    client.put(user="ada")
    late = client.begin()
    late[1]["seen"] = 1
    client.ask(Session.destroy)
    client.end(*late)
    client.end(*late)
    assert client.cookies == {}


# Ids


def test_an_id_that_nobody_knows_is_not_adopted(client):
    client.cookies = {"sid": "chosen"}
    client.put(a=1)
    assert client.cookies["sid"] != "chosen"
    client.cookies = {"sid": "chosen"}
    assert client.ask() == {}


@pytest.mark.parametrize("sid", ["", "x" * 5000, "ü", "\udc80"])
def test_strange_ids_are_nobodys(client, sid):
    client.cookies = {"sid": sid}
    assert client.ask() == {}


def test_the_store_never_sees_an_id(client, monkeypatch):
    seen = []
    store = client.sessions.store
    for name in ("read", "swap", "remove"):
        method = getattr(store, name)
        spy = lambda *a, method=method: (seen.append(a[0]), method(*a))[1]  # noqa: E731
        monkeypatch.setattr(store, name, spy)
    client.put(a=1)
    sid = client.cookies["sid"]
    client.ask(Session.regenerate)
    client.ask(Session.destroy)
    assert len(set(seen)) == 2
    assert sid not in seen
    assert all(len(key) == 64 for key in seen)


def test_a_regenerated_session_has_another_id_and_keeps_its_values(client):
    client.put(cart="tea")
    old = dict(client.cookies)
    client.ask(lambda session: (session.regenerate(), session.update(user="ada")))
    assert client.cookies != old
    assert client.ask() == {"cart": "tea", "user": "ada"}
    client.cookies = old
    assert client.ask() == {}


def test_a_regenerated_session_takes_along_what_others_have_put_in(client):
    client.put(a=1)
    moving, other = client.begin(), client.begin()
    moving[1].regenerate()
    moving[1]["user"] = "ada"
    other[1]["b"] = 2
    client.end(*other)
    client.end(*moving)
    assert client.ask() == {"a": 1, "b": 2, "user": "ada"}


def test_of_a_session_that_was_destroyed_only_what_is_new_is_moved(client):
    client.put(secret="of the one before")
    moving = client.begin()
    moving[1].regenerate()
    moving[1]["user"] = "ada"
    client.ask(Session.destroy)
    client.end(*moving)
    assert client.ask() == {"user": "ada"}


def test_a_new_session_needs_no_other_id(client):
    client.ask(lambda session: (session.regenerate(), session.update(a=1)))
    assert client.ask() == {"a": 1}


def test_a_destroyed_session_is_gone_with_its_cookie(client):
    client.put(a=1)
    old = dict(client.cookies)
    client.ask(Session.destroy)
    assert "Max-Age=0" in client.cookie
    client.cookies = old
    assert client.ask() == {}


def test_what_is_put_in_behind_that_is_another_session(client):
    client.put(a=1)
    old = dict(client.cookies)
    client.ask(lambda session: (session.destroy(), session.flash("Goodbye.")))
    assert client.cookies != old
    assert client.ask(lambda session: session.flashes()) == [("Goodbye.", "info")]


def test_a_session_may_be_both(client):
    client.put(a=1)
    client.ask(lambda session: (session.regenerate(), session.destroy()))
    assert client.cookies == {}
    client.put(a=1)
    client.ask(lambda session: (session.destroy(), session.regenerate()))
    assert client.cookies == {}


# Time


def test_a_session_is_over_when_nobody_asks(make_client, clock):
    client = make_client(ttl=100)
    client.put(a=1)
    clock.now += 100
    assert client.ask() == {"a": 1}
    clock.now += 101
    assert client.ask() == {}


def test_a_session_never_lasts_less_than_it_should(make_client, clock):
    client = make_client(ttl=1)
    clock.now += 0.99
    client.put(a=1)
    clock.now += 1
    assert client.ask() == {"a": 1}
    assert "Max-Age=1;" in client.cookie


def test_the_cookie_of_a_short_session_deletes_nothing(make_client):
    client = make_client(ttl=0.5)
    client.put(a=1)
    assert "Max-Age=1;" in client.cookie


def test_one_that_is_only_read_lives_on(make_client, clock):
    client = make_client(ttl=100)
    client.put(a=1)
    for _ in range(10):
        clock.now += 60
        assert client.ask() == {"a": 1}


def test_life_and_cookie_are_renewed_once_in_a_twentieth(make_client, clock):
    client = make_client(ttl=100)
    client.put(a=1)
    clock.now += 4
    client.ask()
    assert client.cookie is None
    clock.now += 1
    client.ask()
    assert "Max-Age=100" in client.cookie
    client.ask()
    assert client.cookie is None


def test_the_cookie_of_one_that_changes_all_the_time_is_renewed(make_client, clock):
    client = make_client(ttl=100)
    cookies = []
    for _ in range(11):
        client.ask(increment)
        cookies.append(client.cookie is not None)
        clock.now += 1
    assert [at for at, is_set in enumerate(cookies) if is_set] == [0, 5, 10]


def test_a_lifetime_ends_a_session_that_is_in_use(make_client, clock):
    client = make_client(ttl=100, lifetime=150)
    client.put(a=1)
    clock.now += 90
    client.ask()
    assert "Max-Age=60;" in client.cookie
    clock.now += 60
    assert client.ask() == {"a": 1}
    clock.now += 1
    assert client.ask() == {}


def test_another_id_does_not_begin_the_lifetime_anew(make_client, clock):
    client = make_client(ttl=1000, lifetime=150)
    client.put(a=1)
    clock.now += 100
    client.ask(Session.regenerate)
    clock.now += 51
    assert client.ask() == {}


def test_what_is_over_is_removed_from_the_store(make_client, clock):
    client = make_client(ttl=1000, lifetime=50)
    client.put(a=1)
    clock.now += 51
    client.ask()
    clock.now -= 51
    assert client.ask() == {}


@pytest.mark.parametrize("leave", [Session.regenerate, Session.destroy])
def test_a_reader_does_not_put_an_old_id_back(make_client, clock, leave):
    client = make_client(ttl=100)
    client.put(a=1)
    clock.now += 50
    reader = client.begin()
    client.ask(leave)
    cookies = dict(client.cookies)
    client.end(*reader)
    assert client.cookies == cookies


# What is corrupt


def test_a_corrupt_session_is_dropped_with_one_line(client, caplog):
    client.put(a=1)
    _, session = client.begin()
    key, blob = session._stored.key, session._stored.blob
    client.sessions.store.swap(key, blob, blob[:-1])
    assert client.ask() == {}
    assert client.ask() == {}
    [record] = caplog.records
    assert record.getMessage().startswith(f"session {key} is corrupt and dropped: ")


# How they are made


def test_a_store_alone_has_the_usual_cookie():
    store = Mem(name="alone")
    made = Sessions.of(store)
    assert made.store is store
    assert made.cookie.name == "sid"
    assert Sessions.of(made) is made
    assert Sessions.of(None) is None


def test_a_store_may_make_its_own_ids(make_client):
    class Numbered(SessionStore):
        def __init__(self):
            self.kept = {}

        def get(self, sid):
            return self.kept.get(sid)

        def set(self, sid, value):
            self.kept[sid] = value

        def delete(self, sid):
            self.kept.pop(sid, None)

        def generate_id(self):
            return f"number-{len(self.kept)}"

    client = make_client(Numbered(), cookie=SessionCookie("id"))
    client.put(a=1)
    assert client.cookies == {"id": "number-0"}
    assert client.ask() == {"a": 1}


def test_an_id_that_is_taken_is_not_given_to_another(make_client):
    class Same(Mem):
        def generate_id(self):
            return "same"

    store = Same(name="same")
    make_client(store).put(a=1)
    with pytest.raises(StoreError, match="has the id of another"):
        make_client(store).put(a=2)
