"""Pictures of a course over HTTP: whose, of which period, in which format, and how they are kept."""

import uuid
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bodymap.atlas import load_atlases
from bodymap.charting.session import SessionStatement
from bodymap.decoding import decode
from bodymap.service import Principal, UseCases
from bodymap.service.courses import read_course
from bodymap.storage.database import Database
from tests.api.audit_entries import entry_of

NewSession = Callable[..., dict[str, Any]]

PLACEMENTS = [
    {"kind": "trigger_point", "view": "posterior", "at": [290, 290]},
    {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"},
    {
        "kind": "perimeter",
        "view": "posterior",
        "ring": {"center": [395, 610], "radius_mm": 25, "needles": 8},
        "side": "right",
    },
]
PICTURES = ("heatmap", "timeline")


@pytest.fixture
def patient(new_session: NewSession) -> str:
    """A patient with three visits, a week apart."""
    subject = f"Patient/{uuid.uuid4()}"
    for day in ("02", "09", "16"):
        new_session(
            subject=subject,
            started_at=f"2026-11-{day}T09:00:00Z",
            ended_at=f"2026-11-{day}T09:30:00Z",
            pain_before=7,
            pain_after=4,
            placements=PLACEMENTS,
        )
    return subject


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize(
    ("form", "media_type"), [("svg", "image/svg+xml"), ("png", "image/png"), ("txt", "text/plain; charset=utf-8")]
)
def test_pictures_are_private_and_come_in_three_formats(
    client: httpx.Client, patient: str, picture: str, form: str, media_type: str
) -> None:
    """Each format has its type, is not to be stored by others, and is sandboxed; the same again is a 304."""
    answer = client.get(f"/v1/charts/{picture}.{form}", params={"subject": patient})
    assert (answer.status_code, answer.headers["content-type"]) == (200, media_type), answer.text
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    if form == "svg":
        assert policy == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        assert ET.fromstring(answer.content).get("role") == "img"
    tag = {"If-None-Match": answer.headers["etag"]}
    again = client.get(f"/v1/charts/{picture}.{form}", params={"subject": patient}, headers=tag)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("picture", PICTURES)
def test_the_validator_follows_the_visits(
    client: httpx.Client, new_session: NewSession, patient: str, picture: str
) -> None:
    """Another option, another period, another visit, a visit that is changed or voided: another tag each."""

    def tag(**options: Any) -> str:
        return client.get(f"/v1/charts/{picture}.svg", params={"subject": patient, **options}).headers["etag"]

    first = tag()
    assert tag() == first
    tags = {first, tag(theme="dark"), tag(lang="de"), tag(to="2026-11-10T00:00:00Z")}
    more = new_session(subject=patient, placements=PLACEMENTS)
    tags.add(tag())
    at = f"/v1/sessions/{more['id']}"
    assert client.patch(at, json={"note": "x"}, headers={"If-Match": '"1"'}).status_code == 200
    tags.add(tag())
    voiding = {"by": "Practitioner/1", "display": "A. Example", "reason": "another patient's"}
    assert client.post(f"{at}/void", json=voiding, headers={"If-Match": '"2"'}).status_code == 200
    tags.add(tag())
    assert len(tags) == 7


def test_the_period_is_half_open(client: httpx.Client, patient: str) -> None:
    """`from` is included and `to` is not, whatever the offset."""

    def text(**period: str) -> str:
        return client.get("/v1/charts/heatmap.txt", params={"subject": patient, **period}).text

    assert "27 needles of 3 visits" in text()
    start = {"from": "2026-11-09T09:00:00Z"}
    assert "18 needles of 2 visits" in text(**start)
    assert "9 needles of 1 visit" in text(**start, to="2026-11-16T01:00:00-08:00")
    assert "18 needles of 2 visits" in text(**start, to="2026-11-16T01:00:01-08:00")


@pytest.mark.parametrize("picture", PICTURES)
def test_a_subject_without_visits_gets_an_honest_picture(client: httpx.Client, patient: str, picture: str) -> None:
    """Nobody known by this reference, or nothing in the period: a picture that names both and says so."""
    for params in ({"subject": "Patient/nobody"}, {"subject": patient, "to": "2020-01-01T00:00:00Z"}):
        for form in ("svg", "txt"):
            answer = client.get(f"/v1/charts/{picture}.{form}", params=params)
            assert answer.status_code == 200, answer.text
            said = " ".join("".join(ET.fromstring(answer.content).itertext()) if form == "svg" else answer.text)
            said = said.replace(" ", "")
            assert params["subject"] in said
            assert "Novisitsarerecordedforthisreferenceinthisperiod." in said


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("", "?subject"),
        ("subject=", "?subject"),
        ("subject=a&subject=b", "?subject"),
        ("subject=a&from=2026-11-02", "?from"),
        ("subject=a&to=yesterday", "?to"),
        ("subject=a&from=2026-11-02T00:00:00Z&to=2026-11-02T00:00:00Z", "?to"),
        ("subject=a&from=2026-11-03T00:00:00Z&to=2026-11-02T00:00:00Z", "?to"),
        ("subject=a&width=159", "?width"),
        ("subject=a&width=4001", "?width"),
        ("subject=a&view=back", "?view"),
        ("subject=a&lang=it", "?lang"),
        ("subject=a&theme=own", "?theme"),
        ("subject=a&patient=b", "?patient"),
        ("subject=" + "a" * 257, "?subject"),
    ],
)
@pytest.mark.parametrize("form", ["svg", "txt"])
def test_what_does_not_fit_is_pointed_at(
    client: httpx.Client, picture: str, query: str, pointer: str, form: str
) -> None:
    """What cannot be asked is refused with a pointer to the parameter."""
    answer = client.get(f"/v1/charts/{picture}.{form}?{query}")
    assert answer.status_code == 422, answer.text
    assert pointer in [complaint["pointer"] for complaint in answer.json()["errors"]]


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("subject", ["Patient/<script>alert(1)</script>", "a&b\"'", "\u202eevil", "患者/😀", "x" * 256])
def test_hostile_references_stay_text(client: httpx.Client, picture: str, subject: str) -> None:
    """A reference is text of the picture, whatever it holds."""
    for form in ("svg", "png", "txt"):
        answer = client.get(f"/v1/charts/{picture}.{form}", params={"subject": subject})
        assert answer.status_code == 200, answer.text
        if form == "svg":
            assert not [e for e in ET.fromstring(answer.content).iter() if e.tag.endswith("script")]
            assert "\u202e" not in answer.text
        if form == "png" and "患" in subject:
            assert "letters" in answer.headers["bodymap-notice"]


@pytest.mark.parametrize("picture", PICTURES)
def test_the_audit_names_every_visit_that_was_shown(client: httpx.Client, patient: str, picture: str) -> None:
    """Who looks at a course has looked at each of its sessions."""
    visits = {item["id"] for item in client.get("/v1/sessions", params={"subject": patient}).json()["items"]}
    answer = client.get(f"/v1/charts/{picture}.svg", params={"subject": patient})
    entry = entry_of(client, answer)
    assert (entry["action"], entry["outcome"]) == ("read", "done")
    assert set(entry["sessions"]) == visits
    assert len(visits) == 3


def test_a_course_of_too_many_visits_is_refused(
    client: httpx.Client, patient: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages are read until all is there; beyond the most that a picture is made of, a shorter period is asked for."""
    monkeypatch.setattr("bodymap.service.courses._PAGE", 1)
    at = "/v1/charts/heatmap.txt"
    assert "27 needles of 3 visits" in client.get(at, params={"subject": patient}).text
    monkeypatch.setattr("bodymap.service.courses.MOST_VISITS", 2)
    answer = client.get(at, params={"subject": patient})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "?from")
    assert client.get(at, params={"subject": patient, "from": "2026-11-09T00:00:00Z"}).status_code == 200


def test_a_voided_visit_is_left_out_and_counted(client: httpx.Client, new_session: NewSession, patient: str) -> None:
    """What was voided adds no needle and no score, and both pictures say that it was there."""
    more = new_session(subject=patient, placements=PLACEMENTS, pain_before=10, started_at="2026-11-20T09:00:00Z")
    voiding = {"by": "Practitioner/1", "display": "A. Example", "reason": "another patient's"}
    at = f"/v1/sessions/{more['id']}"
    assert client.post(f"{at}/void", json=voiding, headers={"If-Match": '"1"'}).status_code == 200
    for picture in PICTURES:
        text = client.get(f"/v1/charts/{picture}.txt", params={"subject": patient}).text
        assert "1 voided visit left out" in text
        assert "3 visits" in text
        assert "20 Nov" not in text


def test_letters_that_no_font_has_are_told_of(client: httpx.Client, new_session: NewSession) -> None:
    """Those of a site on a timeline as much as those of the reference; a heat map writes no sites."""
    subject = f"Patient/{uuid.uuid4()}"
    new_session(subject=subject, placements=[{"kind": "trigger_point", "site": {"text": "ふくらはぎ"}, "side": "left"}])
    notices = [
        client.get(f"/v1/charts/{picture}.png", params={"subject": subject}).headers.get("bodymap-notice", "")
        for picture in ("timeline", "heatmap")
    ]
    assert [notice.startswith("5 letters") for notice in notices] == [True, False]


def test_nobody_sees_the_course_of_another_tenant_s_patient(tmp_path: Path) -> None:
    """The same reference in another tenant is another patient."""
    use_cases = UseCases.on(load_atlases())
    ours, theirs = (Principal(tenant=name, client="c", scopes=frozenset()) for name in ("ours", "theirs"))
    statement = decode(b'{"subject": "Patient/1", "placements": []}', SessionStatement)
    with Database.open(f"sqlite:///{tmp_path / 'record.db'}") as database:
        session = use_cases.sessions.draft(statement)
        database.write_now(lambda tx: use_cases.sessions.create(tx, theirs, session))
        seen = [
            len(database.read_now(lambda tx, who=who: read_course(tx, who, "Patient/1", None, None)).visits)
            for who in (ours, theirs)
        ]
    assert seen == [0, 1]
