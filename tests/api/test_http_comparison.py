"""Visits compared, over HTTP: as values, as pictures, and who is refused what."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from bodymap.api.schemas import generate

NewSession = Callable[..., dict[str, Any]]

FIRST = {
    "subject": "Patient/1",
    "started_at": "2026-11-02T09:00:00Z",
    "pain_before": 7,
    "pain_after": 4,
    "placements": [
        {"kind": "trigger_point", "view": "posterior", "at": [290, 290], "side": "left", "pain_before": 7},
        {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"},
    ],
}
SECOND = {
    "subject": "Patient/1",
    "started_at": "2026-11-16T09:00:00Z",
    "pain_before": 5,
    "pain_after": 2,
    "placements": [
        {"kind": "trigger_point", "view": "posterior", "at": [294, 293], "side": "left", "pain_before": 4},
        {"kind": "trigger_point", "region": "piriformis", "side": "left"},
    ],
}


@pytest.fixture
def two(new_session: NewSession) -> list[str]:
    """The ids of two visits of one patient, the older first."""
    return [new_session(**FIRST)["id"], new_session(**SECOND)["id"]]


def compared(client: httpx.Client, *ids: str, **query: str) -> httpx.Response:
    return client.get("/v1/charts/compare.json", params={"sessions": ",".join(ids), **query})


def test_new_kept_and_gone_are_told_with_pain(client: httpx.Client, two: list[str]) -> None:
    """In whatever order the visits are named: what became of each place, the pain at each visit, and the rule."""
    answer = compared(client, *two)
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert [(place["number"], place["change"], place["region"], place["side"]) for place in found["places"]] == [
        (1, "new", "piriformis", "left"),
        (2, "kept", "trapezius-descending", "left"),
        (3, "gone", "levator-scapulae", "right"),
    ]
    assert [(visit["id"], visit["pain_before"], visit["pain_after"]) for visit in found["sessions"]] == [
        (two[0], 7, 4),
        (two[1], 5, 2),
    ]
    assert [seen["pain_before"] for seen in found["places"][1]["visits"]] == [7, 4]
    assert (found["kept_within_mm"], found["places"][1]["visits"][1]["distance_mm"]) == (15.0, 5.0)
    assert "15 mm" in found["rule"]
    again = compared(client, *reversed(two))
    assert (again.content, again.headers["etag"]) == (answer.content, answer.headers["etag"])
    assert answer.headers["cache-control"] == "private, no-store"
    Draft202012Validator(json.loads(generate()["Comparison.json"])).validate(found)


def test_a_copy_is_kept_by_what_it_continues(client: httpx.Client, two: list[str]) -> None:
    """A visit planned as a copy of another keeps all of its places, however they are moved."""
    copy = client.post("/v1/sessions", json={"copy_of": two[1], "started_at": "2026-11-30T09:00:00Z"}).json()
    found = compared(client, two[1], copy["id"]).json()
    assert [place["change"] for place in found["places"]] == ["kept", "kept"]
    assert {place["visits"][1]["matched"] for place in found["places"]} == {"continues"}


def test_copies_of_copies_are_followed_over_visits_that_are_not_compared(
    client: httpx.Client, new_session: NewSession
) -> None:
    """A place that was moved a little in each of three copies is still the first one's, though only first and last are
    compared; the tag changes when a visit between them breaks the thread."""
    point = {"kind": "trigger_point", "view": "posterior", "at": [290, 280], "region": "trapezius-descending"}
    made = [new_session(subject="Patient/1", started_at="2026-11-02T09:00:00Z", placements=[point])]
    for step in (1, 2):
        copy = {"copy_of": made[-1]["id"], "started_at": f"2026-11-0{2 + step}T09:00:00Z"}
        session = client.post("/v1/sessions", json=copy).json()
        at = f"/v1/sessions/{session['id']}/placements/{session['placements'][0]['id']}"
        moved = client.patch(at, json={"at": [290, 280 + 12 * step]}, headers={"If-Match": '"1"'})
        assert moved.status_code == 200, moved.text
        made.append(session)
    answer = compared(client, made[0]["id"], made[2]["id"])
    [place] = answer.json()["places"]
    assert (place["change"], place["visits"][1]["matched"], place["visits"][1]["distance_mm"]) == (
        "kept",
        "continues",
        24.0,
    )
    between = f"/v1/sessions/{made[1]['id']}/placements/{made[1]['placements'][0]['id']}"
    broken = client.patch(between, json={"continues": None}, headers={"If-Match": '"2"'})
    assert broken.status_code == 200, broken.text
    after = compared(client, made[0]["id"], made[2]["id"])
    assert [place["change"] for place in after.json()["places"]] == ["new", "gone"]
    assert after.headers["etag"] != answer.headers["etag"]


def test_the_tag_follows_the_visits(client: httpx.Client, two: list[str]) -> None:
    """What the client has is not sent again, until one of the visits changes."""
    tag = compared(client, *two).headers["etag"]
    at = "/v1/charts/compare.json?sessions=" + ",".join(two)
    assert client.get(at, headers={"If-None-Match": tag}).status_code == 304
    client.patch(f"/v1/sessions/{two[0]}", json={"pain_after": 3}, headers={"If-Match": '"1"'})
    assert client.get(at, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ("", "too-few"),
        ("{0}", "too-few"),
        ("{0},{0}", "repeated"),
        ("{0},{1},", "out-of-range"),
        (",".join(f"s{number}" for number in range(20)), "too-many"),
        ("x" * 5000, "out-of-range"),
    ],
)
def test_sessions_that_cannot_be_compared_are_pointed_at(
    client: httpx.Client, two: list[str], named: str, code: str
) -> None:
    """One alone, one twice, none, or too many: refused at the parameter, with what would be right."""
    answer = client.get("/v1/charts/compare.json", params={"sessions": named.format(*two)})
    assert answer.status_code == 422, answer.text
    assert code in [c["code"] for c in answer.json()["errors"] if c["pointer"] == "?sessions"]


def test_an_unknown_session_is_a_404_that_names_it(client: httpx.Client, two: list[str]) -> None:
    """Each session that there is not is named, at the parameter."""
    answer = compared(client, two[0], "nobody", "nowhere")
    assert (answer.status_code, answer.json()["type"]) == (404, "urn:bodymap:problem:unknown-session")
    assert [(c["pointer"], "no" in c["detail"]) for c in answer.json()["errors"]] == [("?sessions", True)] * 2


def test_only_valid_visits_of_one_patient_are_compared(
    client: httpx.Client, new_session: NewSession, two: list[str]
) -> None:
    """A visit of somebody else, of nobody named, or one that was voided is refused, all at once."""
    other, nobody = new_session(**{**FIRST, "subject": "Patient/2"})["id"], new_session()["id"]
    for stranger in (other, nobody):
        answer = compared(client, two[0], stranger)
        assert (answer.status_code, [c["code"] for c in answer.json()["errors"]]) == (422, ["different-subjects"])
        assert "Patient" not in answer.text
    by = {"by": "Practitioner/7", "display": "A. Who"}
    gone = client.post(
        f"/v1/sessions/{other}/void", json={**by, "reason": "Wrong patient."}, headers={"If-Match": '"1"'}
    )
    assert gone.status_code == 200, gone.text
    answer = compared(client, two[0], other)
    assert [c["code"] for c in answer.json()["errors"]] == ["voided", "different-subjects"]
    assert compared(client, nobody, new_session()["id"]).status_code == 200


PICTURES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf", "txt": "text/plain; charset=utf-8"}


@pytest.mark.parametrize("form", PICTURES)
def test_a_comparison_is_had_in_every_format(client: httpx.Client, two: list[str], form: str) -> None:
    """Each address gives its format, private and not sniffed, under a name that says nothing of the patient, and not
    again to who has it."""
    at = f"/v1/charts/compare.{form}?sessions={','.join(two)}"
    answer = client.get(at)
    assert (answer.status_code, answer.headers["content-type"]) == (200, PICTURES[form])
    assert answer.headers["cache-control"] == "private, no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    if form == "svg":
        assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
        assert {m.get("data-change") for m in ET.fromstring(answer.content).iter()} >= {"new", "kept", "gone"}
    else:
        assert answer.headers["content-disposition"] == f'inline; filename="comparison.{form}"'
    assert client.get(at, headers={"If-None-Match": answer.headers["etag"]}).status_code == 304
    assert client.get(at).content == answer.content
    turned = client.get(f"/v1/charts/compare.{form}?sessions={two[1]},{two[0]}")
    assert (turned.headers["etag"], turned.content) == (answer.headers["etag"], answer.content)


def test_tags_tell_pictures_apart(client: httpx.Client, two: list[str]) -> None:
    """Another format, option or version has another tag; an option that says what is meant anyway has the same."""
    named = ",".join(two)

    def tag(form: str, query: str = "") -> str:
        return client.get(f"/v1/charts/compare.{form}?sessions={named}{query}").headers["etag"]

    first = {tag("svg"), tag("svg", "&view=auto")}
    assert len(first) == 1
    others = {
        tag("json"),
        tag("png"),
        tag("txt"),
        tag("pdf"),
        tag("pdf", "&page=letter"),
        tag("svg", "&theme=dark"),
        tag("svg", "&lang=de"),
    }
    client.patch(f"/v1/sessions/{two[1]}", json={"note": "x"}, headers={"If-Match": '"1"'})
    others.add(tag("svg"))
    assert len(others - first) == 8


@pytest.mark.parametrize("form", PICTURES)
@pytest.mark.parametrize(
    ("query", "pointer"),
    [("width=10", "?width"), ("theme=own", "?theme"), ("lang=it", "?lang"), ("colour=red", "?colour")],
)
def test_options_that_do_not_fit_are_pointed_at(
    client: httpx.Client, two: list[str], form: str, query: str, pointer: str
) -> None:
    """What cannot be drawn is refused, and so is whom to compare, in every format."""
    answer = client.get(f"/v1/charts/compare.{form}?sessions={','.join(two)}&{query}")
    assert (answer.status_code, [c["pointer"] for c in answer.json()["errors"]]) == (422, [pointer])
    alone = client.get(f"/v1/charts/compare.{form}?sessions={two[0]}")
    assert (alone.status_code, alone.json()["errors"][0]["code"]) == (422, "too-few")
    assert client.get(f"/v1/charts/compare.{form}?sessions={two[0]},nobody").status_code == 404


def test_only_a_pdf_has_pages(client: httpx.Client, two: list[str]) -> None:
    """`page` is taken for a PDF, and pointed at anywhere else."""
    at = f"sessions={','.join(two)}&page=letter"
    assert client.get(f"/v1/charts/compare.pdf?{at}").status_code == 200
    for form in ("svg", "png", "txt", "json"):
        answer = client.get(f"/v1/charts/compare.{form}?{at}")
        assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "?page")


def test_what_else_is_asked_is_refused(client: httpx.Client, two: list[str]) -> None:
    """Without sessions, or with options of a picture, there is no answer that looks like one."""
    assert client.get("/v1/charts/compare.json").json()["errors"][0]["code"] == "missing-field"
    assert compared(client, *two, theme="dark").json()["errors"][0]["pointer"] == "?theme"
