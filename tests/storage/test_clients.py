"""Keys, links and tokens as they are kept: on every engine."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from bodymap.errors import Conflict, Gone, Missing, Unauthenticated, UnknownSession
from bodymap.service import SCOPES, Principal, keys, links
from bodymap.service.links import Ticket
from bodymap.storage import keys as kept_keys
from bodymap.storage import links as kept_links
from bodymap.storage import spent_tokens
from bodymap.storage.database import Database
from tests.engines import BOTH
from tests.storage.visits import keeping, usual_session

ENGINES = BOTH
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
EHR = Principal("a", "key:x", SCOPES)


def test_a_key_is_recognised_until_it_ends(database: Database) -> None:
    """The right key is its tenant's client; after its end, or another character, it is nobody's."""
    key, token = database.write_now(lambda tx: keys.create(tx, "a", ["chart:read"], "EHR", NOW, NOW + HOUR))
    found = database.read_now(lambda tx: kept_keys.find(tx, key.id))
    assert found == key
    assert keys.id_in(token) == key.id
    principal = keys.recognised(found, token, NOW)
    assert principal == Principal("a", f"key:{key.id}", frozenset({"chart:read"}), "EHR")
    for shown, at in ((token, NOW + HOUR), (token[:-1] + ("b" if token[-1] == "a" else "a"), NOW)):
        with pytest.raises(Unauthenticated):
            keys.recognised(found, shown, at)
    with pytest.raises(Unauthenticated):
        keys.recognised(None, token, NOW)


def test_a_rotated_key_is_the_same_client(database: Database) -> None:
    """Only the secret changes; the old one is taken for its time, then told that another has taken its place."""
    key, old = database.write_now(lambda tx: keys.create(tx, "a", ["admin"], "EHR", NOW, None))
    rotated, new = database.write_now(lambda tx: keys.rotate(tx, key.id, NOW + HOUR, None))
    assert old not in (new, rotated.digest)
    assert rotated.expires_at is None
    assert keys.recognised(rotated, new, NOW) == keys.recognised(rotated, old, NOW)
    with pytest.raises(Unauthenticated, match="another has taken its place"):
        keys.recognised(rotated, old, NOW + HOUR)
    assert keys.recognised(rotated, new, NOW + HOUR).client == f"key:{key.id}"


@pytest.mark.parametrize(("first", "then", "ends"), [(2, None, 2), (2, 3, 3), (None, 3, 3), (3, 2, 2)])
def test_a_rotated_key_ends_when_it_did_or_as_it_is_told(
    database: Database, first: int | None, then: int | None, ends: int
) -> None:
    """Rotating never makes a key that ends into one that does not."""
    moments = [None if hours is None else NOW + hours * HOUR for hours in (first, then)]
    key, _ = database.write_now(lambda tx: keys.create(tx, "a", ["admin"], "EHR", NOW, moments[0]))
    rotated, new = database.write_now(lambda tx: keys.rotate(tx, key.id, NOW, moments[1]))
    assert rotated.expires_at == NOW + ends * HOUR
    with pytest.raises(Unauthenticated, match="expired"):
        keys.recognised(rotated, new, NOW + ends * HOUR)


def test_keys_are_listed_by_tenant_and_counted_while_they_are_taken(database: Database) -> None:
    """Dead keys stay in the list, and are no reason to serve."""
    assert not database.read_now(lambda tx: kept_keys.any_usable(tx, NOW))
    first, _ = database.write_now(lambda tx: keys.create(tx, "a", ["admin"], "", NOW, None))
    database.write_now(lambda tx: keys.create(tx, "b", ["admin"], "", NOW, NOW + HOUR))
    assert [key.tenant for key in database.read_now(kept_keys.listed)] == ["a", "b"]
    database.write_now(lambda tx: keys.revoke(tx, first.id, NOW))
    assert database.read_now(lambda tx: kept_keys.any_usable(tx, NOW))
    assert not database.read_now(lambda tx: kept_keys.any_usable(tx, NOW + HOUR))
    [dead] = database.read_now(lambda tx: kept_keys.listed(tx, "a"))
    assert dead.revoked_at == NOW
    with pytest.raises(Conflict):
        database.write_now(lambda tx: keys.rotate(tx, first.id, NOW, None))
    with pytest.raises(Missing):
        database.write_now(lambda tx: keys.revoke(tx, "nobody", NOW))


def test_a_revoked_key_takes_its_links_with_it(database: Database) -> None:
    """What a client gave away ends with its key; what others gave away stays."""
    session = usual_session()
    database.write_now(keeping(session, tenant="a"))
    key, token = database.write_now(lambda tx: keys.create(tx, "a", ["chart:read"], "", NOW, None))
    client = keys.recognised(key, token, NOW)
    address = f"/v1/sessions/{session.id}/chart.svg"
    for number, principal in enumerate((client, EHR)):
        database.write_now(
            lambda tx, link_id=f"link-{number}", who=principal: links.create(
                tx, who, session.id, address, link_id, NOW, HOUR
            )
        )
    database.write_now(lambda tx: keys.revoke(tx, key.id, NOW))
    ends = int((NOW + HOUR).timestamp())
    with pytest.raises(Gone):
        database.read_now(lambda tx: links.check_holds(tx, Ticket("a", "link-0", ends)))
    database.read_now(lambda tx: links.check_holds(tx, Ticket("a", "link-1", ends)))


def test_links_stay_in_their_tenant(database: Database) -> None:
    """Another tenant can neither make, see nor take back a link to a session that is not theirs."""
    session = usual_session()
    database.write_now(keeping(session, tenant="a"))
    address = f"/v1/sessions/{session.id}/chart.svg"
    stranger = Principal("b", "key:x", SCOPES)
    with pytest.raises(UnknownSession):
        database.write_now(lambda tx: links.create(tx, stranger, session.id, address, "link", NOW, HOUR))
    made = database.write_now(lambda tx: links.create(tx, EHR, session.id, address, "link", NOW, HOUR))
    assert database.read_now(lambda tx: links.get(tx, EHR, "link")) == made
    for act in (links.get, lambda tx, who, link: links.revoke(tx, who, link, NOW)):
        with pytest.raises(Missing):
            database.write_now(lambda tx, act=act: act(tx, stranger, "link"))
    assert database.read_now(lambda tx: kept_links.listed(tx, "b", None, None, 10)) == ()
    assert database.read_now(lambda tx: kept_links.listed(tx, "a", session.id, None, 10)) == (made,)


def test_a_token_is_used_once_however_many_try(database: Database) -> None:
    """Of many at once one is the first; another tenant's or issuer's is another; what expired is forgotten."""

    def use(tenant: str = "a", issuer: str = "i", now: datetime = NOW) -> bool:
        return database.write_now(lambda tx: spent_tokens.use(tx, tenant, issuer, "jti", NOW + HOUR, now))

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(lambda _: use(), range(8))) == [False] * 7 + [True]
    assert use(tenant="b")
    assert use(issuer="j")
    assert not use(now=NOW + HOUR)
    assert use(now=NOW + HOUR + timedelta(seconds=1))
