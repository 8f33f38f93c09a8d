"""Numbered steps that make and renew the tables; each is recorded in the transaction that takes it."""

import contextlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from importlib import resources
from typing import NamedTuple

from bodymap import ids
from bodymap.errors import Misconfigured, NewerDatabase
from bodymap.storage.columns import utc_text
from bodymap.storage.lock import ProcessLock
from bodymap.storage.sqlite import connect_reader, connect_writer, path_of, plain_errors

_FILE = re.compile(r"(\d{4})_[a-z_]+\.sql")


class Step(NamedTuple):
    """One step: its number, its name (`0001_sessions`), and its statements."""

    number: int
    name: str
    sql: str


def steps() -> tuple[Step, ...]:
    """The steps of this release, in order."""
    folder = resources.files("bodymap.storage") / "steps" / "sqlite"
    found = [
        Step(int(match[1]), file.name.removesuffix(".sql"), file.read_text("utf-8"))
        for file in folder.iterdir()
        if (match := _FILE.fullmatch(file.name))
    ]
    return tuple(sorted(found))


def pending(connection: sqlite3.Connection, known: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that the database has not taken yet.

    Raises `NewerDatabase` where it has taken one that is not known, `Misconfigured` where it is something else's.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "migration" not in tables:
        if tables:
            raise Misconfigured(f"The database is not bodymap's: it has tables such as {min(tables)!r}.")
        return tuple(known)
    taken = set(connection.execute("SELECT number, name FROM migration"))
    if unknown := sorted(taken - {(step.number, step.name) for step in known}):
        raise NewerDatabase(
            f"The database has taken the step {unknown[-1][1]}, which this release does not know. "
            "Use the release that wrote it, or a newer one."
        )
    return tuple(step for step in known if (step.number, step.name) not in taken)


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


def migrate(database_url: str, dry_run: bool = False) -> tuple[str, ...]:
    """Brings a database up to this release, making it where there is none; names the steps taken, none if up to date.

    With `dry_run` it names the steps that it would take, and changes nothing. Raises `NewerDatabase`,
    `Misconfigured`, or `StorageUnavailable`, also while another process serves the database.
    """
    path = path_of(database_url)
    with plain_errors(f"The database {path}"):
        if dry_run:
            if not path.exists() or not path.stat().st_size:
                return tuple(step.name for step in steps())
            with contextlib.closing(connect_reader(path)) as connection:
                return tuple(step.name for step in pending(connection, steps()))
        with contextlib.closing(ProcessLock(path)), contextlib.closing(connect_writer(path)) as connection:
            return take(connection, steps())


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
