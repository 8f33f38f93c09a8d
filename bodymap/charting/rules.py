"""The rules that a session must meet as a whole, and those on what was done at a placement, wherever it is."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from bodymap.charting.placement import Needle, PlacementStatement, RecordedPlacement, Statement, needle_count
from bodymap.charting.screening import check_screening
from bodymap.charting.session import MAX_NEEDLES, MAX_PLACEMENTS, Header, Session
from bodymap.charting.vocabulary import SessionStatus
from bodymap.errors import Complain, Complaint

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


AHEAD: frozenset[SessionStatus] = frozenset({"planned", "cancelled"})
"""The statuses of a session that has not taken place: its times may lie ahead."""

# Clocks are wrong by a day, and the other side of the date line is one, too; a slip of the keyboard is a century.
_LATEST = timedelta(hours=48)
_LATEST_AHEAD = timedelta(days=731)


def check_header(header: Header, before: Session | None, now: datetime, complain: Complain) -> None:
    """Every rule that compares members of a session's header. `before` is the session that is changed."""
    if header.status in REACHED_BY_A_PERSON:
        detail = f"A session becomes {header.status} only by POST …/{REACHED_BY_A_PERSON[header.status]}."
        complain(Complaint("/status", "not-by-hand", detail))
    if header.status in ("stopped", "cancelled") and not header.status_reason:
        complain(Complaint("/status_reason", "missing-field", f"A {header.status} session needs a `status_reason`."))
    if header.ended_at and begins_after(header, header.ended_at):
        began = "started_at" if header.started_at else "started_on"
        complain(Complaint("/ended_at", "out-of-order", f"`ended_at` lies before `{began}`."))
    if header.started_at and header.started_on:
        detail = "A session has one start: `started_on`, where only the day is known, goes without `started_at`."
        complain(Complaint("/started_on", "two-starts", detail))
    for index, measure in enumerate(header.measures):
        if measure.before is None and measure.after is None:
            detail = "A measure has a value `before` or `after`; state one of them, or both."
            complain(Complaint(f"/measures/{index}", "missing-field", detail))
    for index, identifier in enumerate(header.identifier):
        if identifier in header.identifier[:index]:
            complain(Complaint(f"/identifier/{index}", "repeated", "This identifier is stated already."))
    if header.screening is not None and (before is None or header.screening != before.screening):
        check_screening(header.screening, "/screening", now.astimezone(UTC).date(), complain)
    _check_times(header, before, now, complain)


def begins_after(header: Header, moment: datetime) -> bool:
    """Whether a session that says when it began did so after a moment; a day begins with it, where the moment was."""
    if header.started_at is not None:
        return moment < header.started_at
    return header.started_on is not None and moment.date() < header.started_on


def check_moment(moment: datetime | None, pointer: str, now: datetime, complain: Complain, ahead: bool = False) -> None:
    """A time of what took place lies up to 48 hours from now, one of what is `ahead` up to two years."""
    if moment is not None and moment - now > (_LATEST_AHEAD if ahead else _LATEST):
        until = "two years ahead" if ahead else "48 hours from now, but where the session is planned or cancelled"
        detail = f"{moment.isoformat()} lies in the future; times are up to {until}."
        complain(Complaint(pointer, "in-the-future", detail))


def _check_times(header: Header, before: Session | None, now: datetime, complain: Complain) -> None:
    ahead = status_of(header) in AHEAD
    # What was planned far ahead and is said to have taken place has to say when.
    old = {} if before is None or (before.status in AHEAD and not ahead) else dict(_times(before))
    for pointer, moment in _times(header):
        if moment != old.get(pointer):
            check_moment(moment, pointer, now, complain, ahead)
    for event in before.events if before is not None else ():
        # An event that was kept as it stands before its session is nothing that this change has done.
        if before is not None and begins_after(header, event.onset_at) and not begins_after(before, event.onset_at):
            began = "started_at" if header.started_at else "started_on"
            detail = f"The session would begin after its event {event.id}, {event.onset_at.isoformat()}."
            complain(Complaint(f"/{began}", "out-of-order", detail))
    unchanged = before is not None and header.started_on == before.started_on and ahead == (before.status in AHEAD)
    if header.started_on is not None and not unchanged:
        latest = now.astimezone(UTC).date() + (_LATEST_AHEAD if ahead else _LATEST)
        if header.started_on > latest:
            detail = f"{header.started_on} lies in the future; with this status a day is up to {latest}."
            complain(Complaint("/started_on", "in-the-future", detail))


def _times(header: Header) -> Iterator[tuple[str, datetime]]:
    consent, given = header.consent, header.information_given
    for pointer, moment in (
        ("/started_at", header.started_at),
        ("/ended_at", header.ended_at),
        ("/consent/signed_at", consent.signed_at if consent else None),
        ("/information_given/at", given.at if given else None),
        ("/screening/asked_at", header.screening.asked_at if header.screening else None),
    ):
        if moment is not None:
            yield pointer, moment


def check_treatment(statement: Statement, needle: Needle | None, pointer: str, complain: Complain) -> None:
    """Every rule on what was done. `needle` is the session's default needle."""
    used = statement.needle or needle
    length_mm = (statement.needle and statement.needle.length_mm) or (needle and needle.length_mm)
    if used and length_mm and statement.depth_mm is not None and statement.depth_mm > length_mm:
        detail = f"A depth of {statement.depth_mm:g} mm is more than the needle's length of {length_mm:g} mm."
        complain(Complaint(f"{pointer}/depth_mm", "depth-over-needle-length", detail))
    twitch = statement.twitch
    if twitch and twitch.obtained is False and twitch.count:
        detail = f"No twitch was obtained, yet {twitch.count} are counted."
        complain(Complaint(f"{pointer}/twitch/count", "contradiction", detail))
    if statement.status_reason is not None and statement.status != "not-done":
        detail = f"A reason belongs to a placement that is not-done; this one is {statement.status}."
        complain(Complaint(f"{pointer}/status_reason", "not-here", detail))
    for index, region in enumerate(statement.also):
        if region == statement.region or region in statement.also[:index]:
            complain(Complaint(f"{pointer}/also/{index}", "repeated", f"`{region}` is stated already."))
    for index, identifier in enumerate(statement.identifier):
        if identifier in statement.identifier[:index]:
            complain(Complaint(f"{pointer}/identifier/{index}", "repeated", "This identifier is stated already."))


def check_identifiers(header: Header, placements: Sequence[PlacementStatement], complain: Complain) -> None:
    """No identifier stands with a session and with one of its placements, or with two of them."""
    holders = dict.fromkeys(header.identifier, "the session")
    for number, placement in enumerate(placements):
        for index, identifier in enumerate(dict.fromkeys(placement.identifier)):
            holder = holders.setdefault(identifier, f"placement {number + 1}")
            if holder != f"placement {number + 1}":
                at = f"/placements/{number}/identifier/{index}"
                complain(Complaint(at, "repeated", f"This identifier is that of {holder} already."))


def check_size(
    placements: Sequence[RecordedPlacement], before: Sequence[RecordedPlacement], pointer: str, complain: Complain
) -> None:
    """Not more placements and needles than a session takes, unless there were as many before."""
    if len(placements) > max(MAX_PLACEMENTS, len(before)):
        complain(Complaint(pointer, "too-many", f"A session holds up to {MAX_PLACEMENTS} placements."))
    if needles(placements) > max(MAX_NEEDLES, needles(before)):
        complain(Complaint(pointer, "too-many", f"A session holds up to {MAX_NEEDLES:,} needles."))


def needles(placements: Sequence[RecordedPlacement]) -> int:
    """How many needles placements have, as far as it is known."""
    return sum(needle_count(placement) or 0 for placement in placements)


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
