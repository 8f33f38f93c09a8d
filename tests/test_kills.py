"""The real service, killed at random moments while many clients write.

`--kills` says how often; `make soak` does it hundreds of times.
"""

import asyncio
import contextlib
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bodymap.storage.database import Database
from bodymap.storage.sqlite.connection import connect_writer
from bodymap.storage.sqlite.migrations import take
from bodymap.storage.steps import steps
from bodymap.storage.transaction import Transaction
from tests.conftest import BODYMAP, Served, key_in, served
from tests.kept import TENANT, check_kept
from tests.load import Exchange, Load, ask_again

pytestmark = pytest.mark.outside

KILLS_A_DATABASE = 3


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test for every few kills, each with a database of its own."""
    if "seed" in metafunc.fixturenames:
        kills: int = metafunc.config.getoption("kills")
        metafunc.parametrize("seed", range(-(-kills // KILLS_A_DATABASE)))


@contextlib.contextmanager
def clinic(folder: Path) -> Iterator[Served]:
    """The service on one database, however often it is started."""
    with served(["--db", "clinic.db"], folder, settings={"BODYMAP_LOG_LEVEL": "warning"}) as running:
        yield running


async def loaded_and_killed(running: Served, key: str, chance: random.Random, seed: int) -> list[Exchange]:
    """What was asked and answered until the service was killed, after some answers and a moment more."""
    load = Load(running.address, key, seed, clients=chance.choice((1, 4, 16, 32)))
    writing = asyncio.create_task(load.run())
    await asyncio.wait(
        [writing, asyncio.create_task(load.reached(chance.randint(0, 150)))], return_when="FIRST_COMPLETED"
    )
    await asyncio.sleep(chance.random() * 0.02)
    running.process.send_signal(signal.SIGKILL)
    await writing
    return load.exchanges


def check_file(tx: Transaction) -> None:
    """The file is sound."""
    assert tx.execute("PRAGMA integrity_check") == [("ok",)]
    assert tx.execute("PRAGMA foreign_key_check") == []


def test_what_was_answered_survives_a_kill(tmp_path: Path, seed: int) -> None:
    """After each kill the record holds all that was answered, with its receipt and no half of anything; asked again
    under its key each command is answered as it was, and one that was never answered is done once.
    """
    chance = random.Random(seed)
    exchanges: list[Exchange] = []
    answered: list[Exchange] = []
    key = key_in(tmp_path, "--db", "clinic.db", tenant=TENANT)
    for kill in range(KILLS_A_DATABASE + 1):
        with clinic(tmp_path) as running:
            again = asyncio.run(ask_again(running.address, exchanges))
            for before, now in zip(exchanges, again, strict=True):
                if before.answered:
                    assert (now.status, now.said, now.answer) == (before.status, before.said, before.answer)
                else:
                    assert now.kept, now.answer
            answered += again
            if kill == KILLS_A_DATABASE:
                break
            exchanges = asyncio.run(loaded_and_killed(running, key, chance, seed * 100 + kill))
        with Database.open(f"sqlite:///{tmp_path}/clinic.db") as database:
            database.read_now(partial(check_kept, exchanges=answered + exchanges))
            database.read_now(check_file)
    assert len(answered) > 100, "so little was asked that nothing was shown"


def schema(path: Path) -> list[tuple[str, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        taken: list[tuple[str, ...]] = connection.execute("SELECT name FROM migration ORDER BY number").fetchall()
        return taken + connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def test_a_migration_that_is_killed_is_taken_up_again(tmp_path: Path) -> None:
    """`bodymap migrate` killed at random moments leaves steps that were taken wholly or not at all: what is left is
    taken the next time, and gives the same tables as one that was never killed.
    """
    migrate = [*BODYMAP, "migrate", "--db"]
    subprocess.run([*migrate, "whole.db"], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    with contextlib.closing(connect_writer(tmp_path / "old.db")) as connection:
        take(connection, steps("sqlite")[:1])
    chance, half_way = random.Random(7), 0
    for kill in range(5):
        name = f"{kill}.db"
        shutil.copy(tmp_path / "old.db", tmp_path / name)
        process = subprocess.Popen([*migrate, name], cwd=tmp_path, stdout=subprocess.DEVNULL)
        # Most of the time goes into the start of Python: the kill is aimed at when the log appears.
        while process.poll() is None and not (tmp_path / f"{name}-wal").exists():
            time.sleep(0.0005)
        time.sleep(chance.random() * 0.01)
        process.kill()
        half_way += process.wait() == -signal.SIGKILL
        subprocess.run([*migrate, name], cwd=tmp_path, check=True, capture_output=True, timeout=60)
        assert schema(tmp_path / name) == schema(tmp_path / "whole.db")
    assert half_way > 0, "none was killed before its end"
