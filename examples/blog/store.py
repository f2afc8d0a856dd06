"""Where the blog is kept: one folder, with an SQLite file that all workers share."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import msgspec

import guava
from guava import password as passwords

SCHEMA = """
CREATE TABLE IF NOT EXISTS writers
    (id INTEGER PRIMARY KEY, name TEXT UNIQUE COLLATE NOCASE, password TEXT);
CREATE TABLE IF NOT EXISTS posts
    (id INTEGER PRIMARY KEY, title TEXT, text TEXT, picture TEXT, written TEXT,
     changed TEXT, writer INTEGER REFERENCES writers);
CREATE TABLE IF NOT EXISTS comments
    (id INTEGER PRIMARY KEY, name TEXT, text TEXT, written TEXT,
     post INTEGER REFERENCES posts ON DELETE CASCADE);
"""
POSTS = """
SELECT posts.id, title, text, picture, written, changed, writers.name
FROM posts JOIN writers ON writers.id = writer
"""


class Post(msgspec.Struct):
    """What somebody has written; the times are in UTC, as ISO 8601 has them."""

    id: int
    title: str
    text: str
    picture: str | None
    written: str
    changed: str
    writer: str


class Comment(msgspec.Struct):
    """What a reader has to say of a post."""

    id: int
    name: str
    text: str
    written: str


class Writer(msgspec.Struct):
    """Who writes posts."""

    id: int
    name: str


# Posts


def posts(page: int = 1, size: int = 10) -> list[Post]:
    """A page of them, the newest first."""
    query = f"{POSTS} ORDER BY posts.id DESC LIMIT ? OFFSET ?"
    return [Post(*row) for row in _rows(query, size, (page - 1) * size)]


def post(number: int) -> Post:
    """Raises NotFound."""
    for row in _rows(f"{POSTS} WHERE posts.id = ?", number):
        return Post(*row)
    raise guava.errors.NotFound(f"post {number}")


def add_post(writer: int, title: str, text: str, picture: str | None) -> int:
    """Publish a post now; its number."""
    query = """INSERT INTO posts (title, text, picture, written, changed, writer)
               VALUES (?, ?, ?, ?, ?, ?)"""
    return _insert(query, title, text, picture, _now(), _now(), writer)


def change_post(number: int, title: str, text: str, picture: str | None) -> None:
    """Put another title and text in place; a picture, if there is a new one."""
    query = """UPDATE posts SET title = ?, text = ?, changed = ?,
               picture = coalesce(?, picture) WHERE id = ?"""
    _database().execute(query, (title, text, _now(), picture, number))


def remove_post(number: int) -> None:
    _database().execute("DELETE FROM posts WHERE id = ?", (number,))


# Comments


def comments(number: int) -> list[Comment]:
    """Those of a post, the oldest first."""
    query = "SELECT id, name, text, written FROM comments WHERE post = ? ORDER BY id"
    return [Comment(*row) for row in _rows(query, number)]


def add_comment(number: int, name: str, text: str) -> Comment:
    written = _now()
    query = "INSERT INTO comments (name, text, written, post) VALUES (?, ?, ?, ?)"
    return Comment(_insert(query, name, text, written, number), name, text, written)


# Writers


def add_writer(name: str, password: str) -> Writer | None:
    """A new one; None where somebody has the name."""
    query = "INSERT INTO writers (name, password) VALUES (?, ?)"
    try:
        return Writer(_insert(query, name, passwords.make(password)), name)
    except sqlite3.IntegrityError:
        return None


def writer(name: str, password: str) -> Writer | None:
    """Who has this name and this password. It takes as long where nobody has the name,
    so that nobody learns who has one."""
    query = "SELECT id, name, password FROM writers WHERE name = ?"
    for number, known, stored in _rows(query, name):
        return Writer(number, known) if passwords.verify(password, stored) else None
    passwords.make(password)
    return None


def pictures() -> Path:
    """The folder of the pictures."""
    return _folder() / "pictures"


# The database


@guava.on_worker_start
def connect() -> None:
    """Open this worker's connection; the first one ever makes the tables."""
    global _connection
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    pictures().mkdir(exist_ok=True)
    _connection = sqlite3.connect(_folder() / "blog.sqlite", isolation_level=None)
    _connection.execute("PRAGMA foreign_keys = ON")
    _connection.execute("PRAGMA journal_mode = WAL")
    _connection.executescript(SCHEMA)


@guava.on_worker_stop
def disconnect() -> None:
    _database().close()


_connection: sqlite3.Connection | None = None


def _database() -> sqlite3.Connection:
    assert _connection is not None, "connect() runs before the first request"
    return _connection


def _rows(query: str, *values: object) -> Iterable[Any]:
    try:
        return _database().execute(query, values).fetchall()
    except OverflowError:  # a number that is too large for SQLite
        return []


def _insert(query: str, *values: object) -> int:
    return _database().execute(query, values).lastrowid or 0


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _folder() -> Path:
    """BLOG_DATA of the environment, or a temporary folder of this user's."""
    if named := os.environ.get("BLOG_DATA"):
        return Path(named)
    return Path(gettempdir(), f"guava-blog-{os.getuid()}")
