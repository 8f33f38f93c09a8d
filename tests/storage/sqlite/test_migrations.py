"""Migrations: each step wholly or not at all."""

import contextlib
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bodymap.errors import NewerDatabase, StorageUnavailable
from bodymap.storage.database import Database, migrate
from bodymap.storage.sqlite.connection import connect_writer
from bodymap.storage.sqlite.migrations import pending, take
from bodymap.storage.steps import Step, steps
from tests.storage.visits import keeping, usual_session

TAGS = Step(9001, "9001_tags", "CREATE TABLE tag (x); -- one; more\nCREATE INDEX tags ON tag (x);")
BROKEN = Step(9002, "9002_broken", "CREATE TABLE half (x);\nINSERT INTO half VALUES (1);\nCREATE TABLE tag (x);")


def schema(path: Path) -> list[tuple[str, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        found: list[tuple[str, ...]] = connection.execute(
            "SELECT name, sql FROM sqlite_master ORDER BY name"
        ).fetchall()
        return found


def test_steps_are_numbered_in_order() -> None:
    """The shipped steps count from 1, no number twice, each named by its number."""
    numbers = [step.number for step in steps("sqlite")]
    assert numbers[0] == 1
    assert numbers == sorted(set(numbers))
    assert all(step.name.startswith(f"{step.number:04d}_") for step in steps("sqlite"))


def test_migrating_twice_is_migrating_once(url: str, tmp_path: Path) -> None:
    """An empty database takes every step, one that is up to date takes none and stays as it is."""
    names = tuple(step.name for step in steps("sqlite"))
    assert migrate(url) == names
    before = schema(tmp_path / "clinic.db")
    assert migrate(url) == ()
    assert schema(tmp_path / "clinic.db") == before
    Database.open(url).close()
    assert schema(tmp_path / "clinic.db") == before


def test_opening_makes_the_same_tables(url: str, tmp_path: Path) -> None:
    """A database made by opening it has the tables that migrating makes."""
    Database.open(url).close()
    migrate(f"sqlite:///{tmp_path}/other.db")
    assert schema(tmp_path / "clinic.db") == schema(tmp_path / "other.db")


def test_dry_run_changes_nothing(url: str, tmp_path: Path) -> None:
    """A dry run names what it would take, on no file, on an empty one, and beside a server."""
    names = tuple(step.name for step in steps("sqlite"))
    assert migrate(url, dry_run=True) == names
    assert not list(tmp_path.iterdir())
    (tmp_path / "clinic.db").touch()
    assert migrate(url, dry_run=True) == names
    assert not schema(tmp_path / "clinic.db")
    with Database.open(url):
        assert migrate(url, dry_run=True) == ()


def test_served_database_is_not_migrated(database: Database, url: str) -> None:
    """While a process serves a database another one may not migrate it."""
    with pytest.raises(StorageUnavailable, match="in use"):
        migrate(url)


def test_newer_database_is_refused(url: str, tmp_path: Path) -> None:
    """A database with a step that this release does not know is refused, naming the step, and left as it was."""
    visit = usual_session()
    with Database.open(url) as database:
        database.write_now(keeping(visit))
    with contextlib.closing(connect_writer(tmp_path / "clinic.db")) as connection:
        assert take(connection, [*steps("sqlite"), TAGS]) == ("9001_tags",)
    before = schema(tmp_path / "clinic.db")
    for attempt in (Database.open, migrate, lambda url: migrate(url, dry_run=True)):
        with pytest.raises(NewerDatabase, match="9001_tags"):
            attempt(url)
    assert schema(tmp_path / "clinic.db") == before


def test_failing_step_leaves_the_state_before_it(url: str, tmp_path: Path) -> None:
    """A step that fails half-way is undone; those before it are kept, those after it are not taken."""
    migrate(url)
    with contextlib.closing(connect_writer(tmp_path / "clinic.db")) as connection:
        with pytest.raises(sqlite3.OperationalError, match="tag already exists"):
            take(connection, [*steps("sqlite"), TAGS, BROKEN, Step(9003, "9003_late", "CREATE TABLE late (x);")])
        names = {name for name, *_ in schema(tmp_path / "clinic.db")}
        assert "tag" in names
        assert not names & {"half", "late"}
        assert [step.number for step in pending(connection, [*steps("sqlite"), TAGS, BROKEN])] == [9002]


def test_killed_step_leaves_the_state_before_it(url: str, tmp_path: Path) -> None:
    """A process killed within a step leaves the database as it was, and the step can be taken again."""
    migrate(url)
    before = schema(tmp_path / "clinic.db")
    script = f"""
import os, signal
from pathlib import Path
from bodymap.storage.sqlite.connection import connect_writer
from bodymap.storage.sqlite.migrations import take
from bodymap.storage.steps import Step, steps
connection = connect_writer(Path({str(tmp_path / "clinic.db")!r}))
connection.execute("PRAGMA cache_size = 5")  # so that the step's pages reach the log before it is killed
connection.create_function("die", 0, lambda: os.kill(os.getpid(), signal.SIGKILL))
sql = ("CREATE TABLE half (x); INSERT INTO half WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n"
       " WHERE x < 50000) SELECT x FROM n; SELECT die();")
take(connection, [*steps("sqlite"), Step(9001, "9001_half", sql)])
"""
    ended = subprocess.run([sys.executable, "-c", script], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert (tmp_path / "clinic.db-wal").stat().st_size > 100_000
    with Database.open(url) as database:
        assert database.read_now(lambda tx: tx.execute("PRAGMA integrity_check")) == [("ok",)]
    assert schema(tmp_path / "clinic.db") == before
    with contextlib.closing(connect_writer(tmp_path / "clinic.db")) as connection:
        assert take(connection, [*steps("sqlite"), TAGS]) == ("9001_tags",)
