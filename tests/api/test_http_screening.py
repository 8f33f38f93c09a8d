"""Screening over HTTP: the items with their sources, in the language where there are words in it."""

import httpx
import pytest

from bodymap.screening.items import items


def test_every_item_is_answered_with_its_sources(client: httpx.Client) -> None:
    """All items in their order, each with class, scope, grades and sources that the answer names."""
    answer = client.get("/v1/screening/items").json()
    assert [item["id"] for item in answer["items"]] == [item.id for item in items()]
    assert answer["next"] is None
    assert {name for item in answer["items"] for name in item["sources"]} == answer["sources"].keys()
    assert answer["sources"]["SEED"]["title"] == "a clinic's article, undated"
    for item in answer["items"]:
        assert item["class"] in ("absolute", "relative", "precaution", "technique")
        assert item["review"]["state"] == "not-reviewed"
        assert set(item["grades"]) == {
            grade for name in item["sources"] if (grade := answer["sources"][name]["grade"]) is not None
        }


def test_an_item_says_where_it_concerns_and_by_which_technique(client: httpx.Client) -> None:
    """A device concerns electrical technique, a lung illness the field of the lung, lymphoedema the limb asked for."""
    found = {item["id"]: item for item in client.get("/v1/screening/items").json()["items"]}
    assert (found["pacemaker"]["class"], found["pacemaker"]["technique"]) == ("technique", "electrical")
    assert found["chronic_lung"]["area"]["flags"] == ["over-lung-field"]
    assert (found["lymphedema"]["scope"], found["lymphedema"]["further"]) == ("limb", "where")
    assert found["clotting_no_compression"]["follows_from"] == ["clotting_disorder", "anticoagulant"]
    assert found["clotting_no_compression"]["question"] is None
    assert found["clotting_disorder"]["disagreement"]


@pytest.mark.parametrize(("lang", "word"), [("es", "agujas"), ("de", "Nadeln"), ("fr", "aiguilles")])
def test_questions_come_in_the_language_and_say_what_does_not(client: httpx.Client, lang: str, word: str) -> None:
    """A patient is asked in the language; a clinician's question, not translated, says that it is English."""
    found = {item["id"]: item for item in client.get("/v1/screening/items", params={"lang": lang}).json()["items"]}
    phobia, confused = found["needle_phobia"], found["confused"]
    assert word in phobia["question"]["text"]
    assert (phobia["question"]["lang"], phobia["question"]["review"]["machine_made"]) == (lang, True)
    assert (phobia["lang"], confused["question"]["lang"]) == ("en", "en")


def test_what_is_not_there_is_pointed_at(client: httpx.Client) -> None:
    """An unknown language and an unknown parameter are refused, both at once."""
    answer = client.get("/v1/screening/items?lang=xx&topic=risk")
    assert answer.status_code == 422
    assert {complaint["pointer"] for complaint in answer.json()["errors"]} == {"?lang", "?topic"}


LYMPH = {"item": "lymphedema", "answer": "yes", "where": [{"area": "arm", "side": "left"}]}
ARM = {"kind": "trigger_point", "region": "triceps-brachii", "side": "left", "count": 1}
JAW = {"kind": "trigger_point", "region": "masseter", "side": "left", "count": 1}
GOING_ON = {"item": "lymphedema", "by": "Practitioner/7", "reason": "The limb was spared; the other arm was treated."}


def test_answers_are_held_against_planned_places(client: httpx.Client) -> None:
    """Placements as they would be posted, or those of a stored session, give the same findings; nothing is stored."""
    body = {"answers": [LYMPH], "birth_year": 1980}
    posted = client.post("/v1/screenings", json={**body, "placements": [ARM, JAW]})
    assert posted.status_code == 200, posted.text
    planned = client.post(
        "/v1/sessions",
        json={"status": "planned", "placements": [{**ARM, "status": "planned"}, {**JAW, "status": "planned"}]},
    ).json()
    stored = client.post("/v1/screenings", json={**body, "session": planned["id"].upper()})
    assert stored.json() == posted.json()
    [finding] = [one for one in posted.json()["findings"] if one["item"] == "lymphedema"]
    assert (finding["class"], finding["state"], finding["touches"]) == ("absolute", "present", "placements")
    assert finding["placements"] == [{"number": 1, "certainty": "known"}]
    assert finding["acknowledged"] is False
    assert "epilepsy" in posted.json()["unanswered"]
    assert posted.json()["items"]["lymphedema"]["sources"]
    assert client.get(f"/v1/sessions/{planned['id']}").json()["version"] == 1


def test_a_finding_refuses_no_record_and_is_asked_for_at_signing(client: httpx.Client) -> None:
    """An absolute finding stops no record, completion or event; a signature asks who went on, and why."""
    made = client.post("/v1/sessions", json={"placements": [ARM], "screening": {"answers": [LYMPH]}})
    assert made.status_code == 201, made.text
    at = f"/v1/sessions/{made.json()['id']}"
    assert [one["item"] for one in made.json()["findings"]] == ["lymphedema"]
    event = {"event": "bruise", "severity": "mild", "onset_at": "2026-11-28T10:00:00Z", "action": "none", "by": "P/7"}
    start = {"started_at": "2026-11-28T09:00:00Z", "ended_at": "2026-11-28T09:20:00Z"}
    done = client.patch(at, json=start, headers={"If-Match": '"1"'})
    assert done.json()["status"] == "completed"
    assert client.post(f"{at}/events", json=event).status_code == 201
    signing = {"by": "Practitioner/7", "display": "Dana"}
    refused = client.post(f"{at}/sign", json=signing, headers={"If-Match": '"3"'})
    assert refused.status_code == 422
    [complaint] = refused.json()["errors"]
    assert (complaint["pointer"], complaint["code"]) == ("/screening/acknowledgements", "not-acknowledged")
    went_on = {"screening": {"acknowledgements": [GOING_ON]}}
    assert client.patch(at, json=went_on, headers={"If-Match": '"3"'}).json()["findings"][0]["acknowledged"]
    assert client.post(f"{at}/sign", json=signing, headers={"If-Match": '"4"'}).status_code == 200


def test_without_a_screening_nothing_is_said(client: httpx.Client) -> None:
    """Findings are null, not empty, where nobody asked anything."""
    assert client.post("/v1/sessions", json={"placements": [ARM]}).json()["findings"] is None


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"answers": [{"item": "lymphedem", "answer": "yes"}]}, "/answers/0/item"),
        ({"answers": [{"item": "epilepsy", "answer": "perhaps"}]}, "/answers/0/answer"),
        ({"answers": [{**LYMPH, "answer": "no"}]}, "/answers/0/where"),
        ({"birth_year": 2999}, "/birth_year"),
        ({"session": "0190b6a0-0000-7000-8000-000000000000"}, "/session"),
        ({"session": "x", "placements": [ARM]}, "/placements"),
        ({"placements": [{**ARM, "side": "up"}]}, "/placements/0/side"),
        ({"acknowledgements": [{**GOING_ON, "item": "nothing"}]}, "/acknowledgements/0/item"),
    ],
)
def test_bad_answers_are_pointed_at(client: httpx.Client, body: dict[str, object], pointer: str) -> None:
    """Each answer that cannot be is refused at its place."""
    answer = client.post("/v1/screenings", json=body)
    assert answer.status_code == 422
    assert pointer in [complaint["pointer"] for complaint in answer.json()["errors"]]
    kept = {name: value for name, value in body.items() if name not in ("session", "placements")}
    if kept:
        stored = client.post("/v1/sessions", json={"screening": kept})
        assert f"/screening{pointer}" in [complaint["pointer"] for complaint in stored.json()["errors"]]
