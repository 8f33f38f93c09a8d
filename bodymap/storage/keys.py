"""Keys of clients, as they are stored: never the key itself, only its digest. Work for `Database`, as `sessions` is."""

from datetime import datetime

import msgspec

from bodymap.storage.transaction import Transaction
from bodymap.storage.utc_text import utc_text

_COLUMNS = "tenant, id, name, scopes, digest, created_at, expires_at, revoked_at, old_digest, old_until"


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """The record of a key. `old_digest` is that of the key before the last rotation, accepted until `old_until`."""

    tenant: str
    id: str
    name: str
    scopes: tuple[str, ...]
    digest: str
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    old_digest: str | None = None
    old_until: datetime | None = None


def insert(tx: Transaction, key: ApiKey) -> None:
    """Stores a new key."""
    names = [name.strip() for name in _COLUMNS.split(",")]
    tx.execute(f"INSERT INTO api_key ({_COLUMNS}) VALUES ({', '.join(f':{name}' for name in names)})", _to_columns(key))


def replace(tx: Transaction, key: ApiKey) -> None:
    """Stores the members of a key that can change: its digests, expiry, and revocation."""
    tx.execute(
        "UPDATE api_key SET digest = :digest, expires_at = :expires_at, revoked_at = :revoked_at, "
        "old_digest = :old_digest, old_until = :old_until WHERE tenant = :tenant AND id = :id",
        _to_columns(key),
    )


def find(tx: Transaction, key_id: str) -> ApiKey | None:
    """The key with an id, of any tenant, or None."""
    rows = tx.execute(f"SELECT {_COLUMNS} FROM api_key WHERE id = :id", {"id": key_id})
    return _from_columns(rows[0]) if rows else None


def listed(tx: Transaction, tenant: str | None = None) -> tuple[ApiKey, ...]:
    """Every key, or those of one tenant, oldest first; also revoked and expired ones."""
    rows = tx.execute(
        f"SELECT {_COLUMNS} FROM api_key WHERE tenant = coalesce(:tenant, tenant) ORDER BY tenant, created_at, id",
        {"tenant": tenant},
    )
    return tuple(_from_columns(row) for row in rows)


def any_usable(tx: Transaction, now: datetime) -> bool:
    """Whether there is a key that is neither revoked nor expired."""
    return bool(
        tx.execute(
            "SELECT 1 FROM api_key WHERE revoked_at IS NULL AND (expires_at IS NULL OR expires_at > :now) LIMIT 1",
            {"now": utc_text(now)},
        )
    )


def _to_columns(key: ApiKey) -> dict[str, str | None]:
    return {
        "tenant": key.tenant,
        "id": key.id,
        "name": key.name,
        "scopes": " ".join(key.scopes),
        "digest": key.digest,
        "created_at": utc_text(key.created_at),
        "expires_at": utc_text(key.expires_at) if key.expires_at else None,
        "revoked_at": utc_text(key.revoked_at) if key.revoked_at else None,
        "old_digest": key.old_digest,
        "old_until": utc_text(key.old_until) if key.old_until else None,
    }


def _from_columns(row: tuple[str, ...]) -> ApiKey:
    tenant, key_id, name, scopes, digest, created_at, expires_at, revoked_at, old_digest, old_until = row
    return ApiKey(
        tenant=tenant,
        id=key_id,
        name=name,
        scopes=tuple(scopes.split()),
        digest=digest,
        created_at=datetime.fromisoformat(created_at),
        expires_at=datetime.fromisoformat(expires_at) if expires_at else None,
        revoked_at=datetime.fromisoformat(revoked_at) if revoked_at else None,
        old_digest=old_digest,
        old_until=datetime.fromisoformat(old_until) if old_until else None,
    )
