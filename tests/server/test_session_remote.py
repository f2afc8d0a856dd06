"""Stores that are servers of their own, when these, or the way to them, fail."""

from __future__ import annotations

import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

import peers
import psycopg
import pytest
from conftest import PATIENCE, eventually
from peers import Peer
from proxies import reserving
from redis import Redis as Client

from guava.session.blob import BlobStore
from guava.session.errors import StoreError
from guava.session.memcached import Memcached
from guava.session.redis import Redis
from guava.session.remote import Remote
from guava.session.sql import SQL

DAY = 24 * 60 * 60.0
KEY = "0" * 64


class Wire:
    """The way to a server, one connection at a time, that loses answers when told."""

    def __init__(self, server: tuple[str, int]) -> None:
        self.server = server
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.to_lose = 0
        self.lost = 0
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join(PATIENCE)
        self.listener.close()

    def _run(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            with client, socket.create_connection(self.server, PATIENCE) as server:
                self._carry(client, server)

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        """Until one side closes, or an answer is lost."""
        other = {client: server, server: client}
        while True:
            for one in select.select([client, server, self.listener], [], [])[0]:
                if one is self.listener or not (data := one.recv(1 << 16)):
                    return
                if one is server and self.to_lose > 0:
                    self.to_lose -= 1
                    self.lost += 1
                    return
                other[one].sendall(data)


@contextmanager
def wired_redis() -> Iterator[tuple[BlobStore, Wire]]:
    with peers.redis() as peer, closing(Wire(("127.0.0.1", port_of(peer)))) as wire:
        with closing(Redis(f"redis://127.0.0.1:{wire.port}", ttl=DAY)) as store:
            yield store, wire


@contextmanager
def wired_memcached() -> Iterator[tuple[BlobStore, Wire]]:
    with peers.memcached() as peer, closing(Wire(("127.0.0.1", port_of(peer)))) as wire:
        with closing(Memcached([f"127.0.0.1:{wire.port}"], ttl=DAY)) as store:
            yield store, wire


@pytest.fixture(params=[wired_redis, wired_memcached])
def wired(request: pytest.FixtureRequest) -> Iterator[tuple[BlobStore, Wire]]:
    """A store and the way to its server, that is connected."""
    with request.param() as (store, wire):
        assert store.read(KEY) is None
        yield store, wire


def test_a_creation_whose_answer_is_lost_is_known_to_be_made(
    wired: tuple[BlobStore, Wire],
) -> None:
    store, wire = wired
    wire.to_lose = 1
    assert store.swap(KEY, None, b"first")
    assert wire.lost == 1
    assert store.read(KEY) == b"first"


def test_a_change_whose_answer_is_lost_is_known_to_be_made(
    wired: tuple[BlobStore, Wire],
) -> None:
    store, wire = wired
    assert store.swap(KEY, None, b"first")
    wire.to_lose = 1
    assert store.swap(KEY, b"first", b"second")
    assert wire.lost == 1
    assert store.read(KEY) == b"second"


def test_reading_and_removing_are_done_again_when_their_answer_is_lost(
    wired: tuple[BlobStore, Wire],
) -> None:
    store, wire = wired
    assert store.swap(KEY, None, b"first")
    wire.to_lose = 1
    assert store.read(KEY) == b"first"
    wire.to_lose = 1
    store.remove(KEY)
    assert wire.lost == 2
    assert store.read(KEY) is None


def test_an_answer_is_not_asked_for_a_third_time(
    wired: tuple[BlobStore, Wire],
) -> None:
    store, wire = wired
    wire.to_lose = 3
    with pytest.raises(StoreError):
        store.read(KEY)
    assert wire.lost == 2
    wire.to_lose = 0
    assert store.read(KEY) is None


@pytest.mark.parametrize("peer_of", [peers.redis, peers.memcached, peers.mariadb])
def test_a_store_that_hangs_is_waited_for_once(
    peer_of: Callable[[], AbstractContextManager[Peer]],
) -> None:
    with peer_of() as peer, closing(store_of(peer, timeout=0.5)) as store:
        assert store.swap(KEY, None, b"value")
        peer.pause()
        assert 0.5 <= seconds_to_fail(store) < 1
        assert seconds_to_fail(store) < 0.1
        peer.resume()
        eventually(lambda: answers(store), "an answer")
        assert store.read(KEY) == b"value"


def test_a_row_that_another_holds_is_waited_for_no_longer_than_that() -> None:
    with peers.postgres() as peer, closing(store_of(peer, timeout=0.5)) as store:
        assert store.swap(KEY, None, b"value")
        with psycopg.connect(
            host=str(peer.folder), user="guava", dbname="postgres"
        ) as holder:
            holder.execute("SELECT * FROM guava_sessions FOR UPDATE")
            with pytest.raises(StoreError, match="statement timeout"):
                store.swap(KEY, b"value", b"other")
        eventually(lambda: answers(store), "an answer")
        assert store.swap(KEY, b"value", b"other")


def test_the_log_has_one_line_for_each_failure_without_the_password(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with reserving(1) as [port]:
        store = Redis(f"redis://me:secret@127.0.0.1:{port}/0", ttl=DAY)
        for _ in range(2):
            with pytest.raises(StoreError) as caught:
                store.read(KEY)
    assert caught.value.status == 503
    place = f"redis://127.0.0.1:{port}/0"
    for record in caplog.records:
        assert (record.name, record.levelname) == ("guava.session", "ERROR")
        assert record.message.startswith(f"{place} failed: ")
        assert "refused" in record.message
        assert "secret" not in record.message
        assert record.exc_info is None
    assert len(caplog.records) == 2


def test_a_wrong_password_is_a_failure_that_does_not_show_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with peers.redis() as peer:
        with Client.from_url(peer.url) as client:
            client.config_set("requirepass", "right")
        url = peer.url.replace("//", "//:wrong-one@")
        with closing(Redis(url, ttl=DAY)) as store, pytest.raises(StoreError):
            store.read(KEY)
    assert "password" in caplog.text
    assert "wrong-one" not in caplog.text


def test_a_redis_of_an_unknown_authority_is_not_talked_to() -> None:
    with peers.redis_tls() as peer:
        with closing(Redis(peer.url, ttl=DAY)) as store:
            with pytest.raises(StoreError, match="certificate verify failed"):
                store.read(KEY)


def test_a_replica_that_takes_over_has_the_sessions() -> None:
    with peers.sentinel() as (main, _, guard):
        with closing(Redis(guard.url, ttl=DAY)) as store:
            assert store.swap(KEY, None, b"first")
            with Client.from_url(main.url) as client:
                assert client.wait(1, 10000) == 1
            main.stop()
            eventually(lambda: answers(store), "a new Redis")
            assert store.swap(KEY, b"first", b"second")
            assert store.read(KEY) == b"second"


def test_a_session_does_not_move_to_another_memcached() -> None:
    with peers.memcached() as one, peers.memcached() as other:
        with closing(Memcached([one.url, other.url], ttl=DAY)) as store:
            keys = [f"{number:064}" for number in range(20)]
            assert all(store.swap(key, None, b"value") for key in keys)
            one.stop()
            there = [key for key in keys if answers(store, key)]
            assert 0 < len(there) < len(keys)
            assert all(store.read(key) == b"value" for key in there)
            one.start()
            assert [key for key in keys if store.read(key)] == there


def test_a_session_that_memcached_does_not_take_is_told_by_its_size() -> None:
    with peers.memcached() as peer, closing(store_of(peer)) as store:
        with pytest.raises(ValueError, match="a session of 2000000 bytes is larger"):
            store.swap(KEY, None, b"x" * 2_000_000)
        assert store.swap(KEY, None, b"x")


def store_of(peer: Peer, timeout: float = 1.0) -> Remote | Memcached:
    options = {"ttl": DAY, "connect_timeout": timeout, "timeout": timeout}
    if peer.url.startswith("redis"):
        return Redis(peer.url, **options)
    if "://" in peer.url:
        return SQL(peer.url, **options)
    return Memcached([peer.url], **options)


def port_of(peer: Peer) -> int:
    return int(peer.url.removesuffix("/0").rpartition(":")[2])


def answers(store: BlobStore, key: str = KEY) -> bool:
    try:
        store.read(key)
    except StoreError:
        return False
    return True


def seconds_to_fail(store: BlobStore) -> float:
    began = time.monotonic()
    assert not answers(store)
    return time.monotonic() - began
