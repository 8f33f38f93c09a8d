"""Durable commands on PostgreSQL, as ratios to the same on SQLite, on the same disk and in the same run.

Run it as `python tests/bench/bench_engines.py`. `session` keeps a session of three placements and its receipt;
`audited` does that and adds the entry of the audit, all by one tenant, whose chain makes its commands take turns;
`audited, apart` does it for a tenant each; `placement` adds one placement; `read` reads a session back. Both engines
sync every commit. Without PostgreSQL's programs it says so and measures nothing.
"""

import argparse
import asyncio
import itertools
import tempfile
from datetime import UTC, datetime

from bodymap.storage.audit import Chain, Entry, append
from bodymap.storage.database import Database
from bodymap.storage.transaction import Transaction
from tests import postgresql
from tests.bench.bench_storage import Command, commands, keep_with_receipt, rate
from tests.storage.visits import usual_session

CHAIN = Chain(b"k" * 32)
COLUMNS = "{:>7}  {:<14} {:>9}  {:>10}  {:>15}"


def measured(database: Database, clients: int) -> dict[str, Command]:
    """The commands, by name."""
    turns = itertools.count()

    def audited(tenant: str) -> Command:
        async def command() -> None:
            keep = keep_with_receipt(usual_session())
            whose = tenant.format(next(turns) % clients)
            entry = Entry(
                tenant=whose,
                at=datetime.now(UTC),
                action="write",
                outcome="done",
                operation="createSession",
                client="k",
            )

            def work(tx: Transaction) -> None:
                keep(tx)
                append(tx, CHAIN, [entry])

            await database.write(work)

        return command

    usual = commands(database, clients)
    return {
        "session": usual["session"],
        "audited": audited("t"),
        "audited, apart": audited("t{}"),
        "placement": usual["placement"],
        "read": usual["read"],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="PostgreSQL and SQLite, side by side.")
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each is run")
    options = parser.parse_args()
    if postgresql.program("initdb") is None:
        print(f"not measured, PostgreSQL is missing: {postgresql.HOW}")  # noqa: T201
        return
    print(COLUMNS.format("clients", "command", "sqlite", "postgresql", "of sqlite's"))  # noqa: T201
    with postgresql.server(durable=True) as server, tempfile.TemporaryDirectory() as folder:
        for clients in (1, 32):
            server.execute(f"CREATE DATABASE bench_{clients}")
            with (
                Database.open(f"sqlite:///{folder}/{clients}.db") as small,
                Database.open(server.url(f"bench_{clients}")) as large,
            ):
                pairs = zip(measured(small, clients).items(), measured(large, clients).values(), strict=True)
                for (name, on_sqlite), on_postgresql in pairs:
                    first = asyncio.run(rate(on_sqlite, clients, options.seconds))
                    second = asyncio.run(rate(on_postgresql, clients, options.seconds))
                    row = (clients, name, f"{first:,.0f}", f"{second:,.0f}", f"{second / first:.3f}")
                    print(COLUMNS.format(*row))  # noqa: T201


if __name__ == "__main__":
    main()
