"""Two tenants with equal ids: what is read and done for one is what it would be if the other were not there."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product
from typing import Any, NamedTuple

import pytest
from msgspec import structs

from bodymap.atlas.trigger_points import Review
from bodymap.charting.events import RecordedEvent
from bodymap.charting.flags import ClinicLimit
from bodymap.charting.placement import Identifier, Needle
from bodymap.charting.session import Session
from bodymap.errors import BodymapError
from bodymap.storage import (
    audit,
    audit_verification,
    keys,
    limits,
    links,
    receipts,
    reviews,
    sessions,
    signed_charts,
    spent_tokens,
    version_digest,
    versions,
)
from bodymap.storage.audit import AuditQuery, Chain, Entry
from bodymap.storage.database import Database
from bodymap.storage.keys import ApiKey
from bodymap.storage.links import Link
from bodymap.storage.queries import SessionQuery, Wide
from bodymap.storage.transaction import Transaction
from tests.engines import BOTH, NewUrl
from tests.storage.receipts import RECEIPT
from tests.storage.signing import SVG, signed
from tests.storage.visits import DAY, flag, following, session, trigger_point

ENGINES = BOTH

CHAIN = Chain(b"k" * 32)
IDS = tuple(f"00000000-0000-7000-8000-{number:012d}" for number in range(1, 4))
NEW = "00000000-0000-7000-8000-0000000000ee"
ITS_OWN = "00000000-0000-7000-8000-0000000000ff"
CLIENT = "key:one"
WORDS = ("theirs", "own")


class Tenant(NamedTuple):
    """A tenant whose records hold a word of its own, wherever the record itself decides."""

    name: str
    word: str


THEIRS, OWN = Tenant("a", "theirs"), Tenant("b", "own")


def visits(tenant: Tenant, session_id: str) -> tuple[Session, ...]:
    """The versions of a session, signed and theirs voided as well: the ids are every tenant's, the content is this
    one's, and an identifier stands with another session for each."""
    code = "over-lung-field" if tenant is THEIRS else "kidney-level"
    first = session(
        trigger_point(1, id="p-1", note=tenant.word, flags=(flag(code),), needle=Needle(lot=f"lot-{tenant.word}")),
        trigger_point(2, id="p-2" if tenant is OWN else ITS_OWN, side="right"),
        id=session_id,
        subject="Patient/1",
        encounter=tenant.word,
        note=tenant.word,
        identifier=(Identifier(system="urn:x", value=IDS[IDS.index(session_id) - (tenant is THEIRS)]),),
    )
    event = RecordedEvent(
        id="e",
        event=tenant.word,
        severity="mild",
        onset_at=DAY,
        recorded_at=DAY,
        action=tenant.word,
        by="x",
    )
    second = following(
        first,
        events=(event,),
        placements=(structs.replace(first.placements[0], note=f"{tenant.word} again"), first.placements[1]),
    )
    third = signed(second)
    return (first, second, third, following(third, status="voided")) if tenant is THEIRS else (first, second, third)


def fill(tx: Transaction, tenant: Tenant) -> None:
    """Everything that a tenant can have, one of each."""
    own = IDS if tenant is THEIRS else IDS[:2]
    for session_id in own:
        first, *later = visits(tenant, session_id)
        sessions.insert(tx, tenant.name, first)
        for after in later:
            sessions.replace(tx, tenant.name, first, after)
            first = after
        signed_charts.insert(tx, tenant.name, session_id, 3, signed_charts.packed(tenant.word.encode(), SVG))
    link = Link(
        id=f"l-{tenant.word}" if tenant is THEIRS else "l-1",
        session=IDS[0],
        address=f"/{tenant.word}",
        client=CLIENT,
        created_at=DAY,
        expires_at=DAY,
    )
    links.insert(tx, tenant.name, link)
    if tenant is THEIRS:
        links.insert(tx, tenant.name, structs.replace(link, id="l-1"))
    receipts.insert(tx, tenant.name, CLIENT, "k", structs.replace(RECEIPT, body=tenant.word.encode()), DAY)
    limits.insert(tx, tenant.name, ClinicLimit(flag="kidney-level", text=tenant.word, set_by="x", set_at=DAY))
    if tenant is THEIRS:
        receipts.insert(tx, tenant.name, CLIENT, "theirs", RECEIPT, DAY)
        limits.insert(tx, tenant.name, ClinicLimit(flag="suboccipital", text="x", set_by="x", set_at=DAY))
    review = Review(entry="t-1", state="disputed", by=tenant.word, display="x", at="2026-11-23T09:00:00Z")
    reviews.insert(tx, tenant.name, review)
    keys.insert(
        tx,
        ApiKey(tenant=tenant.name, id=f"k-{tenant.word}", name=tenant.word, scopes=(), digest="d", created_at=DAY),
    )
    entries = [entry(tenant.name, name=tenant.word, sessions=(session_id,)) for session_id in IDS]
    made = [
        entry(tenant.name, action="write", sessions=(session_id,), version=visit.version)
        for session_id in own
        for visit in visits(tenant, session_id)
    ]
    about = entry(tenant.name, action="write", operation="createLink", about="l-1")
    audit.append(tx, CHAIN, [*(entries if tenant is OWN else entries * 2), *made, about])


def entry(tenant: str, **members: Any) -> Entry:
    """An entry of the audit."""
    usual: dict[str, Any] = {"at": DAY, "action": "read", "outcome": "done", "operation": "x", "client": CLIENT}
    return Entry(tenant=tenant, **usual | members)


QUERIES: tuple[dict[str, Any], ...] = (
    {},
    *({name: "Patient/1"} for name in ("subject",)),
    *({name: word} for name, word in product(("encounter", "event"), (*WORDS, "other"))),
    *({"lot": f"lot-{word}"} for word in WORDS),
    *({"flag": code} for code in ("over-lung-field", "kidney-level")),
    *({"identifier": f"{system}{each}"} for system, each in product(("urn:x|", ""), IDS)),
    {"region": "trapezius-descending", "side": "right"},
    {"muscle": Wide(regions=("trapezius-descending", "trapezius-transverse"), muscles=("trapezius",))},
    {"status": "signed"},
    {"limit": 1},
)
AUDITED: tuple[dict[str, Any], ...] = ({}, {"session": IDS[2]}, {"client": CLIENT}, {"after": 1}, {"before": 3})


def tried(act: Callable[[], Any]) -> Any:
    """What comes of it, or what is said of why not."""
    try:
        return act()
    except BodymapError as error:
        return type(error), error.detail, error.facts


def told(tx: Transaction, tenant: str) -> Iterator[tuple[str, Any]]:
    """All that storage tells of a tenant, each under what was asked."""
    for session_id in IDS:
        yield f"get {session_id}", tried(lambda: sessions.get(tx, tenant, session_id))  # noqa: B023  # called at once
        for version in range(1, 6):
            found = tried(lambda: sessions.get_version(tx, tenant, session_id, version))  # noqa: B023
            yield f"version {version} of {session_id}", found
            yield "chart", signed_charts.find(tx, tenant, session_id, version)
        yield "versions", versions.read(tx, tenant, session_id, 1, 9)
        yield "last content", versions.last_content(tx, tenant, session_id)
        yield "chart digests", signed_charts.digests(tx, tenant, session_id)
        yield "digests", version_digest.digests(tx, tenant, session_id, 1, 9)
        yield "links of session", links.listed(tx, tenant, session_id, None, 9)
    for query in QUERIES:
        yield f"search {query}", sessions.search(tx, tenant, SessionQuery(**query))
    yield "placements", sessions.unknown_placements(tx, tenant, ["p-1", "p-2", ITS_OWN, "p-9"])
    for name in ("l-1", "l-theirs"):
        yield f"link {name}", (links.find(tx, tenant, name), links.standing(tx, tenant, name))
    yield "links", links.listed(tx, tenant, None, None, 9)
    for key in ("k", "theirs"):
        yield f"receipt {key}", receipts.find(tx, tenant, CLIENT, key)
    yield "limits", limits.of_tenant(tx, tenant)
    yield "reviews", reviews.of_entry(tx, tenant, "t-1")
    yield "keys", keys.listed(tx, tenant)
    for asked in AUDITED:
        yield f"audit {asked}", audit.find(tx, tenant, AuditQuery(**asked))
    yield "entries", audit.read(tx, tenant, 1, 9)
    yield "heads", audit.heads(tx, tenant)
    yield "verdict", audit_verification.verify(tx, CHAIN, tenant)


def change(tx: Transaction, tenant: str) -> list[Any]:
    """One of each change, and what comes of it."""
    before = sessions.get(tx, tenant, IDS[0])
    after = following(before, note="changed", identifier=(), placements=before.placements[:1], events=())
    sessions.replace(tx, tenant, before, after)
    links.revoke(tx, tenant, "l-1", DAY)
    links.revoke_those_of(tx, tenant, CLIENT, DAY)
    limits.insert(tx, tenant, ClinicLimit(flag="kidney-level", text="", set_by="x", set_at=DAY))
    audit.append(tx, CHAIN, [entry(tenant, operation="y")])
    later = DAY + timedelta(days=1)
    taken = session(id=NEW, identifier=(Identifier(system="urn:x", value=IDS[1]),))
    return [
        *(spent_tokens.use(tx, tenant, "issuer", token, later, DAY) for token in ("t", "t", "u")),
        tried(lambda: sessions.replace(tx, tenant, before, after)),
        tried(lambda: sessions.insert(tx, tenant, taken)),
    ]


@pytest.fixture
def databases(new_url: NewUrl) -> Iterator[dict[str, Database]]:
    """One that each tenant has for itself, and one that they share, by the tenants' names."""
    with (
        Database.open(new_url()) as first,
        Database.open(new_url()) as second,
        Database.open(new_url()) as shared,
    ):
        for tenant, own in ((THEIRS, first), (OWN, second)):
            for each in (own, shared):
                each.write_now(lambda tx: fill(tx, tenant))  # noqa: B023  # called at once
        yield {THEIRS.name: first, OWN.name: second, "shared": shared}


@pytest.mark.parametrize("tenant", [THEIRS, OWN])
def test_a_tenant_is_told_what_it_would_be_told_if_it_were_the_only_one(
    databases: dict[str, Database], tenant: Tenant
) -> None:
    """Whatever is asked, before and after every change: as if no other tenant had the same ids; and the other is told
    what it was told before."""
    alone, shared = databases[tenant.name], databases["shared"]
    other = OWN if tenant is THEIRS else THEIRS

    def compare() -> None:
        expected, found = (each.read_now(lambda tx: list(told(tx, tenant.name))) for each in (alone, shared))
        for own, own_too in zip(expected, found, strict=True):
            assert own == own_too

    compare()
    before = shared.read_now(lambda tx: list(told(tx, other.name)))
    assert shared.write_now(lambda tx: change(tx, tenant.name)) == alone.write_now(lambda tx: change(tx, tenant.name))
    compare()
    assert shared.read_now(lambda tx: list(told(tx, other.name))) == before


def test_what_is_missing_of_one_tenant_is_not_made_up_for_by_another(databases: dict[str, Database]) -> None:
    """A row by which a session is found is missed, though another tenant has one that is equal."""
    for each in (databases[OWN.name], databases["shared"]):
        each.write_now(lambda tx: tx.execute("DELETE FROM session_place WHERE tenant = 'b' AND side = 'right'"))
    verdicts = [
        databases[name].read_now(lambda tx: audit_verification.verify(tx, CHAIN, OWN.name))
        for name in (OWN.name, "shared")
    ]
    assert verdicts[0] == verdicts[1]
    assert sum("session_place" in finding.detail for finding in verdicts[0].findings) >= 1
