"""A transaction on SQLite."""

import sqlite3
from collections.abc import Mapping, Sequence

from bodymap.storage.transaction import Row, Transaction, Value, checked


class SQLiteTransaction(Transaction):
    """Hands statements to the driver as they are: named parameters are SQLite's own."""

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection: sqlite3.Connection | None = connection

    def execute(self, sql: str, parameters: Mapping[str, Value] | None = None) -> list[Row]:
        return self._open().execute(sql, checked(parameters)).fetchall()

    def execute_many(self, sql: str, parameters: Sequence[Mapping[str, Value]]) -> None:
        if parameters:
            self._open().executemany(sql, [checked(each) for each in parameters])

    def lock(self, *names: str) -> None:
        self._open()

    def end(self) -> None:
        """Releases the connection: a transaction that outlives its work must not reach into another one."""
        self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("this transaction has ended")
        return self._connection
