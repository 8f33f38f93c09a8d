"""Continuations: a placement can continue another one that the tenant has or had."""

from collections.abc import Callable

from bodymap.charting.placement import RecordedPlacement
from bodymap.charting.session import Session
from bodymap.errors import Complaint, Invalid
from bodymap.storage import sessions
from bodymap.storage.transaction import Transaction


def check_continued(
    tx: Transaction,
    tenant: str,
    before: Session | None,
    after: Session,
    pointer: Callable[[int, RecordedPlacement], str],
) -> None:
    """Raises Invalid if a placement newly continues one that never existed.

    `pointer` says where in the request a placement of `after`, by its place in the list, was stated.
    """
    old = {placement.id: placement.continues for placement in before.placements} if before is not None else {}
    stated = {
        index: placement.continues
        for index, placement in enumerate(after.placements)
        if placement.continues is not None and placement.continues != old.get(placement.id)
    }
    if not stated:
        return
    unknown = sessions.unknown_placements(tx, tenant, set(stated.values()))
    complaints = [
        Complaint(
            f"{pointer(index, after.placements[index])}/continues",
            "unknown-placement",
            f"There is no placement {continued!r}, and never was.",
        )
        for index, continued in stated.items()
        if continued in unknown
    ]
    if complaints:
        raise Invalid(complaints)
