"""SQLite: where the file is, how it is opened, and what its errors mean."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from bodymap.errors import Damaged, Misconfigured, StorageUnavailable
from bodymap.storage.engine import SUPPORTED

BUSY_TIMEOUT_S = 5.0
COMPANIONS = ("-wal", "-shm", "-journal", ".lock")
"""Suffixes of the files next to a database, without the secret's."""
_JOURNAL_LIMIT_BYTES = 64 * 1024 * 1024


_MEANINGS = {
    sqlite3.SQLITE_BUSY: "is locked by another process",
    sqlite3.SQLITE_LOCKED: "is locked by another connection",
    sqlite3.SQLITE_FULL: "cannot grow: the disk is full",
    sqlite3.SQLITE_READONLY: "can only be read: its file, folder or disk is read-only",
    sqlite3.SQLITE_CORRUPT: "is damaged: restore it from a backup",
    sqlite3.SQLITE_NOTADB: "is not a SQLite database",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened",
    sqlite3.SQLITE_IOERR: "cannot be read or written: the disk reports an error",
    sqlite3.SQLITE_PERM: "may not be used by this user",
    sqlite3.SQLITE_NOMEM: "cannot be used: memory ran out",
    sqlite3.SQLITE_PROTOCOL: "cannot be locked",
    sqlite3.SQLITE_NOLFS: "cannot grow: the disk takes no larger file",
}

_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def path_of(url: str) -> Path:
    """The file that a database's address names, absolute. Raises `Misconfigured` where it names none."""
    scheme, separator, rest = url.partition("://")
    if not separator or scheme != "sqlite":
        raise Misconfigured(f"The database {url!r} is not understood. Supported: {SUPPORTED}.")
    name = rest.removeprefix("/")
    if not rest.startswith("/") or not name or "?" in name or "\0" in name:
        raise Misconfigured(f"The database {url!r} names no file. Supported: {SUPPORTED}.")
    if name == ":memory:":
        raise Misconfigured(
            "A database in memory cannot be used: readers have connections of their own and would see nothing. "
            f"Supported: {SUPPORTED}."
        )
    # Two names of one file must come to one lock, hence the links resolved.
    path = Path(name).resolve()
    if path.is_dir():
        raise Misconfigured(f"The database {path} is a folder.")
    if not path.parent.is_dir():
        raise Misconfigured(f"The folder of the database {path} does not exist.")
    return path


def meaning(error: sqlite3.Error, name: str = "The database") -> StorageUnavailable | None:
    """What an error of the driver means to a caller, or None where it is not the storage that is at fault."""
    code = getattr(error, "sqlite_errorcode", None)
    cause = _MEANINGS.get(code & 0xFF) if code is not None else None
    kind = Damaged if code is not None and code & 0xFF in _DAMAGE else StorageUnavailable
    return kind(f"{name} {cause} ({error}).") if cause else None


@contextlib.contextmanager
def plain_errors(name: str = "The database") -> Iterator[None]:
    """Raises the driver's errors as what they mean; those that are not the storage's fault go on as they are."""
    try:
        yield
    except sqlite3.Error as error:
        if (unavailable := meaning(error, name)) is not None:
            raise unavailable from error
        raise


def connect_writer(path: Path, create: bool = True) -> sqlite3.Connection:
    """A connection that writes; every commit is on disk when it returns. The file is made where there is none and
    `create` allows it. Only its owner can read it, and its log: what SQLite makes beside a file has the file's mode.

    Raises `StorageUnavailable` for a file that is no database, is damaged, locked, or cannot be written, and
    `Misconfigured` where there is none.
    """
    if sqlite3.sqlite_version_info < (3, 37):
        raise Misconfigured(f"SQLite 3.37 or newer is needed; this Python has {sqlite3.sqlite_version}.")
    if not create:
        require_file(path)
    _make_private(path)
    with plain_errors(f"The database {path}"):
        connection = _connect(path, "rw")
        try:
            _make_durable(connection, path)
            # A file that can only be read opens and begins without complaint, and would fail at the first command.
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("PRAGMA user_version = 0")
            connection.execute("ROLLBACK")
        except BaseException:
            connection.close()
            raise
        return connection


def require_file(path: Path) -> None:
    """Raises `Misconfigured` where there is no file: a mistyped name would look like an empty record."""
    if not path.exists():
        raise Misconfigured(
            f"There is no database {path}. `bodymap serve` and `bodymap migrate` make one; other commands work on one "
            "that is there."
        )


def _make_private(path: Path) -> None:
    """Never opens an existing file: closing it would release SQLite's locks."""
    try:
        try:
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
        except FileExistsError:
            for file in (path, *(path.with_name(path.name + ending) for ending in COMPANIONS)):
                # Somebody else's file is theirs to open or close.
                with contextlib.suppress(FileNotFoundError, PermissionError):
                    if file.stat().st_mode & 0o077:
                        file.chmod(0o600)
    except OSError as error:
        raise StorageUnavailable(f"The database {path} cannot be made: {error.strerror}.") from error


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write. The file must exist."""
    with plain_errors(f"The database {path}"):
        return _connect(path, "ro")


def _make_durable(connection: sqlite3.Connection, path: Path) -> None:
    """Has every commit on disk when it returns, and makes sure of it."""
    journal = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    connection.execute("PRAGMA synchronous = FULL")
    # Elsewhere than on macOS these two do nothing; there, fsync by itself leaves data in the drive's cache.
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA checkpoint_fullfsync = ON")
    connection.execute(f"PRAGMA journal_size_limit = {_JOURNAL_LIMIT_BYTES}")
    synchronous = connection.execute("PRAGMA synchronous").fetchone()[0]
    if journal != "wal" or synchronous != 2:
        raise StorageUnavailable(
            f"The database {path} cannot be made durable: "
            f"journal mode {journal} (wal is needed), synchronous {synchronous} (2 is needed)."
        )


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_TIMEOUT_S,
        isolation_level=None,  # the driver begins and commits nothing by itself
        check_same_thread=False,  # opened and closed by one thread, used by one other
        cached_statements=256,
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA trusted_schema = OFF")
    except BaseException:
        connection.close()
        raise
    return connection
