"""Commands on PostgreSQL: what is run again, and what is never said to be kept."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest

from bodymap.errors import OutcomeUnknown, StorageUnavailable, Unavailable
from bodymap.storage.database import Database
from bodymap.storage.postgresql import connections
from bodymap.storage.transaction import Transaction
from tests import postgresql
from tests.engines import beside
from tests.storage.held import Held
from tests.storage.visits import keeping, reading, usual_session

pytestmark = pytest.mark.outside

ENGINES = ("postgresql",)

Pair = tuple[postgresql.Server, postgresql.Server]


def backend(tx: Transaction) -> int:
    [(pid,)] = tx.execute("SELECT pg_backend_pid()")
    return int(pid)


def terminate(url: str, pid: int) -> None:
    with beside(url) as run:
        run("SELECT pg_terminate_backend(?)", pid)


def test_lost_connection_before_the_commit_is_no_ones_concern(database: Database, url: str) -> None:
    """Work whose connection is cut is undone and run again on another; its caller sees one answer, kept once."""
    visit = usual_session()
    tries = []

    def work(tx: Transaction) -> str:
        tries.append(1)
        keeping(visit)(tx)
        if len(tries) < 3:
            terminate(url, backend(tx))
        tx.execute("SELECT 1")
        return "kept"

    assert database.write_now(work) == "kept"
    assert len(tries) == 3
    assert database.read_now(reading(visit.id)) == visit


def test_dead_connections_of_the_pool_are_exchanged(database: Database, url: str) -> None:
    """After every connection was cut behind its back, the pool serves the next commands and reads as if nothing was."""
    asyncio.run(_many(database))
    with beside(url) as run:
        run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    asyncio.run(_many(database))


async def _many(database: Database) -> None:
    await asyncio.gather(*(database.write(keeping(usual_session())) for _ in range(16)))
    await asyncio.gather(*(database.read(lambda tx: tx.execute("SELECT count(*) FROM session")) for _ in range(16)))


def test_deadlocked_commands_are_run_again(database: Database) -> None:
    """Two commands that lock the same things in opposite orders both come to their end."""
    met = threading.Barrier(2)
    tries = []

    def work(first: str, second: str) -> Callable[[Transaction], str]:
        def run(tx: Transaction) -> str:
            tries.append(first)
            tx.lock(first)
            if len(tries) <= 2:
                met.wait(120)
            tx.lock(second)
            return first

        return run

    async def both() -> list[str]:
        return list(await asyncio.gather(database.write(work("a", "b")), database.write(work("b", "a"))))

    assert asyncio.run(both()) == ["a", "b"]
    assert len(tries) == 3


def test_serialization_failures_are_run_again(database: Database) -> None:
    """What the server could not put into an order is run again, and in the end given up with a plain error."""
    tries = []

    def work(tx: Transaction) -> str:
        tries.append(1)
        if len(tries) < 4:
            tx.execute("DO $$ BEGIN RAISE EXCEPTION 'no order' USING ERRCODE = 'serialization_failure'; END $$")
        return "done"

    assert database.write_now(work) == "done"
    assert len(tries) == 4

    def never(tx: Transaction) -> None:
        tx.execute("DO $$ BEGIN RAISE EXCEPTION 'no order' USING ERRCODE = 'serialization_failure'; END $$")

    with pytest.raises(Unavailable, match="Too many commands"):
        database.write_now(never)


def test_mistakes_are_not_blamed_on_the_server(database: Database) -> None:
    """A statement that makes no sense is a mistake of ours, raised as one and at once."""
    for run in (database.write_now, database.read_now):
        with pytest.raises(psycopg.errors.UndefinedTable):
            run(lambda tx: tx.execute("SELECT * FROM nowhere"))


def test_a_failure_that_was_passed_over_is_not_kept(database: Database) -> None:
    """Work that catches the failure of a statement and goes on has written nothing, and is told so."""

    def careless(tx: Transaction) -> str:
        keeping(usual_session())(tx)
        try:
            tx.execute("SELECT * FROM nowhere")
        except psycopg.Error:
            return "kept"
        raise AssertionError("unreachable")

    with pytest.raises(RuntimeError, match="undone"):
        database.write_now(careless)
    assert database.read_now(lambda tx: tx.execute("SELECT count(*) FROM session")) == [(0,)]


def test_a_pooler_in_transaction_mode_may_stand_between(url: str, server: postgresql.Server) -> None:
    """Nothing is expected of a connection beyond its transaction: many commands share few connections of the pooler."""
    name = url.rpartition("?")[0].rpartition("/")[2]
    with postgresql.pooler(name, server) as pooler, Database.open(pooler.url, connections=12) as database:
        visits = [usual_session() for _ in range(60)]

        async def check() -> None:
            await asyncio.gather(*(database.write(keeping(visit)) for visit in visits))
            found = await asyncio.gather(*(database.read(reading(visit.id)) for visit in visits))
            assert list(found) == visits

        asyncio.run(check())


@pytest.fixture
def halted(pair: Pair) -> Iterator[None]:
    """The pair's standby stands still, so that no commit is acknowledged until the end of the test."""
    _, standby = pair
    standby.halt()
    try:
        yield
    finally:
        standby.go_on()


def waiting_for_the_standby(primary: postgresql.Server) -> int:
    until = time.monotonic() + 120
    while time.monotonic() < until:
        found = primary.execute("SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep'", "clinic")
        if found:
            return int(str(found[0][0]))
        time.sleep(0.01)
    raise AssertionError("no command waits for the standby")


@pytest.mark.parametrize("cut", ["pg_cancel_backend", "pg_terminate_backend"])
def test_a_commit_that_was_not_acknowledged_is_not_answered_as_kept(pair: Pair, cut: str, request: Any) -> None:
    """Where the wait for the standby is cut short the server has kept it and may lose it yet: nobody is told "kept".

    A cancelled wait even ends in a success, with a warning beside it.
    """
    primary, _ = pair
    visit = usual_session()
    with Database.open(primary.url("clinic")) as database:
        request.getfixturevalue("halted")
        future = database.hand(keeping(visit))
        pid = waiting_for_the_standby(primary)
        assert not future.done()
        primary.execute(f"SELECT {cut}({pid})", "clinic")
        with pytest.raises(OutcomeUnknown, match="Idempotency-Key"):
            future.result(120)
        # Where it was kept, it is found; that is what the client asks next.
        assert database.read_now(reading(visit.id)) == visit


def test_nobody_is_answered_before_the_standby_has_it(pair: Pair, request: Any) -> None:
    """A command waits for the standby, and is answered as soon as that has written it down."""
    primary, standby = pair
    with Database.open(primary.url("clinic")) as database:
        request.getfixturevalue("halted")
        future = database.hand(keeping(usual_session()))
        waiting_for_the_standby(primary)
        time.sleep(0.2)
        assert not future.done()
        standby.go_on()
        future.result(120)


def test_a_server_that_is_gone_is_told_plainly_and_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """While the server is down commands and reads are refused in words; once it is back they are served."""
    monkeypatch.setattr(connections, "PATIENCE_S", 0.5)
    with postgresql.server() as server:
        server.execute("CREATE DATABASE clinic")
        with Database.open(server.url("clinic"), connections=2) as database:
            database.write_now(keeping(usual_session()))
            server.kill()
            for run in (database.write_now, database.read_now):
                with pytest.raises(StorageUnavailable, match="cannot be reached"):
                    run(lambda tx: tx.execute("SELECT 1"))
            server.start()
            database.write_now(keeping(usual_session()))
            assert database.read_now(lambda tx: tx.execute("SELECT count(*) FROM session")) == [(2,)]


def test_a_command_that_waits_too_long_for_another_says_so(database: Database) -> None:
    """Who cannot have what another holds is told that it is busy, and nothing was changed."""
    held = Held()

    def first(tx: Transaction) -> str:
        tx.lock("a")
        return held(tx)

    def second(tx: Transaction) -> None:
        tx.execute("SET LOCAL lock_timeout = '50ms'")
        tx.lock("a")

    holding = database.hand(first)
    assert held.begun.wait(120)
    with pytest.raises(Unavailable, match="Another command"):
        database.write_now(second)
    held.let_go.set()
    assert holding.result(120) == "held"
