"""Completing a visit in one go: which of its places were done, which were not and why, what was changed, how it ended.

Placements are named by their numbers, as people call them. Patches come first; all of it is one version.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, structs

from bodymap.atlas import Atlas
from bodymap.charting.lifecycle import require
from bodymap.charting.new_versions import next_version, patched_header, patched_placement
from bodymap.charting.placement import RecordedPlacement
from bodymap.charting.rules import check_depths, check_size
from bodymap.charting.session import MAX_PLACEMENTS, Session
from bodymap.charting.signatures import Reason
from bodymap.charting.vocabulary import Count, Moment, Pain, PlacementStatus, Text
from bodymap.decoding import Draft
from bodymap.errors import Complain, Complaint, Invalid, gathered

Number = Annotated[int, Meta(ge=1, description="The number of a placement of the session.")]
_OF_THE_HEADER = (
    "started_at",
    "ended_at",
    "needles_in",
    "needles_out",
    "count_note",
    "pain_before",
    "pain_after",
)


class NotDone(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """A placement that was not done, and why."""

    number: Number
    reason: Reason


class Completion(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True, frozen=True, kw_only=True):
    """How a visit ended. `done` are the numbers of placements that were done; `all`, which is meant where it is absent,
    are all planned ones that `not_done` does not name. What is done or not done already stays, unless it is named.

    `placements` are merge patches, each with the `number` of its placement and without `status`.
    """

    ended_at: Moment
    started_at: Moment | None = None
    done: Annotated[
        Literal["all"] | Annotated[tuple[Number, ...], Meta(max_length=MAX_PLACEMENTS)],
        Meta(description="Numbers of placements that were done, or `all` planned ones that `not_done` leaves out."),
    ] = "all"
    not_done: Annotated[tuple[NotDone, ...], Meta(max_length=MAX_PLACEMENTS)] = ()
    placements: Annotated[
        tuple[dict[str, Any], ...],
        Meta(
            description="Merge patches, each with the `number` of its placement and without `status`.",
            max_length=MAX_PLACEMENTS,
        ),
    ] = ()
    needles_in: Annotated[Count | None, Meta(description="Needles counted in, 0 to 1,000.")] = None
    needles_out: Annotated[Count | None, Meta(description="Needles counted out, 0 to 1,000.")] = None
    count_note: Text | None = None
    pain_before: Pain | None = None
    pain_after: Pain | None = None


def complete(atlas: Atlas, before: Session, draft: Draft[Completion], now: datetime) -> Session:
    """The completed session, its next version. Raises Conflict where it is neither planned nor in progress, Invalid
    with every complaint: numbers that are unknown, named twice or forgotten, and what its new values do not meet.
    """
    require("complete", before)
    completion, complaints = draft.value, list(draft.complaints)
    if complaints:
        raise Invalid(complaints)
    patch = {name: value for name in _OF_THE_HEADER if (value := getattr(completion, name)) is not None}
    if completion.started_at is not None:
        patch["started_on"] = None
    header = patched_header(before, {**msgspec.to_builtins(patch), "status": "completed"}, now, complaints.append)
    patched = _patched(atlas, structs.replace(before, needle=header.needle), completion, complaints.append)
    placements = _settled(patched, completion, complaints.append)
    check_size(placements, before.placements, "/placements", complaints.append)
    after = next_version(before, now, header, placements=placements)
    check_depths(after, complaints.append)
    if complaints:
        raise Invalid(complaints)
    return after


def _patched(atlas: Atlas, before: Session, completion: Completion, complain: Complain) -> dict[int, RecordedPlacement]:
    """The placements by their numbers, those that the completion patches changed."""
    placements = {placement.number: placement for placement in before.placements}
    first: dict[int, int] = {}
    for index, patch in enumerate(completion.placements):
        at = f"/placements/{index}"
        number = patch.get("number")
        if not isinstance(number, int) or isinstance(number, bool) or number not in placements:
            complain(_unknown(number, f"{at}/number", placements))
            continue
        if (earlier := first.setdefault(number, index)) != index:
            detail = f"Placement {number} is patched in /placements/{earlier} already."
            complain(Complaint(f"{at}/number", "repeated", detail))
        elif "status" in patch:
            detail = "Whether it was done stands in `done` and `not_done`."
            complain(Complaint(f"{at}/status", "not-here", detail))
        else:
            changes = {name: value for name, value in patch.items() if name != "number"}
            with gathered(at, complain):
                placements[number] = patched_placement(atlas, before, placements[number], changes)
    return placements


def _settled(
    placements: Mapping[int, RecordedPlacement], completion: Completion, complain: Complain
) -> tuple[RecordedPlacement, ...]:
    """Each placement as it was done or not done; what is neither named nor settled already is complained of."""
    reasons: dict[int, str] = {}
    for index, left in enumerate(completion.not_done):
        at = f"/not_done/{index}/number"
        if left.number not in placements:
            complain(_unknown(left.number, at, placements))
        elif left.number in reasons:
            complain(Complaint(at, "repeated", f"Placement {left.number} is named already."))
        reasons[left.number] = left.reason
    done: set[int] = set()
    named = () if completion.done == "all" else completion.done
    for index, number in enumerate(named):
        at = f"/done/{index}"
        if number not in placements:
            complain(_unknown(number, at, placements))
        elif number in done:
            complain(Complaint(at, "repeated", f"Placement {number} is named already."))
        elif number in reasons:
            complain(Complaint(at, "contradiction", f"Placement {number} is in `done` and in `not_done`: which is it?"))
        done.add(number)
    planned = {number for number, placement in placements.items() if placement.status == "planned"}
    if completion.done == "all":
        done = planned - reasons.keys()
    elif forgotten := sorted(planned - done - reasons.keys()):
        listed = ", ".join(map(str, forgotten))
        detail = f"Planned and neither in `done` nor in `not_done`: {listed}."
        complain(Complaint("/done", "still-planned", detail))
    return tuple(_as_done(placement, done, reasons) for placement in placements.values())


def _as_done(placement: RecordedPlacement, done: set[int], reasons: Mapping[int, str]) -> RecordedPlacement:
    status: PlacementStatus = placement.status
    if placement.number in reasons:
        return structs.replace(placement, status="not-done", status_reason=reasons[placement.number])
    if placement.number in done:
        status = "done"
    return placement if status == placement.status else structs.replace(placement, status=status, status_reason=None)


def _unknown(number: Any, at: str, placements: Iterable[int]) -> Complaint:
    listed = ", ".join(map(str, placements)) or "none"
    return Complaint(at, "unknown-placement", f"The session has no placement {number!r}; its numbers are {listed}.")
