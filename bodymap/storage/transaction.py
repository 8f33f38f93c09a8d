"""A transaction, as statements see it."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

Value = str | int | float | bytes | None
Row = tuple[Any, ...]


class Transaction:
    """Runs SQL with named parameters (`:name`) inside a transaction that `Database` began and will end.

    A reading transaction sees one state of the database, whatever is written beside it.
    """

    __slots__ = ("_connection",)

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection: sqlite3.Connection | None = connection

    def execute(self, sql: str, parameters: Mapping[str, Value] | None = None) -> list[Row]:
        """Every row that the statement returns; an empty list where it returns none."""
        return self._open().execute(sql, parameters or {}).fetchall()

    def execute_many(self, sql: str, parameters: Sequence[Mapping[str, Value]]) -> None:
        """Runs one statement once for each set of parameters."""
        if parameters:
            self._open().executemany(sql, parameters)

    def end(self) -> None:
        """Lets go of the connection: one that was kept beyond its work must not reach into another's transaction."""
        self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            raise RuntimeError("this transaction has ended")
        return self._connection
