"""What holds of every answer: headers, methods, validators, the shape of problems."""

import logging
import re
from collections.abc import Callable
from urllib.parse import quote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Route

from bodymap import errors
from bodymap.api.http import problems
from bodymap.api.operation import Operation
from bodymap.api.operations import OPERATIONS
from bodymap.errors import BodymapError

ServeApp = Callable[..., httpx.Client]

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
PATH = {"session_id": "no-such", "placement_id": "no-such", "region_id": "trapezius-descending", "view": "posterior"}


def classes_of(kind: type[BodymapError]) -> list[type[BodymapError]]:
    """A class of error and all below it."""
    return [kind, *(found for below in kind.__subclasses__() for found in classes_of(below))]


def assert_problem(answer: httpx.Response) -> None:
    """The one shape that every refusal has; below /fhir it is FHIR's."""
    if answer.request.url.path.startswith("/fhir/"):
        assert answer.headers["content-type"] == "application/fhir+json"
        assert answer.json()["resourceType"] == "OperationOutcome"
        assert all(issue["severity"] == "error" and issue["code"] for issue in answer.json()["issue"])
        return
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert re.fullmatch(r"urn:bodymap:problem:[a-z0-9-]+", problem["type"])
    assert problem["status"] == answer.status_code >= 400
    assert problem["title"]
    assert problem["detail"]
    assert re.fullmatch(f"urn:uuid:{UUID}", problem["instance"])
    assert problem["instance"].endswith(answer.headers["x-request-id"])
    for complaint in problem.get("errors", []):
        assert {"pointer", "code", "detail"} <= set(complaint)
    assert answer.headers["cache-control"] == "private, no-store"


def test_every_class_of_error_has_a_status() -> None:
    """No error of the domain reaches a client without somebody having decided on its status."""
    assert set(problems.STATUS) == set(classes_of(BodymapError))
    assert all(400 <= status < 600 for status in problems.STATUS.values())


@pytest.fixture(scope="module")
def failing(serve_app: ServeApp) -> httpx.Client:
    """A server of which `/fail/<name>` raises the class of that name, or the status of that number."""
    kinds = {kind.__name__: kind for kind in classes_of(BodymapError)}

    async def fail(request: Request) -> None:
        name = request.path_params["name"]
        if name.isdecimal():
            raise HTTPException(int(name), headers={"X-Kept": "yes"})
        if name == "bug":
            raise ValueError("Ms Miller, pain in the neck")
        if name == "KeyReused":
            raise errors.KeyReused
        if name in ("Invalid", "Unfit"):
            raise getattr(errors, name)([errors.Complaint("/a", "b", "c")])
        raise kinds[name]("The database /srv/secret.db is locked.", session="s", type="not this")

    return serve_app(lambda app: app.router.routes.append(Route("/fail/{name}", fail)))


@pytest.mark.parametrize("kind", classes_of(BodymapError), ids=lambda kind: kind.__name__)
def test_every_class_of_error_has_the_one_shape(failing: httpx.Client, kind: type[BodymapError]) -> None:
    """Whatever is raised inside comes out as a problem of the same shape, with the status of its class."""
    answer = failing.get(f"/fail/{kind.__name__}")
    assert_problem(answer)
    assert answer.status_code == problems.STATUS[kind]
    assert answer.json()["type"] == f"urn:bodymap:problem:{kind.code}"
    if answer.status_code == 503:
        assert int(answer.headers["retry-after"]) > 0
    if answer.status_code >= 500:
        assert "secret" not in answer.text


@pytest.mark.parametrize("status", [401, 404, 405, 413, 418, 431, 500, 503])
def test_what_starlette_raises_has_the_one_shape(failing: httpx.Client, status: int) -> None:
    """An error of the framework is answered like one of ours."""
    answer = failing.get(f"/fail/{status}")
    assert_problem(answer)
    assert (answer.status_code, answer.headers["x-kept"]) == (status, "yes")


def test_the_unexpected_is_told_to_the_log_alone(failing: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    """A bug is a 500 without anything of the inside; the log has it once, with its place but not what was sent."""
    with caplog.at_level(logging.DEBUG):
        answer = failing.get("/fail/bug?subject=Miller")
    assert_problem(answer)
    assert answer.status_code == 500
    assert "ValueError" not in answer.text
    assert "Miller" not in answer.text
    (said,) = [record.getMessage() for record in caplog.records if record.name == "bodymap.api"]
    assert answer.headers["x-request-id"] in said
    assert "ValueError" in said
    assert "test_http_protocol.py" in said
    assert "Miller" not in said


def every_answer(client: httpx.Client, operation: Operation) -> httpx.Response:
    """The operation called with what it may take or not: some answer comes, and it is the headers that matter."""
    path = operation.path.format(
        **{
            **PATH,
            "file": "swagger-ui.css",
            "trigger_point_id": "no-such",
            "flag": "no-such",
            "version": "1",
            "event_id": "x",
            "link_id": "x",
            **{name: "x" for name in re.findall(r"{(\w+)}", operation.path) if operation.path.startswith("/fhir/")},
        }
    )
    return client.request(operation.method, path, json={} if operation.method in ("POST", "PATCH") else None)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: f"{operation.method} {operation.path}")
def test_every_answer_tells_browsers_to_be_careful(client: httpx.Client, operation: Operation) -> None:
    """Every operation's answer has a request id, no sniffing, no referrer, a policy, and says who may keep it."""
    answer = every_answer(client, operation)
    assert re.fullmatch(UUID, answer.headers["x-request-id"])
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    if answer.is_error:
        assert_problem(answer)
    public = answer.is_success and operation.tag == "Atlas"
    # The key of marks is a chart of nobody.
    if operation.tag in ("Sessions", "Placements", "Charts") and "legend" not in operation.path:
        assert answer.headers["cache-control"] == "private, no-store"
    if public:
        assert answer.headers["cache-control"].startswith("public, max-age=")


@pytest.mark.parametrize(
    "operation", [row for row in OPERATIONS if row.method == "GET"], ids=lambda operation: operation.path
)
def test_head_is_get_without_its_body(client: httpx.Client, operation: Operation) -> None:
    """Where GET is served HEAD is too, with the same status and the same headers."""
    got = every_answer(client, operation)
    head = client.head(got.request.url)
    assert (head.status_code, head.content) == (got.status_code, b"")
    # How a body is cut into pieces is known only where there is one (RFC 9110, 9.3.2).
    own = ("date", "x-request-id", "content-length", "transfer-encoding")
    assert {k: v for k, v in head.headers.items() if k not in own} == {
        k: v for k, v in got.headers.items() if k not in own
    }
    # That the audit was read stands in the audit.
    if "content-length" in head.headers and got.is_success and operation.id != "findAuditEntries":
        assert head.headers["content-length"] == got.headers["content-length"]


def test_what_the_client_has_is_not_sent_again(client: httpx.Client) -> None:
    """304 where the validator matches, weakly or in a list; the whole answer where it does not."""
    made = client.post("/v1/sessions", json={}).json()
    for path in (
        "/v1/atlas",
        "/v1/atlas/regions",
        "/v1/atlas/regions/trapezius-descending",
        "/v1/atlas/plates/posterior.svg",
        f"/v1/sessions/{made['id']}",
        f"/v1/sessions/{made['id']}/chart.svg",
        "/openapi.json",
    ):
        etag = client.get(path).headers["etag"]
        assert re.fullmatch(r'"[^"]+"', etag), "strong"
        for sent in (etag, f"W/{etag}", f'"other", {etag}', "*"):
            answer = client.get(path, headers={"If-None-Match": sent})
            assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", etag), (path, sent)
        for sent in ('"other"', etag.strip('"'), ""):
            assert client.get(path, headers={"If-None-Match": sent}).status_code == 200, (path, sent)


def test_a_list_in_several_lines_is_one(client: httpx.Client) -> None:
    """Validators and formats may come in several header lines."""
    etag = client.get("/v1/atlas").headers["etag"]
    assert client.get("/v1/atlas", headers=[("If-None-Match", '"x"'), ("If-None-Match", etag)]).status_code == 304
    assert client.get("/v1/atlas", headers=[("Accept", "text/html"), ("Accept", "*/*")]).status_code == 200


def test_a_request_id_is_never_the_clients(client: httpx.Client) -> None:
    """The id in the log is made here, whatever is sent."""
    answer = client.get("/nowhere", headers={"X-Request-Id": "mine"})
    assert_problem(answer)


@pytest.mark.parametrize("text", ["\x00", "%", "/../x", "é" * 300, "a" * 4000, "'; DROP TABLE session; --", "\n"])
def test_ugly_ids_and_queries_are_refused_in_the_one_shape(client: httpx.Client, text: str) -> None:
    """Whatever stands in an address, the answer is a problem and not an accident."""
    for path in (
        f"/v1/sessions/{quote(text, safe='')}",
        f"/v1/atlas/regions/{quote(text, safe='')}",
        f"/v1/atlas/plates/{quote(text, safe='')}.svg",
        f"/v1/sessions?cursor={quote(text)}",
        f"/v1/atlas/regions?cursor={quote(text)}",
        f"/v1/sessions?{quote(text)}=1",
    ):
        answer = client.get(path)
        assert answer.status_code in (404, 422), (path, answer.status_code)
        assert_problem(answer)


def test_readiness_says_when_the_database_is_gone(serve_app: ServeApp) -> None:
    """Alive is not ready: without its database the service says 503, and says it as a problem."""
    apps: list[Starlette] = []
    client = serve_app(apps.append)
    assert client.get("/readyz").json()["status"] == "ok"
    apps[0].state.backend.database.close()
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert_problem(answer)
    assert client.get("/healthz").status_code == 200
