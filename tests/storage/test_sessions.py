"""Sessions: what goes in comes out, in every version, once for each identifier, for one tenant alone."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise
from typing import Any
from unittest.mock import patch

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.charting.placement import Needle, Offset, RecordedPlacement, Site
from bodymap.charting.session import Identifier, Session
from bodymap.errors import IdentifierTaken, Missing, Stale, UnknownSession
from bodymap.ids import new_id
from bodymap.storage import sessions
from bodymap.storage.database import Database
from bodymap.storage.transaction import Transaction
from tests.engines import BOTH, NewUrl
from tests.storage.visits import (
    DAY,
    changing,
    flag,
    following,
    keeping,
    perimeter,
    reading,
    session,
    trigger_point,
    usual_session,
)

ENGINES = BOTH

S1 = Identifier(system="https://clinic.example/session", value="S-1")
S2 = Identifier(system="https://clinic.example/session", value="S-2")


def version(database: Database, session_id: str, number: int, tenant: str = "t") -> Session:
    return database.read_now(lambda tx: sessions.get_version(tx, tenant, session_id, number))


@pytest.mark.parametrize(
    "visit",
    [
        usual_session(),
        session(),
        session(subject=None, started_at=None, note="\0 \u2028 'quoted' \"twice\" :tenant 針 🪡"),
        session(started_at=datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))),
        session(started_at=datetime(9999, 12, 31, 23, 59, 59, 999999, timezone(timedelta(hours=-12)))),
        session(trigger_point(7, offset_mm=Offset(lateral=0.1 + 0.2), landmark="C7", view=None), last_number=9),
        session(
            trigger_point(1, site=Site(text="lateral gastrocnemius"), view=None),
            perimeter(2, [(None, None)] * 3, skip=(3,), flags=(flag("kidney-level"),)),
        ),
        session(*(trigger_point(number, note="x" * 4000) for number in range(1, 501))),
    ],
    ids=["usual", "empty", "odd-text", "year-1", "year-9999", "sparse", "site", "huge"],
)
def test_session_comes_out_as_it_went_in(database: Database, visit: Session) -> None:
    """Every field of a session, its offsets and its floats survive, now and as a version."""
    database.write_now(keeping(visit))
    for found in (database.read_now(reading(visit.id)), version(database, visit.id, 1)):
        assert found == visit
        assert msgspec.json.encode(found) == msgspec.json.encode(visit)


def test_session_is_read_in_two_statements(database: Database) -> None:
    """However many placements a session has, reading it takes no more than two statements."""

    asked: list[str] = []

    def counted(tx: Transaction) -> Session:
        execute = tx.execute
        with patch.object(type(tx), "execute", lambda _, sql, names: asked.append(sql) or execute(sql, names)):
            return sessions.get(tx, "t", visit.id)

    visit = session(*(trigger_point(number) for number in range(1, 40)))
    database.write_now(keeping(visit))
    assert database.read_now(counted) == visit
    assert 0 < len(asked) <= 2


def test_other_tenants_session_is_unknown(database: Database) -> None:
    """Another tenant's session and one that never was are refused alike, in reading, in versions and in changing."""
    visit, nothing = usual_session(), usual_session()
    database.write_now(keeping(visit, "theirs"))
    details = []
    for asked in (visit, nothing):
        for work in (
            reading(asked.id),
            lambda tx, asked=asked: sessions.get_version(tx, "t", asked.id, 1),
            changing(asked, following(asked)),
        ):
            with pytest.raises(UnknownSession) as refused:
                database.write_now(work)
            details.append((refused.value.detail.replace(asked.id, "…"), refused.value.facts))
    assert len({str(detail) for detail in details}) == 1
    assert database.read_now(reading(visit.id, "theirs")) == visit


def test_tenants_may_share_ids_and_identifiers(database: Database) -> None:
    """Two tenants' records of one id and one identifier are two records."""
    ours = usual_session(identifier=(S1,), note="ours")
    theirs = msgspec.structs.replace(ours, note="theirs")
    database.write_now(keeping(ours, "us"))
    database.write_now(keeping(theirs, "them"))
    changed = following(ours, placements=(), identifier=())
    database.write_now(changing(ours, changed, "us"))
    assert database.read_now(reading(ours.id, "us")) == changed
    assert database.read_now(reading(ours.id, "them")) == theirs


@pytest.mark.parametrize("number", [0, -1, 2, 2**31, 2**63, 10**40])
def test_version_that_never_was_is_missing(database: Database, number: int) -> None:
    """A version out of the session's range is missing, however odd its number."""
    visit = usual_session()
    database.write_now(keeping(visit))
    with pytest.raises(Missing, match="has no version"):
        version(database, visit.id, number)


def test_taken_identifier_names_the_first(database: Database) -> None:
    """A second session with an identifier is refused with the first one's id, and leaves nothing behind."""
    first, second = usual_session(identifier=(S1,)), usual_session(identifier=(S2, S1))
    database.write_now(keeping(first))
    with pytest.raises(IdentifierTaken) as refused:
        database.write_now(keeping(second))
    assert refused.value.facts == {
        "session": first.id,
        "identifier": {"system": S1.system, "value": S1.value},
    }
    with pytest.raises(UnknownSession):
        database.read_now(reading(second.id))
    database.write_now(keeping(usual_session(identifier=(S2,))))


def test_identifiers_follow_the_session(database: Database) -> None:
    """A changed session claims its new identifiers and frees those it gave up; one stated twice is one."""
    first = usual_session(identifier=(S1, S1))
    database.write_now(keeping(first))
    changed = following(first, identifier=(S2,))
    database.write_now(changing(first, changed))
    database.write_now(keeping(usual_session(identifier=(S1,))))
    with pytest.raises(IdentifierTaken):
        database.write_now(keeping(usual_session(identifier=(S2,))))
    with pytest.raises(IdentifierTaken):
        database.write_now(changing(changed, following(changed, identifier=(S1, S2))))
    assert database.read_now(reading(first.id)) == changed


def test_one_of_many_gets_an_identifier(database: Database) -> None:
    """Of 32 tasks and two threads that post the same identifier at once, exactly one is kept."""
    visits = [usual_session(identifier=(S1,)) for _ in range(34)]
    found: list[str | None] = []

    def attempt(visit: Session) -> None:
        try:
            database.write_now(keeping(visit))
            found.append(None)
        except IdentifierTaken as refused:
            found.append(refused.facts["session"])

    async def at_once() -> list[BaseException | None]:
        return await asyncio.gather(*(database.write(keeping(visit)) for visit in visits[2:]), return_exceptions=True)

    threads = [threading.Thread(target=attempt, args=[visit]) for visit in visits[:2]]
    for thread in threads:
        thread.start()
    for each in asyncio.run(at_once()):
        assert each is None or isinstance(each, IdentifierTaken)
        found.append(each.facts["session"] if isinstance(each, IdentifierTaken) else None)
    for thread in threads:
        thread.join()
    assert found.count(None) == 1
    assert len(set(found)) == 2
    [(kept,)] = database.read_now(lambda tx: tx.execute("SELECT id FROM session"))
    assert set(found) == {None, kept}


def test_stale_change_is_refused(database: Database) -> None:
    """A change of a version that has passed is refused with the current one, and changes nothing."""
    first = usual_session()
    second = following(first, note="second")
    database.write_now(keeping(first))
    database.write_now(changing(first, second))
    with pytest.raises(Stale) as refused:
        database.write_now(changing(first, following(first, note="late", placements=())))
    assert refused.value.facts == {"version": 2}
    assert database.read_now(reading(first.id)) == second
    with pytest.raises(Missing):
        version(database, first.id, 3)


def test_one_of_many_changes_wins(database: Database) -> None:
    """Of changes of one version sent at once exactly one is kept."""
    first = usual_session()
    database.write_now(keeping(first))

    async def at_once() -> list[BaseException | None]:
        works = [changing(first, following(first, note=str(number))) for number in range(20)]
        return await asyncio.gather(*map(database.write, works), return_exceptions=True)

    found = asyncio.run(at_once())
    assert sorted(type(each).__name__ for each in found) == ["NoneType"] + ["Stale"] * 19
    assert database.read_now(reading(first.id)).note == str(found.index(None))


@pytest.mark.parametrize("wrong", [{"version": 1}, {"version": 0}, {"id": "other"}])
def test_versions_follow_one_another(database: Database, wrong: dict[str, Any]) -> None:
    """A version is followed by a later one of the same session; anything else is a mistake of the caller."""
    first = usual_session()
    database.write_now(keeping(first))
    after = msgspec.structs.replace(following(first), **wrong)
    with pytest.raises(ValueError, match="followed"):
        database.write_now(changing(first, after))


def test_only_what_changed_is_written(database: Database) -> None:
    """A change of one placement writes one row of placements; a change of the header alone writes none."""
    first = usual_session()
    database.write_now(keeping(first))

    def rows(tx: Transaction) -> list[tuple[Any, ...]]:
        return tx.execute("SELECT number, version, superseded FROM placement ORDER BY number, version")

    second = following(first, note="only the header")
    database.write_now(changing(first, second))
    assert database.read_now(rows) == [(1, 1, None), (2, 1, None), (3, 1, None)]
    one, two, three = second.placements
    third = following(second, placements=(one, msgspec.structs.replace(two, pain_after=1), three))
    database.write_now(changing(second, third))
    fourth = following(third, placements=third.placements[1:])
    database.write_now(changing(third, fourth))
    assert database.read_now(rows) == [(1, 1, 4), (2, 1, 3), (2, 3, None), (3, 1, None)]


def placements_of(number: int) -> st.SearchStrategy[RecordedPlacement]:
    notes = st.none() | st.sampled_from(["a", "b"])
    sides = st.sampled_from(["left", "right"])
    points = st.builds(
        lambda note, side, lot: trigger_point(
            number, side=side, note=note, needle=Needle(lot=lot) if lot else None, id=f"p{number}"
        ),
        notes,
        sides,
        st.none() | st.sampled_from(["A1", "B2"]),
    )
    lines = st.builds(
        lambda note, line: perimeter(number, line, note=note, id=f"p{number}"),
        notes,
        st.lists(st.tuples(st.sampled_from(["multifidus", None]), sides), min_size=3, max_size=4),
    )
    return points | lines


@st.composite
def histories(draw: st.DrawFn) -> list[Session]:
    """A session's versions, each with placements changed, added, removed and brought back."""
    numbers = st.sets(st.integers(1, 5), max_size=5)

    def placements() -> tuple[RecordedPlacement, ...]:
        return tuple(draw(placements_of(number)) for number in sorted(draw(numbers)))

    versions = [session(*placements(), id=new_id(), last_number=5)]
    for _ in range(draw(st.integers(0, 8))):
        before = versions[-1]
        after = following(
            before,
            note=draw(st.none() | st.sampled_from(["x", "y"])),
            identifier=draw(st.sampled_from([(), (S1,), (S2,), (S1, S2)])),
            status=draw(st.sampled_from(["in-progress", "completed"])),
        )
        if draw(st.booleans()):
            after = msgspec.structs.replace(after, placements=placements())
        versions.append(after)
    return versions


def found_by(tenant: str) -> Callable[[Transaction], list[list[tuple[Any, ...]]]]:
    """What the tenant's only session can be found by."""
    tables = {
        "session_identifier": "system, value",
        "session_place": "region, muscle, side",
        "session_flag": "flag",
        "session_lot": "lot",
    }

    def work(tx: Transaction) -> list[list[tuple[Any, ...]]]:
        return [
            sorted(tx.execute(f"SELECT {columns} FROM {table} WHERE tenant = :tenant", {"tenant": tenant}))
            for table, columns in tables.items()
        ]

    return work


@pytest.fixture(scope="module")
def shared(new_url: NewUrl) -> Iterator[Database]:
    """A database that all examples share, each as a tenant of its own."""
    with Database.open(new_url()) as opened:
        yield opened


@given(histories_kept=st.lists(histories(), min_size=1, max_size=2))
def test_every_version_stays_readable(shared: Database, histories_kept: list[list[Session]]) -> None:
    """After any sequence of changes every version reads as it was, and searching knows the last one alone."""
    for versions in histories_kept:
        tenant, last = new_id(), versions[-1]
        shared.write_now(keeping(versions[0], tenant))
        for before, after in pairwise(versions):
            shared.write_now(changing(before, after, tenant))
        assert shared.read_now(reading(last.id, tenant)) == last
        for expected in versions:
            assert version(shared, last.id, expected.version, tenant) == expected
        # The same as if the last version had come first.
        shared.write_now(keeping(last, f"{tenant}, alone"))
        assert shared.read_now(found_by(tenant)) == shared.read_now(found_by(f"{tenant}, alone"))


def test_clock_that_goes_back_is_no_hindrance(database: Database) -> None:
    """Versions are told apart by their number: one recorded earlier than the one before it is kept all the same."""
    first = usual_session()
    second = following(first, updated_at=DAY - timedelta(days=400))
    database.write_now(keeping(first))
    database.write_now(changing(first, second))
    assert database.read_now(reading(first.id)) == second


def test_unknown_members_of_a_document_are_refused(url: str, database: Database) -> None:
    """A record with a member that this release does not know is not read as if it were not there."""
    visit = usual_session(started_at=datetime(2026, 11, 23, tzinfo=UTC))
    database.write_now(keeping(visit))
    of_table = "" if url.startswith("sqlite") else "ON session_version"
    database.write_now(lambda tx: tx.execute(f"DROP TRIGGER session_version_stays_as_it_is {of_table}"))
    database.write_now(
        lambda tx: tx.execute("UPDATE session_version SET document = replace(document, '\"atlas\"', '\"atlass\"')")
    )
    with pytest.raises(msgspec.ValidationError):
        database.read_now(reading(visit.id))
