"""Readers: a few threads, each with a connection that cannot write."""

import asyncio
import concurrent.futures
import queue
import sqlite3
import threading
from collections.abc import Sequence
from typing import TypeVar

from bodymap.errors import StorageUnavailable, Unavailable
from bodymap.storage.sqlite.connection import plain_errors
from bodymap.storage.sqlite.transaction import SQLiteTransaction
from bodymap.storage.transaction import Work

T = TypeVar("T")

QUEUE_LIMIT = 1024


class Readers:
    """Runs work that reads, each in a transaction that sees everything committed before the work began."""

    def __init__(self, connections: Sequence[sqlite3.Connection], queue_limit: int = QUEUE_LIMIT) -> None:
        self._connections: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        for connection in connections:
            self._connections.put(connection)
        self._queue_limit = queue_limit
        self._room = threading.BoundedSemaphore(queue_limit)
        self._threads = concurrent.futures.ThreadPoolExecutor(len(connections), "bodymap-reader")

    async def read(self, work: Work[T]) -> T:
        """The result of `work`, or its exception."""
        return await asyncio.wrap_future(self._submit(work))

    def read_now(self, work: Work[T]) -> T:
        """The same for a caller without an event loop; it blocks."""
        return self._submit(work).result()

    def close(self) -> None:
        """Finishes what was taken, refuses what comes, and closes the connections."""
        self._threads.shutdown()
        while not self._connections.empty():
            self._connections.get().close()

    def _submit(self, work: Work[T]) -> concurrent.futures.Future[T]:
        if not self._room.acquire(blocking=False):
            raise Unavailable(f"{self._queue_limit} reads wait already. Try again later.")
        try:
            future = self._threads.submit(self._run, work)
        except RuntimeError as error:
            self._room.release()
            raise StorageUnavailable("The database is closed.") from error
        future.add_done_callback(lambda _: self._room.release())
        return future

    def _run(self, work: Work[T]) -> T:
        # There are as many connections as threads, so this never waits.
        connection = self._connections.get()
        transaction = SQLiteTransaction(connection)
        try:
            with plain_errors():
                connection.execute("BEGIN")
                return work(transaction)
        finally:
            transaction.end()
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self._connections.put(connection)
