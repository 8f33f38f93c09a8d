"""API keys: creating, rotating, revoking and recognising them.

A key reads `bm_<id>_<secret>`. The id identifies a key in lists; the secret is 256 random bits, so that it is enough to
store a plain SHA-256 of the whole: it cannot be guessed.
"""

import base64
import hashlib
import hmac
import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from msgspec import structs

from bodymap.errors import Conflict, Missing, Unauthenticated
from bodymap.service.principal import Principal
from bodymap.storage import keys, links
from bodymap.storage.keys import ApiKey
from bodymap.storage.transaction import Transaction

_KEY = re.compile(r"bm_([a-z2-7]{16})_[a-z2-7]{52}", re.ASCII)
_ID_BYTES = 10
_SECRET_BYTES = 32


def id_in(token: str) -> str | None:
    """The id in a key, None if the text does not have the form of a key."""
    match = _KEY.fullmatch(token)
    return match[1] if match else None


def create(
    tx: Transaction, tenant: str, scopes: Sequence[str], name: str, now: datetime, expires_at: datetime | None
) -> tuple[ApiKey, str]:
    """A new key of a tenant: its record, and the key itself, which is shown only once."""
    key_id = _random(_ID_BYTES)
    token, digest = _secret_of(key_id)
    key = ApiKey(
        tenant=tenant,
        id=key_id,
        name=name,
        scopes=tuple(dict.fromkeys(scopes)),
        digest=digest,
        created_at=now,
        expires_at=expires_at,
    )
    keys.insert(tx, key)
    return key, token


def rotate(tx: Transaction, key_id: str, old_until: datetime, expires_at: datetime | None) -> tuple[ApiKey, str]:
    """A new key for the client of a key; the previous one is accepted until `old_until`.

    Idempotency keys, the audit and history go on under the same client. With `expires_at` None the expiry does not
    change. Raises Missing, and Conflict for a revoked key.
    """
    before = _key_of(tx, key_id)
    if before.revoked_at is not None:
        raise Conflict(f"The key {key_id} was revoked. Make a new one.")
    token, digest = _secret_of(key_id)
    after = structs.replace(
        before,
        digest=digest,
        old_digest=before.digest,
        old_until=old_until,
        expires_at=expires_at or before.expires_at,
    )
    keys.replace(tx, after)
    return after, token


def revoke(tx: Transaction, key_id: str, now: datetime) -> ApiKey:
    """The key, revoked together with the links that its client created. Idempotent. Raises Missing."""
    key = _key_of(tx, key_id)
    if key.revoked_at is None:
        key = structs.replace(key, revoked_at=now)
        keys.replace(tx, key)
        links.revoke_those_of(tx, key.tenant, client_of(key), now)
    return key


def client_of(key: ApiKey) -> str:
    """The name of the client of a key, which stays when the key is rotated."""
    return f"key:{key.id}"


def state_of(key: ApiKey, now: datetime) -> str:
    """`active`, `expired` or `revoked`."""
    if key.revoked_at is not None:
        return "revoked"
    return "expired" if key.expires_at is not None and key.expires_at <= now else "active"


def recognised(key: ApiKey | None, token: str, now: datetime) -> Principal:
    """The principal of a key. Raises Unauthenticated, with the reason only if the secret is right."""
    digest = _digest(token)
    if key is None:
        raise Unauthenticated("This key is not known.")
    if not hmac.compare_digest(digest, key.digest):
        # Compared in any case, so that the time reveals nothing.
        was = hmac.compare_digest(digest, key.old_digest or "")
        if not was or key.old_until is None:
            raise Unauthenticated("This key is not known.")
        if key.old_until <= now:
            raise Unauthenticated("This key was rotated: another has taken its place.")
    state = state_of(key, now)
    if state != "active":
        raise Unauthenticated(f"This key {'was revoked' if state == 'revoked' else 'has expired'}.")
    return Principal(tenant=key.tenant, client=client_of(key), scopes=frozenset(key.scopes), name=key.name)


def _key_of(tx: Transaction, key_id: str) -> ApiKey:
    key = keys.find(tx, key_id)
    if key is None:
        raise Missing(f"There is no key {key_id!r}: `bodymap keys list` names them.")
    return key


def _secret_of(key_id: str) -> tuple[str, str]:
    token = f"bm_{key_id}_{_random(_SECRET_BYTES)}"
    return token, _digest(token)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _random(count: int) -> str:
    return base64.b32encode(secrets.token_bytes(count)).decode().rstrip("=").lower()
