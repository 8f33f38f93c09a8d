"""Sessions to keep, small and large, for the tests of the storage."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from bodymap.charting.placement import (
    Flag,
    LineNeedle,
    Needle,
    RecordedPerimeter,
    RecordedPlacement,
    RecordedTriggerPoint,
    Resolved,
    Ring,
)
from bodymap.charting.session import Session
from bodymap.charting.vocabulary import PerimeterSide
from bodymap.ids import new_id
from bodymap.storage import sessions
from bodymap.storage.transaction import Transaction

DAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def resolved(
    region: str | None, side: PerimeterSide | None, muscle: str | None = None, structure: str | None = None
) -> Resolved:
    return Resolved(
        region=region,
        structure=structure or region,
        side=side,
        layer="superficial",
        muscle=muscle,
        inferred=False,
        beneath=(),
        landmark=None,
    )


def flag(code: str) -> Flag:
    return Flag(code=code, certainty="under-the-point")


def trigger_point(number: int, region: str = "trapezius-descending", **members: Any) -> RecordedTriggerPoint:
    side = members.pop("side", "left")
    muscle = members.pop("muscle", region.partition("-")[0])
    members = {"id": new_id(), "status": "done", "count": 1, "flags": (), "view": "posterior", **members}
    return RecordedTriggerPoint(
        number=number, region=region, side=side, resolved=resolved(region, side, muscle), **members
    )


def perimeter(number: int, needles: list[tuple[str | None, PerimeterSide | None]], **members: Any) -> RecordedPerimeter:
    line = tuple(
        LineNeedle(
            number=place, at=(300.0, 610.5), region=region, structure=None if region else "rib-6", side=side, flags=()
        )
        for place, (region, side) in enumerate(needles, 1)
    )
    center = resolved("erector-spinae-lumbar", "right", "erector-spinae")
    members = {"id": new_id(), "status": "done", "flags": (), "resolved": center, **members}
    return RecordedPerimeter(
        number=number,
        view="posterior",
        ring=Ring(center=(395.0, 610.0), radius_mm=25.0, needles=8),
        side="right",
        needles=line,
        **members,
    )


def session(*placements: RecordedPlacement, **members: Any) -> Session:
    members = {
        "id": new_id(),
        "version": 1,
        "status": "completed",
        "atlas": "1",
        "subject": "Patient/123",
        "started_at": DAY,
        "created_at": DAY + timedelta(minutes=30),
        "updated_at": DAY + timedelta(minutes=30),
        "last_number": max((placement.number for placement in placements), default=0),
        **members,
    }
    return Session(placements=placements, **members)


def usual_session(**members: Any) -> Session:
    """One as a clinic posts it: two trigger points and a perimeter."""
    return session(
        trigger_point(1, depth_mm=12.0, flags=(flag("over-lung-field"),)),
        trigger_point(2, "levator-scapulae", side="right", pain_before=7, pain_after=3),
        perimeter(3, [("erector-spinae-lumbar", "right")] * 8),
        **{"needle": Needle(diameter_mm=0.25, length_mm=40.0, lot="A1"), **members},
    )


def following(before: Session, **members: Any) -> Session:
    """The next version of a session."""
    members = {"updated_at": before.updated_at + timedelta(minutes=1), **members}
    return msgspec.structs.replace(before, version=before.version + 1, **members)


def keeping(visit: Session, tenant: str = "t") -> Callable[[Transaction], None]:
    """The work that keeps a new session."""
    return lambda tx: sessions.insert(tx, tenant, visit)


def changing(before: Session, after: Session, tenant: str = "t") -> Callable[[Transaction], None]:
    """The work that keeps a session's next version."""
    return lambda tx: sessions.replace(tx, tenant, before, after)


def reading(session_id: str, tenant: str = "t") -> Callable[[Transaction], Session]:
    """The work that reads a session."""
    return lambda tx: sessions.get(tx, tenant, session_id)
