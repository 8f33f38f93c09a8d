"""The line that answers at a glance: what went wrong, which side, which muscles, how many needles, what came of it."""

from collections.abc import Sequence

from bodymap.charting.placement import RecordedPlacement, needle_count
from bodymap.charting.vocabulary import PerimeterSide
from bodymap.rendering.regions import regions_of
from bodymap.rendering.treated import is_line
from bodymap.rendering.wording.treatment import TreatmentWording

_MOST_NAMES = 5
_SIDES: tuple[PerimeterSide, ...] = ("right", "left", "both", "midline")


def head_line(
    wording: TreatmentWording, placements: Sequence[RecordedPlacement], serious: Sequence[str], pain: str
) -> str:
    """As in "Right: upper trapezius, levator scapulae; 6 places, 13 needles; pain 7 to 3", after what went badly wrong.
    What was not done counts only where nothing else is there."""
    placed = [placement for placement in placements if placement.status != "not-done"] or list(placements)
    parts = list(serious)
    for side in _SIDES:
        names = dict.fromkeys(
            wording.within(wording.place_name(p))
            for p in placed
            if (p.resolved.side or p.side) == side and _named(wording, p)
        )
        if names:
            listed = list(names)[:_MOST_NAMES]
            more = ["…"] if len(names) > _MOST_NAMES else []
            heading = wording.words.sides[side]
            named = wording.words.on_side.format(
                side=heading[:1].upper() + heading[1:] if not parts else heading, names=", ".join([*listed, *more])
            )
            parts.append(named)
    counts = [count for placement in placed if (count := needle_count(placement)) is not None]
    if placed:
        needles = [wording.counted(sum(counts), wording.words.needles)] if counts else []
        parts.append(", ".join([wording.counted(len(placed), wording.words.places), *needles]))
    return "; ".join([*parts, *([pain] if pain else [])])


def _named(wording: TreatmentWording, placement: RecordedPlacement) -> bool:
    """Whether a placement has a muscle or a part of the body for a name: words of its own may be long."""
    return is_line(placement) or bool(regions_of(wording.atlas, placement))
