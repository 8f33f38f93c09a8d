"""Numbered steps that make and renew the tables, written once for every engine.

A step is a file `000N_name.sql` in this folder, spelled for SQLite; `bodymap.storage.postgresql.spelling` turns it
into what PostgreSQL takes, so that nobody writes a step twice. That asks for a common language:

- types `TEXT`, `INTEGER` (64 bits) and `BLOB`; a boolean is an `INTEGER` with a CHECK, a moment `TEXT` as `utc_text`
  writes it, JSON `TEXT`. Text is compared byte by byte on both engines.
- `CREATE TABLE … STRICT` or `STRICT, WITHOUT ROWID`, `CREATE [UNIQUE] INDEX` (also partial), `ALTER TABLE … ADD
  COLUMN`, `INSERT`, `UPDATE`, `DELETE`; no AUTOINCREMENT, no rowid, no function that only one engine has.
- a trigger has one form, which refuses:
  `CREATE TRIGGER name BEFORE DELETE|UPDATE [OF columns] ON table BEGIN SELECT RAISE(ABORT, 'why'); END;`
- the tenant comes first in every primary key, unique index and foreign key, so that tables can be distributed by it.

A step that was released is never edited: a database that has taken it would not take the change.
"""

import re
from collections.abc import Collection, Sequence
from importlib import resources
from typing import NamedTuple

from bodymap.errors import Misconfigured, NewerDatabase

_FILE = re.compile(r"(\d{4})_[a-z_]+\.sql")
LEDGER = "migration"


class Step(NamedTuple):
    """One step: its number, its name (`0001_sessions`), and its statements."""

    number: int
    name: str
    sql: str


def steps() -> tuple[Step, ...]:
    """The steps of this release, in order."""
    found = [
        Step(int(match[1]), file.name.removesuffix(".sql"), file.read_text("utf-8"))
        for file in resources.files(__name__).iterdir()
        if (match := _FILE.fullmatch(file.name))
    ]
    return tuple(sorted(found))


def outstanding(tables: Collection[str], taken: Collection[tuple[int, str]], known: Sequence[Step]) -> tuple[Step, ...]:
    """Of the known steps those that a database with these tables, and with the `taken` ones recorded, has to take.

    Raises `NewerDatabase` where it has taken one that is not known, `Misconfigured` where it is something else's.
    """
    if LEDGER not in tables:
        if tables:
            raise Misconfigured(f"The database is not bodymap's: it has tables such as {min(tables)!r}.")
        return tuple(known)
    if unknown := sorted(set(taken) - {(step.number, step.name) for step in known}):
        raise NewerDatabase(
            f"The database has taken the step {unknown[-1][1]}, which this release does not know. "
            "Use the release that wrote it, or a newer one."
        )
    return tuple(step for step in known if (step.number, step.name) not in taken)
