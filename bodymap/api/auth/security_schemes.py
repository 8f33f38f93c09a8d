"""Security in the OpenAPI document: schemes, requirements, refusals."""

from typing import Any

from bodymap.api.operation import Operation
from bodymap.service.links import PARAMETER

SCHEMES: dict[str, Any] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key of this service, as `bodymap keys create` makes it; it belongs to a tenant and carries "
        "scopes. A service that runs with `--demo` needs none.",
    },
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token of an issuer that the operator trusts. The scopes of SMART on FHIR v2 that it carries "
        "(`system/Procedure.rs`, `system/*.cruds`) are mapped to scopes of this service.",
    },
    "link": {
        "type": "apiKey",
        "in": "query",
        "name": PARAMETER,
        "description": "What `POST /v1/links` adds to the address of a chart; it opens that chart with those options.",
    },
}

REFUSALS = {
    401: "Not authenticated: no credential, or one that is not valid (any more). `WWW-Authenticate` says why.",
    403: "The required scope is missing; `scope` names it.",
    410: "The link has expired, was revoked, or shows a session that was voided.",
    429: "Too many requests; `Retry-After` says after how many seconds to try again.",
}


def requirements_of(operation: Operation) -> list[dict[str, list[str]]]:
    """The credentials that an operation accepts, any one of them; empty if it is open to everybody."""
    if operation.scope is None:
        return []
    wanted: list[dict[str, list[str]]] = [{"key": [operation.scope]}, {"token": [operation.scope]}]
    if operation.linkable:
        wanted.append({"link": []})
    return [*wanted, {}] if operation.anonymous else wanted


def refusals_of(operation: Operation) -> set[int]:
    """The statuses with which an operation rejects unauthorised requests."""
    if operation.scope is None:
        return set()
    return {401, 403, 429} | ({410} if operation.linkable else set())
