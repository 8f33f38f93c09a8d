"""The real service on a real pair of PostgreSQL servers: the one that writes is killed, the other takes over."""

import asyncio
import contextlib
import random
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bodymap.storage.database import Database
from tests import postgresql
from tests.conftest import Served, key_in, served
from tests.engines import require_postgresql
from tests.kept import TENANT, check_kept
from tests.load import Connection, Load, ask_again, visit

pytestmark = pytest.mark.outside

SETTINGS = {"BODYMAP_SECRET": "a secret of the tests", "BODYMAP_LOG_LEVEL": "error"}


class Persistent(Load):
    """Clients that repeat, under the same key, what was answered with 503."""

    unavailable = 0

    async def _client(self, name: str, chance: random.Random) -> None:
        async with Connection(self.address) as connection:
            number = 0
            while not self._stopping:
                number += 1
                for exchange in visit(f"{name}-{number}", chance):
                    exchange.headers |= self.headers
                    self.exchanges.append(exchange)
                    await connection.send(exchange)
                    while exchange.status == 503:
                        self.unavailable += 1
                        exchange.status = 0
                        if self._stopping:
                            return
                        await asyncio.sleep(0.05)
                        await connection.send(exchange)
                    if not exchange.kept:
                        raise AssertionError(f"refused: {exchange.status} {exchange.answer!r}")
                    self.answers += 1
                    if self._stopping:
                        return


class Clinic:
    """A pair of servers, and how the service reaches the one that writes."""

    def __init__(self, primary: postgresql.Server, standby: postgresql.Server, pooler: postgresql.Pooler | None):
        self.primary = primary
        self.standby = standby
        self.pooler = pooler
        hosts = f"{primary.place},{standby.place}"
        direct = f"postgresql://postgres@/bodymap?host={hosts}&target_session_attrs=read-write"
        self.url = direct if pooler is None else pooler.url

    def fail_over(self) -> None:
        """The primary dies as by a power cut, and the standby takes its place."""
        self.primary.kill()
        self.standby.promote()
        if self.pooler is not None:
            self.pooler.lead_to(self.standby)


@pytest.fixture(params=["several hosts", "pgbouncer"])
def clinic(request: pytest.FixtureRequest) -> Iterator[Clinic]:
    require_postgresql("postgres", "initdb", *(["pgbouncer"] if request.param == "pgbouncer" else []))
    with postgresql.pair() as (primary, standby), contextlib.ExitStack() as stack:
        primary.execute("CREATE DATABASE bodymap")
        pooler = None
        if request.param == "pgbouncer":
            pooler = stack.enter_context(postgresql.pooler("bodymap", primary))
        yield Clinic(primary, standby, pooler)


@contextlib.contextmanager
def two_services(clinic: Clinic, folder: Path) -> Iterator[tuple[Served, Served]]:
    """Two processes that serve one database."""
    with contextlib.ExitStack() as stack:
        running = []
        for name in ("one", "two"):
            (folder / name).mkdir()
            running.append(stack.enter_context(served(["--db", clinic.url], folder / name, settings=SETTINGS)))
        yield running[0], running[1]


async def written_through_a_failover(clinic: Clinic, services: tuple[Served, Served], key: str) -> list[Persistent]:
    """What clients of both services asked and were answered, before, while and after the primary went."""
    loads = [Persistent(service.address, key, seed, clients=6) for seed, service in enumerate(services)]
    writing = [asyncio.create_task(load.run()) for load in loads]

    async def reached(more: int) -> None:
        waiting = [asyncio.create_task(load.reached(load.answers + more)) for load in loads]
        done, _ = await asyncio.wait([asyncio.gather(*waiting), *writing], return_when="FIRST_COMPLETED", timeout=60)
        for task in [*writing, *waiting]:
            if task.done():
                task.result()
        assert done, [(load.answers, load.unavailable) for load in loads]

    await reached(40)
    await asyncio.to_thread(clinic.fail_over)
    await reached(40)
    for load in loads:
        load.stop()
    await asyncio.gather(*writing)
    return loads


def test_no_answered_write_is_missing_after_a_failover(clinic: Clinic, tmp_path: Path) -> None:
    """Two processes write under load when the primary is killed and the standby promoted: what was answered is there,
    whole and once, with its entry in the audit, and is answered the same again by the other process.
    """
    key = key_in(tmp_path, "--db", clinic.url, tenant=TENANT, settings=SETTINGS)
    with two_services(clinic, tmp_path) as services:
        first, second = asyncio.run(written_through_a_failover(clinic, services, key))
        answered = []
        for load, service in ((first, services[1]), (second, services[0])):
            again = asyncio.run(ask_again(service.address, load.exchanges))
            for before, now in zip(load.exchanges, again, strict=True):
                if before.answered:
                    assert (now.status, now.said, now.answer) == (before.status, before.said, before.answer)
                else:
                    assert now.kept, now.answer
            answered += again
    with Database.open(clinic.standby.url("bodymap")) as database:
        database.read_now(partial(check_kept, exchanges=answered))
    assert len(answered) > 160
