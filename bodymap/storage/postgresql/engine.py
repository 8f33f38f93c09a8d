"""The engine behind `postgresql://` addresses."""

import contextlib

from bodymap.errors import Misconfigured, StorageUnavailable
from bodymap.storage.engine import Options, Reading
from bodymap.storage.postgresql.connections import Connection, Connections, connect, plain_errors
from bodymap.storage.postgresql.migrations import pending, take
from bodymap.storage.postgresql.primary import Primary
from bodymap.storage.postgresql.replica import Replica
from bodymap.storage.steps import steps
from bodymap.threads import Threads

_OLDEST = 140000
_REPLICA_PATIENCE_S = 0.5


def open_database(url: str, options: Options, stack: contextlib.ExitStack) -> tuple[Primary, Reading]:
    """Opens the database, migrating it if needed, also while other processes use it. It must exist, but may be
    empty."""
    with plain_errors(url), connect(url) as connection:
        check(connection)
        if pending(connection, steps("postgresql")):
            take(connection, steps("postgresql"))
    size = options.connections
    connections = stack.enter_context(contextlib.closing(Connections(url, 2 * size)))
    standby = None
    if options.replica is not None:
        standby = stack.enter_context(contextlib.closing(Connections(options.replica, size, _REPLICA_PATIENCE_S)))
    reads = stack.enter_context(contextlib.closing(Threads(size, "reads")))
    writes = stack.enter_context(contextlib.closing(Threads(size, "commands")))
    primary = Primary(connections, writes, reads)
    return primary, primary if standby is None else Replica(primary, connections, standby, reads)


def migrate(url: str, dry_run: bool) -> tuple[str, ...]:
    """Takes the outstanding steps, also while other processes serve; with `dry_run` only returns their names."""
    with plain_errors(url), connect(url) as connection:
        check(connection)
        if dry_run:
            return tuple(step.name for step in pending(connection, steps("postgresql")))
        return take(connection, steps("postgresql"))


def check(connection: Connection) -> None:
    """Raises `Misconfigured` or `StorageUnavailable` for a server that cannot keep a record for good."""
    version = connection.info.server_version
    if version < _OLDEST:
        raise Misconfigured(f"PostgreSQL {_OLDEST // 10000} or newer is needed; this is {version // 10000}.")
    settings = {
        name: (connection.execute(f"SHOW {name}").fetchone() or ("",))[0]
        for name in ("server_encoding", "fsync", "synchronous_commit", "in_hot_standby")
    }
    if settings["server_encoding"] != "UTF8":
        raise Misconfigured(
            f"The database holds text in {settings['server_encoding']}, and UTF8 is needed: createdb -E UTF8."
        )
    if settings["in_hot_standby"] == "on":
        raise StorageUnavailable(
            "The address leads to a standby, which can only be read. Name the primary, or several hosts with "
            "target_session_attrs=read-write."
        )
    for name in ("fsync", "synchronous_commit"):
        if settings[name] == "off":
            raise StorageUnavailable(
                f"The database cannot be made durable: {name} is off, so that a crash would lose what was answered. "
                "Set it on, for this role and this database as well."
            )
