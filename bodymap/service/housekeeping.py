"""Periodic housekeeping: deletes the receipts of idempotency keys once they have expired."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from logging import getLogger

from bodymap.errors import Unavailable
from bodymap.storage import receipts
from bodymap.storage.database import Database

RECEIPTS_KEPT = timedelta(days=30)
EVERY_S = 3600.0

_log = getLogger("bodymap.housekeeping")


async def keep_house(database: Database, now: Callable[[], datetime], every_s: float = EVERY_S) -> None:
    """Does the housekeeping now and then every hour, until it is cancelled. After a database error it waits for the
    next round.

    Ages are by this machine's clock: one that is ahead deletes receipts that much sooner, one that is behind later.
    """
    while True:
        try:
            forgotten = await forget_receipts(database, now())
            if forgotten:
                _log.info("receipts forgotten", extra={"count": forgotten})
        except Unavailable as error:
            _log.warning("housekeeping is put off: %s", error.detail)
        except Exception:
            _log.exception("housekeeping failed")
        await asyncio.sleep(every_s)


async def forget_receipts(database: Database, now: datetime) -> int:
    """Deletes expired receipts, a few at a time so that other writes wait little. Returns how many."""
    before = now - RECEIPTS_KEPT
    total = 0
    while gone := await database.write(lambda tx: receipts.expire(tx, before)):
        total += gone
    return total
