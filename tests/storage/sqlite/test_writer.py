"""The writer: groups, savepoints, and who is answered when."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bodymap.errors import Conflict, StorageUnavailable, Unavailable
from bodymap.storage.database import Database
from bodymap.storage.sqlite.connection import connect_writer
from bodymap.storage.sqlite.served_file import ServedFile
from bodymap.storage.sqlite.writer import Writer
from bodymap.storage.transaction import Transaction
from tests.storage.held import Held


class Traced(sqlite3.Connection):
    """A connection that tells what it is asked, before and after."""

    before: Callable[[str], None] = staticmethod(lambda sql: None)
    after: Callable[[str], None] = staticmethod(lambda sql: None)

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        self.before(sql)
        cursor = super().execute(sql, *parameters)
        self.after(sql)
        return cursor


@pytest.fixture
def traced(tmp_path: Path) -> Traced:
    connect_writer(tmp_path / "notes.db").close()
    connection = sqlite3.connect(tmp_path / "notes.db", isolation_level=None, check_same_thread=False, factory=Traced)
    connection.execute("CREATE TABLE note (text TEXT UNIQUE)")
    return connection


@pytest.fixture
def writer(traced: Traced, tmp_path: Path) -> Iterator[Writer]:
    opened = Writer(traced, ServedFile(traced, tmp_path / "notes.db", marks=False), group_limit=8, queue_limit=20)
    yield opened
    opened.close()


def note(text: str) -> Callable[[Transaction], str]:
    def work(tx: Transaction) -> str:
        tx.execute("INSERT INTO note (text) VALUES (:text)", {"text": text})
        return text

    return work


def notes(tmp_path: Path) -> list[str]:
    connection = sqlite3.connect(tmp_path / "notes.db")
    try:
        return sorted(text for (text,) in connection.execute("SELECT text FROM note"))
    finally:
        connection.close()


async def together(writer: Writer, *works: Callable[[Transaction], Any]) -> list[Any]:
    """What each of the works comes to when all of them are in one group."""
    held = Held()
    first = asyncio.create_task(writer.write(held))
    await asyncio.to_thread(held.begun.wait)
    tasks = [asyncio.create_task(writer.write(work)) for work in works]
    await asyncio.sleep(0)
    held.let_go.set()
    await first
    return await asyncio.gather(*tasks, return_exceptions=True)


def refuse(text: str) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        note(text)(tx)
        raise Conflict(f"not {text}")

    return work


def test_group_is_committed_once(traced: Traced, writer: Writer, tmp_path: Path) -> None:
    """Commands that wait together cost one commit."""
    said: list[str] = []
    traced.after = said.append
    assert asyncio.run(together(writer, *(note(text) for text in "abcdef"))) == list("abcdef")
    assert said.count("COMMIT") == 2
    assert notes(tmp_path) == list("abcdef")


def test_group_has_a_limit(traced: Traced, writer: Writer) -> None:
    """A group takes no more than its limit, so that the first of many need not wait for the last."""
    said: list[str] = []
    traced.after = said.append
    asyncio.run(together(writer, *(note(str(number)) for number in range(17))))
    assert said.count("COMMIT") == 1 + 3


def test_failing_command_is_undone_alone(writer: Writer, tmp_path: Path) -> None:
    """Of a group, the one that fails is rolled back and gets its own exception; the others are kept."""
    found = asyncio.run(together(writer, note("a"), refuse("b"), note("a"), note("c")))
    assert [found[0], found[3]] == ["a", "c"]
    assert isinstance(found[1], Conflict)
    assert found[1].detail == "not b"
    assert isinstance(found[2], sqlite3.IntegrityError)
    assert notes(tmp_path) == ["a", "c"]


def test_nobody_is_answered_before_the_commit(traced: Traced, writer: Writer) -> None:
    """While the commit runs no caller has an answer, neither the kept nor the refused; afterwards all have theirs."""
    committing, go_on = threading.Event(), threading.Event()

    def before(sql: str) -> None:
        if sql == "COMMIT":
            committing.set()
            assert go_on.wait(120)

    async def check() -> None:
        traced.before = before
        tasks = [asyncio.create_task(writer.write(work)) for work in (note("a"), refuse("b"))]
        await asyncio.sleep(0)
        await asyncio.to_thread(committing.wait)
        await asyncio.sleep(0.05)
        assert not any(task.done() for task in tasks)
        go_on.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert [task.exception() is None for task in tasks] == [True, False]

    asyncio.run(check())


def test_failed_commit_keeps_and_promises_nothing(writer: Writer, tmp_path: Path) -> None:
    """Where the commit itself fails its whole group is told so, nothing is kept, and the next one is written."""

    def orphan(tx: Transaction) -> None:
        tx.execute("PRAGMA defer_foreign_keys = ON")
        tx.execute("INSERT INTO child (parent) VALUES (7)")

    writer.write_now(lambda tx: tx.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)"))
    writer.write_now(lambda tx: tx.execute("CREATE TABLE child (parent INTEGER REFERENCES parent (id))"))
    writer._connection.execute("PRAGMA foreign_keys = ON")
    found = asyncio.run(together(writer, note("a"), orphan, refuse("b")))
    assert [type(each) for each in found] == [StorageUnavailable] * 3
    assert len(set(map(id, found))) == 3
    assert writer.write_now(note("c")) == "c"
    assert notes(tmp_path) == ["c"]


@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "SAVEPOINT command", "RELEASE command"])
def test_broken_group_is_answered(traced: Traced, writer: Writer, tmp_path: Path, statement: str) -> None:
    """Whatever statement of the group's own fails, its callers hear of it and later ones are served."""
    failing = [True]

    def before(sql: str) -> None:
        if sql == statement and failing.pop():
            raise sqlite3.OperationalError("disk I/O error")

    traced.before = before
    with pytest.raises(StorageUnavailable):
        writer.write_now(note("a"))
    traced.before = lambda sql: None
    writer.write_now(note("b"))
    assert notes(tmp_path) == ["b"]


def test_full_database_says_so(database: Database) -> None:
    """A database that cannot grow refuses with a clear error, keeps what it had, and goes on once there is room."""
    database.write_now(lambda tx: tx.execute("CREATE TABLE blot (ink BLOB)"))
    ink = {"ink": b"\0" * 100_000}

    def spill(tx: Transaction) -> None:
        for _ in range(20):
            tx.execute("INSERT INTO blot VALUES (:ink)", ink)

    database.write_now(lambda tx: tx.execute("INSERT INTO blot VALUES (:ink)", ink))
    [(pages,)] = database.read_now(lambda tx: tx.execute("PRAGMA page_count"))
    database.write_now(lambda tx: tx.execute(f"PRAGMA max_page_count = {pages + 40}"))
    with pytest.raises(StorageUnavailable, match="the disk is full"):
        database.write_now(spill)
    assert database.read_now(lambda tx: tx.execute("SELECT count(*) FROM blot")) == [(1,)]
    database.write_now(lambda tx: tx.execute("PRAGMA max_page_count = 100000"))
    database.write_now(spill)
    assert database.read_now(lambda tx: tx.execute("SELECT count(*) FROM blot")) == [(21,)]


def test_cancelled_waiters_break_nothing(writer: Writer, tmp_path: Path) -> None:
    """A cancelled task withdraws work that was not begun, keeps work that was, and disturbs nobody in its group."""

    async def check() -> None:
        held = Held()

        def begun(tx: Transaction) -> str:
            note("begun")(tx)
            return held(tx)

        first = asyncio.create_task(writer.write(begun))
        await asyncio.to_thread(held.begun.wait)
        second, third = [asyncio.create_task(writer.write(note(text))) for text in ("withdrawn", "kept")]
        await asyncio.sleep(0)
        first.cancel()
        second.cancel()
        await asyncio.sleep(0)
        held.let_go.set()
        assert await third == "kept"
        assert first.cancelled()
        assert second.cancelled()

    asyncio.run(check())
    assert notes(tmp_path) == ["begun", "kept"]


def test_full_queue_refuses(writer: Writer, tmp_path: Path) -> None:
    """Beyond the queue's limit a command is refused at once, and those that wait are served."""

    async def check() -> list[Any]:
        held = Held()
        first = asyncio.create_task(writer.write(held))
        await asyncio.to_thread(held.begun.wait)
        tasks = [asyncio.create_task(writer.write(note(str(number)))) for number in range(25)]
        await asyncio.sleep(0)
        held.let_go.set()
        await first
        return await asyncio.gather(*tasks, return_exceptions=True)

    found = asyncio.run(check())
    assert found[:20] == [str(number) for number in range(20)]
    assert [type(each) for each in found[20:]] == [Unavailable] * 5
    assert len(notes(tmp_path)) == 20


def test_close_finishes_what_was_taken(database: Database, url: str) -> None:
    """Closing writes and answers every command that was taken, and refuses those that come later, also twice."""

    def table(name: str) -> Callable[[Transaction], Any]:
        return lambda tx: tx.execute(f"CREATE TABLE {name} (x)")

    async def check() -> None:
        held = Held()
        first = asyncio.create_task(database.write(held))
        await asyncio.to_thread(held.begun.wait)
        tasks = [asyncio.create_task(database.write(table(f"kept_{number}"))) for number in range(100)]
        await asyncio.sleep(0)
        closing = asyncio.create_task(asyncio.to_thread(database.close))
        await asyncio.sleep(0.05)
        held.let_go.set()
        await asyncio.gather(first, *tasks, closing)
        with pytest.raises(StorageUnavailable, match="closed"):
            await database.write(held)
        with pytest.raises(StorageUnavailable, match="closed"):
            await database.read(held)

    asyncio.run(check())
    database.close()
    with Database.open(url) as again:
        sql = "SELECT count(*) FROM sqlite_master WHERE name LIKE 'kept%'"
        assert again.read_now(lambda tx: tx.execute(sql)) == [(100,)]


def test_any_thread_and_any_loop_may_write(writer: Writer, tmp_path: Path) -> None:
    """Callers on several loops and callers without one are each answered where they are."""
    found: list[str] = []

    def loop_of_its_own(name: str) -> None:
        async def several() -> None:
            found.extend(await asyncio.gather(*(writer.write(note(f"{name}{n}")) for n in range(4))))

        asyncio.run(several())

    threads = [threading.Thread(target=loop_of_its_own, args=[name]) for name in "abc"]
    threads += [threading.Thread(target=lambda name=name: found.append(writer.write_now(note(name)))) for name in "xy"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == notes(tmp_path)
    assert len(found) == 14


def test_gone_loop_is_no_hindrance(writer: Writer, tmp_path: Path) -> None:
    """Work whose loop has closed before the commit is kept with its group, and later work is served."""
    held = Held()

    async def leave() -> None:
        task = asyncio.create_task(writer.write(held))
        await asyncio.to_thread(held.begun.wait)
        task.cancel()

    asyncio.run(leave())
    held.let_go.set()
    assert writer.write_now(note("after")) == "after"
    assert notes(tmp_path) == ["after"]


@pytest.mark.parametrize("error", [StopIteration(), KeyError("x"), SystemExit(3), asyncio.CancelledError()])
def test_whatever_work_raises_reaches_its_caller(writer: Writer, error: BaseException) -> None:
    """Any exception comes back, even those that futures refuse, and the writer lives on."""

    def work(tx: Transaction) -> None:
        raise error

    with pytest.raises(RuntimeError if isinstance(error, StopIteration) else type(error)):
        writer.write_now(work)
    assert writer.write_now(lambda tx: 5) == 5


def test_kept_transaction_is_dead(database: Database) -> None:
    """A transaction that outlives its work refuses to reach into somebody else's."""
    kept: list[Transaction] = []
    database.write_now(kept.append)
    database.read_now(kept.append)
    for transaction in kept:
        with pytest.raises(RuntimeError, match="ended"):
            transaction.execute("SELECT 1")


def test_writing_within_writing_is_refused(database: Database) -> None:
    """Work that waits for other work to be written is told so instead of waiting for ever."""

    def work(tx: Transaction) -> str:
        return database.write_now(Held())

    with pytest.raises(RuntimeError, match="cannot wait"):
        database.write_now(work)


def test_mistakes_are_not_blamed_on_the_disk(database: Database) -> None:
    """A statement that makes no sense is a mistake of ours, and is raised as one."""
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        database.write_now(lambda tx: tx.execute("SELECT * FROM nowhere"))
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        database.read_now(lambda tx: tx.execute("SELECT * FROM nowhere"))


def test_work_handed_over_is_waited_for_by_nobody_and_kept(tmp_path: Path, writer: Writer) -> None:
    """`hand` returns at once; the future is done when the work is on disk, or with what it raised."""
    held = Held()
    writer.hand(held)
    kept, lost = writer.hand(note("kept")), writer.hand(note("kept"))
    assert held.begun.wait(120)
    assert not kept.done()
    held.let_go.set()
    assert kept.result(120) == "kept"
    assert notes(tmp_path) == ["kept"]
    with pytest.raises(sqlite3.IntegrityError):
        lost.result(120)


def test_closing_finishes_what_was_handed_over(tmp_path: Path, writer: Writer) -> None:
    """A stop loses nothing that was handed over before it, though nobody waits for it."""
    for number in range(15):
        writer.hand(note(str(number)))
    writer.close()
    assert len(notes(tmp_path)) == 15
