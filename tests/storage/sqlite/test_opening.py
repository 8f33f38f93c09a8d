"""Opening a database: what is found, what is refused, and in which words."""

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bodymap.errors import Misconfigured, StorageUnavailable
from bodymap.storage.database import Database
from bodymap.storage.sqlite.connection import path_of
from tests.storage.visits import keeping, reading, usual_session


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("sqlite:///:memory:", "memory"),
        ("sqlite://", "names no file"),
        ("sqlite:///", "names no file"),
        ("sqlite://clinic.db", "names no file"),
        ("sqlite:///clinic.db?mode=ro", "names no file"),
        ("sqlite:///clinic\0.db", "names no file"),
        ("postgresql+psycopg://localhost/clinic", "sqlite:///"),
        ("mysql://localhost/clinic", "sqlite:///"),
        ("clinic.db", "sqlite:///"),
        ("", "sqlite:///"),
        ("sqlite:////", "folder"),
        ("sqlite:////nowhere/at/all/clinic.db", "does not exist"),
    ],
)
def test_senseless_address_is_refused(url: str, said: str) -> None:
    """An address that names no file is refused with what would be right."""
    with pytest.raises(Misconfigured, match=said):
        Database.open(url)


def test_address_is_relative_or_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three slashes name a file in the current folder, four one from the root; both are the same database."""
    monkeypatch.chdir(tmp_path)
    assert path_of("sqlite:///clinic.db") == path_of(f"sqlite:///{tmp_path}/clinic.db") == tmp_path / "clinic.db"


@pytest.mark.parametrize("name", ["a clinic.db", "50% & more#1.db", "café-針.db"])
def test_odd_file_names_are_taken_as_they_are(tmp_path: Path, name: str) -> None:
    """The file has the name that the address says, whatever SQLite's own addresses make of such characters."""
    visit = usual_session()
    with Database.open(f"sqlite:///{tmp_path}/{name}") as database:
        database.write_now(keeping(visit))
        assert database.read_now(reading(visit.id)) == visit
    assert {path.name for path in tmp_path.iterdir()} == {name, f"{name}.lock"}


def test_commits_are_made_durable(database: Database) -> None:
    """The writer's connection keeps a write-ahead log, syncs on each commit, and minds foreign keys."""

    def ask(name: str) -> object:
        [(value,)] = database.write_now(lambda tx: tx.execute(f"PRAGMA {name}"))
        return value

    assert [ask(name) for name in ("journal_mode", "synchronous", "foreign_keys")] == ["wal", 2, 1]


def test_reopened_database_has_everything(url: str) -> None:
    """What was kept is there after closing and opening again."""
    visits = [usual_session() for _ in range(5)]
    for visit in visits:
        with Database.open(url) as database:
            database.write_now(keeping(visit))
    with Database.open(url) as database:
        for visit in visits:
            assert database.read_now(reading(visit.id)) == visit


def test_second_process_is_refused(database: Database, url: str) -> None:
    """While one process serves a database another one cannot, and is told which one does."""
    script = f"from bodymap.storage.database import Database\nDatabase.open({url!r})"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "StorageUnavailable" in ended.stderr
    assert f"in use by another process ({os.getpid()})" in ended.stderr


def test_second_opening_in_one_process_is_refused(database: Database, url: str, tmp_path: Path) -> None:
    """The lock also holds within a process, and by whichever name the file is reached."""
    (tmp_path / "other.db").symlink_to(tmp_path / "clinic.db")
    for again in (url, f"sqlite:///{tmp_path}/other.db"):
        with pytest.raises(StorageUnavailable, match="in use"):
            Database.open(again)


def test_lock_goes_with_the_database(url: str) -> None:
    """After closing, and after a start that failed, the database can be opened again."""
    for _ in range(2):
        with Database.open(url) as database, pytest.raises(StorageUnavailable):
            Database.open(url)
        assert database


def test_short_command_may_write_beside_a_server(database: Database, url: str) -> None:
    """What is opened as not alone writes to a served database, and the server sees it."""
    visits = [usual_session(), usual_session()]
    with Database.open(url, alone=False) as beside:
        beside.write_now(keeping(visits[0]))
        database.write_now(keeping(visits[1]))
        for side in (database, beside):
            for visit in visits:
                assert side.read_now(reading(visit.id)) == visit


def test_not_alone_still_makes_a_database(url: str) -> None:
    """A short command that comes first makes the tables, and leaves no lock behind."""
    with Database.open(url, alone=False), Database.open(url):
        pass


def test_file_that_is_no_database_is_refused(url: str, tmp_path: Path) -> None:
    """A text file is refused and left as it was."""
    path = tmp_path / "clinic.db"
    path.write_text("Dear diary, " * 500)
    with pytest.raises(StorageUnavailable, match="is not a SQLite database"):
        Database.open(url)
    assert path.read_text() == "Dear diary, " * 500


def test_database_of_something_else_is_refused(url: str, tmp_path: Path) -> None:
    """Another program's database is refused, and gets no tables of ours."""
    with contextlib.closing(sqlite3.connect(tmp_path / "clinic.db")) as other:
        other.execute("CREATE TABLE bookmarks (x)")
    with pytest.raises(Misconfigured, match="'bookmarks'"):
        Database.open(url)
    with contextlib.closing(sqlite3.connect(tmp_path / "clinic.db")) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]


def test_damaged_database_says_so(url: str, tmp_path: Path) -> None:
    """Pages overwritten with rubbish are reported as damage, at the latest where they are read."""
    visits = [usual_session() for _ in range(50)]
    with Database.open(url) as database:
        for visit in visits:
            database.write_now(keeping(visit))
    path = tmp_path / "clinic.db"
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(StorageUnavailable, match="damaged"), Database.open(url) as database:
        database.read_now(reading(visits[0].id))


def test_truncated_database_says_so(url: str, tmp_path: Path) -> None:
    """A file cut short is reported as damage."""
    with Database.open(url) as database:
        database.write_now(keeping(usual_session()))
    os.truncate(tmp_path / "clinic.db", 5000)
    with pytest.raises(StorageUnavailable, match="damaged"), Database.open(url):
        pass


@pytest.fixture
def as_nobody() -> Iterator[Path]:
    """A folder that everyone may enter, and a process that may write only where everyone may."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    root = os.geteuid() == 0
    yield folder
    if root:
        os.seteuid(0)
    folder.chmod(0o755)
    shutil.rmtree(folder)


def become_nobody() -> None:
    if os.geteuid() == 0:
        os.seteuid(65534)


def test_read_only_file_is_refused(as_nobody: Path) -> None:
    """A database that may only be read is refused at the start, not at the first command."""
    url = f"sqlite:///{as_nobody}/clinic.db"
    Database.open(url).close()
    (as_nobody / "clinic.db").chmod(0o444)
    (as_nobody / "clinic.db.lock").chmod(0o666)
    as_nobody.chmod(0o777)
    become_nobody()
    with pytest.raises(StorageUnavailable, match="read-only"):
        Database.open(url)


def test_read_only_folder_is_refused(as_nobody: Path) -> None:
    """A folder that nothing can be made in is refused in words, whether the database exists or not."""
    Database.open(f"sqlite:///{as_nobody}/old.db").close()
    as_nobody.chmod(0o555)
    become_nobody()
    for name in ("old.db", "new.db"):
        with pytest.raises(StorageUnavailable, match="cannot be made"):
            Database.open(f"sqlite:///{as_nobody}/{name}")


def test_locked_database_says_so(database: Database, tmp_path: Path) -> None:
    """Where another program holds the write lock for too long, a command fails in words and later ones are served."""
    database.write_now(lambda tx: tx.execute("PRAGMA busy_timeout = 50"))
    with contextlib.closing(sqlite3.connect(tmp_path / "clinic.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageUnavailable, match="locked by another process"):
            database.write_now(keeping(usual_session()))
        other.execute("ROLLBACK")
    database.write_now(keeping(usual_session()))
