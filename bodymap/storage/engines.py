"""The engines that keep the record: which one an address means, and what each of them does.

An engine is a module: `bodymap.storage.sqlite.engine` or `bodymap.storage.postgresql.engine`, imported when an address
asks for it.
"""

import concurrent.futures
import contextlib
from typing import Protocol, TypeVar

from bodymap.errors import Misconfigured
from bodymap.storage.transaction import Work
from bodymap.storage.watch import Watch

T = TypeVar("T")

SUPPORTED = "sqlite:///file.db (relative), sqlite:////folder/file.db (absolute) or postgresql://user@host/database"


class Writing(Protocol):
    """Runs work that writes, and answers when everything it wrote is on disk. `watch` is told how that goes."""

    watch: Watch | None

    async def write(self, work: Work[T]) -> T: ...

    def write_now(self, work: Work[T]) -> T: ...

    def hand(self, work: Work[T]) -> "concurrent.futures.Future[T]": ...

    def waiting(self) -> int:
        """How many commands wait to be written."""

    def size_bytes(self) -> int:
        """What the database takes on disk."""


class Reading(Protocol):
    """Runs work that reads, each on one state of the database that holds all that was answered before."""

    async def read(self, work: Work[T]) -> T: ...

    def read_now(self, work: Work[T]) -> T: ...


class Engine(Protocol):
    """What a kind of database does for `Database` and `migrate`."""

    def open_database(self, url: str, alone: bool, kept: contextlib.ExitStack) -> tuple[Writing, Reading]:
        """Opens a database, making and migrating it as needed; what is to be closed goes into `kept`."""

    def migrate(self, url: str, dry_run: bool) -> tuple[str, ...]:
        """Takes the outstanding steps, or names them."""


def engine_of(url: str) -> Engine:
    """The engine that an address names by its scheme. Raises `Misconfigured` for one that there is not."""
    scheme, separator, _ = url.partition("://")
    if separator and scheme == "sqlite":
        from bodymap.storage.sqlite import engine

        return engine
    raise Misconfigured(f"The database {url!r} is not understood. Supported: {SUPPORTED}.")
