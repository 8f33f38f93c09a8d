"""The one writer: commands are committed in groups, and answered when their group is on disk."""

import asyncio
import concurrent.futures
import contextlib
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from bodymap import ids
from bodymap.errors import OutcomeUnknown, StorageUnavailable, Unavailable
from bodymap.storage.engine import Watch
from bodymap.storage.sqlite.connection import connect_reader, meaning
from bodymap.storage.sqlite.served_file import ServedFile, index_of, log_of
from bodymap.storage.sqlite.transaction import SQLiteTransaction
from bodymap.storage.transaction import Work

T = TypeVar("T")

GROUP_LIMIT = 64
QUEUE_LIMIT = 1024


class _Command:
    """Work that waits to be written, the future of its result, and the result until its group is committed."""

    __slots__ = ("error", "future", "loop", "result", "work")

    def __init__(
        self,
        work: Work[Any],
        future: "asyncio.Future[Any] | concurrent.futures.Future[Any]",
        loop: asyncio.AbstractEventLoop | None,
    ) -> None:
        self.work = work
        self.future = future
        self.loop = loop
        self.result: Any = None
        self.error: BaseException | None = None


class Writer:
    """A thread that owns the one connection that writes.

    It takes what is queued, gives each command a savepoint, commits once, and only then answers. While one group is
    committed, the next one gathers: no command waits for others, and the more come at once, the fewer syncs each costs.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        file: ServedFile,
        group_limit: int = GROUP_LIMIT,
        queue_limit: int = QUEUE_LIMIT,
    ) -> None:
        self.watch: Watch | None = None
        self._connection = connection
        self._file = file
        self._path = Path(connection.execute("PRAGMA database_list").fetchone()[2])
        self._group_limit = group_limit
        self._queue_limit = queue_limit
        self._queue: deque[_Command] = deque()
        self._changed = threading.Condition()
        self._closing = False
        # A daemon, so that a program that forgets to close still ends; what it then leaves was answered to nobody.
        self._thread = threading.Thread(target=self._serve, name="bodymap-writer", daemon=True)
        self._thread.start()

    async def write(self, work: Work[T]) -> T:
        """The result of `work`, or its exception, once its group is on disk.

        A task that is cancelled withdraws work that was not begun; work that was begun is kept, with its group.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._enqueue(_Command(work, future, loop))
        return await future

    def write_now(self, work: Work[T]) -> T:
        """As `write`, for a caller without an event loop; it blocks."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("work that is being written cannot wait for other work to be written")
        return self.hand(work).result()

    def hand(self, work: Work[T]) -> "concurrent.futures.Future[T]":
        """As `write`, for a caller who does not wait: the future is done once the group is on disk."""
        future: concurrent.futures.Future[T] = concurrent.futures.Future()
        self._enqueue(_Command(work, future, None))
        return future

    def waiting(self) -> int:
        """How many commands are waiting to be written."""
        return len(self._queue)

    def size_bytes(self) -> int:
        """The size of the database and its log on disk, in bytes."""
        files = (self._path, log_of(self._path))
        return sum(file.stat().st_size for file in files if file.exists())

    def close(self) -> None:
        """Finishes accepted commands, rejects new ones, and closes the connection."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()
        if self._file.overwritten:
            _close_untidied(self._connection, self._path)
        else:
            self._connection.close()

    def _enqueue(self, command: _Command) -> None:
        with self._changed:
            if self._closing:
                raise StorageUnavailable("The database is closed.")
            if len(self._queue) >= self._queue_limit:
                raise Unavailable(f"{self._queue_limit} commands wait to be written already. Try again later.")
            self._queue.append(command)
            self._changed.notify()

    def _serve(self) -> None:
        while group := self._next_group():
            begun = time.perf_counter()
            on_disk = self._write_group(group)
            if self.watch is not None:
                if on_disk:
                    self.watch.committed(len(group), time.perf_counter() - begun)
                else:
                    self.watch.lost(len(group))
            _answer(group)

    def _next_group(self) -> list[_Command]:
        """What is queued, up to the limit; empty at the end. Waits for the first."""
        with self._changed:
            while not self._queue and not self._closing:
                self._changed.wait()
            count = min(len(self._queue), self._group_limit)
            return [self._queue.popleft() for _ in range(count)]

    def _write_group(self, group: Sequence[_Command]) -> bool:
        """Whether the group is on disk."""
        connection = self._connection
        try:
            self._file.check()
            connection.execute("BEGIN IMMEDIATE")
            self._file.begin(connection)
            for command in group:
                if not command.future.cancelled():
                    _write(connection, command)
            connection.execute("COMMIT")
            self._file.end(committed=True)
        except BaseException as failure:
            self._file.end(committed=False)
            # Nothing was committed, so even the reason for which a command was to be rejected may not hold.
            for command in group:
                command.error = _lost(failure)
            if connection.in_transaction:
                with contextlib.suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
            return False
        try:
            self._file.check()
        except StorageUnavailable as error:
            # It is in a file that went away meanwhile, and may come back.
            for command in group:
                command.error = OutcomeUnknown(f"It is not known whether this was kept. {error.detail}")
            return False
        return True


def _close_untidied(connection: sqlite3.Connection, path: Path) -> None:
    """Closes a connection without bringing its log into a file that it does not belong to, and puts the log aside.

    The last connection that is closed would bring it in, and the next one that is opened: but not while another reads.
    """
    reading = None
    with contextlib.suppress(StorageUnavailable, sqlite3.Error):
        reading = connect_reader(path)
        reading.execute("BEGIN")
        reading.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    connection.close()
    if reading is not None:
        reading.close()
    with contextlib.suppress(OSError):
        log_of(path).rename(f"{log_of(path)}.before-{ids.now():%Y%m%dT%H%M%S%fZ}")
        index_of(path).unlink()


def _write(connection: sqlite3.Connection, command: _Command) -> None:
    """Runs one command in a savepoint of its own. Raises only where the whole group is lost."""
    transaction = SQLiteTransaction(connection)
    connection.execute("SAVEPOINT command")
    try:
        command.result = command.work(transaction)
    except BaseException as error:
        # A full or failing disk may have ended the transaction, and the savepoint with it.
        if not connection.in_transaction:
            raise
        connection.execute("ROLLBACK TO command")
        command.error = _for_caller(error)
    finally:
        transaction.end()
    connection.execute("RELEASE command")


def _for_caller(error: BaseException) -> BaseException:
    """The exception for the command's caller."""
    if isinstance(error, sqlite3.Error) and (unavailable := meaning(error)) is not None:
        unavailable.__cause__ = error
        return unavailable
    if isinstance(error, StopIteration):  # which no future takes
        wrapped = RuntimeError("the work raised StopIteration")
        wrapped.__cause__ = error
        return wrapped
    return error


def _lost(failure: BaseException) -> StorageUnavailable:
    if isinstance(failure, StorageUnavailable):
        return type(failure)(failure.detail)
    unavailable = meaning(failure) if isinstance(failure, sqlite3.Error) else None
    lost = unavailable or StorageUnavailable(f"The database could not keep this ({failure}). Nothing was changed.")
    lost.__cause__ = failure
    return lost


def _answer(group: Sequence[_Command]) -> None:
    """Wakes each loop once for all its commands in the group."""
    by_loop: dict[asyncio.AbstractEventLoop | None, list[_Command]] = {}
    for command in group:
        by_loop.setdefault(command.loop, []).append(command)
    for loop, commands in by_loop.items():
        if loop is None:
            _settle(commands)
        elif not loop.is_closed():
            try:
                loop.call_soon_threadsafe(_settle, commands)
            except RuntimeError:  # the loop closed meanwhile; nobody waits any more
                continue


def _settle(commands: Sequence[_Command]) -> None:
    for command in commands:
        if command.future.done():  # its task was cancelled
            continue
        if command.error is not None:
            command.future.set_exception(command.error)
        else:
            command.future.set_result(command.result)
