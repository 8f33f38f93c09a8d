"""The engine behind `sqlite:///` addresses."""

import contextlib

from bodymap.errors import Misconfigured
from bodymap.storage.engine import Options
from bodymap.storage.sqlite.connection import connect_reader, connect_writer, path_of, plain_errors, require_file
from bodymap.storage.sqlite.lock import ProcessLock
from bodymap.storage.sqlite.migrations import pending, take
from bodymap.storage.sqlite.readers import Readers
from bodymap.storage.sqlite.served_file import ServedFile
from bodymap.storage.sqlite.writer import Writer
from bodymap.storage.steps import steps

READERS = 4


def open_database(url: str, options: Options, stack: contextlib.ExitStack) -> tuple[Writer, Readers]:
    """Opens the file, making it where that is allowed, and migrating it as needed."""
    path = path_of(url)
    if not options.create:
        require_file(path)
    if options.replica is not None:
        raise Misconfigured("An SQLite database has no replica to read from: only a PostgreSQL database has.")
    with plain_errors(f"The database {path}"):
        lock = stack.enter_context(contextlib.closing(ProcessLock(path))) if options.alone else None
        # What watches the file lets go of it after every connection: the stack closes in the reverse order.
        watching = stack.enter_context(contextlib.ExitStack())
        connection = stack.enter_context(contextlib.closing(connect_writer(path, options.create)))
        known = steps("sqlite")
        if pending(connection, known):
            with contextlib.nullcontext() if lock else contextlib.closing(ProcessLock(path)):
                take(connection, known)
        reading = [stack.enter_context(contextlib.closing(connect_reader(path))) for _ in range(READERS)]
        file = watching.enter_context(contextlib.closing(ServedFile(connection, path, marks=options.alone)))
        # The writer's connection is closed after the readers', and then tidies the log into the file.
        writer = stack.enter_context(contextlib.closing(Writer(connection, file)))
        readers = stack.enter_context(contextlib.closing(Readers(reading, file)))
    return writer, readers


def migrate(url: str, dry_run: bool) -> tuple[str, ...]:
    """Takes the outstanding steps, alone; with `dry_run` names them."""
    path = path_of(url)
    with plain_errors(f"The database {path}"):
        if dry_run:
            if not path.exists() or not path.stat().st_size:
                return tuple(step.name for step in steps("sqlite"))
            with contextlib.closing(connect_reader(path)) as connection:
                return tuple(step.name for step in pending(connection, steps("sqlite")))
        with contextlib.closing(ProcessLock(path)), contextlib.closing(connect_writer(path)) as connection:
            return take(connection, steps("sqlite"))
