"""Sessions in a table of a database: SQLite, PostgreSQL, MySQL or MariaDB."""

from __future__ import annotations

import os
import time
from functools import partial
from math import ceil
from typing import Any, ClassVar, Final

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from guava.config.store_url import DRIVERS, shown_url
from guava.session import sql_table
from guava.session.errors import log
from guava.session.remote import Remote
from guava.session.store import TWO_WEEKS

SWEEP_EVERY: Final = 600.0  # seconds


class SQL(Remote):
    """Keeps each session in a row of `table`, which is made where it is missing.

    `url` is SQLAlchemy's; the drivers are pysqlite, psycopg and PyMySQL.
    `connect_timeout` and `timeout`, for a statement, are in seconds; psycopg connects
    for two at least. Rows that have expired are deleted by whoever makes a session,
    a thousand at most, and once in ten minutes unless more are left. ValueError for a
    URL that makes no sense, ModuleNotFoundError where the driver is not installed.
    Nothing is connected to before the first call.
    """

    failures: ClassVar = (SQLAlchemyError,)

    def __init__(
        self,
        url: str,
        *,
        ttl: float = TWO_WEEKS,
        table: str = "guava_sessions",
        connect_timeout: float = 1.0,
        timeout: float = 1.0,
    ) -> None:
        super().__init__(shown_url(url), min(connect_timeout, timeout), ttl)
        self._engine = _engine(_parse(url), connect_timeout, timeout)
        self._table = sql_table.define(table)
        self._say = sql_table.statements(self._table)
        self._pid = 0
        self._sweep_from = 0.0

    def close(self) -> None:
        self._engine.dispose()

    def _connect(self) -> sa.Connection:
        """One of this process's connections, once the table is there."""
        if self._pid != os.getpid():
            self._engine.dispose(close=False)  # the parent goes on with those
            sql_table.make(self._table, self._engine)
            self._pid = os.getpid()
        return self._engine.connect()

    def _read(self, key: str) -> bytes | None:
        with self._connect() as connection:
            row = {"key": key, "now": _now()}
            data: bytes | None = connection.execute(self._say.read, row).scalar()
        return data

    def _swap(self, key: str, old: bytes | None, new: bytes) -> bool:
        now = _now()
        row = {"key": key, "new": new, "now": now, "end": now + int(self.ttl * 1000)}
        with self._connect() as connection:
            if old is None:
                return self._create(connection, row)
            changed = connection.execute(self._say.change, row | {"old": old})
            return changed.rowcount == 1

    def _create(self, connection: sa.Connection, row: dict[str, Any]) -> bool:
        """A row that has expired and was not swept yet is taken over."""
        try:
            connection.execute(self._say.create, row)
        except IntegrityError:
            return connection.execute(self._say.take_over, row).rowcount == 1
        self._sweep(connection)
        return True

    def _remove(self, key: str) -> None:
        with self._connect() as connection:
            connection.execute(self._say.remove, {"key": key})

    def _sweep(self, connection: sa.Connection) -> None:
        """Now and then, and while there are more, delete rows that have expired.

        By their keys, so that no more rows are locked than go.
        """
        if time.monotonic() < self._sweep_from:
            return
        self._sweep_from = time.monotonic() + SWEEP_EVERY
        row: dict[str, Any] = {"now": _now()}
        try:
            expired = connection.execute(self._say.find_expired, row)
            row["keys"] = expired.scalars().all()
            connection.execute(self._say.remove_expired, row)
            if len(row["keys"]) == sql_table.SWEEP_MOST:
                self._sweep_from = time.monotonic()
        except SQLAlchemyError as error:
            log.warning("%s: cannot sweep: %s", self.place, self._reason(error))

    def _is_broken(self, error: Exception) -> bool:
        return isinstance(error, DBAPIError) and error.connection_invalidated

    def _reason(self, error: Exception) -> str:
        """Without the statement, which has the session in it."""
        return str(error.orig if isinstance(error, DBAPIError) else error)


def _now() -> int:
    """Milliseconds of the epoch."""
    return time.time_ns() // 1_000_000


def _parse(url: str) -> sa.URL:
    """The URL with guava's choice of a driver. Raises ValueError."""
    try:
        parsed = sa.make_url(url)
    except (SQLAlchemyError, ValueError):
        raise ValueError(f"{shown_url(url)} is not the URL of a database") from None
    dialect = parsed.get_backend_name()
    driver = DRIVERS.get(dialect)
    if driver is None or parsed.drivername not in (dialect, f"{dialect}+{driver}"):
        raise ValueError(f"{parsed.drivername} is none of {', '.join(DRIVERS)}")
    if dialect == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ValueError("a database in memory is of one process alone")
    return parsed.set(drivername=f"{dialect}+{driver}")


def _engine(url: sa.URL, connect_timeout: float, timeout: float) -> sa.Engine:
    """Each statement is a transaction of its own."""
    milliseconds = int(timeout * 1000)
    options: dict[str, dict[str, Any]] = {
        "sqlite": {"timeout": timeout},
        "postgresql": {
            "connect_timeout": ceil(connect_timeout),
            "tcp_user_timeout": milliseconds,
        },
        "mysql": {
            "connect_timeout": connect_timeout,
            "read_timeout": timeout,
            "write_timeout": timeout,
        },
    }
    first = {
        "sqlite": "PRAGMA synchronous = NORMAL",
        "postgresql": f"SET statement_timeout = {milliseconds}",
    }
    backend = url.get_backend_name().replace("mariadb", "mysql")
    engine = sa.create_engine(
        url,
        connect_args=options[backend],
        isolation_level="AUTOCOMMIT",
        skip_autocommit_rollback=True,
        pool_reset_on_return=None,
    )
    if backend in first:
        sa.event.listen(engine, "connect", partial(_begin, first[backend]))
    return engine


def _begin(statement: str, connection: Any, _: object) -> None:
    """Say to a new connection what holds for all that comes on it."""
    cursor = connection.cursor()
    cursor.execute(statement)
    cursor.close()
