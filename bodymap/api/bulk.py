"""Records in bulk over HTTP: in and out in streams of lines, with memory that does not grow with their length."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import closing
from typing import IO, Literal

import anyio
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

    versions: Literal["current", "all"] = "current"
    audit: bool = False


async def import_sessions(call: Call, request: Request) -> ASGIApp:
    """Takes the lines of the body as they come, and answers each as soon as it is kept."""
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
                async for said in _taken(importing, list(reader.feed(packet))):
                    yield said
            async for said in _taken(importing, list(reader.end())):
                yield said

    return _Conversation(answers)


async def export_sessions(call: Call, request: Request) -> ASGIApp:
    """Sends the lines of everything that fits, a portion at a time; each portion is recorded before it leaves."""
    backend, query = call.backend, call.query
    if query.audit:
        authorise(call.principal, "admin")
    tell = audit_entries.teller(request.scope["bodymap.operation"], request, backend.now)
    asked = query_of(backend.atlases, query)
    export = Export(call.principal.tenant, asked, query.versions == "all", query.audit, not query.asks_anything)

    async def portion() -> Portion | None:
        return await backend.database.read(export.next, (call.principal.tenant, call.principal.client))

    # What is wrong with the query is refused before anything is sent. That somebody asked is recorded, too, where
    # nothing is found.
    first = await portion()
    await backend.recorder.note(tell("done", first.sessions if first is not None else ()))
    return _Export(None if request.method == "HEAD" else first, portion, backend.recorder, tell)


async def _taken(importing: Import, lines: list[Line]) -> AsyncIterator[bytes]:
    for first in range(0, len(lines), AT_ONCE):
        answers = await importing.take(lines[first : first + AT_ONCE])
        yield b"".join(encoded(answer) for answer in answers)


class _Export:
    """Portion after portion. What fails on the way cuts the connection, so that nobody takes a part for the whole."""

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
    """An answer that is made while the request is still read.

    Many clients send all of their request before they read a byte of the answer. What they do not read yet waits in a
    file of its own, so that neither side waits for the other and nothing gathers in memory.
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
                group.start_soon(self._say, waiting, send)
                try:
                    async for said in self._answers():
                        waiting.seek(self._written)
                        self._written += waiting.write(said)
                        self._wake()
                except ClientDisconnect:
                    group.cancel_scope.cancel()
                self._ended = True
                self._wake()

    def _wake(self) -> None:
        self._more.set()
        self._more = anyio.Event()

    async def _say(self, waiting: IO[bytes], send: Send) -> None:
        said = 0
        while True:
            more = self._more
            if said < self._written:
                waiting.seek(said)
                packet = waiting.read(min(_PACKET, self._written - said))
                said += len(packet)
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
        summary="Record many sessions: a line of JSON each, answered by a line each",
        detail=(
            "A line is a session as `POST /v1/sessions` takes it, or one that was exported; of these, ids, versions, "
            "times, signatures and charts are restored, which needs the scope admin. Lines are answered in order, as "
            "they are kept, whatever became of others. What broke off is sent again from the start: a session with a "
            "known `identifier`, or an exported version that is here, is `existing`; one without an identifier is "
            "known by its line where the same Idempotency-Key comes again (kept 30 days), and is new without."
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
        summary="Everything that fits, a line of JSON each, as the import takes it",
        detail=(
            "Sessions newest first, with their stored charts; with `versions=all` every version, oldest first. With "
            "`audit=true` the entries of the audit that tell of them follow, and all entries where nothing is asked of "
            "the sessions. An answer that breaks off is not whole: the connection then ends without its last chunk."
        ),
        stream=export_sessions,
        scope="session:read",
        access="read",
        query=ExportQuery,
        result=ExportedSession,
        media_types=(NDJSON,),
    ),
)
