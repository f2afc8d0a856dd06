"""Mem: sessions in shared memory, bounded, the oldest given up first."""

import itertools
import subprocess
import sys
from hashlib import sha256

import pytest

from guava.session import Mem

names = map("test{}".format, itertools.count())


@pytest.fixture
def clock(monkeypatch):
    """What Mem takes for the time; to be set."""

    class Clock:
        now = 1_000_000.0

        def time(self):
            return self.now

    clock = Clock()
    monkeypatch.setattr("guava.session.mem.time", clock)
    return clock


def mem(**options):
    return Mem(name=next(names), **options)


def key(text):
    return sha256(str(text).encode()).hexdigest()


def entries(store):
    """How many sessions it holds, and how many its index knows."""
    environment = store._open()
    with environment.begin() as transaction:
        databases = store._blobs, store._by_age
        return [transaction.stat(each)["entries"] for each in databases]


def used(store):
    """Bytes of the pages that it takes."""
    with store._open().begin() as transaction:
        return sum(
            found["psize"]
            * (found["branch_pages"] + found["leaf_pages"] + found["overflow_pages"])
            for found in map(transaction.stat, (store._blobs, store._by_age))
        )


def test_what_is_swapped_in_can_be_read():
    store = mem()
    assert store.read(key(1)) is None
    assert store.swap(key(1), None, b"a")
    assert store.read(key(1)) == b"a"


def test_a_swap_needs_what_is_there():
    store = mem()
    assert not store.swap(key(1), b"a", b"b")
    store.swap(key(1), None, b"a")
    assert not store.swap(key(1), None, b"b")
    assert not store.swap(key(1), b"x", b"b")
    assert store.swap(key(1), b"a", b"b")
    assert store.read(key(1)) == b"b"


def test_what_is_removed_is_gone():
    store = mem()
    store.swap(key(1), None, b"a")
    store.remove(key(1))
    store.remove(key(1))
    assert store.read(key(1)) is None
    assert entries(store) == [0, 0]


def test_stores_of_one_name_are_one_and_others_are_not():
    first, second = Mem(name="shared"), Mem(name="shared")
    first.swap(key(1), None, b"a")
    assert second.read(key(1)) == b"a"
    assert mem().read(key(1)) is None


def test_a_session_ends_after_its_time_to_live(clock):
    store = mem(ttl=10)
    store.swap(key(1), None, b"a")
    clock.now += 10
    assert store.read(key(1)) == b"a"
    clock.now += 1
    assert store.read(key(1)) is None
    assert not store.swap(key(1), b"a", b"b")
    assert store.swap(key(1), None, b"b")


def test_a_swap_begins_its_time_anew(clock):
    store = mem(ttl=10)
    store.swap(key(1), None, b"a")
    clock.now += 8
    store.swap(key(1), b"a", b"a")
    clock.now += 8
    assert store.read(key(1)) == b"a"


def test_expired_sessions_go_as_new_ones_come(clock):
    store = mem(ttl=10)
    for number in range(10):
        store.swap(key(number), None, b"a")
    clock.now += 11
    for number in range(10, 15):
        store.swap(key(number), None, b"a")
    assert entries(store) == [5, 5]


def test_the_oldest_make_room(clock):
    store = mem(size=1 << 20)
    blob = b"x" * 1000
    for number in range(1000):
        clock.now += 1
        if store.read(key(0)):  # the first is the one in use
            store.swap(key(0), blob, blob)
        assert store.swap(key(number), None, blob) or number == 0
        clock.now += 1
    kept = [number for number in range(1000) if store.read(key(number))]
    assert kept[0] == 0
    assert kept[1:] == list(range(kept[1], 1000))
    assert 300 < len(kept) < 1000
    assert entries(store) == [len(kept)] * 2


@pytest.mark.parametrize("size", [300, 500_000])
def test_its_size_is_a_bound_whatever_those_of_sessions_are(size):
    store = mem(size=2 << 20)
    for number in range(4000):
        store.swap(key(number), None, b"x" * 150)
    for number in range(4000, 4050):
        store.swap(key(number), None, b"x" * size)
    assert used(store) < 1.3 * store.size


def test_a_session_that_is_too_large_is_refused_and_nothing_else_goes():
    store = mem(size=1 << 20)
    store.swap(key(1), None, b"a")
    with pytest.raises(ValueError, match="262145 bytes does not fit"):
        store.swap(key(2), None, b"x" * 262145)
    assert store.swap(key(2), None, b"x" * 262144)
    assert store.read(key(1)) == b"a"


@pytest.mark.parametrize("ttl", [0, -1, float("nan")])
def test_no_time_to_live_is_refused(ttl):
    with pytest.raises(ValueError, match="ttl is more than 0"):
        Mem(ttl=ttl)


def test_too_small_a_size_is_refused():
    with pytest.raises(ValueError, match="at least 262144"):
        Mem(size=1000)


FULL = """\
from guava import shared
from guava.session import Mem, StoreError

store = Mem(size=1 << 40)
store.read("0" * 64)
shared.environment().set_mapsize(4 << 20)
try:
    store.swap("0" * 64, None, bytes(8 << 20))
except StoreError as error:
    print(error)
"""


def test_shared_memory_that_is_full_is_said_to_be():
    done = subprocess.run([sys.executable, "-c", FULL], capture_output=True, text=True)
    assert done.stdout.startswith(
        "sessions main in memory failed: mdb_put: MDB_MAP_FULL"
    )


def test_a_session_is_kept_by_the_values_too():
    store = mem()
    store.set(key(1), {"a": 1})
    assert store.get(key(1)) == {"a": 1}
    store.clear(key(1))
    assert store.get(key(1)) == {}
    store.delete(key(1))
    assert store.get(key(1)) is None
