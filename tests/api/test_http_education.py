"""Education texts over HTTP: by topic and region, in each language, with sources, and nothing said to be reviewed."""

from typing import Any

import httpx
import pytest

from bodymap.education.texts import entries
from bodymap.words import LANGUAGES

LUNG, SPINE = "call-now", "call-now-spine"


def education(client: httpx.Client, **query: str) -> dict[str, Any]:
    """The answer with this query."""
    answer = client.get("/v1/education", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_patient_can_read_every_text(client: httpx.Client, lang: str) -> None:
    """Without a filter all texts for patients come in their order and language, each with a topic and its sources."""
    whole = education(client, lang=lang)
    assert [item["id"] for item in whole["items"]] == [e.id for e in entries() if e.audience == "patient"]
    assert {item["lang"] for item in whole["items"]} == {lang}
    assert {item["topic"] for item in whole["items"]} == whole["topics"].keys()
    assert {name for item in whole["items"] for name in item["sources"]} == whole["sources"].keys()
    assert {item["review"]["state"] for item in whole["items"]} == {"not-reviewed"}
    assert {item["review"]["machine_made"] for item in whole["items"]} == {lang != "en"}
    assert all(item["as_of"] for item in whole["items"])
    assert not [item["id"] for item in whole["items"] if "{" in item["text"]]


def test_without_a_clinics_numbers_the_texts_name_them_in_words(client: httpx.Client) -> None:
    """Nobody has stated a number: the patient's own emergency number and clinic are to be called."""
    texts = {item["id"]: item["text"] for item in education(client, topics="warning")["items"]}
    assert "Call your emergency number at once" in texts[LUNG]
    assert "Call your clinic" in texts["call-us"]


def test_topics_are_those_asked_for(client: httpx.Client) -> None:
    """Several topics in one answer, each with its heading in the language."""
    some = education(client, topics="warning, risk", lang="de")
    assert some["topics"] == {"risk": "Risiken", "warning": "Wann Sie anrufen sollten"}
    assert {item["topic"] for item in some["items"]} == {"risk", "warning"}


@pytest.mark.parametrize(
    ("regions", "dangers"),
    [
        ("gluteus-medius", set()),
        ("gluteus-medius,masseter", set()),
        ("infraspinatus", {LUNG}),
        ("gluteus-medius,multifidus-lumborum", {LUNG, SPINE}),
        ("obliquus-capitis-inferior", {LUNG, SPINE}),
        ("trapezius-transverse", {LUNG, SPINE}),
        # An arm muscle, of which less than a tenth lies in front of the lung field on any view.
        ("triceps-brachii", set()),
    ],
)
def test_regions_leave_out_dangers_that_are_not_near(client: httpx.Client, regions: str, dangers: set[str]) -> None:
    """The signs of lung and spine are told where a needle in one of the regions may be near them, all else always."""
    told = {item["id"] for item in education(client, regions=regions)["items"]}
    assert told & {LUNG, SPINE} == dangers
    everything = {item["id"] for item in education(client)["items"]}
    assert everything - told == {LUNG, SPINE} - dangers


def test_clinicians_read_where_sources_differ(client: httpx.Client) -> None:
    """What is for clinicians is told to them only, in English in every language, and said to be."""
    told = education(client, audience="clinician", lang="fr")["items"]
    own = {item["id"]: item for item in told if item["audience"] == "clinician"}
    assert {"rates-lung", "conflict-coverage", "conflict-training"} <= own.keys()
    assert {item["lang"] for item in own.values()} == {"en"}
    assert not own.keys() & {item["id"] for item in education(client, lang="fr")["items"]}


def test_the_note_on_insurance_says_where_and_when_it_holds(client: httpx.Client) -> None:
    """It is bound to its country, and dated."""
    [note] = education(client, topics="insurance")["items"]
    assert (note["country"], note["as_of"]) == ("US", "2026-11-28")
    assert {item["country"] for item in education(client, topics="risk")["items"]} == {None}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ({"topics": ""}, "?topics"),
        ({"topics": "risk,"}, "?topics"),
        ({"topics": "warnings"}, "?topics"),
        ({"regions": ""}, "?regions"),
        ({"regions": "calf"}, "?regions"),
        ({"lang": "xx"}, "?lang"),
        ({"topic": "risk"}, "?topic"),
        ({"audience": "everybody"}, "?audience"),
        ({"topics": "x" * 5000}, "?topics"),
    ],
)
def test_what_is_not_there_is_pointed_at(client: httpx.Client, query: dict[str, str], pointer: str) -> None:
    """An unknown topic, region, language or parameter is refused at its place, never passed over."""
    answer = client.get("/v1/education", params=query)
    assert answer.status_code == 422
    assert [complaint["pointer"] for complaint in answer.json()["errors"]] == [pointer]


def test_every_complaint_is_made_at_once_with_what_could_be_meant(client: httpx.Client) -> None:
    """Topics and regions are judged together, and a whole muscle lists its regions."""
    errors = client.get("/v1/education", params={"topics": "warnin", "regions": "trapezius,calf"}).json()["errors"]
    assert [complaint["pointer"] for complaint in errors] == ["?topics", "?regions", "?regions"]
    assert errors[0]["suggestions"] == ["warning"]
    assert "trapezius-descending" in errors[1]["regions"]


def test_what_the_client_has_is_not_sent_again(client: httpx.Client) -> None:
    """The entity tag is that of the answer, and differs between languages."""
    tag = client.get("/v1/education").headers["etag"]
    assert client.get("/v1/education", headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/v1/education?lang=es").headers["etag"] != tag
