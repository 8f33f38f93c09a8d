"""From a request to an answer: what every operation has in common, in the order in which it is checked.

Authentication and permission; a format that the client accepts; the query; the body. Then, for a command, inside the
one transaction that will hold it: whether it was done before, which version it changes, what it does, and its receipt.
Everything that must be committed together with a command belongs into that transaction as well. What takes long is
prepared before; if that is rejected, a repeated command still gets its first answer.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bodymap.api import audit_entries
from bodymap.api.auth.credentials import Gate, authorise, options_of
from bodymap.api.http import negotiation
from bodymap.api.http.forwarded import public_url
from bodymap.api.http.idempotency import fingerprint_of, idempotency_key
from bodymap.api.http.queries import read_query
from bodymap.api.http.security_headers import MEDIA_TYPE
from bodymap.api.operation import Answer, Backend, Call, Operation
from bodymap.api.receipts import answer_again, receipt_of
from bodymap.charting.statement_rules import canonical_id
from bodymap.decoding import decode, parse_json
from bodymap.errors import (
    BodymapError,
    Complaint,
    Invalid,
    KeyReused,
    MethodNotAllowed,
    NotAcceptable,
    Stale,
    TooLarge,
    UnknownAddress,
    UnsupportedMediaType,
    VersionRequired,
)
from bodymap.service.versions import check_version
from bodymap.storage import receipts
from bodymap.storage.transaction import Transaction
from bodymap.threads import Threads

T = TypeVar("T")


class Endpoint:
    """Everything that is served at one address: an ASGI application that picks the operation by its method."""

    def __init__(self, operations: Sequence[Operation], gate: Gate, max_body_bytes: int) -> None:
        self.operations: Mapping[str, Operation] = {operation.method: operation for operation in operations}
        self.gate = gate
        self.max_body_bytes = max_body_bytes
        methods = [*self.operations, *(["HEAD"] if "GET" in self.operations else []), "OPTIONS"]
        self.allow = ", ".join(sorted(methods))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        method = "GET" if request.method == "HEAD" else request.method
        if method == "OPTIONS":
            await Response(status_code=204, headers={"Allow": self.allow})(scope, receive, send)
            return
        operation = self.operations.get(method)
        if operation is None:
            raise MethodNotAllowed(f"This address supports {self.allow}.", headers={"Allow": self.allow})
        scope["bodymap.operation"] = operation
        scope["path_params"] = {name: canonical_id(str(value)) for name, value in request.path_params.items()}
        if any("\0" in value for value in scope["path_params"].values()):
            raise UnknownAddress("There is nothing at an address with the character U+0000.")
        try:
            response = await self._answered(operation, request)
        except ClientDisconnect:
            raise
        except Exception as error:
            await self._note_refusal(operation, request, error)
            raise
        await response(scope, receive, send)

    async def _answered(self, operation: Operation, request: Request) -> ASGIApp:
        """The response; a read is audited before it is sent."""
        call, content = await self._call(operation, request)
        if operation.stream is not None:
            return await operation.stream(call, request)
        answer = await self._done(operation, request, call, content)
        response = await self._response(operation, request, call, answer)
        if operation.access == "read" and audit_entries.is_audited(operation):
            backend = call.backend
            entry = audit_entries.answered(operation, request, answer, response.status_code, backend.now())
            await backend.recorder.note(entry)
        return response

    async def _note_refusal(self, operation: Operation, request: Request, error: Exception) -> None:
        """Audits a rejected request, which is rejected even if that fails."""
        if audit_entries.is_refusal_audited(operation, error):
            backend = _backend(request)
            with suppress(BodymapError):
                await backend.recorder.note(audit_entries.refused(operation, request, error, backend.now()))

    async def _call(self, operation: Operation, request: Request) -> tuple[Call, bytes]:
        """The request with everything but its body decoded, and the bytes of the body."""
        backend = _backend(request)
        principal = await self.gate.authenticate(request, operation, backend)
        request.scope["bodymap.principal"] = principal
        authorise(principal, operation.scope)
        media_type = _acceptable(operation, request)
        query = read_query(options_of(request, operation), operation.query) if operation.query else None
        content = b""
        if operation.body_media_types:
            _check_media_type(operation, request)
        if operation.body_media_types and operation.stream is None:
            content = await _content(request, self.max_body_bytes)
        call = Call(
            backend=backend,
            principal=principal,
            path=request.path_params,
            query=query,
            media_type=media_type,
            public_url=public_url(request.scope),
            headers=request.headers,
            pairs=tuple(request.query_params.multi_items()),
        )
        return call, content

    async def _done(self, operation: Operation, request: Request, call: Call, content: bytes) -> Answer:
        """The handler's answer, in the transaction that it needs."""
        if operation.access == "write":
            return await self._written(operation, request, call, content)
        if operation.access == "read":
            client = _client_of(call)
            if operation.body_media_types:
                call = await _in_turn(call.backend.turns.preparations, call, lambda: _ready(operation, call, content))
            return await call.backend.database.read(lambda tx: operation.handler(call, tx), client)
        if operation.quick:
            return operation.handler(call, None)
        answers = call.backend.turns.answers
        return await _in_turn(answers, call, lambda: operation.handler(_with_body(operation, call, content), None))

    async def _written(self, operation: Operation, request: Request, call: Call, content: bytes) -> Answer:
        """The command, the check for an earlier receipt, its own receipt and its entry in the audit, in one
        transaction.
        """
        backend = call.backend
        key = idempotency_key(request) if operation.method != "GET" else None
        if_match = _combined(request, "if-match")

        def prepare() -> tuple[Call, Any, str]:
            whole = _with_body(operation, call, content)
            return whole, _prepared(operation, whole, if_match), fingerprint_of(request, content)

        takes_long = bool(operation.body_media_types) or operation.prepare is not None
        preparations = backend.turns.preparations
        call, prepared, digest = await _in_turn(preparations, call, prepare) if takes_long else prepare()

        def work(tx: Transaction) -> Answer:
            answer = command(tx)
            if audit_entries.is_audited(operation):
                entry = audit_entries.answered(operation, request, answer, answer.status, backend.now())
                backend.recorder.append(tx, [entry])
            return answer

        def command(tx: Transaction) -> Answer:
            if key is not None:
                earlier = receipts.find(tx, call.principal.tenant, call.principal.client, key)
                if earlier is not None:
                    if earlier.fingerprint != digest:
                        raise KeyReused
                    return answer_again(call, tx, earlier)
            version = _expected_version(operation, call, tx, if_match) if operation.versioned else None
            if isinstance(prepared, BodymapError):
                if operation.versioned:
                    _check_current(call, tx, version)
                raise prepared
            answer = operation.handler(msgspec.structs.replace(call, version=version, prepared=prepared), tx)
            if key is not None:
                principal = call.principal
                receipt = receipt_of(digest, answer)
                seal = backend.recorder.chain.receipt_seal
                receipts.insert(tx, principal.tenant, principal.client, key, receipt, backend.now(), seal)
            return answer

        backend.recorder.push()
        return await backend.database.write(work)

    async def _response(self, operation: Operation, request: Request, call: Call, answer: Answer) -> Response:
        request.scope[MEDIA_TYPE] = answer.media_type
        headers = {"Cache-Control": operation.cache, **dict(answer.headers)}
        if len(operation.media_types) > 1:
            headers["Vary"] = "Accept"
        if request.method in ("GET", "HEAD") and not negotiation.none_match(
            _combined(request, "if-none-match"), headers.get("ETag")
        ):
            return Response(status_code=304, headers=headers)
        if answer.status == 204:
            return Response(status_code=204, headers=headers)
        if callable(answer.body):
            # Not drawn if the client does not need it.
            body = b"" if request.method == "HEAD" else await self._drawn_body(operation, call, answer, answer.body)
        else:
            body = answer.body
        response = Response(b"" if request.method == "HEAD" else body, answer.status, headers, answer.media_type)
        if request.method == "HEAD":
            del response.headers["content-length"]
            if not callable(answer.body):
                response.headers["Content-Length"] = str(len(body))
        return response

    async def _drawn_body(self, operation: Operation, call: Call, answer: Answer, make: Callable[[], bytes]) -> bytes:
        """A body that takes a while, computed in the client's turn."""

        def timed() -> bytes:
            begun = time.perf_counter()
            body = make()
            if operation.tag != "Service":
                call.backend.metrics.drawn(operation.id, answer.media_type, time.perf_counter() - begun)
            return body

        turns = call.backend.turns
        return await _in_turn(turns.drawings if answer.drawn else turns.answers, call, timed)


def _backend(request: Request) -> Backend:
    """What the application works on while it runs."""
    backend: Backend = request.app.state.backend
    return backend


def _client_of(call: Call) -> tuple[str, str]:
    """The client, whose turn it is in the thread pools."""
    return call.principal.tenant, call.principal.client


async def _in_turn(threads: Threads, call: Call, work: Callable[[], T]) -> T:
    """The result of long work, done in the client's turn."""
    return await threads.run(work, _client_of(call))


def _with_body(operation: Operation, call: Call, content: bytes) -> Call:
    """The request with its body decoded. Slow for invalid and for large bodies."""
    if not operation.body_media_types:
        return call
    if operation.form:
        return msgspec.structs.replace(call, body=parse_qsl(content.decode("utf-8", "replace")))
    body = parse_json(content) if operation.patch else decode(content, operation.body)
    return msgspec.structs.replace(call, body=body)


def _ready(operation: Operation, call: Call, content: bytes) -> Call:
    """A request that reads, with its body decoded and with what it prepares."""
    whole = _with_body(operation, call, content)
    return msgspec.structs.replace(whole, prepared=operation.prepare(whole)) if operation.prepare else whole


def _prepared(operation: Operation, call: Call, if_match: str | None) -> Any:
    """What the operation prepared, or the error to raise in its turn."""
    if operation.prepare is None:
        return None
    try:
        if operation.versioned:
            read: Any = call.backend.database.read_now
            read(lambda tx: _check_current(call, tx, _expected_version(operation, call, tx, if_match)))
        return operation.prepare(call)
    except BodymapError as refusal:
        return refusal


def _check_current(call: Call, tx: Transaction, version: int | None) -> None:
    """Raises Stale if the session is not at the version to change; UnknownSession."""
    check_version(call.backend.use_cases.sessions.get(tx, call.principal, call.path["session_id"]), version)


def _acceptable(operation: Operation, request: Request) -> str:
    if not operation.media_types:
        return ""
    offered = tuple(negotiation.essence(kind) for kind in operation.media_types)
    liked = negotiation.best(_combined(request, "accept"), offered)
    if liked is None:
        raise NotAcceptable(f"Available formats: {', '.join(offered)}.", available=list(offered))
    return operation.media_types[offered.index(liked)]


def _combined(request: Request, name: str) -> str | None:
    """The value of a list header, which may come in several lines."""
    return ", ".join(request.headers.getlist(name)) if name in request.headers else None


def _check_media_type(operation: Operation, request: Request) -> None:
    sent = request.headers.get("content-type", "")
    kind = negotiation.essence(sent)
    taken = operation.body_media_types
    fits = kind in taken or (not operation.patch and kind.startswith("application/") and kind.endswith("+json"))
    names = " or ".join(taken)
    header = {"Accept-Patch" if operation.patch else "Accept-Post": ", ".join(taken)}
    if not fits:
        reason = f"not {kind}" if kind else "and the request does not say what it is (Content-Type)"
        raise UnsupportedMediaType(f"The body is {names}, {reason}.", headers=header)
    if negotiation.charset(sent) not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType("JSON is sent in UTF-8.", headers=header)
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMediaType("Send the body without a Content-Encoding.", headers=header)


async def _content(request: Request, limit: int) -> bytes:
    """The body; at most the limit and one packet of it are held in memory."""
    too_large = TooLarge(f"A body may have up to {limit} bytes.", limit_bytes=limit, headers={"Connection": "close"})
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise too_large
    content = bytearray()
    async for packet in request.stream():
        content += packet
        if len(content) > limit:
            raise too_large
    return bytes(content)


def _expected_version(operation: Operation, call: Call, tx: Transaction, if_match: str | None) -> int | None:
    """The version that If-Match names, `None` for `*`. A tag that is weak or names no version matches none."""
    if if_match is None:
        raise VersionRequired(
            'Name the version to change: If-Match with the ETag of the last answer, such as "3". `*` matches any.'
        )
    if if_match.strip() == "*":
        return None
    tags = negotiation.etags(if_match)
    if tags is None:
        raise Invalid([Complaint("If-Match", "out-of-range", 'If-Match is an entity tag in quotes, such as "3".')])
    if weak := [tag for weak, tag in tags if weak]:
        detail = (
            "A weak entity tag names no version (RFC 9110, section 13.1.1); a proxy may have weakened it. "
            f'Send If-Match: "{weak[0]}"'
        )
        raise Stale(detail)
    versions = [int(tag) for _, tag in tags if tag.isascii() and tag.isdecimal() and len(tag) < 10]
    if len(versions) == 1:
        return versions[0]
    current = call.backend.use_cases.sessions.get(tx, call.principal, call.path["session_id"]).version
    if current not in versions:
        raise Stale(f"The session is at version {current}, which If-Match does not name.", version=current)
    return current
