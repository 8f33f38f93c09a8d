"""The life of a session: which status follows which, what may be done in each, and what a signature asks for.

While a session is open, its status moves by PATCH as `MOVES` says. `signed` and `voided` are reached by a person's act
alone. What took place does not become something that never did: that would be voided, with a reason.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, get_args

from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.charting.events import MAX_EVENTS, EventStatement, RecordedEvent
from bodymap.charting.new_versions import next_version
from bodymap.charting.rules import OPEN, begins_after, check_moment
from bodymap.charting.screening import unacknowledged
from bodymap.charting.session import Session, findings_of
from bodymap.charting.signatures import Signature, SignedStatus, Signing, Voided, Voiding
from bodymap.charting.summary import needles_charted, needles_unstated
from bodymap.charting.vocabulary import SessionStatus
from bodymap.decoding import Draft
from bodymap.errors import Complain, Complaint, Conflict, Invalid

Act = Literal["change", "complete", "sign", "amend", "void", "add-event"]

ALLOWED: Mapping[Act, frozenset[SessionStatus]] = {
    "change": OPEN,
    "complete": frozenset({"planned", "in-progress"}),
    "sign": frozenset(get_args(SignedStatus)),
    "amend": frozenset({"signed"}),
    "void": OPEN | {"signed"},
    "add-event": OPEN | {"signed"},
}
"""In which statuses of a session each act may be done. `change` is a PATCH, and all that is done to placements."""

_INSTEAD: Mapping[tuple[Act, SessionStatus], str] = {
    ("change", "signed"): "it changes only by amendment, POST …/amendments",
    ("complete", "completed"): "PATCH what has changed since",
    ("complete", "stopped"): "it was stopped: PATCH its `status`",
    ("complete", "cancelled"): "it did not take place: PATCH its `status` to planned or in-progress first",
    ("complete", "signed"): "it changes only by amendment, POST …/amendments",
    ("sign", "planned"): "it is signed once its `status` says that it was completed or stopped",
    ("sign", "in-progress"): "it is signed once it has an `ended_at`, or its `status` is completed or stopped",
    ("sign", "cancelled"): "it did not take place, so that there is nothing to sign",
    ("sign", "signed"): "it is signed already, and changes only by amendment, POST …/amendments",
}


def require(act: Act, session: Session) -> None:
    """Raises Conflict where the session's status does not allow the act; it says which statuses do."""
    if session.status not in ALLOWED[act]:
        instead = _INSTEAD.get((act, session.status))
        if instead is None:
            instead = "a voided record stays as it is" if session.status == "voided" else "it is open: PATCH it"
        raise Conflict(
            f"The session is {session.status}: {instead}.",
            session=session.id,
            session_status=session.status,
            allowed=sorted(ALLOWED[act]),
        )


def check_signable(session: Session, atlas: Atlas, complain: Complain) -> None:
    """What a signature asks of a session: no placement open, each absolute finding acknowledged, and needles that add
    up or a note that says why not.

    Pointers are into the session.
    """
    for index, placement in enumerate(session.placements):
        if placement.status == "planned":
            detail = f"Placement {placement.number} is still planned: say whether it is `done` or `not-done`."
            complain(Complaint(f"/placements/{index}/status", "still-planned", detail))
    for finding in unacknowledged(findings_of(session, atlas) or ()):
        detail = f"`{finding.item}` is an absolute finding: acknowledge it with a reason, or correct the answer."
        complain(Complaint("/screening/acknowledgements", "not-acknowledged", detail))
    if session.count_note and session.count_note.strip():
        return
    charted, unstated = needles_charted(session.placements), needles_unstated(session.placements)
    taken, out = session.needles_in, session.needles_out
    if (taken is None) != (out is None):
        missing = "needles_in" if taken is None else "needles_out"
        detail = f"Needles are counted in and out; `{missing}` is missing. Give it, or say why not in `count_note`."
        complain(Complaint(f"/{missing}", "missing-field", detail))
    counts = [(count, word) for count, word in ((charted, "charted"), (taken, "in"), (out, "out")) if count is not None]
    # Where nobody said how many needles some placements had, more may have gone in than are charted.
    counted = {count for count, word in counts if word != "charted"}
    fits = counted <= {charted} or (unstated > 0 and len(counted) == 1 and min(counted) > charted)
    if not fits:
        totals = ", ".join(f"{count} {word}" for count, word in counts)
        totals += f", {unstated} placements without a count" if unstated else ""
        detail = f"The needles do not add up: {totals}. Correct the count, or say why in `count_note`."
        complain(Complaint("/count_note", "count-mismatch", detail))


def sign(atlas: Atlas, before: Session, signing: Signing, now: datetime) -> Session:
    """The session signed: its next version. Raises Conflict for its status, Invalid for what a signature asks."""
    require("sign", before)
    after = next_version(before, now)
    return sealed(atlas, after, signing, _signed_status(before.status))


def sealed(atlas: Atlas, session: Session, signing: Signing, status: SignedStatus) -> Session:
    """This very version with a signature on it. Raises Invalid for what a signature asks."""
    complaints: list[Complaint] = []
    check_signable(session, atlas, complaints.append)
    if complaints:
        raise Invalid(complaints, f"It cannot be signed so: {complaints[0].detail}")
    signature = Signature(
        by=signing.by, display=signing.display, at=session.updated_at, version=session.version, status=status
    )
    return structs.replace(session, status="signed", signature=signature)


def void(before: Session, voiding: Voiding, now: datetime) -> Session:
    """The session voided: all of it stays readable, marked. Raises Conflict where it is voided already."""
    require("void", before)
    after = next_version(before, now)
    voided = Voided(
        by=voiding.by, display=voiding.display, reason=voiding.reason, at=after.updated_at, status=before.status
    )
    return structs.replace(after, status="voided", voided=voided)


def add_event(before: Session, draft: Draft[EventStatement], event_id: str, now: datetime) -> Session:
    """The session with one adverse event more: a version that leaves what was signed as it was.

    Raises Conflict for a voided session, Invalid with every complaint: a placement that is not there, too many events,
    an `other` without words, an event that begins before its session.
    """
    require("add-event", before)
    statement, complaints = draft.value, list(draft.complaints)
    if statement.event == "other" and statement.text is None:
        complaints.append(Complaint("/text", "missing-field", "`other` needs a `text` that says what happened."))
    if begins_after(before, statement.onset_at):
        began = before.started_at.isoformat() if before.started_at else before.started_on
        detail = f"An event begins no earlier than its session, {began}."
        complaints.append(Complaint("/onset_at", "out-of-order", detail))
    if statement.ended_at is not None and statement.ended_at < statement.onset_at:
        complaints.append(Complaint("/ended_at", "out-of-order", "`ended_at` lies before `onset_at`."))
    check_moment(statement.onset_at, "/onset_at", now, complaints.append)
    check_moment(statement.ended_at, "/ended_at", now, complaints.append)
    if statement.placement is not None and all(p.id != statement.placement for p in before.placements):
        detail = f"The session has no placement {statement.placement!r}."
        complaints.append(Complaint("/placement", "unknown-placement", detail))
    if len(before.events) >= MAX_EVENTS:
        complaints.append(Complaint("", "too-many", f"A session holds up to {MAX_EVENTS} events."))
    if complaints:
        raise Invalid(complaints)
    after = next_version(before, now)
    event = RecordedEvent(**structs.asdict(statement), id=event_id, recorded_at=after.updated_at)
    return structs.replace(after, events=(*before.events, event))


def _signed_status(status: SessionStatus) -> SignedStatus:
    if status == "completed" or status == "stopped":
        return status
    raise AssertionError(f"a {status} session is not signed")
