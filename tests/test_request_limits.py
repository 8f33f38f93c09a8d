"""How requests are read off a connection: where each begins and ends, how large it may be, how slowly it may come."""

import asyncio
import contextlib
import inspect
import json
import re
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import httptools
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.server import ServerState

from bodymap.api.http import problems
from bodymap.api.http.request_limits import BoundedRequests, Limits
from bodymap.errors import BodymapError
from tests.tools import installed

pytestmark = pytest.mark.outside

HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
POST = b"POST /echo HTTP/1.1\r\nHost: localhost\r\n"
OFFERS = (
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk\r\n",
    b"Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: eA==\r\n",
    b"connection: keep-alive, Upgrade\r\nupgrade: TLS/1.0\r\n",
)


async def echo(request: Request) -> Response:
    """What was sent, read to its end."""
    return Response(await request.body())


async def refuse(request: Request) -> Response:
    """An answer that does not wait for the body."""
    return Response(b"no", 401)


async def slow(request: Request) -> Response:
    """An answer that takes longer than a head may."""
    await asyncio.sleep(0.3)
    return Response(status_code=204)


APP = Starlette(
    routes=[
        Route("/echo", echo, methods=["GET", "POST"]),
        Route("/refuse", refuse, methods=["GET", "POST"]),
        Route("/slow", slow),
    ],
    exception_handlers={BodymapError: problems.handle},
)


@contextlib.contextmanager
def serving(app: Any = APP, limits: Limits | None = None) -> Iterator[str]:
    """An application behind the service's own protocol until the end of the block; gives its address."""
    protocol = type("Bounded", (BoundedRequests,), {"limits": limits or Limits()})
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", lifespan="off", http=protocol, ws="none"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.005)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(120)


@pytest.fixture(scope="module")
def echoing() -> Iterator[str]:
    """The address of a service that answers what it is sent."""
    with serving() as address:
        yield address


def connected(address: str) -> socket.socket:
    """A bare connection to a service."""
    return socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=120)


def sent(address: str, *packets: bytes) -> bytes:
    """What a service answers to bytes, until it ends the connection or has said enough."""
    with connected(address) as connection:
        with contextlib.suppress(ConnectionError):
            for packet in packets:
                connection.sendall(packet)
        answer = b""
        with contextlib.suppress(ConnectionError):
            while b"\r\n\r\n" not in answer and (packet := connection.recv(1 << 16)):
                answer += packet
        return answer


class Wire(asyncio.Transport):
    """The service's protocol without a network, on a clock that is moved by hand."""

    def __init__(self, limits: Limits | None = None) -> None:
        super().__init__()
        self.written = b""
        self.ended = self.closed = self.paused = False
        self.now = 0.0
        self.timers: list[tuple[float, asyncio.TimerHandle, Callable[[], None]]] = []
        protocol = type("Bounded", (BoundedRequests,), {"limits": limits or Limits()})
        config = uvicorn.Config(APP, lifespan="off", log_config=None, ws="none", timeout_keep_alive=75)
        self.protocol = protocol(config, ServerState(), {}, self)
        self.protocol.connection_made(self)

    def create_task(self, work: Any) -> asyncio.Task[Any]:
        """As a loop does."""
        return asyncio.get_running_loop().create_task(work)

    def call_later(self, delay: float, then: Callable[[], None]) -> asyncio.TimerHandle:
        """As a loop does, on this clock."""
        handle = asyncio.TimerHandle(self.now + delay, then, (), asyncio.get_running_loop())
        self.timers.append((self.now + delay, handle, then))
        return handle

    async def send(self, *packets: bytes) -> bytes:
        """Brings bytes, and gives what was answered to them."""
        before = len(self.written)
        for packet in packets or (b"",):
            if packet:
                self.protocol.data_received(packet)
            for _ in range(30):
                await asyncio.sleep(0)
        return self.written[before:]

    async def wait(self, seconds: float) -> bytes:
        """Lets time pass, and gives what was answered meanwhile."""
        before = len(self.written)
        self.now += seconds
        due = [timer for timer in self.timers if timer[0] <= self.now]
        self.timers = [timer for timer in self.timers if timer[0] > self.now]
        for _, handle, then in sorted(due, key=lambda timer: timer[0]):
            if not handle.cancelled():
                then()
        await self.send()
        return self.written[before:]

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Nothing is known of the other end."""
        return default

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keeps what is answered."""
        assert not self.ended, "written after the end"
        assert not self.closed, "written after the close"
        self.written += data

    def write_eof(self) -> None:
        """Nothing is written from here on."""
        self.ended = True

    def is_closing(self) -> bool:
        """Whether the connection is over."""
        return self.closed

    def close(self) -> None:
        """Ends the connection, as a loop does."""
        if not self.closed:
            self.closed = True
            self.protocol.connection_lost(None)

    def pause_reading(self) -> None:
        """Nothing is read for a while."""
        self.paused = True

    def resume_reading(self) -> None:
        """Read on."""
        self.paused = False


def statuses(answers: bytes) -> list[int]:
    """The statuses in bytes that were answered, in order."""
    return [int(status) for status in re.findall(rb"HTTP/1\.1 (\d{3}) [A-Z]", answers)]


def on_the_wire(test: Callable[[Wire], Any], limits: Limits | None = None) -> None:
    """Runs a test against a protocol without a network."""

    async def run() -> None:
        await test(Wire(limits))

    asyncio.run(run())


@pytest.mark.parametrize("offer", OFFERS)
def test_an_offer_to_upgrade_is_passed_over_and_the_body_read(echoing: str, offer: bytes) -> None:
    """Whatever protocol a client offers, its body is read, in the same packet, in later ones or in chunks, and what
    follows on the connection is the next request.
    """
    plain = POST + offer + b"Content-Length: 11\r\n\r\n"
    chunked = POST + offer + b"Transfer-Encoding: chunked\r\n\r\n"
    for packets in (
        (plain + b"hello there" + HEAD + b"\r\n",),
        (plain, b"hello", b" there", HEAD + b"\r\n"),
        (chunked + b"5\r\nhello\r\n", b"6\r\n there\r\n0\r\n\r\n" + HEAD + b"\r\n"),
        (plain[:40], plain[40:] + b"hello there", HEAD + offer + b"\r\n"),
    ):
        with connected(echoing) as connection:
            for packet in packets:
                connection.sendall(packet)
                time.sleep(0.01)
            answer = b""
            while b"404 Not Found" not in answer:
                packet = connection.recv(1 << 16)
                assert packet, answer
                answer += packet
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert b"\r\n\r\nhello there" in answer


def test_many_offers_in_one_packet_are_answered_in_order() -> None:
    """Pipelined requests that each offer an upgrade are requests like others."""

    async def run(wire: Wire) -> None:
        one = POST + OFFERS[0] + b"Content-Length: 1\r\n\r\n"
        answers = await wire.send(b"".join(one + b"%d" % number for number in range(5)))
        for _ in range(5):
            answers += await wire.send()
        assert statuses(answers) == [200] * 5
        assert b"".join(part.rpartition(b"\r\n\r\n")[2] for part in answers.split(b"HTTP/1.1 ")[1:]) == b"01234"

    on_the_wire(run)


def test_a_request_for_a_tunnel_is_refused(echoing: str) -> None:
    """CONNECT has nothing to be parsed anew, and what follows it is no request."""
    answer = sent(echoing, b"CONNECT ehr.example:443 HTTP/1.1\r\nHost: ehr.example\r\n\r\nGET / HTTP/1.1\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 501 ")
    assert answer.count(b"HTTP/1.1") == 1


def test_an_answer_before_the_end_of_its_request_ends_the_connection() -> None:
    """Where the body is not here yet when the answer is sent, the answer says close, what comes of the body is passed
    over, none of it is taken for a request, and the connection ends soon.
    """

    async def run(wire: Wire) -> None:
        answer = await wire.send(b"POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n")
        assert statuses(answer) == [401]
        assert b"\r\nconnection: close\r\n" in answer
        assert answer.endswith(b"\r\n\r\nno")
        assert (wire.ended, wire.closed) == (True, False)
        assert await wire.send(HEAD + b"\r\n", b"\x00" * 200, HEAD + b"\r\n") == b""
        await wire.wait(5)
        assert wire.closed

    async def whole(wire: Wire) -> None:
        answer = await wire.send(b"POST /refuse HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
        assert statuses(answer) == [401]
        assert b"connection: close" not in answer
        assert statuses(await wire.send(HEAD + b"\r\n")) == [404]

    on_the_wire(run)
    on_the_wire(whole)


def test_who_goes_on_sending_still_reads_the_answer(echoing: str) -> None:
    """A client that sends all of a large body before it reads finds the early answer and no reset connection."""
    head = b"POST /refuse HTTP/1.1\r\nHost: localhost\r\nContent-Length: 8000000\r\n\r\n"
    with connected(echoing) as connection:
        connection.sendall(head)
        for _ in range(80):
            connection.sendall(b"x" * 100_000)
        answer = b""
        while packet := connection.recv(1 << 16):
            answer += packet
    assert answer.startswith(b"HTTP/1.1 401 ")
    assert answer.endswith(b"no")


def test_a_body_that_hardly_comes_is_cut_off_and_a_steady_one_is_not() -> None:
    """Less than 1 KiB a second over 20 s is a 408 that ends the connection; a body that keeps to it may take hours."""

    async def drips(wire: Wire) -> None:
        answer = await wire.send(POST + b"Content-Length: 1000000\r\n\r\n")
        for _ in range(10):
            answer += await wire.wait(1.9) + await wire.send(b"x")
        assert answer == b""
        answer += await wire.wait(1)
        assert statuses(answer) == [408]
        assert b"\r\nconnection: close\r\n" in answer
        told = json.loads(answer.partition(b"\r\n\r\n")[2])
        assert (told["type"], told["status"]) == ("urn:bodymap:problem:too-slow", 408)
        assert "1 KiB a second" in told["detail"]
        await wire.wait(5)
        assert wire.closed

    async def steady(wire: Wire) -> None:
        size = 200 * 20 * 1024
        answer = await wire.send(POST + b"Content-Length: %d\r\n\r\n" % size)
        for _ in range(200):
            answer += await wire.send(b"x" * 20 * 1024) + await wire.wait(20)
        assert statuses(answer) == [200]
        assert not wire.closed

    async def stops(wire: Wire) -> None:
        answer = await wire.send(POST + b"Content-Length: 1000000\r\n\r\n" + b"x" * 60_000)
        answer += await wire.wait(20)
        assert answer == b""
        assert statuses(await wire.wait(20)) == [408]

    for each in (drips, steady, stops):
        on_the_wire(each)


def test_nobody_is_cut_off_whom_the_service_does_not_read() -> None:
    """While an earlier answer is still to come, a body that waits for it is not slow."""

    async def run(wire: Wire) -> None:
        wire.protocol.data_received(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n" + POST + b"Content-Length: 5\r\n\r\n")
        assert wire.paused
        for _ in range(5):
            assert await wire.wait(20) == b""
        async with asyncio.timeout(120):
            while not wire.written:  # noqa: ASYNC110  # nothing tells when the answer is written
                await asyncio.sleep(0.01)
        assert statuses(wire.written) == [204]
        assert statuses(await wire.send(b"hello")) == [200]

    on_the_wire(run)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (b"", 400),
        (b"Host: a\r\nHost: a\r\n", 400),
        (b"Host: a\r\nhost: b\r\n", 400),
        (b"Host: a b\r\n", 400),
        (b"Host: a/b\r\n", 400),
        (b"Host:\r\n", 200),
        (b"Host: [::1]:8000\r\n", 200),
        (b"Host: localhost\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n", 400),
        (b"Host: localhost\r\nContent-Length: 0\r\nContent-Length: 1\r\n", 400),
        (b"Host: localhost\r\nX: a\r\n b\r\n", 400),
        (b"Host: localhost\r\nX : a\r\n", 400),
    ],
)
def test_a_head_that_two_servers_could_read_differently_is_refused(echoing: str, fields: bytes, status: int) -> None:
    """No Host, two of them or none that is a host; two lengths; folded lines: 400 in the one shape, and an end."""
    answer = sent(echoing, b"GET /echo HTTP/1.1\r\n" + fields + b"\r\n")
    assert statuses(answer) == [status]
    if status == 400:
        assert b"content-type: application/problem+json\r\n" in answer
        assert b"connection: close\r\n" in answer


def test_a_request_of_http_1_0_needs_no_host(echoing: str) -> None:
    """Host came with HTTP/1.1."""
    assert sent(echoing, b"GET /echo HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 ")


def test_a_body_whose_chunks_are_none_is_refused(echoing: str) -> None:
    """The request is answered 400 as a problem, and the connection ends."""
    answer = sent(echoing, POST + b"Transfer-Encoding: chunked\r\n\r\n", b"5\r\nhello\r\nxyz\r\n")
    assert statuses(answer) == [400]
    assert b"urn:bodymap:problem:bad-framing" in answer
    assert b"connection: close\r\n" in answer


def test_pipelined_requests_are_answered_in_order_and_what_is_none_after_them() -> None:
    """Garbage behind good requests is refused after their answers, and not in the middle of one."""

    async def run(wire: Wire) -> None:
        answers = await wire.send(
            POST + b"Content-Length: 1\r\n\r\na" + POST + b"Content-Length: 1\r\n\r\nb" + b"\x16\x03\x01\x02\x00"
        )
        answers += await wire.send()
        assert statuses(answers) == [200, 200, 400]
        assert answers.index(b"\r\n\r\na") < answers.index(b"\r\n\r\nb") < answers.index(b"This is not HTTP.")
        assert wire.ended

    on_the_wire(run)


def test_a_head_behind_a_large_body_is_not_large() -> None:
    """What came before a head in its packet does not weigh on it."""

    async def run(wire: Wire) -> None:
        body = b"x" * 200_000
        answers = await wire.send(POST + b"Content-Length: 200000\r\n\r\n" + body[:90_000], body[90_000:] + HEAD[:20])
        answers += await wire.send(HEAD[20:] + b"\r\n")
        assert statuses(answers) == [200, 404]

    on_the_wire(run)


@pytest.mark.parametrize("split", [(), (1,), (40_000,), (66_000,)])
@pytest.mark.parametrize("field", ["one", "many", "address"])
def test_a_head_over_its_limit_is_refused_however_it_is_cut(split: Sequence[int], field: str) -> None:
    """431 for a head over 64 KiB in one packet or several; just below it, an answer."""
    for size, status in ((66_500, 431), (64_500, 404)):
        head = {
            "one": HEAD + b"X: " + b"a" * size + b"\r\n\r\n",
            "many": HEAD + b"X: 3456\r\n" * (size // 9) + b"\r\n",
            "address": b"GET /" + b"a" * size + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        }[field]
        cuts = [0, *split, len(head)]

        async def run(wire: Wire, head: bytes = head, cuts: list[int] = cuts, status: int = status) -> None:
            answer = await wire.send(*(head[first:last] for first, last in pairwise(cuts)))
            assert statuses(answer) == [status]

        on_the_wire(run)


def test_a_head_has_half_a_minute_also_behind_others() -> None:
    """A head that stops is a 408, the connection's first, a later one, and empty lines that begin none; between
    requests a connection is kept open for as long as the setting says.
    """

    async def later(wire: Wire, last: Sequence[bytes]) -> None:
        for _ in range(3):
            assert statuses(await wire.send(HEAD + b"\r\n")) == [404]
            assert await wire.wait(74) == b""
        for packet in last:
            assert await wire.send(packet) + await wire.wait(14) == b""
        assert statuses(await wire.wait(3)) == [408]

    async def idle(wire: Wire) -> None:
        assert statuses(await wire.send(HEAD + b"\r\n")) == [404]
        assert await wire.wait(75) == b""
        assert wire.closed

    async def first(wire: Wire) -> None:
        assert await wire.send(HEAD) + await wire.wait(29) == b""
        assert statuses(await wire.wait(2)) == [408]

    on_the_wire(lambda wire: later(wire, (b"G", b"E")))
    on_the_wire(lambda wire: later(wire, (b"\r\n", b"\r\n")))
    on_the_wire(lambda wire: later(wire, (HEAD, b"X: ")))
    on_the_wire(idle)
    on_the_wire(first)


def test_nobody_fills_the_memory_with_a_head_that_never_ends(demo: Any) -> None:
    """A head beyond its limit ends the connection, be it one field, many, or an address; a large body is none."""
    packet = b"a" * 50_000
    for packets in (
        (HEAD + b"X: ", *[packet] * 200),
        (HEAD, *[b"X-%d: %s\r\n" % (number, packet) for number in range(200)]),
        (b"GET /", *[packet] * 200),
    ):
        assert statuses(sent(demo.address, *packets)) == [431]
    body = b'{"note": "' + b"x" * 500_000 + b'"}'
    head = b"POST /v1/charts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    assert sent(demo.address, head + b"Content-Length: %d\r\n\r\n" % len(body), body).startswith(b"HTTP/1.1 422 ")
    assert sent(demo.address, HEAD + b"X: " + b"a" * 60_000 + b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    with urllib.request.urlopen(f"{demo.address}/healthz", timeout=120) as alive:
        assert alive.status == 200


@pytest.mark.parametrize(
    "packet",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"EHLO x\r\n\r\n",
        b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ],
)
def test_what_is_not_http_is_a_problem_like_any_other(demo: Any, packet: bytes) -> None:
    """TLS on the wrong port, mail, HTTP/2, noise: 400 in the one shape, and the connection ends."""
    answer = sent(demo.address, packet)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json\r\n" in answer


@pytest.mark.parametrize("packet", [b"", b"G", HEAD + b"X: ", POST + b"Content-Length: 9\r\n\r\nslow"])
def test_nobody_holds_a_connection_without_asking(packet: bytes) -> None:
    """A head or a body that does not come, or not to its end, is told so after a while; a request that came has its
    time.
    """
    with serving(limits=Limits(head_s=0.2, body_s=0.2)) as address:
        assert statuses(sent(address, packet)) == [408]
        assert sent(address, b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n").startswith(b"HTTP/1.1 204 ")


def test_what_is_overridden_of_the_server_is_there() -> None:
    """The parts of uvicorn and httptools that `BoundedRequests` rests on, none of them public, are as they were."""
    overridden = {
        "connection_made": ["transport"],
        "connection_lost": ["exc"],
        "data_received": ["data"],
        "on_message_begin": [],
        "on_headers_complete": [],
        "on_body": ["body"],
        "on_message_complete": [],
        "on_response_complete": [],
        "_start_asgi_task": ["cycle", "app"],
        "_unset_keepalive_if_required": [],
    }
    for name, parameters in overridden.items():
        assert list(inspect.signature(getattr(HttpToolsProtocol, name)).parameters)[1:] == parameters, name
    own = {name for name in vars(BoundedRequests) if callable(vars(BoundedRequests)[name])}
    assert {name for name in own if hasattr(HttpToolsProtocol, name)} <= overridden.keys()
    arguments = dict.fromkeys(inspect.signature(RequestResponseCycle).parameters)
    cycle = RequestResponseCycle(**arguments)  # type: ignore[arg-type]
    begun = (cycle.more_body, cycle.response_started, cycle.response_complete, cycle.disconnected)
    assert begun == (True, False, False, False)
    assert (cycle.message_event, cycle.keep_alive) == (None, None)
    assert FlowControl(asyncio.Transport()).read_paused is False
    assert httptools.HttpRequestParser(object()).should_upgrade() is False


def test_java_s_own_client_posts_as_it_comes(serve: Any) -> None:
    """The JDK's HttpClient offers HTTP/2 with its first request; it posts, reads, and posts again."""
    installed("javac", how="apt-get install default-jdk-headless")
    address = serve("--demo").address
    done = subprocess.run(
        ["java", Path(__file__).parent / "Post.java", address], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout.split() == ["201", "200"] * 6
