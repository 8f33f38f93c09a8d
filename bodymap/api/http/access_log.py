"""Access log and metrics: one log line and the figures of every request.

Plain ASGI, around everything else. Addresses and query values are never logged: they can name a patient. Of an address
that is not served only the lower-case words are logged, since the service's own addresses consist of such. The client's
request id is logged if it has the form of an id: it links the logs of two systems.
"""

import re
import time
from http import HTTPStatus
from logging import DEBUG, INFO, getLogger
from typing import Any

import msgspec
from starlette.datastructures import Headers, QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bodymap.api.metrics import Metrics
from bodymap.api.operation import Operation
from bodymap.service import Principal

_GONE = 499
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
_PROBES = frozenset({"getHealth", "getReadiness", "getMetrics"})
_TRACE = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

_WORD = re.compile(r"[a-z][a-z._:-]*[a-z]|[a-z]{1,3}[0-9]{1,2}")
_LONGEST = 200

_log = getLogger("bodymap.request")


class Observed:
    """ASGI middleware: logs and counts each request once it is answered, or its client has gone (status 499)."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        begun = time.perf_counter()
        status = _GONE

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        with self.metrics.under_way.track_inprogress():
            try:
                await self.app(scope, receive, noted)
            finally:
                self._tell(scope, status, time.perf_counter() - begun)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        operation: Operation | None = scope.get("bodymap.operation")
        name = operation.id or "notYet" if operation is not None else "none"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self.metrics.answered(name, method, status, seconds)
        # Probes come every few seconds; successful ones are not logged.
        level = DEBUG if name in _PROBES and status < HTTPStatus.BAD_REQUEST else INFO
        if _log.isEnabledFor(level):
            facts = {"operation": name, "method": method, "status": status, "ms": round(seconds * 1000, 2)}
            _log.log(level, "%s %s %d", method, name, status, extra=facts | _of_the_request(scope, operation))


def _of_the_request(scope: Scope, operation: Operation | None) -> dict[str, Any]:
    """What else can be logged of a request without naming a patient; empty values are left out."""
    headers = Headers(scope=scope)
    principal: Principal | None = scope.get("bodymap.principal")
    peer = scope.get("client")
    trace = _TRACE.fullmatch(headers.get("traceparent", ""))
    client_id = headers.get("x-request-id", "")
    facts = {
        "path": operation.path if operation is not None else _shape(scope["path"]),
        "query": _known_parameters(scope, operation),
        "tenant": principal.tenant if principal is not None else None,
        "client": principal.client if principal is not None else None,
        "peer": peer[0] if peer else None,
        "trace_id": trace[1] if trace else None,
        "client_request_id": client_id.lower() if _UUID.fullmatch(client_id) else None,
        "request_id": scope.get("bodymap.request_id"),
    }
    return {name: value for name, value in facts.items() if value}


def _shape(path: str) -> str:
    """An address that is not served, without anything in it that could be a person's name or number."""
    parts = path[:_LONGEST].split("/")
    return "/".join(part if not part or _WORD.fullmatch(part) else "…" for part in parts)


def _known_parameters(scope: Scope, operation: Operation | None) -> list[str]:
    """The names of the query's parameters, without their values; only those that the operation knows."""
    if operation is None or operation.query is None or not scope.get("query_string"):
        return []
    known = {field.encode_name for field in msgspec.structs.fields(operation.query)}
    return sorted(known & QueryParams(scope["query_string"]).keys())
