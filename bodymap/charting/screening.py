"""Screening in the record: what was answered before the needles, what it means for this visit's places, and who went on
knowing it.

A finding never refuses a record. Only a signature asks that each absolute one was acknowledged, with a reason.
"""

from collections.abc import Iterable
from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, structs

from bodymap.atlas import Atlas
from bodymap.atlas.muscles import Muscles
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement, whole_muscle
from bodymap.charting.signatures import Actor, Display, Reason
from bodymap.charting.vocabulary import Moment
from bodymap.errors import Complain, Complaint
from bodymap.screening.answers import ScreeningAnswers, check_answers
from bodymap.screening.findings import Finding, VisitPlace, findings
from bodymap.screening.items import items


class Acknowledgement(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """That a person knew of a finding and went on, and why."""

    item: Annotated[str, Meta(min_length=1, max_length=80, description="The id of the finding's item.")]
    by: Actor
    display: Display | None = None
    reason: Reason
    at: Moment | None = None


class Screening(ScreeningAnswers, frozen=True, kw_only=True):
    """What was answered, when and to whom, and which findings were acknowledged. What follows from it for the session's
    places is answered as `findings`."""

    asked_at: Moment | None = None
    by: Actor | None = None
    acknowledgements: Annotated[tuple[Acknowledgement, ...], Meta(max_length=100)] = ()


class SessionFinding(Finding, frozen=True, kw_only=True):
    """A finding in a session, and whether it was acknowledged."""

    acknowledged: Annotated[bool, Meta(description="Whether somebody acknowledged it.")]


def check_screening(screening: Screening, root: str, today: date, complain: Complain) -> None:
    """Complain of answers that cannot be, and of acknowledgements of no item or of one twice."""
    check_answers(screening, root, today, complain)
    known = {item.id for item in items()}
    first: dict[str, int] = {}
    for index, acknowledgement in enumerate(screening.acknowledgements):
        at = f"{root}/acknowledgements/{index}/item"
        if acknowledgement.item not in known:
            detail = f"There is no item {acknowledgement.item!r}; GET /v1/screening/items lists them."
            complain(Complaint(at, "unknown-item", detail))
        if (before := first.setdefault(acknowledgement.item, index)) != index:
            detail = f"`{acknowledgement.item}` is acknowledged in {root}/acknowledgements/{before} already."
            complain(Complaint(at, "repeated", detail))


def session_findings(
    screening: Screening, placements: Iterable[RecordedPlacement], year: int, atlas: Atlas
) -> tuple[SessionFinding, ...]:
    """What the answers mean for the places of a visit in that year, those that were not done left out."""
    places = [visit_place(placement, atlas.muscles) for placement in placements if placement.status != "not-done"]
    acknowledged = {one.item for one in screening.acknowledgements}
    return tuple(
        SessionFinding(**structs.asdict(finding), acknowledged=finding.item in acknowledged)
        for finding in findings(screening, places, year, atlas)
    )


def unacknowledged(findings: Iterable[SessionFinding]) -> tuple[SessionFinding, ...]:
    """The findings that a signature asks to be acknowledged: absolute ones that concern the person or a place of the
    visit, also where that is unknown."""
    return tuple(
        finding
        for finding in findings
        if finding.kind == "absolute" and finding.touches != "no-placement" and not finding.acknowledged
    )


def visit_place(placement: RecordedPlacement, muscles: Muscles) -> VisitPlace:
    """A placement as screening sees it: every region that its needles are in, where that is known of each; of a whole
    muscle or a group every region that they may be in. `muscles` are those of the session's atlas."""
    whole = muscles.get(whole_muscle(placement) or "")
    if isinstance(placement, RecordedPerimeter) and placement.needles:
        regions = [needle.region for needle in placement.needles]
        sides = {needle.side for needle in placement.needles}
    else:
        regions, sides = [placement.resolved.region], {placement.resolved.side}
    if whole is not None:
        regions = [*whole.regions]
    known = () if None in regions else tuple(dict.fromkeys(region for region in regions if region))
    return VisitPlace(
        number=placement.number,
        regions=(*known, *placement.also) if known else (),
        side=_one_side(sides),
        flags=frozenset(flag.code for flag in placement.flags),
        electrical=placement.electrical is not None,
    )


def _one_side(sides: set[Literal["left", "right", "midline", "both"] | None]) -> Literal["left", "right"] | None:
    if sides == {"left"}:
        return "left"
    return "right" if sides == {"right"} else None
