"""Reading from a standby, and never less than was answered."""

import asyncio
import time
from collections.abc import Iterator

import pytest

from bodymap.storage.database import Database
from bodymap.storage.transaction import Transaction
from tests import postgresql
from tests.storage.visits import keeping, reading, usual_session

pytestmark = pytest.mark.outside

Pair = tuple[postgresql.Server, postgresql.Server]


def on_the_standby(tx: Transaction) -> bool:
    [(standby,)] = tx.execute("SELECT pg_is_in_recovery()")
    return bool(standby)


@pytest.fixture
def database(pair: Pair) -> Iterator[Database]:
    primary, standby = pair
    with Database.open(primary.url("clinic"), replica=standby.url("clinic"), connections=4) as opened:
        yield opened


def until_on_the_standby(database: Database) -> None:
    until = time.monotonic() + 120
    while not database.read_now(on_the_standby):
        assert time.monotonic() < until, "nothing is read from the standby"
        time.sleep(0.02)


def test_the_standby_reads_what_it_has(database: Database) -> None:
    """Once it has caught up reads are served there."""
    visit = usual_session()
    database.write_now(keeping(visit))
    until_on_the_standby(database)
    assert database.read_now(reading(visit.id)) == visit


def test_every_write_is_read_at_once(database: Database, pair: Pair) -> None:
    """Whoever has an answer finds it in every read that begins afterwards, in this process or in another."""
    primary, standby = pair

    async def check() -> None:
        with Database.open(primary.url("clinic"), replica=standby.url("clinic"), connections=4) as other:
            for _ in range(40):
                visit = usual_session()
                await database.write(keeping(visit))
                assert (
                    await asyncio.gather(*(side.read(reading(visit.id)) for side in (database, other))) == [visit] * 2
                )

    asyncio.run(check())


def test_a_standby_that_lags_is_passed_over(database: Database, pair: Pair) -> None:
    """While the standby replays nothing the primary serves what is newer, and the standby does again afterwards."""
    _, standby = pair
    until_on_the_standby(database)
    standby.execute("SELECT pg_wal_replay_pause()")
    try:
        visit = usual_session()
        database.write_now(keeping(visit))
        assert database.read_now(reading(visit.id)) == visit
        assert not database.read_now(on_the_standby)
    finally:
        standby.execute("SELECT pg_wal_replay_resume()")
    until_on_the_standby(database)


def test_a_standby_that_is_gone_is_left_alone(pair: Pair) -> None:
    """Reads go on from the primary, whatever the replica's address leads to; a primary there is no standby either."""
    primary, _ = pair
    for replica in ("postgresql:///clinic?host=/nowhere", primary.url("clinic")):
        with Database.open(primary.url("clinic"), replica=replica) as database:
            visit = usual_session()
            database.write_now(keeping(visit))
            assert database.read_now(reading(visit.id)) == visit
            assert not database.read_now(on_the_standby)


def test_a_work_that_fails_fails_on_the_standby_too(database: Database) -> None:
    """What work raises is raised, wherever it was read."""
    until_on_the_standby(database)
    with pytest.raises(ZeroDivisionError):
        database.read_now(lambda tx: len(tx.execute("SELECT 1")) // 0)
