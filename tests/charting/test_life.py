"""The life of a session: which status follows which, and what may be done in each."""

from datetime import UTC, datetime, timedelta, timezone
from itertools import product
from typing import Any, get_args

import msgspec
import pytest

from bodymap.atlas import load_atlas
from bodymap.charting.events import MAX_EVENTS, EventStatement
from bodymap.charting.lifecycle import ALLOWED, Act, add_event, check_signable, require, sign, void
from bodymap.charting.new_versions import patched_header
from bodymap.charting.rules import MOVES, OPEN, check_moment
from bodymap.charting.session import Session
from bodymap.charting.signatures import Signature, Signing, Voiding
from bodymap.charting.vocabulary import SessionStatus
from bodymap.decoding import Draft
from bodymap.errors import Complaint, Conflict, Invalid
from tests.charting.visits_drafted import BY_REGION, DANA, LATER, POINT, RING, drafted

STATUSES: tuple[SessionStatus, ...] = get_args(SessionStatus)

# Written out by hand, so that the table cannot change unseen: from, and all that a PATCH can lead to from there.
TABLE = {
    "planned": "planned in-progress completed stopped cancelled",
    "in-progress": "planned in-progress completed stopped cancelled",
    "completed": "in-progress completed stopped",
    "stopped": "in-progress completed stopped",
    "cancelled": "planned in-progress cancelled",
}
ACTS = {
    "change": "planned in-progress completed stopped cancelled",
    "complete": "planned in-progress",
    "sign": "completed stopped",
    "amend": "signed",
    "void": "planned in-progress completed stopped cancelled signed",
    "add-event": "planned in-progress completed stopped cancelled signed",
}


def at(status: SessionStatus, **members: Any) -> Session:
    """A session in any status, whichever way it came there."""
    return msgspec.structs.replace(drafted(**members), status=status)


def complaints_of_signing(**members: Any) -> dict[str, str]:
    found: list[Complaint] = []
    check_signable(drafted(**members), load_atlas(), found.append)
    return {complaint.pointer: complaint.code for complaint in found}


def test_the_tables_know_every_status_and_act() -> None:
    """No status and no act is forgotten, and the two that a person's act leads to are left by no PATCH."""
    assert set(MOVES) == set(STATUSES)
    assert set(ALLOWED) == set(get_args(Act)) == set(ACTS)
    assert set(STATUSES) == OPEN | {"signed", "voided"}
    assert MOVES["signed"] == MOVES["voided"] == frozenset()


@pytest.mark.parametrize(("before", "after"), list(product(sorted(OPEN), STATUSES)))
def test_a_patch_moves_between_open_statuses_as_the_table_says(before: SessionStatus, after: SessionStatus) -> None:
    """Each of the moves that there could be is taken or refused at /status, as the table has it."""
    found: list[Complaint] = []
    patched_header(at(before), {"status": after, "status_reason": "because"}, LATER, found.append)
    assert not found if after in TABLE[before].split() else {complaint.pointer for complaint in found} == {"/status"}


@pytest.mark.parametrize(("act", "status"), list(product(ACTS, STATUSES)))
def test_each_act_is_done_in_its_statuses_alone(act: Act, status: SessionStatus) -> None:
    """An act in a status that does not allow it is a conflict that names the status and those that would do."""
    session = at(status)
    if status in ACTS[act].split():
        require(act, session)
        return
    with pytest.raises(Conflict) as refused:
        require(act, session)
    assert refused.value.facts == {
        "session": session.id,
        "session_status": status,
        "allowed": sorted(ACTS[act].split()),
    }
    assert status in refused.value.detail


def test_an_end_completes_a_session_in_progress() -> None:
    """Who PATCHes an end need not say that the session is completed; who says what it is instead is believed."""
    session, end = drafted(), {"ended_at": "2026-11-23T10:00:00Z"}
    found: list[Complaint] = []
    assert patched_header(session, end, LATER, found.append).status is None
    assert patched_header(session, {**end, "status": "in-progress"}, LATER, found.append).status == "in-progress"
    stopped = drafted(status="stopped", status_reason="fainted")
    assert patched_header(stopped, end, LATER, found.append).status == "stopped"
    assert found == []


@pytest.mark.parametrize("status", ["completed", "stopped"])
def test_a_signature_names_the_version_it_stands_under(status: str) -> None:
    """Signing makes the next version, which carries who, their name, when, and what the session was."""
    before = drafted(status=status, status_reason="faint", placements=[POINT, RING], needles_in=9, needles_out=9)
    after = sign(load_atlas(), before, DANA, LATER)
    assert after.signature == Signature(
        by="Practitioner/7", display="Dana Example, PT", at=LATER, version=2, status=before.status
    )
    assert (after.status, after.version, after.updated_at) == ("signed", 2, LATER)
    assert after.placements == before.placements


def test_what_is_missing_is_said_all_at_once() -> None:
    """Every placement that is still planned is pointed at, and the needles that do not add up."""
    planned = {**BY_REGION, "status": "planned"}
    found = complaints_of_signing(placements=[planned, POINT, planned], needles_in=2, needles_out=1)
    assert found == {
        "/placements/0/status": "still-planned",
        "/placements/2/status": "still-planned",
        "/count_note": "count-mismatch",
    }


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, {}),
        ({"needles_in": 9, "needles_out": 9}, {}),
        ({"needles_in": 9, "needles_out": 8}, {"/count_note": "count-mismatch"}),
        ({"needles_in": 8, "needles_out": 8}, {"/count_note": "count-mismatch"}),
        ({"needles_in": 9}, {"/needles_out": "missing-field"}),
        ({"needles_out": 8}, {"/needles_in": "missing-field", "/count_note": "count-mismatch"}),
        ({"needles_in": 9, "needles_out": 8, "count_note": "One broke; its tip was removed."}, {}),
        ({"needles_in": 10, "needles_out": 10}, {"/count_note": "count-mismatch"}),
    ],
)
def test_needles_add_up_or_are_explained(members: dict[str, Any], expected: dict[str, str]) -> None:
    """Needles charted, in and out are the same where they are stated; a note in words explains what is not."""
    assert complaints_of_signing(placements=[POINT, RING], **members) == expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"needles_in": 9, "needles_out": 9}, {}),
        ({"needles_in": 12, "needles_out": 12}, {}),
        ({"needles_in": 12, "needles_out": 11}, {"/count_note": "count-mismatch"}),
        ({"needles_in": 8, "needles_out": 8}, {"/count_note": "count-mismatch"}),
        ({"needles_in": 8, "needles_out": 8, "count_note": "Written down late."}, {}),
    ],
)
def test_where_a_count_is_unknown_more_may_have_gone_in(members: dict[str, Any], expected: dict[str, str]) -> None:
    """Beside a placement without a count, needles in and out may be more than charted, never fewer, and as many out."""
    assert complaints_of_signing(placements=[POINT, RING, BY_REGION], **members) == expected


def test_placements_not_done_are_not_counted() -> None:
    """What was planned and not done has no needle to come out again."""
    done = [POINT, {**BY_REGION, "status": "not-done"}]
    assert complaints_of_signing(placements=done, needles_in=1, needles_out=1) == {}


def test_time_never_runs_backwards_in_a_record() -> None:
    """A clock that was set back does not put a signature before what it signs."""
    before = msgspec.structs.replace(drafted(status="completed"), updated_at=LATER)
    after = sign(load_atlas(), before, DANA, before.created_at)
    assert after.updated_at == LATER
    assert after.signature is not None
    assert after.signature.at == LATER


def test_a_voided_session_keeps_all_that_it_was() -> None:
    """Voiding marks, and takes nothing away: placements, signature, events and the status until then stay."""
    signed = sign(load_atlas(), drafted(status="completed", placements=[POINT]), DANA, LATER)
    after = void(signed, Voiding(by="a", display="A", reason="wrong patient"), LATER)
    assert after.voided is not None
    assert (after.status, after.voided.status, after.voided.reason) == ("voided", "signed", "wrong patient")
    assert (after.placements, after.signature) == (signed.placements, signed.signature)


def event(**members: Any) -> Draft[EventStatement]:
    said = {"event": "bruise", "severity": "mild", "onset_at": LATER, "action": "none", "by": "Practitioner/7"}
    return Draft(EventStatement(**{**said, **members}))


def test_an_event_leaves_what_was_signed_as_it_was() -> None:
    """A late event makes a version, and changes neither status nor signature nor placements."""
    signed = sign(load_atlas(), drafted(status="completed", placements=[POINT]), DANA, LATER)
    after = add_event(signed, event(placement=signed.placements[0].id), "e-1", LATER)
    assert (after.status, after.signature, after.placements) == (signed.status, signed.signature, signed.placements)
    assert after.version == 3
    assert [(each.id, each.event) for each in after.events] == [("e-1", "bruise")]


def test_an_event_belongs_to_a_placement_that_is_there() -> None:
    """A placement of another session is refused at its pointer, and so are more events than a session takes."""
    session = drafted()
    with pytest.raises(Invalid) as refused:
        add_event(session, event(placement="elsewhere"), "e", LATER)
    assert [complaint.pointer for complaint in refused.value.complaints] == ["/placement"]
    for number in range(MAX_EVENTS):
        session = add_event(session, event(), str(number), LATER)
    with pytest.raises(Invalid):
        add_event(session, event(), "too many", LATER)


@pytest.mark.parametrize("blank", ["", " ", "\n\t"])
def test_a_signature_without_a_name_is_none(blank: str) -> None:
    """A name or a reason of nothing but spaces is not taken: it would say nothing in ten years."""
    for said in ({"by": blank, "display": "A"}, {"by": "a", "display": blank}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(said, Signing)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"by": "a", "display": "A", "reason": blank}, Voiding)


@pytest.mark.parametrize(("ahead", "most"), [(False, timedelta(hours=48)), (True, timedelta(days=731))])
def test_a_time_lies_so_far_ahead_and_no_farther(ahead: bool, most: timedelta) -> None:
    """What took place is at most 48 hours from now, what is planned two years, in whatever offset it is told."""
    now = datetime(2026, 11, 23, 9, tzinfo=UTC)
    for offset in (-12, 0, 14):
        zone = timezone(timedelta(hours=offset))
        for moment, codes in ((now + most, []), (now + most + timedelta(microseconds=1), ["in-the-future"])):
            complaints: list[Complaint] = []
            check_moment(moment.astimezone(zone), "/started_at", now, complaints.append, ahead)
            assert [complaint.code for complaint in complaints] == codes
