"""Reading: beside the writer, and never writing."""

import asyncio
import threading

import pytest

from bodymap.errors import StorageUnavailable, Unavailable
from bodymap.storage.database import Database
from bodymap.storage.sqlite.connection import connect_reader, path_of
from bodymap.storage.sqlite.engine import READERS
from bodymap.storage.sqlite.readers import Readers
from bodymap.storage.sqlite.served_file import ServedFile
from bodymap.storage.transaction import Transaction
from tests.storage.held import Held


def count(tx: Transaction) -> int:
    [(number,)] = tx.execute("SELECT count(*) FROM tally")
    return int(number)


@pytest.fixture
def tally(database: Database) -> Database:
    database.write_now(lambda tx: tx.execute("CREATE TABLE tally (x)"))
    return database


def one_more(tx: Transaction) -> None:
    tx.execute("INSERT INTO tally VALUES (1)")


def test_reader_sees_what_was_answered(tally: Database) -> None:
    """Whoever has an answer to a write finds it in every read that begins afterwards."""

    async def check() -> None:
        for expected in range(1, 60):
            await tally.write(one_more)
            assert await asyncio.gather(*(tally.read(count) for _ in range(3))) == [expected] * 3

    asyncio.run(check())


def test_reader_sees_one_state(tally: Database) -> None:
    """All statements of a read see the same state, and a read does not hold up the writer."""
    seen, written = threading.Event(), threading.Event()

    def twice(tx: Transaction) -> tuple[int, int]:
        first = count(tx)
        seen.set()
        assert written.wait(120)
        return first, count(tx)

    async def check() -> None:
        reading = asyncio.create_task(tally.read(twice))
        await asyncio.to_thread(seen.wait)
        await tally.write(one_more)
        written.set()
        assert await reading == (0, 0)
        assert await tally.read(count) == 1

    asyncio.run(check())


def test_reader_cannot_write(tally: Database) -> None:
    """A read that writes is refused, and changes nothing."""
    with pytest.raises(StorageUnavailable, match="read-only"):
        tally.read_now(one_more)
    assert tally.read_now(count) == 0


def test_failed_read_leaves_its_connection_usable(tally: Database) -> None:
    """Reads that raise, many more than there are readers, leave no transaction behind."""
    for _ in range(3 * READERS):
        with pytest.raises(ZeroDivisionError):
            tally.read_now(lambda tx: count(tx) // 0)
    tally.write_now(one_more)
    assert [tally.read_now(count) for _ in range(3 * READERS)] == [1] * 3 * READERS


def test_reads_have_a_limit_too(tally: Database, url: str) -> None:
    """Beyond the limit a read is refused at once; a cancelled one gives its room back."""
    reading = connect_reader(path_of(url))
    readers = Readers([reading], ServedFile(reading, path_of(url), marks=False), queue_limit=2)

    async def check() -> None:
        held = Held()
        first = asyncio.create_task(readers.read(held))
        await asyncio.to_thread(held.begun.wait)
        second = asyncio.create_task(readers.read(count))
        await asyncio.sleep(0)
        with pytest.raises(Unavailable):
            await readers.read(count)
        second.cancel()
        await asyncio.sleep(0)
        third = asyncio.create_task(readers.read(count))
        await asyncio.sleep(0)
        held.let_go.set()
        assert await third == 0
        assert await first == "held"

    try:
        asyncio.run(check())
    finally:
        readers.close()
