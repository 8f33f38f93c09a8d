"""Receipts: the answers that were given for idempotency keys. Work for `Database`, as `sessions` is.

An answer with a version of a session is not stored twice: its receipt refers to the version, from which it is made
again.
"""

from datetime import datetime

import msgspec

from bodymap.errors import StillRunning, Unavailable
from bodymap.storage.transaction import Transaction
from bodymap.storage.utc_text import utc_text

_EXPIRE_LIMIT = 1000

# Stands before the headers of a receipt whose body is a reference.
_REFERS = ("Bodymap-Body", "reference")

_headers = msgspec.json.Decoder(tuple[tuple[str, str], ...])


class Reference(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What an answer is made from: a version of a session, or one placement in it, and `previously` the version before
    it."""

    session: str
    version: int
    placement: str | None = None
    previously: int | None = None


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """An answer as it was given, and the fingerprint of the request that it was given for. The body is kept byte for
    byte, or is a reference to what it is made of."""

    fingerprint: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes | Reference


_references = msgspec.json.Decoder(Reference)


def find(tx: Transaction, tenant: str, client: str, key: str) -> Receipt | None:
    """The receipt of a client's key, or None.

    In a transaction that writes, a request with the same key that is still running is waited for; raises `StillRunning`
    where that takes too long.
    """
    try:
        tx.lock("receipt", tenant, client, key)
    except Unavailable as error:
        raise _still_running() from error
    found = tx.execute(
        "SELECT fingerprint, status, headers, body FROM receipt "
        "WHERE tenant = :tenant AND client = :client AND key = :key",
        {"tenant": tenant, "client": client, "key": key},
    )
    if not found:
        return None
    [(fingerprint, status, kept, body)] = found
    headers = _headers.decode(kept)
    if headers[:1] == (_REFERS,):
        headers, body = headers[1:], _references.decode(body)
    return Receipt(fingerprint=fingerprint, status=status, headers=headers, body=body)


def insert(tx: Transaction, tenant: str, client: str, key: str, receipt: Receipt, created_at: datetime) -> None:
    """Stores a receipt. Raises `StillRunning` where the key got one since `find`, from a request at the same time."""
    headers, body = receipt.headers, receipt.body
    if isinstance(body, Reference):
        headers, body = (_REFERS, *headers), msgspec.json.encode(body)
    kept = tx.execute(
        "INSERT INTO receipt (tenant, client, key, fingerprint, status, headers, body, created_at) "
        "VALUES (:tenant, :client, :key, :fingerprint, :status, :headers, :body, :created_at) "
        "ON CONFLICT (tenant, client, key) DO NOTHING RETURNING key",
        {
            "tenant": tenant,
            "client": client,
            "key": key,
            "fingerprint": receipt.fingerprint,
            "status": receipt.status,
            "headers": msgspec.json.encode(headers).decode(),
            "body": body,
            "created_at": utc_text(created_at),
        },
    )
    if not kept:
        raise _still_running()


def _still_running() -> StillRunning:
    return StillRunning("Another request with this Idempotency-Key is being answered. Repeat it later.")


def expire(tx: Transaction, before: datetime, limit: int = _EXPIRE_LIMIT) -> int:
    """Deletes the oldest receipts made before a moment, up to `limit` so that others wait little. Returns how many."""
    gone = tx.execute(
        "DELETE FROM receipt WHERE (tenant, client, key) IN ("
        "SELECT tenant, client, key FROM receipt WHERE created_at < :before ORDER BY created_at LIMIT :limit"
        ") RETURNING key",
        {"before": utc_text(before), "limit": limit},
    )
    return len(gone)
