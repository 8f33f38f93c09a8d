"""What the audit records of a request: who, from where, which operation, which sessions, and how it ended.

Of the request itself only ids in the server's own form are recorded: an address can hold anything.
"""

import re
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from ipaddress import ip_address

from starlette.requests import Request

from bodymap.api.http import problems
from bodymap.api.operation import Answer, Operation
from bodymap.errors import BodymapError, Forbidden
from bodymap.service import Principal
from bodymap.service.bulk_import import Tell
from bodymap.storage.audit import SERVICE, Action, Entry, Outcome

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LOCATION = re.compile(rf"/v1/sessions/({_ID.pattern})")
_VERSION = re.compile(r'"([0-9]{1,9})"')


def is_audited(operation: Operation) -> bool:
    """Whether a successful operation is recorded: if it shows the record or changes what is stored."""
    return operation.access != "none" and operation.scope not in (None, "atlas:read")


def is_refusal_audited(operation: Operation, error: BaseException) -> bool:
    """Whether a rejected operation is recorded: also if the caller lacks permission."""
    return is_audited(operation) or (operation.scope is not None and isinstance(error, Forbidden))


def answered(operation: Operation, request: Request, answer: Answer, status: int, at: datetime) -> Entry:
    """The audit entry of a successful request."""
    headers, version = dict(answer.headers), answer.version
    if version is None and (tag := _VERSION.fullmatch(headers.get("ETag", ""))):
        version = int(tag[1])
    outcome: Outcome = "replayed" if answer.replayed else "done"
    location = _LOCATION.match(headers.get("Location", ""))
    sessions = answer.sessions or ((location[1],) if location else _asked(request))
    return _entry(
        operation, request, at, outcome, status=status, sessions=sessions, version=version, about=answer.about
    )


def refused(operation: Operation, request: Request, error: BaseException, at: datetime) -> Entry:
    """The audit entry of a request that was rejected or failed. The sessions are those it named, whether they exist or
    not."""
    status = problems.status_of(type(error)) if isinstance(error, BodymapError) else HTTPStatus.INTERNAL_SERVER_ERROR
    return _entry(
        operation,
        request,
        at,
        "failed" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "refused",
        problem=error.code if isinstance(error, BodymapError) else "unexpected",
        status=int(status),
        sessions=_asked(request),
    )


def teller(operation: Operation, request: Request, now: Callable[[], datetime]) -> Tell:
    """A function that makes the entries of a request with several actions, one each."""

    def tell(
        outcome: Outcome,
        sessions: tuple[str, ...],
        version: int | None = None,
        problem: str | None = None,
        about: str | None = None,
    ) -> Entry:
        return _entry(
            operation, request, now(), outcome, sessions=sessions, version=version, problem=problem, about=about
        )

    return tell


def _entry(
    operation: Operation,
    request: Request,
    at: datetime,
    outcome: Outcome,
    *,
    status: int | None = None,
    sessions: tuple[str, ...],
    problem: str | None = None,
    version: int | None = None,
    about: str | None = None,
) -> Entry:
    principal: Principal | None = request.scope.get("bodymap.principal")
    action: Action = "write" if operation.access == "write" else "read"
    return Entry(
        tenant=principal.tenant if principal else SERVICE,
        at=at,
        action=action,
        outcome=outcome,
        operation=operation.id,
        client=principal.client if principal else "",
        name=(principal.name or None) if principal else None,
        address=_address(request),
        request=request.scope.get("bodymap.request_id"),
        problem=problem,
        status=status,
        sessions=sessions,
        version=version,
        about=about,
    )


def _address(request: Request) -> str | None:
    """The network address that a request came from. What a proxy forwards instead is not trusted."""
    try:
        return str(ip_address(request.client.host)) if request.client else None
    except ValueError:
        return None


def _asked(request: Request) -> tuple[str, ...]:
    session_id = str(request.path_params.get("session_id", ""))
    return (session_id,) if _ID.fullmatch(session_id) else ()
