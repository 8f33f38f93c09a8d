"""Readers: a few threads, each with a connection that cannot write."""

import queue
import sqlite3
from collections.abc import Hashable, Sequence
from typing import TypeVar

from bodymap.storage.sqlite.connection import plain_errors
from bodymap.storage.sqlite.served_file import ServedFile
from bodymap.storage.sqlite.transaction import SQLiteTransaction
from bodymap.storage.transaction import Work
from bodymap.threads import QUEUE_LIMIT, Threads

T = TypeVar("T")


class Readers:
    """Runs work that reads, each in a transaction that sees everything committed before the work began."""

    def __init__(
        self, connections: Sequence[sqlite3.Connection], file: ServedFile, queue_limit: int = QUEUE_LIMIT
    ) -> None:
        self._connections: queue.SimpleQueue[sqlite3.Connection] = queue.SimpleQueue()
        for connection in connections:
            self._connections.put(connection)
        self._file = file
        self._threads = Threads(len(connections), "reads", queue_limit)

    async def read(self, work: Work[T], client: Hashable = None) -> T:
        """The result of `work`, or its exception."""
        return await self._threads.run(lambda: self._run(work), client)

    def read_now(self, work: Work[T]) -> T:
        """As `read`, for a caller without an event loop; it blocks."""
        return self._threads.submit(lambda: self._run(work)).result()

    def close(self) -> None:
        """Finishes accepted reads, rejects new ones, and closes the connections."""
        self._threads.close()
        while not self._connections.empty():
            self._connections.get().close()

    def _run(self, work: Work[T]) -> T:
        # There are as many connections as threads, so this never waits.
        connection = self._connections.get()
        transaction = SQLiteTransaction(connection)
        try:
            self._file.check_content()
            with plain_errors():
                connection.execute("BEGIN")
                return work(transaction)
        finally:
            transaction.end()
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            self._connections.put(connection)
