"""What a clinic has set for a flag, in the answer of a session: beside the flags that are raised in it, as a record."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

LUNG = {"kind": "trigger_point", "view": "posterior", "at": [290, 385], "side": "left"}
KIDNEY = {"kind": "trigger_point", "view": "posterior", "at": [290, 660], "side": "left"}
TEXT = "Superficial needling alone; a second person in the room."
PERSON = {"by": "Practitioner/7", "display": "A. Therapist"}


@pytest.fixture
def set_limit(client: httpx.Client) -> Callable[[str, str], dict[str, Any]]:
    def put(flag: str, text: str) -> dict[str, Any]:
        answer = client.post(f"/v1/atlas/flags/{flag}/limits", json={"text": text, "set_by": "Dr. Senior"})
        assert answer.status_code == 201, answer.text
        made: dict[str, Any] = answer.json()
        return made

    return put


def test_a_session_carries_the_limits_of_its_flags(
    client: httpx.Client,
    new_session: Callable[..., dict[str, Any]],
    set_limit: Callable[[str, str], dict[str, Any]],
) -> None:
    """Of what the clinic has set, a session shows what is set for the flags raised in it, word by word and with who
    set it when; each version keeps what was set when it was made."""
    before = new_session(placements=[LUNG])
    assert before["limits"] == []
    lung, kidney = set_limit("over-lung-field", TEXT), set_limit("kidney-level", "Ask first.")
    assert client.get(f"/v1/sessions/{before['id']}").json() == before
    session = new_session(placements=[LUNG])
    assert session["limits"] == [lung]
    address = f"/v1/sessions/{session['id']}"
    assert client.post(f"{address}/placements", json=KIDNEY).is_success
    grown = client.get(address).json()
    assert {limit["flag"]: limit for limit in grown["limits"]} == {"over-lung-field": lung, "kidney-level": kidney}
    assert client.get(f"{address}/versions/1").json()["limits"] == [lung]
    listed = {item["id"]: item for item in client.get("/v1/sessions").json()["items"]}
    assert listed[session["id"]] | {"flag_rules": grown["flag_rules"], "findings": None} == grown
    set_limit("kidney-level", "")
    removed = client.patch(address, json={"note": "later"}, headers={"If-Match": '"2"'})
    assert removed.json()["limits"] == [lung]
    set_limit("over-lung-field", "")


def test_what_was_set_at_signing_stays_with_the_signature(
    client: httpx.Client,
    new_session: Callable[..., dict[str, Any]],
    set_limit: Callable[[str, str], dict[str, Any]],
) -> None:
    """A signed session shows what was set when it was signed, also after the clinic took it back."""
    session = new_session(status="completed", placements=[LUNG])
    lung = set_limit("over-lung-field", TEXT)
    address = f"/v1/sessions/{session['id']}"
    signed = client.post(f"{address}/sign", json=PERSON, headers={"If-Match": '"1"'})
    assert signed.json()["limits"] == [lung]
    set_limit("over-lung-field", "")
    event = {
        "event": "dizziness",
        "severity": "mild",
        "onset_at": "2026-11-20T10:00:00Z",
        "action": "rest",
        "by": "Practitioner/7",
    }
    assert client.post(f"{address}/events", json=event).is_success
    assert client.get(address).json()["limits"] == [lung]
    amended = client.post(
        f"{address}/amendments",
        json={**PERSON, "reason": "a word more", "patch": {"note": "more"}},
        headers={"If-Match": '"3"'},
    )
    assert amended.status_code == 201, amended.text
    assert amended.json()["limits"] == []


def test_the_sheet_says_what_the_clinic_set(
    client: httpx.Client,
    new_session: Callable[..., dict[str, Any]],
    set_limit: Callable[[str, str], dict[str, Any]],
) -> None:
    """The text under the flag has the clinic's words and who set them, in the sheet's language around them."""
    set_limit("over-lung-field", TEXT)
    session = new_session(placements=[LUNG])
    set_limit("over-lung-field", "")
    for language, around in (("en", "Set by the clinic: "), ("de", "Von der Praxis festgelegt: ")):
        text = client.get(f"/v1/sessions/{session['id']}/chart.txt", params={"lang": language}).text
        assert f"{around}{TEXT} (Dr. Senior, " in " ".join(text.split())


def test_what_is_no_limit_is_kept_nowhere(client: httpx.Client) -> None:
    """A flag that there is not has no limit, and nothing of a statement without its author is kept."""
    stated = {"text": TEXT, "set_by": "Dr. Senior"}
    assert client.post("/v1/atlas/flags/nothing/limits", json=stated).status_code == 404
    for body in ({"text": TEXT}, {"set_by": "Dr. Senior"}, {**stated, "flag": "x"}, {**stated, "text": 5}, []):
        assert client.post("/v1/atlas/flags/over-lung-field/limits", json=body).status_code == 422, body
    [lung] = [f for f in client.get("/v1/atlas/flags").json()["items"] if f["code"] == "over-lung-field"]
    assert lung["limit"] is None


def test_every_flag_comes_with_its_rule(client: httpx.Client, new_session: Callable[..., dict[str, Any]]) -> None:
    """Sessions, lists, placements, probes and needle paths say of each flag that they raise, once at their root, why it
    matters and by which rule it is raised, as the catalogue does; and of no other."""
    catalogue = {kind["code"]: (kind["reason"], kind["rule"]) for kind in client.get("/v1/atlas/flags").json()["items"]}

    def told(answer: dict[str, Any]) -> dict[str, tuple[str, str]]:
        assert all(rule["source"] for rule in answer["flag_rules"].values())
        return {code: (rule["reason"], rule["rule"]) for code, rule in answer["flag_rules"].items()}

    ring = {"center": [350, 600], "radius_mm": 45, "needles": 12}
    session = new_session(
        identifier=[{"system": "https://clinic.example/session", "value": "every-flag"}],
        placements=[
            {**LUNG, "region": "infraspinatus"},
            {**LUNG, "at": [410, 385], "side": "right"},
            {"kind": "perimeter", "view": "posterior", "ring": ring},
        ],
    )
    raised = {flag["code"] for flag in session["flags"]}
    for placement in session["placements"]:
        raised |= {flag["code"] for flag in placement["flags"]}
        raised |= {flag["code"] for needle in placement.get("needles", []) for flag in needle["flags"]}
    assert raised >= {"region-differs", "over-lung-field", "both-sides-of-thorax", "near-midline", "kidney-level"}
    assert "reason" not in str({**session, "flag_rules": None})
    rules = told(session)
    assert rules.keys() == raised
    [listed] = client.get("/v1/sessions", params={"identifier": session["identifier"][0]["value"]}).json()["items"]
    assert "flag_rules" not in listed
    assert told(client.get("/v1/sessions").json()).items() >= rules.items()
    reason, rule = rules.pop("region-differs")
    assert "stated" in reason
    assert "30 mm" in rule
    assert rules.items() <= catalogue.items()
    for placement in session["placements"]:
        found = client.get(f"/v1/sessions/{session['id']}/placements/{placement['id']}").json()
        assert found == placement | {"flag_rules": found["flag_rules"]}
        assert found["flag_rules"].keys() == {flag["code"] for flag in placement["flags"]}
    german = {kind["code"]: kind["reason"] for kind in client.get("/v1/atlas/flags?lang=de").json()["items"]}
    spoken = client.get(f"/v1/sessions/{session['id']}?lang=de").json()
    assert {"over-lung-field", "kidney-level"} <= spoken["flag_rules"].keys()
    assert all(rule["reason"] == german.get(code, rule["reason"]) for code, rule in spoken["flag_rules"].items())
    assert german["over-lung-field"].startswith("Liegt")
    assert spoken["summary"].pop("suggested_code_rule").startswith("CPT 20560 für")
    assert session["summary"].pop("suggested_code_rule").startswith("CPT 20560 for")
    assert spoken | {"flag_rules": None} == session | {"flag_rules": None}
    assert client.get(f"/v1/sessions/{session['id']}?lang=xx").status_code == 422
    body = {"view": "posterior", "at": [290, 385], "side": "left", "length_mm": 60}
    for found in (
        client.get("/v1/atlas/probe", params={"view": "posterior", "x": 290, "y": 385}).json(),
        client.post("/v1/atlas/needle-path", json=body).json(),
    ):
        assert told(found) == {flag["code"]: catalogue[flag["code"]] for flag in found["flags"]} != {}
