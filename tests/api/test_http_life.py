"""The life of a session over HTTP, against a real server: signed, amended, voided, and what stays readable."""

import base64
import hashlib
import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import etree

from bodymap.app import create_app
from tests.api.conftest import serving, settings_in
from tests.conftest import key_in
from tests.engines import BOTH

ENGINES = BOTH

DANA = {"by": "Practitioner/7", "display": "Dana Example, PT"}
AMENDS = {"by": "Practitioner/8", "display": "Lee Example", "reason": "Charted on the wrong side."}
VOIDS = {**DANA, "reason": "Recorded for the wrong patient."}
POINT = {"kind": "trigger_point", "view": "posterior", "at": [290, 290], "side": "left"}
BY_REGION = {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"}
EVENT = {
    "event": "pneumothorax",
    "severity": "serious",
    "onset_at": "2026-11-23T15:00:00-08:00",
    "action": "Sent to the emergency department.",
    "by": "Practitioner/7",
}

NewSession = Callable[..., dict[str, Any]]


class Visit:
    """One session on the server, and what can be done to it; each act names the version that it last saw."""

    def __init__(self, client: httpx.Client, body: dict[str, Any]) -> None:
        self.client = client
        self.at = f"/v1/sessions/{body['id']}"
        self.body = body
        self.etag = f'"{body["version"]}"'

    def get(self, path: str = "", **options: Any) -> httpx.Response:
        return self.client.get(self.at + path, **options)

    def act(self, path: str, body: Any, etag: str | None = None, **headers: str) -> httpx.Response:
        sent = {"If-Match": etag or self.etag, **headers}
        answer = self.client.post(self.at + path, json=body, headers=sent)
        self.etag = answer.headers.get("etag", self.etag)
        return answer

    def sign(self) -> "Visit":
        answer = self.act("/sign", DANA)
        assert answer.status_code == 200, answer.text
        self.body = answer.json()
        return self

    def amend(self, patch: Any) -> httpx.Response:
        return self.act("/amendments", {**AMENDS, "patch": patch})


@pytest.fixture
def visit(client: httpx.Client, new_session: NewSession) -> Visit:
    """A completed session with two placements."""
    return Visit(client, new_session(status="completed", subject="Patient/9", placements=[POINT, BY_REGION]))


def stamp_on(svg: bytes) -> str:
    """What a picture's stamp says, by its band, which its title and description must say as well; '' without one."""
    root = etree.fromstring(svg)
    space = {"s": "http://www.w3.org/2000/svg"}
    bands = root.xpath("//s:g[@data-stamp]", namespaces=space)
    titles = [root.xpath(f"string(/s:svg/s:{name})", namespaces=space) for name in ("title", "desc")]
    if not bands:
        assert not any(word in title for title in titles for word in ("SUPERSEDED", "VOIDED"))
        return ""
    (said,) = bands[0].xpath("s:text/text()", namespaces=space)
    assert all(title.startswith(said) for title in titles)
    return str(bands[0].get("data-stamp"))


def test_a_session_is_signed_and_then_closed(visit: Visit) -> None:
    """Who signed stands in the record with their name, and from then on neither header nor placements change."""
    answer = visit.act("/sign", DANA)
    assert answer.status_code == 200, answer.text
    assert (answer.headers["etag"], answer.json()["status"]) == ('"2"', "signed")
    signature = answer.json()["signature"]
    assert {name: signature[name] for name in ("by", "display", "version", "status")} == {
        **DANA,
        "version": 2,
        "status": "completed",
    }
    assert visit.get().json() == answer.json()
    place = f"{visit.at}/placements/{visit.body['placements'][0]['id']}"
    held = {"If-Match": '"2"'}
    for refused in (
        visit.client.patch(visit.at, json={"note": "x"}, headers=held),
        visit.client.patch(place, json={"note": "x"}, headers=held),
        visit.client.delete(place, headers=held),
        visit.client.post(f"{visit.at}/placements", json=BY_REGION),
        visit.act("/sign", DANA),
    ):
        assert refused.status_code == 409, refused.text
        assert refused.json()["session_status"] == "signed"
        assert "amendment" in refused.json()["detail"]
    assert visit.get().json() == answer.json()


@pytest.mark.parametrize(
    ("act", "body"),
    [("sign", DANA), ("amendments", {**AMENDS, "patch": {"note": "x"}}), ("void", VOIDS)],
)
def test_acts_need_the_version_and_a_name(visit: Visit, act: str, body: dict[str, Any]) -> None:
    """428 without If-Match, 412 for another version, 422 with a pointer for everything that is left out."""
    if act == "amendments":
        visit.sign()
    at = f"{visit.at}/{act}"
    assert visit.client.post(at, json=body).status_code == 428
    stale = visit.client.post(at, json=body, headers={"If-Match": '"9"'})
    assert (stale.status_code, stale.json()["version"]) == (412, int(visit.etag.strip('"')))
    empty = visit.client.post(at, json={}, headers={"If-Match": visit.etag})
    assert empty.status_code == 422
    assert {complaint["pointer"] for complaint in empty.json()["errors"]} == {f"/{name}" for name in body}
    for name in DANA:
        blank = visit.client.post(at, json={**body, name: " "}, headers={"If-Match": visit.etag})
        assert (blank.status_code, [c["pointer"] for c in blank.json()["errors"]]) == (422, [f"/{name}"])
    assert visit.get().headers["etag"] == visit.etag


def test_what_a_signature_asks_for_is_said(client: httpx.Client, new_session: NewSession) -> None:
    """An open session is a conflict; planned placements and needles that do not add up are pointed at."""
    open_ = Visit(client, new_session(placements=[POINT]))
    answer = open_.act("/sign", DANA)
    assert (answer.status_code, answer.json()["allowed"]) == (409, ["completed", "stopped"])
    done = client.patch(open_.at, json={"ended_at": "2026-11-23T10:00:00Z"}, headers={"If-Match": '"1"'})
    assert done.json()["status"] == "completed"
    planned = new_session(
        status="completed", placements=[POINT, {**BY_REGION, "status": "planned"}], needles_in=4, needles_out=3
    )
    answer = Visit(client, planned).act("/sign", DANA)
    assert answer.status_code == 422
    assert {complaint["pointer"] for complaint in answer.json()["errors"]} == {"/placements/1/status", "/count_note"}
    assert client.get(f"/v1/sessions/{planned['id']}").json() == planned


def test_an_amendment_moves_side_and_point_in_one_go(visit: Visit) -> None:
    """The amended session is signed anew; the version before stays as it was, and history says what moved, and why."""
    before = visit.sign().body
    first = before["placements"][0]["id"]
    answer = visit.amend({"placements": {first: {"side": "right", "at": [410, 290]}}})
    assert answer.status_code == 201, answer.text
    after = answer.json()
    assert (after["status"], after["version"], after["signature"]["display"]) == ("signed", 3, "Lee Example")
    assert after["placements"][0]["resolved"]["side"] == "right"
    assert answer.headers["location"] == f"{visit.at}/versions/3"
    assert visit.client.get(answer.headers["location"]).json() == after
    assert visit.get("/versions/2").json() == before
    told = visit.get("/history").json()["items"]
    assert [entry["change"]["kind"] for entry in told] == ["created", "signed", "amended"]
    assert told[2]["change"]["reason"] == AMENDS["reason"]
    assert told[2]["change"]["display"] == "Lee Example"
    assert told[2]["differences"] == [
        "Placement 1 (right upper trapezius): moved 120 mm from left upper trapezius to right upper trapezius.",
        "Amended and signed again by Lee Example.",
    ]
    assert [entry["superseded"] for entry in told] == [True, True, False]


def test_an_amendment_that_is_refused_changes_nothing(visit: Visit) -> None:
    """Complaints point into the patch, and the record and its chart are what they were."""
    visit.sign()
    first = visit.body["placements"][0]["id"]
    chart = visit.get("/versions/2/chart.svg").content
    answer = visit.amend({"pain_after": 99, "placements": {first: {"side": "right"}}})
    assert answer.status_code == 422
    pointers = {complaint["pointer"] for complaint in answer.json()["errors"]}
    assert pointers == {"/patch/pain_after", f"/patch/placements/{first}/side"}
    assert visit.get().json() == visit.body
    assert visit.get("/versions/2/chart.svg").content == chart


def test_an_amendment_of_an_old_version_is_refused(visit: Visit) -> None:
    """Who amends what they saw before another amendment learns of it, even where their patch would not fit any more."""
    visit.sign()
    first = visit.body["placements"][0]["id"]
    assert visit.amend({"placements": {first: None}}).status_code == 201
    answer = visit.act("/amendments", {**AMENDS, "patch": {"placements": {first: {"note": "x"}}}}, etag='"2"')
    assert (answer.status_code, answer.json()["version"]) == (412, 3)


def test_the_chart_of_a_signature_is_stored(visit: Visit) -> None:
    """Its bytes are under their digest, the same after an amendment, an event and a voiding, said beside it."""
    visit.sign()
    first = visit.get("/versions/2/chart.svg")
    digest = hashlib.sha256(first.content).digest()
    assert first.headers["etag"] == f'"{digest.hex()}"'
    assert first.headers["repr-digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert first.headers["content-type"] == "image/svg+xml"
    assert first.headers["bodymap-version-standing"] == "current"
    assert visit.get("/history").json()["items"][1]["chart_digest"] == digest.hex()
    assert visit.get("/versions/2/chart.svg", headers={"If-None-Match": first.headers["etag"]}).status_code == 304

    def standing() -> str:
        again = visit.get("/versions/2/chart.svg")
        assert again.content == first.content
        assert again.headers["repr-digest"] == first.headers["repr-digest"]
        assert again.headers["link"] == f'<{visit.at}/versions/{visit.etag[1:-1]}>; rel="latest-version"'
        return again.headers["bodymap-version-standing"]

    assert visit.act("/events", EVENT).status_code == 201
    assert standing() == "current"
    assert visit.get("/versions/3/chart.svg").content == first.content
    assert visit.amend({"placements": {visit.body["placements"][1]["id"]: None}}).status_code == 201
    assert standing() == "superseded"
    assert visit.get("/versions/4/chart.svg").content != first.content
    assert visit.act("/void", VOIDS).status_code == 200
    assert standing() == "voided"


def test_a_stored_chart_outlives_its_renderer(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When charts are drawn otherwise, what was signed still has the picture that was signed."""
    folder = tmp_path_factory.mktemp("renderer")
    with (
        serving(create_app(settings_in(folder), open_to_all=True)) as address,
        httpx.Client(base_url=address) as client,
    ):
        made = client.post("/v1/sessions", json={"status": "completed", "placements": [POINT]}).json()
        at = f"/v1/sessions/{made['id']}"
        assert client.post(f"{at}/sign", json=DANA, headers={"If-Match": '"1"'}).status_code == 200
        signed, drawn = client.get(f"{at}/versions/2/chart.svg"), client.get(f"{at}/chart.svg")
        assert signed.content == drawn.content
    monkeypatch.setattr("bodymap.rendering.chart.formats.write_svg", lambda _: b"<svg>drawn otherwise</svg>")
    with (
        serving(create_app(settings_in(folder), open_to_all=True)) as address,
        httpx.Client(base_url=address) as client,
    ):
        assert client.get(f"{at}/versions/2/chart.svg").content == signed.content
        assert client.get(f"{at}/chart.svg").content == b"<svg>drawn otherwise</svg>"


def test_pictures_that_do_not_hold_any_more_are_stamped(visit: Visit) -> None:
    """Drawn now, a superseded or voided version says so in the picture and in words; so does a stamped copy."""
    assert stamp_on(visit.get("/versions/1/chart.svg").content) == ""
    visit.sign()
    old = visit.get("/versions/1/chart.svg")
    assert stamp_on(old.content) == "SUPERSEDED"
    stored = visit.get("/versions/2/chart.svg")
    assert stamp_on(stored.content) == ""
    assert visit.get("/versions/2/chart.svg?stamp=true").content == stored.content
    assert visit.amend({"note": "x"}).status_code == 201
    copy = visit.get("/versions/2/chart.svg?stamp=true")
    assert stamp_on(copy.content) == "SUPERSEDED"
    assert copy.headers["etag"] != stored.headers["etag"]
    assert stamp_on(visit.get("/chart.svg").content) == ""
    assert visit.act("/void", VOIDS).status_code == 200
    for path in ("/chart.svg", "/chart.svg?width=240", "/versions/1/chart.svg", "/versions/4/chart.svg"):
        picture = visit.get(path)
        assert stamp_on(picture.content) == "VOIDED", path
        assert visit.get(path).content == picture.content
    assert stamp_on(visit.get("/versions/3/chart.svg?stamp=true").content) == "VOIDED"
    changed = visit.client.get(
        f"{visit.at}/versions/2/chart.svg?stamp=true", headers={"If-None-Match": copy.headers["etag"]}
    )
    assert (changed.status_code, stamp_on(changed.content)) == (200, "VOIDED")
    assert old.headers["etag"] != visit.get("/versions/1/chart.svg").headers["etag"]


@pytest.mark.parametrize("status", ["planned", "in-progress", "completed", "stopped", "cancelled", "signed"])
def test_any_session_is_voided_once(client: httpx.Client, new_session: NewSession, status: str) -> None:
    """It stays readable, marked with who, when and why, is found by its status, and nothing can be done to it."""
    own = "completed" if status == "signed" else status
    visit = Visit(client, new_session(status=own, status_reason="r", subject=f"Patient/v-{status}", placements=[POINT]))
    if status == "signed":
        visit.sign()
    answer = visit.act("/void", VOIDS)
    assert answer.status_code == 200, answer.text
    voided = answer.json()
    assert (voided["status"], voided["voided"]["status"]) == ("voided", status)
    assert {name: voided["voided"][name] for name in VOIDS} == VOIDS
    assert voided["placements"] == visit.body["placements"]
    found = client.get("/v1/sessions", params={"subject": f"Patient/v-{status}", "status": "voided"}).json()["items"]
    assert [{**item, "flag_rules": voided["flag_rules"], "findings": None} for item in found] == [voided]
    for refused in (
        visit.act("/void", VOIDS),
        visit.act("/sign", DANA),
        visit.amend({"note": "x"}),
        visit.act("/events", EVENT),
        client.patch(visit.at, json={"note": "x"}, headers={"If-Match": visit.etag}),
        client.post("/v1/sessions", json={"copy_of": voided["id"]}),
    ):
        assert refused.status_code in (409, 422), refused.text
    assert visit.get().json() == voided


def test_an_event_arrives_late(visit: Visit) -> None:
    """It is added after signing without a version, found by its name, and leaves the signature as it was."""
    visit.sign()
    place = visit.body["placements"][0]["id"]
    answer = visit.client.post(f"{visit.at}/events", json={**EVENT, "placement": place})
    assert (answer.status_code, answer.headers["etag"]) == (201, '"3"')
    event = answer.json()
    assert {name: event[name] for name in EVENT} == EVENT
    assert visit.client.get(answer.headers["location"]).json() == event
    session = visit.get().json()
    assert (session["events"], session["status"], session["signature"]["version"]) == ([event], "signed", 2)
    assert visit.get("/events").json() == {"items": [event], "next": None}
    for unknown in ("00000000-0000-7000-8000-000000000000", "ffffffff-ffff-7fff-bfff-ffffffffffff"):
        assert visit.get(f"/events/{unknown}").status_code == 404
    found = visit.client.get("/v1/sessions", params={"event": "pneumothorax", "subject": "Patient/9"}).json()["items"]
    assert {name: value for name, value in session.items() if name not in ("flag_rules", "findings")} in found
    assert visit.client.get("/v1/sessions", params={"event": "no such thing"}).json()["items"] == []
    assert visit.get("/versions/2").json()["events"] == []
    told = visit.get("/history").json()["items"]
    assert told[2]["differences"] == [
        "Adverse event added: pneumothorax, serious, at placement 1 (left upper trapezius)."
    ]
    assert [entry["superseded"] for entry in told] == [True, False, False]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"severity": "moderate"}, "/severity"),
        ({"placement": "nowhere"}, "/placement"),
        ({"onset_at": "yesterday"}, "/onset_at"),
        ({"onset_at": "2026-11-23T15:00:00"}, "/onset_at"),
        ({"event": ""}, "/event"),
        ({"extra": 1}, "/extra"),
        *(({name: None}, f"/{name}") for name in EVENT),
    ],
)
def test_an_event_that_does_not_fit_is_refused(visit: Visit, change: dict[str, Any], pointer: str) -> None:
    """Everything of an event but its placement is needed, and each thing wrong is pointed at."""
    answer = visit.client.post(f"{visit.at}/events", json={**EVENT, **change})
    assert (answer.status_code, [c["pointer"] for c in answer.json()["errors"]]) == (422, [pointer])
    assert visit.get().headers["etag"] == '"1"'


def test_a_session_is_copied(visit: Visit) -> None:
    """The copy plans the same places, each continuing the old one; an unknown session is refused at its pointer."""
    answer = visit.client.post("/v1/sessions", json={"copy_of": visit.body["id"]})
    assert answer.status_code == 201, answer.text
    copy = answer.json()
    assert (copy["status"], copy["subject"], copy["copy_of"]) == ("planned", "Patient/9", visit.body["id"])
    assert [place["continues"] for place in copy["placements"]] == [place["id"] for place in visit.body["placements"]]
    assert visit.client.get(f"/v1/sessions/{copy['id']}/history").json()["items"][0]["change"]["kind"] == "copied"
    assert visit.get().json() == visit.body
    for body, pointer in (
        ({"copy_of": "nobody"}, "/copy_of"),
        ({"copy_of": visit.body["id"], "placements": [BY_REGION]}, "/placements"),
    ):
        refused = visit.client.post("/v1/sessions", json=body)
        assert (refused.status_code, [c["pointer"] for c in refused.json()["errors"]]) == (422, [pointer])


def test_history_is_paged_and_older_versions_stay(visit: Visit) -> None:
    """Every version is there in order, also with what was taken out since, page by page."""
    bodies = [visit.body]
    place = f"{visit.at}/placements/{visit.body['placements'][0]['id']}"
    steps: list[Callable[[dict[str, str]], httpx.Response]] = [
        lambda held: visit.client.patch(visit.at, json={"note": "one"}, headers=held),
        lambda held: visit.client.patch(place, json={"depth_mm": 12}, headers=held),
        lambda held: visit.client.delete(place, headers=held),
        lambda held: visit.client.post(f"{visit.at}/placements", json=POINT),
    ]
    for number, step in enumerate(steps, 1):
        assert step({"If-Match": f'"{number}"'}).is_success
        bodies.append(visit.get().json())
    for number, body in enumerate(bodies, 1):
        old = visit.get(f"/versions/{number}")
        assert (old.json(), old.headers["etag"]) == (body, f'"{number}"')
    told: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 2}
    while True:
        page = visit.get("/history", params=query).json()
        told += page["items"]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert told == visit.get("/history").json()["items"]
    assert [entry["version"] for entry in told] == [1, 2, 3, 4, 5]
    assert [entry["differences"] for entry in told[1:4]] == [
        ["Note set to one."],
        ["Placement 1 (left upper trapezius): depth set to 12 mm."],
        ["Placement 1 taken out: left upper trapezius, at [290, 290] on the posterior view."],
    ]
    assert told[4]["differences"][0].startswith("Placement 3 added")
    assert [entry["change"]["kind"] for entry in told[1:]] == [
        "changed",
        "placement-changed",
        "placement-removed",
        "placement-added",
    ]
    assert all(entry["at"] == body["updated_at"] for entry, body in zip(told, bodies, strict=True))


@pytest.mark.parametrize("version", ["0", "2", "x", "1.0", "-1", "99999999999999999999", "١"])
def test_a_version_that_there_is_not_is_missing(visit: Visit, version: str) -> None:
    """404 for numbers beyond the record and for what is no number."""
    for path in (f"/versions/{version}", f"/versions/{version}/chart.svg"):
        assert visit.get(path).status_code == 404


def test_statuses_move_as_the_table_says(client: httpx.Client, new_session: NewSession) -> None:
    """A PATCH that leads where the status cannot go is refused at /status and names where it can."""
    made = new_session(status="completed")
    answer = client.patch(f"/v1/sessions/{made['id']}", json={"status": "planned"}, headers={"If-Match": '"1"'})
    assert answer.status_code == 422
    (complaint,) = answer.json()["errors"]
    assert (complaint["pointer"], complaint["suggestions"]) == ("/status", ["in-progress", "stopped"])


@pytest.mark.parametrize("path", ["/sign", "/amendments", "/void"])
def test_an_act_comes_again_under_its_key(visit: Visit, path: str) -> None:
    """Repeated under its key it is answered byte for byte, though the session moved on; with another body it is not."""
    if path == "/amendments":
        visit.sign()
    body: dict[str, Any] = {"/sign": DANA, "/amendments": {**AMENDS, "patch": {"note": "x"}}, "/void": VOIDS}[path]
    held, key = visit.etag, {"Idempotency-Key": str(uuid.uuid4())}
    first = visit.act(path, body, **key)
    assert first.is_success, first.text
    if path != "/void":
        assert visit.act("/void", VOIDS).status_code == 200
    again = visit.act(path, body, etag=held, **key)
    assert (again.status_code, again.content, again.headers["etag"]) == (
        first.status_code,
        first.content,
        first.headers["etag"],
    )
    other = visit.act(path, {**body, "display": "Another"}, etag=held, **key)
    assert (other.status_code, other.json()["type"]) == (422, "urn:bodymap:problem:idempotency-key-reused")


def test_of_a_signature_and_changes_at_once_one_comes_first(address: str, client: httpx.Client) -> None:
    """Signing and patching one version in parallel, one is done; what is signed is what its chart was drawn of."""
    for _ in range(4):
        made = client.post("/v1/sessions", json={"status": "completed", "placements": [POINT]}).json()
        at, gate = f"{address}/v1/sessions/{made['id']}", threading.Barrier(8)

        def ask(number: int, at: str = at, gate: threading.Barrier = gate) -> int:
            gate.wait()
            held = {"If-Match": '"1"'}
            if number % 2:
                return httpx.patch(at, json={"note": str(number)}, headers=held, timeout=120).status_code
            return httpx.post(f"{at}/sign", json=DANA, headers=held, timeout=120).status_code

        with ThreadPoolExecutor(8) as pool:
            answers = sorted(pool.map(ask, range(8)))
        assert answers == [200] + [412] * 7
        session = httpx.get(at).json()
        assert session["version"] == 2
        assert (httpx.get(f"{at}/versions/2/chart.svg").headers.get("repr-digest") is not None) == (
            session["status"] == "signed"
        )


def test_a_session_that_changed_while_it_was_drawn_is_not_signed(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even who signs whatever version it is does not sign another one than was drawn; and drawing holds up nobody."""
    drawing, go_on = threading.Event(), threading.Event()

    def slowly(*_: Any, **__: Any) -> bytes:
        drawing.set()
        assert go_on.wait(120)
        return b"<svg/>"

    monkeypatch.setattr("bodymap.api.lifecycle.render_chart", slowly)
    app = create_app(settings_in(tmp_path_factory.mktemp("slow")), open_to_all=True)
    with serving(app) as address, httpx.Client(base_url=address, timeout=120) as client:
        at = f"/v1/sessions/{client.post('/v1/sessions', json={'status': 'completed'}).json()['id']}"
        with ThreadPoolExecutor(1) as pool:
            signing = pool.submit(client.post, f"{at}/sign", json=DANA, headers={"If-Match": "*"})
            assert drawing.wait(120)
            assert client.patch(at, json={"note": "x"}, headers={"If-Match": '"1"'}).status_code == 200
            go_on.set()
            answer = signing.result()
        assert (answer.status_code, answer.json()["version"]) == (412, 2)
        assert client.get(at).json()["status"] == "completed"


def test_a_large_session_is_resolved_outside_the_writer(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While one session is being resolved, others are written."""
    from bodymap.charting import new_versions

    resolving, go_on, real = threading.Event(), threading.Event(), new_versions.draft_session

    def slowly(atlas: Any, draft: Any, *rest: Any) -> Any:
        if draft.value.note == "large":
            resolving.set()
            assert go_on.wait(120)
        return real(atlas, draft, *rest)

    monkeypatch.setattr(new_versions, "draft_session", slowly)
    app = create_app(settings_in(tmp_path_factory.mktemp("large")), open_to_all=True)
    with (
        serving(app) as address,
        httpx.Client(base_url=address, timeout=120) as client,
        ThreadPoolExecutor(1) as pool,
    ):
        large = pool.submit(client.post, "/v1/sessions", json={"note": "large"})
        assert resolving.wait(120)
        assert client.post("/v1/sessions", json={"note": "small"}).status_code == 201
        go_on.set()
        assert large.result().status_code == 201


def test_what_was_planned_is_told_against_what_was_done(client: httpx.Client, new_session: NewSession) -> None:
    """Between any two versions, however far apart: by default the first, a plan, and the current one."""
    made = new_session(status="planned", placements=[{**POINT, "depth_mm": 10, "status": "planned"}])
    at, place = f"/v1/sessions/{made['id']}", made["placements"][0]["id"]
    done = {"status": "done", "depth_mm": 14}
    assert client.patch(f"{at}/placements/{place}", json=done, headers={"If-Match": '"1"'}).status_code == 200
    assert client.post(f"{at}/placements", json=BY_REGION).status_code == 201
    told = client.get(f"{at}/differences").json()
    assert (told["from"], told["to"]) == (1, 3)
    assert told["differences"] == [
        "Placement 1 (left upper trapezius): status changed from planned to done; depth changed from 10 to 14 mm.",
        "Placement 2 added: right levator scapulae.",
    ]
    back = client.get(f"{at}/differences", params={"from": 3, "to": 2}).json()
    assert back["differences"] == ["Placement 2 taken out: right levator scapulae."]
    assert client.get(f"{at}/differences", params={"from": 2, "to": 2}).json()["differences"] == []
    assert client.get(f"{at}/differences", params={"to": 9}).status_code == 404
    assert client.get(f"{at}/differences", params={"from": 0}).status_code == 422


def test_a_signature_outlives_the_process(serve: Callable[..., Any], tmp_path: Path) -> None:
    """After a kill the signature, its chart and the answer under its key are there, byte for byte."""
    before = serve()
    with httpx.Client(headers={"Authorization": f"Bearer {key_in(tmp_path)}"}, timeout=120) as client:
        body = {"status": "completed", "placements": [POINT]}
        made = client.post(f"{before.address}/v1/sessions", json=body).json()
        at, headers = f"/v1/sessions/{made['id']}", {"If-Match": '"1"', "Idempotency-Key": str(uuid.uuid4())}
        first = client.post(f"{before.address}{at}/sign", json=DANA, headers=headers)
        chart = client.get(f"{before.address}{at}/versions/2/chart.svg")
        assert (first.status_code, chart.status_code) == (200, 200)
        before.process.kill()
        before.process.wait()
        after = serve().address
        again = client.post(f"{after}{at}/sign", json=DANA, headers=headers)
        assert (again.status_code, again.content) == (200, first.content)
        assert client.get(f"{after}{at}/versions/2/chart.svg").content == chart.content
        assert client.get(f"{after}{at}").json() == first.json()


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Signed by Dana Example, PT."),
        ("es", "Firmado por Dana Example, PT."),
        ("de", "Unterschrieben von Dana Example, PT."),
        ("fr", "Signé par Dana Example, PT."),
    ],
)
def test_history_is_answered_in_the_language_that_is_asked_for(visit: Visit, lang: str, sentence: str) -> None:
    """`lang` says in which language history and differences say what changed."""
    visit.sign()
    told = visit.get("/history", params={"lang": lang}).json()["items"][-1]["differences"]
    assert sentence in told
    assert sentence in visit.get("/differences", params={"lang": lang}).json()["differences"]
    assert visit.get("/history", params={"lang": "xx"}).status_code == 422


def test_a_planned_visit_is_completed_in_one_request(client: httpx.Client, new_session: Any) -> None:
    """It needs the version it completes, is done once under a key, and a second one is told how it stands."""
    place = {"kind": "trigger_point", "region": "levator-scapulae", "side": "right", "status": "planned"}
    made = new_session(status="planned", placements=[place, place])
    at = f"/v1/sessions/{made['id']}/complete"
    body = {
        "started_at": "2026-11-23T09:00:00-08:00",
        "ended_at": "2026-11-23T09:25:00-08:00",
        "not_done": [{"number": 2, "reason": "Too sore."}],
        "placements": [{"number": 1, "depth_mm": 12}],
        "needles_in": 3,
        "needles_out": 2,
    }
    assert client.post(at, json=body).status_code == 428
    under = {"If-Match": '"1"', "Idempotency-Key": "complete-once"}
    done = client.post(at, json=body, headers=under)
    assert (done.status_code, done.headers["etag"]) == (200, '"2"'), done.text
    answer = done.json()
    assert (answer["status"], [one["status"] for one in answer["placements"]]) == ("completed", ["done", "not-done"])
    assert (answer["placements"][0]["depth_mm"], answer["placements"][1]["status_reason"]) == (12, "Too sore.")
    assert client.post(at, json=body, headers=under).content == done.content
    assert client.post(at, json=body, headers={"If-Match": '"1"'}).status_code == 412
    again = client.post(at, json=body, headers={"If-Match": '"2"'})
    assert (again.status_code, again.json()["session_status"]) == (409, "completed")
