"""Searching: the sessions that were asked for, newest first, a page at a time."""

import base64
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.charting.events import RecordedEvent
from bodymap.charting.placement import Needle
from bodymap.charting.session import Identifier, Session
from bodymap.errors import Invalid
from bodymap.ids import new_id
from bodymap.storage import sessions
from bodymap.storage.database import Database
from bodymap.storage.queries import Wide
from bodymap.storage.sessions import Page, SessionQuery
from tests.engines import BOTH, NewUrl
from tests.storage.visits import DAY, changing, flag, following, keeping, perimeter, resolved, session, trigger_point

ENGINES = BOTH

HOUR = timedelta(hours=1)


def ask(database: Database, tenant: str = "t", **asked: Any) -> Page:
    return database.read_now(lambda tx: sessions.search(tx, tenant, SessionQuery(**asked)))


def wide(*regions: str, muscles: tuple[str, ...] = ()) -> Wide:
    return Wide(regions=regions, muscles=muscles)


LEFT = session(
    trigger_point(1, "trapezius-descending", side="left", flags=(flag("over-lung-field"),), needle=Needle(lot="A1")),
    trigger_point(2, "levator-scapulae", side="right", also=("splenius-cervicis",)),
    subject="Patient/1",
    performer="Practitioner/7",
    encounter="Encounter/9",
    identifier=(Identifier(system="https://a.example", value="S-1"), Identifier(system="b", value="X")),
    started_at=DAY,
    updated_at=DAY + 5 * HOUR,
)
LINE = session(
    perimeter(
        1,
        [("multifidus", "left"), ("multifidus", "right"), (None, "midline")],
        flags=(flag("kidney-level"),),
    ),
    subject="Patient/2",
    status="planned",
    needle=Needle(lot="B2"),
    identifier=(Identifier(system="c|d", value="S-1"),),
    started_at=(DAY + HOUR).astimezone(timezone(timedelta(hours=-8))),
    updated_at=DAY + 6 * HOUR,
)
PLAIN = session(subject="Patient/1", started_at=None, created_at=DAY + 2 * HOUR, updated_at=DAY + 7 * HOUR)
BOTH = session(
    msgspec.structs.replace(
        perimeter(1, [("gluteus-maximus", "both")] * 3),
        resolved=resolved("gluteus-maximus", "both", "gluteus-maximus"),
    ),
    subject="Patient/3",
    started_at=DAY + 3 * HOUR,
    updated_at=DAY + 8 * HOUR,
)
CUFF = session(
    msgspec.structs.replace(
        trigger_point(1), region=None, muscle="rotator-cuff", resolved=resolved(None, "left", "rotator-cuff")
    ),
    subject="Patient/4",
    started_at=DAY - HOUR,
    updated_at=DAY,
)
NAMES = {LEFT.id: "left", LINE.id: "line", PLAIN.id: "plain", BOTH.id: "both", CUFF.id: "cuff"}


@pytest.fixture(scope="module")
def clinic(new_url: NewUrl) -> Any:
    with Database.open(new_url()) as opened:
        for visit in (LEFT, LINE, PLAIN, BOTH, CUFF):
            opened.write_now(keeping(visit))
        opened.write_now(keeping(msgspec.structs.replace(LEFT, id=new_id()), "another tenant"))
        yield opened


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "both plain line left cuff"),
        ({"subject": "Patient/1"}, "plain left"),
        ({"subject": "Patient/"}, ""),
        ({"subject": "%"}, ""),
        ({"performer": "Practitioner/7"}, "left"),
        ({"encounter": "Encounter/9"}, "left"),
        ({"status": "planned"}, "line"),
        ({"identifier": "S-1"}, "line left"),
        ({"identifier": "https://a.example|S-1"}, "left"),
        ({"identifier": "b|S-1"}, ""),
        ({"identifier": "|S-1"}, ""),
        ({"identifier": "X"}, "left"),
        ({"region": "trapezius-descending"}, "left"),
        ({"region": "trapezius-descending", "side": "left"}, "left"),
        ({"region": "trapezius-descending", "side": "right"}, ""),
        ({"region": "levator-scapulae", "side": "right"}, "left"),
        ({"region": "splenius-cervicis", "side": "right"}, "left"),
        ({"region": "splenius-cervicis", "side": "left"}, ""),
        ({"region": "multifidus", "side": "left"}, "line"),
        ({"region": "erector-spinae-lumbar", "side": "right"}, "line"),
        ({"region": "erector-spinae-lumbar", "side": "left"}, ""),
        ({"side": "midline"}, "line"),
        ({"side": "left"}, "both line left cuff"),
        ({"side": "both"}, "both"),
        ({"region": "gluteus-maximus", "side": "left"}, "both"),
        ({"muscle": wide("trapezius-descending", "trapezius-ascending")}, "left"),
        ({"muscle": wide("trapezius-descending"), "side": "right"}, ""),
        ({"muscle": wide("splenius-capitis", "splenius-cervicis")}, "left"),
        ({"muscle": wide("trapezius-descending"), "region": "levator-scapulae"}, ""),
        ({"muscle": wide("teres-minor", muscles=("rotator-cuff", "trapezius"))}, "cuff"),
        ({"muscle": wide(muscles=("rotator-cuff",)), "side": "right"}, ""),
        ({"group": wide("multifidus", "trapezius-descending")}, "line left"),
        ({"group": wide("multifidus", "trapezius-descending"), "side": "right"}, "line"),
        ({"group": wide("multifidus", muscles=("rotator-cuff",)), "side": "left"}, "line cuff"),
        ({"group": wide()}, ""),
        ({"group": wide("multifidus"), "region": "levator-scapulae"}, ""),
        ({"flag": "over-lung-field"}, "left"),
        ({"flag": "kidney-level"}, "line"),
        ({"flag": "over-lung-field", "region": "levator-scapulae"}, "left"),
        ({"lot": "A1"}, "left"),
        ({"lot": "B2"}, "line"),
        ({"from_": DAY + HOUR}, "both plain line"),
        ({"to": DAY + HOUR}, "left cuff"),
        ({"from_": DAY, "to": DAY + HOUR}, "left"),
        ({"from_": DAY + HOUR, "to": DAY + HOUR}, ""),
        ({"from_": (DAY + HOUR).astimezone(timezone(timedelta(hours=9)))}, "both plain line"),
        ({"from_": DAY + HOUR + timedelta(microseconds=1)}, "both plain"),
        ({"to": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=3)))}, ""),
        ({"updated_since": DAY + 7 * HOUR}, "both plain"),
        ({"subject": "Patient/1", "lot": "A1", "region": "levator-scapulae", "to": DAY + HOUR}, "left"),
        ({"subject": "'; DROP TABLE session; --"}, ""),
    ],
)
def test_filters(clinic: Database, asked: dict[str, Any], expected: str) -> None:
    """Each filter finds the sessions it names, and no other; region, muscle and side are one place's."""
    page = ask(clinic, **asked)
    assert [NAMES[visit.id] for visit in page.items] == expected.split()
    assert page.next is None
    by_id = {visit.id: visit for visit in (LEFT, LINE, PLAIN, BOTH, CUFF)}
    assert all(visit == by_id[visit.id] for visit in page.items)


def test_other_tenant_finds_nothing(clinic: Database) -> None:
    """A tenant without sessions finds none, whatever others have."""
    for asked in (
        {},
        {"region": "trapezius-descending"},
        {"lot": "A1"},
        {"identifier": "S-1"},
        {"flag": "kidney-level"},
    ):
        assert ask(clinic, "third tenant", **asked) == Page(items=(), next=None)


def test_search_knows_the_current_version_alone(database: Database) -> None:
    """What a session was found by goes when a change takes it away, and comes when one brings it."""
    first = LEFT
    database.write_now(keeping(first))
    second = following(
        first,
        placements=(trigger_point(1, "multifidus", side="right"),),
        identifier=(),
        subject="Patient/9",
        started_at=DAY + 9 * HOUR,
    )
    database.write_now(changing(first, second))
    for gone in (
        {"region": "trapezius-descending"},
        {"side": "left"},
        {"flag": "over-lung-field"},
        {"lot": "A1"},
        {"identifier": "S-1"},
        {"subject": "Patient/1"},
        {"to": DAY + HOUR},
    ):
        assert ask(database, **gone).items == ()
    for come in ({"region": "multifidus", "side": "right"}, {"subject": "Patient/9"}, {"from_": DAY + 9 * HOUR}):
        assert ask(database, **come).items == (second,)


@given(
    hours=st.lists(st.none() | st.integers(0, 6), max_size=20),
    limit=st.integers(1, 7),
    later=st.lists(st.integers(7, 9), max_size=5),
)
def test_walk_meets_each_session_once(clinic: Database, hours: list[int | None], limit: int, later: list[int]) -> None:
    """Page by page each session comes once and in order, though newer ones come meanwhile and many are of one time."""
    subject = new_id()
    visits = [
        session(subject=subject, started_at=None if hour is None else DAY + hour * HOUR, created_at=DAY + 3 * HOUR)
        for hour in hours
    ]
    for visit in visits:
        clinic.write_now(keeping(visit, "walked"))
    found: list[Session] = []
    cursor: str | None = None
    waiting = list(later)
    while True:
        page = ask(clinic, "walked", subject=subject, limit=limit, cursor=cursor)
        found += page.items
        assert len(found) <= len(visits)
        assert len(page.items) == limit or page.next is None
        cursor = page.next
        if cursor is None:
            break
        if waiting:
            clinic.write_now(keeping(session(subject=subject, started_at=DAY + waiting.pop() * HOUR), "walked"))
    expected = sorted(visits, key=lambda visit: (visit.started_at or visit.created_at, visit.id), reverse=True)
    assert [visit.id for visit in found] == [visit.id for visit in expected]


def test_last_full_page_has_no_next(database: Database) -> None:
    """Where the last page is exactly full no further one is promised."""
    for _ in range(4):
        database.write_now(keeping(session()))
    cursor = ask(database, limit=2).next
    assert cursor is not None
    assert ask(database, limit=2, cursor=cursor).next is None
    assert ask(database, limit=4).next is None
    assert ask(database, limit=3).next is not None


def test_large_page(database: Database) -> None:
    """A page of 500 sessions with placements comes whole."""
    visits = [session(trigger_point(1), trigger_point(2, side="right")) for _ in range(500)]

    def work(tx: Any) -> None:
        for visit in visits:
            sessions.insert(tx, "t", visit)

    database.write_now(work)
    page = ask(database, limit=500)
    assert {visit.id: visit for visit in page.items} == {visit.id: visit for visit in visits}


def forged(*members: Any) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode(members)).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "é", "\0", "AAAA", "====", "W10", "bnVsbA", "a" * 10_000, forged("x", "y"), forged(1, 2, 3)],
)
def test_foreign_cursor_is_refused(clinic: Database, cursor: str) -> None:
    """A cursor that no list answered is refused, pointing at it."""
    with pytest.raises(Invalid) as refused:
        ask(clinic, cursor=cursor)
    assert [complaint.pointer for complaint in refused.value.complaints] == ["?cursor"]


def test_cursor_belongs_to_its_search(clinic: Database) -> None:
    """A cursor is refused in another search than its own, and accepted with another limit."""
    cursor = ask(clinic, limit=1).next
    with pytest.raises(Invalid, match="1 problem"):
        ask(clinic, limit=1, cursor=cursor, subject="Patient/1")
    assert [NAMES[visit.id] for visit in ask(clinic, limit=2, cursor=cursor).items] == ["plain", "line"]


@pytest.mark.parametrize(
    "asked",
    [
        {"region": "levator-scapulae"},
        {"muscle": wide("trapezius-descending")},
        {"side": "right"},
        {"flag": "over-lung-field"},
        {"lot": "A1"},
        {"event": "bleeding"},
        {"identifier": "https://a.example|S-1"},
        {"identifier": "S-1"},
    ],
    ids=str,
)
def test_a_search_reads_its_own_tenant_s_rows(database: Database, asked: dict[str, Any]) -> None:
    """Two tenants hold sessions of one id, as after an import: what is in the other's does not make one's own found."""
    event = RecordedEvent(
        id=new_id(), event="bleeding", severity="mild", onset_at=DAY, action="pressure", by="x", recorded_at=DAY
    )
    theirs = msgspec.structs.replace(LEFT, id=new_id(), events=(event,))
    database.write_now(keeping(theirs, "theirs"))
    database.write_now(keeping(session(id=theirs.id, started_at=DAY), "own"))
    assert [found.id for found in ask(database, "theirs", **asked).items] == [theirs.id]
    assert ask(database, "own", **asked).items == ()
