"""Sessions in a live guavad: what requests have in common, whoever answers them."""

import os
import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest
from sessions import add_application, lose_no_increment, session_client, values

STORES = ["mem", "file"]


@pytest.fixture
def start(make_guavad):
    """Starts a guavad whose sessions are in a store of that type."""

    def start(store="mem", server=None, sections=None, **section):
        guavad = make_guavad()
        (guavad.folder / "kept").mkdir()
        if store == "file":
            section["directory"] = "kept"
        section = {"store": store, **section}
        add_application(guavad, section, server=server or {}, **(sections or {}))
        guavad.start()
        return guavad

    return start


def set_cookie(answer):
    """The cookie of an answer and its attributes; None where it sets none."""
    field = answer.headers.get("set-cookie")
    if field is None:
        return None
    pair, *attributes = field.split("; ")
    return pair.partition("=")[2], set(attributes)


@pytest.mark.parametrize("store", STORES)
def test_what_one_request_puts_in_the_next_finds(start, store):
    with session_client(start(store)) as client:
        assert client.get("").json() == {"values": {}, "is_new": True}
        client.get("put/user/ada")
        assert client.get("").json() == {"values": {"user": "ada"}, "is_new": False}
        client.get("remove/user")
        assert values(client) == {}


@pytest.mark.parametrize("store", STORES)
def test_clients_at_the_same_time_lose_no_change_to_other_keys(start, store):
    lose_no_increment(start(store))


def test_every_client_has_its_own(start):
    guavad = start()
    with session_client(guavad) as ada, session_client(guavad) as ben:
        ada.get("put/user/ada")
        ben.get("put/user/ben")
        assert (values(ada), values(ben)) == ({"user": "ada"}, {"user": "ben"})


def test_who_does_not_touch_it_gets_nothing(start):
    with session_client(start()) as client:
        client.get("put/a/1")
        answer = client.get("untouched")
        assert "vary" not in answer.headers
        assert set_cookie(answer) is None


def test_who_only_looks_gets_no_cookie_and_caches_are_told(start):
    answer = start().get("/session")
    assert answer.headers["vary"] == "Cookie"
    assert set_cookie(answer) is None


def test_the_cookie_is_for_guava_alone(start):
    value, attributes = set_cookie(start(ttl="1h").get("/session/put/a/1"))
    assert re.fullmatch(r"[0-9A-Za-z_-]{32}", value)
    assert attributes == {"Max-Age=3600", "Path=/", "HttpOnly", "SameSite=Lax"}


def test_the_cookie_is_set_once(start):
    with session_client(start()) as client:
        client.get("put/a/1")
        assert set_cookie(client.get("put/a/2")) is None


def test_it_is_as_secure_as_the_request(start):
    guavad = start(sections={"proxy": {"trusted": ["127.0.0.1"]}})
    url = guavad.url("/session/put/a/1")
    https = httpx.get(url, headers={"X-Forwarded-Proto": "https"})
    assert "Secure" in set_cookie(https)[1]
    assert "Secure" not in set_cookie(httpx.get(url))[1]


def test_a_prefix_ties_the_cookie_to_the_host(start):
    guavad = start(cookie={"prefix": "__Host-"})
    answer = httpx.get(guavad.url("/session/put/a/1"))
    assert answer.headers["set-cookie"].startswith("__Host-sid=")
    assert {"Secure", "Path=/"} <= set_cookie(answer)[1]
    sid = answer.cookies.get("__Host-sid") or set_cookie(answer)[0]
    found = httpx.get(guavad.url("/session"), headers={"Cookie": f"__Host-sid={sid}"})
    assert found.json()["values"] == {"a": "1"}


def test_an_id_that_the_store_does_not_know_is_not_adopted(start):
    guavad = start()
    chosen = "x" * 32
    answer = httpx.get(guavad.url("/session/put/a/1"), cookies={"sid": chosen})
    assert set_cookie(answer)[0] != chosen
    found = httpx.get(guavad.url("/session"), cookies={"sid": chosen})
    assert found.json() == {"values": {}, "is_new": True}


@pytest.mark.parametrize("store", STORES)
def test_who_signs_in_has_another_id_and_the_old_one_leads_nowhere(start, store):
    guavad = start(store)
    with session_client(guavad) as client:
        client.get("put/cart/tea")
        old = client.cookies["sid"]
        client.get("sign_in/ada")
        assert client.cookies["sid"] != old
        assert values(client) == {"cart": "tea", "user": "ada"}
    found = httpx.get(guavad.url("/session"), cookies={"sid": old})
    assert found.json()["values"] == {}


@pytest.mark.parametrize("store", STORES)
def test_a_session_that_is_destroyed_is_gone_for_all(start, store):
    guavad = start(store)
    with session_client(guavad) as client:
        client.get("put/user/ada")
        sid = client.cookies["sid"]
        answer = client.get("sign_out")
        assert "Max-Age=0" in set_cookie(answer)[1]
        assert "sid" not in client.cookies
    found = httpx.get(guavad.url("/session"), cookies={"sid": sid})
    assert found.json()["values"] == {}


@pytest.mark.parametrize("store", STORES)
def test_a_session_ends_when_nobody_asks_for_it(start, store):
    with session_client(start(store, ttl="1s")) as client:
        client.get("put/a/1")
        client.cookies = dict(client.cookies)  # which forget that they expire
        assert values(client) == {"a": "1"}
        time.sleep(2.1)  # any question would keep it alive
        assert values(client) == {}


def test_a_failed_request_changes_nothing(start):
    with session_client(start()) as client:
        client.get("put/a/1")
        assert client.get("fail").status_code == 500
        assert values(client) == {"a": "1"}


def test_what_can_not_be_stored_is_named_in_the_log(start):
    guavad = start()
    with session_client(guavad) as client:
        assert client.get("put_a_set").status_code == 500
        guavad.wait_for_log('SESSION["tags"]: a set can not be stored')


def test_a_message_is_given_once_on_the_next_page(start):
    with session_client(start()) as client:
        answer = client.get("flash/Saved.", follow_redirects=True)
        assert answer.json() == [["Saved.", "warning"]]
        assert client.get("flashes").json() == []


# What ends and what goes on


@pytest.mark.parametrize("store", STORES)
def test_sessions_outlive_reloads_and_killed_workers(start, store):
    guavad = start(store)
    with session_client(guavad) as client:
        client.get("put/user/ada")
        guavad.signal(signal.SIGHUP)
        guavad.wait_for_log("generation 2 serves")
        assert values(client) == {"user": "ada"}
        with pytest.raises(httpx.TransportError):
            guavad.get("/act/die/SIGKILL")
        assert values(client) == {"user": "ada"}


def test_workers_that_are_killed_while_they_save_lose_nothing_that_was_answered(start):
    """Shared memory stays whole: each client counts in a session of its own, and what
    it was told last is there in the end, or what it was not told any more."""
    guavad = start()
    stop = threading.Event()
    told = [0] * 4

    def count(number):
        sent = 0
        with session_client(guavad) as client:
            while not stop.is_set():
                sent += 1
                with suppress(httpx.TransportError):
                    told[number] += client.get("increment/n").status_code == 200
            return values(client)["n"], sent

    def kill_a_worker():
        before = list(told)
        victim = guavad.eventually(guavad.worker_pids, "a worker")[0]
        os.kill(victim, signal.SIGKILL)
        guavad.eventually(
            lambda: all(now > then + 2 for now, then in zip(told, before, strict=True)),
            "answers to every client",
        )

    with ThreadPoolExecutor(len(told)) as pool:
        counts = [pool.submit(count, number) for number in range(len(told))]
        try:
            for _ in range(12):
                kill_a_worker()
        finally:
            stop.set()
        kept, sent = zip(*(each.result() for each in counts), strict=True)
    for number, answered in enumerate(told):
        assert answered <= kept[number] <= sent[number]


@pytest.mark.parametrize("store", STORES)
def test_sessions_outlive_an_upgrade(start, store):
    guavad = start(store)
    with session_client(guavad) as client:
        client.get("put/user/ada")
    before = guavad.pid
    assert guavad.run("-s", "upgrade").returncode == 0
    assert guavad.pid != before
    found = httpx.get(guavad.url("/session"), cookies=dict(client.cookies))
    assert found.json()["values"] == {"user": "ada"}


@pytest.mark.parametrize(("store", "left"), [("mem", {}), ("file", {"user": "ada"})])
def test_files_outlive_guavad_and_memory_does_not(start, store, left):
    guavad = start(store)
    with session_client(guavad) as client:
        client.get("put/user/ada")
    guavad.signal(signal.SIGTERM)
    guavad.wait()
    guavad.start()
    found = httpx.get(guavad.url("/session"), cookies=dict(client.cookies))
    assert found.json()["values"] == left


def test_a_corrupt_file_is_a_fresh_session_and_a_line_of_the_log(start):
    guavad = start("file")
    with session_client(guavad) as client:
        client.get("put/user/ada")
        (file,) = guavad.folder.glob("kept/??/*")
        file.write_bytes(file.read_bytes()[:-1])
        assert client.get("").json() == {"values": {}, "is_new": True}
        assert client.get("").json() == {"values": {}, "is_new": True}
    line = guavad.wait_for_log("is corrupt and dropped")
    assert file.parent.name + file.name in line
    assert guavad.log_text().count("is corrupt and dropped") == 1


# A store of the application's own

OWN = """\
import json
import guava
from pathlib import Path

class Folder(guava.session.SessionStore):
    def __init__(self, directory):
        self.folder = Path(directory)

    def get(self, sid):
        path = self.folder / sid
        return json.loads(path.read_text()) if path.exists() else None

    def set(self, sid, value):
        (self.folder / sid).write_text(json.dumps(value))

    def delete(self, sid):
        (self.folder / sid).unlink(missing_ok=True)
"""


def test_a_store_of_three_methods_is_a_store(make_guavad):
    guavad = make_guavad()
    guavad.write("own.py", OWN)
    (guavad.folder / "kept").mkdir()
    section = {"store": "python", "class": "own.Folder"}
    add_application(guavad, section | {"options": {"directory": "kept"}})
    guavad.start()
    with session_client(guavad) as client:
        client.get("put/user/ada")
        assert values(client) == {"user": "ada"}
        (file,) = guavad.folder.glob("kept/*")
        assert client.cookies["sid"] not in file.name
        client.get("sign_out")
        assert list(guavad.folder.glob("kept/*")) == []
