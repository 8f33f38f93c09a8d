"""Records in bulk over HTTP: in and out in streams of lines, with memory that does not grow with their length."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from typing import IO, Annotated, Literal

import anyio
from msgspec import Meta
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as ASGIScope

from bodymap.api import audit_entries
from bodymap.api.auth.credentials import authorise
from bodymap.api.http.idempotency import idempotency_key
from bodymap.api.operation import NDJSON, Call, Operation
from bodymap.api.sessions import SessionAsked, query_of
from bodymap.charting.session import SessionStatement
from bodymap.service.audit import Recorder
from bodymap.service.bulk_export import Export, Portion
from bodymap.service.bulk_import import AT_ONCE, Import, Tell
from bodymap.service.exchange import ExportedSession, Line, LineAnswer, LineReader, encoded

_PACKET = 64 << 10


class ExportQuery(SessionAsked, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Which sessions, and how much of them: the current version or `all`; with `audit` the entries that tell of them,
    too, which needs the scope admin.
    """

    versions: Annotated[
        Literal["current", "all"],
        Meta(description="Whether each session comes in its current version, or in every version."),
    ] = "current"
    audit: Annotated[bool, Meta(description="Whether the audit comes with it, which needs the scope `admin`.")] = False


async def import_sessions(call: Call, request: Request) -> ASGIApp:
    """Reads the lines of the body as they come, and answers each as soon as it is saved."""
    backend = call.backend
    tell = audit_entries.teller(request.scope["bodymap.operation"], request, backend.now)
    importing = Import(
        backend.database,
        backend.use_cases,
        backend.recorder,
        call.principal,
        tell,
        idempotency_key(request),
        backend.max_body_bytes,
        backend.turns.preparations,
    )

    async def answers() -> AsyncIterator[bytes]:
        reader = LineReader()
        with closing(importing):
            async for packet in request.stream():
                async for answer in _taken(importing, list(reader.feed(packet))):
                    yield answer
            async for answer in _taken(importing, list(reader.end())):
                yield answer

    return _Conversation(answers)


async def export_sessions(call: Call, request: Request) -> ASGIApp:
    """Sends the lines of everything that matches, a portion at a time; each portion is audited before it is sent."""
    backend, query = call.backend, call.query
    if query.audit:
        authorise(call.principal, "admin")
    tell = audit_entries.teller(request.scope["bodymap.operation"], request, backend.now)
    asked = query_of(backend.atlases, query)
    export = Export(call.principal.tenant, asked, query.versions == "all", query.audit, not query.asks_anything)

    async def portion() -> Portion | None:
        return await backend.database.read(export.next, (call.principal.tenant, call.principal.client))

    # An invalid query is rejected before anything is sent. The request is audited even if nothing matches.
    first = await portion()
    await backend.recorder.note(tell("done", first.sessions if first is not None else ()))
    return _Export(None if request.method == "HEAD" else first, portion, backend.recorder, tell)


async def _taken(importing: Import, lines: list[Line]) -> AsyncIterator[bytes]:
    for first in range(0, len(lines), AT_ONCE):
        answers = await importing.take(lines[first : first + AT_ONCE])
        yield b"".join(encoded(answer) for answer in answers)


class _Export:
    """An export, portion after portion. A failure on the way cuts the connection, so that no client mistakes a part for
    the whole."""

    def __init__(
        self,
        first: Portion | None,
        following: Callable[[], Awaitable[Portion | None]],
        recorder: Recorder,
        tell: Tell,
    ) -> None:
        self._portion = first
        self._following = following
        self._recorder = recorder
        self._tell = tell

    async def __call__(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        gone = anyio.Event()

        async def watch() -> None:
            while (await receive())["type"] != "http.disconnect":
                pass
            gone.set()

        async with anyio.create_task_group() as group:
            group.start_soon(watch)
            await self._send(send, gone)
            group.cancel_scope.cancel()

    async def _send(self, send: Send, gone: anyio.Event) -> None:
        await send(_begun())
        portion = self._portion
        while portion is not None and not gone.is_set():
            if portion.lines:
                await send({"type": "http.response.body", "body": portion.lines, "more_body": True})
            portion = await self._following()
            if portion is not None and portion.sessions:
                await self._recorder.note(self._tell("done", portion.sessions))
        await send({"type": "http.response.body", "body": b""})


class _Conversation:
    """An answer that is sent while the request is still being read.

    Many clients send their whole request before they read a byte of the answer. What they have not read yet waits in a
    temporary file, so that neither side blocks the other and memory stays bounded.
    """

    def __init__(self, answers: Callable[[], AsyncIterator[bytes]]) -> None:
        self._answers = answers
        self._written = 0
        self._ended = False
        self._more = anyio.Event()

    async def __call__(self, scope: ASGIScope, receive: Receive, send: Send) -> None:
        await send(_begun())
        with tempfile.TemporaryFile() as waiting:
            async with anyio.create_task_group() as group:
                group.start_soon(self._send_rest, waiting, send)
                try:
                    async for packet in self._answers():
                        waiting.seek(self._written)
                        self._written += waiting.write(packet)
                        self._wake()
                except ClientDisconnect:
                    group.cancel_scope.cancel()
                self._ended = True
                self._wake()

    def _wake(self) -> None:
        self._more.set()
        self._more = anyio.Event()

    async def _send_rest(self, waiting: IO[bytes], send: Send) -> None:
        sent = 0
        while True:
            more = self._more
            if sent < self._written:
                waiting.seek(sent)
                packet = waiting.read(min(_PACKET, self._written - sent))
                sent += len(packet)
                await send({"type": "http.response.body", "body": packet, "more_body": True})
            elif self._ended:
                await send({"type": "http.response.body", "body": b""})
                return
            else:
                await more.wait()


def _begun() -> Message:
    return {"type": "http.response.start", "status": 200, "headers": [(b"content-type", NDJSON.encode())]}


OPERATIONS = (
    Operation(
        method="POST",
        path="/v1/sessions:import",
        id="importSessions",
        tag="Record",
        summary="Record many sessions: one line of JSON each, answered by one line each",
        detail=(
            "A line is a session as `POST /v1/sessions` accepts it, or an exported one; ids, versions, times, "
            "signatures and charts of the latter are restored, which needs the scope admin. Lines are answered in "
            "order, as they are saved, whatever happens to others. An import that broke off is sent again from the "
            "start: a session with a known `identifier`, or an exported version that is here already, is `existing`; "
            "one without an identifier is recognised by its line if the same Idempotency-Key comes again (kept 30 "
            "days), and is new otherwise."
        ),
        stream=import_sessions,
        scope="session:write",
        access="write",
        body=SessionStatement,
        result=LineAnswer,
        media_types=(NDJSON,),
    ),
    Operation(
        method="GET",
        path="/v1/sessions:export",
        id="exportSessions",
        tag="Record",
        summary="Everything that matches, one line of JSON each, as the import accepts it",
        detail=(
            "Sessions newest first, with their stored charts; with `versions=all` every version, oldest first. With "
            "`audit=true` the audit entries about them follow, or all entries if no sessions are selected. An export "
            "that breaks off is incomplete: the connection then ends without its last chunk."
        ),
        stream=export_sessions,
        scope="session:read",
        access="read",
        query=ExportQuery,
        result=ExportedSession,
        media_types=(NDJSON,),
    ),
)
