"""A file that is removed, moved, replaced or overwritten while it is served."""

import contextlib
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from bodymap.errors import Damaged, StorageUnavailable
from bodymap.storage.database import Database
from bodymap.storage.sqlite.backup import back_up
from bodymap.storage.transaction import Transaction
from tests.storage.visits import keeping, reading, usual_session


def other(folder: Path) -> Path:
    """Another database with a session in it, closed."""
    path = folder / "other.db"
    with Database.open(f"sqlite:///{path}") as database:
        database.write_now(keeping(usual_session()))
    return path


def removed(path: Path) -> None:
    path.unlink()


def moved(path: Path) -> None:
    path.rename(path.with_name("away.db"))


def replaced(path: Path) -> None:
    other(path.parent).rename(path)


def without_log(path: Path) -> None:
    path.with_name(path.name + "-wal").unlink()


def without_index(path: Path) -> None:
    path.with_name(path.name + "-shm").unlink()


@pytest.mark.parametrize("hand", [removed, moved, replaced, without_log, without_index])
def test_nothing_is_written_into_a_file_that_nobody_will_find(
    database: Database, url: str, hand: Callable[[Path], None]
) -> None:
    """Whatever of the database is not under its name any more, or another file is, the next command is refused."""
    database.write_now(keeping(usual_session()))
    hand(Path(url.removeprefix("sqlite:///")))
    for _ in range(2):
        with pytest.raises(StorageUnavailable, match=r"while it was served|replaced meanwhile"):
            database.write_now(keeping(usual_session()))


def test_a_file_that_comes_back_is_served_again(database: Database, url: str) -> None:
    """Moved away and back, it is the same file: nothing is lost, and commands are taken again."""
    path = Path(url.removeprefix("sqlite:///"))
    visits = [usual_session(), usual_session()]
    database.write_now(keeping(visits[0]))
    moved(path)
    with pytest.raises(StorageUnavailable):
        database.write_now(keeping(visits[1]))
    path.with_name("away.db").rename(path)
    database.write_now(keeping(visits[1]))
    assert [database.read_now(reading(visit.id)) for visit in visits] == visits
    assert database.damage is None


def test_what_was_moved_away_during_a_commit_is_not_answered_as_kept(database: Database, url: str) -> None:
    """A command that is committed into a file that left meanwhile is of unknown outcome, never a success."""
    path = Path(url.removeprefix("sqlite:///"))

    def work(tx: Transaction) -> None:
        keeping(usual_session())(tx)
        path.unlink()

    with pytest.raises(Exception, match="not known whether this was kept"):
        database.write_now(work)


def copied_other(path: Path) -> None:
    shutil.copyfile(other(path.parent), path)


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def filled(path: Path) -> None:
    path.write_bytes(b"\xa5" * path.stat().st_size)


def restored_by_hand(path: Path) -> None:
    shutil.copyfile(path.with_name("backup.db"), path)


def rolled_back_by_hand(path: Path) -> None:
    shutil.copyfile(path.with_name("older.db"), path)


@pytest.mark.parametrize("hand", [copied_other, emptied, filled, restored_by_hand, rolled_back_by_hand])
def test_a_file_that_was_overwritten_is_damaged(database: Database, url: str, hand: Callable[[Path], None]) -> None:
    """Another database, a backup, or an older copy of this one in its place: reads and writes stop, for good."""
    path = Path(url.removeprefix("sqlite:///"))
    visit = usual_session()
    database.write_now(keeping(visit))
    back_up(url, path.with_name("backup.db"))
    shutil.copyfile(path, path.with_name("older.db"))
    for _ in range(2):
        database.write_now(keeping(usual_session()))
        checkpoint(path)
    hand(path)
    for work in (lambda: database.read_now(reading(visit.id)), lambda: database.write_now(keeping(usual_session()))):
        with pytest.raises(Damaged, match="overwritten while it was served"):
            work()
    assert database.damage is not None


def checkpoint(path: Path) -> None:
    """Brings the log into the file, as happens by itself now and then."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        busy, in_log, brought = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
    assert (busy, in_log) == (0, brought)


def test_what_was_put_there_by_hand_is_left_as_it_is(url: str) -> None:
    """The log of the database that was overwritten is brought into nothing: the copy is whole when it is served next,
    and the log is kept aside.
    """
    path = Path(url.removeprefix("sqlite:///"))
    kept, late = usual_session(), usual_session()
    with Database.open(url) as database:
        database.write_now(keeping(kept))
    shutil.copyfile(path, path.with_name("backup.db"))
    with Database.open(url) as database:
        database.write_now(keeping(late))
        restored_by_hand(path)
        with pytest.raises(Damaged):
            database.write_now(keeping(usual_session()))
    assert path.read_bytes() == path.with_name("backup.db").read_bytes()
    assert len(list(path.parent.glob(f"{path.name}-wal.before-*"))) == 1
    with Database.open(url) as database:
        assert database.read_now(reading(kept.id)) == kept


def test_what_others_bring_into_the_file_is_no_damage(database: Database, url: str) -> None:
    """A command beside the service, and whoever brings the log into the file, are no other hand."""
    path = Path(url.removeprefix("sqlite:///"))
    for _ in range(3):
        with Database.open(url, alone=False) as beside:
            beside.write_now(keeping(usual_session()))
            checkpoint(path)
        database.write_now(keeping(usual_session()))
        checkpoint(path)
    assert database.damage is None


def test_reported_damage_stops_writes(database: Database) -> None:
    """What the database itself reports as corrupt is the end of writing, by whichever way it was learned."""

    def corrupt(tx: Transaction) -> None:
        raise Damaged("The database is damaged: restore it from a backup.")

    with pytest.raises(Damaged):
        database.hand(corrupt).result()
    for attempt in (database.write_now, database.hand):
        with pytest.raises(Damaged, match="restore it from a backup"):
            attempt(keeping(usual_session()))


def test_a_database_is_for_its_owner_only(new_url: Callable[[], str]) -> None:
    """Whatever the umask, and whatever an earlier release made: the file, its log, index and lock are 0600."""
    url = new_url()
    path = Path(url.removeprefix("sqlite:///"))
    before = os.umask(0)
    try:
        for loosened in (0o644, 0o600):
            with Database.open(url) as database:
                database.write_now(keeping(usual_session()))
                modes = {file.name: file.stat().st_mode & 0o777 for file in path.parent.glob(f"{path.name}*")}
                assert len(modes) == 4
                assert set(modes.values()) == {0o600}, modes
            path.chmod(loosened)
            back_up(url, path.with_name("backup.db"), overwrite=True)
            assert path.with_name("backup.db").stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)
