"""Charts over HTTP: of kept sessions, and of posted ones."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import httpx
import pytest

NewSession = Callable[..., dict[str, Any]]

PLACEMENTS = [
    {"kind": "trigger_point", "view": "posterior", "at": [290, 290]},
    {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"},
    {"kind": "trigger_point", "site": {"text": "lateral gastrocnemius"}, "side": "left"},
    {
        "kind": "perimeter",
        "view": "posterior",
        "ring": {"center": [395, 610], "radius_mm": 25, "needles": 8},
        "side": "right",
    },
]


def marks(svg: bytes) -> list[ET.Element]:
    """The elements that stand for placements."""
    return [element for element in ET.fromstring(svg).iter() if "data-placement" in element.attrib]


def test_a_kept_sessions_chart_is_drawn(client: httpx.Client, new_session: NewSession) -> None:
    """The chart is a private, sandboxed SVG document with a mark for what was placed, at its point."""
    session = new_session(placements=PLACEMENTS)
    answer = client.get(f"/v1/sessions/{session['id']}/chart.svg")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    found = marks(answer.content)
    assert {"1", "2", "4"} <= {mark.get("data-placement") for mark in found}
    assert any(mark.get("data-at") == "290,290" and mark.get("data-side") == "left" for mark in found)
    assert {mark.get("data-needle") for mark in found} >= {str(number) for number in range(1, 9)}


def test_a_posted_session_is_drawn_the_same_and_not_kept(client: httpx.Client, new_session: NewSession) -> None:
    """A stateless chart is the same each time, shows what the kept one shows, and leaves nothing behind."""
    body = {"subject": "Patient/stateless", "placements": PLACEMENTS}
    first, second = (client.post("/v1/charts", json=body) for _ in range(2))
    assert first.status_code == 200, first.text
    assert first.content == second.content
    assert client.get("/v1/sessions?subject=Patient/stateless").json()["items"] == []
    kept = client.get(f"/v1/sessions/{new_session(**body)['id']}/chart.svg")
    shown = ("data-placement", "data-needle", "data-side", "data-view", "data-at")
    told = [[tuple(mark.get(name) for name in shown) for mark in marks(a.content)] for a in (first, kept)]
    assert told[0] == told[1]


def test_the_header_is_printed(client: httpx.Client) -> None:
    """What the header says stands on the chart, made harmless, and nothing else of it is taken."""
    header = {"name": "Fictional </text><script>alert(1)</script>", "clinic": "Clinic & Sons"}
    answer = client.post("/v1/charts", json={"placements": PLACEMENTS, "header": header})
    assert answer.status_code == 200, answer.text
    assert "<script" not in answer.text
    words = "".join(ET.fromstring(answer.content).itertext())
    assert "Clinic & Sons" in words
    refused = client.post("/v1/charts", json={"header": {"phone": "1"}})
    assert [c["pointer"] for c in refused.json()["errors"]] == ["/header/phone"]


def test_the_validator_follows_what_is_drawn(client: httpx.Client, new_session: NewSession) -> None:
    """The same chart keeps its tag; another option, another version, another session has another."""
    session = new_session(placements=PLACEMENTS)
    at = f"/v1/sessions/{session['id']}"

    def tag(query: str = "") -> str:
        return client.get(f"{at}/chart.svg{query}").headers["etag"]

    first = tag()
    assert tag() == tag("?view=auto") == first
    others = {tag("?view=posterior"), tag("?labels=numbers"), tag("?width=400"), tag("?detail=shaded")}
    client.patch(at, json={"note": "x"}, headers={"If-Match": '"1"'})
    others.add(tag())
    others.add(client.get(f"/v1/sessions/{new_session(placements=PLACEMENTS)['id']}/chart.svg").headers["etag"])
    assert len(others) == 6
    assert first not in others


@pytest.mark.parametrize(
    "query",
    ["", "view=posterior", "view=anterior", "view=left&arm=shown", "layer=deep", "labels=none&legend=false"],
)
@pytest.mark.parametrize("detail", ["plain", "shaded"])
def test_options_are_drawn(client: httpx.Client, new_session: NewSession, query: str, detail: str) -> None:
    """Each view, layer and way of labelling gives a document that parses."""
    session = new_session(placements=PLACEMENTS)
    answer = client.get(f"/v1/sessions/{session['id']}/chart.svg?detail={detail}&{query}".rstrip("&"))
    assert answer.status_code == 200, answer.text
    assert ET.fromstring(answer.content).get("role") == "img"


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("view=back", "?view"),
        ("colour=red", "?colour"),
        ("width=0", "?width"),
        ("width=1e99", "?width"),
        ("legend=maybe", "?legend"),
        ("lang=xx", "?lang"),
    ],
)
def test_options_that_do_not_fit_are_pointed_at(client: httpx.Client, query: str, pointer: str) -> None:
    """What cannot be drawn is refused, on GET and POST alike."""
    at = f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['id']}/chart.svg"
    for answer in (client.get(f"{at}?{query}"), client.post(f"/v1/charts?{query}", json={})):
        assert answer.status_code == 422, answer.text
        assert [complaint["pointer"] for complaint in answer.json()["errors"]] == [pointer]


def test_a_body_that_does_not_fit_is_pointed_at(client: httpx.Client) -> None:
    """A posted session is held to the same rules as one that is kept."""
    body = {"placements": [{"kind": "trigger_point", "view": "posterior", "at": [1, 1]}], "pain_before": 11}
    answer = client.post("/v1/charts?lang=de", json=body)
    assert {complaint["pointer"] for complaint in answer.json()["errors"]} == {
        "/pain_before",
        "/placements/0/at",
    }
    assert client.post("/v1/charts", json={}, headers={"Accept": "image/png"}).status_code == 406
    assert client.post("/v1/charts", json={"copy_of": "x"}).status_code == 422
