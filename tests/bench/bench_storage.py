"""Durable commands a second, as ratios to the same loop that stores nothing.

Run it as `python tests/bench/bench_storage.py`. Each client is an asyncio task that makes a session, hands it to the
database, and waits for the answer. `nothing` makes the session and yields to the loop; `writer alone` hands over work
that writes nothing; `session` keeps a session of three placements and its receipt; `placement` adds one placement to a
session that has three; `read` reads one back.
"""

import argparse
import asyncio
import itertools
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec

from bodymap.charting.session import Session
from bodymap.storage import receipts, sessions
from bodymap.storage.database import Database
from bodymap.storage.receipts import Receipt
from bodymap.storage.transaction import Transaction
from tests.storage.visits import DAY, following, keeping, reading, trigger_point, usual_session

Command = Callable[[], Awaitable[object]]


def keep_with_receipt(visit: Session) -> Callable[[Transaction], None]:
    def work(tx: Transaction) -> None:
        sessions.insert(tx, "t", visit)
        body = msgspec.json.encode(visit)
        receipt = Receipt(fingerprint="0" * 64, status=201, headers=(("ETag", '"1"'),), body=body)
        receipts.insert(tx, "t", "client", visit.id, receipt, DAY)

    return work


def add_placement(session_id: str) -> Callable[[Transaction], None]:
    """One more placement, and one fewer, so that the session keeps its size."""

    def work(tx: Transaction) -> None:
        before = sessions.get(tx, "t", session_id)
        number = before.last_number + 1
        placements = (*before.placements[1:], trigger_point(number))
        sessions.replace(tx, "t", before, following(before, placements=placements, last_number=number))

    return work


def commands(database: Database, clients: int) -> dict[str, Command]:
    kept = [usual_session() for _ in range(clients)]
    for visit in kept:
        database.write_now(keeping(visit))
    turns = itertools.cycle(visit.id for visit in kept)

    async def nothing() -> None:
        usual_session()
        await asyncio.sleep(0)

    async def writer_alone() -> None:
        usual_session()
        await database.write(lambda tx: None)

    async def session() -> None:
        await database.write(keep_with_receipt(usual_session()))

    async def placement() -> None:
        await database.write(add_placement(next(turns)))

    async def read() -> None:
        await database.read(reading(next(turns)))

    return {
        "nothing": nothing,
        "writer alone": writer_alone,
        "session": session,
        "placement": placement,
        "read": read,
    }


async def rate(command: Command, clients: int, seconds: float) -> float:
    """How many a second, by all clients together."""
    begin = time.perf_counter()
    until = begin + seconds

    async def client() -> int:
        done = 0
        while time.perf_counter() < until:
            await command()
            done += 1
        return done

    done = sum(await asyncio.gather(*(client() for _ in range(clients))))
    return done / (time.perf_counter() - begin)


def main() -> None:
    parser = argparse.ArgumentParser(description="Durable commands a second.")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each is run")
    parser.add_argument("--folder", type=Path, default=None, help="where the database is made")
    options = parser.parse_args()
    print(f"{'clients':>7}  {'command':<13} {'a second':>9}  {'of nothing':>10}")  # noqa: T201
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        for clients in (1, 32):
            with Database.open(f"sqlite:///{folder}/{clients}.db") as database:
                nothing = 0.0
                for name, command in commands(database, clients).items():
                    rated = asyncio.run(rate(command, clients, options.seconds))
                    nothing = nothing or rated
                    print(f"{clients:>7}  {name:<13} {rated:>9,.0f}  {rated / nothing:>10.4f}")  # noqa: T201


if __name__ == "__main__":
    main()
