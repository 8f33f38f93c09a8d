"""Backup and restore, by the commands that a clinic runs."""

import asyncio
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec import structs

from bodymap import ids
from bodymap.errors import Damaged
from bodymap.service.audit import chain_of
from bodymap.storage.audit import Entry, append
from bodymap.storage.database import Database
from bodymap.storage.secret import Secret
from bodymap.storage.sqlite.backup import back_up
from bodymap.storage.sqlite.connection import connect_writer
from bodymap.storage.sqlite.migrations import take
from bodymap.storage.steps import Step, steps
from bodymap.storage.transaction import Transaction
from tests.command_line import bodymap_in_text
from tests.conftest import key_in
from tests.kept import check_kept
from tests.load import Exchange, Load, ask_again
from tests.storage.visits import keeping, reading, usual_session

SECRET = "ab" * 32
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("BODYMAP_")}


def bodymap(*arguments: str | Path, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    return bodymap_in_text(folder, *arguments, **settings)


def recorded(tx: Transaction) -> None:
    """Keeps a session with its entry in the audit."""
    visit = usual_session()
    keeping(visit)(tx)
    made = Entry(tenant="t", at=ids.now(), action="write", outcome="done", operation="createSession", client="key:1")
    append(tx, chain_of(Secret(SECRET.encode())), [structs.replace(made, sessions=(visit.id,), version=1)])


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A folder with a database of three sessions, its secret, and a backup of it."""
    with Database.open(f"sqlite:///{tmp_path}/clinic.db") as database:
        for _ in range(3):
            database.write_now(recorded)
    (tmp_path / "clinic.db.secret").write_text(SECRET + "\n")
    (tmp_path / "clinic.db.secret").chmod(0o600)
    done = bodymap("backup", "copy.db", "--db", "clinic.db", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    return tmp_path


def content(path: Path) -> list[str]:
    """Everything in a database, as statements."""
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


def test_a_backup_under_load_holds_all_that_was_answered_before(serve: Any, tmp_path: Path) -> None:
    """A backup taken while many clients write is whole and sound, and once restored the service answers as before."""
    running = serve("--db", "clinic.db")
    key = key_in(tmp_path, "--db", "clinic.db")

    async def written() -> tuple[list[Exchange], list[Exchange], int]:
        load = Load(running.address, key)
        writing = asyncio.create_task(load.run())
        await load.reached(150)
        before = [exchange for exchange in load.exchanges if exchange.answered]
        command = [sys.executable, "-m", "bodymap", "backup", "copy.db", "--db", "clinic.db"]
        process = await asyncio.create_subprocess_exec(*command, cwd=tmp_path, env=ENVIRONMENT)
        assert await process.wait() == 0
        meanwhile = load.answers - 150
        load.stop()
        await writing
        return before, load.exchanges, meanwhile

    before, everything, meanwhile = asyncio.run(written())
    assert meanwhile > 0, "nothing was written while the backup was made"
    running.process.send_signal(signal.SIGKILL)
    running.process.wait()
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600
    done = bodymap("restore", "copy.db", "--db", "clinic.db", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    with Database.open(f"sqlite:///{tmp_path}/clinic.db") as database:
        database.read_now(partial(check_kept, exchanges=before))
    [previous] = tmp_path.glob("clinic.db.before-*")
    with Database.open(f"sqlite:///{previous}") as database:
        database.read_now(partial(check_kept, exchanges=everything))
    again = asyncio.run(ask_again(serve("--db", "clinic.db").address, before))
    assert [(one.status, one.answer) for one in again] == [(one.status, one.answer) for one in before]


def test_restoring_gives_back_what_was_there(kept: Path) -> None:
    """What was lost since the backup comes back, what came since is in the database that is kept aside."""
    as_it_was = content(kept / "clinic.db")
    later = usual_session()
    with Database.open(f"sqlite:///{kept}/clinic.db") as database:
        database.write_now(keeping(later))
    done = bodymap("restore", "copy.db", "--db", "clinic.db", folder=kept)
    assert done.returncode == 0, done.stderr
    assert "restored 3 sessions" in done.stdout
    assert content(kept / "clinic.db") == content(kept / "copy.db") == as_it_was
    [previous] = kept.glob("clinic.db.before-*")
    assert previous.name in done.stderr
    with Database.open(f"sqlite:///{previous}") as database:
        assert database.read_now(reading(later.id)) == later
    assert not list(kept.glob(".*")), "nothing half-made is left"


def test_a_backup_names_the_secret_and_does_not_hold_it(kept: Path) -> None:
    """Where the secret is, is said; what it is, is in no backup; and without the right one nothing is restored."""
    done = bodymap("backup", "other.db", "--db", "clinic.db", folder=kept)
    assert "clinic.db.secret" in done.stderr
    assert b"ab" * 16 not in (kept / "other.db").read_bytes()
    key_in(kept, "--db", "clinic.db")  # which the audit tells of
    assert bodymap("backup", "other.db", "--overwrite", "--db", "clinic.db", folder=kept).returncode == 0
    elsewhere = kept / "elsewhere"
    elsewhere.mkdir()
    refused = bodymap("restore", kept / "other.db", "--db", "clinic.db", folder=elsewhere)
    assert refused.returncode == 1
    assert "There is no secret at" in refused.stderr
    another = {"BODYMAP_SECRET": "a secret that is another one"}
    refused = bodymap("restore", kept / "other.db", "--db", "clinic.db", folder=elsewhere, **another)
    assert refused.returncode == 1
    assert "secret" in refused.stderr
    assert not (elsewhere / "clinic.db").exists()
    shutil.copy2(kept / "clinic.db.secret", elsewhere)
    assert bodymap("restore", kept / "other.db", "--db", "clinic.db", folder=elsewhere).returncode == 0
    verified = bodymap("audit", "verify", "--db", "clinic.db", "--tenant", "clinic", folder=elsewhere)
    assert verified.returncode == 0, verified.stdout


def test_a_backup_that_was_altered_is_restored_only_when_told(kept: Path) -> None:
    """What `audit verify` finds in a copy is said, and nothing is restored, unless that is accepted."""
    with contextlib.closing(sqlite3.connect(kept / "copy.db", isolation_level=None)) as hand:
        hand.execute("UPDATE session SET subject = 'Patient/9'")
    before = content(kept / "clinic.db")
    refused = bodymap("restore", "copy.db", "--db", "clinic.db", folder=kept)
    assert refused.returncode == 1
    assert "the column subject of session" in refused.stderr
    assert "Patient/9" not in refused.stderr
    assert content(kept / "clinic.db") == before
    done = bodymap("restore", "copy.db", "--db", "clinic.db", "--accept-findings", folder=kept)
    assert (done.returncode, "the column subject of session" in done.stderr) == (0, True)
    assert content(kept / "clinic.db") == content(kept / "copy.db")


def test_a_file_is_overwritten_only_when_told(kept: Path) -> None:
    """An existing file stays as it is, unless it is named to be replaced; the database itself never is."""
    before = (kept / "copy.db").read_bytes()
    done = bodymap("backup", "copy.db", "--db", "clinic.db", folder=kept)
    assert done.returncode == 1
    assert "--overwrite" in done.stderr
    assert (kept / "copy.db").read_bytes() == before
    (kept / "copy.db").write_text("something else")
    assert bodymap("backup", "copy.db", "--overwrite", "--db", "clinic.db", folder=kept).returncode == 0
    assert content(kept / "copy.db") == content(kept / "clinic.db")
    for own in ("clinic.db", "clinic.db-wal", "clinic.db.secret", "clinic.db.lock"):
        assert bodymap("backup", own, "--overwrite", "--db", "clinic.db", folder=kept).returncode == 1
    assert not list(kept.glob(".*"))


def test_nothing_is_restored_under_a_server(kept: Path, serve: Any) -> None:
    """While a server has the database, it stays."""
    httpx.get(f"{serve('--db', 'clinic.db').address}/readyz")  # it listens before it has opened the database
    done = bodymap("restore", "copy.db", "--db", "clinic.db", folder=kept)
    assert done.returncode == 1
    assert "in use by another process" in done.stderr
    assert not list(kept.glob("clinic.db.before-*"))


def newer(path: Path) -> None:
    with contextlib.closing(connect_writer(path)) as connection:
        take(connection, [*steps("sqlite"), Step(9001, "9001_later", "CREATE TABLE later (x);")])


def foreign(path: Path) -> None:
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (x)")


def torn(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[8192:] = b"\xa5" * (len(whole) - 8192)
    path.write_bytes(whole)


def dangling(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO session_lot VALUES ('t', 'lot', 'no such session')")
        connection.commit()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (newer, "9001_later"),
        (foreign, "no record"),
        (torn, "damaged"),
        (dangling, "refer to nothing"),
        (lambda path: path.write_text("Dear diary, " * 500), "not a SQLite database"),
        (lambda path: path.write_bytes(b""), "no record"),
        (lambda path: os.truncate(path, 9000), "damaged"),
        (Path.unlink, "There is no file"),
    ],
)
def test_what_is_no_sound_backup_is_refused(kept: Path, spoil: Any, said: str) -> None:
    """A copy that is damaged, of a newer release, or of something else changes nothing, and the message says why."""
    before = content(kept / "clinic.db")
    spoil(kept / "copy.db")
    done = bodymap("restore", "copy.db", "--db", "clinic.db", folder=kept)
    assert done.returncode == 1, done.stdout
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert content(kept / "clinic.db") == before
    assert not list(kept.glob("clinic.db.before-*"))


def test_a_damaged_database_is_replaced_and_kept_with_its_log(kept: Path) -> None:
    """What cannot be opened any more is put aside as it is, log and all, and the copy takes its place."""
    (kept / "clinic.db").write_bytes(b"\xa5" * 100_000)
    (kept / "clinic.db-wal").write_bytes(b"a log")
    assert bodymap("restore", "copy.db", "--db", "clinic.db", folder=kept).returncode == 0
    assert content(kept / "clinic.db") == content(kept / "copy.db")
    [previous] = kept.glob("clinic.db.before-*Z")
    assert previous.read_bytes() == b"\xa5" * 100_000
    assert previous.with_name(f"{previous.name}-wal").read_bytes() == b"a log"


def test_an_old_copy_is_brought_up_to_this_release(kept: Path, tmp_path: Path) -> None:
    """A copy that an earlier release made takes the steps since, in its new place alone."""
    old = tmp_path / "old.db"
    with contextlib.closing(connect_writer(old)) as connection:
        take(connection, steps("sqlite")[:2])
    before = old.read_bytes()
    done = bodymap("restore", "old.db", "--db", "clinic.db", folder=kept)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[:-1] == [f"took {step.name}" for step in steps("sqlite")[2:]]
    assert old.read_bytes() == before
    Database.open(f"sqlite:///{kept}/clinic.db").close()


def test_a_damaged_database_gives_no_backup(kept: Path) -> None:
    """A copy that does not pass its check does not get the name that was asked for."""
    dangling(kept / "clinic.db")
    with pytest.raises(Damaged, match="refer to nothing"):
        back_up(f"sqlite:///{kept}/clinic.db", kept / "new.db")
    assert not (kept / "new.db").exists()
    assert not list(kept.glob(".*"))


def test_a_killed_backup_leaves_no_half_of_a_file(kept: Path) -> None:
    """A backup or a restore that is killed has either done it or not: the names hold whole databases."""
    shutil.copy(kept / "copy.db", kept / "old.db")
    before = content(kept / "clinic.db")
    for number in range(6):
        command, wait = (("backup", "restore")[number % 2], 0.05 + 0.05 * number)
        arguments = ["old.db", "--db", "clinic.db", *(["--overwrite"] if command == "backup" else [])]
        process = subprocess.Popen([sys.executable, "-m", "bodymap", command, *arguments], cwd=kept, env=ENVIRONMENT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(wait)
        process.kill()
        process.wait()
        assert content(kept / "clinic.db") == before
        assert content(kept / "old.db") == before
    Database.open(f"sqlite:///{kept}/clinic.db").close()
