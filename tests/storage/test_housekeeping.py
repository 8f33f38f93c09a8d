"""What the service does by itself."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bodymap.service.housekeeping import RECEIPTS_KEPT, forget_receipts, keep_house
from bodymap.storage import receipts
from bodymap.storage.database import Database
from bodymap.storage.receipts import Receipt
from bodymap.storage.transaction import Transaction

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
RECEIPT = Receipt(fingerprint="f", status=201, headers=(), body=b"{}")


def fill(database: Database, ages: dict[str, timedelta]) -> None:
    def work(tx: Transaction) -> None:
        for key, age in ages.items():
            receipts.insert(tx, "t", "c", key, RECEIPT, NOW - age)

    database.write_now(work)


def keys(database: Database) -> set[str]:
    return {key for (key,) in database.read_now(lambda tx: tx.execute("SELECT key FROM receipt"))}


def test_receipts_are_forgotten_after_their_time_and_not_before(database: Database) -> None:
    """However many are older than thirty days, all of them go, and none that is younger."""
    second, kept = timedelta(seconds=1), timedelta(days=30)
    fill(database, {f"old-{number}": kept + second for number in range(2500)})
    fill(database, {"young": kept - second, "of the future": -kept})
    assert asyncio.run(forget_receipts(database, NOW)) == 2500
    assert keys(database) == {"young", "of the future"}


def test_the_service_keeps_house_by_itself(serve: Any, tmp_path: Path) -> None:
    """A receipt that is too old is gone soon after the service has started; one that is not stays."""
    fresh = datetime.now(UTC)
    with Database.open(f"sqlite:///{tmp_path}/bodymap.db") as database:
        for key, made in (("old", fresh - RECEIPTS_KEPT - timedelta(minutes=1)), ("fresh", fresh)):
            database.write_now(lambda tx, key=key, made=made: receipts.insert(tx, "t", "c", key, RECEIPT, made))
    serve()
    for _ in range(1200):
        with closing(sqlite3.connect(tmp_path / "bodymap.db")) as beside:
            left = [key for (key,) in beside.execute("SELECT key FROM receipt")]
        if left == ["fresh"]:
            return
        asyncio.run(asyncio.sleep(0.1))
    pytest.fail(f"left: {left}")


def test_trouble_puts_it_off_and_no_more(url: str, caplog: pytest.LogCaptureFixture) -> None:
    """A round that the database refuses is told, and the next one is made all the same."""

    async def rounds() -> None:
        database = Database.open(url)
        database.close()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(keep_house(database, lambda: NOW, every_s=0.001), 0.5)

    asyncio.run(rounds())
    assert len(caplog.records) > 1
    assert all("put off" in record.getMessage() for record in caplog.records)
