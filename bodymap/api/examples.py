"""Examples of bodies and queries, by operation. The OpenAPI document shows them and the tests send them."""

from typing import Any

import msgspec


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One example: a summary, the body, the query."""

    name: str
    summary: str
    body: Any = None
    query: dict[str, str] = {}


FIRST_SESSION: dict[str, Any] = {
    "subject": "Patient/123",
    "performer": "Practitioner/7",
    "started_at": "2026-11-23T09:00:00-08:00",
    "ended_at": "2026-11-23T09:25:00-08:00",
    "position": "prone",
    "needle": {"diameter_mm": 0.25, "length_mm": 40, "lot": "A1"},
    "placements": [
        {"kind": "trigger_point", "region": "levator-scapulae", "side": "right", "depth_mm": 12, "dwell_s": 30},
        {
            "kind": "perimeter",
            "view": "posterior",
            "ring": {"center": [395, 610], "radius_mm": 25, "needles": 8},
            "side": "right",
        },
    ],
    "pain_before": 7,
    "pain_after": 3,
    "needles_in": 9,
    "needles_out": 9,
}

_POINT: dict[str, Any] = {
    "kind": "trigger_point",
    "region": "trapezius-descending",
    "side": "left",
    "trigger_point": {"state": "active", "taut_band": True, "familiar_pain": True},
    "technique": "pistoning",
    "twitch": {"sought": True, "obtained": True, "count": 3},
}

_COURSE = (
    Example(name="all", summary="Every visit of a subject", query={"subject": "Patient/123"}),
    Example(
        name="autumn",
        summary="Those of a period, for the patient",
        query={"subject": "Patient/123", "from": "2026-09-01T00:00:00Z", "theme": "patient", "lang": "de"},
    ),
)

EXAMPLES: dict[str, tuple[Example, ...]] = {
    **dict.fromkeys(("getHeatmap", "getHeatmapAsPng", "getHeatmapAsText"), _COURSE),
    **dict.fromkeys(("getTimeline", "getTimelineAsPng", "getTimelineAsText"), _COURSE),
    "createLink": (
        Example(
            name="forAPage",
            summary="The back of a session for its patient, for a day",
            body={
                "address": "/v1/sessions/01a207ac-4074-749a-8a72-a41959b107b4/chart.svg?view=posterior&theme=patient",
                "expires_in_s": 86400,
            },
        ),
    ),
    "findRegions": (
        Example(name="byName", summary="Regions called trapezius", query={"q": "trapezius"}),
        Example(name="onPlate", summary="What a plate shows", query={"view": "posterior", "layer": "superficial"}),
    ),
    "findEducation": (
        Example(name="risks", summary="Risks and when to call", query={"topics": "risk,warning"}),
        Example(
            name="region",
            summary="What concerns a needle in a region, in German",
            query={"regions": "trapezius-descending", "lang": "de"},
        ),
    ),
    "putTenant": (
        Example(
            name="clinic",
            summary="Name, numbers and one needle",
            body={
                "name": "Fictional Clinic",
                "contact": {"phone": "555-0100", "emergency": "911"},
                "time_zone": "America/Los_Angeles",
                "count_sides": "once",
                "languages": ["en", "es"],
                "needles": [{"diameter_mm": 0.25, "length_mm": 40}],
                "theme": "clinical",
            },
        ),
    ),
    "assessScreening": (
        Example(
            name="arm",
            summary="A swollen arm, and a needle planned in it",
            body={
                "birth_year": 1961,
                "answers": [
                    {"item": "lymphedema", "answer": "yes", "where": [{"area": "arm", "side": "left"}]},
                    {"item": "pregnancy_t1", "answer": "no"},
                    {"item": "anticoagulant", "answer": "unknown"},
                ],
                "placements": [{"kind": "trigger_point", "region": "triceps-brachii", "side": "left"}],
            },
        ),
    ),
    "findScreeningItems": (Example(name="spanish", summary="The questions in Spanish", query={"lang": "es"}),),
    "getCrosswalk": (Example(name="same", summary="A version to itself", query={"from": "1", "to": "1"}),),
    "probe": (
        Example(
            name="rhomboid",
            summary="Beside the spine, between the shoulder blades",
            query={"view": "posterior", "x": "290", "y": "385"},
        ),
    ),
    "traceNeedle": (
        Example(
            name="levator",
            summary="Straight in, at a point of the left shoulder",
            body={"view": "posterior", "at": [290, 300], "side": "left", "length_mm": 60},
        ),
        Example(
            name="inclined",
            summary="From a landmark, inclined",
            body={
                "landmark": "C7",
                "offset_mm": {"lateral": 40, "caudal": 10},
                "side": "left",
                "angle_from_normal_deg": 30,
                "direction": "lateral",
                "length_mm": 40,
            },
        ),
    ),
    "setLimit": (
        Example(
            name="own",
            summary="What one clinic asks of its therapists",
            body={"text": "Two of us look at the chart before a needle goes here.", "set_by": "A. Clinician"},
        ),
    ),
    "reviewTriggerPoint": (
        Example(
            name="confirmed",
            summary="A clinician confirms an entry",
            body={"state": "confirmed", "by": "Practitioner/7", "display": "A. Clinician"},
        ),
    ),
    "createSession": (
        Example(name="session", summary="A region, a ring of needles", body=FIRST_SESSION),
        Example(name="empty", summary="A session to which placements are added later", body={}),
    ),
    "signSession": (
        Example(
            name="sign",
            summary="Sign what was done",
            body={"by": "Practitioner/7", "display": "Dana Example, PT"},
        ),
    ),
    "amendSession": (
        Example(
            name="note",
            summary="Correct the header; to move a placement, name it by its id in `placements`",
            body={
                "by": "Practitioner/7",
                "display": "Dana Example, PT",
                "reason": "The pain afterwards was left out.",
                "patch": {"pain_after": 2},
            },
        ),
        Example(
            name="add",
            summary="Add a placement that was forgotten",
            body={
                "by": "Practitioner/7",
                "display": "Dana Example, PT",
                "reason": "A point was not charted.",
                "patch": {"add": [_POINT]},
            },
        ),
    ),
    "voidSession": (
        Example(
            name="void",
            summary="Void what was recorded for the wrong patient",
            body={"by": "Practitioner/7", "display": "Dana Example, PT", "reason": "Recorded for the wrong patient."},
        ),
    ),
    "reResolveSession": (
        Example(
            name="current",
            summary="On the version that new sessions take; where a region was split, `placements` says which it is",
            body={},
        ),
    ),
    "completeSession": (
        Example(
            name="asPlanned",
            summary="All as planned, but for one placement",
            body={
                "ended_at": "2026-11-23T09:25:00-08:00",
                "not_done": [{"number": 1, "reason": "Too sore today."}],
                "pain_after": 3,
            },
        ),
    ),
    "addEvent": (
        Example(
            name="bruise",
            summary="A bruise that was seen the day after",
            body={
                "event": "bruise",
                "severity": "mild",
                "onset_at": "2026-11-24T08:00:00-08:00",
                "action": "Explained; no treatment needed.",
                "by": "Practitioner/7",
            },
        ),
    ),
    "importSessions": (Example(name="line", summary="One line, of as many as there are", body=FIRST_SESSION),),
    "patchSession": (Example(name="note", summary="Add a note", body={"note": "Sore for a day is usual."}),),
    "addPlacement": (Example(name="byRegion", summary="A trigger point, by its region and side", body=_POINT),),
    "patchPlacement": (Example(name="painAfter", summary="State how it was afterwards", body={"pain_after": 2}),),
    "drawChart": (
        Example(
            name="chart",
            summary="A chart with the clinic's name on it",
            body={**FIRST_SESSION, "header": {"clinic": "Fictional Clinic"}},
            query={"view": "posterior"},
        ),
    ),
    "findSessions": (Example(name="ofPatient", summary="One patient's", query={"subject": "Patient/123"}),),
}
