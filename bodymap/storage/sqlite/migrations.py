"""Taking steps on SQLite; each is recorded in the transaction that takes it."""

import re
import sqlite3
from collections.abc import Iterator, Sequence

from bodymap import ids
from bodymap.storage.steps import LEDGER, Step, outstanding
from bodymap.storage.utc_text import utc_text


def pending(connection: sqlite3.Connection, known: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that the database has not taken yet.

    Raises `NewerDatabase` where it has taken one that is not known, `Misconfigured` where it is something else's.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    taken = set(connection.execute("SELECT number, name FROM migration")) if LEDGER in tables else set()
    return outstanding(tables, taken, known)


def take(connection: sqlite3.Connection, known: Sequence[Step]) -> tuple[str, ...]:
    """Takes the pending steps, each wholly or not at all, and names them. Raises as `pending` does."""
    names = []
    for step in pending(connection, known):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in _statements(step.sql):
                connection.execute(statement)
            connection.execute(
                "INSERT INTO migration (number, name, applied_at) VALUES (:number, :name, :applied_at)",
                {"number": step.number, "name": step.name, "applied_at": utc_text(ids.now())},
            )
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        names.append(step.name)
    return tuple(names)


def _statements(sql: str) -> Iterator[str]:
    """The driver's own `executescript` commits before it begins, so the script is taken apart."""
    statement = ""
    for piece in re.split("(?<=;)", sql):
        statement += piece
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
