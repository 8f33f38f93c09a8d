"""What is ambiguous or impossible is refused where it stands, and what is clear is taken, on both engines."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bodymap.charting.events import EVENT_CODES
from tests.engines import BOTH

ENGINES = BOTH
JSON = {"Content-Type": "application/json"}
REGION = {"kind": "trigger_point", "region": "infraspinatus", "side": "left"}
POINT = {"kind": "trigger_point", "view": "posterior", "at": [290, 290], "side": "left"}
RING = {"kind": "perimeter", "view": "posterior", "ring": {"center": [395, 610], "radius_mm": 25}, "side": "right"}
EVENT = {"event": "bruise", "severity": "mild", "onset_at": "2026-11-20T10:00:00Z", "action": "ice", "by": "P/7"}

New = Callable[..., dict[str, Any]]


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


def complaints(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 422, answer.text
    return {complaint["pointer"]: complaint["code"] for complaint in answer.json()["errors"]}


def refused(client: httpx.Client, pointer: str, code: str, **members: Any) -> str:
    """That this session is refused for one reason; gives what is said of it."""
    answer = client.post("/v1/sessions", json=members)
    assert complaints(answer) == {pointer: code}, members
    return str(answer.json()["errors"][0]["detail"])


def test_a_key_twice_is_refused_with_its_pointer(client: httpx.Client) -> None:
    """Wherever it stands, however it is spelled, every one of them, beside what else is wrong."""
    body = (
        b'{"subject":"Patient/1","placements":[{"kind":"trigger_point","region":"infraspinatus","side":"left",'
        b'"s\\u0069de":"right"}],"pain_before":11,"subject":"Patient/2","needle":{"lot":"a","lot":"a"}}'
    )
    assert complaints(client.post("/v1/sessions", content=body, headers=JSON)) == {
        "/subject": "repeated-key",
        "/placements/0/side": "repeated-key",
        "/needle/lot": "repeated-key",
        "/pain_before": "out-of-range",
    }


def test_a_key_twice_is_refused_in_patches_and_lines(client: httpx.Client, new_session: New) -> None:
    """A merge patch, an amendment's patch and a line of an import are read no other way."""
    made = new_session(placements=[REGION], status="completed")
    at = f"/v1/sessions/{made['id']}"
    patch = {"Content-Type": "application/merge-patch+json", "If-Match": '"1"'}
    twice = b'{"needle":{"lot":"a","lot":"b"}}'
    assert complaints(client.patch(at, content=twice, headers=patch)) == {"/needle/lot": "repeated-key"}
    line = b'{"subject":"Patient/1","subject":"Patient/2","placements":[]}\n'
    answer = client.post("/v1/sessions:import", content=line, headers={"Content-Type": "application/x-ndjson"})
    told = json.loads(answer.text)
    assert (told["status"], told["problem"]["errors"][0]["pointer"]) == ("refused", "/subject")
    assert client.post(f"{at}/sign", json={"by": "P/7", "display": "D"}, headers={"If-Match": '"1"'}).is_success
    amendment = b'{"by":"P/7","display":"D","reason":"r","patch":{"note":"a","note":"b"}}'
    answer = client.post(f"{at}/amendments", content=amendment, headers={**JSON, "If-Match": '"2"'})
    assert complaints(answer) == {"/patch/note": "repeated-key"}


@pytest.mark.parametrize(
    "name", [" a", "a ", "a\n", "\u00a0a", "a\u200bb", "a\u200d", "\ufeffa", "a\u202eb", "a\0", "a\x1fb", "\u3164"]
)
def test_names_hold_nothing_unseen(client: httpx.Client, name: str) -> None:
    """No name has white space at its ends, a control or a zero-width character; the pointer says where."""
    session: dict[str, Any] = dict.fromkeys(("subject", "encounter", "performer"), name)
    session["identifier"] = [{"system": "urn:x", "value": name}]
    session["needle"] = {"lot": name}
    session["billing_code"] = {"code": "20560", "by": name}
    session["placements"] = [{**REGION, "needle": {"lot": name}}]
    assert complaints(client.post("/v1/sessions", json=session)).keys() == {
        "/subject", "/encounter", "/performer", "/identifier/0/value", "/needle/lot", "/billing_code/by",
        "/placements/0/needle/lot",
    }  # fmt: skip
    refused(
        client,
        "/placements/0/landmark",
        complaints(client.post("/v1/sessions", json={"subject": name}))["/subject"],
        placements=[{"kind": "trigger_point", "landmark": f"{name}C7{name}"}],
    )


def test_texts_are_words(client: httpx.Client) -> None:
    """Blanks alone and control characters are refused where they stand; tabs, line ends and other letters are kept."""
    for blanks in (" \n\t", "\u200b", "\ufeff \u2060", "\u3164"):
        refused(client, "/note", "blank", note=blanks)
    for text in ("a\0b", "\x1b[31m", "a\x7f", "a\x85b"):
        refused(client, "/placements/0/response", "control-character", placements=[{**REGION, "response": text}])
    refused(client, "/note", "out-of-range", note="x" * 4001)
    kept = {"note": "\ttwo\r\nlines, 12.5 שלום 👩‍⚕️", "count_note": "x" * 4000, "position": "x" * 4000}
    answer = client.post("/v1/sessions", json=kept)
    assert {name: answer.json()[name] for name in kept} == kept


def test_what_is_empty_is_absent(client: httpx.Client, new_session: New) -> None:
    """Empty texts and objects are stored as if they were not stated, posted or patched."""
    members = {"note": "", "subject": "", "position": "", "needle": {"lot": ""}, "consent": {}}
    empty = {"twitch": {}, "electrical": {}, "trigger_point": {}, "needle": {}, "response": ""}
    made = new_session(**members, placements=[{**REGION, **empty}])
    assert not members.keys() & made.keys()
    assert not empty.keys() & made["placements"][0].keys()
    patch = {"Content-Type": "application/merge-patch+json", "If-Match": '"1"'}
    at = f"/v1/sessions/{made['id']}"
    assert "note" not in client.patch(at, json={"note": ""}, headers=patch).json()
    refused(client, "/placements/0/site/text", "blank", placements=[{"kind": "trigger_point", "site": {"text": ""}}])


@pytest.mark.parametrize("time", ["0026-11-01T09:00:00Z", "1899-12-31T23:59:59Z"])
def test_no_time_lies_before_1900(client: httpx.Client, time: str) -> None:
    """A year with two digits is a slip, whatever the status."""
    for status in ("in-progress", "planned"):
        refused(client, "/started_at", "out-of-range", started_at=time, status=status)


def test_no_time_lies_far_ahead(client: httpx.Client, new_session: New) -> None:
    """Up to 48 hours from now, and up to two years where the session is planned or cancelled, which has to be true."""
    for days in (3, 36500):
        refused(client, "/started_at", "in-the-future", started_at=in_days(days))
        refused(client, "/consent/signed_at", "in-the-future", consent={"signed_at": in_days(days)})
    refused(client, "/started_at", "in-the-future", started_at=in_days(800), status="planned")
    new_session(started_at=in_days(1.9))
    new_session(started_at=in_days(700), status="cancelled", status_reason="moved away")
    planned = new_session(started_at=in_days(700), status="planned", placements=[REGION])
    headers = {"Content-Type": "application/merge-patch+json", "If-Match": '"1"'}
    at = f"/v1/sessions/{planned['id']}"
    assert complaints(client.patch(at, json={"status": "completed"}, headers=headers)) == {
        "/started_at": "in-the-future"
    }
    done = {"status": "completed", "started_at": in_days(-1)}
    assert client.patch(at, json=done, headers=headers).status_code == 200


def test_a_day_stands_where_only_the_day_is_known(client: httpx.Client, new_session: New) -> None:
    """`started_on` is found, charted and bounded as a start is: two days from today in UTC, two years where planned."""
    day = {"started_on": "2026-11-19", "subject": "Patient/day"}
    made = new_session(**day)
    at = f"/v1/sessions/{made['id']}"
    assert (made["started_on"], "started_at" in made) == ("2026-11-19", False)
    for start, end, count in (("19T00:00:00-08:00", "20T00:00:00-08:00", 1), ("20T00:00:00Z", "21T00:00:00Z", 0)):
        asked = {"subject": "Patient/day", "from": f"2026-11-{start}", "to": f"2026-11-{end}"}
        assert len(client.get("/v1/sessions", params=asked).json()["items"]) == count
    assert "19 Nov 2026" in client.get(f"{at}/chart.svg").text
    today = datetime.now(UTC).date()
    new_session(started_on=str(today + timedelta(days=2)))
    new_session(started_on=str(today + timedelta(days=700)), status="planned")
    refused(client, "/started_on", "in-the-future", started_on=str(today + timedelta(days=3)))
    refused(client, "/started_on", "out-of-range", started_on="1899-12-31")
    refused(client, "/started_on", "two-starts", started_at="2026-11-19T09:00:00Z", **day)
    refused(client, "/ended_at", "out-of-order", ended_at="2026-11-18T23:59:59Z", **day)
    for no_day in ("2026-11-31", "2026-11-19T09:00:00Z", "2026-11-19\n", "19.11.2026", 20261119):
        assert complaints(client.post("/v1/sessions", json={"started_on": no_day})).keys() == {"/started_on"}
    early = {**EVENT, "onset_at": "2026-11-18T23:59:59+14:00"}
    assert complaints(client.post(f"{at}/events", json=early)) == {"/onset_at": "out-of-order"}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59.999999Z"),
        ("2016-12-31T15:59:60.75-08:00", "2016-12-31T15:59:59.999999-08:00"),
        ("2026-11-20T23:59:59.9999999Z", "2026-11-20T23:59:59.999999Z"),
        ("2026-11-20T23:59:59.12345678901234567890+14:00", "2026-11-20T23:59:59.123456+14:00"),
        ("2026-11-20T09:00:00-12:00", "2026-11-20T09:00:00-12:00"),
    ],
)
def test_every_time_of_rfc_3339_is_taken(client: httpx.Client, sent: str, kept: str) -> None:
    """A leap second is the last microsecond before it, and digits past the sixth are cut, never rounded."""
    answer = client.post("/v1/sessions", json={"started_at": sent})
    assert (answer.status_code, answer.json().get("started_at")) == (201, kept)


@pytest.mark.parametrize(
    "time",
    [
        "2026-11-20T09:00:00+14:01",
        "2026-11-20T09:00:00-12:01",
        "2026-11-20T12:34:60Z",
        "2026-11-19T23:59:60Z",
        "2026-11-20T09:00:00Z\n",
        "2026-11-20T09:00:00",
        "2026-11-20T24:00:00Z",
    ],
)
def test_what_is_no_time_is_refused(client: httpx.Client, time: str) -> None:
    """Offsets that nowhere has, seconds that never were, and a line break at the end."""
    assert complaints(client.post("/v1/sessions", json={"started_at": time})).keys() == {"/started_at"}


def test_an_event_begins_no_earlier_than_its_session(client: httpx.Client, new_session: New) -> None:
    """Neither by its own onset nor by a start that is moved behind it."""
    at = f"/v1/sessions/{new_session(started_at='2026-11-20T10:00:00Z')['id']}"
    before = {**EVENT, "onset_at": "2026-11-20T10:59:59+01:00"}
    assert complaints(client.post(f"{at}/events", json=before)) == {"/onset_at": "out-of-order"}
    ended = {**EVENT, "ended_at": "2026-11-20T09:00:00Z"}
    assert complaints(client.post(f"{at}/events", json=ended)) == {"/ended_at": "out-of-order"}
    late = {**EVENT, "onset_at": in_days(3)}
    assert complaints(client.post(f"{at}/events", json=late)) == {"/onset_at": "in-the-future"}
    assert client.post(f"{at}/events", json={**EVENT, "ended_at": "2026-11-20T12:00:00Z"}).status_code == 201
    headers = {"Content-Type": "application/merge-patch+json", "If-Match": '"2"'}
    later = {"started_at": "2026-11-20T10:00:01Z"}
    assert complaints(client.patch(at, json=later, headers=headers)) == {"/started_at": "out-of-order"}


def test_events_are_coded(client: httpx.Client, new_session: New) -> None:
    """Every code is taken and found; other words are refused with the codes, and `other` needs its own."""
    at = f"/v1/sessions/{new_session()['id']}/events"
    for code in EVENT_CODES:
        said = {"text": "in words"} if code == "other" else {}
        assert client.post(at, json={**EVENT, "event": code, **said, "outcome": "resolved"}).status_code == 201
        assert client.get("/v1/sessions", params={"event": code}).json()["items"]
    answer = client.post(at, json={**EVENT, "event": "a bruise", "by": " P"})
    assert complaints(answer) == {"/event": "unknown-value", "/by": "white-space"}
    assert "`retained-needle`" in answer.text
    assert complaints(client.post(at, json={**EVENT, "event": "other"})) == {"/text": "missing-field"}
    assert complaints(client.post(at, json={**EVENT, "event": "other", "text": " "})).keys() == {"/text"}


def test_a_placement_continues_what_there_is_or_was(client: httpx.Client, new_session: New) -> None:
    """Of this tenant, removed ones too, in any case; anything else is refused where it is stated."""
    first = new_session(placements=[REGION, REGION])
    old, gone = (placement["id"] for placement in first["placements"])
    assert client.delete(f"/v1/sessions/{first['id']}/placements/{gone}", headers={"If-Match": '"1"'}).is_success
    made = new_session(placements=[{**REGION, "continues": old.upper()}, {**REGION, "continues": gone}])
    assert [placement["continues"] for placement in made["placements"]] == [old, gone]
    for other in ("p-1", first["id"], old[:-1]):
        placements = [REGION, {**REGION, "continues": other}]
        refused(client, "/placements/1/continues", "unknown-placement", placements=placements)
        added = client.post(f"/v1/sessions/{made['id']}/placements", json={**REGION, "continues": other})
        assert complaints(added) == {"/continues": "unknown-placement"}


def test_an_identifier_is_unique_among_sessions_and_placements(client: httpx.Client, new_session: New) -> None:
    """The second is a 409 that names the first, whichever of them it is; a URI says whose it is."""
    own, of_placement = {"system": "urn:ids", "value": "1"}, {"system": "urn:ids", "value": "2"}
    first = new_session(identifier=[own], placements=[{**REGION, "identifier": [of_placement]}])
    placement = first["placements"][0]
    assert placement["identifier"] == [of_placement]
    for identifier, holder in ((own, {}), (of_placement, {"placement": placement["id"]})):
        for body in ({"identifier": [identifier]}, {"placements": [{**REGION, "identifier": [identifier]}]}):
            answer = client.post("/v1/sessions", json=body)
            assert answer.status_code == 409
            problem = answer.json()
            assert {name: problem[name] for name in ("session", "placement") if name in problem} == {
                "session": first["id"],
                **holder,
            }
    [found] = client.get("/v1/sessions", params={"identifier": "urn:ids|2"}).json()["items"]
    assert found["id"] == first["id"]
    twice = [{**REGION, "identifier": [{"system": "urn:ids", "value": "3"}]}] * 2
    refused(client, "/placements/1/identifier/0", "repeated", placements=twice)
    for system in (
        "s",
        "clinic.example",
        "http",
        "urn:a b",
        "urn:é",
        "urn:x\n",
        "",
        "http://",
        "https:///x",
        "HTTP:x",
        "http://:80",
    ):
        refused(client, "/identifier/0/system", "not-a-uri", identifier=[{"system": system, "value": "9"}])


def test_a_subject_that_names_a_type_names_a_patient(client: httpx.Client, new_session: New) -> None:
    """Another resource is refused; what is no reference is any name."""
    for subject in ("Practitioner/7", "https://ehr.example/fhir/Encounter/9", "Group/1/_history/2"):
        refused(client, "/subject", "not-a-patient", subject=subject)
    for subject in ("Patient/1", "https://ehr.example/fhir/Patient/1", "MRN/77", "Jane", "Practitioner"):
        assert new_session(subject=subject)["subject"] == subject


def test_whole_numbers_may_come_with_a_fraction_of_zero(client: httpx.Client, new_session: New) -> None:
    """7.0 is 7 wherever a whole number is asked for, in a patch, too; 7.5 needles are none."""
    made = new_session(needles_in=2.0, pain_before=7.0, placements=[{**REGION, "count": 2.0, "insertions": 3.0}])
    assert (made["needles_in"], made["placements"][0]["count"], made["placements"][0]["insertions"]) == (2, 2, 3)
    assert '"pain_before":7,' in client.get(f"/v1/sessions/{made['id']}").text
    headers = {"Content-Type": "application/merge-patch+json", "If-Match": '"1"'}
    at = f"/v1/sessions/{made['id']}/placements/{made['placements'][0]['id']}"
    assert client.patch(at, json={"count": 4.0}, headers=headers).json()["count"] == 4
    refused(client, "/needles_in", "wrong-type", needles_in=7.5)
    ring = {**RING, "ring": {"center": [395, 610], "radius_mm": 25, "needles": 8.0}, "skip": [1.0]}
    assert len(new_session(placements=[ring])["placements"][0]["needles"]) == 7


def test_pain_has_at_most_one_decimal(client: httpx.Client, new_session: New) -> None:
    """From 0 to 10, whole or with a tenth."""
    for pain in (0, 10, 6.5, 0.1, 9.9):
        assert new_session(pain_before=pain, placements=[{**REGION, "pain_after": pain}])["pain_before"] == pain
    for pain in (6.55, 10.1, -0.1, 11):
        refused(client, "/pain_before", "out-of-range", pain_before=pain)
    refused(client, "/pain_before", "wrong-type", pain_before="7")


def test_a_count_is_known_where_a_point_is(client: httpx.Client, new_session: New) -> None:
    """One at a point or landmark; elsewhere null unless it is stated, and counted as such."""
    landmark = {"kind": "trigger_point", "landmark": "C7", "offset_mm": {"lateral": 40}, "side": "left"}
    site = {"kind": "trigger_point", "site": {"text": "calf"}, "side": "left"}
    made = new_session(
        placements=[POINT, landmark, REGION, site, {**REGION, "count": 3}, {**REGION, "status": "planned"}]
    )
    assert [placement["count"] for placement in made["placements"]] == [1, 1, None, None, 3, None]
    assert (made["summary"]["needles_charted"], made["summary"]["needles_unstated"]) == (5, 2)


def test_there_are_bounds_on_placements_and_needles(client: httpx.Client, new_session: New) -> None:
    """500 placements and 2,000 needles, all in one or one by one; an amendment is no way around it."""
    refused(client, "/placements", "too-many", placements=[REGION] * 501)
    many = {**REGION, "count": 64}
    refused(client, "/placements", "too-many", placements=[many] * 32)
    made = new_session(placements=[*[many] * 31, {**REGION, "count": 15}], status="completed")
    at = f"/v1/sessions/{made['id']}"
    assert client.post(f"{at}/placements", json=REGION).status_code == 201
    assert complaints(client.post(f"{at}/placements", json={**REGION, "count": 2})) == {"": "too-many"}
    headers = {"Content-Type": "application/merge-patch+json", "If-Match": '"2"'}
    more = client.patch(f"{at}/placements/{made['placements'][31]['id']}", json={"count": 17}, headers=headers)
    assert complaints(more) == {"": "too-many"}


def test_both_sides_are_two_placements(client: httpx.Client) -> None:
    """However it is put, the answer says what is meant, and never the midline."""
    for side in ("bilateral", "Both", "51440002", {"coding": [{"code": "51440002"}]}):
        said = refused(client, "/placements/0/side", "unknown-value", placements=[{**REGION, "side": side}])
        assert "two placements, one a side" in said
        assert "midline" not in said


def test_a_spacing_of_next_to_nothing_is_refused(client: httpx.Client) -> None:
    """No number that JSON can write brings the service down."""
    outline = {"kind": "perimeter", "view": "posterior", "outline": [[370, 580], [420, 580], [420, 640]]}
    for line in (RING, outline):
        for spacing in (1e-320, 5e-324, 1e-9):
            where = "/placements/0/spacing_mm"
            refused(client, where, "too-many-needles", placements=[{**line, "spacing_mm": spacing}])


def test_a_byte_order_mark_is_passed_over(client: httpx.Client) -> None:
    """Before a body as before the lines of an import."""
    assert client.post("/v1/sessions", content=b'\xef\xbb\xbf{"note": "n"}', headers=JSON).status_code == 201


def test_ids_are_taken_in_any_case(client: httpx.Client, new_session: New) -> None:
    """In addresses, in what a link opens, in the query of a comparison, and in the patch of an amendment."""
    made = new_session(placements=[REGION], status="completed")
    one, other, placement = made["id"].upper(), new_session()["id"].upper(), made["placements"][0]["id"].upper()
    assert client.get(f"/v1/sessions/{one}").json()["id"] == made["id"]
    assert client.get(f"/v1/sessions/{one}/placements/{placement}").json()["id"] == made["placements"][0]["id"]
    assert client.get("/v1/charts/compare.json", params={"sessions": f"{one},{other}"}).status_code == 200
    link = client.post("/v1/links", json={"address": f"/v1/sessions/{one}/chart.svg"}).json()
    assert client.get(link["href"]).status_code == 200
    assert [each["id"] for each in client.get("/v1/links", params={"session": one}).json()["items"]] == [link["id"]]
    assert new_session(copy_of=one)["copy_of"] == made["id"]
    assert client.post(f"/v1/sessions/{one}/sign", json={"by": "P/7", "display": "D"}, headers={"If-Match": '"1"'})
    patch = {"placements": {placement: {"note": "n"}}}
    amendment = {"by": "P/7", "display": "D", "reason": "r", "patch": patch}
    answer = client.post(f"/v1/sessions/{one}/amendments", json=amendment, headers={"If-Match": '"2"'})
    assert answer.json()["placements"][0]["note"] == "n"


def test_a_plus_in_a_query_may_come_as_a_blank(client: httpx.Client, new_session: New) -> None:
    """What is not encoded arrives so, and nothing else can be meant; a leap second is a time there, too."""
    new_session(started_at="2026-11-19T08:30:00Z", subject="Patient/plus")
    for start, count in (("2026-11-19T09:30:00+01:00", 1), ("2026-11-19T09:30:01.0000001+01:00", 0)):
        answer = client.get(f"/v1/sessions?subject=Patient/plus&from={start}")
        assert len(answer.json()["items"]) == count, answer.text
    assert client.get("/v1/sessions?from=2016-12-31T23:59:60Z").status_code == 200


def test_a_weak_tag_is_answered_with_the_value_to_send(client: httpx.Client, new_session: New) -> None:
    """412, and what would be right in so many letters, for each kind of change."""
    at = f"/v1/sessions/{new_session()['id']}"
    weak = {"Content-Type": "application/merge-patch+json", "If-Match": 'W/"1"'}
    for answer in (
        client.patch(at, json={"note": "n"}, headers=weak),
        client.post(f"{at}/void", json={"by": "P", "display": "D", "reason": "r"}, headers={"If-Match": 'W/"1"'}),
    ):
        assert answer.status_code == 412
        assert 'If-Match: "1"' in answer.json()["detail"]


def test_every_complaint_says_where(client: httpx.Client, new_session: New) -> None:
    """A NUL in a text, a parameter or an address, and a key that came with another body."""
    refused(client, "/subject", "control-character", subject="Patient/1\0")
    assert complaints(client.get("/v1/sessions?subject=a%00b")) == {"?subject": "control-character"}
    assert client.get("/v1/sessions/%00").status_code == 404
    key = {"Idempotency-Key": "strict-1"}
    assert client.post("/v1/sessions", json={"note": "a"}, headers=key).status_code == 201
    assert complaints(client.post("/v1/sessions", json={"note": "b"}, headers=key)).keys() == {"Idempotency-Key"}


def test_request_schemas_have_no_defaults(client: httpx.Client) -> None:
    """A generated client sends what a schema calls a default, and would say what nobody said."""

    def defaults(schema: Any, at: str) -> list[str]:
        if isinstance(schema, list):
            return [found for index, each in enumerate(schema) for found in defaults(each, f"{at}/{index}")]
        if isinstance(schema, dict):
            own = [at] if "default" in schema and not isinstance(schema["default"], dict) else []
            return [*own, *(found for name, each in schema.items() for found in defaults(each, f"{at}/{name}"))]
        return []

    document = client.get("/openapi.json").json()
    assert defaults(document["components"]["schemas"], "") == []
    assert document["components"]["schemas"]["SessionStatement"]["properties"]["pain_before"]["anyOf"][0]["type"] == (
        "number"
    )


def test_no_pattern_lets_a_line_break_through_at_its_end(client: httpx.Client, new_session: New) -> None:
    """What an address takes ends where it seems to end: $ of a pattern stands before a last line break, too."""
    at = f"/v1/sessions/{new_session(placements=[POINT])['id']}"
    for address in ("/v1/audit?cursor=1%0A", f"{at}/history?cursor=1%0A", f"{at}/chart.svg?id_prefix=a%0A"):
        answer = client.get(address)
        assert answer.status_code == 422, (address, answer.text[:200])
