"""Links: which addresses were shared, for how long, and which were revoked. Work for `Database`."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.storage.transaction import Transaction, Value
from bodymap.storage.utc_text import utc_text

_COLUMNS = "id, session, address, client, created_at, expires_at, revoked_at"


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """An address of one chart or page that opens without a key: of which `session`, until when, made by which client.

    Without `revoked_at` it was not revoked.
    """

    id: Annotated[str, Meta(description="The link's id.", extra_json_schema={"format": "uuid"})]
    session: Annotated[
        str, Meta(description="The id of the session that it shows.", extra_json_schema={"format": "uuid"})
    ]
    address: Annotated[str, Meta(description="The address that it opens, from `/v1/` on.")]
    client: Annotated[str, Meta(description="The id of the client that made it.")]
    created_at: Annotated[datetime, Meta(description="When it was made.")]
    expires_at: Annotated[datetime, Meta(description="When it expires.")]
    revoked_at: Annotated[datetime | None, Meta(description="When it was revoked; absent where it was not.")] = None


def insert(tx: Transaction, tenant: str, link: Link) -> None:
    """Stores a new link."""
    tx.execute(
        f"INSERT INTO link (tenant, {_COLUMNS}) "
        "VALUES (:tenant, :id, :session, :address, :client, :created_at, :expires_at, NULL)",
        {
            "tenant": tenant,
            "id": link.id,
            "session": link.session,
            "address": link.address,
            "client": link.client,
            "created_at": utc_text(link.created_at),
            "expires_at": utc_text(link.expires_at),
        },
    )


def find(tx: Transaction, tenant: str, link_id: str) -> Link | None:
    """The tenant's link of an id, or None."""
    rows = tx.execute(
        f"SELECT {_COLUMNS} FROM link WHERE tenant = :tenant AND id = :id", {"tenant": tenant, "id": link_id}
    )
    return _from_columns(rows[0]) if rows else None


def standing(tx: Transaction, tenant: str, link_id: str) -> tuple[bool, str] | None:
    """Whether a link was revoked, and the status of its session; None if there is no such link."""
    rows = tx.execute(
        "SELECT l.revoked_at, s.status FROM link AS l "
        "JOIN session AS s ON s.tenant = l.tenant AND s.id = l.session WHERE l.tenant = :tenant AND l.id = :id",
        {"tenant": tenant, "id": link_id},
    )
    return (rows[0][0] is not None, rows[0][1]) if rows else None


def listed(tx: Transaction, tenant: str, session: str | None, before: str | None, limit: int) -> tuple[Link, ...]:
    """The tenant's links, newest first: of one session, where one is named, and older than the one named `before`."""
    asked: dict[str, Value] = {"tenant": tenant, "limit": limit}
    conditions = ["tenant = :tenant"]
    for column, sign, value in (("session", "=", session), ("id", "<", before)):
        if value is not None:
            conditions.append(f"{column} {sign} :{column}")
            asked[column] = value
    rows = tx.execute(
        f"SELECT {_COLUMNS} FROM link WHERE {' AND '.join(conditions)} ORDER BY id DESC LIMIT :limit", asked
    )
    return tuple(_from_columns(row) for row in rows)


def revoke(tx: Transaction, tenant: str, link_id: str, now: datetime) -> None:
    """Revokes a link, if it was not revoked before."""
    tx.execute(
        "UPDATE link SET revoked_at = :now WHERE tenant = :tenant AND id = :id AND revoked_at IS NULL",
        {"tenant": tenant, "id": link_id, "now": utc_text(now)},
    )


def revoke_those_of(tx: Transaction, tenant: str, client: str, now: datetime) -> None:
    """Revokes every link that a client made."""
    tx.execute(
        "UPDATE link SET revoked_at = :now WHERE tenant = :tenant AND client = :client AND revoked_at IS NULL",
        {"tenant": tenant, "client": client, "now": utc_text(now)},
    )


def _from_columns(row: tuple[str, ...]) -> Link:
    link_id, session, address, client, created_at, expires_at, revoked_at = row
    return Link(
        id=link_id,
        session=session,
        address=address,
        client=client,
        created_at=datetime.fromisoformat(created_at),
        expires_at=datetime.fromisoformat(expires_at),
        revoked_at=datetime.fromisoformat(revoked_at) if revoked_at else None,
    )
