"""Errors of the domain as problem details (RFC 9457): the one place where a class of error meets a status.

Every error has this shape, wherever it was raised: in a use case, in the router, or by a bug.
"""

from collections.abc import Mapping
from http import HTTPStatus
from logging import getLogger
from typing import Annotated, Any

import msgspec
from msgspec import Meta
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from bodymap import errors
from bodymap.errors import BodymapError, Complaint, Invalid
from bodymap.fhir.complaints import issue_code
from bodymap.fhir.issues import Issue, outcome
from bodymap.logs import places

MEDIA_TYPE = "application/problem+json"
FHIR_JSON = "application/fhir+json"
FHIR_ROOT = "/fhir/"
RETRY_AFTER_S = 5

STATUS: dict[type[BodymapError], int] = {
    errors.BodymapError: 500,
    errors.Malformed: 400,
    errors.BadFraming: 400,
    errors.TooSlow: 408,
    errors.Unfit: 400,
    errors.Invalid: 422,
    errors.KeyReused: 422,
    errors.Missing: 404,
    errors.UnknownSession: 404,
    errors.UnknownPlacement: 404,
    errors.UnknownRegion: 404,
    errors.UnknownView: 404,
    errors.UnknownPlate: 404,
    errors.UnknownAtlas: 404,
    errors.UnknownAddress: 404,
    errors.Gone: 410,
    errors.Conflict: 409,
    errors.IdentifierTaken: 409,
    errors.AtlasNotHere: 409,
    errors.StillRunning: 409,
    errors.VersionRequired: 428,
    errors.Stale: 412,
    errors.Unauthenticated: 401,
    errors.Forbidden: 403,
    errors.Misdirected: 421,
    errors.TooManyRequests: 429,
    errors.NotAcceptable: 406,
    errors.UnsupportedMediaType: 415,
    errors.MethodNotAllowed: 405,
    errors.TooLarge: 413,
    errors.Unavailable: 503,
    errors.Busy: 503,
    errors.StorageUnavailable: 503,
    errors.Damaged: 503,
    errors.AuditBroken: 503,
    errors.OutcomeUnknown: 503,
    errors.NewerDatabase: 503,
    errors.OtherAtlas: 503,
    errors.Corrupt: 500,
    errors.Misconfigured: 500,
}

# Errors of the router and the server as errors of the domain.
_RAISED_BY_STARLETTE: dict[int, type[BodymapError]] = {
    404: errors.UnknownAddress,
    405: errors.MethodNotAllowed,
    413: errors.TooLarge,
}

_log = getLogger("bodymap.api")


class Problem(msgspec.Struct, omit_defaults=True, kw_only=True):
    """The form of every error. Further members name what a client can act on, such as the `session` that already has an
    `identifier`. `instance` is the request's id, which the server's log carries too.
    """

    type: Annotated[str, Meta(description="`urn:bodymap:problem:` and the code of the problem.")]
    title: Annotated[str, Meta(description="What kind of problem it is, in a few words.")]
    status: Annotated[int, Meta(description="The HTTP status, 400 to 599.")]
    detail: Annotated[str, Meta(description="What is wrong with this request, and what would be right.")]
    instance: Annotated[str, Meta(description="The request's id, as in the server's log and the header `Request-Id`.")]
    errors: tuple[Complaint, ...] = ()


def respond(request: Request, error: Exception) -> Response:
    """The answer to an error. It never reveals internals."""
    if isinstance(error, HTTPException):
        kind = _RAISED_BY_STARLETTE.get(error.status_code)
        if kind is None:
            return _of_the_framework(request, error)
        error = kind(f"{kind.title}.", headers=dict(error.headers or {}))
    if not isinstance(error, BodymapError):
        return _unexpected(request, error)
    status = status_of(type(error))
    ours = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    if ours:
        _log.error("%s %s: %s", instance_of(request), error.code, error.detail)
    problem = Problem(
        type=f"urn:bodymap:problem:{error.code}",
        title=error.title,
        status=status,
        # Faults of the service (a path, a disk) are logged; the client can only try again.
        detail=f"{error.title}. The log has the reason under this instance." if ours else error.detail,
        instance=instance_of(request),
        errors=error.complaints if isinstance(error, Invalid) else (),
    )
    headers = dict(error.facts.get("headers", {}))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    members = {name: value for name, value in error.facts.items() if name != "headers" and not ours}
    return _answer(request, problem, headers, members)


async def handle(request: Request, error: Exception) -> Response:
    """`respond` as a coroutine, which Starlette does not run in a thread."""
    return respond(request, error)


def status_of(kind: type[BodymapError]) -> int:
    """The HTTP status of a class of error."""
    return STATUS[kind]


def instance_of(request: Request) -> str:
    """The URN of the request, from the id that `Envelope` gave it."""
    return f"urn:uuid:{request.scope.get('bodymap.request_id', '00000000-0000-0000-0000-000000000000')}"


def _of_the_framework(request: Request, error: HTTPException) -> Response:
    """The answer to an HTTP error that has no class in the domain."""
    phrase = HTTPStatus(error.status_code).phrase
    problem = Problem(
        type=f"urn:bodymap:problem:http-{error.status_code}",
        title=phrase,
        status=error.status_code,
        detail=f"{phrase}.",
        instance=instance_of(request),
    )
    return _answer(request, problem, dict(error.headers or {}))


def _unexpected(request: Request, error: Exception) -> Response:
    _log.error("%s unexpected %s\n%s", instance_of(request), type(error).__name__, "".join(places(error)))
    problem = Problem(
        type="urn:bodymap:problem:unexpected",
        title="Internal error",
        status=500,
        detail="This is not a fault of the request. The log has the details under this instance.",
        instance=instance_of(request),
    )
    return _answer(request, problem, {})


def _answer(
    request: Request, problem: Problem, headers: Mapping[str, str], members: Mapping[str, Any] | None = None
) -> Response:
    """`members` extend the problem and never replace one of its own. Below /fhir it is an OperationOutcome."""
    if request.scope["path"].startswith(FHIR_ROOT):
        return Response(outcome_of(problem), problem.status, headers, media_type=FHIR_JSON)
    own: dict[str, Any] = msgspec.to_builtins(problem)
    body = msgspec.json.encode(own | {name: value for name, value in (members or {}).items() if name not in own})
    return Response(body, problem.status, headers, media_type=MEDIA_TYPE)


# Of a status: the code of R4's value set issue-type. A complaint below /fhir has one of its own.
_ISSUE_TYPES = {
    400: "structure",
    401: "login",
    403: "forbidden",
    404: "not-found",
    405: "not-supported",
    406: "not-supported",
    408: "timeout",
    409: "conflict",
    410: "deleted",
    412: "conflict",
    413: "too-long",
    415: "not-supported",
    422: "processing",
    429: "throttled",
    503: "transient",
}


def outcome_of(problem: Problem) -> bytes:
    """A problem as an OperationOutcome: an issue for each complaint, which says where, or one of the whole."""
    code = _ISSUE_TYPES.get(problem.status, "exception" if problem.status >= 500 else "processing")
    issues = [
        Issue("" if each.pointer[:1] in ("", "/", "?") else each.pointer, issue_code(each.code), each.detail)
        for each in problem.errors
    ]
    return msgspec.json.encode(outcome(issues or [Issue("", code, problem.detail)]))
