"""Receipts: the same answer again, byte for byte."""

from datetime import datetime, timedelta
from functools import partial

import msgspec
import pytest

from bodymap.errors import Conflict, StillRunning, UnknownSession
from bodymap.storage import receipts, sessions
from bodymap.storage.database import Database
from bodymap.storage.receipts import Reference
from bodymap.storage.transaction import Transaction
from tests.engines import BOTH
from tests.storage.receipts import RECEIPT
from tests.storage.visits import DAY, reading, usual_session

ENGINES = BOTH


def keep(tx: Transaction) -> None:
    receipts.insert(tx, "t", "client", "key", RECEIPT, DAY)


def test_receipt_comes_out_as_it_went_in(database: Database) -> None:
    """Status, headers in their order and every byte of the body are given again."""
    database.write_now(keep)
    assert database.read_now(lambda tx: receipts.find(tx, "t", "client", "key")) == RECEIPT


def test_a_reference_comes_out_as_it_went_in(database: Database) -> None:
    """What told of a version is kept as a reference to it, with the same headers."""
    body = Reference(session="0190", version=7, placement="0191", previously=6)
    receipt = msgspec.structs.replace(RECEIPT, body=body)
    database.write_now(lambda tx: receipts.insert(tx, "t", "client", "key", receipt, DAY))
    assert database.read_now(lambda tx: receipts.find(tx, "t", "client", "key")) == receipt


@pytest.mark.parametrize("other", [("u", "client", "key"), ("t", "other", "key"), ("t", "client", "Key")])
def test_receipt_belongs_to_one_client(database: Database, other: tuple[str, str, str]) -> None:
    """Another tenant, client or key has a receipt of its own, or none."""
    database.write_now(keep)
    assert database.read_now(lambda tx: receipts.find(tx, *other)) is None
    database.write_now(lambda tx: receipts.insert(tx, *other, RECEIPT, DAY))


def test_second_receipt_is_refused(database: Database) -> None:
    """A key that has a receipt gets no second one, and what was written with it is undone."""
    database.write_now(keep)
    visit = usual_session()

    def twice(tx: Transaction) -> None:
        sessions.insert(tx, "t", visit)
        keep(tx)

    with pytest.raises(StillRunning):
        database.write_now(twice)
    with pytest.raises(UnknownSession):
        database.read_now(reading(visit.id))


def test_receipt_goes_with_its_command(database: Database) -> None:
    """A command that fails leaves no receipt: the same key may be tried again."""

    def refused(tx: Transaction) -> None:
        keep(tx)
        raise Conflict("no")

    with pytest.raises(Conflict):
        database.write_now(refused)
    database.write_now(keep)


def test_old_receipts_expire(database: Database) -> None:
    """Those made before the moment go, oldest first and no more than asked; the one made at it stays."""

    def keep_at(age: int, moment: datetime, tx: Transaction) -> None:
        receipts.insert(tx, "t", "client", str(age), RECEIPT, moment)

    for age in range(5):
        database.write_now(partial(keep_at, age, DAY - timedelta(days=age)))

    def left(tx: Transaction) -> list[str]:
        return [str(age) for age in range(5) if receipts.find(tx, "t", "client", str(age))]

    before = DAY - timedelta(days=1)
    assert database.write_now(lambda tx: receipts.expire(tx, before, 2)) == 2
    assert database.read_now(left) == ["0", "1", "2"]
    assert database.write_now(lambda tx: receipts.expire(tx, before)) == 1
    assert database.write_now(lambda tx: receipts.expire(tx, before)) == 0
    assert database.read_now(left) == ["0", "1"]
