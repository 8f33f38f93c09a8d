"""What the storage keeps of a session's life: every version with what made it, charts, events, and never less."""

import hashlib
import random
import signal
import subprocess
import sys
from datetime import timedelta

import pytest

from bodymap.charting.events import RecordedEvent
from bodymap.charting.session import Session
from bodymap.charting.signatures import Change
from bodymap.errors import Corrupt
from bodymap.storage import sessions, signed_charts, versions
from bodymap.storage.database import Database
from bodymap.storage.queries import SessionQuery
from bodymap.storage.signed_charts import packed
from bodymap.storage.transaction import Transaction
from tests.engines import BOTH, REFUSED
from tests.storage.signing import PICTURE, SVG, signed
from tests.storage.visits import DAY, changing, following, keeping, session, trigger_point, usual_session

ENGINES = BOTH


def with_event(before: Session, name: str) -> Session:
    event = RecordedEvent(
        id=name, event=name, severity="mild", onset_at=DAY, action="none", by="a", recorded_at=before.updated_at
    )
    return following(before, events=(*before.events, event))


def test_a_chart_comes_out_as_it_went_in(database: Database) -> None:
    """The very bytes come back, kept in a fraction of their size, under their digest, for their tenant alone."""
    first = usual_session()
    second = signed(first)

    def work(tx: Transaction) -> None:
        sessions.insert(tx, "t", first)
        sessions.replace(tx, "t", first, second, Change(kind="signed", by="a", display="A"))
        signed_charts.insert(tx, "t", first.id, 2, packed(PICTURE, SVG))

    database.write_now(work)
    chart = database.read_now(lambda tx: signed_charts.find(tx, "t", first.id, 2))
    assert chart is not None
    assert (chart.content, chart.media_type, chart.size_bytes) == (PICTURE, SVG, len(PICTURE))
    assert chart.digest == hashlib.sha256(PICTURE).hexdigest()
    assert len(chart.compressed) < len(PICTURE) / 4
    assert database.read_now(lambda tx: signed_charts.digests(tx, "t", first.id)) == {2: chart.digest}
    for tenant, version in (("t", 1), ("t", 3), ("other", 2)):
        assert database.read_now(lambda tx, t=tenant, v=version: signed_charts.find(tx, t, first.id, v)) is None


@pytest.mark.parametrize("spoilt", [b"", b"no zlib", packed(b"<svg>another</svg>", SVG).compressed])
def test_a_chart_that_was_exchanged_is_not_passed_on(spoilt: bytes) -> None:
    """Bytes that are not those of the digest are refused, whatever they are."""
    chart = packed(PICTURE, SVG)
    with pytest.raises(Corrupt):
        _ = signed_charts.SignedChart(
            media_type=SVG, digest=chart.digest, size_bytes=chart.size_bytes, compressed=spoilt
        ).content


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM session_version",
        "UPDATE session_version SET document = '{}'",
        "UPDATE session_version SET change = NULL",
        "DELETE FROM placement",
        "UPDATE placement SET document = '{}'",
        "DELETE FROM signed_chart",
        "UPDATE signed_chart SET digest = ''",
        "DELETE FROM session",
    ],
)
def test_nothing_of_the_record_is_erased_or_rewritten(database: Database, statement: str) -> None:
    """Even a statement that nobody wrote yet cannot take a version, a placement or a signed chart away."""
    first = usual_session()

    def work(tx: Transaction) -> None:
        sessions.insert(tx, "t", first)
        sessions.replace(tx, "t", first, signed(first))
        signed_charts.insert(tx, "t", first.id, 2, packed(PICTURE, SVG))

    database.write_now(work)
    with pytest.raises(REFUSED):
        database.write_now(lambda tx: tx.execute(statement))
    assert database.read_now(lambda tx: sessions.get_version(tx, "t", first.id, 1)) == first


def test_versions_are_read_with_what_made_them(database: Database) -> None:
    """Each version has the placements that it had, and its change; one kept without a change is told by its number."""
    one = session(trigger_point(1), trigger_point(2))
    two = following(one, placements=(*one.placements, trigger_point(3)), last_number=3)
    three = following(two, placements=two.placements[1:])
    four = following(three, note="x")
    added = Change(kind="placement-added", client="c")

    def work(tx: Transaction) -> None:
        sessions.insert(tx, "t", one)
        sessions.replace(tx, "t", one, two, added)
        sessions.replace(tx, "t", two, three, Change(kind="amended", by="a", display="A", reason="r"))
        sessions.replace(tx, "t", three, four)

    database.write_now(work)
    read = database.read_now(lambda tx: versions.read(tx, "t", one.id, 1, 9))
    assert [each for each, _ in read] == [one, two, three, four]
    assert [change.kind for _, change in read] == ["created", "placement-added", "amended", "changed"]
    assert read[1][1] == added
    assert database.read_now(lambda tx: versions.read(tx, "t", one.id, 2, 3)) == read[1:3]
    assert database.read_now(lambda tx: versions.read(tx, "other", one.id, 1, 9)) == []


def test_an_event_is_not_the_last_content(database: Database) -> None:
    """The latest version with content of its own is the one before the events that were added to it."""
    one = usual_session()
    two = signed(one)
    three = with_event(two, "bruise")
    four = with_event(three, "faint")

    def last() -> int:
        return database.read_now(lambda tx: versions.last_content(tx, "t", one.id))

    def keep(before: Session, after: Session, change: Change) -> None:
        database.write_now(lambda tx: sessions.replace(tx, "t", before, after, change))

    database.write_now(keeping(one))
    assert last() == 1
    keep(one, two, Change(kind="signed"))
    for before, after in ((two, three), (three, four)):
        keep(before, after, Change(kind="event-added"))
        assert last() == 2
    keep(four, following(four, note="x"), Change(kind="amended"))
    assert last() == 5


def test_sessions_are_found_by_their_events(database: Database) -> None:
    """An event is found by its name in its own tenant, together with whatever else is asked, page by page."""
    visits = [usual_session(started_at=DAY + timedelta(days=day)) for day in range(5)]
    for number, visit in enumerate(visits):
        database.write_now(keeping(visit))
        if number != 2:
            once = with_event(visit, "bruise")
            database.write_now(changing(visit, once))
            database.write_now(changing(once, with_event(once, "bruise")))
    database.write_now(keeping(usual_session(), "other"))

    def found(**asked: object) -> list[str]:
        query = SessionQuery(**{"limit": 2, **asked})
        ids: list[str] = []
        while True:
            page = database.read_now(lambda tx: sessions.search(tx, "t", query))  # noqa: B023
            ids += [each.id for each in page.items]
            if page.next is None:
                return ids
            query = SessionQuery(**{"limit": 2, **asked, "cursor": page.next})

    assert found(event="bruise") == [visits[number].id for number in (4, 3, 1, 0)]
    assert found(event="bruise", lot="A1", to=DAY + timedelta(days=2)) == [visits[number].id for number in (1, 0)]
    assert found(event="faint") == []


# Signs one session after another from 8 tasks; prints each id as soon as its signature is answered.
SIGNING = """
import asyncio, sys
from bodymap.charting.signatures import Change
from bodymap.storage import sessions, signed_charts
from bodymap.storage.database import Database
from bodymap.storage.signed_charts import packed
from tests.storage.signing import PICTURE, SVG, signed
from tests.storage.visits import keeping, usual_session

async def client(database):
    while True:
        first = usual_session()
        await database.write(keeping(first))
        chart = packed(PICTURE + first.id.encode(), SVG)

        def sign(tx):
            sessions.replace(tx, "t", first, signed(first), Change(kind="signed"))
            signed_charts.insert(tx, "t", first.id, 2, chart)

        await database.write(sign)
        print(first.id, flush=True)

async def main():
    database = Database.open(sys.argv[1])
    await asyncio.gather(*(client(database) for _ in range(8)))

asyncio.run(main())
"""


@pytest.mark.parametrize("number", range(2))
def test_no_signature_is_without_its_chart_after_a_kill(url: str, number: int) -> None:
    """A process killed while it signs leaves every answered signature, and never one without its own chart."""
    process = subprocess.Popen([sys.executable, "-c", SIGNING, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    wanted = random.Random(number).randint(1, 150)
    answered = {process.stdout.readline().strip() for _ in range(wanted)}
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL

    def check(tx: Transaction) -> None:
        heads: dict[str, str] = dict(tx.execute("SELECT id, status FROM session"))
        assert answered <= {session_id for session_id, status in heads.items() if status == "signed"}
        for session_id, status in heads.items():
            chart = signed_charts.find(tx, "t", session_id, 2)
            assert (chart is not None) == (status == "signed")
            assert chart is None or chart.content == PICTURE + session_id.encode()
        assert tx.execute("SELECT count(*) FROM signed_chart") == [(list(heads.values()).count("signed"),)]
        if url.startswith("sqlite"):
            assert tx.execute("PRAGMA integrity_check") == [("ok",)]

    with Database.open(url) as database:
        database.read_now(check)
