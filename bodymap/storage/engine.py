"""What a kind of database does for `Database`, and how its address is written.

An engine is a module: `bodymap.storage.sqlite.engine` or `bodymap.storage.postgresql.engine`. Which one an address
means is for `bodymap.storage.database` to say.
"""

import concurrent.futures
import contextlib
from collections.abc import Hashable
from typing import NamedTuple, Protocol, TypeVar
from urllib.parse import parse_qsl, urlencode, urlsplit

from bodymap.storage.transaction import Work

T = TypeVar("T")

SUPPORTED = "sqlite:///file.db (relative), sqlite:////folder/file.db (absolute) or postgresql://user@host/database"


class Watch(Protocol):
    """An observer of writing. Called by the threads that write, so each method must be quick and raise nothing."""

    def committed(self, commands: int, seconds: float) -> None:
        """A group of commands is on disk."""

    def lost(self, commands: int) -> None:
        """A group of commands could not be committed; each fails."""


class Writing(Protocol):
    """Runs work that writes, and returns its result once everything it wrote is on disk. `watch` observes it.

    One command is a group of its own on PostgreSQL, where several threads tell.
    """

    watch: Watch | None

    async def write(self, work: Work[T]) -> T: ...

    def write_now(self, work: Work[T]) -> T: ...

    def hand(self, work: Work[T]) -> "concurrent.futures.Future[T]": ...

    def waiting(self) -> int:
        """How many commands are waiting to be written."""

    def size_bytes(self) -> int:
        """The size of the database on disk, in bytes."""


class Reading(Protocol):
    """Runs work that reads, each on one state of the database that holds all that was answered before. Clients take
    turns."""

    async def read(self, work: Work[T], client: Hashable = None) -> T: ...

    def read_now(self, work: Work[T]) -> T: ...


class Options(NamedTuple):
    """How a database is opened; `Database.open` says what each means."""

    alone: bool = True
    create: bool = True
    replica: str | None = None
    connections: int = 8


class Engine(Protocol):
    """What a kind of database does for `Database` and `migrate`."""

    def open_database(self, url: str, options: Options, stack: contextlib.ExitStack) -> tuple[Writing, Reading]:
        """Opens a database, makes it where that is allowed, and migrates it as needed. What is to be closed goes into
        `kept`."""

    def migrate(self, url: str, dry_run: bool) -> tuple[str, ...]:
        """Takes the outstanding steps, or names them."""


def one_process_only(url: str) -> bool:
    """Whether only one process may serve the database of an address, because it owns the writer."""
    return url.startswith("sqlite:")


def shown(url: str) -> str:
    """An address without its password, for messages."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("postgresql", "postgres"):
            return url
        user, at, hosts = parts.netloc.rpartition("@")
        query = [(name, value) for name, value in parse_qsl(parts.query) if "password" not in name]
    except ValueError:
        return url.partition("://")[0] + "://…"
    named = f"{user.partition(':')[0]}{at}{hosts}"
    return f"{parts.scheme}://{named}{parts.path}" + (f"?{urlencode(query, safe='/,:')}" if query else "")
