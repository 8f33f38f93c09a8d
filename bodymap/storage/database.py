"""The database: runs work in transactions that read or write."""

import concurrent.futures
import contextlib
from collections.abc import Hashable, Iterator
from types import TracebackType
from typing import Any, Self, TypeVar

from bodymap.errors import Damaged, Misconfigured
from bodymap.storage.engine import SUPPORTED, Engine, Options, Reading, Watch, Writing, shown
from bodymap.storage.transaction import Work

T = TypeVar("T")


class Database:
    """Runs work in transactions: `write` returns once its changes are on disk; `read` cannot change anything.

    Work is a plain function of a `Transaction`. It runs in another thread, sees one state of the database, and is
    undone as a whole if it raises; the exception is raised to the caller. It must only use the transaction and compute,
    because it may be run again after a conflict with another command. Thread-safe, and usable from any event loop.
    `StorageUnavailable` means that the database cannot be used and nothing was changed, `OutcomeUnknown` that the
    server went away in the middle of a commit, `Unavailable` that too much is waiting already. `damage` describes
    damage that was found since it was opened: some of it may still be readable, but nothing is written any more.
    """

    def __init__(self, writing: Writing, reading: Reading, stack: contextlib.ExitStack) -> None:
        self._writing = writing
        self._reading = reading
        self._stack = stack
        self.damage: str | None = None

    @classmethod
    def open(
        cls,
        url: str,
        *,
        alone: bool = True,
        create: bool = True,
        replica: str | None = None,
        connections: int = Options().connections,
    ) -> Self:
        """Opens `sqlite:///file.db`, or `postgresql://…`, which must exist; migrates either.

        `create`: create an SQLite database if there is none; otherwise that is an error.

        `alone`: be the only process that serves an SQLite database, and refuse to start if there is another. Otherwise
        a process may write next to a server, as a short command does; only a migration still needs to be alone. On
        PostgreSQL any number of processes serve one database.

        `replica` is the address of a PostgreSQL standby to read from, and `connections` how many commands, and how many
        reads, a process runs at once on PostgreSQL.

        Raises `Misconfigured` for an address that names no database or one of something else, `NewerDatabase`, and
        `StorageUnavailable` where it is damaged, in use, read-only, out of reach, or cannot be made durable.
        """
        engine = engine_of(url)
        with contextlib.ExitStack() as opened:
            writing, reading = engine.open_database(url, Options(alone, create, replica, connections), opened)
            return cls(writing, reading, opened.pop_all())
        raise AssertionError("unreachable")

    async def write(self, work: Work[T]) -> T:
        """Runs `work` and returns its result once everything it wrote is on disk.

        A task that is cancelled meanwhile withdraws work that was not begun; work that was begun is kept.
        """
        self._refuse_damaged()
        with self._noting_damage():
            return await self._writing.write(work)

    async def read(self, work: Work[T], client: Hashable = None) -> T:
        """Runs `work` on what was committed before it began, and returns its result. Clients take turns at reading."""
        with self._noting_damage():
            return await self._reading.read(work, client)

    def write_now(self, work: Work[T]) -> T:
        """`write` for a caller without an event loop; it blocks."""
        self._refuse_damaged()
        with self._noting_damage():
            return self._writing.write_now(work)

    def hand(self, work: Work[T]) -> "concurrent.futures.Future[T]":
        """`write` for a caller who does not wait: what is handed over before `close` is still written.

        The future is done once everything that `work` wrote is on disk, or with what it raised; its callbacks are
        called in a thread of the database, and must be quick.
        """
        self._refuse_damaged()
        future = self._writing.hand(work)
        future.add_done_callback(self._note_damage_of)
        return future

    def read_now(self, work: Work[T]) -> T:
        """`read` for a caller without an event loop; it blocks."""
        with self._noting_damage():
            return self._reading.read_now(work)

    def watched_by(self, watch: Watch) -> None:
        """Registers an observer of writing."""
        self._writing.watch = watch

    def waiting(self) -> int:
        """How many commands are waiting to be written."""
        return self._writing.waiting()

    def size_bytes(self) -> int:
        """The size of the database on disk, in bytes."""
        return self._writing.size_bytes()

    def close(self) -> None:
        """Finishes accepted work, rejects new work, and closes the files. Idempotent."""
        self._stack.close()

    def _refuse_damaged(self) -> None:
        """Raises if the database is damaged: a write could be lost or do more damage."""
        if self.damage is not None:
            raise Damaged(self.damage)

    @contextlib.contextmanager
    def _noting_damage(self) -> Iterator[None]:
        try:
            yield
        except Damaged as error:
            self.damage = error.detail
            raise

    def _note_damage_of(self, done: "concurrent.futures.Future[Any]") -> None:
        if not done.cancelled() and isinstance(error := done.exception(), Damaged):
            self.damage = error.detail

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def migrate(url: str, dry_run: bool = False) -> tuple[str, ...]:
    """Brings a database up to this release, creating it if there is none; returns the names of the steps taken.

    Each step is atomic, and recorded in its own transaction. With `dry_run` it returns the steps that it would take,
    and changes nothing. Raises `NewerDatabase`, `Misconfigured`, or `StorageUnavailable`; on SQLite also while another
    process serves the database.
    """
    return engine_of(url).migrate(url, dry_run)


def engine_of(url: str) -> Engine:
    """The engine of an address's scheme. Raises `Misconfigured` for an unknown one."""
    scheme, separator, _ = url.partition("://")
    if separator and scheme == "sqlite":
        from bodymap.storage.sqlite import engine as sqlite

        return sqlite
    if separator and scheme in ("postgresql", "postgres"):
        try:
            from bodymap.storage.postgresql import engine as postgresql
        except ModuleNotFoundError as error:
            if error.name and error.name.startswith("bodymap"):
                raise
            raise Misconfigured(f"{error.name} is missing: pip install 'bodymap[postgresql]'.") from error
        return postgresql
    raise Misconfigured(f"The database {shown(url)!r} is not understood. Supported: {SUPPORTED}.")
