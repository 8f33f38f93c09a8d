"""What a session amounts to: muscles, needles, minutes, and the code that the numbers suggest.

What counts as a muscle for billing was not defined in any source read (domain notes, section 7), so the count follows
one stated rule, inferred muscles stand apart, and no code is ever billed from here.
"""

from collections.abc import Iterable, Mapping

from bodymap.atlas.muscles import Muscles
from bodymap.charting.clinic import CountSides
from bodymap.charting.muscle_count import Named, distinct, named_by, of_regions
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement, needle_count
from bodymap.charting.session import MusclesBySide, Session, Summary
from bodymap.words import Language, catalogue


def summarise(session: Session, muscles: Muscles, lang: Language = "en") -> Summary:
    """The summary of a session, its rule in the language. `muscles` are those of the session's atlas."""
    done = [placement for placement in session.placements if placement.status == "done"]
    stated: list[Named] = []
    by_side: dict[str, list[Named]] = {"left": [], "right": [], "midline": []}
    inferred: list[Named] = []
    perimeters: list[Named] = []
    for placement in done:
        if isinstance(placement, RecordedPerimeter):
            perimeters += named_by(placement, muscles)
            continue
        muscles_named = [] if placement.resolved.inferred else named_by(placement, muscles)
        if placement.resolved.inferred:
            inferred += named_by(placement, muscles)
        muscles_named += of_regions(placement.also, muscles)
        stated += muscles_named
        by_side[_side(placement)] += muscles_named
    counted = distinct(stated)
    sides = MusclesBySide(**{side: distinct(named) for side, named in by_side.items()})
    codes: dict[CountSides, str | None] = {"once": _code(len(counted)), "each": _code(_each(sides))}
    words = catalogue(lang).answer
    rules = [words.suggested_code if session.count_sides == "once" else words.suggested_code_each]
    rules += [words.suggested_code_group] if not muscles.groups.isdisjoint(counted) else []
    needles_in, needles_out = session.needles_in, session.needles_out
    both = needles_in is not None and needles_out is not None
    return Summary(
        muscles=counted,
        muscles_by_side=sides,
        muscles_inferred=distinct(inferred, stated),
        muscles_of_perimeters=distinct(perimeters, stated),
        needles_charted=needles_charted(done),
        needles_unstated=needles_unstated(done),
        needles_in=needles_in,
        needles_out=needles_out,
        needles_difference=needles_in - needles_out if both else None,  # type: ignore[operator]
        minutes=_minutes(session),
        suggested_code=codes[session.count_sides],
        suggested_code_other=_other(codes, session.count_sides),
        suggested_code_rule=" ".join(rules),
    )


def needles_charted(placements: Iterable[RecordedPlacement]) -> int:
    """How many needles stand in the placements that were done, as far as it is known."""
    return sum(needle_count(placement) or 0 for placement in placements if placement.status == "done")


def needles_unstated(placements: Iterable[RecordedPlacement]) -> int:
    """In how many placements that were done nobody said how many needles stood there."""
    return sum(needle_count(placement) is None for placement in placements if placement.status == "done")


def _minutes(session: Session) -> float | None:
    if session.started_at is None or session.ended_at is None:
        return None
    return round((session.ended_at - session.started_at).total_seconds() / 60, 1)


def _side(placement: RecordedPlacement) -> str:
    side = placement.resolved.side or placement.side
    return side if side in ("left", "right") else "midline"


def _each(sides: MusclesBySide) -> int:
    """How many muscles there are where each side counts: one of the midline only where no side has it."""
    return len(sides.left) + len(sides.right) + len({*sides.midline} - {*sides.left, *sides.right})


def _other(codes: Mapping[CountSides, str | None], counted: CountSides) -> str | None:
    other = codes["each" if counted == "once" else "once"]
    return other if other != codes[counted] else None


def _code(muscles: int) -> str | None:
    if not muscles:
        return None
    return "20560" if muscles <= 2 else "20561"
