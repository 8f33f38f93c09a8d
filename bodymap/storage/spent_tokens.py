"""Tokens that may be used once. Work for `Database`, as `sessions` is."""

from datetime import datetime

from bodymap.storage.transaction import Transaction
from bodymap.storage.utc_text import utc_text


def use(tx: Transaction, tenant: str, issuer: str, token: str, expires_at: datetime, now: datetime) -> bool:
    """Records the use of a token; False if it was used before. Deletes expired ones."""
    tx.execute(
        "DELETE FROM used_token WHERE tenant = :tenant AND expires_at < :now", {"tenant": tenant, "now": utc_text(now)}
    )
    noted = tx.execute(
        "INSERT INTO used_token (tenant, issuer, token, expires_at) VALUES (:tenant, :issuer, :token, :expires_at) "
        "ON CONFLICT (tenant, issuer, token) DO NOTHING RETURNING token",
        {"tenant": tenant, "issuer": issuer, "token": token, "expires_at": utc_text(expires_at)},
    )
    return bool(noted)
