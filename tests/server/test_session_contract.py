"""What every store of sessions promises, each with its real server behind it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import peers
import pytest
from conftest import eventually

from guava.session.blob import BlobStore
from guava.session.mem import Mem
from guava.session.memcached import Memcached
from guava.session.redis import Redis
from guava.session.sql import SQL

Make = Callable[[float], BlobStore]
DAY = 24 * 60 * 60.0
ANY_BYTES = bytes(range(256))
PROCESSES = 4
TIMES = 50

pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")


@contextmanager
def mem(_: Path) -> Iterator[Make]:
    yield lambda ttl: Mem(ttl=ttl, name="contract")


@contextmanager
def redis(_: Path) -> Iterator[Make]:
    with peers.redis() as peer:
        yield lambda ttl: Redis(peer.url, ttl=ttl)


@contextmanager
def redis_socket(_: Path) -> Iterator[Make]:
    with peers.redis() as peer:
        url = f"unix://{peer.folder}/redis.sock?db=1"
        yield lambda ttl: Redis(url, ttl=ttl)


@contextmanager
def redis_tls(_: Path) -> Iterator[Make]:
    with peers.redis_tls() as peer:
        ours = f"{peer.folder}/cert.pem"
        key = f"{peer.folder}/key.pem"
        yield lambda ttl: Redis(
            peer.url, ttl=ttl, ca=ours, certificate=ours, private_key=key
        )


@contextmanager
def redis_sentinel(_: Path) -> Iterator[Make]:
    with peers.sentinel() as (_, _, guard):
        yield lambda ttl: Redis(guard.url, ttl=ttl)


@contextmanager
def redis_cluster(_: Path) -> Iterator[Make]:
    with peers.cluster() as peer:
        yield lambda ttl: Redis(peer.url, ttl=ttl)


@contextmanager
def memcached(_: Path) -> Iterator[Make]:
    with peers.memcached() as peer:
        yield lambda ttl: Memcached([peer.url], ttl=ttl)


@contextmanager
def three_memcached(_: Path) -> Iterator[Make]:
    with ExitStack() as stack:
        urls = [stack.enter_context(peers.memcached()).url for _ in range(3)]
        yield lambda ttl: Memcached(urls, ttl=ttl)


@contextmanager
def sqlite(folder: Path) -> Iterator[Make]:
    yield lambda ttl: SQL(f"sqlite:///{folder}/sessions.db", ttl=ttl)


@contextmanager
def postgresql(_: Path) -> Iterator[Make]:
    with peers.postgres() as peer:
        yield lambda ttl: SQL(peer.url, ttl=ttl)


@contextmanager
def mariadb(_: Path) -> Iterator[Make]:
    with peers.mariadb() as peer:
        yield lambda ttl: SQL(peer.url, ttl=ttl)


STORES = [
    mem,
    redis,
    redis_socket,
    redis_tls,
    redis_sentinel,
    redis_cluster,
    memcached,
    three_memcached,
    sqlite,
    postgresql,
    mariadb,
]


@pytest.fixture(scope="module", params=STORES, ids=lambda store: store.__name__)
def make_store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Make]:
    """Makes stores, of what is the same behind them, by their time to live."""
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("store")
        make = stack.enter_context(request.param(folder))

        def make_closing(ttl: float) -> BlobStore:
            store = make(ttl)
            if hasattr(store, "close"):
                stack.callback(store.close)
            return store

        yield make_closing


@pytest.fixture
def store(make_store: Make) -> BlobStore:
    return make_store(DAY)


@pytest.fixture
def short(store: BlobStore) -> float:
    """The shortest time to live that can be seen to begin, in seconds."""
    return 3 if isinstance(store, Mem | Memcached) else 1  # these count whole ones


numbers = count()


@pytest.fixture
def key() -> str:
    return new_key()


def new_key() -> str:
    return sha256(b"%d" % next(numbers)).hexdigest()


def test_what_was_never_stored_is_not_there(store: BlobStore, key: str) -> None:
    assert store.read(key) is None
    store.remove(key)
    assert not store.swap(key, b"old", b"new")
    assert store.read(key) is None


def test_any_bytes_are_read_as_they_were_stored(store: BlobStore, key: str) -> None:
    assert store.swap(key, None, ANY_BYTES)
    assert store.read(key) == ANY_BYTES


def test_half_a_million_bytes_are_stored_and_changed(
    store: BlobStore, key: str
) -> None:
    large = ANY_BYTES * 2000
    assert store.swap(key, None, large)
    assert store.swap(key, large, large[::-1])
    assert store.read(key) == large[::-1]


def test_what_is_there_is_not_created_again(store: BlobStore, key: str) -> None:
    assert store.swap(key, None, b"first")
    assert not store.swap(key, None, b"second")
    assert store.read(key) == b"first"


def test_only_what_is_there_is_swapped(store: BlobStore, key: str) -> None:
    assert store.swap(key, None, b"first")
    assert not store.swap(key, b"other", b"second")
    assert store.read(key) == b"first"
    assert store.swap(key, b"first", b"second")
    assert not store.swap(key, b"first", b"third")
    assert store.read(key) == b"second"


def test_a_swap_is_against_what_another_has_stored(make_store: Make, key: str) -> None:
    one, other = make_store(DAY), make_store(DAY)
    assert one.swap(key, None, b"first")
    assert one.read(key) == b"first"
    assert other.swap(key, b"first", b"second")
    assert not one.swap(key, b"first", b"third")
    assert one.swap(key, b"second", b"third")
    assert other.read(key) == b"third"


def test_a_swap_for_the_same_is_done(store: BlobStore, key: str) -> None:
    assert store.swap(key, None, b"same")
    assert store.swap(key, b"same", b"same")
    assert store.swap(key, b"same", b"same")


def test_what_is_removed_is_gone_and_can_be_created(store: BlobStore, key: str) -> None:
    assert store.swap(key, None, b"first")
    store.remove(key)
    assert store.read(key) is None
    assert not store.swap(key, b"first", b"second")
    assert store.swap(key, None, b"second")


def test_what_is_not_renewed_expires(make_store: Make, short: float, key: str) -> None:
    store = make_store(short)
    assert store.swap(key, None, b"value")
    assert store.read(key) == b"value"
    eventually(lambda: store.read(key) is None, "expiry")
    assert not store.swap(key, b"value", b"other")
    assert store.swap(key, None, b"other")


def test_a_swap_renews(make_store: Make, short: float, key: str) -> None:
    store, other = make_store(short), new_key()
    assert store.swap(key, None, b"value")
    assert store.swap(other, None, b"value")

    def is_other_over() -> bool:
        assert store.swap(key, b"value", b"value")
        return store.read(other) is None

    eventually(is_other_over, "expiry of what is not renewed")
    assert store.read(key) == b"value"


def test_a_life_of_a_year_is_not_over_at_once(make_store: Make, key: str) -> None:
    store = make_store(365 * DAY)
    assert store.swap(key, None, b"value")
    assert store.read(key) == b"value"


def test_processes_that_have_forked_lose_no_increment(
    store: BlobStore, key: str
) -> None:
    assert store.swap(key, None, b"0")

    def increment() -> None:
        for _ in range(TIMES):
            while not store.swap(
                key, value := store.read(key), b"%d" % (int(value) + 1)
            ):
                pass

    run_in_processes(increment)
    assert store.read(key) == b"%d" % (PROCESSES * TIMES)


def test_processes_may_be_the_first_at_once(make_store: Make, key: str) -> None:
    done: Any = multiprocessing.get_context("fork").Value("i", 0)

    def create() -> None:
        store = make_store(DAY)
        if store.swap(key, None, b"value"):
            with done:
                done.value += 1

    run_in_processes(create)
    assert done.value == 1


def run_in_processes(work: Callable[[], None]) -> None:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=work) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * PROCESSES
