"""Receipts: the answers that were given for idempotency keys. Work for `Database`, as `sessions` is.

An answer with a version of a session is not stored twice: its receipt refers to the version, from which it is made
again. A receipt is sealed with the key of the audit, so that `bodymap audit verify` finds one that was altered.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from bodymap.errors import StillRunning, Unavailable
from bodymap.storage.transaction import Transaction, Value
from bodymap.storage.utc_text import utc_text

_EXPIRE_LIMIT = 1000

# Stands before the headers of a receipt whose body is a reference.
_REFERS = ("Bodymap-Body", "reference")

# Stands before all other headers: the seal of the row.
_SEAL = "Bodymap-Seal"
COLUMNS = ("tenant", "client", "key", "fingerprint", "status", "headers", "body", "created_at")

Seal = Callable[[bytes], bytes]
"""Gives the seal of what a row holds."""

_encoder = msgspec.json.Encoder()
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
    rows = tx.execute(
        "SELECT fingerprint, status, headers, body FROM receipt "
        "WHERE tenant = :tenant AND client = :client AND key = :key",
        {"tenant": tenant, "client": client, "key": key},
    )
    if not rows:
        return None
    [(fingerprint, status, stored_headers, body)] = rows
    _, headers = unsealed(stored_headers)
    if headers[:1] == (_REFERS,):
        headers, body = headers[1:], _references.decode(body)
    return Receipt(fingerprint=fingerprint, status=status, headers=headers, body=body)


def unsealed(headers: str) -> tuple[str | None, tuple[tuple[str, str], ...]]:
    """The seal in the column of headers, None if there is none, and the headers. Raises `msgspec.MsgspecError`."""
    decoded = _headers.decode(headers)
    if decoded and decoded[0][0] == _SEAL:
        return decoded[0][1], decoded[1:]
    return None, decoded


def sealed_content(row: Sequence[Value], headers: tuple[tuple[str, str], ...]) -> bytes:
    """What a receipt's seal is made of: its row, in the order of `COLUMNS`, with the headers apart from the seal."""
    named = dict(zip(COLUMNS, row, strict=True)) | {"headers": headers}
    return _encoder.encode(named)


def insert(
    tx: Transaction,
    tenant: str,
    client: str,
    key: str,
    receipt: Receipt,
    created_at: datetime,
    seal: Seal | None = None,
) -> None:
    """Stores a receipt. Raises `StillRunning` where the key got one since `find`, from a request at the same time."""
    headers, body = receipt.headers, receipt.body
    if isinstance(body, Reference):
        headers, body = (_REFERS, *headers), _encoder.encode(body)
    row = (tenant, client, key, receipt.fingerprint, receipt.status, "", body, utc_text(created_at))
    if seal is not None:
        headers = ((_SEAL, seal(sealed_content(row, headers)).hex()), *headers)
    values: dict[str, Value] = dict(zip(COLUMNS, row, strict=True))
    values["headers"] = _encoder.encode(headers).decode()
    inserted = tx.execute(
        f"INSERT INTO receipt ({', '.join(COLUMNS)}) VALUES ({', '.join(f':{name}' for name in COLUMNS)}) "
        "ON CONFLICT (tenant, client, key) DO NOTHING RETURNING key",
        values,
    )
    if not inserted:
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
