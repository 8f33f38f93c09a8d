"""Heads of requests: how large they may be, and how long they may take; over bare connections."""

import asyncio
import contextlib
import socket
import threading
import time
import urllib.request
from typing import Any

import pytest
import uvicorn

from bodymap.api.http import request_limits


def sent(address: str, *packets: bytes) -> bytes:
    """What a service answers to bytes, until it ends the connection or has said enough."""
    with socket.create_connection(("127.0.0.1", int(address.rpartition(":")[2])), timeout=30) as connection:
        with contextlib.suppress(ConnectionError):
            for packet in packets:
                connection.sendall(packet)
        answer = b""
        with contextlib.suppress(ConnectionError):
            while b"\r\n\r\n" not in answer and (packet := connection.recv(1 << 16)):
                answer += packet
        return answer


def test_nobody_fills_the_memory_with_a_head_that_never_ends(demo: Any) -> None:
    """A head beyond its limit ends the connection, be it one field, many, or an address; a large body is none."""
    start = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"
    packet = b"a" * 50_000
    for packets in (
        (start + b"X: ", *[packet] * 200),
        (start, *[b"X-%d: %s\r\n" % (number, packet) for number in range(200)]),
        (b"GET /", *[packet] * 200),
    ):
        answer = sent(demo.address, *packets)
        # Who goes on sending after the end may find the connection reset, and the answer with it.
        assert answer == b"" or answer.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 ")), answer[:80]
    body = b'{"note": "' + b"x" * 500_000 + b'"}'
    head = b"POST /v1/charts HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    assert sent(demo.address, head + b"Content-Length: %d\r\n\r\n" % len(body), body).startswith(b"HTTP/1.1 422 ")
    assert sent(demo.address, start + b"X: " + b"a" * 60_000 + b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    with urllib.request.urlopen(f"{demo.address}/healthz", timeout=30) as alive:
        assert alive.status == 200


def test_a_head_that_is_too_large_is_told_so(demo: Any) -> None:
    """Who stops at the limit reads why: 431, a problem."""
    answer = sent(demo.address, b"GET /healthz HTTP/1.1\r\nX: ", b"a" * (request_limits.LIMIT_BYTES + 1))
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert b"content-type: application/problem+json\r\n" in answer


@pytest.mark.parametrize(
    "packet", [b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"EHLO x\r\n\r\n", b"GET /\xff HTTP/1.1\r\n\r\n"]
)
def test_what_is_not_http_is_a_problem_like_any_other(demo: Any, packet: bytes) -> None:
    """TLS on the wrong port, mail, noise: 400 in the one shape, and the connection ends."""
    answer = sent(demo.address, packet)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json\r\n" in answer


@pytest.mark.parametrize("packet", [b"", b"G", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: "])
def test_nobody_holds_a_connection_without_asking(monkeypatch: pytest.MonkeyPatch, packet: bytes) -> None:
    """A head that does not come, or not to its end, is told so after a while; a request that came has its time."""
    monkeypatch.setattr(request_limits, "LIMIT_S", 0.2)

    async def slow(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.5)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    config = uvicorn.Config(slow, port=0, log_level="error", lifespan="off", http=request_limits.BoundedHeads)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        assert sent(f"http://127.0.0.1:{port}", packet).startswith(b"HTTP/1.1 408 ")
        whole = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
        assert sent(f"http://127.0.0.1:{port}", whole).startswith(b"HTTP/1.1 204 ")
    finally:
        server.should_exit = True
        thread.join(10)
