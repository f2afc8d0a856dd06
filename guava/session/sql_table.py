"""The table that sessions are in, and what is asked of it."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

LARGEST: Final = 2**24 - 1  # bytes of a session, which makes it MySQL's MEDIUMBLOB
SWEEP_MOST: Final = 1000  # rows


class Statements(NamedTuple):
    """What is asked of the table, about a row: its `key`, what it is to have as `new`
    until its `end`, and the time `now`. All times in milliseconds of the epoch."""

    read: sa.Select[Any]
    create: sa.Insert
    change: sa.Update  # where it has what is `old`
    take_over: sa.Update  # where it has expired
    remove: sa.Delete
    find_expired: sa.Select[Any]
    remove_expired: sa.Delete  # those of the `keys`


def define(name: str) -> sa.Table:
    """The table of that name, in no database yet."""
    return sa.Table(
        name,
        sa.MetaData(),
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("data", sa.LargeBinary(LARGEST), nullable=False),
        sa.Column("expires", sa.BigInteger, nullable=False, index=True),
    )


def statements(table: sa.Table) -> Statements:
    """Made once: what is compiled of one is then found by it."""
    rows = table.c
    key: sa.BindParameter[str] = sa.bindparam("key")
    keys: sa.BindParameter[list[str]] = sa.bindparam("keys", expanding=True)
    now: sa.BindParameter[int] = sa.bindparam("now")
    old: sa.BindParameter[bytes] = sa.bindparam("old")
    values: dict[str, sa.BindParameter[Any]] = {
        "data": sa.bindparam("new"),
        "expires": sa.bindparam("end"),
    }
    is_row, is_live = rows.digest == key, rows.expires > now
    update = sa.update(table).where(is_row).values(values)
    return Statements(
        read=sa.select(rows.data).where(is_row, is_live),
        create=sa.insert(table).values({"digest": key} | values),
        change=update.where(is_live, rows.data == old),
        take_over=update.where(~is_live),
        remove=sa.delete(table).where(is_row),
        find_expired=sa.select(rows.digest).where(~is_live).limit(SWEEP_MOST),
        remove_expired=sa.delete(table).where(rows.digest.in_(keys), ~is_live),
    )


def make(table: sa.Table, engine: sa.Engine) -> None:
    """Make the table unless it is there; another process may do so at the same time."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode = WAL")
    try:
        table.create(engine, checkfirst=True)
    except DBAPIError:
        if not sa.inspect(engine).has_table(table.name):
            raise
