"""Amendments of signed sessions, and sessions copied from others."""

from typing import Any

import msgspec
import pytest

from bodymap.atlas import load_atlas
from bodymap.charting.amendments import amend
from bodymap.charting.copies import copy_statement
from bodymap.charting.lifecycle import sign
from bodymap.charting.new_versions import next_version
from bodymap.charting.session import Session
from bodymap.charting.signatures import Amendment
from bodymap.decoding import decode
from bodymap.errors import Conflict, Invalid
from bodymap.ids import new_id
from tests.charting.visits_drafted import ATLAS, BY_REGION, DANA, LATER, POINT, RING, USE_CASES, drafted, statement


def signed(**members: Any) -> Session:
    usual = {"status": "completed", "placements": [{**POINT, "region": "trapezius-descending"}, BY_REGION]}
    return sign(load_atlas(), drafted(**{**usual, **members}), DANA, LATER)


def amended(before: Session, patch: Any) -> Session:
    body = {"by": "Practitioner/8", "display": "Lee Example", "reason": "The other side.", "patch": patch}
    return amend(ATLAS, before, decode(msgspec.json.encode(body), Amendment), new_id, LATER)


def refused(before: Session, patch: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as found:
        amended(before, patch)
    return {complaint.pointer: complaint.code for complaint in found.value.complaints}


def test_side_and_point_move_in_one_go() -> None:
    """Each alone would contradict the other; together they are one amendment, resolved anew, signed by who made it."""
    before = signed()
    first, second = before.placements
    assert refused(before, {"placements": {first.id: {"side": "right"}}})
    after = amended(before, {"placements": {first.id: {"side": "right", "at": [410, 290]}}})
    moved, untouched = after.placements
    assert (moved.id, moved.number, moved.resolved.side) == (first.id, 1, "right")
    assert moved.resolved.region == "trapezius-descending"
    assert untouched == second
    assert after.signature is not None
    assert (after.version, after.status, after.signature.version) == (3, "signed", 3)
    assert after.signature.display == "Lee Example"
    assert before.placements == (first, second)


def test_header_placements_and_further_ones_change_together() -> None:
    """One amendment patches the header, takes a placement out and adds one, which gets a number never used before."""
    before = signed()
    after = amended(before, {"note": "seen again", "placements": {before.placements[1].id: None}, "add": [RING]})
    assert (after.note, after.status) == ("seen again", "signed")
    assert [placement.number for placement in after.placements] == [1, 3]
    assert after.last_number == 3
    later = amended(after, {"placements": {after.placements[1].id: None}, "add": [RING, BY_REGION]})
    assert [placement.number for placement in later.placements] == [1, 4, 5]
    assert later.last_number == 5


def test_complaints_point_into_the_amendment() -> None:
    """Everything wrong is said at once, where it stands in the request."""
    before = signed()
    first = before.placements[0].id
    found = refused(
        before,
        {
            "pain_after": 11,
            "placements": {first: {"depth_mm": "deep"}, "nobody": {}, before.placements[1].id: 7},
            "add": [{"kind": "trigger_point"}, {"kind": "needle"}, 3],
        },
    )
    assert found == {
        "/patch/pain_after": "out-of-range",
        f"/patch/placements/{first}/depth_mm": "wrong-type",
        "/patch/placements/nobody": "unknown-placement",
        f"/patch/placements/{before.placements[1].id}": "wrong-type",
        "/patch/add/0": "no-place",
        "/patch/add/1/kind": "unknown-kind",
        "/patch/add/2": "wrong-type",
    }


@pytest.mark.parametrize(
    ("patch", "pointer"),
    [
        ({}, "/patch"),
        ({"status": "completed"}, "/patch"),
        ({"status": "signed"}, "/patch/status"),
        ({"status": "voided"}, "/patch/status"),
        ({"status": "in-progress"}, "/patch/status"),
        ({"status": "cancelled", "status_reason": "x"}, "/patch/status"),
        ({"placements": []}, "/patch/placements"),
        ({"add": {}}, "/patch/add"),
        ({"add": [BY_REGION] * 501}, "/patch/add"),
        ({"id": "other"}, "/patch/id"),
        ({"signature": None, "note": "x", "events": []}, "/patch/events"),
        ({"add": [{**BY_REGION, "status": "planned"}]}, "/placements/2/status"),
        ({"needles_in": 3, "needles_out": 2}, "/count_note"),
    ],
)
def test_what_an_amendment_cannot_do(patch: Any, pointer: str) -> None:
    """It cannot change nothing, unsign, touch what the record keeps by itself, or leave what could not be signed."""
    assert pointer in refused(signed(), patch)


def test_what_was_stopped_can_be_amended_to_that() -> None:
    """Whether it was completed or stopped is part of what was signed, and can be mended."""
    after = amended(signed(), {"status": "stopped", "status_reason": "fainted"})
    assert after.signature is not None
    assert (after.status, after.signature.status) == ("signed", "stopped")
    again = amended(after, {"note": "x"})
    assert again.signature is not None
    assert again.signature.status == "stopped"


def test_a_shorter_needle_is_held_against_every_depth() -> None:
    """A default needle that is amended must still be as long as the depths that rest on it."""
    before = signed(needle={"length_mm": 40}, placements=[{**BY_REGION, "depth_mm": 30}])
    assert refused(before, {"needle": {"length_mm": 25}}) == {"/placements/0/depth_mm": "depth-over-needle-length"}


def test_only_what_was_signed_is_amended() -> None:
    """An open session is patched, not amended."""
    with pytest.raises(Conflict):
        amended(drafted(status="completed"), {"note": "x"})


def test_a_copy_plans_the_same_places_again() -> None:
    """Each place comes with how it is meant to be needled and which one it continues; findings stay behind."""
    source = drafted(
        identifier=[{"system": "urn:s", "value": "1"}],
        subject="Patient/1",
        encounter="Encounter/1",
        performer="Practitioner/1",
        started_at="2026-11-23T09:00:00Z",
        ended_at="2026-11-23T09:30:00Z",
        position="prone",
        needle={"length_mm": 40, "lot": "A1"},
        pain_before=7,
        needles_in=2,
        needles_out=2,
        consent={"version": "3"},
        note="n",
        placements=[
            {
                **POINT,
                "depth_mm": 12,
                "technique": "pistoning",
                "needle": {"lot": "B2", "length_mm": 30},
                "trigger_point": {"state": "active"},
                "twitch": {"obtained": True},
                "pain_before": 7,
                "response": "r",
                "precaution": "p",
                "note": "n",
            },
            {**RING, "skip": [3]},
            {"kind": "perimeter", "region": "gluteus-medius", "side": "left", "needles": 5, "status": "not-done"},
        ],
    )
    copy = USE_CASES.sessions.draft_copy(source, statement(copy_of=source.id))
    header = msgspec.to_builtins(copy)
    assert {name for name in header if name not in ("id", "created_at", "updated_at", "placements", "flags")} == {
        *("version", "status", "atlas", "last_number", "copy_of", "subject", "position", "needle")
    }
    assert (copy.status, copy.subject, copy.position, copy.copy_of) == ("planned", "Patient/1", "prone", source.id)
    assert header["needle"] == {"length_mm": 40}
    assert [placement.continues for placement in copy.placements] == [old.id for old in source.placements]
    assert {placement.status for placement in copy.placements} == {"planned"}
    assert {placement.id for placement in copy.placements}.isdisjoint(old.id for old in source.placements)
    first = msgspec.to_builtins(copy.placements[0])
    assert first["needle"] == {"length_mm": 30}
    assert (first["depth_mm"], first["technique"], first["precaution"]) == (12, "pistoning", "p")
    assert {"trigger_point", "twitch", "pain_before", "response", "note"}.isdisjoint(first)
    assert [place.resolved for place in copy.placements] == [place.resolved for place in source.placements]
    assert USE_CASES.sessions.answer(copy).summary.needles_charted == 0


def test_what_is_stated_beside_a_copy_stands() -> None:
    """The new session's own members win over those copied; placements of its own are refused."""
    source = drafted(subject="Patient/1", position="prone", placements=[BY_REGION])
    own = {"position": "supine", "started_at": "2026-11-24T09:00:00Z", "status": "in-progress"}
    copy = USE_CASES.sessions.draft_copy(source, statement(copy_of=source.id, **own))
    assert (copy.subject, copy.position, copy.status) == ("Patient/1", "supine", "in-progress")
    with pytest.raises(Invalid):
        copy_statement(source, statement(copy_of=source.id, placements=[BY_REGION]))


def test_a_voided_session_is_not_continued() -> None:
    """What should not have been recorded is no plan for another day."""
    source = msgspec.structs.replace(drafted(), status="voided")
    with pytest.raises(Invalid):
        copy_statement(source, statement(copy_of=source.id))


def test_what_is_said_of_the_session_as_a_whole_follows_its_placements() -> None:
    """Both sides of the thorax is said of each version that has both, and of no other, whatever the one before said."""
    both = drafted(
        placements=[
            {"kind": "trigger_point", "region": "rhomboid-major", "side": side} for side in ("left", "right", "left")
        ]
    )
    session = both
    for kept in ((0, 1, 2), (0, 2), (0, 1), (1,), (), (1, 2)):
        session = next_version(session, LATER, placements=tuple(both.placements[place] for place in kept))
        sides = {both.placements[place].side for place in kept}
        assert [flag.code for flag in session.flags] == (["both-sides-of-thorax"] if len(sides) == 2 else [])
