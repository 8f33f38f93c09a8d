"""How fast the service answers over HTTP, as ratios within one run: `python tests/bench/bench_http.py`.

Durable placements are set against the same route that stores nothing: the same request read, checked, resolved on the
atlas and answered, without a database. Clients and server share the machine's
cores, as they do for all figures that are compared here.
"""

import asyncio
import contextlib
import itertools
import json
import multiprocessing
import socket
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
from starlette.applications import Starlette

from bodymap import ids
from bodymap.api.auth.credentials import Gate
from bodymap.api.http.security_headers import Envelope
from bodymap.api.metrics import Metrics
from bodymap.api.operation import Backend
from bodymap.api.operations import OPERATIONS
from bodymap.api.routing import routes
from bodymap.api.turns import Turns
from bodymap.app import create_app
from bodymap.atlas import load_atlases
from bodymap.charting.new_versions import draft_placement, next_version
from bodymap.charting.session import Session, SessionStatement
from bodymap.config import Settings
from bodymap.decoding import Draft
from bodymap.service import UseCases
from bodymap.service.sessions import Sessions
from bodymap.service.verification import Looks

CLIENTS = 32
SECONDS = 4.0
SESSIONS = 32
PLACEMENT = {
    "kind": "trigger_point",
    "view": "posterior",
    "at": [290, 290],
    "side": "left",
    "depth_mm": 12,
    "dwell_s": 30,
    "technique": "pistoning",
    "twitch": {"sought": True, "obtained": True, "count": 3},
    "pain_before": 7,
    "pain_after": 3,
}
POINTS = [[x, y] for x in (290, 320, 390, 410) for y in (330, 420, 560)]
SPREAD = [{"kind": "trigger_point", "view": "posterior", "at": point} for point in POINTS]
BY_REGION = {"kind": "trigger_point", "region": "rhomboid-major", "side": "right"}
SESSION = {"placements": SPREAD + [BY_REGION] * 8}


class Forgetful(Sessions):
    """The use cases with nothing kept: every placement is added to the same empty session."""

    def add_placement(self, tx: Any, principal: Any, session_id: str, draft: Any, drafted: Any) -> Any:
        """What the real one does, less the database."""
        before: Session = self.draft(Draft(SessionStatement()))
        recorded = draft_placement(self._atlases.default, draft, before, 1, ids.new_id())
        return next_version(before, ids.now(), last_number=1, placements=(recorded,)), recorded


def forgetful_app() -> Starlette:
    """The application with the same route, storing nothing."""
    atlases = load_atlases()
    use_cases = UseCases.on(atlases)
    forgetful = Forgetful(use_cases.atlases, use_cases.re_resolutions, ids.new_id, ids.now)
    rows = [
        msgspec.structs.replace(row, access="none", prepare=None) if row.id == "addPlacement" else row
        for row in OPERATIONS
    ]
    app = Starlette(routes=routes(rows, Gate(open_to_all=True), 1 << 20))
    nothing: Any = None
    app.state.backend = Backend(
        atlases=atlases,
        use_cases=msgspec.structs.replace(use_cases, sessions=forgetful),
        now=ids.now,
        openapi=b"{}",
        metrics=Metrics(),
        looks=Looks(),
        turns=Turns(),
        database=nothing,
        secret=nothing,
        recorder=nothing,
    )
    app.add_middleware(Envelope, new_id=ids.new_id)
    return app


def serve(listening: socket.socket, database: str | None) -> None:
    """One server until it is terminated."""
    app = create_app(Settings(database=database), open_to_all=True) if database else forgetful_app()
    uvicorn.Server(uvicorn.Config(app, log_level="error", access_log=False)).run(sockets=[listening])


@contextlib.contextmanager
def server(database: str | None) -> Iterator[int]:
    """A server in a process of its own; gives its port."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=256)
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(listening, database), daemon=True)
    process.start()
    try:
        yield listening.getsockname()[1]
    finally:
        process.terminate()
        process.join()
        listening.close()


class Client:
    """One kept-alive connection that sends what was prepared and reads the answer."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def __aenter__(self) -> "Client":
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def send(self, request: bytes) -> tuple[int, bytes]:
        """The status and the body."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
        return int(head[9:12]), await self.reader.readexactly(length)


def request(method: str, path: str, body: Any = None) -> bytes:
    """A request as it goes over the wire."""
    content = b"" if body is None else json.dumps(body).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


Prepare = Callable[[Client], Awaitable[list[bytes]]]


async def rate(port: int, prepare: Prepare, clients: int, expected: int) -> float:
    """Answers a second, over some seconds, from clients that each wait for their answer."""
    counts = [0] * clients

    async def one(number: int, ready: asyncio.Barrier) -> None:
        async with Client(port) as client:
            prepared = itertools.cycle(await prepare(client))
            await ready.wait()
            end = time.perf_counter() + SECONDS
            while time.perf_counter() < end:
                status, body = await client.send(next(prepared))
                if status != expected:
                    raise RuntimeError(f"{status}: {body[:300]!r}")
                counts[number] += 1

    ready = asyncio.Barrier(clients)
    async with asyncio.TaskGroup() as group:
        for number in range(clients):
            group.create_task(one(number, ready))
    return sum(counts) / SECONDS


async def placements(client: Client) -> list[bytes]:
    """A placement for each of many sessions that this client alone adds to: a session has a dozen, not hundreds."""
    answers = [await client.send(request("POST", "/v1/sessions", {})) for _ in range(SESSIONS)]
    return [request("POST", f"/v1/sessions/{json.loads(body)['id']}/placements", PLACEMENT) for _, body in answers]


async def placement_of_nothing(_: Client) -> list[bytes]:
    """The same for the route that stores nothing."""
    return [request("POST", "/v1/sessions/none/placements", PLACEMENT)]


async def session(_: Client) -> list[bytes]:
    """A session with one placement."""
    return [request("POST", "/v1/sessions", {"placements": [PLACEMENT]})]


async def chart(_: Client) -> list[bytes]:
    """A chart of 20 placements, posted."""
    return [request("POST", "/v1/charts", SESSION)]


async def kept_chart(client: Client) -> list[bytes]:
    """A chart of 20 placements of a session that is kept."""
    _, body = await client.send(request("POST", "/v1/sessions", SESSION))
    return [request("GET", f"/v1/sessions/{json.loads(body)['id']}/chart.svg")]


async def alive(_: Client) -> list[bytes]:
    """The least that the service can be asked."""
    return [request("GET", "/healthz")]


def main() -> None:
    """Measures and prints a table."""
    with server(None) as port:
        nothing = asyncio.run(rate(port, placement_of_nothing, CLIENTS, 201))
    with tempfile.TemporaryDirectory() as folder, server(f"sqlite:///{Path(folder) / 'bench.db'}") as port:
        least = asyncio.run(rate(port, alive, CLIENTS, 200))
        kept = asyncio.run(rate(port, placements, CLIENTS, 201))
        made = asyncio.run(rate(port, session, CLIENTS, 201))
        drawn = asyncio.run(rate(port, chart, 4, 200))
        drawn_kept = asyncio.run(rate(port, kept_chart, 4, 200))
    rows = [
        ("GET /healthz", least, least / nothing),
        ("POST placement, storing nothing", nothing, 1.0),
        ("POST placement, durable", kept, kept / nothing),
        ("POST session with one placement, durable", made, made / nothing),
        ("POST chart of 20 placements (4 clients)", drawn, drawn / nothing),
        ("GET chart of 20 placements (4 clients)", drawn_kept, drawn_kept / nothing),
    ]
    print(f"Over HTTP, {CLIENTS} clients, {SECONDS:.0f} s each")  # noqa: T201
    print(f"{'':44}{'a second':>10}{'ratio':>8}")  # noqa: T201
    for name, figure, ratio in rows:
        print(f"{name:44}{figure:>10,.0f}{ratio:>8.2f}")  # noqa: T201


if __name__ == "__main__":
    main()
