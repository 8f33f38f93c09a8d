"""Who may, as the OpenAPI document tells it."""

from typing import Any

from bodymap.api.operation import Operation
from bodymap.service.links import PARAMETER

SCHEMES: dict[str, Any] = {
    "key": {
        "type": "http",
        "scheme": "bearer",
        "description": "A key of this service, as `bodymap keys create` makes it; it belongs to a tenant and carries "
        "scopes. A service that runs with `--demo` wants none.",
    },
    "token": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "A token of an issuer that the operator trusts. The scopes of SMART on FHIR v2 that it carries "
        "(`system/Procedure.rs`, `system/*.cruds`) are scopes of ours.",
    },
    "link": {
        "type": "apiKey",
        "in": "query",
        "name": PARAMETER,
        "description": "What `POST /v1/links` adds to the address of a chart; it opens that one with those options.",
    },
}

REFUSALS = {
    401: "It is not known who asks: no credential, or one that is not taken (any more). `WWW-Authenticate` says why.",
    403: "The scope is missing that this needs; `scope` names it.",
    410: "The link has ended, was taken back, or shows a session that was voided.",
    429: "This client has asked too often; `Retry-After` says in how many seconds to ask again.",
}


def requirements_of(operation: Operation) -> list[dict[str, list[str]]]:
    """What an operation wants to be shown, any one of them; nothing where it is open to everybody."""
    if operation.scope is None:
        return []
    wanted: list[dict[str, list[str]]] = [{"key": [operation.scope]}, {"token": [operation.scope]}]
    return [*wanted, {"link": []}] if operation.linkable else wanted


def refusals_of(operation: Operation) -> set[int]:
    """With which statuses it refuses whoever may not."""
    if operation.scope is None:
        return set()
    return {401, 403, 429} | ({410} if operation.linkable else set())
