"""Limits on requests: framing, size of the head, and how slowly a request may arrive.

The server by itself would buffer a head of any length for any time, wait for a body for ever, and stop reading a
request that offers a protocol upgrade. Everything here rests on uvicorn's own protocol, which is private to it:
tests/test_request_limits.py holds what is overridden against the version that is pinned.
"""

import re
from asyncio import TimerHandle, Transport
from collections.abc import Callable
from http import HTTPStatus
from typing import ClassVar, NamedTuple

import httptools
import msgspec
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from bodymap import ids
from bodymap.api.http.problems import MEDIA_TYPE, Problem
from bodymap.errors import BadFraming, BodymapError, TooSlow

# RFC 9112, section 3.2: what a host and a port are written with (RFC 3986, sections 3.2.2 and 3.2.3).
_HOST = re.compile(rb"[A-Za-z0-9._~!$&'()*+,;=%:\[\]-]*")
_NOT_HTTP = "This is not HTTP."


class Limits(NamedTuple):
    """How much of a head is read, and how long it may take from its first byte; how many bytes of a body must come in
    each period; and how long a connection is still read that is answered before its request was here as a whole.
    """

    head_bytes: int = 64 * 1024
    head_s: float = 30.0
    body_bytes: int = 20 * 1024
    body_s: float = 20.0
    linger_s: float = 5.0


class BoundedRequests(HttpToolsProtocol):
    """A connection within `limits`. A request that is rejected here is answered with a problem, and the connection
    ends.

    An offer to upgrade to another protocol is ignored, as RFC 9110 (section 7.8) allows.
    """

    limits: ClassVar[Limits] = Limits()

    _in_head = True  # between requests, too
    _head_begun = False
    _head_bytes = 0
    _body_bytes = 0
    _body_held_up = False
    _offer: bytes | None = None
    _broken: BodymapError | None = None
    _refusal: bytes | None = None
    _last_answer = False
    _lingering = False
    _timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._set_timer(self.limits.head_s, self._end_slow_head)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._unset_keepalive_if_required()
        if self._lingering or self._broken is not None or self._refusal is not None:
            return
        if self._in_head:
            self._head_bytes += len(data)
        try:
            self._feed(data)
        except httptools.HttpParserError:
            if self._in_head:
                self._refuse(HTTPStatus.BAD_REQUEST, _NOT_HTTP)
            else:
                self._break(BadFraming("The body is not framed as HTTP: its chunks or its end cannot be found."))
            return
        if self._refusal is None:
            self._watch()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_begun = True

    def on_headers_complete(self) -> None:
        if self._is_over():
            return
        if self.parser.should_upgrade():
            self._offer = self._head_without_offer()
            return
        if self._head_is_refused():
            return
        super().on_headers_complete()
        self._stop_timer()
        self._in_head = self._head_begun = False

    def on_body(self, body: bytes) -> None:
        if self._is_over():
            return
        super().on_body(body)
        self._body_bytes += len(body)
        self._body_held_up = self._body_held_up or self.flow.read_paused

    def on_message_complete(self) -> None:
        if self._is_over() or self._offer is not None:
            return
        super().on_message_complete()
        self._stop_timer()
        self._in_head = True
        self._head_bytes = self._body_bytes = 0
        self._body_held_up = False

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.transport.is_closing():
            return
        if self._last_answer:
            self._end()
        elif self._refusal is not None and self.cycle.response_complete:
            self._send_refusal(self._refusal)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGIApp) -> None:  # type: ignore[override]
        async def framed(scope: Scope, receive: Receive, send: Send) -> None:
            async def receive_in_time() -> Message:
                message = await receive()
                if self._broken is None or not cycle.more_body or message["type"] == "http.disconnect":
                    return message
                if not cycle.response_started:
                    raise self._broken
                self.transport.close()
                return {"type": "http.disconnect"}

            async def send_and_end(message: Message) -> None:
                last = message["type"] == "http.response.start" and cycle.more_body
                if last:
                    others = [pair for pair in message.get("headers", ()) if pair[0].lower() != b"connection"]
                    message = {**message, "headers": [*others, (b"connection", b"close")]}
                await send(message)
                if last and not cycle.disconnected:
                    # Closed by `_end`, not by the cycle: that would reset the connection while the client is sending.
                    self._last_answer = cycle.keep_alive = True

            await app(scope, receive_in_time, send_and_end)

        super()._start_asgi_task(cycle, framed)  # type: ignore[arg-type]

    def _is_over(self) -> bool:
        """Whether what is parsed now comes after the last request of the connection."""
        return self._refusal is not None or (self._last_answer and self._in_head)

    def _feed(self, data: bytes) -> None:
        """Parses what came. The parser passes over the body of a request that offers an upgrade, so such a request is
        parsed anew without its offer.
        """
        rest = memoryview(data)
        while True:
            try:
                self.parser.feed_data(rest)
                return
            except httptools.HttpParserUpgrade as stop:
                rest = rest[stop.args[0] :]
                head, self._offer = self._offer, None
                if head is None:
                    return
                self.parser = httptools.HttpRequestParser(self)
                self.parser.set_dangerous_leniencies(lenient_data_after_close=True)  # as in the base class
                self.parser.feed_data(head)

    def _head_without_offer(self) -> bytes | None:
        """The head that was parsed, less its field Upgrade; refuses a request for a tunnel, which has none."""
        method = self.parser.get_method()
        if method == b"CONNECT":
            self._refuse(HTTPStatus.NOT_IMPLEMENTED, "This service is not a proxy.")
            return None
        line = b"%s %s HTTP/%s\r\n" % (method, self.url, self.parser.get_http_version().encode("ascii"))
        fields = [b"%s: %s\r\n" % (name, value) for name, value in self.headers if name != b"upgrade"]
        return b"".join((line, *fields, b"\r\n"))

    def _head_is_refused(self) -> bool:
        size = len(self.url) + sum(len(name) + len(value) + len(": \r\n") for name, value in self.headers)
        hosts = [value for name, value in self.headers if name == b"host"]
        if size > self.limits.head_bytes:
            self._refuse_large_head()
        elif len(hosts) > 1:
            self._refuse(HTTPStatus.BAD_REQUEST, "A request has exactly one Host field.")
        elif not hosts and self.parser.get_http_version() == "1.1":
            self._refuse(HTTPStatus.BAD_REQUEST, "An HTTP/1.1 request has a Host field.")
        elif hosts and not _HOST.fullmatch(hosts[0]):
            self._refuse(HTTPStatus.BAD_REQUEST, "The Host field is a host, optionally with a port.")
        return self._refusal is not None

    def _watch(self) -> None:
        """Starts the timer for the part of the request that is still to come, and checks its size."""
        if not self._in_head:
            if self._timer is None:
                self._set_timer(self.limits.body_s, self._end_period)
        elif self._head_begun or self._head_bytes:
            if self._head_bytes > self.limits.head_bytes:
                self._refuse_large_head()
            elif self._timer is None:
                self._set_timer(self.limits.head_s, self._end_slow_head)

    def _end_slow_head(self) -> None:
        if self.flow.read_paused:  # it waits for an earlier answer
            self._set_timer(self.limits.head_s, self._end_slow_head)
        elif not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The request did not arrive in time.")

    def _end_period(self) -> None:
        # Where the service was not reading for a while, the client could not send.
        if self._body_held_up or self.flow.read_paused or self._body_bytes >= self.limits.body_bytes:
            self._body_bytes, self._body_held_up = 0, False
            self._set_timer(self.limits.body_s, self._end_period)
        else:
            rate = self.limits.body_bytes / self.limits.body_s / 1024
            self._break(
                TooSlow(f"A body arrives at {rate:.0f} KiB a second or more, measured over {self.limits.body_s:.0f} s.")
            )

    def _break(self, error: BodymapError) -> None:
        """Ends the wait for a request's body with an error."""
        self._stop_timer()
        self._broken = error
        self.cycle.message_event.set()

    def _refuse_large_head(self) -> None:
        size = self.limits.head_bytes // 1024
        self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"A request's head may have up to {size} KiB.")

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        """Answers an invalid request after those before it are answered."""
        self._stop_timer()
        if self._last_answer:
            return
        problem = Problem(
            type=f"urn:bodymap:problem:http-{status}",
            title=status.phrase,
            status=status,
            detail=detail,
            instance=f"urn:uuid:{ids.new_id()}",
        )
        content = msgspec.json.encode(problem)
        head = (
            f"HTTP/1.1 {status} {status.phrase}\r\ncontent-type: {MEDIA_TYPE}\r\ncontent-length: {len(content)}\r\n"
            "cache-control: private, no-store\r\nx-content-type-options: nosniff\r\nconnection: close\r\n\r\n"
        )
        self._refusal = head.encode("ascii") + content
        if self.cycle is None or self.cycle.response_complete:
            self._send_refusal(self._refusal)

    def _send_refusal(self, refusal: bytes) -> None:
        self.transport.write(refusal)
        self._linger()

    def _end(self) -> None:
        """Ends the connection after its last answer."""
        if self.cycle.more_body:
            self._linger()
        else:
            self.transport.close()

    def _linger(self) -> None:
        """Ends the writing, and discards what still arrives for a while: closing at once would reset the connection,
        and the client might lose the answer (RFC 9112, section 9.6).
        """
        self._unset_keepalive_if_required()
        if self.transport.is_closing():
            return
        self._lingering = True
        self.flow.resume_reading()
        self.transport.write_eof()
        self._set_timer(self.limits.linger_s, self.transport.close)

    def _set_timer(self, seconds: float, then: Callable[[], None]) -> None:
        self._stop_timer()
        self._timer = self.loop.call_later(seconds, then)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
