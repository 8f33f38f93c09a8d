"""Work that is handed to a database, whichever engine it is."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest

from bodymap.atlas.trigger_points import Review
from bodymap.errors import Conflict, Invalid, StillRunning, StorageUnavailable
from bodymap.storage import receipts, reviews, sessions
from bodymap.storage.database import Database
from bodymap.storage.sessions import SessionQuery
from bodymap.storage.transaction import Transaction
from tests.engines import BOTH, REFUSED
from tests.storage.held import Held
from tests.storage.receipts import RECEIPT
from tests.storage.visits import DAY, changing, following, keeping, reading, trigger_point, usual_session

ENGINES = BOTH


@pytest.fixture
def tally(database: Database) -> Database:
    database.write_now(lambda tx: tx.execute("CREATE TABLE tally (number INTEGER PRIMARY KEY)"))
    return database


def count(number: int) -> Callable[[Transaction], int]:
    def work(tx: Transaction) -> int:
        tx.execute("INSERT INTO tally (number) VALUES (:number)", {"number": number})
        return number

    return work


def counted(tx: Transaction) -> list[int]:
    return [number for (number,) in tx.execute("SELECT number FROM tally ORDER BY number")]


async def at_once(database: Database, *works: Callable[[Transaction], Any]) -> list[Any]:
    return await asyncio.gather(*(database.write(work) for work in works), return_exceptions=True)


def test_failing_work_is_undone_alone(tally: Database) -> None:
    """Of many at once the one that fails is undone and gets its own exception; the others are kept."""

    def refused(tx: Transaction) -> None:
        count(100)(tx)
        raise Conflict("no")

    found = asyncio.run(at_once(tally, *(count(number) for number in range(10)), refused, count(3)))
    assert found[:3] == [0, 1, 2]
    assert isinstance(found[10], Conflict)
    assert sum(isinstance(each, REFUSED) for each in found) == 1
    assert tally.read_now(counted) == list(range(10))


def test_read_sees_what_was_answered_and_one_state(tally: Database) -> None:
    """A read that begins after an answer sees it; all its statements see the same state, whatever is written beside."""
    seen, written = threading.Event(), threading.Event()

    def twice(tx: Transaction) -> tuple[list[int], list[int]]:
        first = counted(tx)
        seen.set()
        assert written.wait(120)
        return first, counted(tx)

    async def check() -> None:
        await tally.write(count(1))
        reading = asyncio.create_task(tally.read(twice))
        await asyncio.to_thread(seen.wait)
        await tally.write(count(2))
        written.set()
        assert await reading == ([1], [1])
        assert await tally.read(counted) == [1, 2]

    asyncio.run(check())


def test_read_cannot_write(tally: Database) -> None:
    """A read that writes is refused, and changes nothing."""
    with pytest.raises(StorageUnavailable, match="read-only"):
        tally.read_now(count(1))
    assert tally.read_now(counted) == []


@pytest.mark.parametrize("error", [StopIteration(), KeyError("x"), SystemExit(3), asyncio.CancelledError()])
def test_whatever_work_raises_reaches_its_caller(tally: Database, error: BaseException) -> None:
    """Any exception comes back from writing and reading, even those that futures refuse, and later work is done."""

    def work(tx: Transaction) -> None:
        raise error

    expected = RuntimeError if isinstance(error, StopIteration) else type(error)
    for run in (tally.write_now, tally.read_now):
        with pytest.raises(expected):
            run(work)
    assert tally.write_now(count(1)) == 1


def test_kept_transaction_is_dead(database: Database) -> None:
    """A transaction that outlives its work refuses to reach into somebody else's."""
    kept: list[Transaction] = []
    database.write_now(kept.append)
    database.read_now(kept.append)
    for transaction in kept:
        with pytest.raises(RuntimeError, match="ended"):
            transaction.execute("SELECT 1")
        with pytest.raises(RuntimeError, match="ended"):
            transaction.lock("x")


def test_handed_work_is_kept_before_the_end(tally: Database, url: str) -> None:
    """Nobody waits for what is handed over, and closing finishes it all the same; later work is refused."""
    futures = [tally.hand(count(number)) for number in range(50)]
    tally.close()
    assert [future.result(0) for future in futures] == list(range(50))
    for ask in (tally.write_now, tally.read_now, tally.hand):
        with pytest.raises(StorageUnavailable, match="closed"):
            ask(counted)
    with Database.open(url) as again:
        assert again.read_now(counted) == list(range(50))


def test_booleans_are_numbers(tally: Database) -> None:
    """A truth is kept as the number that its column holds."""
    yes = {"yes": True}
    tally.write_now(lambda tx: tx.execute("INSERT INTO tally (number) VALUES (:yes)", yes))
    assert tally.read_now(lambda tx: tx.execute("SELECT number FROM tally WHERE number = :yes", yes)) == [(1,)]


def test_signs_in_statements_are_no_parameters(database: Database) -> None:
    """Colons and percent signs in literals and comments stay as they are."""
    sql = "SELECT ':a %s %(b)s ''::c', :d, 7 % 4 -- :e"
    assert database.read_now(lambda tx: tx.execute(sql, {"d": "%s :f"})) == [(":a %s %(b)s '::c", "%s :f", 3)]


def test_additions_to_one_session_at_once_are_all_kept(database: Database) -> None:
    """Commands that name no version take turns: each adds to what the one before left."""
    first = usual_session()
    database.write_now(keeping(first))

    def add(tx: Transaction) -> int:
        before = sessions.get(tx, "t", first.id)
        number = before.last_number + 1
        placements = (*before.placements, trigger_point(number))
        changing(before, following(before, placements=placements, last_number=number))(tx)
        return number

    found = asyncio.run(at_once(database, *[add] * 24))
    assert sorted(found) == list(range(4, 28))
    assert database.read_now(reading(first.id)).last_number == 27


def test_additions_to_a_list_at_once_are_all_kept(database: Database) -> None:
    """What is numbered in its order gets each number once, though nobody locks anything."""
    review = Review("e", "confirmed", "a", "A", "2026-11-23")
    asyncio.run(at_once(database, *[lambda tx: reviews.insert(tx, "t", review)] * 24))
    assert len(database.read_now(lambda tx: reviews.of_entry(tx, "t", "e"))) == 24


def test_one_key_at_once_is_one_receipt(database: Database) -> None:
    """Of commands under one key one is done, and the others find its receipt."""
    done = []

    def work(tx: Transaction) -> bool:
        if receipts.find(tx, "t", "client", "key") is not None:
            return False
        done.append(1)
        keeping(usual_session())(tx)
        receipts.insert(tx, "t", "client", "key", RECEIPT, DAY)
        return True

    found = asyncio.run(at_once(database, *[work] * 24))
    assert sorted(found) == [False] * 23 + [True]
    assert len(done) == 1
    assert database.read_now(lambda tx: tx.execute("SELECT count(*) FROM session")) == [(1,)]


def test_a_receipt_that_came_meanwhile_undoes_the_command(database: Database) -> None:
    """Even without looking first no key ever gets a second receipt."""

    def work(tx: Transaction) -> None:
        keeping(usual_session())(tx)
        receipts.insert(tx, "t", "client", "key", RECEIPT, DAY)

    found = asyncio.run(at_once(database, *[work] * 12))
    assert sum(isinstance(each, StillRunning) for each in found) == 11
    assert database.read_now(lambda tx: tx.execute("SELECT count(*) FROM session")) == [(1,)]


def test_begun_work_is_kept_though_its_task_is_cancelled(tally: Database) -> None:
    """Cancelling withdraws nothing that was begun."""

    async def check() -> None:
        held = Held()

        def begun(tx: Transaction) -> str:
            count(1)(tx)
            return held(tx)

        task = asyncio.create_task(tally.write(begun))
        await asyncio.to_thread(held.begun.wait)
        task.cancel()
        await asyncio.sleep(0)
        held.let_go.set()

    asyncio.run(check())
    tally.write_now(count(2))
    while tally.read_now(counted) != [1, 2]:
        pass


def test_a_character_that_one_engine_cannot_hold_is_refused_on_both(database: Database) -> None:
    """U+0000 in a column of its own is refused as input that does not fit, in writing and in searching; in a text of
    the document it is kept.
    """
    with pytest.raises(Invalid):
        database.write_now(keeping(usual_session(subject="a\0b")))
    with pytest.raises(Invalid):
        database.read_now(lambda tx: sessions.search(tx, "t", SessionQuery(lot="a\0b")))
    visit = usual_session(note="a\0b")
    database.write_now(keeping(visit))
    assert database.read_now(reading(visit.id)) == visit
