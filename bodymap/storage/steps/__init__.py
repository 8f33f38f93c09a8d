"""Numbered steps that make and renew the tables: two files each, one for each engine.

A step is `000N_name.sqlite.sql` and `000N_name.postgresql.sql` in this folder. Both make the same: a test compares
tables, columns, nullability, keys, references, indexes and triggers. The statements of the record are written once for
both, so the tables keep to what both have:

- a moment is text as `utc_text` writes it, JSON is text, a boolean an integer with a CHECK. Text is compared byte by
  byte: `TEXT` here, `TEXT COLLATE "C"` there; likewise `INTEGER` (64 bits) and `BIGINT`, `BLOB` and `BYTEA`.
- on SQLite a table is `STRICT`; one with narrow rows only is `WITHOUT ROWID`.
- a trigger refuses and does nothing else. On PostgreSQL it calls `refuse('why')`, which step 3 makes, and a table that
  refuses to lose rows refuses to be truncated, too.
- the tenant comes first in every primary key, unique index and foreign key, so that tables can be distributed by it.

A step that was released is never edited: a database that has taken it would not take the change.
"""

import re
from collections.abc import Collection, Sequence
from importlib import resources
from typing import Literal, NamedTuple

from bodymap.errors import Misconfigured, NewerDatabase

Engine = Literal["sqlite", "postgresql"]

_FILE = re.compile(r"((\d{4})_[a-z_]+)\.(sqlite|postgresql)\.sql")
LEDGER = "migration"


class Step(NamedTuple):
    """One step: its number, its name (`0001_sessions`), and its statements."""

    number: int
    name: str
    sql: str


def steps(engine: Engine) -> tuple[Step, ...]:
    """The steps of this release for an engine, in order."""
    files = resources.files(__name__).iterdir()
    return tuple(
        sorted(
            Step(int(match[2]), match[1], file.read_text("utf-8"))
            for file in files
            if (match := _FILE.fullmatch(file.name)) and match[3] == engine
        )
    )


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
