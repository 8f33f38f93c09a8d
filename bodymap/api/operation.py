"""A row of the table of operations, what its handler is given, and what it returns."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec
from starlette.requests import Request
from starlette.types import ASGIApp

from bodymap.api.http.queries import NoQuery
from bodymap.api.http.security_headers import PRIVATE
from bodymap.api.metrics import Metrics
from bodymap.api.turns import Turns
from bodymap.atlas import Atlas, Atlases
from bodymap.rendering.look.theme import Theme
from bodymap.service import Principal, Scope, UseCases
from bodymap.service.audit import Recorder
from bodymap.service.verification import Looks
from bodymap.storage.database import Database
from bodymap.storage.receipts import Reference
from bodymap.storage.secret import Secret

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
FORM = "application/x-www-form-urlencoded"
SVG = "image/svg+xml"
PNG = "image/png"
PDF = "application/pdf"
TEXT = "text/plain; charset=utf-8"
HTML = "text/html; charset=utf-8"

MAX_KEY_LENGTH = 255

# What a page of ours may load and do: its own styles and pictures, and nothing else.
PAGE_POLICY = (
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'",
    ),
)

NDJSON = "application/x-ndjson"

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
Access = Literal["none", "read", "write"]


class Backend(msgspec.Struct, frozen=True, kw_only=True):
    """What the handlers work on, from the start of the application to its end. `own_theme` is the clinic's; `linkable`
    are the operations that a link can open; `showcase` are charts that the start page links to.
    """

    atlases: Atlases
    use_cases: UseCases
    now: Callable[[], datetime]
    openapi: bytes
    licensed: bool = False
    own_theme: Theme | None = None
    max_body_bytes: int = 1 << 20
    linkable: tuple["Operation", ...] = ()
    showcase: tuple[tuple[str, str], ...] = ()
    metrics: Metrics
    looks: Looks
    turns: Turns
    database: Database
    secret: Secret
    recorder: Recorder

    @property
    def atlas(self) -> Atlas:
        """The version that new sessions take."""
        return self.atlases.default


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """A request that was read and is well-formed.

    `body` is the `Draft` of the row's body type, or plain JSON values for a merge patch. `version` is the version that
    If-Match names, `None` for any. `prepared` is the result of the row's `prepare`. `public_url` is where the client
    reaches the service, without a slash at the end. `headers` and `pairs` are those of the request and of its query,
    for rows that read them in a way of their own.
    """

    backend: Backend
    principal: Principal
    path: Mapping[str, str]
    query: Any
    body: Any = None
    version: int | None = None
    prepared: Any = None
    media_type: str = JSON
    public_url: str = ""
    headers: Mapping[str, str] = {}
    pairs: tuple[tuple[str, str], ...] = ()


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of a handler. A body that takes a while to make is a function: it is called in a thread, in the
    client's turn, and only if the client does not have it already. `drawn` marks a picture: at most as many are drawn
    at once as there are processors.

    For the audit: `sessions` are those that it tells of, where that is not the one in the address, and `version` the
    one that they have, where the entity tag is not it; `about` is the id of anything else. `replayed` marks a repeated
    answer. `refers_to` is the version from which the body can be made again: a receipt stores that instead of the body.
    """

    body: bytes | Callable[[], bytes] = b""
    media_type: str = JSON
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    drawn: bool = False
    sessions: tuple[str, ...] = ()
    version: int | None = None
    about: str | None = None
    replayed: bool = False
    refers_to: Reference | None = None


Handler = Callable[[Call, Any], Answer]
Stream = Callable[[Call, Request], Awaitable[ASGIApp]]


def _streamed(call: Call, tx: Any) -> Answer:
    raise AssertionError("what streams has no handler")


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One row. The handler is called with the `Call` and, depending on `access`, no transaction, one that reads, or one
    that writes. `body` and `result` are the types of the JSON; `result` is `None` for what is not JSON,
    and `other_result` what the query can ask for instead. Without `query`
    the query is ignored, without `media_types` nothing is negotiated. `described` rows are in the OpenAPI document.
    `linkable` rows, which show something of the session in their path, can be opened by a link, with those of
    its options that are `unbound` as one likes.

    `anonymous` rows are answered without a credential as well, as of no tenant.

    `prepare` does, before the transaction, what takes too long to do inside it; the handler finds the result in the
    `Call`. It runs in a thread, may read, and its errors are raised in the handler's place. If the row is `versioned`,
    the version is checked before.

    A handler without a transaction runs in a thread, too, unless the row is `quick`: then it runs on the event loop,
    which it blocks, and must take only a fraction of a millisecond.

    The body of a `form` is a query; the handler gets its pairs.

    A row with `stream` answers as it goes, line by line, and has no handler: it reads the body itself, begins its own
    transactions, and records in the audit what it did in each. `body` and `result` are then the types of a line.
    """

    method: Method
    path: str
    id: str
    tag: str
    summary: str
    handler: Handler = _streamed
    stream: Stream | None = None
    prepare: Callable[[Call], Any] | None = None
    detail: str = ""
    scope: Scope | None
    access: Access = "none"
    body: Any = None
    patch: bool = False
    form: bool = False
    query: type[msgspec.Struct] | None = NoQuery
    result: Any = None
    other_result: Any = None
    media_types: tuple[str, ...] = (JSON,)
    status: int = 200
    versioned: bool = False
    cache: str = PRIVATE
    described: bool = True
    linkable: bool = False
    unbound: frozenset[str] = frozenset()
    anonymous: bool = False
    quick: bool = False

    @property
    def body_media_types(self) -> tuple[str, ...]:
        """The media types that the body may have; empty if no body is accepted."""
        if self.form:
            return (FORM,)
        if self.patch:
            return (MERGE_PATCH, JSON)
        if self.stream is not None:
            return (NDJSON, "application/ndjson", "application/jsonl") if self.body is not None else ()
        return (JSON,) if self.body is not None else ()
