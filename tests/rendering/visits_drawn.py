"""Sessions to draw, made by the same rules as real ones."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec

from bodymap.atlas import Atlas
from bodymap.charting.placement import PlacementStatement, RecordedPlacement
from bodymap.charting.placement_record import record
from bodymap.charting.session import Session
from bodymap.errors import Complaint

START = datetime(2026, 11, 23, 9, 0, tzinfo=timezone(timedelta(hours=-8)))


def session_of(placements: Sequence[RecordedPlacement], **header: Any) -> Session:
    """A session as it is kept, around placements."""
    members: dict[str, Any] = {
        "subject": "Patient/123",
        "performer": "Practitioner/7",
        "started_at": START,
        "ended_at": START + timedelta(minutes=25),
        "needles_in": 34,
        "needles_out": 34,
    }
    return Session(
        id="s",
        version=1,
        status="completed",
        atlas="1",
        created_at=START,
        updated_at=START,
        last_number=len(placements),
        placements=tuple(placements),
        **(members | header),
    )


def recorded(atlas: Atlas, statements: Sequence[dict[str, Any]]) -> list[RecordedPlacement]:
    """Placements as a client states them, recorded."""
    complaints: list[Complaint] = []
    placements = [
        record(
            atlas,
            msgspec.convert(statement, PlacementStatement),
            placement_id=f"p{number}",
            number=number,
            needle=None,
            pointer=f"/placements/{number - 1}",
            complain=complaints.append,
        )
        for number, statement in enumerate(statements, 1)
    ]
    assert not complaints
    return [placement for placement in placements if placement is not None]


def point(view: str, x: float, y: float, **facts: Any) -> dict[str, Any]:
    return {"kind": "trigger_point", "view": view, "at": [x, y], **facts}


def somewhere(atlas: Atlas, count: int, seed: int, box: tuple[int, int, int, int]) -> list[dict[str, Any]]:
    """Trigger points at random on the posterior body, with facts of every kind."""
    dice = random.Random(seed)
    points: list[dict[str, Any]] = []
    while len(points) < count:
        x, y = dice.randint(box[0], box[1]), dice.randint(box[2], box[3])
        if atlas.at("posterior", x, y) is None:
            continue
        facts: dict[str, Any] = {
            "depth_mm": dice.choice([8, 12, 25]),
            "pain_before": dice.randint(4, 9),
            "pain_after": dice.randint(0, 4),
            "status": dice.choice(["done", "done", "done", "planned", "not-done"]),
        }
        if dice.random() < 0.5:
            facts["twitch"] = {"sought": True, "obtained": True, "count": dice.randint(1, 9)}
        points.append(point("posterior", x, y, **facts))
    return points


CONTRACT: list[dict[str, Any]] = [
    point(
        "posterior",
        290,
        290,
        region="trapezius-descending",
        side="left",
        trigger_point={"state": "active", "taut_band": True, "familiar_pain": True},
        also=["levator-scapulae"],
        insertions=3,
        depth_mm=12,
        angle_from_normal_deg=30,
        direction="lateral",
        technique="pistoning",
        dwell_s=30,
        twitch={"sought": True, "obtained": True, "count": 3},
        pain_before=7,
        pain_after=3,
    ),
    {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"},
    {"kind": "trigger_point", "site": {"text": "lateral gastrocnemius"}, "side": "left"},
    {
        "kind": "perimeter",
        "view": "posterior",
        "ring": {"center": [395, 610], "radius_mm": 25, "needles": 8},
        "side": "right",
    },
    {
        "kind": "perimeter",
        "view": "posterior",
        "outline": [[370, 580], [420, 580], [420, 640], [370, 640]],
        "spacing_mm": 10,
    },
]
FOUR_VIEWS: list[dict[str, Any]] = [
    point("posterior", 310, 400),
    point("anterior", 270, 400),
    point("left", 230, 480),
    point("right", 160, 760),
    point("right", 170, 300, status="planned"),
]
