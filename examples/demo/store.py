"""Where notes and people are kept: one SQLite file, which all workers share."""

import os
import sqlite3
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any, NamedTuple

SCHEMA = """
CREATE TABLE IF NOT EXISTS notes
    (id INTEGER PRIMARY KEY, title TEXT, text TEXT, author TEXT, written TEXT);
CREATE TABLE IF NOT EXISTS users
    (id INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE IF NOT EXISTS friends
    (user INTEGER REFERENCES users ON DELETE CASCADE,
     friend INTEGER REFERENCES users ON DELETE CASCADE,
     PRIMARY KEY (user, friend));
"""
FIRST_NOTES = [
    (1, "Clear at last", "Saturn's rings with the small refractor.", "Ada"),
    (2, "Clouds again", "Read about Caroline Herschel instead.", "Grace"),
]
FIRST_USERS = [(1, "Ada"), (2, "Grace"), (3, "Caroline")]


class Note(NamedTuple):
    """An entry of the notebook; `written` is in UTC."""

    id: int
    title: str
    text: str
    author: str
    written: str


def notes() -> list[Note]:
    """All notes, the newest first."""
    return [Note(*row) for row in _rows("SELECT * FROM notes ORDER BY id DESC")]


def note(number: int) -> Note | None:
    rows = _rows("SELECT * FROM notes WHERE id = ?", number)
    return Note(*rows[0]) if rows else None


def add_note(title: str, text: str, author: str) -> int:
    """Write a note now; its number."""
    return _insert(
        "INSERT INTO notes (title, text, author, written) VALUES (?, ?, ?, ?)",
        title,
        text,
        author,
        _now(),
    )


def users() -> list[dict[str, object]]:
    return _people("SELECT id, name FROM users ORDER BY id")


def user(number: int) -> dict[str, object] | None:
    found = _people("SELECT id, name FROM users WHERE id = ?", number)
    return found[0] if found else None


def add_user(name: str) -> int:
    return _insert("INSERT INTO users (name) VALUES (?)", name)


def rename_user(number: int, name: str) -> bool:
    """False where there is no such user."""
    return _change("UPDATE users SET name = ? WHERE id = ?", name, number)


def remove_user(number: int) -> bool:
    """False where there is no such user."""
    return _change("DELETE FROM users WHERE id = ?", number)


def friends(number: int) -> list[dict[str, object]]:
    return _people(
        "SELECT id, name FROM users JOIN friends ON friend = id WHERE user = ?", number
    )


def befriend(number: int, other: int) -> None:
    _change("INSERT OR IGNORE INTO friends VALUES (?, ?)", number, other)


def unfriend(number: int, other: int) -> bool:
    """False where they were no friends."""
    return _change("DELETE FROM friends WHERE user = ? AND friend = ?", number, other)


def _people(query: str, *values: object) -> list[dict[str, object]]:
    return [{"id": number, "name": name} for number, name in _rows(query, *values)]


def _rows(query: str, *values: object) -> list[Any]:
    try:
        return _database().execute(query, values).fetchall()
    except OverflowError:  # a number that is too large for SQLite
        return []


def _insert(query: str, *values: object) -> int:
    return _database().execute(query, values).lastrowid or 0


def _change(query: str, *values: object) -> bool:
    try:
        return _database().execute(query, values).rowcount > 0
    except OverflowError:
        return False


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M}"


@cache
def _database() -> sqlite3.Connection:
    """This worker's connection; the first one ever fills the tables."""
    database = sqlite3.connect(_file(), isolation_level=None)
    database.execute("PRAGMA foreign_keys = ON")
    database.execute("BEGIN IMMEDIATE")
    if not database.execute("SELECT 1 FROM sqlite_master").fetchone():
        for statement in SCHEMA.split(";"):
            database.execute(statement)
        _fill(database)
    database.execute("COMMIT")
    return database


def _fill(database: sqlite3.Connection) -> None:
    notes = [(*note, _now()) for note in FIRST_NOTES]
    database.executemany("INSERT INTO notes VALUES (?, ?, ?, ?, ?)", notes)
    database.executemany("INSERT INTO users VALUES (?, ?)", FIRST_USERS)
    database.execute("INSERT INTO friends VALUES (1, 3)")


def _file() -> Path:
    """DEMO_STORE of the environment, or a temporary file of this user's."""
    named = os.environ.get("DEMO_STORE")
    if named:
        return Path(named)
    folder = Path(gettempdir(), f"guava-demo-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / "store.sqlite"
