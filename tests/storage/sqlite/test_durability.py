"""Answered is kept: processes killed, and the system's own account of what was synced when."""

import random
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bodymap.storage import receipts, sessions
from bodymap.storage.database import Database
from bodymap.storage.transaction import Transaction
from tests.storage.visits import keeping, session, trigger_point
from tests.tools import installed, unavailable

# Creates and changes sessions from 16 tasks; prints each id and version as soon as it is answered.
CLIENTS = """
import asyncio, sys
from bodymap.storage import receipts, sessions
from bodymap.storage.database import Database
from bodymap.storage.receipts import Receipt
from tests.tools import installed, unavailable
from tests.storage.visits import DAY, changing, following, session, trigger_point

async def client(database):
    while True:
        first = session(*(trigger_point(number) for number in range(1, 6)))
        receipt = Receipt(fingerprint="f", status=201, headers=(), body=first.id.encode())

        def create(tx):
            sessions.insert(tx, "t", first)
            receipts.insert(tx, "t", "client", first.id, receipt, DAY)

        await database.write(create)
        print(first.id, 1, flush=True)
        second = following(first, placements=first.placements[1:] + (trigger_point(6),))
        await database.write(changing(first, second))
        print(first.id, 2, flush=True)

async def main():
    database = Database.open(sys.argv[1])
    await asyncio.gather(*(client(database) for _ in range(16)))

asyncio.run(main())
"""


@pytest.mark.parametrize("number", range(4))
def test_every_answered_write_survives_a_kill(url: str, number: int) -> None:
    """A process killed at any moment of writing leaves all that it answered, no half of anything, and a sound file."""
    chance = random.Random(number)
    answered: set[tuple[str, int]] = set()
    for _ in range(2):
        process = subprocess.Popen([sys.executable, "-c", CLIENTS, url], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        for _ in range(chance.randint(1, 400)):
            session_id, version = process.stdout.readline().split()
            answered.add((session_id, int(version)))
        process.kill()
        rest, _ = process.communicate()
        # What was printed last may be cut in the middle of its line; its answer had been given all the same.
        whole = rest[: rest.rfind("\n") + 1].splitlines()
        answered |= {(session_id, int(version)) for session_id, version in map(str.split, whole)}
        assert process.returncode == -signal.SIGKILL

    def check(tx: Transaction) -> None:
        heads: dict[str, int] = dict(tx.execute("SELECT id, version FROM session"))
        assert all(heads.get(session_id, 0) >= version for session_id, version in answered)
        for session_id, version in heads.items():
            first = sessions.get_version(tx, "t", session_id, 1)
            assert [placement.number for placement in first.placements] == [1, 2, 3, 4, 5]
            found = receipts.find(tx, "t", "client", session_id)
            assert found is not None
            assert found.body == session_id.encode()
            if version == 2:
                second = sessions.get(tx, "t", session_id)
                assert [placement.number for placement in second.placements] == [2, 3, 4, 5, 6]
        assert tx.execute("SELECT count(*) FROM receipt") == [(len(heads),)]
        assert tx.execute("PRAGMA integrity_check") == [("ok",)]
        assert tx.execute("PRAGMA foreign_key_check") == []

    with Database.open(url) as database:
        database.read_now(check)
        database.write_now(keeping(session(trigger_point(1))))


ONE_BY_ONE = """
import asyncio, os, sys
from bodymap.storage.database import Database
from tests.tools import installed, unavailable
from tests.storage.visits import keeping, usual_session

async def main():
    with Database.open(sys.argv[1]) as database:
        for number in range(20):
            visit = usual_session()
            os.write(1, b"asking %d\\n" % number)
            await database.write(keeping(visit))
            os.write(1, b"answered %d\\n" % number)

asyncio.run(main())
"""


def test_answer_comes_after_the_sync(url: str, tmp_path: Path) -> None:
    """By the system's account each command writes to the log, then syncs it, and only then is answered."""
    strace = installed("strace", how="apt-get install strace")
    trace = tmp_path / "trace"
    calls = "trace=write,pwrite64,fsync,fdatasync"
    command = [strace, "-f", "-y", "-o", str(trace), "-e", calls, sys.executable, "-c", ONE_BY_ONE, url]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if "ptrace" in ended.stderr.lower() and not trace.exists():
        unavailable(f"strace may not trace here: {ended.stderr.splitlines()[0]}")
    assert ended.returncode == 0, ended.stderr
    story = trace.read_text()
    for number in range(20):
        told = re.search(rf'"asking {number}\\n".*?"answered {number}\\n"', story, re.DOTALL)
        assert told is not None
        lines = told[0].splitlines()
        written = [index for index, line in enumerate(lines) if "pwrite64" in line and "clinic.db-wal>" in line]
        synced = [
            index for index, line in enumerate(lines) if re.search(r"(fdatasync|fsync)\(\d+<.*clinic\.db-wal>", line)
        ]
        assert written, told[0]
        assert synced, told[0]
        assert written[-1] < synced[-1]
        # A call that another thread interrupted ends on a line of its own, which must come before the answer, too.
        ends = [line for line in lines[synced[-1] :] if re.search(r"(fdatasync|fsync).*= 0$", line)]
        assert ends, told[0]
