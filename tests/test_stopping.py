"""A stop that finishes what was taken."""

import asyncio
import json
import random
import signal
import sqlite3
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Served, key_in
from tests.load import Connection, Exchange, Load, session

pytestmark = pytest.mark.outside

SLOW = ("/v1/charts?width=2400", {"Accept": "image/png"})


def begin(serve: Any, folder: Path, **settings: str) -> tuple[Served, str]:
    """A service on a database of its own, and a key."""
    key = key_in(folder, "--db", "clinic.db")
    return serve("--db", "clinic.db", settings=settings), key


async def everything_is_read(running: Served) -> None:
    """Waits until the service has read what was sent: one that connects after that and asks is answered."""
    async with Connection(running.address) as connection:
        alive = Exchange("GET", "/healthz", b"", {})
        await connection.send(alive)
        assert alive.status == 200


async def nobody_is_let_in(running: Served) -> None:
    """Waits until the service takes no new connection."""
    async with asyncio.timeout(120):
        while True:
            try:
                async with Connection(running.address):
                    await asyncio.sleep(0.01)
            except OSError:
                return


def kept_keys(folder: Path) -> set[str]:
    with closing(sqlite3.connect(folder / "clinic.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return {key for (key,) in connection.execute("SELECT key FROM receipt")}


@pytest.mark.parametrize("seed", range(3))
def test_what_is_kept_is_answered_and_what_is_answered_is_kept(serve: Any, tmp_path: Path, seed: int) -> None:
    """Stopped in the middle of a load, the service has answered every command that it kept and kept every one that it
    answered: a client that hears nothing knows that nothing was done.
    """
    running, key = begin(serve, tmp_path)

    async def stopped() -> list[Exchange]:
        load = Load(running.address, key, seed, clients=32)
        writing = asyncio.create_task(load.run())
        await load.reached(random.Random(seed).randint(20, 200))
        running.process.send_signal(signal.SIGTERM)
        await writing
        return load.exchanges

    exchanges = asyncio.run(stopped())
    assert running.process.wait(120) in (0, -signal.SIGTERM)
    assert kept_keys(tmp_path) == {one.headers["Idempotency-Key"] for one in exchanges if one.answered}
    assert not (tmp_path / "clinic.db-wal").exists(), "the log was not brought into the file"


def test_slow_requests_are_answered_in_full(serve: Any, tmp_path: Path) -> None:
    """A picture that is being drawn and a body that is half sent when the stop comes are answered, and the command is
    kept; meanwhile nobody new is let in.
    """
    running, key = begin(serve, tmp_path)
    posted = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    body = json.dumps(session("slow", random.Random(0))).encode()
    path, accepted = SLOW
    pictures = [Exchange("POST", path, json.dumps({}).encode(), {**posted, **accepted}) for _ in range(4)]

    async def stopped() -> bytes:
        async with AsyncExitStack() as stack, Connection(running.address) as half, asyncio.TaskGroup() as group:
            head = "POST /v1/sessions HTTP/1.1\r\nHost: slow\r\nIdempotency-Key: slow\r\n"
            head += "".join(f"{name}: {value}\r\n" for name, value in posted.items())
            half.writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:10])

            async def draw(connection: Connection, picture: Exchange) -> None:
                await connection.send(picture)

            for picture in pictures:
                connection = await stack.enter_async_context(Connection(running.address))
                group.create_task(draw(connection, picture))
            await everything_is_read(running)
            running.process.send_signal(signal.SIGTERM)
            await nobody_is_let_in(running)
            assert running.process.poll() is None, "it did not wait"
            half.writer.write(body[10:])
            return await half.reader.readuntil(b"\r\n\r\n")

    head = asyncio.run(stopped())
    assert head.startswith(b"HTTP/1.1 201 ")
    assert [picture.status for picture in pictures] == [200] * 4
    assert all(picture.answer.startswith(b"\x89PNG") for picture in pictures)
    running.process.wait(120)
    assert kept_keys(tmp_path) == {"slow"}
    assert json.loads((tmp_path / "serve.err").read_text().splitlines()[-1])["message"] == "stopped"


def test_a_stop_does_not_wait_for_ever(serve: Any, tmp_path: Path) -> None:
    """Who sends a body and never ends is waited for as long as the setting says."""
    running, key = begin(serve, tmp_path, BODYMAP_STOP_SECONDS="1")

    async def stopped() -> None:
        async with Connection(running.address) as half:
            head = f"POST /v1/sessions HTTP/1.1\r\nHost: slow\r\nAuthorization: Bearer {key}\r\n"
            half.writer.write(f"{head}Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{".encode())
            await everything_is_read(running)
            running.process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(running.process.wait, 120) in (0, -signal.SIGTERM)

    asyncio.run(stopped())
    assert kept_keys(tmp_path) == set()
