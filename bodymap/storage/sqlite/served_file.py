"""Whether the file that is served is still there, under its name and with what was written into it.

Nothing keeps others from removing, moving or overwriting a file that SQLite has open, and SQLite does not notice: it
goes on committing into a file that nobody will find again. So before and after each commit the name is compared with
the file that was opened, its log and index too.

Copying something over the file itself keeps its name. To detect that, the header carries a mark: a random number, given
anew by the next command whenever a checkpoint has brought the last one into the file. Between two checkpoints the file
does not change, so that a file with another mark than these two was written by somebody else, an older copy of the
database included.
"""

import os
import secrets
import sqlite3
from pathlib import Path

from bodymap.errors import Damaged, StorageUnavailable

_MARK_AT, _MARK_BYTES = 60, 4
"""Where the header keeps `user_version`: https://www.sqlite.org/fileformat.html#the_database_header"""


class ServedFile:
    """Watches the file of a connection, from construction to `close`; that comes after all connections are closed.

    SQLite's locks belong to the process and go with any descriptor of the file that is closed, so that only the one
    process that owns the database marks it, and its descriptor stays open until the end.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, marks: bool) -> None:
        """`connection` has begun a transaction that writes at least once, so that its log is there."""
        self.overwritten = False
        self._path = path
        self._files = {name: _identity(name) for name in (path, log_of(path), index_of(path))}
        self._descriptor: int | None = None
        if not marks:
            return
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        self._marks = [_mark(self._descriptor)]
        self._due = True
        connection.execute("BEGIN IMMEDIATE")
        self.begin(connection)
        connection.execute("COMMIT")
        self.end(committed=True)
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def check(self) -> None:
        """Raises `StorageUnavailable` where a name leads elsewhere, `Damaged` where the file was overwritten."""
        for path, identity in self._files.items():
            try:
                present = _identity(path)
            except OSError as error:
                raise StorageUnavailable(
                    f"{path} is not there any more: it was removed or moved while it was served. Nothing is written "
                    "until it is back; otherwise stop the service and restore a backup."
                ) from error
            if present != identity:
                raise StorageUnavailable(
                    f"{path} is another file than the one that is served: it was replaced meanwhile. Nothing is "
                    "written. Put the served one back, or start the service anew on the one that is there."
                )
        self.check_content()

    def check_content(self) -> None:
        """Raises `Damaged` where the file was overwritten, wherever it is by now."""
        if self._descriptor is None:
            return
        mark = _mark(self._descriptor)
        if mark not in self._marks:
            self.overwritten = True
            raise Damaged(
                f"The database {self._path} was overwritten while it was served. Nothing is written into it. "
                "Stop the service, and restore a backup with `bodymap restore`."
            )
        if mark == self._marks[-1]:
            self._marks = [mark]
            self._due = True

    def begin(self, connection: sqlite3.Connection) -> None:
        """Within a transaction: gives the next mark where the last one is in the file."""
        if self._descriptor is not None and self._due:
            number = secrets.randbelow(2**31 - 1) + 1
            connection.execute(f"PRAGMA user_version = {number}")
            self._marks.append(number.to_bytes(_MARK_BYTES, "big"))

    def end(self, committed: bool) -> None:
        """After the transaction: whether the mark that it gave counts."""
        if self._descriptor is None or not self._due:
            return
        if committed:
            self._due = False
        else:
            self._marks = self._marks[:1]

    def close(self) -> None:
        """Closes the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def log_of(path: Path) -> Path:
    """The write-ahead log of a database."""
    return path.with_name(path.name + "-wal")


def index_of(path: Path) -> Path:
    """The index of the log, which all processes share."""
    return path.with_name(path.name + "-shm")


def _mark(descriptor: int) -> bytes:
    return os.pread(descriptor, _MARK_BYTES, _MARK_AT)


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_dev, status.st_ino
