"""Connections to a PostgreSQL server, pooled, and the transactions that are begun on them."""

import contextlib
import random
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.numeric import IntDumper
from psycopg_pool import ConnectionPool, PoolClosed, PoolTimeout

from bodymap.errors import Misconfigured, StorageUnavailable
from bodymap.storage.engine import SUPPORTED, shown
from bodymap.storage.postgresql.meaning import gone, meaning
from bodymap.storage.transaction import Row

Connection = psycopg.Connection[Row]

# One message each. What is set holds only for the transaction, so that a pooler may hand the connection on after it. A
# silent client must not keep its locks.
BEGIN_WRITING = (
    "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE; SET LOCAL lock_timeout = '10s';"
    " SET LOCAL statement_timeout = '30s'; SET LOCAL idle_in_transaction_session_timeout = '30s'"
)
BEGIN_READING = (
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;"
    " SET LOCAL statement_timeout = '30s'; SET LOCAL idle_in_transaction_session_timeout = '60s'"
)

PATIENCE_S = 5.0
_ASK_AGAIN_S = 0.25

# What an address may say otherwise. A server that vanishes without a word is noticed within a minute.
_DEFAULTS = {
    "application_name": "bodymap",
    "connect_timeout": "5",
    "keepalives_idle": "20",
    "keepalives_interval": "10",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}


def arguments_of(url: str) -> dict[str, Any]:
    """How a connection to the database of an address is made. Raises `Misconfigured` if it is invalid."""
    try:
        stated = conninfo_to_dict(url)
    except psycopg.ProgrammingError:  # which may repeat the password
        raise Misconfigured(f"The database's address is not understood. Supported: {SUPPORTED}.") from None
    return {
        **_DEFAULTS,
        **stated,
        "client_encoding": "utf8",
        "autocommit": True,  # the driver begins nothing by itself
        "prepare_threshold": None,  # a pooler would look for a prepared statement on another connection
    }


@contextlib.contextmanager
def plain_errors(url: str) -> Iterator[None]:
    """Raises the server's errors as what they mean; those that are not its fault go on as they are."""
    try:
        yield
    except psycopg.Error as error:
        if (explained := meaning(error, f"The database {shown(url)}")) is not None:
            raise explained from error
        raise


def connect(url: str) -> Connection:
    """One connection, outside of any pool. Raises the driver's errors."""
    connection: Connection = psycopg.connect(**arguments_of(url))
    _adapt(connection)
    return connection


class Connections:
    """A pool of connections to one server, each lent for one transaction."""

    def __init__(self, url: str, size: int, patience_s: float | None = None) -> None:
        """`patience_s`: how long a transaction waits for a server that cannot be reached."""
        self._name = f"The database {shown(url)}"
        self._patience_s = PATIENCE_S if patience_s is None else patience_s
        self._pool: ConnectionPool[Connection] = ConnectionPool(
            kwargs=arguments_of(url),
            min_size=1,
            max_size=size,
            configure=_adapt,
            # A connection that fails is given up at once, and tried anew by the next caller: after an outage nobody
            # waits for the end of a long pause.
            reconnect_timeout=0,
            open=True,
        )

    @contextlib.contextmanager
    def begun(self, begin: str) -> Iterator[Connection]:
        """A connection with a transaction begun, rolled back where the block does not end it.

        Raises `StorageUnavailable` where the server cannot be reached for long, and the driver's errors.
        """
        connection = self._begin(begin)
        try:
            yield connection
        finally:
            if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                _roll_back(connection)
            self._pool.putconn(connection)

    def ask(self, query: str, parameters: dict[str, Any] | None = None) -> Any:
        """The one value that a query outside of any transaction comes to."""
        connection = self._lent(time.monotonic() + self._patience_s)
        try:
            row = connection.execute(query, parameters).fetchone()
            return row[0] if row else None
        finally:
            self._pool.putconn(connection)

    def close(self) -> None:
        self._pool.close()

    def _begin(self, begin: str) -> Connection:
        """Nothing was asked yet, so that a connection that turns out dead is simply exchanged for another."""
        until = time.monotonic() + self._patience_s
        while True:
            connection = self._lent(until)
            try:
                connection.execute(begin)
            except BaseException as error:
                connection.close()
                self._pool.putconn(connection)
                if not isinstance(error, psycopg.Error) or not _elsewhere(error) or time.monotonic() > until:
                    raise
                time.sleep(random.uniform(0.005, 0.05))
            else:
                return connection

    def _lent(self, until: float) -> Connection:
        """A connection from the pool. It asks again and again, because the pool tries to connect when it is asked."""
        while True:
            try:
                return self._pool.getconn(_ASK_AGAIN_S)
            except PoolClosed as error:
                raise StorageUnavailable("The database is closed.") from error
            except PoolTimeout as error:
                if time.monotonic() > until:
                    raise StorageUnavailable(f"{self._name} cannot be reached.") from error


def _elsewhere(error: psycopg.Error) -> bool:
    """Whether another connection may lead to a server that does it; a standby refuses to begin what writes."""
    return gone(error) or error.sqlstate == "0A000"


def _roll_back(connection: Connection) -> None:
    try:
        connection.execute("ROLLBACK")
    except psycopg.Error:
        connection.close()


def _adapt(connection: Connection) -> None:
    """A boolean is the number that its column holds, as on SQLite."""
    connection.adapters.register_dumper(bool, _BooleanDumper)


class _BooleanDumper(IntDumper):
    def dump(self, obj: Any) -> bytes:
        return b"1" if obj else b"0"
