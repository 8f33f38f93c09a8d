"""What the audit keeps of a flood of requests that nobody in particular sends."""

import asyncio
from datetime import UTC, datetime

from bodymap.service.audit import NOBODY_LIMIT, Recorder
from bodymap.storage import audit
from bodymap.storage.audit import SERVICE, Chain, Entry
from bodymap.storage.database import Database


def entry(tenant: str, number: int) -> Entry:
    """The entry of a refused request."""
    return Entry(
        tenant=tenant,
        at=datetime.now(UTC),
        action="read",
        outcome="refused",
        operation="getSession",
        client="",
        request=str(number),
    )


def test_a_flood_of_nobody_is_counted_in_one_entry(database: Database) -> None:
    """Beyond the limit of a minute the last is kept with the number of those it stands for; a tenant's are all kept."""
    recorder = Recorder(database, Chain(bytes(32)))

    async def flood() -> None:
        for number in range(NOBODY_LIMIT * 4):
            await recorder.note(entry(SERVICE, number))
            await recorder.note(entry("clinic", number))

    asyncio.run(flood())
    recorder.close()
    kept = database.read_now(lambda tx: audit.read(tx, SERVICE, 0, 1000))
    counts = [int(item.about.split()[3]) for item in kept if item.about]
    assert 1 <= len(counts) <= 2
    assert len(kept) - len(counts) + sum(counts) == NOBODY_LIMIT * 4
    assert kept[-1].request == str(NOBODY_LIMIT * 4 - 1)
    assert len(database.read_now(lambda tx: audit.read(tx, "clinic", 0, 1000))) == NOBODY_LIMIT * 4
