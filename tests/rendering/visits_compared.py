"""Visits to compare, made by the same rules as real ones."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.charting.comparison import compare, in_order
from bodymap.charting.session import Session
from bodymap.rendering.comparison.options import ComparisonOptions
from bodymap.rendering.comparison.picture import ComparedVisits
from tests.rendering.visits_drawn import START, point, recorded, session_of

TRAPEZIUS = point("posterior", 290, 290, side="left", pain_before=7, pain_after=4)
RING = {
    "kind": "perimeter",
    "view": "posterior",
    "ring": {"center": [395, 610], "radius_mm": 25, "needles": 8},
    "side": "right",
}
LEVATOR = {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"}
PIRIFORMIS = {"kind": "trigger_point", "region": "piriformis", "side": "left"}
CALF = {"kind": "trigger_point", "site": {"text": "lateral gastrocnemius"}, "side": "left"}

BEFORE = (TRAPEZIUS, RING, LEVATOR, point("posterior", 470, 372, pain_before=6), CALF)
AFTER = (
    {**TRAPEZIUS, "at": [294, 293], "pain_before": 4, "pain_after": 2},
    {**RING, "ring": {"center": [310, 700], "radius_mm": 25, "needles": 8}, "side": "left"},
    LEVATOR,
    PIRIFORMIS,
    point("anterior", 270, 400),
    {**PIRIFORMIS, "side": "right", "status": "not-done"},
)


def visit(atlas: Atlas, day: int, statements: Sequence[dict[str, Any]], **header: Any) -> Session:
    """A session so many days after the first, with an id of its own, and so have its placements."""
    own = [structs.replace(p, id=f"d{day}-{p.number}") for p in recorded(atlas, statements)]
    members = {"started_at": START + timedelta(days=day), "pain_before": 7, "pain_after": 4, **header}
    return structs.replace(session_of(own, **members), id=f"v{day}")


def compared(atlas: Atlas, *visits: Session, **options: Any) -> ComparedVisits:
    """These visits, to be drawn."""
    muscle_of = {region.id: region.muscle for region in atlas.regions}
    ordered = in_order(visits)
    return ComparedVisits(atlas, tuple(ordered), compare(ordered, muscle_of), ComparisonOptions(**options))


def two_visits(atlas: Atlas, **options: Any) -> ComparedVisits:
    """Two visits with a place of every kind and of every change."""
    after = visit(atlas, 14, AFTER, pain_before=5, pain_after=2)
    return compared(atlas, visit(atlas, 0, BEFORE), after, **options)
