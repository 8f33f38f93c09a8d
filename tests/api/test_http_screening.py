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
