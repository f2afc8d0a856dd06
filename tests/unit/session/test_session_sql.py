"""Sessions in a table: what is particular to databases, told with SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from guava.session.errors import StoreError
from guava.session.sql import SQL

DAY = 24 * 60 * 60.0
KEYS = [f"{number:064}" for number in range(3)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "sessions.db"


@pytest.fixture
def make_store(file: Path) -> Iterator[Callable[..., SQL]]:
    with ExitStack() as stack:
        yield lambda ttl=DAY, **options: stack.enter_context(
            closing(SQL(f"sqlite:///{file}", ttl=ttl, **options))
        )


def query(file: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(statement).fetchall()


def test_nothing_is_connected_to_before_the_first_call(
    make_store: Callable[..., SQL], file: Path
) -> None:
    store = make_store()
    assert not file.exists()
    assert store.read(KEYS[0]) is None
    assert file.exists()


def test_the_table_has_the_name_that_is_chosen(
    make_store: Callable[..., SQL], file: Path
) -> None:
    assert make_store(table="visits").swap(KEYS[0], None, b"value")
    assert query(file, "SELECT digest, data FROM visits") == [(KEYS[0], b"value")]


def test_a_file_is_read_while_it_is_written(
    make_store: Callable[..., SQL], file: Path
) -> None:
    store = make_store()
    assert store.swap(KEYS[0], None, b"value")
    assert query(file, "PRAGMA journal_mode") == [("wal",)]
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        assert store.read(KEYS[0]) == b"value"


def test_a_file_that_is_locked_for_too_long_is_a_failure(
    make_store: Callable[..., SQL], file: Path
) -> None:
    store = make_store(timeout=0.1)
    assert store.swap(KEYS[0], None, b"value")
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreError, match=r"failed: database is locked$"):
            store.swap(KEYS[0], b"value", b"other")


def test_whoever_makes_a_session_first_sweeps_those_that_have_expired(
    make_store: Callable[..., SQL], file: Path
) -> None:
    for key in KEYS[:2]:
        assert make_store(ttl=0.001).swap(key, None, b"value")
    assert make_store().swap(KEYS[2], None, b"value")
    assert query(file, "SELECT digest FROM guava_sessions") == [(KEYS[2],)]


def test_a_sweep_that_leaves_some_goes_on_with_the_next_session(
    make_store: Callable[..., SQL], file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guava.session.sql_table.SWEEP_MOST", 2)
    store = make_store()
    assert store.read(KEYS[0]) is None
    query(file, "INSERT INTO guava_sessions VALUES ('a', '', 0), ('b', '', 0)")
    query(file, "INSERT INTO guava_sessions VALUES ('c', '', 0)")
    for key in KEYS[:2]:
        assert store.swap(key, None, b"value")
    left = query(file, "SELECT digest FROM guava_sessions ORDER BY digest")
    assert left == [(key,) for key in KEYS[:2]]


def test_a_failure_does_not_tell_what_is_in_the_session(
    make_store: Callable[..., SQL], file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = make_store()
    assert store.swap(KEYS[0], None, b"value")
    query(file, "DROP TABLE guava_sessions")
    with pytest.raises(StoreError, match=f"^sqlite:///{file} failed: no such table"):
        store.swap(KEYS[0], b"value", b"a secret")
    assert "secret" not in caplog.text


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///:memory:",
        "oracle://h/n",
        "mysql+mysqldb://h/n",
        "no url",
    ],
)
def test_a_database_that_can_not_have_sessions(url: str) -> None:
    with pytest.raises(ValueError, match=r"database|none of"):
        SQL(url, ttl=DAY)


def test_a_wrong_url_is_told_without_its_password() -> None:
    with pytest.raises(ValueError, match="postgresql://h:port/n") as caught:
        SQL("postgresql://me:secret@h:port/n", ttl=DAY)
    assert "secret" not in str(caught.value)
