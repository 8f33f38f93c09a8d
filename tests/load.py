"""Many clients at once that write as record systems do, and remember what they asked and what they were answered.

Every command carries an Idempotency-Key, so that afterwards each can be asked again: what was answered must be answered
the same, byte for byte; what was not may have been kept or not, but never by half and never twice.
"""

import asyncio
import contextlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

POINTS = [[x, y] for x in (290, 320, 390, 410) for y in (330, 420, 560)]
SIGNED = {"by": "Practitioner/7", "display": "M. Rossi, PT"}
EVENT = {
    "event": "bleeding",
    "severity": "mild",
    "onset_at": "2026-11-23T10:00:00Z",
    "action": "pressed for a minute",
    "by": "Practitioner/7",
}
SAID = ("content-type", "etag", "location")


@dataclass
class Exchange:
    """One command: as it was asked and, where the answer came, as it was answered."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str]
    status: int = 0
    said: dict[str, str] = field(default_factory=dict)
    answer: bytes = b""

    @property
    def answered(self) -> bool:
        """Whether an answer came, whole."""
        return self.status != 0

    @property
    def kept(self) -> bool:
        """Whether the answer says that it was done."""
        return 200 <= self.status < 300


class Connection:
    """A kept-alive connection that sends a command and reads the answer. Raises OSError or EOFError where it breaks."""

    def __init__(self, address: str) -> None:
        self.host, self.port = urlsplit(address).hostname, urlsplit(address).port

    async def __aenter__(self) -> "Connection":
        self.reader, self.writer = await asyncio.open_connection(self.host, self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def send(self, exchange: Exchange) -> None:
        """Fills in the answer, once all of it is there."""
        lines = [f"{exchange.method} {exchange.path} HTTP/1.1", "Host: load", f"Content-Length: {len(exchange.body)}"]
        lines += [f"{name}: {value}" for name, value in exchange.headers.items()]
        self.writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + exchange.body)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *rest = head.split("\r\n")
        said = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest if line)}
        body = await self.reader.readexactly(int(said.get("content-length", 0)))
        exchange.answer, exchange.said = body, {name: said[name] for name in SAID if name in said}
        exchange.status = int(first.split(" ")[1])


class Load:
    """Clients that record sessions, add to them, change, sign and amend them, until they are stopped or cut off.

    `key` is one that may do all that. Nothing that is asked should be refused; `run` raises where something is.
    `exchanges` is everything that was asked, in no order. The same seed asks the same things, each time under new keys.
    """

    def __init__(self, address: str, key: str, seed: int = 0, clients: int = 16) -> None:
        self.address = address
        self.clients = clients
        self.headers = {"Authorization": f"Bearer {key}"}
        self.exchanges: list[Exchange] = []
        self.answers = 0
        self._chance = random.Random(seed)
        self._stopping = False
        self._run = f"{random.SystemRandom().getrandbits(64):x}"

    async def run(self) -> None:
        """Writes until `stop`, or until the last client has lost its server."""
        async with asyncio.TaskGroup() as group:
            for number in range(self.clients):
                group.create_task(self._client(f"{self._run}-{number}", random.Random(self._chance.random())))

    async def reached(self, answers: int) -> None:
        """Waits until so many were answered."""
        while self.answers < answers:  # noqa: ASYNC110  # the load is not slowed by an event for every answer
            await asyncio.sleep(0.002)

    def stop(self) -> None:
        """Each client ends after the answer that it waits for."""
        self._stopping = True

    async def _client(self, name: str, chance: random.Random) -> None:
        with contextlib.suppress(OSError, EOFError):
            async with Connection(self.address) as connection:
                number = 0
                while not self._stopping:
                    number += 1
                    for exchange in visit(f"{name}-{number}", chance):
                        exchange.headers |= self.headers
                        self.exchanges.append(exchange)
                        await connection.send(exchange)
                        if not exchange.kept:
                            raise AssertionError(f"refused: {exchange.status} {exchange.answer!r}")
                        self.answers += 1
                        if self._stopping:
                            return


def visit(name: str, chance: random.Random) -> Iterator[Exchange]:
    """One visit as it is written down: each command is made when the one before it was answered."""
    steps = 0

    def ask(method: str, path: str, body: Any, version: int | None = None) -> Exchange:
        nonlocal steps
        steps += 1
        headers = {"Content-Type": "application/json", "Idempotency-Key": f"{name}-{steps}"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return Exchange(method, path, json.dumps(body).encode(), headers)

    made = ask("POST", "/v1/sessions", session(name, chance))
    yield made
    if not made.kept:
        return
    at = f"/v1/sessions/{json.loads(made.answer)['id']}"
    version = 1
    for _ in range(chance.randint(0, 4)):
        yield ask("POST", f"{at}/placements", placement(chance))
        version += 1
    yield ask("POST", f"{at}/events", EVENT)
    yield ask("PATCH", at, {"note": name, "status": "completed", "ended_at": "2026-11-23T10:00:00Z"}, version + 1)
    if chance.random() < 0.3:
        yield ask("POST", f"{at}/sign", SIGNED, version + 2)


def session(name: str, chance: random.Random) -> dict[str, Any]:
    """A session with an identifier of its own and one to eight placements."""
    return {
        "identifier": [{"system": "urn:load", "value": name}],
        "subject": f"Patient/{chance.randint(1, 500)}",
        "started_at": "2026-11-23T09:00:00Z",
        "placements": [placement(chance) for _ in range(chance.randint(1, 8))],
    }


def placement(chance: random.Random) -> dict[str, Any]:
    """A trigger point somewhere on the back."""
    return {
        "kind": "trigger_point",
        "view": "posterior",
        "at": chance.choice(POINTS),
        "depth_mm": chance.randint(5, 30),
    }


async def ask_again(address: str, exchanges: list[Exchange], clients: int = 8) -> list[Exchange]:
    """The same commands under the same keys, and their answers now, in the order of `exchanges`."""
    again = [Exchange(one.method, one.path, one.body, one.headers) for one in exchanges]
    waiting = iter(again)

    async def client() -> None:
        async with Connection(address) as connection:
            for exchange in waiting:
                await connection.send(exchange)

    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(client())
    return again
