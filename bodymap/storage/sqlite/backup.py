"""Copies of a database: made while it is served, checked before they count, and put back with the old one kept.

A copy is one file and holds the whole record at one moment. The service's secret is not part of it: that is in a file
of its own next to the database, or in the settings, and a copy of the record must not include its key.
"""

import contextlib
import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bodymap.errors import Damaged, Misconfigured, StorageUnavailable
from bodymap.storage.sqlite.connection import (
    COMPANIONS,
    connect_reader,
    connect_writer,
    path_of,
    plain_errors,
    require_file,
)
from bodymap.storage.sqlite.lock import ProcessLock
from bodymap.storage.sqlite.migrations import pending, take
from bodymap.storage.sqlite.transaction import SQLiteTransaction
from bodymap.storage.steps import LEDGER, steps
from bodymap.storage.transaction import Transaction

_OWN = ("", *COMPANIONS, ".secret")


class Backup(NamedTuple):
    """A backup that was made: how many sessions and bytes are in it, and the database that it is of."""

    sessions: int
    size_bytes: int
    database: Path


class Restored(NamedTuple):
    """What restoring did: where the database is, where the previous one is kept, the steps that were taken on the way,
    and how many sessions there are.
    """

    database: Path
    previous: Path | None
    taken: tuple[str, ...]
    sessions: int


def back_up(url: str, file: Path, overwrite: bool = False) -> Backup:
    """Writes a copy of the database into a file, also while it is served. The file appears whole or not at all.

    Raises `Misconfigured` where the file exists and is not to be overwritten, or where the database is not one of this
    service, `Damaged` where the copy does not pass its check, `StorageUnavailable` for a disk that is full and the
    like.
    """
    path = path_of(url)
    require_file(path)
    file = file.absolute()
    if file.resolve() in [path.with_name(path.name + rest) for rest in _OWN]:
        raise Misconfigured(f"{file} belongs to the database itself: name another file.")
    if file.exists() and not overwrite:
        raise Misconfigured(f"{file} exists already: name another file, or say --overwrite.")
    with _draft(file) as draft:
        with plain_errors(f"The database {path}"), contextlib.closing(connect_reader(path)) as source:
            _require_record(source, path)
            _copy(source, draft)
        with plain_errors(f"The backup {file}"), contextlib.closing(sqlite3.connect(draft)) as copy:
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, which a disk that can only be read will serve
            copy.execute("PRAGMA user_version = 0")  # the mark of the file that is served is for that file only
            _check(copy, f"The copy of {path}")
            sessions = _sessions(copy)
        size = draft.stat().st_size
        _place(draft, file, overwrite)
    return Backup(sessions, size, path)


def restore(url: str, file: Path, now: datetime, proof: Callable[[Transaction], None]) -> Restored:
    """Puts a copy in the place of the database, brought up to this release; the previous one is kept next to it.

    `proof` checks the copy before it is used, and raises if it must not be.

    Raises `StorageUnavailable` while another process serves the database, `Damaged` for a copy that does not pass its
    check, `NewerDatabase` for one that a newer release wrote, `Misconfigured` for a file that holds no record. Nothing
    is changed then; the copy itself is never changed.
    """
    path = path_of(url)
    if not file.is_file():
        raise Misconfigured(f"There is no file {file}.")
    if path.exists() and path.samefile(file):
        raise Misconfigured(f"{file} is the database itself.")
    with contextlib.closing(ProcessLock(path)), _draft(path) as draft:
        with plain_errors(f"The backup {file}"), contextlib.closing(connect_reader(file.absolute())) as source:
            _check(source, f"The backup {file}")
            _require_record(source, file)
            _copy(source, draft)
        with plain_errors(f"The database {path}"), contextlib.closing(connect_writer(draft)) as copy:
            taken = take(copy, steps("sqlite"))
            _check(copy, f"The copy of {file}")
            proof(SQLiteTransaction(copy))
            sessions = _sessions(copy)
        previous = _put_aside(path, now)
        _place(draft, path, overwrite=True)
    return Restored(path, previous, taken, sessions)


@contextlib.contextmanager
def _draft(target: Path) -> Iterator[Path]:
    """A temporary name next to the target; a file that is still there at the end is removed."""
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        # Only its owner may read what holds patients, from the first byte on.
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        yield draft
    finally:
        for rest in ("", "-wal", "-shm", "-journal"):
            draft.with_name(draft.name + rest).unlink(missing_ok=True)


def _copy(source: sqlite3.Connection, draft: Path) -> None:
    """Copies all pages in one step: a reader sees one state, and blocks no writer."""
    with contextlib.closing(sqlite3.connect(draft)) as copy:
        source.backup(copy, pages=-1)


def _require_record(connection: sqlite3.Connection, file: Path) -> None:
    """Raises `Misconfigured` where the file holds something else or nothing, `NewerDatabase` for a newer release's."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (LEDGER,)).fetchall():
        raise Misconfigured(f"{file} holds no record of bodymap's.")
    pending(connection, steps("sqlite"))


def _check(connection: sqlite3.Connection, name: str) -> None:
    problems = [text for (text,) in connection.execute("PRAGMA integrity_check(3)")]
    if problems != ["ok"]:
        raise Damaged(f"{name} is damaged: {'; '.join(problems)}")
    if loose := connection.execute("PRAGMA foreign_key_check").fetchall():
        raise Damaged(f"{name} is damaged: {len(loose)} rows refer to nothing.")


def _sessions(connection: sqlite3.Connection) -> int:
    [(count,)] = connection.execute("SELECT count(*) FROM session")
    return int(count)


def _put_aside(path: Path, now: datetime) -> Path | None:
    """Gives the present database a second name, and its log with it; its first name is taken next."""
    if not path.exists():
        return None
    _settle_log(path)
    previous = path.with_name(f"{path.name}.before-{now:%Y%m%dT%H%M%S%fZ}")
    named = _linked(path, previous)
    # What is left of a log belongs to this database, and must not be taken for the next one's.
    for rest in ("-wal", "-shm"):
        log = path.with_name(path.name + rest)
        if log.exists():
            log.rename(previous.with_name(previous.name + rest))
    if not named:
        path.rename(previous)
    return previous


def _settle_log(path: Path) -> None:
    """Brings a sound database's log into its file. A damaged one is left as it is, for analysis."""
    with contextlib.suppress(StorageUnavailable), plain_errors():
        with contextlib.closing(connect_reader(path)) as reading:
            _check(reading, str(path))
        with contextlib.closing(connect_writer(path)) as writing:
            writing.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _place(draft: Path, target: Path, overwrite: bool) -> None:
    """Gives a finished file its name, in one step, and makes sure that it keeps it."""
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    if overwrite:
        draft.replace(target)
    elif _linked(draft, target):
        draft.unlink()
    else:
        draft.rename(target)
    folder = os.open(target.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _linked(path: Path, name: Path) -> bool:
    """Gives a file a second name, unless something has it already. False where the disk knows no second names."""
    try:
        name.hardlink_to(path)
    except FileExistsError as error:
        raise Misconfigured(f"{name} exists already.") from error
    except OSError:
        return False
    return True
