"""Links: creating, recognising and revoking them.

A link is the address of a chart with an additional parameter, `link`. It holds the tenant, the link's id and its
expiry, and a MAC over these and over the address with its options, so that a link opens only that one picture; a page
leaves some of them open, such as its language.
"""

import base64
import hmac
from collections.abc import Container, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import msgspec

from bodymap.errors import Gone, Missing, Unauthenticated
from bodymap.service.principal import Principal
from bodymap.storage import links, sessions
from bodymap.storage.links import Link
from bodymap.storage.transaction import Transaction

PARAMETER = "link"
PURPOSE = "links"

Pairs = Sequence[tuple[str, str]]


class Ticket(msgspec.Struct, frozen=True, array_like=True):
    """The content of a link; not to be trusted before its MAC is verified."""

    tenant: str
    id: str
    expires: int


def create(
    tx: Transaction, principal: Principal, session_id: str, address: str, link_id: str, now: datetime, lasts: timedelta
) -> Link:
    """A new link to an address, one of the session's. Raises UnknownSession, and Gone if the session was voided."""
    if sessions.get(tx, principal.tenant, session_id).status == "voided":
        raise Gone("The session was voided; no link to it can be made.")
    link = Link(
        id=link_id,
        session=session_id,
        address=address,
        client=principal.client,
        created_at=now,
        # To the second, as the link itself says it.
        expires_at=(now + lasts).replace(microsecond=0),
    )
    links.insert(tx, principal.tenant, link)
    return link


def get(tx: Transaction, principal: Principal, link_id: str) -> Link:
    """One of the tenant's links. Raises Missing, also for another tenant's."""
    link = links.find(tx, principal.tenant, link_id)
    if link is None:
        raise Missing(f"There is no link {link_id!r}.")
    return link


def revoke(tx: Transaction, principal: Principal, link_id: str, now: datetime) -> Link:
    """Revokes a link. Idempotent. Raises Missing."""
    link = get(tx, principal, link_id)
    links.revoke(tx, principal.tenant, link_id, now)
    return link


def address_of(path: str, options: Pairs) -> str:
    """An address with sorted options, so that their order does not matter."""
    return f"{path}?{urlencode(sorted(options))}" if options else path


def bound_address(path: str, options: Pairs, unbound: Container[str] = ()) -> str:
    """What a link is bound to: its address without the options that may differ."""
    return address_of(path, [(name, value) for name, value in options if name not in unbound])


def signed(key: bytes, tenant: str, link: Link, bound: str) -> str:
    """The link itself: its address with the parameter, which is signed for the `bound` address."""
    ticket = msgspec.json.encode(Ticket(tenant, link.id, int(link.expires_at.timestamp())))
    sign = "&" if "?" in link.address else "?"
    return f"{link.address}{sign}{PARAMETER}={_text(ticket)}.{_text(_mac(key, ticket, bound))}"


def ticket_in(key: bytes, parameter: str, address: str, now: datetime) -> Ticket:
    """The content of a link to an address, its MAC verified. Raises Unauthenticated, and Gone if it has expired."""
    try:
        content, mac = (_bytes(part) for part in parameter.split("."))
        if not hmac.compare_digest(mac, _mac(key, content, address)):
            raise ValueError
        ticket = msgspec.json.decode(content, type=Ticket)
    except ValueError as error:
        raise Unauthenticated(
            "This link is incomplete or was altered: it opens only the picture that it was made for."
        ) from error
    if ticket.expires <= now.timestamp():
        ended = datetime.fromtimestamp(ticket.expires, UTC)
        raise Gone(f"This link expired on {ended:%Y-%m-%d at %H:%M} (UTC).")
    return ticket


def check_holds(tx: Transaction, ticket: Ticket) -> None:
    """Raises Gone if the link was revoked or its session voided."""
    standing = links.standing(tx, ticket.tenant, ticket.id)
    if standing is None or standing[0]:
        raise Gone("This link was revoked.")
    if standing[1] == "voided":
        raise Gone("The session that this link shows was voided.")


def _mac(key: bytes, ticket: bytes, address: str) -> bytes:
    return hmac.digest(key, ticket + b"\n" + address.encode(), "sha256")


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    if _text(content) != text:
        raise ValueError("not as it is written")
    return content
