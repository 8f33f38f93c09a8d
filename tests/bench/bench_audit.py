"""What the audit costs and how fast it is looked at, as ratios within one run: `python tests/bench/bench_audit.py`.

Reads over HTTP are set against the same reads of a service whose recorder forgets every entry. A long chain that is
verified is set against the same rows that are only read.
"""

import asyncio
import contextlib
import multiprocessing
import socket
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from unittest.mock import patch

import uvicorn
from bench_http import CLIENTS, SECONDS, Client, rate, request

from bodymap import ids
from bodymap.app import create_app
from bodymap.config import Settings
from bodymap.service.audit import Recorder
from bodymap.storage.audit import Chain, Entry, append
from bodymap.storage.audit_verification import _rows, verify
from bodymap.storage.database import Database

ENTRIES = 1_000_000
AT_ONCE = 2000


async def forget(self: Recorder, entry: Entry) -> None:
    """Takes an entry and keeps nothing."""


def serve(listening: socket.socket, database: str, recording: bool) -> None:
    """One server until it is terminated."""
    with contextlib.nullcontext() if recording else patch.object(Recorder, "note", forget):
        app = create_app(Settings(database=database), open_to_all=True)
        uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[listening])


@contextlib.contextmanager
def server(database: str, recording: bool) -> Iterator[int]:
    """A server in a process of its own; gives its port."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    process = multiprocessing.get_context("spawn").Process(
        target=serve, args=(listening, database, recording), daemon=True
    )
    process.start()
    try:
        yield listening.getsockname()[1]
    finally:
        process.terminate()
        process.join()
        listening.close()


def reading(path: str) -> Callable[[Client], Awaitable[list[bytes]]]:
    """The same read again and again."""

    async def prepare(client: Client) -> list[bytes]:
        for number in range(3):
            body = {
                "subject": "Patient/bench",
                "placements": [{"kind": "trigger_point", "site": {"text": str(number)}}],
            }
            _, made = await client.send(request("POST", "/v1/sessions", body))
        session = made.partition(b'"id":"')[2][:36].decode()
        return [request("GET", path.replace("{id}", session))]

    return prepare


def reads() -> list[tuple[str, float, float]]:
    """Reads a second, recorded and forgotten; the two take turns, and each is run twice."""
    found = []
    for name, path in (("GET a session", "/v1/sessions/{id}"),):
        for clients in (1, CLIENTS):
            rates: dict[bool, float] = {True: 0.0, False: 0.0}
            for recording in (True, False) * 2:
                with (
                    tempfile.TemporaryDirectory() as folder,
                    server(f"sqlite:///{Path(folder) / 'bench.db'}", recording) as port,
                ):
                    rates[recording] = max(rates[recording], asyncio.run(rate(port, reading(path), clients, 200)))
            found.append(
                (f"{name}, {clients} client{'s' if clients > 1 else ''}", rates[True], rates[True] / rates[False])
            )
    return found


def entry(number: int) -> Entry:
    """One like those of reads."""
    return Entry(
        tenant="clinic",
        at=ids.now(),
        action="read",
        outcome="done",
        operation="getSession",
        client=f"key:{number % 5}",
        name="EHR",
        address="192.0.2.7",
        request=ids.new_id(),
        status=200,
        sessions=(ids.new_id(),),
        version=1,
    )


def verification() -> tuple[float, float]:
    """Seconds to verify a long chain, and seconds to read its rows alone."""
    chain = Chain(bytes(32))
    with (
        tempfile.TemporaryDirectory() as folder,
        Database.open(f"sqlite:///{Path(folder) / 'bench.db'}") as database,
    ):
        for first in range(0, ENTRIES, AT_ONCE):
            some = [entry(first + number) for number in range(AT_ONCE)]
            database.write_now(lambda tx, some=some: append(tx, chain, some))  # type: ignore[misc]
        begun = time.perf_counter()
        database.read_now(lambda tx: sum(1 for _ in _rows(tx, "clinic")))
        read = time.perf_counter()
        verdict = database.read_now(lambda tx: verify(tx, chain, "clinic"))
        verified = time.perf_counter()
        if (verdict.entries, verdict.found) != (ENTRIES, 0):
            raise RuntimeError(f"{verdict}")
        return verified - read, read - begun


def main() -> None:
    """Measures and prints a table."""
    print(f"Reads over HTTP, {SECONDS:.0f} s each{'':14}{'a second':>10}{'of unrecorded':>15}")  # noqa: T201
    for name, figure, ratio in reads():
        print(f"{name:38}{figure:>10,.0f}{ratio:>15.2f}")  # noqa: T201
    verified, read = verification()
    print(f"{ENTRIES:,} entries verified in {verified:.1f} s, {verified / read:.1f} times reading them")  # noqa: T201


if __name__ == "__main__":
    main()
