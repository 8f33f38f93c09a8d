"""The server that writes: commands in threads, each in a transaction of its own, answered when it is committed."""

import concurrent.futures
import random
import time
from collections.abc import Callable, Hashable
from typing import TypeVar

import psycopg

from bodymap.errors import OutcomeUnknown, Unavailable
from bodymap.storage.engine import Watch
from bodymap.storage.postgresql.connections import BEGIN_READING, BEGIN_WRITING, Connection, Connections
from bodymap.storage.postgresql.meaning import may_run_again, meaning, undone
from bodymap.storage.postgresql.transaction import PostgreSQLTransaction
from bodymap.storage.transaction import Work
from bodymap.threads import Threads

T = TypeVar("T")

ATTEMPTS = 8
_FIRST_PAUSE_S = 0.01
_LONGEST_PAUSE_S = 0.5


class Primary:
    """Writes, and reads what has to be read from the server that writes.

    Several commands run at once, in this process and in others. One that met a conflict is undone and run again, a few
    times, after a pause of random length; its caller sees only the last attempt.
    """

    def __init__(self, connections: Connections, writes: Threads, reads: Threads) -> None:
        """There are as many connections as threads, so that no thread waits for another's connection."""
        self.watch: Watch | None = None
        self._connections = connections
        self._writes = writes
        self._reads = reads

    async def write(self, work: Work[T]) -> T:
        """The result of `work`, or its exception, once everything it wrote is committed and acknowledged.

        `OutcomeUnknown` where the acknowledgement did not come.
        """
        return await self._writes.run(lambda: self._watched(work))

    def write_now(self, work: Work[T]) -> T:
        """As `write`, for a caller without an event loop; it blocks."""
        return self.hand(work).result()

    def hand(self, work: Work[T]) -> "concurrent.futures.Future[T]":
        """As `write`, for a caller who does not wait: the future of the result."""
        return self._writes.submit(lambda: self._watched(work))

    async def read(self, work: Work[T], client: Hashable = None) -> T:
        """The result of `work`, or its exception, on what was committed before it began."""
        return await self._reads.run(lambda: self.read_here(work), client)

    def read_now(self, work: Work[T]) -> T:
        """As `read`, for a caller without an event loop; it blocks."""
        return self._reads.submit(lambda: self.read_here(work)).result()

    def waiting(self) -> int:
        """How many commands wait to be written, in this process."""
        return self._writes.waiting()

    def size_bytes(self) -> int:
        """The size of the database on the server's disk, in bytes."""
        return int(self._again(lambda: self._connections.ask("SELECT pg_database_size(current_database())")))

    def read_here(self, work: Work[T]) -> T:
        """As `read`, in the caller's own thread, which must be one of those that read."""
        return self._again(lambda: read(self._connections, work))

    def _watched(self, work: Work[T]) -> T:
        begun = time.perf_counter()
        try:
            result = self._again(lambda: self._write(work))
        except Unavailable:
            if self.watch is not None:
                self.watch.lost(1)
            raise
        if self.watch is not None:
            self.watch.committed(1, time.perf_counter() - begun)
        return result

    def _write(self, work: Work[T]) -> T:
        with self._connections.begun(BEGIN_WRITING) as connection:
            transaction = PostgreSQLTransaction(connection, locks=True)
            try:
                result = work(transaction)
            finally:
                transaction.end()
            commit(connection)
            return result

    def _again(self, attempt: Callable[[], T]) -> T:
        pause_s = _FIRST_PAUSE_S
        for left in reversed(range(ATTEMPTS)):
            try:
                return attempt()
            except psycopg.Error as error:
                if not left or not may_run_again(error):
                    if (explained := meaning(error)) is not None:
                        raise explained from error
                    raise
            time.sleep(random.uniform(0, pause_s))
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        raise AssertionError("unreachable")


def read(connections: Connections, work: Work[T]) -> T:
    """Runs work on one state of the database. Raises the driver's errors."""
    with connections.begun(BEGIN_READING) as connection:
        transaction = PostgreSQLTransaction(connection, locks=False)
        try:
            return work(transaction)
        finally:
            transaction.end()


def commit(connection: Connection) -> None:
    """Returns where the server acknowledged the commit, and where it synchronises, its standby's.

    Raises `OutcomeUnknown` where that did not come: the connection broke, or the wait for the standby was cut short,
    of which the server tells in a warning only. The driver's errors mean that the transaction was undone.
    """
    warnings: list[str] = []

    def note(notice: psycopg.errors.Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            warnings.append(notice.message_primary or "")

    connection.add_notice_handler(note)
    try:
        status = connection.execute("COMMIT").statusmessage
    except psycopg.Error as error:
        if undone(error):
            raise
        raise _unknown(str(error)) from error
    finally:
        connection.remove_notice_handler(note)
    if status != "COMMIT":
        raise RuntimeError("the work passed over a statement that failed: all of it was undone")
    if warnings:
        raise _unknown(warnings[0])


def _unknown(reason: str) -> OutcomeUnknown:
    first_line = reason.strip().partition("\n")[0].rstrip(".")
    return OutcomeUnknown(
        "The database did not acknowledge this: it may have been kept, or not. Repeat the request with the same "
        f"Idempotency-Key, or look before repeating it without one ({first_line})."
    )
