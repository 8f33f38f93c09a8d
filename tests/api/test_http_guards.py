"""What stands around every operation: hosts, origins, headers, and how often a client may ask."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from bodymap.api.http.rate_limits import Rates
from bodymap.api.operations import OPERATIONS
from bodymap.app import create_app
from bodymap.config import Settings
from bodymap.errors import Misconfigured, TooManyRequests
from bodymap.service import Principal
from tests.api.conftest import serving, settings_in
from tests.conftest import key_in

ServeApp = Callable[..., httpx.Client]
EHR = "https://ehr.example"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "10.0.0.1", "", "[::2]", "a b"]
)
def test_an_open_service_is_for_this_machine_alone(client: httpx.Client, host: str) -> None:
    """A page elsewhere whose name leads here (DNS rebinding) gets nothing of an open service, and changes nothing."""
    for method, path in (("GET", "/v1/sessions"), ("POST", "/v1/sessions"), ("GET", "/v1/atlas")):
        answer = client.request(method, path, headers={"Host": host}, json={} if method == "POST" else None)
        assert answer.status_code in (400, 421), answer.text
        if answer.status_code == 421:
            assert answer.json()["type"] == "urn:bodymap:problem:misdirected"


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8123", "127.0.0.1", "127.9.9.9:1", "[::1]:8000", "a.localhost"]
)
def test_every_name_of_this_machine_is_taken(client: httpx.Client, host: str) -> None:
    """However this machine is called, it is this machine."""
    assert client.get("/v1/atlas", headers={"Host": host}).status_code == 200


def test_a_form_of_another_page_changes_nothing(client: httpx.Client) -> None:
    """What a browser sends elsewhere without asking first is no JSON, and is refused."""
    before = client.get("/v1/sessions").json()
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = client.post(
            "/v1/sessions", content=b"{}", headers={"Content-Type": kind, "Origin": "https://evil.example"}
        )
        assert answer.status_code == 415
    assert client.get("/v1/sessions").json() == before


@pytest.fixture(scope="module")
def shared(serve_app: ServeApp) -> httpx.Client:
    """A service that lets pages of two origins ask."""
    return serve_app(cors_origins=f"{EHR} http://localhost:3000")


def preflight(
    client: httpx.Client, origin: str, method: str = "PATCH", headers: str = "authorization,if-match"
) -> httpx.Response:
    """What a browser asks before it asks."""
    asked = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return client.options("/v1/sessions/x", headers=asked)


def test_pages_of_stated_origins_may_ask(shared: httpx.Client) -> None:
    """Method and headers are allowed beforehand, answers and refusals can be read with their headers; no cookies."""
    for origin in (EHR, "http://localhost:3000"):
        allowed = preflight(shared, origin)
        assert allowed.status_code == 204
        assert allowed.headers["access-control-allow-origin"] == origin
        assert "PATCH" in allowed.headers["access-control-allow-methods"]
        assert "Idempotency-Key" in allowed.headers["access-control-allow-headers"]
        assert allowed.headers["x-content-type-options"] == "nosniff"
        for path, status in (("/v1/atlas", 200), ("/v1/sessions/no-such", 404), ("/nowhere", 404)):
            answer = shared.get(path, headers={"Origin": origin})
            assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (status, origin)
            assert {"ETag", "Location", "Retry-After"} <= set(
                answer.headers["access-control-expose-headers"].split(", ")
            )
            assert "access-control-allow-credentials" not in answer.headers
            assert "Origin" in answer.headers["vary"]


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "https://ehr.example.evil.example", "http://ehr.example", ""]
)
def test_pages_of_others_may_not(shared: httpx.Client, client: httpx.Client, origin: str) -> None:
    """Another origin is told nothing that a browser would take for a permission; nor is any where none is stated."""
    for service, asking in ((shared, origin), (client, origin), (client, EHR)):
        for answer in (preflight(service, asking), service.get("/v1/atlas", headers={"Origin": asking})):
            assert "access-control-allow-origin" not in answer.headers
    assert "access-control-allow-methods" not in preflight(shared, EHR, headers="x-other").headers


def test_an_accident_can_be_read_by_the_page_too(serve_app: ServeApp) -> None:
    """Even what nobody expected has the headers that every answer has."""

    def spoil(app: object) -> None:
        endpoint = next(route.endpoint for route in app.routes if route.path == "/v1/atlas")  # type: ignore[attr-defined]
        endpoint.gate = None

    answer = serve_app(spoil, cors_origins=EHR).get("/v1/atlas", headers={"Origin": EHR})
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["access-control-allow-origin"] == EHR
    assert answer.headers["x-frame-options"] == "DENY"


def test_what_came_encrypted_stays_so(serve_app: ServeApp) -> None:
    """Behind a named proxy that speaks TLS browsers are told to come back in no other way; in the open they are not."""
    client = serve_app(proxies="127.0.0.1")
    assert "strict-transport-security" not in client.get("/healthz").headers
    answer = client.get("/healthz", headers={"X-Forwarded-Proto": "https"})
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize(
    "path", ["/healthz", "/v1/atlas", "/v1/atlas/plates/posterior.txt", "/docs", "/nowhere", "/v1/sessions"]
)
def test_no_answer_is_framed_or_taken_by_pages_elsewhere(client: httpx.Client, path: str) -> None:
    """Whatever it is and however it ended."""
    for method in ("GET", "OPTIONS", "PUT"):
        headers = client.request(method, path).headers
        assert headers["x-frame-options"] == "DENY"
        assert headers["cross-origin-resource-policy"] == headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BODYMAP_CORS_ORIGINS", "ehr.example"),
        ("BODYMAP_CORS_ORIGINS", "https://ehr.example/"),
        ("BODYMAP_CORS_ORIGINS", "https://a.example,https://b.example"),
        ("BODYMAP_CORS_ORIGINS", "null"),
        ("BODYMAP_FRAME_ANCESTORS", "https://ehr.example; script-src *"),
        ("BODYMAP_FRAME_ANCESTORS", "ehr.example"),
        ("BODYMAP_FRAME_ANCESTORS", ""),
        ("BODYMAP_FRAME_ANCESTORS", "'none' https://ehr.example"),
    ],
)
def test_origins_that_make_no_sense_stop_the_start(variable: str, value: str) -> None:
    """An origin is scheme and host, with a space to the next; nothing else can be put into a header this way."""
    with pytest.raises(Misconfigured) as raised:
        Settings.read({variable: value})
    assert variable in raised.value.detail


def test_each_client_may_ask_so_often_and_then_is_told_when_again(tmp_path: Path) -> None:
    """429 with Retry-After for the client that asked too often; others go on, and so does what is open to everybody."""
    with serving(create_app(settings_in(tmp_path, rate_limit="5/hour"))) as address:
        keys = [key_in(tmp_path, "--db", "api.db") for _ in range(2)]
        shown = [{"Authorization": f"Bearer {key}"} for key in keys]
        with httpx.Client(base_url=address) as client:
            statuses = [client.get("/v1/sessions", headers=shown[0]).status_code for _ in range(7)]
            assert statuses == [200] * 5 + [429] * 2
            refused = client.post("/v1/sessions", json={}, headers=shown[0])
            assert (refused.status_code, refused.json()["type"]) == (429, "urn:bodymap:problem:too-many-requests")
            assert 0 < int(refused.headers["retry-after"]) <= 2 * 3600
            assert client.get("/v1/sessions", headers=shown[1]).json()["items"] == []
            assert client.get("/healthz", headers=shown[0]).status_code == 200
            assert client.get("/v1/sessions").status_code == 401


def test_clients_of_one_name_in_two_tenants_are_two() -> None:
    """What one tenant's client has used up is not taken from another tenant's client of the same name."""
    rates = Rates("2/hour")
    first, second = (Principal(tenant=tenant, client="ehr", scopes=frozenset(), name="EHR") for tenant in "ab")
    for _ in range(2):
        rates.count(first)
    with pytest.raises(TooManyRequests):
        rates.count(first)
    rates.count(second)


@pytest.mark.parametrize("stated", ["many", "5", "-1/second", "5/fortnight", "0.5/second"])
def test_a_rate_that_makes_no_sense_stops_the_start(serve_app: ServeApp, stated: str) -> None:
    """A limit that nobody can understand is refused before anything is served."""
    with pytest.raises(Misconfigured) as raised:
        serve_app(rate_limit=stated)
    assert "20/second" in raised.value.detail


def unbounded(schema: Any, known: dict[str, Any], at: str, seen: set[str]) -> Iterator[str]:
    """Where in a JSON Schema a text or a list may be of any length."""
    if not isinstance(schema, dict):
        return
    if "$ref" in schema:
        at = schema["$ref"].rpartition("/")[2]
        if at not in seen:
            seen.add(at)
            yield from unbounded(known[at], known, at, seen)
        return
    bounded = {"maxLength", "enum", "const", "pattern", "format", "maxItems", "prefixItems"}
    if schema.get("type") in ("string", "array") and not bounded & set(schema):
        yield at
    inside = [*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("prefixItems", ()), schema.get("items")]
    for part in inside:
        yield from unbounded(part, known, at, seen)
    for name, part in schema.get("properties", {}).items():
        yield from unbounded(part, known, f"{at}.{name}", seen)


def test_every_text_and_list_of_a_body_has_a_limit() -> None:
    """Nothing that is kept can be of any length. The vertices of an outline are counted by a rule of their own."""
    kinds = [operation.body for operation in OPERATIONS if operation.body is not None]
    schemas, known = msgspec.json.schema_components(kinds)
    seen: set[str] = set()
    found = [place for schema in schemas for place in unbounded(schema, known, "", seen)]
    assert seen > {"SessionStatement", "LinkStatement", "Amendment"}
    assert set(found) == {"Perimeter.outline"}
