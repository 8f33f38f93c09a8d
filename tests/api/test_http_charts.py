"""Charts over HTTP: of kept sessions, and of posted ones."""

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bodymap.errors import Misconfigured

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
    others = {tag("?view=posterior"), tag("?labels=numbers"), tag("?width=400"), tag("?detail=plain")}
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
        ("theme=neon", "?theme"),
        ("theme=own", "?theme"),
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
    assert client.post("/v1/charts", json={}, headers={"Accept": "text/html"}).status_code == 406
    assert client.post("/v1/charts", json={"copy_of": "x"}).status_code == 422


def test_a_language_that_is_not_there_is_answered_with_those_that_are(client: httpx.Client) -> None:
    """The refusal names the four languages."""
    complaint = client.post("/v1/charts?lang=it", json={}).json()["errors"][0]
    assert all(f"`{lang}`" in complaint["detail"] for lang in ("en", "es", "de", "fr"))


@pytest.mark.parametrize("theme", ["clinical", "print", "patient", "contrast", "dark"])
def test_themes_and_languages_are_answered(client: httpx.Client, theme: str) -> None:
    """Kept charts, posted charts and plates come in every theme, charts in every language, each with its own ETag."""
    at = f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['id']}/chart.svg"
    tags = set()
    for lang in ("en", "es", "de", "fr"):
        for answer in (
            client.get(f"{at}?theme={theme}&lang={lang}"),
            client.post(f"/v1/charts?theme={theme}&lang={lang}", json={}),
        ):
            assert answer.status_code == 200, answer.text
            assert ET.fromstring(answer.content).get("lang") == lang
            tags.add(answer.headers.get("ETag"))
    assert len(tags - {None}) == 4
    plate = client.get(f"/v1/atlas/plates/posterior.svg?theme={theme}&detail=shaded")
    assert plate.status_code == 200
    again = client.get(
        f"/v1/atlas/plates/posterior.svg?theme={theme}&detail=shaded", headers={"If-None-Match": plate.headers["ETag"]}
    )
    assert again.status_code == 304


def test_a_plate_in_a_theme_that_nobody_gave_is_refused(client: httpx.Client) -> None:
    """A clinic's own theme is complained of on plates as on charts, where there is none."""
    answer = client.get("/v1/atlas/plates/posterior.svg?theme=own")
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "?theme")


def test_a_clinics_own_theme_is_served(serve_app: Callable[..., httpx.Client], tmp_path: Path) -> None:
    """With a theme file in the settings charts and plates come in it; one that does not fit stops the start."""
    path = tmp_path / "theme.json"
    path.write_text('{"mark": "#40135e", "muscles": ["#d9dfe8"]}')
    own = serve_app(theme_file=str(path))
    at = f"/v1/sessions/{own.post('/v1/sessions', json={}).json()['id']}/chart.svg"
    for answer in (
        own.get(f"{at}?theme=own"),
        own.post("/v1/charts?theme=own", json={}),
        own.get("/v1/atlas/plates/posterior.svg?theme=own"),
    ):
        assert answer.status_code == 200, answer.text
        assert "#d9dfe8" in answer.text
    path.write_text('{"ink": "#dddddd"}')
    with pytest.raises(Misconfigured, match="/ink"):
        serve_app(theme_file=str(path))


def test_referral_areas_are_drawn_when_asked_for(client: httpx.Client, new_session: NewSession) -> None:
    """On a session's chart, kept or posted; never for patients, and nowhere that does not draw them."""
    at = f"/v1/sessions/{new_session(placements=PLACEMENTS)['id']}/chart"
    plain, dotted = (client.get(f"{at}.svg?referral={asked}") for asked in ("false", "true"))
    assert (b"bm-referral" in plain.content, b"bm-referral" in dotted.content) == (False, True)
    assert plain.headers["etag"] != dotted.headers["etag"]
    assert "Not reviewed by a licensed clinician" in client.get(f"{at}.txt?referral=true").text
    assert b"bm-referral" in client.post("/v1/charts?referral=true", json={"placements": PLACEMENTS}).content
    assert b"bm-referral" not in client.get(f"{at}.svg?referral=true&theme=patient").content
    refused = client.get("/v1/charts/heatmap.svg?subject=a&referral=true")
    assert [complaint["pointer"] for complaint in refused.json()["errors"]] == ["?referral"]
