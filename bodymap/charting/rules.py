"""The rules that a session must meet as a whole, beside those that each of its placements must meet."""

from collections.abc import Mapping

from bodymap.charting.placement_record import check_treatment
from bodymap.charting.resolution import Complain
from bodymap.charting.session import Header, Session
from bodymap.charting.vocabulary import SessionStatus
from bodymap.errors import Complaint

REACHED_BY_A_PERSON = {"signed": "sign", "voided": "void"}

OPEN: frozenset[SessionStatus] = frozenset({"planned", "in-progress", "completed", "stopped", "cancelled"})
"""The statuses in which a session is changed by PATCH."""

MOVES: Mapping[SessionStatus, frozenset[SessionStatus]] = {
    "planned": frozenset({"in-progress", "completed", "stopped", "cancelled"}),
    "in-progress": frozenset({"planned", "completed", "stopped", "cancelled"}),
    "completed": frozenset({"in-progress", "stopped"}),
    "stopped": frozenset({"in-progress", "completed"}),
    "cancelled": frozenset({"planned", "in-progress"}),
    "signed": frozenset(),
    "voided": frozenset(),
}
"""Which statuses a PATCH can lead to from each. `signed` and `voided` are reached, and left, by no PATCH."""


def check_header(header: Header, complain: Complain) -> None:
    """Every rule that compares members of a session's header."""
    if header.status in REACHED_BY_A_PERSON:
        detail = f"A session becomes {header.status} only by POST …/{REACHED_BY_A_PERSON[header.status]}."
        complain(Complaint("/status", "not-by-hand", detail))
    if header.status in ("stopped", "cancelled") and not header.status_reason:
        complain(Complaint("/status_reason", "missing-field", f"A {header.status} session needs a `status_reason`."))
    if header.started_at and header.ended_at and header.ended_at < header.started_at:
        complain(Complaint("/ended_at", "out-of-order", "`ended_at` lies before `started_at`."))
    for index, identifier in enumerate(header.identifier):
        if identifier in header.identifier[:index]:
            complain(Complaint(f"/identifier/{index}", "repeated", "This identifier is stated already."))


def check_move(before: SessionStatus, header: Header, complain: Complain) -> None:
    """Whether a PATCH may lead from a status to that of the patched header, which `check_header` has judged."""
    after = status_of(header)
    if after != before and after not in MOVES[before] and after not in REACHED_BY_A_PERSON:
        allowed = tuple(sorted(MOVES[before]))
        detail = (
            f"A {before} session does not become {after}; it can become {' or '.join(allowed)}. "
            "What should not have been recorded is voided, POST …/void."
        )
        complain(Complaint("/status", "not-from-here", detail, suggestions=allowed))


def check_depths(session: Session, complain: Complain) -> None:
    """A changed default needle must still be as long as every depth that rests on it."""
    for index, placement in enumerate(session.placements):
        check_treatment(placement, session.needle, f"/placements/{index}", complain)


def status_of(header: Header) -> SessionStatus:
    """The stated status, else `completed` where the session has an end, else `in-progress`."""
    return header.status or ("completed" if header.ended_at else "in-progress")
