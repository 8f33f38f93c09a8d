"""Amending a signed session: what was signed is mended in one go, with a reason, and signed again by who mends it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.charting.lifecycle import require, sealed
from bodymap.charting.new_versions import draft_placement, next_version, patched_header, patched_placement
from bodymap.charting.placement import PlacementStatement, RecordedPlacement
from bodymap.charting.rules import check_depths, check_size
from bodymap.charting.session import MAX_PLACEMENTS, Header, Session, header_of
from bodymap.charting.signatures import Amendment, SignedStatus
from bodymap.charting.statement_rules import canonical_id
from bodymap.decoding import Draft, convert, pointer
from bodymap.errors import Complain, Complaint, Invalid, gathered

_PATCH = "/patch"


def amend(atlas: Atlas, before: Session, draft: Draft[Amendment], new_id: Callable[[], str], now: datetime) -> Session:
    """The amended session, its next version, signed by who amends it.

    Raises Conflict where it is not signed, Invalid with every complaint, also where nothing would change or where the
    amended session could not be signed.
    """
    require("amend", before)
    if draft.complaints or before.signature is None:
        raise Invalid(draft.complaints)
    amendment = draft.value
    complaints: list[Complaint] = []
    patch = dict(amendment.patch)
    changed, added = patch.pop("placements", {}), patch.pop("add", [])
    reopened = structs.replace(before, status=before.signature.status)
    header: Header = reopened
    with gathered(_PATCH, complaints.append):
        header = _header(reopened, patch, now)
    placements = _changed(atlas, before, header, changed, complaints.append)
    more = _added(atlas, before, header, added, new_id, complaints.append)
    check_size((*placements, *more), before.placements, f"{_PATCH}/add", complaints.append)
    if complaints:
        raise Invalid(complaints)
    after = next_version(
        reopened, now, header, placements=(*placements, *more), last_number=before.last_number + len(more)
    )
    check_depths(after, complaints.append)
    if after.placements == before.placements and header_of(after) == header_of(reopened):
        complaints.append(Complaint(_PATCH, "no-change", "This patch changes nothing."))
    if complaints:
        raise Invalid(complaints)
    return sealed(atlas, after, amendment, _signed_status(after))


def _header(reopened: Session, patch: Mapping[str, Any], now: datetime) -> Header:
    complaints: list[Complaint] = []
    header = patched_header(reopened, patch, now, complaints.append)
    if header.status not in ("completed", "stopped") and not complaints:
        detail = "What was signed stays signed: its `status` can be amended only to completed or stopped."
        complaints.append(Complaint("/status", "not-from-here", detail, suggestions=("completed", "stopped")))
    if complaints:
        raise Invalid(complaints)
    return header


def _changed(
    atlas: Atlas, before: Session, header: Header, changed: Any, complain: Complain
) -> tuple[RecordedPlacement, ...]:
    """The session's placements with those of the patch changed or taken out."""
    at = f"{_PATCH}/placements"
    if not isinstance(changed, Mapping):
        detail = "`placements` is an object: the id of each placement, with a merge patch of it or null to take it out."
        complain(Complaint(at, "wrong-type", detail))
        return before.placements
    changed = {canonical_id(placement_id): patch for placement_id, patch in changed.items()}
    for placement_id in changed.keys() - {placement.id for placement in before.placements}:
        complain(
            Complaint(pointer(at, placement_id), "unknown-placement", f"The session has no placement {placement_id!r}.")
        )
    placements: list[RecordedPlacement] = []
    for placement in before.placements:
        if placement.id not in changed:
            placements.append(placement)
        elif changed[placement.id] is not None:
            with gathered(pointer(at, placement.id), complain):
                placements.append(patched_placement(atlas, header, placement, changed[placement.id]))
    return tuple(placements)


def _added(
    atlas: Atlas, before: Session, header: Header, added: Any, new_id: Callable[[], str], complain: Complain
) -> tuple[RecordedPlacement, ...]:
    at = f"{_PATCH}/add"
    if not isinstance(added, list):
        complain(Complaint(at, "wrong-type", "`add` is a list of placements."))
        return ()
    if len(added) > MAX_PLACEMENTS:
        complain(Complaint(at, "too-many", f"A session holds up to {MAX_PLACEMENTS} placements."))
        return ()
    placements: list[RecordedPlacement] = []
    for index, statement in enumerate(added):
        with gathered(pointer(at, index), complain):
            drafted: Draft[PlacementStatement] = convert(statement, PlacementStatement)
            number = before.last_number + index + 1
            placements.append(draft_placement(atlas, drafted, header, number, new_id()))
    return tuple(placements)


def _signed_status(session: Session) -> SignedStatus:
    return "stopped" if session.status == "stopped" else "completed"
