"""How much of a request is read before it is known what is asked, and how long that may take.

The server by itself would gather a head of any length, from anybody, for as long as it takes them.
"""

from asyncio import TimerHandle, Transport
from http import HTTPStatus

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bodymap import ids
from bodymap.api.http.problems import MEDIA_TYPE, Problem

LIMIT_BYTES = 64 * 1024
LIMIT_S = 30.0


class BoundedHeads(HttpToolsProtocol):
    """A connection whose requests have heads of up to 64 KiB, each here within half a minute of its first byte, the
    first one of the connection's beginning. What is refused is told as any problem, and the connection ends.
    """

    _weight = 0
    _open = True
    _timer: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # What arrived with the end of a head is no longer of it, so that a large body is nobody's fault.
        if self._open:
            self._weight += len(data)
            if self._weight > LIMIT_BYTES:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, "A request's head may have 64 KiB.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._begin()

    def on_headers_complete(self) -> None:
        self._end()
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(HTTPStatus.BAD_REQUEST, "This is not HTTP.")

    def _begin(self) -> None:
        self._end()
        self._open, self._weight = True, 0
        self._timer = self.loop.call_later(LIMIT_S, self._give_up)

    def _end(self) -> None:
        self._open = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self._refuse(HTTPStatus.REQUEST_TIMEOUT, "The request did not come.")

    def _refuse(self, status: HTTPStatus, detail: str) -> None:
        self._end()
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
        self.transport.write(head.encode("ascii") + content)
        self.transport.close()
