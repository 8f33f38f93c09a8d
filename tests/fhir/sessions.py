"""Sessions for the tests of FHIR: statements of every kind, and what the service makes of them."""

from typing import Any

import msgspec
from hypothesis import strategies as st

from bodymap.atlas import load_atlases
from bodymap.charting.session import SessionStatement
from bodymap.decoding import convert
from bodymap.fhir.places import Names
from bodymap.service.use_cases import UseCases

ATLASES = load_atlases()
NAMES = Names(ATLASES.default)
USE_CASES = UseCases.on(ATLASES)

# What the server says of a session or placement, beyond what a client stated.
SERVERS = {"id", "version", "atlas", "created_at", "updated_at", "last_number", "flags", "limits", "summary"}
SERVERS |= {"flag_rules", "signature", "voided", "copy_of", "events", "number", "resolved"}

texts = st.text("abc äß<&>\"'", min_size=1, max_size=12).filter(lambda text: text.strip() == text)
pains = st.integers(0, 100).map(lambda tenths: tenths / 10)
identifiers = st.builds(lambda value: {"system": "https://clinic.example/ids", "value": value}, st.uuids().map(str))
actors = st.sampled_from(["Practitioner/7", "https://ehr.example/Practitioner/7", "T. Therapist", "urn:x:y|17", "a|b"])
needles = st.fixed_dictionaries(
    {}, optional={"diameter_mm": st.floats(0.1, 1), "length_mm": st.integers(10, 90), "lot": texts, "maker": texts}
).filter(bool)
further = {
    "identifier": identifiers.map(lambda identifier: [identifier]),
    "depth_mm": st.floats(0, 9),
    "angle_from_normal_deg": st.integers(0, 80),
    "direction": st.sampled_from(["medial", "lateral", "cranial", "caudolateral"]),
    "technique": texts,
    "dwell_s": st.integers(0, 900),
    "insertions": st.integers(0, 20),
    "electrical": st.fixed_dictionaries({"channel": texts, "hz": st.integers(1, 100), "minutes": st.floats(0, 30)}),
    "needle": needles,
    "pain_before": pains,
    "pain_after": pains,
    "response": texts,
    "precaution": texts,
    "note": texts,
    "twitch": st.sampled_from(
        [{"sought": False}, {"sought": True, "obtained": True, "count": 3}, {"obtained": False}, {"sought": True}]
    ),
}
points = st.sampled_from(
    [
        {"view": "posterior", "at": [302, 275], "region": "trapezius-descending", "side": "left"},
        {"view": "posterior", "at": [430.5, 350]},
        {"region": "levator-scapulae", "side": "right"},
        {"region": "infraspinatus", "side": "left", "count": 2},
        {"landmark": "C7", "offset_mm": {"lateral": 40, "caudal": 10}, "side": "left"},
        {"landmark": "C7", "offset_mm": {"caudal": 5}},
        {"site": {"text": "lateral gastrocnemius"}, "side": "left"},
        {"view": "posterior", "at": [290, 290], "region": "trapezius-descending", "also": ["levator-scapulae"]},
        {"view": "posterior", "at": [302, 275], "trigger_point": {"state": "active", "taut_band": True}},
    ]
)
lines = st.sampled_from(
    [
        {"view": "posterior", "side": "right", "ring": {"center": [402, 700], "radius_mm": 28, "needles": 8}},
        {"view": "posterior", "ring": {"center": [402, 700], "radius_mm": 28}, "spacing_mm": 20},
        {"view": "posterior", "outline": [[370, 580], [420, 580], [420, 640]], "spacing_mm": 15, "skip": [2]},
        {"region": "quadratus-lumborum", "side": "both", "needles": 6},
    ]
)
statuses = st.sampled_from([{}, {"status": "planned"}, {"status": "not-done", "status_reason": "Asked to stop"}])


def _whole(kind: str, place: dict[str, Any], more: dict[str, Any], status: dict[str, Any]) -> dict[str, Any]:
    if "angle_from_normal_deg" not in more:
        more.pop("direction", None)
    return {"kind": kind, **more, **place, **status}


optional = st.fixed_dictionaries({}, optional=further)
placements = st.builds(_whole, st.just("trigger_point"), points, optional, statuses) | st.builds(
    _whole, st.just("perimeter"), lines, optional, statuses
)
measures = st.fixed_dictionaries(
    {"name": texts, "unit": st.sampled_from(["deg", "kg/cm²", "kPa"]), "before": st.integers(0, 90)},
    optional={
        "after": st.floats(0, 90),
        "side": st.sampled_from(["left", "right"]),
        "code": st.just({"system": "https://clinic.example/measures", "code": "x", "display": "X"}),
    },
)
times = st.sampled_from(
    [
        {},
        {"started_at": "2026-11-23T09:00:00-08:00"},
        {"started_on": "2026-11-23"},
        {"started_at": "2026-11-23T09:00:00.25+01:00", "ended_at": "2026-11-23T09:25:00+01:00"},
    ]
)
ends = st.sampled_from(
    [
        {"status": "in-progress"},
        {"status": "completed"},
        {"status": "stopped", "status_reason": "The patient felt faint"},
        {"status": "cancelled", "status_reason": "Nobody came"},
    ]
)
headers = st.fixed_dictionaries(
    {},
    optional={
        "identifier": identifiers.map(lambda identifier: [identifier]),
        "subject": st.sampled_from(["Patient/123", "MRN 17", "https://ehr.example/Patient/9"]),
        "encounter": st.sampled_from(["Encounter/9", "visit 9"]),
        "performer": actors,
        "position": texts,
        "needle": needles,
        "pain_before": pains,
        "pain_after": pains,
        "count_note": texts,
        "consent": st.fixed_dictionaries({"version": texts, "copy_given": st.booleans(), "witness": actors}),
        "information_given": st.fixed_dictionaries({"lang": st.just("es"), "at": st.just("2026-11-23T09:26:00-08:00")}),
        "billing_code": st.fixed_dictionaries({"code": st.just("20561"), "by": actors}),
        "note": texts,
        "measures": st.lists(measures, min_size=1, max_size=2),
    },
)
statements = st.builds(
    lambda header, time, end, made: {**header, **time, **end, "placements": made},
    headers,
    times,
    ends,
    st.lists(placements, max_size=3),
)


def answered(statement: dict[str, Any]) -> dict[str, Any]:
    """What the service answers to a statement, as JSON."""
    session = USE_CASES.sessions.draft(convert(statement, SessionStatement))
    answer: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(USE_CASES.sessions.answer(session)))
    return answer


def stated_of(session: dict[str, Any]) -> dict[str, Any]:
    """What a client stated of a session that is answered; a signed one has the status that it was signed in."""
    stated = {name: value for name, value in session.items() if _is_stated(name, value)}
    stated["placements"] = [_stated_placement(placement) for placement in session["placements"]]
    if session["status"] == "signed":
        stated["status"] = session["signature"]["status"]
    return stated


def _is_stated(name: str, value: Any) -> bool:
    return name not in SERVERS and value is not None and value != []


def _stated_placement(placement: dict[str, Any]) -> dict[str, Any]:
    stated = {name: value for name, value in placement.items() if _is_stated(name, value)}
    if placement["kind"] == "perimeter":
        line = stated.pop("needles", [])
        if "ring" not in placement and "outline" not in placement:
            stated["needles"] = len(line) + len(placement.get("skip", ()))
    return stated
