"""Resources of FHIR beside the sessions: whole ones that are kept as they came, and what is foreign in a session's."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from bodymap.storage.transaction import Transaction
from bodymap.storage.utc_text import utc_text


class Kept(NamedTuple):
    """A resource, or the foreign part of one, and when it was stored."""

    created_at: str
    document: dict[str, Any]


def insert(tx: Transaction, tenant: str, kind: str, id_: str, document: Mapping[str, Any], now: datetime) -> None:
    """Stores a resource under its type and id."""
    tx.execute(
        "INSERT INTO fhir_resource (tenant, type, id, created_at, document) "
        "VALUES (:tenant, :type, :id, :created_at, :document)",
        {
            "tenant": tenant,
            "type": kind,
            "id": id_,
            "created_at": utc_text(now),
            "document": msgspec.json.encode(document),
        },
    )


def get(tx: Transaction, tenant: str, kind: str, id_: str) -> Kept | None:
    """A resource by its type and id; None where the tenant has none."""
    rows = tx.execute(
        "SELECT created_at, document FROM fhir_resource WHERE tenant = :tenant AND type = :type AND id = :id",
        {"tenant": tenant, "type": kind, "id": id_},
    )
    return Kept(str(rows[0][0]), msgspec.json.decode(rows[0][1])) if rows else None


def claim(tx: Transaction, tenant: str, kind: str, system: str, value: str, id_: str) -> str:
    """The id of the resource that has an identifier among those of its type: this one, or the one that had it first."""
    names = {"tenant": tenant, "type": kind, "system": system, "value": value}
    while True:
        claimed = tx.execute(
            "INSERT INTO fhir_identifier (tenant, type, system, value, id) "
            "VALUES (:tenant, :type, :system, :value, :id) "
            "ON CONFLICT (tenant, type, system, value) DO NOTHING RETURNING id",
            {**names, "id": id_},
        )
        if claimed:
            return id_
        if (holder := holder_of(tx, tenant, kind, system, value)) is not None:
            return holder


def holder_of(tx: Transaction, tenant: str, kind: str, system: str, value: str) -> str | None:
    """The id of the resource of a type that has an identifier; None where there is none."""
    rows = tx.execute(
        "SELECT id FROM fhir_identifier "
        "WHERE tenant = :tenant AND type = :type AND system = :system AND value = :value",
        {"tenant": tenant, "type": kind, "system": system, "value": value},
    )
    return str(rows[0][0]) if rows else None


def put(tx: Transaction, tenant: str, kind: str, id_: str, document: Mapping[str, Any], now: datetime) -> None:
    """Stores a resource in place of the one under its type and id, if there is one; none where it holds nothing."""
    tx.execute(
        "DELETE FROM fhir_resource WHERE tenant = :tenant AND type = :type AND id = :id",
        {"tenant": tenant, "type": kind, "id": id_},
    )
    if document:
        insert(tx, tenant, kind, id_, document, now)
