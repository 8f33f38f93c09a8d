"""Taking steps on PostgreSQL: one process at a time, each step in the transaction that records it."""

from collections.abc import Sequence

from bodymap import ids
from bodymap.errors import Misconfigured
from bodymap.storage.postgresql.connections import Connection
from bodymap.storage.postgresql.transaction import PostgreSQLTransaction
from bodymap.storage.steps import LEDGER, Step, outstanding
from bodymap.storage.utc_text import utc_text

# A process that starts during a migration waits for it. A step itself gives up soon if a table is in use: while it
# waits for the table, everybody else waits behind it.
_ONE_AT_A_TIME = "SET LOCAL lock_timeout = '15min'; SET LOCAL statement_timeout = 0"
_STEP_BY_STEP = "SET LOCAL lock_timeout = '5s'; SET LOCAL statement_timeout = '15min'"


def pending(connection: Connection, known: Sequence[Step]) -> tuple[Step, ...]:
    """The steps that the database has not taken yet.

    Raises `NewerDatabase` where it has taken one that is not known, `Misconfigured` where it is something else's.
    """
    [schema] = connection.execute("SELECT current_schema()").fetchone() or [None]
    if schema is None:
        raise Misconfigured("The database has no schema to make tables in: mind its search_path.")
    rows = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
    tables = {name for (name,) in rows}
    taken = set(connection.execute("SELECT number, name FROM migration").fetchall()) if LEDGER in tables else set()
    return outstanding(tables, taken, known)


def take(connection: Connection, known: Sequence[Step]) -> tuple[str, ...]:
    """Takes the pending steps, each wholly or not at all, and names them. Raises as `pending` does.

    Several processes may start at once: a lock that ends with its transaction, and so works through a pooler, lets one
    of them take a step; the others find it taken.
    """
    names = []
    while pending(connection, known):
        with connection.transaction():
            connection.execute(_ONE_AT_A_TIME)
            PostgreSQLTransaction(connection, locks=True).lock("bodymap", "migration")
            connection.execute(_STEP_BY_STEP)
            for step in pending(connection, known)[:1]:
                # The driver takes several statements in one message where they have no parameters.
                connection.execute(step.sql.encode())
                connection.execute(
                    "INSERT INTO migration (number, name, applied_at) VALUES (%s, %s, %s)",
                    (step.number, step.name, utc_text(ids.now())),
                )
                names.append(step.name)
    return tuple(names)
