"""What a session amounts to: muscles, needles, minutes, and the code that the numbers suggest.

What counts as a muscle for billing was not defined in any source read (domain notes, section 7), so the count follows
one stated rule, inferred muscles stand apart, and no code is ever billed from here.
"""

from collections.abc import Iterable

from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement, needle_count
from bodymap.charting.session import Session, Summary
from bodymap.words import Language, catalogue


def summarise(session: Session, muscle_of: dict[str, str], lang: Language = "en") -> Summary:
    """The summary of a session, its rule in the language. `muscle_of` maps region ids to muscle ids."""
    done = [placement for placement in session.placements if placement.status == "done"]
    stated: dict[str, None] = {}
    inferred: dict[str, None] = {}
    perimeters: dict[str, None] = {}
    for placement in done:
        if isinstance(placement, RecordedPerimeter):
            regions = [needle.region for needle in placement.needles] or [placement.resolved.region]
            perimeters.update(dict.fromkeys(_muscles(regions, muscle_of)))
            continue
        target = inferred if placement.resolved.inferred else stated
        target.update(dict.fromkeys(_muscles([placement.resolved.region], muscle_of)))
        stated.update(dict.fromkeys(_muscles(placement.also, muscle_of)))
    for muscle in stated:
        inferred.pop(muscle, None)
        perimeters.pop(muscle, None)
    needles_in, needles_out = session.needles_in, session.needles_out
    both = needles_in is not None and needles_out is not None
    return Summary(
        muscles=tuple(stated),
        muscles_inferred=tuple(inferred),
        muscles_of_perimeters=tuple(perimeters),
        needles_charted=needles_charted(done),
        needles_unstated=needles_unstated(done),
        needles_in=needles_in,
        needles_out=needles_out,
        needles_difference=needles_in - needles_out if both else None,  # type: ignore[operator]
        minutes=_minutes(session),
        suggested_code=_code(len(stated)),
        suggested_code_rule=catalogue(lang).answer.suggested_code,
    )


def needles_charted(placements: Iterable[RecordedPlacement]) -> int:
    """How many needles stand in the placements that were done, as far as it is known."""
    return sum(needle_count(placement) or 0 for placement in placements if placement.status == "done")


def needles_unstated(placements: Iterable[RecordedPlacement]) -> int:
    """In how many placements that were done nobody said how many needles stood there."""
    return sum(needle_count(placement) is None for placement in placements if placement.status == "done")


def _muscles(regions: Iterable[str | None], muscle_of: dict[str, str]) -> list[str]:
    return [muscle_of[region] for region in regions if region in muscle_of]


def _minutes(session: Session) -> float | None:
    if session.started_at is None or session.ended_at is None:
        return None
    return round((session.ended_at - session.started_at).total_seconds() / 60, 1)


def _code(muscles: int) -> str | None:
    if not muscles:
        return None
    return "20560" if muscles <= 2 else "20561"
