"""guava.shared in guavad: what one worker keeps there every other sees, for as long as
there is a guavad."""

import signal

import httpx
import pytest

APP = """\
import os
import guava
from guava import shared

class CountController(guava.controller.Controller):
    def add(self):
        environment = shared.environment()
        database = environment.open_db(b"count")
        with environment.begin(database, write=True) as transaction:
            count = int(transaction.get(b"count", b"0")) + 1
            transaction.put(b"count", str(count).encode())
        return {"count": count, "pid": os.getpid()}

    def die(self):
        environment = shared.environment()
        with environment.begin(write=True):
            os.kill(os.getpid(), 9)
"""


@pytest.fixture
def start(make_guavad):
    def start(**server):
        guavad = make_guavad(server={"workers": 2, **server})
        guavad.write("controllers/count.py", APP)
        guavad.start()
        return guavad

    return start


def add(guavad):
    return guavad.get("/count/add").raise_for_status().json()


def counted_by_both(guavad):
    """The counts of requests until both workers have answered one."""
    answers = []
    guavad.eventually(
        lambda: answers.append(add(guavad)) or len({a["pid"] for a in answers}) == 2,
        "an answer from both workers",
    )
    return [answer["count"] for answer in answers]


@pytest.mark.parametrize("preload", [False, True])
def test_workers_share_it(start, preload):
    counts = counted_by_both(start(preload=preload))
    assert counts == list(range(1, len(counts) + 1))


def test_it_outlives_a_reload_and_a_killed_worker(start):
    guavad = start()
    assert add(guavad)["count"] == 1
    guavad.signal(signal.SIGHUP)
    guavad.wait_for_log("generation 2 serves")
    assert add(guavad)["count"] == 2
    with pytest.raises(httpx.TransportError):
        guavad.get("/count/die")
    assert add(guavad)["count"] == 3


def test_it_outlives_an_upgrade(make_guavad):
    guavad = make_guavad()
    guavad.write("controllers/count.py", APP)
    guavad.start()
    assert add(guavad)["count"] == 1
    before = guavad.pid
    assert guavad.run("-s", "upgrade").returncode == 0
    assert guavad.pid != before
    assert add(guavad)["count"] == 2


def test_it_ends_with_guavad(start):
    guavad = start()
    assert add(guavad)["count"] == 1
    guavad.signal(signal.SIGTERM)
    guavad.wait()
    guavad.start()
    assert add(guavad)["count"] == 1
