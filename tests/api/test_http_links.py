"""Links: what opens without a key, what does not, and when it ends; against a real server."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest
from msgspec import structs

from bodymap.api.auth.credentials import LOCAL
from bodymap.app import create_app
from bodymap.service import links
from bodymap.storage.links import Link
from tests.api.conftest import serving, settings_in

EHR = "https://ehr.example https://*.clinic.example"
POINT = {"kind": "trigger_point", "view": "posterior", "at": [290, 290], "side": "left"}
VOIDS = {"by": "Practitioner/7", "display": "Dana Example", "reason": "Recorded for the wrong patient."}
DANA = {"by": "Practitioner/7", "display": "Dana Example"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the service keeps its record."""
    return tmp_path_factory.mktemp("links")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[httpx.Client]:
    """A client of a service that lets an EHR frame what links open."""
    app = create_app(settings_in(folder, frame_ancestors=EHR), open_to_all=True)
    with serving(app) as address, httpx.Client(base_url=address, timeout=120) as made:
        yield made


@pytest.fixture
def session(client: httpx.Client) -> str:
    """The address of a session with a placement."""
    made = client.post("/v1/sessions", json={"status": "completed", "placements": [POINT]})
    return str(made.headers["location"])


def link(client: httpx.Client, address: str, **members: Any) -> dict[str, Any]:
    """A link, as it was answered."""
    made = client.post("/v1/links", json={"address": address, **members})
    assert made.status_code == 201, made.text
    answered: dict[str, Any] = made.json()
    assert made.headers["location"] == f"/v1/links/{answered['id']}"
    return answered


def changed(href: str, **options: str | None) -> str:
    """A link with its options changed; None takes one out."""
    parts = urlsplit(href)
    whole = {**dict(parse_qsl(parts.query)), **options}
    return f"{parts.path}?{urlencode({name: value for name, value in whole.items() if value is not None})}"


@pytest.mark.parametrize("form", ["svg", "png", "pdf", "txt"])
def test_a_link_opens_its_chart(client: httpx.Client, session: str, form: str) -> None:
    """Whoever has the link has the same bytes as who shows a key, in every format."""
    address = f"{session}/chart.{form}?view=posterior&legend=false"
    href = link(client, address)["href"]
    opened = client.get(href)
    assert opened.status_code == 200, opened.text
    if form != "pdf":
        assert opened.content == client.get(address).content
    assert client.head(href).status_code == 200
    again = client.get(href, headers={"If-None-Match": opened.headers.get("etag", '"x"')})
    assert again.status_code in (200, 304)


def test_a_link_needs_no_key_where_everything_else_does(client: httpx.Client, folder: Path, session: str) -> None:
    """On a service that wants keys a link opens its chart, and nothing else of the session."""
    href = link(client, f"{session}/chart.svg")["href"]
    # Two services on one database, for the test alone: the closed one reads what the open one wrote.
    (folder / "copy").mkdir(exist_ok=True)
    with closing(sqlite3.connect(folder / "api.db")) as source, closing(sqlite3.connect(folder / "copy/api.db")) as to:
        source.backup(to)
    secret = (folder / "api.db.secret").read_bytes()
    (folder / "copy/api.db.secret").touch(0o600)
    (folder / "copy/api.db.secret").write_bytes(secret)
    with serving(create_app(settings_in(folder / "copy"))) as address, httpx.Client(base_url=address) as closed:
        assert closed.get(href).status_code == 200
        shown = dict(parse_qsl(urlsplit(href).query))["link"]
        for other in (session, f"{session}/chart.png", f"{session}/history", "/v1/sessions", "/v1/links"):
            assert closed.get(other, params={"link": shown}).status_code == 401, other
        assert closed.get(f"{session}/chart.svg").status_code == 401
        assert closed.post("/v1/links", json={"address": f"{session}/chart.svg"}).status_code == 401


def test_a_link_with_anything_changed_opens_nothing(client: httpx.Client, session: str) -> None:
    """An option edited, added, taken out or doubled, another session, another signature: 401, and not a byte of it."""
    other = client.post("/v1/sessions", json={}).headers["location"]
    href = link(client, f"{session}/chart.svg?view=posterior&labels=numbers")["href"]
    ticket, mac = dict(parse_qsl(urlsplit(href).query))["link"].split(".")
    spoilt = [
        changed(href, view="anterior"),
        changed(href, view=None),
        changed(href, theme="patient"),
        f"{href}&view=posterior",
        f"{href}&link={ticket}.{mac}",
        href.replace(session, other),
        href.replace("chart.svg", "chart.pdf"),
        changed(href, link=f"{ticket}.{mac[:-2]}AA"),
        changed(href, link=f"{ticket}."),
        changed(href, link=ticket),
        changed(href, link=f".{mac}"),
        changed(href, link=""),
        changed(href, link=f"{ticket}.{mac}="),
        changed(href, link=f"{ticket}.{mac}."),
        changed(href, link="é.é"),
        changed(href, link="A" * 5000),
    ]
    for address in spoilt:
        answer = client.get(address)
        assert answer.status_code == 401, (address, answer.text[:200])
        assert answer.json()["type"] == "urn:bodymap:problem:unauthenticated"
    reordered = client.get(changed(href, labels=None, view=None) + "&labels=numbers&view=posterior")
    assert reordered.status_code == 200, "the order of options is nobody's"


def test_a_link_of_another_tenant_or_time_is_not_made_up(client: httpx.Client, session: str) -> None:
    """Tenant, id and end stand under the MAC: a link that says others of itself opens nothing."""
    made = link(client, f"{session}/chart.svg")
    now = datetime.now(UTC)
    forged = Link(
        id=made["id"],
        session=made["session"],
        address=made["address"],
        client="local",
        created_at=now,
        expires_at=now + timedelta(days=999),
    )
    for key in (b"", b"guess" * 8):
        assert client.get(links.signed(key, LOCAL.tenant, forged, forged.address)).status_code == 401


def test_a_link_ends(client: httpx.Client, session: str) -> None:
    """410 once it is revoked, and once its session is voided; revoked twice is revoked once."""
    first = link(client, f"{session}/chart.svg")
    second = link(client, f"{session}/chart.svg?view=posterior")
    assert client.get(first["href"]).status_code == 200
    assert [client.delete(f"/v1/links/{first['id']}").status_code for _ in range(2)] == [204, 204]
    for method in ("GET", "HEAD"):
        assert client.request(method, first["href"]).status_code == 410
    assert client.get(first["href"]).json()["type"] == "urn:bodymap:problem:gone"
    assert client.get(second["href"]).status_code == 200
    assert client.post(f"{session}/void", json=VOIDS, headers={"If-Match": "*"}).status_code == 200
    assert client.get(second["href"]).status_code == 410
    refused = client.post("/v1/links", json={"address": f"{session}/chart.svg"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/address")


def test_a_link_expires(tmp_path: Path) -> None:
    """A minute is the shortest; after its end a link is 410."""
    app = create_app(settings_in(tmp_path), open_to_all=True)
    with serving(app) as address, httpx.Client(base_url=address) as client:
        session = client.post("/v1/sessions", json={}).headers["location"]
        made = link(client, f"{session}/chart.svg", expires_in_s=60)
        began, ends = (datetime.fromisoformat(made[name]) for name in ("created_at", "expires_at"))
        assert timedelta(seconds=59) <= ends - began <= timedelta(seconds=60)
        assert client.get(made["href"]).status_code == 200
        app.state.backend = structs.replace(app.state.backend, now=lambda: ends)
        answer = client.get(made["href"])
        assert (answer.status_code, answer.json()["type"]) == (410, "urn:bodymap:problem:gone")


def test_the_stored_chart_of_a_version_is_linked_too(client: httpx.Client, session: str) -> None:
    """A signed version's chart is opened as it was signed."""
    assert client.post(f"{session}/sign", json=DANA, headers={"If-Match": "*"}).status_code == 200
    address = f"{session}/versions/2/chart.svg"
    assert client.get(link(client, address)["href"]).content == client.get(address).content


@pytest.mark.parametrize(
    "address",
    [
        "",
        "chart.svg",
        "{session}",
        "{session}/history",
        "{session}/chart.gif",
        "{session}/chart.svg?view=above",
        "{session}/chart.svg?colour=red",
        "{session}/chart.svg?view=posterior&view=anterior",
        "{session}/chart.svg?theme=own",
        "{session}/chart.svg?view",
        "{session}/chart.svg#x",
        "{session}/chart.svg?link=x",
        "{session}/versions/99/chart.svg",
        "{session}/versions/x/chart.svg",
        "/v1/sessions/no-such/chart.svg",
        "/v1/sessions/../sessions/x/chart.svg",
        "https://evil.example{session}/chart.svg",
        "//evil.example{session}/chart.svg",
        "/v1/atlas",
        "/v1/charts/heatmap.svg?subject=Patient/1",
        "http://[x",
        "\x00",
        "{session}/chart.svg?view=%ff",
    ],
)
def test_what_would_not_open_is_not_linked(client: httpx.Client, session: str, address: str) -> None:
    """An address of something else, elsewhere, or with an option that does not fit is refused where it stands."""
    answer = client.post("/v1/links", json={"address": address.replace("{session}", session)})
    assert answer.status_code in (400, 422), answer.text
    if answer.status_code == 422:
        assert {complaint["pointer"] for complaint in answer.json()["errors"]} == {"/address"}


@pytest.mark.parametrize("lasts", [0, -1, 59, 31 * 86400, "1h", 1e300, None])
def test_a_link_lasts_a_minute_to_thirty_days(client: httpx.Client, session: str, lasts: Any) -> None:
    """Anything else is refused."""
    answer = client.post("/v1/links", json={"address": f"{session}/chart.svg", "expires_in_s": lasts})
    assert answer.status_code in (400, 422)


def test_links_are_listed_without_what_opens_them(client: httpx.Client, session: str) -> None:
    """Newest first, a page at a time, by session; the signature is shown when a link is made and never again."""
    made = [link(client, f"{session}/chart.svg") for _ in range(3)]
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = {"session": session.rpartition("/")[2], "limit": 2}
    while True:
        page = client.get("/v1/links", params=query).json()
        found += page["items"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert [each["id"] for each in found] == [each["id"] for each in reversed(made)]
    assert all("href" not in each and "link=" not in each["address"] for each in found)
    assert client.get(f"/v1/links/{made[0]['id']}").json() == {
        name: value for name, value in made[0].items() if name != "href"
    }
    assert client.get("/v1/links/no-such").status_code == client.delete("/v1/links/no-such").status_code == 404


def test_pages_elsewhere_may_show_what_a_link_opens(client: httpx.Client, session: str) -> None:
    """As a picture anywhere, in a frame where the operator says; what comes with a key has a picture's own policy."""
    opened = client.get(link(client, f"{session}/chart.svg")["href"])
    policy = opened.headers["content-security-policy"]
    assert policy == f"default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors {EHR}"
    assert opened.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "x-frame-options" not in opened.headers
    assert opened.headers["cache-control"] == "private, no-store"
    own = client.get(f"{session}/chart.svg")
    assert own.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert "x-frame-options" not in own.headers


def test_a_link_says_whose_it_is_in_the_audit(client: httpx.Client, session: str) -> None:
    """The audit names the link that opened a chart, and the one that was over."""
    made = link(client, f"{session}/chart.svg")
    client.get(made["href"])
    client.delete(f"/v1/links/{made['id']}")
    client.get(made["href"])
    client.post("/v1/sessions", json={})  # behind which everything that was noted before is written
    entries = client.get("/v1/audit", params={"client": f"link:{made['id']}"}).json()["items"]
    assert [(entry["outcome"], entry["status"]) for entry in entries] == [("refused", 410), ("done", 200)]
    about = [
        entry["operation"] for entry in client.get("/v1/audit").json()["items"] if entry.get("about") == made["id"]
    ]
    assert about == ["revokeLink", "createLink"]


def test_what_a_link_no_longer_opens_is_framed_by_the_same_pages(client: httpx.Client, session: str) -> None:
    """The page that shows a link also shows that it was taken back: one list of those that may frame it, not two."""
    made = link(client, f"{session}/chart.svg")
    assert client.delete(f"/v1/links/{made['id']}").status_code in (200, 204)
    gone = client.get(made["href"])
    assert gone.status_code == 410
    policy = gone.headers["content-security-policy"]
    assert (policy.count("frame-ancestors"), policy.endswith(f"frame-ancestors {EHR}")) == (1, True)
    assert "x-frame-options" not in gone.headers
