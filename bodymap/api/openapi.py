"""The OpenAPI 3.1 document, from the table of operations and the types it names."""

import re
from collections.abc import Sequence
from typing import Any, get_args

import msgspec

from bodymap import __version__
from bodymap.api import jsonschema
from bodymap.api.answers import ANSWERS, PROBLEM, SVG_EXAMPLE
from bodymap.api.auth.security_schemes import REFUSALS, SCHEMES, refusals_of, requirements_of
from bodymap.api.examples import EXAMPLES
from bodymap.api.http.problems import MEDIA_TYPE
from bodymap.api.operation import JSON, MAX_KEY_LENGTH, SVG, TEXT, Operation
from bodymap.charting.vocabulary import ViewId

_AT = "#/components/schemas/"
_PATH_PARAMETER = re.compile(r"{(\w+)}")

_DESCRIPTION = """A body-chart server for dry needling: where needles went, on real anatomy.

Millimetres are the reference body's, never the patient's; `left` and `right` are the patient's, never the picture's.

Every change names the version that it changes (`If-Match`), every answer carries the new one (`ETag`). A request with
an `Idempotency-Key` can be repeated: the same request gets its first answer again, byte for byte; another request under
the same key is refused. Keys are kept for requests that were done (2xx); a rejected one changed nothing and is
evaluated anew. Every error is a problem (RFC 9457) with a pointer for each complaint."""

_TAGS = {
    "Sessions": "A session: one visit of one patient.",
    "Placements": "A placement: where needles went, and what was done with them there.",
    "Charts": "Pictures of sessions: standalone SVG, the same bytes for the same input.",
    "Links": "Addresses of charts that open without a key, for a limited time.",
    "Record": "The whole record, and who did what with it.",
    "Atlas": "The reference body: views, layers, regions, plates.",
    "Flags": "What to know about a place: reasons, rules, sources, and what a clinic set for them.",
    "Reviews": "What a clinic's clinicians say of trigger points.",
    "Education": "What a patient should know, and what should be asked before.",
    "Tenant": "What a clinic says of itself.",
    "Service": "The service itself.",
}

_ID = {"type": "string", "format": "uuid"}
_NAME = _TEXT = {"type": "string"}
_BYTES = {"type": "string", "format": "binary"}
_PATH_PARAMETERS: dict[str, tuple[str, dict[str, Any]]] = {
    "session_id": ("The id of a session.", _ID),
    "placement_id": ("The id of a placement of that session.", _ID),
    "region_id": ("The id of a region, such as `trapezius-descending`.", _NAME),
    "flag": ("The code of a flag, such as `over-lung-field`.", _NAME),
    "trigger_point_id": ("The id of a trigger point, as a region lists them.", _NAME),
    "event_id": ("The id of an adverse event of that session.", _ID),
    "version": ("The number of a version of that session.", {"type": "integer", "minimum": 1}),
    "link_id": ("The id of a link.", _ID),
    "view": ("The view.", {"type": "string", "enum": list(get_args(ViewId))}),
}

_PROBLEMS = {
    400: "The body is not JSON.",
    404: "Not found.",
    406: "None of the accepted formats is available.",
    408: "The body arrives at less than 1 KiB a second, measured over 20 s.",
    409: "It conflicts with the record.",
    412: "If-Match does not name the current version.",
    413: "The body is too large.",
    415: "The body's format is not supported.",
    422: "The request is invalid; `errors` lists every problem.",
    428: "If-Match is missing.",
    503: "The service cannot do this now.",
    **REFUSALS,
}

_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": 'The version to change: the `ETag` of the last answer, such as `"3"`. `*` matches any.',
    "schema": {"type": "string", "pattern": r'^(\*|"[0-9]{1,9}")$'},
    "example": '"1"',
}
_IDEMPOTENCY_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "A key chosen by the client, new for each command, under which it can be repeated.",
    "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY_LENGTH, "pattern": "^[ -~]+$"},
}
_ETAG = {
    "description": "The version of the answer; of sessions and placements the session's version, in quotes.",
    "schema": {"type": "string"},
}
_LOCATION = {"description": "The address of what was created.", "schema": {"type": "string", "format": "uri-reference"}}


def document(operations: Sequence[Operation]) -> bytes:
    """The document as JSON, the same bytes for the same table."""
    described = [operation for operation in operations if operation.described]
    paths: dict[str, dict[str, Any]] = {}
    for operation in described:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    whole = {
        "openapi": "3.1.0",
        "info": {
            "title": "bodymap",
            "version": __version__,
            "description": _DESCRIPTION,
            "contact": {"name": "The maintainers of bodymap"},
            "license": {"name": "Apache-2.0; the atlas CC BY-SA 4.0", "identifier": "Apache-2.0 AND CC-BY-SA-4.0"},
        },
        "servers": [{"url": "."}],
        "tags": [{"name": name, "description": text} for name, text in _TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": jsonschema.components(described, _AT),
            "responses": {
                "Problem": {
                    "description": "A problem.",
                    "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_AT}Problem"}, "example": PROBLEM}},
                }
            },
            "securitySchemes": SCHEMES,
        },
    }
    return pretty(whole)


def pretty(value: Any) -> bytes:
    """JSON to be read by people and compared by tools."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"


def _operation(operation: Operation) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": operation.detail or f"{operation.summary}.",
        "parameters": _parameters(operation),
        "responses": _responses(operation),
        "security": requirements_of(operation),
    }
    if operation.scope:
        described["x-scope"] = operation.scope
    if operation.body is not None:
        described["requestBody"] = _request_body(operation)
    return described


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    parameters: list[dict[str, Any]] = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": _PATH_PARAMETERS[name][0],
            "schema": _PATH_PARAMETERS[name][1],
        }
        for name in _PATH_PARAMETER.findall(operation.path)
    ]
    if operation.query is not None:
        examples = {name: text for example in EXAMPLES.get(operation.id, ()) for name, text in example.query.items()}
        required = jsonschema.required_parameters(operation.query)
        for name, schema in jsonschema.parameters(operation.query).items():
            said, default = schema.pop("description", ""), schema.pop("default", None)
            if default is not None:
                said += (
                    f" Without it: `{default if isinstance(default, str) else msgspec.json.encode(default).decode()}`."
                )
            parameter = {
                "name": name,
                "in": "query",
                "required": name in required,
                "description": said,
                "schema": schema,
            }
            if name in examples:
                parameter["example"] = _value(examples[name], schema)
            parameters.append(parameter)
    if operation.versioned:
        parameters.append(_IF_MATCH)
    if operation.access == "write" and operation.method != "GET":
        parameters.append(_IDEMPOTENCY_KEY)
    return parameters


def _value(text: str, schema: dict[str, Any]) -> Any:
    """What a text of an address means: a number where the schema has one."""
    return float(text) if schema.get("type") == "number" else int(text) if schema.get("type") == "integer" else text


def _request_body(operation: Operation) -> dict[str, Any]:
    content: dict[str, Any] = {"schema": {"$ref": _AT + jsonschema.name_of(operation.body, operation.patch)}}
    examples = {
        example.name: {"summary": example.summary, "value": example.body}
        for example in EXAMPLES.get(operation.id, ())
        if example.body is not None
    }
    if examples:
        content["examples"] = examples
    return {"required": True, "content": dict.fromkeys(operation.body_media_types, content)}


def _responses(operation: Operation) -> dict[str, Any]:
    well: dict[str, Any] = {"description": operation.summary + "."}
    if operation.result is not None:
        public = jsonschema.is_public(operation.result)
        schema: dict[str, Any] = {"$ref": _AT + jsonschema.name_of(operation.result)} if public else {"type": "object"}
        if operation.other_result is not None:
            schema = {"anyOf": [schema, {"$ref": _AT + jsonschema.name_of(operation.other_result)}]}
        kind = JSON if JSON in operation.media_types else operation.media_types[0]
        well["content"] = {
            **{other.partition(";")[0]: {"schema": _TEXT} for other in operation.media_types if other != kind},
            kind: {"schema": schema, **_shown(operation, JSON)},
        }
    elif operation.media_types:
        well["content"] = {
            kind.partition(";")[0]: {"schema": _TEXT if kind.startswith("text/") else _BYTES, **_shown(operation, kind)}
            for kind in operation.media_types
        }
    tagged = operation.tag in _TAGGED and operation.id not in _UNTAGGED
    headers = ({"ETag": _ETAG} if tagged else {}) | ({"Location": _LOCATION} if operation.status == 201 else {})
    if headers:
        well["headers"] = headers
    responses = {str(operation.status): well}
    if tagged and operation.method == "GET":
        responses["304"] = {"description": "The client has it already (If-None-Match)."}
    for status in _refusals(operation):
        responses[str(status)] = {"$ref": "#/components/responses/Problem", "description": _PROBLEMS[status]}
    responses["default"] = {"$ref": "#/components/responses/Problem"}
    return responses


_TAGGED = ("Sessions", "Placements", "Charts", "Atlas", "Education", "Tenant")
_UNTAGGED = ("findSessions", "drawChart", "assessScreening", "getNote", "getPatientPage")


def _shown(operation: Operation, kind: str) -> dict[str, Any]:
    """The example of an answer in a format; pixels and paper have none."""
    if kind == SVG:
        return {"example": SVG_EXAMPLE}
    return {"example": ANSWERS[operation.id]} if kind in (JSON, TEXT) and operation.id in ANSWERS else {}


def _refusals(operation: Operation) -> list[int]:
    statuses = {422, 503} | refusals_of(operation)
    if operation.media_types:
        statuses.add(406)
    if "{" in operation.path:
        statuses.add(404)
    if operation.body is not None:
        statuses |= {400, 408, 413, 415}
    if operation.access == "write" and operation.method != "GET":
        statuses |= {409}
    if operation.versioned:
        statuses |= {412, 428}
    return sorted(statuses)
