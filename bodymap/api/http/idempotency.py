"""Idempotency keys: with one, a request that is sent twice is done once."""

import hashlib

import msgspec
from starlette.requests import Request

from bodymap.api.operation import MAX_KEY_LENGTH
from bodymap.errors import Complaint, Invalid


def idempotency_key(request: Request) -> str | None:
    """The key of a request, or None. Raises Invalid for one that is not well-formed, and for more than one."""
    keys = request.headers.getlist("idempotency-key")
    if len(keys) > 1:
        raise Invalid([Complaint("Idempotency-Key", "repeated", "A request has one Idempotency-Key: send one.")])
    key = keys[0] if keys else None
    if key is not None and not (0 < len(key) <= MAX_KEY_LENGTH and key.isascii() and key.isprintable()):
        detail = f"An Idempotency-Key has 1 to {MAX_KEY_LENGTH} printable ASCII characters."
        raise Invalid([Complaint("Idempotency-Key", "out-of-range", detail)])
    return key


def fingerprint_of(request: Request, content: bytes) -> str:
    """A digest of what makes two requests equal: method, address with its query, and body."""
    whole = msgspec.json.encode([request.method, request.url.path, request.url.query]) + b"\n" + content
    return hashlib.sha256(whole).hexdigest()
