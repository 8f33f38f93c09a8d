"""The OpenAPI document, the schemas, the examples and the reference page."""

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from bodymap.api.examples import EXAMPLES, Example
from bodymap.api.operation import Operation
from bodymap.api.operations import OPERATIONS
from bodymap.api.schemas import generate
from bodymap.atlas import load_atlas
from bodymap.service import SCOPES

FOLDER = Path(__file__).parents[2] / "schemas"
NewSession = Callable[..., dict[str, Any]]

UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DESCRIBED = [operation for operation in OPERATIONS if operation.described]


generated = cache(generate)


@cache
def document() -> dict[str, Any]:
    """The OpenAPI document."""
    found: dict[str, Any] = json.loads(generated()["openapi.json"])
    return found


def test_the_document_is_valid() -> None:
    """It is OpenAPI 3.1, whole and without loose ends."""
    assert document()["openapi"].startswith("3.1")
    validate(document())


def test_the_document_has_only_forms_that_generators_read() -> None:
    """No tuple, constant boolean, dot in a name of a component, or default, which generated clients would send."""
    schemas = document()["components"]["schemas"]
    assert [name for name in schemas if not name.isidentifier()] == []

    def parts(part: Any) -> Iterator[dict[str, Any]]:
        if isinstance(part, dict):
            yield part
            for below in part.values():
                yield from parts(below)
        elif isinstance(part, list):
            for below in part:
                yield from parts(below)

    parameters = [parameter["schema"] for _, parameter in parameters_of(document())]
    for part in parts([*schemas.values(), *parameters]):
        assert "prefixItems" not in part, part
        assert "default" not in part, part
        assert not any(isinstance(value, bool) for value in part.get("enum", ())), part


def test_every_parameter_and_property_has_a_sentence() -> None:
    """Who reads the document is told what each parameter and each property is."""
    silent = [
        f"{at} {parameter['name']}" for at, parameter in parameters_of(document()) if not parameter["description"]
    ]
    for name, schema in document()["components"]["schemas"].items():
        silent += [
            f"{name}.{member}" for member, of in schema.get("properties", {}).items() if not of.get("description")
        ]
    assert silent == []


def test_ids_and_times_say_what_they_are() -> None:
    """Ids of records have the format of a UUID and times that of RFC 3339; the number of a version is a number."""
    schemas = document()["components"]["schemas"]
    assert schemas["SessionAnswer"]["properties"]["id"]["format"] == "uuid"
    assert schemas["SessionAnswer"]["properties"]["created_at"]["format"] == "date-time"
    formats = {parameter["name"]: parameter["schema"] for _, parameter in parameters_of(document())}
    assert formats["session_id"] == {"type": "string", "format": "uuid"}
    assert (formats["x"]["type"], formats["limit"]["type"]) == ("number", "integer")
    paths = {parameter["name"]: parameter["schema"] for _, parameter in parameters_of(document(), "path")}
    assert paths["version"]["type"] == "integer"


def parameters_of(whole: dict[str, Any], place: str = "") -> list[tuple[str, dict[str, Any]]]:
    """Every parameter of a document, or those in one place (`path`, `query`, `header`), with its operation's id."""
    return [
        (operation["operationId"], parameter)
        for operations in whole["paths"].values()
        for operation in operations.values()
        for parameter in operation["parameters"]
        if place in ("", parameter["in"])
    ]


def test_the_document_is_served_as_it_is_kept(client: httpx.Client) -> None:
    """What the service says of itself is what stands in the repository."""
    assert client.get("/openapi.json").content == generated()["openapi.json"]


def test_the_kept_schemas_are_the_generated_ones() -> None:
    """`bodymap schemas` was run after the last change: every file is there, byte for byte, and no other."""
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir()} == generated()


@pytest.mark.parametrize("name", sorted(set(generated()) - {"openapi.json"}))
def test_each_schema_is_valid_and_stands_alone(name: str) -> None:
    """Every public type has a JSON Schema that refers to nothing outside itself."""
    schema = json.loads(generated()[name])
    Draft202012Validator.check_schema(schema)

    def references(part: Any) -> Iterator[str]:
        if isinstance(part, dict):
            yield from [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            for below in part.values():
                yield from references(below)
        elif isinstance(part, list):
            for below in part:
                yield from references(below)

    for reference in references(schema):
        assert reference.startswith("#/$defs/")
        assert reference.removeprefix("#/$defs/") in schema["$defs"]


def test_the_document_has_every_served_operation_and_no_other() -> None:
    """Table and document agree: methods, addresses, ids, scopes, and which need a version."""
    found = {
        (method.upper(), path): operation
        for path, operations in document()["paths"].items()
        for method, operation in operations.items()
    }
    assert set(found) == {(operation.method, operation.path) for operation in DESCRIBED}
    for operation in DESCRIBED:
        row = found[operation.method, operation.path]
        headers = {parameter["name"] for parameter in row["parameters"] if parameter["in"] == "header"}
        assert row["operationId"] == operation.id
        assert row.get("x-scope") == operation.scope
        assert ("If-Match" in headers) == operation.versioned
        assert ("Idempotency-Key" in headers) == (operation.access == "write" and operation.method != "GET")


def test_the_table_says_who_may_of_every_row() -> None:
    """Each row has a scope that exists; only what holds no data is open to everybody."""
    assert len({(row.method, row.path) for row in OPERATIONS}) == len(OPERATIONS)
    for row in OPERATIONS:
        assert row.scope is None or row.scope in SCOPES
        assert (row.scope is None or row.anonymous) == (
            (not row.path.startswith(("/v1/", "/fhir/")) and row.id != "getMetrics")
            or row.id in ("getStartBelowV1", "getCapabilities")
        )
        assert (row.access == "write") <= (
            row.scope in ("session:write", "admin") or row.id == "getReadiness" or row.tag == "Links"
        )


ENTRY = load_atlas().trigger_points.all[0].id
EXAMPLED = [
    pytest.param(operation, example, id=f"{operation.id}-{example.name}")
    for operation in DESCRIBED
    for example in EXAMPLES.get(operation.id, ())
]


def recorded(client: httpx.Client, new_session: NewSession, signed: bool, status: str) -> dict[str, Any]:
    """A session with an event, signed or not, as it is answered."""
    place = {"kind": "trigger_point", "region": "trapezius-descending", "side": "left"}
    at = f"/v1/sessions/{new_session(status=status, placements=[place])['id']}"
    assert client.post(f"{at}/events", json=EXAMPLES["addEvent"][0].body).status_code == 201
    if signed:
        signing = client.post(f"{at}/sign", json=EXAMPLES["signSession"][0].body, headers={"If-Match": '"2"'})
        assert signing.status_code == 200, signing.text
    session: dict[str, Any] = client.get(at).json()
    return session


@pytest.mark.parametrize(("operation", "example"), EXAMPLED)
def test_the_examples_work(
    client: httpx.Client, new_session: NewSession, operation: Operation, example: Example
) -> None:
    """Each example of the document, sent to the service, is answered as the document says, in the shape it says."""
    status = "in-progress" if operation.id == "completeSession" else "completed"
    session = recorded(client, new_session, signed=operation.id == "amendSession", status=status)
    path = operation.path.format(
        session_id=session["id"],
        placement_id=session["placements"][0]["id"],
        trigger_point_id=ENTRY,
        flag="over-lung-field",
    )
    kind = operation.body_media_types[-1 if operation.patch else 0] if example.body is not None else None
    body = example.body
    if operation.id == "createLink":
        body = {**body, "address": UUID.sub(session["id"], body["address"])}
    answer = client.request(
        operation.method,
        path,
        params=example.query,
        content=None if kind is None else json.dumps(body).encode(),
        headers=(
            {"If-Match": "*" if operation.id == "putTenant" else f'"{session["version"]}"'}
            if operation.versioned
            else {}
        )
        | ({"Content-Type": kind} if kind is not None else {}),
    )
    assert answer.status_code == operation.status, answer.text
    conforms(operation, answer)
    if example.body is not None:
        content = document()["paths"][operation.path][operation.method.lower()]["requestBody"]["content"]
        validator(content[kind]["schema"]).validate(example.body)


def test_every_example_belongs_to_an_operation() -> None:
    """No example is kept for an operation that is not served."""
    assert set(EXAMPLES) <= {operation.id for operation in DESCRIBED}
    assert all(EXAMPLES.get(operation.id) for operation in DESCRIBED if operation.body is not None)


@pytest.mark.parametrize("operation", DESCRIBED, ids=lambda operation: operation.id)
def test_answers_have_the_shape_that_the_document_says(
    client: httpx.Client, new_session: NewSession, operation: Operation
) -> None:
    """Every operation that reads answers in the schema of its row, and every refusal in that of a problem."""
    session = recorded(client, new_session, signed=True, status="completed")
    path = operation.path.format(
        session_id=session["id"],
        placement_id=session["placements"][0]["id"],
        event_id=session["events"][0]["id"],
        version=session["version"],
        trigger_point_id=ENTRY,
        flag="over-lung-field",
        region_id="trapezius-descending",
        view="posterior",
        link_id=linked(client, session) if "{link_id}" in operation.path else "",
    )
    if operation.method == "GET":
        examples = EXAMPLES.get(operation.id, ())
        query = examples[0].query if examples else {}
        if path.startswith("/v1/charts/compare."):
            query = {"sessions": f"{session['id']},{new_session(subject=session.get('subject'))['id']}"}
        answer = client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        conforms(operation, answer)
    refused = client.request(operation.method, path + "?no=1", headers={"If-Match": '"1"'}, json={})
    assert refused.status_code == 422, refused.text
    validator({"$ref": "#/components/schemas/Problem"}).validate(refused.json())


def linked(client: httpx.Client, session: dict[str, Any]) -> str:
    """The id of a link to the session's chart."""
    made = client.post("/v1/links", json={"address": f"/v1/sessions/{session['id']}/chart.svg"})
    assert made.status_code == 201, made.text
    return str(made.json()["id"])


def conforms(operation: Operation, answer: httpx.Response) -> None:
    """An answer has the media type, the body and the headers that the document promises."""
    promised = document()["paths"][operation.path][operation.method.lower()]["responses"][str(answer.status_code)]
    for name in promised.get("headers", {}):
        assert name in answer.headers, name
    if "content" not in promised:
        assert answer.content == b""
        return
    media_type = answer.headers["content-type"].partition(";")[0]
    schema = promised["content"][media_type]["schema"]
    if media_type == "application/json":
        validator(schema).validate(answer.json())
    if media_type == "application/x-ndjson":
        assert answer.text
        for line in answer.text.splitlines():
            validator(schema).validate(json.loads(line))


def validator(schema: dict[str, Any]) -> Draft202012Validator:
    """A validator of a schema that refers to the document's."""
    return Draft202012Validator({"components": document()["components"], **schema})


def test_the_reference_page_needs_nothing_from_elsewhere(client: httpx.Client) -> None:
    """Every file of the page is served here, and its policy allows no other host."""
    page = client.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "http:" not in page.text
    assert "https:" not in page.text
    policy = page.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "http" not in policy
    for name, kind in (
        ("swagger-ui.css", "text/css; charset=utf-8"),
        ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
        ("start.js", "text/javascript; charset=utf-8"),
    ):
        assert f"docs/{name}" in page.text
        answer = client.get(f"/docs/{name}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert answer.content
