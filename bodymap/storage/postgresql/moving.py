"""Moving a whole record from SQLite to PostgreSQL: every table, row by row, verified before the commit."""

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from graphlib import TopologicalSorter
from typing import NamedTuple

import msgspec
import psycopg
from psycopg import sql

from bodymap.errors import Conflict, Corrupt, Damaged, Misconfigured, StorageUnavailable
from bodymap.storage.postgresql.connections import Connection, connect, plain_errors
from bodymap.storage.postgresql.engine import check
from bodymap.storage.postgresql.migrations import take
from bodymap.storage.postgresql.primary import commit
from bodymap.storage.sqlite.connection import connect_writer, path_of, require_file
from bodymap.storage.sqlite.connection import plain_errors as plain_sqlite_errors
from bodymap.storage.sqlite.lock import ProcessLock
from bodymap.storage.sqlite.migrations import pending
from bodymap.storage.sqlite.transaction import SQLiteTransaction
from bodymap.storage.steps import LEDGER, steps
from bodymap.storage.transaction import Row, Transaction

_PAGE = 1000


class Moved(NamedTuple):
    """What was moved of one table: how many rows, and the SHA-256 of all of them in the order of their key."""

    table: str
    rows: int
    digest: str


class _Table(NamedTuple):
    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


def move(source: str, target: str, prove: Callable[[Transaction], None]) -> tuple[Moved, ...]:
    """Copies an SQLite database into an empty PostgreSQL database, wholly or not at all; what each table held.

    The source is locked meanwhile, and stays as it was. The target is migrated first; it must hold nothing. Every table
    is read back before the commit, and its rows and their digest must be those of the source. `prove` is given the
    source, and raises where it should not be moved.

    Raises `Misconfigured`, `Conflict` where the target holds something, `Damaged` for a source that is, `Corrupt` where
    what came out is not what went in, `StorageUnavailable`, and `OutcomeUnknown` where the commit was not acknowledged.
    """
    with _held(source) as file, plain_errors(target), connect(target) as connection:
        prove(SQLiteTransaction(file))
        check(connection)
        take(connection, steps("postgresql"))
        connection.execute("BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '10s'")
        tables = _tables(file)
        _require_empty(connection, tables)
        _keep_times_of_steps(file, connection)
        moved = tuple(_copied(file, connection, table) for table in tables)
        for done, table in zip(moved, tables, strict=True):
            _require_same(connection, table, done)
        commit(connection)
        return moved


@contextlib.contextmanager
def _held(url: str) -> Iterator[sqlite3.Connection]:
    """The source, which nobody else may write until the end of the block."""
    path = path_of(url)
    require_file(path)
    with (
        plain_sqlite_errors(f"The database {path}"),
        contextlib.closing(ProcessLock(path)),
        contextlib.closing(connect_writer(path)) as file,
    ):
        if late := pending(file, steps("sqlite")):
            raise Misconfigured(f"The database {path} has not taken {late[0].name}: bodymap migrate --db {path}")
        problems = [text for (text,) in file.execute("PRAGMA quick_check(1)")]
        if problems != ["ok"]:
            raise Damaged(f"The database {path} is damaged: restore it from a backup ({problems[0]}).")
        file.execute("BEGIN IMMEDIATE")
        try:
            yield file
        finally:
            file.execute("ROLLBACK")


def _tables(file: sqlite3.Connection) -> list[_Table]:
    """Every table but the ledger of steps, after those that it refers to."""
    names = {
        name
        for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        if name != LEDGER and not name.startswith("sqlite_")
    }
    needs = {
        name: {row[2] for row in file.execute(f'PRAGMA foreign_key_list("{name}")')} - {name} for name in sorted(names)
    }
    return [_described(file, name) for name in TopologicalSorter(needs).static_order()]


def _described(file: sqlite3.Connection, name: str) -> _Table:
    info = file.execute(f'PRAGMA table_info("{name}")').fetchall()
    key = sorted((place, column) for _, column, _, _, _, place in info if place)
    return _Table(name, tuple(column for _, column, *_ in info), tuple(column for _, column in key))


def _require_empty(connection: Connection, tables: list[_Table]) -> None:
    """From now on nobody else writes into the target, either."""
    for table in tables:
        name = sql.Identifier(table.name)
        connection.execute(sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(name))
        if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(name)).fetchone():
            raise Conflict(
                f"The target holds something already, in the table {table.name}. Move into an empty database."
            )


def _copied(file: sqlite3.Connection, connection: Connection, table: _Table) -> Moved:
    digest, count = hashlib.sha256(), 0
    columns = ", ".join(f'"{column}"' for column in table.columns)
    order = ", ".join(f'"{column}"' for column in table.key)
    rows = file.execute(f'SELECT {columns} FROM "{table.name}" ORDER BY {order}')
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, table.columns))
    )
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            try:
                copy.write_row(row)
            except psycopg.DataError as error:
                keys = ", ".join(f"{name} {row[table.columns.index(name)]!r}" for name in table.key)
                raise StorageUnavailable(
                    f"PostgreSQL cannot hold a row of the table {table.name} ({keys}): {error}. Nothing was moved."
                ) from error
            digest.update(msgspec.msgpack.encode(row))
            count += 1
    return Moved(table.name, count, digest.hexdigest())


def _keep_times_of_steps(file: sqlite3.Connection, connection: Connection) -> None:
    """The steps were taken when the source took them: the audit has a digest of that."""
    for number, applied_at in file.execute("SELECT number, applied_at FROM migration"):
        connection.execute("UPDATE migration SET applied_at = %s WHERE number = %s", (applied_at, number))


def _require_same(connection: Connection, table: _Table, moved: Moved) -> None:
    digest, count = hashlib.sha256(), 0
    everything = sql.SQL("SELECT {} FROM {} ORDER BY {}").format(
        sql.SQL(", ").join(map(sql.Identifier, table.columns)),
        sql.Identifier(table.name),
        sql.SQL(", ").join(map(sql.Identifier, table.key)),
    )
    with connection.cursor("moved") as cursor:
        cursor.itersize = _PAGE
        cursor.execute(everything)
        for row in cursor:
            digest.update(msgspec.msgpack.encode(_plain(row)))
            count += 1
    if (count, digest.hexdigest()) != (moved.rows, moved.digest):
        raise Corrupt(
            f"The table {table.name} came out otherwise than it went in ({count} rows of {moved.rows}). "
            "Nothing was moved."
        )


def _plain(row: Row) -> Row:
    return tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
