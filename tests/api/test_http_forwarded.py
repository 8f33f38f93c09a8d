"""Behind proxies: whose word counts, and that everything works under a prefix."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bodymap.api.http.forwarded import proxies_of
from bodymap.app import create_app
from bodymap.errors import Misconfigured
from tests.api.conftest import serving, settings_in

ServeApp = Callable[..., httpx.Client]

FORWARDED = {
    "X-Forwarded-For": "6.6.6.6, 203.0.113.9",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "localhost:4430",
    "X-Forwarded-Prefix": "/clinic/bodymap",
}
PLACE = {"kind": "trigger_point", "view": "posterior", "at": [290, 290], "side": "left"}


@pytest.fixture(scope="module")
def proxied(serve_app: ServeApp) -> httpx.Client:
    """A client that is a proxy which the settings name."""
    return serve_app(proxies="10.0.0.0/8 127.0.0.1")


@pytest.fixture(scope="module")
def prefixed(serve_app: ServeApp) -> httpx.Client:
    """A client of a service with a public URL."""
    return serve_app(public_url="https://ehr.example/bodymap/")


def test_what_anybody_forwards_counts_for_nothing(client: httpx.Client) -> None:
    """Without a setting no header changes the address in the audit, the scheme, the host or the prefix."""
    made = client.post("/v1/sessions", json={"placements": [PLACE]}, headers=FORWARDED)
    assert re.match(r"/v1/sessions/", made.headers["location"])
    assert "strict-transport-security" not in made.headers
    [entry] = client.get("/v1/audit", params={"limit": 1, "operation": "createSession"}).json()["items"]
    assert entry["address"] == "127.0.0.1"
    link = client.post("/v1/links", json={"address": f"{made.headers['location']}/chart.svg"}, headers=FORWARDED).json()
    assert link["href"].startswith(f"{client.base_url}/v1/sessions/")


def test_what_a_named_proxy_forwards_counts(proxied: httpx.Client) -> None:
    """The audit has the client that the proxy saw, not what the client wrote before it; scheme, host and prefix stand
    in what is answered.
    """
    made = proxied.post("/v1/sessions", json={"placements": [PLACE]}, headers=FORWARDED)
    assert made.headers["location"].startswith("/clinic/bodymap/v1/sessions/")
    assert made.headers["strict-transport-security"]
    [entry] = proxied.get("/v1/audit", params={"limit": 1, "operation": "createSession"}).json()["items"]
    assert entry["address"] == "203.0.113.9"
    body = {"address": f"{made.headers['location']}/chart.svg"}
    link = proxied.post("/v1/links", json=body, headers=FORWARDED).json()
    at = "https://localhost:4430/clinic/bodymap"
    assert link["href"].startswith(f"{at}/v1/sessions/")
    assert link["address"].startswith("/v1/sessions/")
    assert proxied.get(link["href"].removeprefix(at)).status_code == 200


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Forwarded-Prefix", "//evil.example"),
        ("X-Forwarded-Prefix", "evil.example"),
        ("X-Forwarded-Prefix", "/a b"),
        ("X-Forwarded-Prefix", "/"),
        ("X-Forwarded-Host", "evil.example/x"),
        ("X-Forwarded-Host", "a, b"),
        ("X-Forwarded-For", "Ms Miller"),
        ("X-Forwarded-For", ""),
        ("X-Forwarded-Proto", "gopher"),
    ],
)
def test_what_makes_no_sense_is_not_taken_from_a_proxy_either(proxied: httpx.Client, header: str, value: str) -> None:
    """A prefix that is another host, a host that is a path, a client that is no address: as if it were not there."""
    made = proxied.post("/v1/sessions", json={"placements": [PLACE]}, headers={header: value})
    assert made.status_code == 201
    assert made.headers["location"].startswith("/v1/sessions/")
    [entry] = proxied.get("/v1/audit", params={"limit": 1, "operation": "createSession"}).json()["items"]
    assert entry["address"] == "127.0.0.1"


def test_a_proxy_elsewhere_is_nobody(serve_app: ServeApp) -> None:
    """Only the named ones count."""
    client = serve_app(proxies="10.0.0.0/8 2001:db8::1")
    made = client.post("/v1/sessions", json={}, headers=FORWARDED)
    assert made.headers["location"].startswith("/v1/sessions/")


@pytest.mark.parametrize("stated", ["10.0.0.1/8", "10.0.0", "dead", "1.2.3.4/40"])
def test_a_proxy_that_is_no_address_stops_the_start(tmp_path: Path, stated: str) -> None:
    """A name or a network with a slip in it is refused with what would be right, instead of naming nobody."""
    with pytest.raises(Misconfigured, match=r"such as 10\.0\.0\.0/8"):
        proxies_of(stated)
    with pytest.raises(Misconfigured):
        create_app(settings_in(tmp_path, proxies=stated))


@pytest.mark.parametrize("at", ["", "/bodymap"])
def test_everything_works_under_a_prefix(prefixed: httpx.Client, at: str) -> None:
    """Whether the proxy takes the prefix off or not: records, links, pages and what they are made of; every address in
    an answer has it, and answers.
    """
    public = "https://ehr.example/bodymap"

    def get(address: str) -> httpx.Response:
        """What a browser at the public address gets through the proxy."""
        assert address.startswith(f"{public}/"), address
        return prefixed.get(at + address.removeprefix(public), headers={"Accept": "text/html, */*;q=0.1"})

    made = prefixed.post(f"{at}/v1/sessions", json={"placements": [PLACE]}, headers={"Idempotency-Key": f"prefix{at}"})
    where = made.headers["location"]
    assert where.startswith("/bodymap/v1/sessions/")
    again = prefixed.post(f"{at}/v1/sessions", json={"placements": [PLACE]}, headers={"Idempotency-Key": f"prefix{at}"})
    assert again.headers["location"] == where
    assert get(f"https://ehr.example{where}").json()["id"] == made.json()["id"]
    for address in (
        f"{where}/chart.svg",
        f"https://ehr.example{where}/chart.svg",
        f"{where[8:]}/chart.svg?legend=false",
    ):
        link = prefixed.post(f"{at}/v1/links", json={"address": address})
        assert link.status_code == 201, link.text
        assert get(link.json()["href"]).status_code == 200
    old = get(f"https://ehr.example{where}/versions/1")
    assert all(target.startswith("/bodymap/") for target in re.findall("<([^>]*)>", old.headers.get("link", "")))
    for page in ("/", "/v1/", "/v1", "/docs"):
        shown = get(public + page)
        assert shown.status_code == 200
        for target in re.findall(r'(?:src|href)="([^"]*)"', shown.text):
            if target != "data:,":
                assert not target.startswith("/"), target
                assert get(str(httpx.URL(public + page).join(target))).status_code == 200, (page, target)
    assert prefixed.get("/bodymap").headers["location"] == "/bodymap/"
    assert prefixed.get("/bodymapper").status_code == 404


def test_the_description_s_server_is_where_it_was_read(prefixed: httpx.Client) -> None:
    """OpenAPI resolves a relative server against the address of the document."""
    [server] = prefixed.get("/openapi.json").json()["servers"]
    assert (
        str(httpx.URL("https://ehr.example/bodymap/openapi.json").join(server["url"])) == "https://ehr.example/bodymap/"
    )


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client of a service with charts to show."""
    app = create_app(
        settings_in(tmp_path_factory.mktemp("shown")), open_to_all=True, showcase=[("<key>", "/v1/charts/legend.svg")]
    )
    with serving(app) as address, httpx.Client(base_url=address, timeout=120) as made:
        yield made


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/"])
def test_the_start_says_what_this_is(shown: httpx.Client, path: str) -> None:
    """JSON for programs and a page for browsers, each with the way to the documentation and to the shown charts."""
    start = shown.get(path).json()
    assert start["service"] == "bodymap"
    addresses = [start["docs"], start["openapi"], *(chart["href"] for chart in start["charts"])]
    page = shown.get(path, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "&lt;key&gt;" in page.text
    targets = [target for target in re.findall(r'href="([^"]*)"', page.text) if target != "data:,"]
    assert [str(page.url.join(target)) for target in targets] == addresses
    assert [shown.get(address).status_code for address in addresses] == [200, 200, 200]
    assert shown.get(path, headers={"Accept": "image/png"}).status_code == 406


def test_a_service_of_records_shows_none_at_the_start(client: httpx.Client) -> None:
    """Only the demonstration's charts are shown; elsewhere there is nothing of them."""
    assert "charts" not in client.get("/").json()


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("/v1/sessions/", "/v1/sessions"),
        ("/docs/", "/docs"),
        ("//v1//atlas", "/v1/atlas"),
        ("/atlas/regions", "/v1/atlas/regions"),
        ("/bodymap/v1/atlas", "/v1/atlas"),
        ("/v1/sessions/x/chart.svg/", "/v1/sessions/x/chart.svg"),
    ],
)
def test_an_unknown_address_says_which_is_meant(client: httpx.Client, asked: str, meant: str) -> None:
    """A slash too many, `/v1` left out, or a prefix that was left on: a 404 that names the address."""
    for method in ("GET", "POST"):
        answer = client.request(method, f"{client.base_url}".rstrip("/") + asked)
        assert answer.status_code == 404
        assert answer.json()["suggestions"] == [meant]
        assert answer.json()["detail"].endswith(f"Did you mean {meant}?")


def test_an_unknown_address_under_a_prefix_is_told_with_it(prefixed: httpx.Client) -> None:
    """What could be meant is an address as the client writes it."""
    assert prefixed.get("/bodymap/v1/sessions/").json()["suggestions"] == ["/bodymap/v1/sessions"]


def test_an_address_like_none_is_told_nothing(client: httpx.Client) -> None:
    """No guess is made where nothing is close."""
    answer: dict[str, Any] = client.get("/nowhere").json()
    assert (answer["type"], "suggestions" in answer) == ("urn:bodymap:problem:unknown-address", False)
