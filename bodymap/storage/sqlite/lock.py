"""The lock of the one process that owns a database's writer."""

import contextlib
import fcntl
import os
from pathlib import Path

from bodymap.errors import StorageUnavailable


class ProcessLock:
    """Held from construction to `close`, or to the end of the process, however it ends.

    It is the operating system's lock on a file of its own, `<database>.lock`. Not on the database itself: SQLite
    keeps locks there that a process loses as soon as it closes any other descriptor of that file. The file stays
    when the lock goes; removing it would let two processes lock two files of one name.
    """

    def __init__(self, database: Path) -> None:
        """Raises `StorageUnavailable` where another process, or another part of this one, holds it."""
        path = database.with_name(database.name + ".lock")
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StorageUnavailable(f"The lock {path} cannot be made: {error.strerror}.") from error
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.read(self._descriptor, 20).decode("ascii", "replace").strip()
            os.close(self._descriptor)
            if not isinstance(error, BlockingIOError):
                raise StorageUnavailable(f"{path} cannot be locked: {error.strerror}.") from error
            raise StorageUnavailable(
                f"The database {database} is in use by another process{f' ({holder})' if holder else ''}: "
                "one process owns its writer. Stop the other one, or use another database."
            ) from error
        # Only for the message above, so a disk without room for it is no reason to fail.
        with contextlib.suppress(OSError):
            os.ftruncate(self._descriptor, 0)
            os.pwrite(self._descriptor, f"{os.getpid()}\n".encode("ascii"), 0)

    def close(self) -> None:
        os.close(self._descriptor)
