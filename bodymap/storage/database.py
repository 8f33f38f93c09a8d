"""The database: work goes in, and comes back read or kept."""

import concurrent.futures
import contextlib
from types import TracebackType
from typing import Self, TypeVar

from bodymap.storage.lock import ProcessLock
from bodymap.storage.migrations import pending, steps, take
from bodymap.storage.readers import Readers
from bodymap.storage.sqlite import connect_reader, connect_writer, path_of, plain_errors
from bodymap.storage.writer import Work, Writer

T = TypeVar("T")

READERS = 4


class Database:
    """Runs work in transactions: `write` keeps what it did, on disk, before it returns; `read` cannot change anything.

    Work is a plain function of a `Transaction`. It runs in another thread, sees one state of the database, and is
    undone as a whole where it raises; what it raises is raised to the caller. Any thread and any event loop may ask.
    `StorageUnavailable` means that the database cannot be used and nothing was changed, `Unavailable` that too much
    waits already.
    """

    def __init__(self, writer: Writer, readers: Readers, kept: contextlib.ExitStack) -> None:
        self._writer = writer
        self._readers = readers
        self._kept = kept

    @classmethod
    def open(cls, url: str, *, alone: bool = True) -> Self:
        """Opens `sqlite:///file.db`, making and migrating it as needed.

        `alone`: be the one process that serves it, and refuse to start where there is another. Without, one may write
        beside a server, as a short command does; only a migration still needs to be alone.

        Raises `Misconfigured` for an address that names no database or one of something else, `NewerDatabase`, and
        `StorageUnavailable` where the file is damaged, in use, read-only, or cannot be made durable.
        """
        path = path_of(url)
        with contextlib.ExitStack() as opened, plain_errors(f"The database {path}"):
            lock = opened.enter_context(contextlib.closing(ProcessLock(path))) if alone else None
            connection = opened.enter_context(contextlib.closing(connect_writer(path)))
            known = steps()
            if pending(connection, known):
                with contextlib.nullcontext() if lock else contextlib.closing(ProcessLock(path)):
                    take(connection, known)
            reading = [opened.enter_context(contextlib.closing(connect_reader(path))) for _ in range(READERS)]
            # Closed in the reverse order: the writer's connection last, which then tidies the log into the file.
            writer = opened.enter_context(contextlib.closing(Writer(connection)))
            readers = opened.enter_context(contextlib.closing(Readers(reading)))
            return cls(writer, readers, opened.pop_all())
        raise AssertionError("unreachable")

    async def write(self, work: Work[T]) -> T:
        """Runs `work` and returns its result once everything it wrote is on disk.

        A task that is cancelled meanwhile withdraws work that was not begun; work that was begun is kept.
        """
        return await self._writer.write(work)

    async def read(self, work: Work[T]) -> T:
        """Runs `work` on what was committed before it began, and returns its result."""
        return await self._readers.read(work)

    def write_now(self, work: Work[T]) -> T:
        """`write` for a caller without an event loop; it blocks."""
        return self._writer.write_now(work)

    def hand(self, work: Work[T]) -> "concurrent.futures.Future[T]":
        """`write` for a caller who does not wait: what is handed over before `close` is still written.

        The future is done once everything that `work` wrote is on disk, or with what it raised; its callbacks are
        called in a thread of the database, and must be quick.
        """
        return self._writer.hand(work)

    def read_now(self, work: Work[T]) -> T:
        """`read` for a caller without an event loop; it blocks."""
        return self._readers.read_now(work)

    def close(self) -> None:
        """Finishes what was taken, refuses what comes, and lets go of the files. Twice is once."""
        self._kept.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
