"""What takes long is drafted before the transaction that keeps it: what changed meanwhile is not lost."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bodymap.atlas import load_atlases
from bodymap.charting.placement import PlacementStatement
from bodymap.charting.session import Session, SessionStatement
from bodymap.decoding import decode
from bodymap.errors import Invalid
from bodymap.service import SCOPES, Principal, UseCases
from bodymap.storage.database import Database
from tests.engines import BOTH, NewUrl

ENGINES = BOTH
CASES = UseCases.on(load_atlases())
WHO = Principal("clinic", "key:x", SCOPES)
PLACE = {"kind": "trigger_point", "region": "piriformis", "side": "left", "depth_mm": 35}


@pytest.fixture(scope="module")
def database(new_url: NewUrl) -> Iterator[Database]:
    """A database for the tests of this module."""
    with Database.open(new_url()) as opened:
        yield opened


def kept(database: Database) -> Session:
    """A session with a needle of 40 mm and one placement."""
    body = {"needle": {"length_mm": 40}, "placements": [PLACE]}
    drafted = CASES.sessions.draft(decode(json.dumps(body).encode(), SessionStatement))
    return database.write_now(lambda tx: CASES.sessions.create(tx, WHO, drafted))


def patched(database: Database, session: Session, patch: Any) -> Session:
    """The session with another header."""
    return database.write_now(lambda tx: CASES.sessions.patch(tx, WHO, session.id, None, patch))


def test_a_placement_that_was_changed_meanwhile_keeps_both_changes(database: Database) -> None:
    """Two patches of one placement that were drafted on the same version are both in what is kept."""
    before = kept(database)
    name = before.placements[0].id
    drafts = [
        (patch, CASES.sessions.draft_patch(before, name, patch)) for patch in ({"note": "one"}, {"response": "two"})
    ]
    for patch, draft in drafts:
        database.write_now(lambda tx: CASES.sessions.patch_placement(tx, WHO, before.id, name, None, patch, draft))  # noqa: B023
    after = database.read_now(lambda tx: CASES.sessions.get(tx, WHO, before.id))
    assert (after.placements[0].note, after.placements[0].response) == ("one", "two")
    assert after.version == 3


def test_a_depth_is_held_against_the_needle_that_the_session_has_when_it_is_kept(database: Database) -> None:
    """A placement that was drafted for a longer needle is refused where the session has a shorter one by now."""
    before = kept(database)
    deep = decode(json.dumps(PLACE | {"region": "gluteus-medius", "depth_mm": 39}).encode(), PlacementStatement)
    drafted = CASES.sessions.draft_placement(before, deep)
    patch = {"depth_mm": 40}
    changed = CASES.sessions.draft_patch(before, before.placements[0].id, patch)
    patched(database, before, {"needle": {"length_mm": 36}})
    with pytest.raises(Invalid) as added:
        database.write_now(lambda tx: CASES.sessions.add_placement(tx, WHO, before.id, deep, drafted))
    with pytest.raises(Invalid) as deepened:
        database.write_now(
            lambda tx: CASES.sessions.patch_placement(tx, WHO, before.id, before.placements[0].id, None, patch, changed)
        )
    for caught in (added, deepened):
        assert [complaint.code for complaint in caught.value.complaints] == ["depth-over-needle-length"]


def test_placements_that_are_drafted_at_once_have_numbers_of_their_own(database: Database) -> None:
    """However many were drafted as the next one, each gets its own number, and none is used again."""
    before = kept(database)
    another = decode(json.dumps(PLACE | {"region": "gluteus-medius"}).encode(), PlacementStatement)
    for draft in [CASES.sessions.draft_placement(before, another) for _ in range(3)]:
        database.write_now(lambda tx: CASES.sessions.add_placement(tx, WHO, before.id, another, draft))  # noqa: B023
    after = database.read_now(lambda tx: CASES.sessions.get(tx, WHO, before.id))
    assert [placement.number for placement in after.placements] == [1, 2, 3, 4]
    assert after.last_number == 4
