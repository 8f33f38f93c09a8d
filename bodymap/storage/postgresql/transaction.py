"""A transaction on PostgreSQL."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg

from bodymap.errors import Unavailable
from bodymap.storage.transaction import Row, Transaction, Value, checked

# Literals, quoted names, comments and casts are passed over; a colon and a name is a parameter.
_PIECE = re.compile(
    r"""(?P<apart>'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|::)|:(?P<name>[A-Za-z_]\w*)|(?P<percent>%)""",
)

_LOCK = "SELECT pg_advisory_xact_lock(%(key)s)"


class PostgreSQLTransaction(Transaction):
    """Translates each statement's parameters once, and keeps nothing on the server beyond the transaction."""

    __slots__ = ("_connection", "_locks")

    def __init__(self, connection: "psycopg.Connection[Row]", locks: bool) -> None:
        """`locks`: whether it writes, and so has to wait for others."""
        self._connection: psycopg.Connection[Row] | None = connection
        self._locks = locks

    def execute(self, sql: str, parameters: Mapping[str, Value] | None = None) -> list[Row]:
        answer = self._open().execute(_query(sql), checked(parameters))
        return answer.fetchall() if answer.description is not None else []

    def execute_many(self, sql: str, parameters: Sequence[Mapping[str, Value]]) -> None:
        if parameters:
            with self._open().cursor() as cursor:
                cursor.executemany(_query(sql), [checked(each) for each in parameters])

    def lock(self, *names: str) -> None:
        connection = self._open()
        if self._locks:
            digest = hashlib.blake2b("\0".join(names).encode(), digest_size=8).digest()
            try:
                connection.execute(_LOCK, {"key": int.from_bytes(digest, "big", signed=True)})
            except psycopg.errors.LockNotAvailable as error:
                raise Unavailable("Another command holds what this one needs. Try again later.") from error

    def end(self) -> None:
        """Releases the connection: a transaction that outlives its work must not reach into another one."""
        self._connection = None

    def _open(self) -> "psycopg.Connection[Row]":
        if self._connection is None:
            raise RuntimeError("this transaction has ended")
        return self._connection


@lru_cache(maxsize=1024)
def _query(sql: str) -> Any:
    """A statement with `:name` parameters as psycopg takes it, with `%(name)s`."""
    return _PIECE.sub(_spelled, sql)


def _spelled(piece: re.Match[str]) -> str:
    if piece["name"]:
        return f"%({piece['name']})s"
    return (piece["apart"] or "%").replace("%", "%%")
