"""Verification of keys, links and receipts against the audit. Work for `Database`, as `sessions` is.

An entry about a key or a link carries a digest of it, so that a key cannot get more scopes, or a link another session,
unnoticed. Entries of earlier releases carry none: they only show that the key or link existed.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from hmac import compare_digest
from typing import NamedTuple

import msgspec

from bodymap.storage.receipts import COLUMNS, Seal, sealed_content, unsealed
from bodymap.storage.transaction import Row, Transaction, Value

_KEY = "id, name, scopes, digest, created_at, expires_at, revoked_at, old_digest, old_until"
# Without `revoked_at`: a link is also revoked with the key of the client that made it.
_LINK = "id, session, address, client, created_at, expires_at"

_MAKING_KEY, _REVOKING_KEY = "keys create", "keys revoke"
_MAKING_LINK, _REVOKING_LINK = "createLink", "revokeLink"
OPERATIONS = frozenset({_MAKING_KEY, "keys rotate", _REVOKING_KEY, _MAKING_LINK, _REVOKING_LINK})
"""What is done to keys and links, as the audit names it."""

_AT_ONCE = 1000
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_VERSION = re.compile(r'"([0-9]{1,9})"', re.ASCII)


class Act(NamedTuple):
    """An audit entry about a key or link: its number, the operation, and the digest of the result."""

    number: int
    operation: str
    digest: str | None


class Made(NamedTuple):
    """The audit entry about a new version: its number, the digest of the version, and the clients that got it as the
    answer to a write: who made it, and who would have changed nothing.
    """

    number: int
    digest: str
    clients: set[str]


class _AnswerMembers(msgspec.Struct):
    """The members of a stored answer that can be compared."""

    id: str | None = None
    session: str | None = None
    version: int | None = None


_answers = msgspec.json.Decoder(_AnswerMembers)
_encoder = msgspec.json.Encoder()


def digest_of(tx: Transaction, tenant: str, name: str) -> str | None:
    """The SHA-256 in hexadecimal of the tenant's key or link of an id, None where there is neither."""
    names: dict[str, Value] = {"tenant": tenant, "id": name}
    for table, columns in (("api_key", _KEY), ("link", _LINK)):
        for row in tx.execute(f"SELECT {columns} FROM {table} WHERE tenant = :tenant AND id = :id", names):
            return _digest(row)
    return None


def altered_keys(tx: Transaction, tenant: str, acts: Mapping[str, list[Act]]) -> Iterator[tuple[int, str]]:
    """Problems with the keys of a tenant, each with the number of the entry that it contradicts (0: none)."""
    rows = tx.execute(f"SELECT {_KEY}, revoked_at FROM api_key WHERE tenant = :tenant ORDER BY id", {"tenant": tenant})
    for *columns, revoked_at in rows:
        name, acts_on_it = columns[0], acts.get(columns[0], [])
        if not acts_on_it:
            yield 0, f"the key {name} has no entry"
            continue
        last = acts_on_it[-1]
        if last.digest is not None and last.digest != _digest(tuple(columns)):
            yield last.number, f"the key {name} is not what entry {last.number} tells of"
        elif revoked_at is None and last.operation == _REVOKING_KEY:
            yield last.number, f"the key {name} is in force again, which entry {last.number} revoked"
        elif revoked_at is not None and all(act.operation != _REVOKING_KEY for act in acts_on_it):
            yield 0, f"the key {name} was revoked, of which no entry tells"
    yield from _missing(acts, _MAKING_KEY, "key", {row[0] for row in rows})


def altered_links(tx: Transaction, tenant: str, acts: Mapping[str, list[Act]]) -> Iterator[tuple[int, str]]:
    """Problems with the links of a tenant, in the form of `altered_keys`."""
    rows = tx.execute(f"SELECT {_LINK}, revoked_at FROM link WHERE tenant = :tenant ORDER BY id", {"tenant": tenant})
    for *columns, revoked_at in rows:
        name, client, acts_on_it = columns[0], columns[3], acts.get(columns[0], [])
        if not acts_on_it:
            yield 0, f"the link {name} has no entry"
            continue
        first, last = acts_on_it[0], acts_on_it[-1]
        with_key = acts.get(client.removeprefix("key:"), [])
        ends = [act.number for act in acts_on_it if act.operation == _REVOKING_LINK]
        ends += [act.number for act in with_key if act.operation == _REVOKING_KEY and act.number > first.number]
        if last.digest is not None and last.digest != _digest(tuple(columns)):
            yield last.number, f"the link {name} is not what entry {last.number} tells of"
        elif revoked_at is None and ends:
            yield ends[0], f"the link {name} is in force again, which entry {ends[0]} revoked"
        elif revoked_at is not None and not ends:
            yield 0, f"the link {name} was revoked, of which no entry tells"
    yield from _missing(acts, _MAKING_LINK, "link", {row[0] for row in rows})


def altered_receipts(
    tx: Transaction, tenant: str, made: Mapping[tuple[str, int], Made], seal: Seal
) -> Iterator[tuple[int, str]]:
    """Problems with the answers stored for idempotency keys, in the form of `altered_keys`: each must be as it was
    sealed, and one about a version must be of a client that got it.
    """
    after: dict[str, Value] = {"client": "", "key": ""}
    while rows := tx.execute(
        f"SELECT {', '.join(COLUMNS)} FROM receipt WHERE tenant = :tenant "
        "AND (client, key) > (:client, :key) ORDER BY client, key LIMIT :limit",
        {"tenant": tenant, "limit": _AT_ONCE, **after},
    ):
        for row in rows:
            _, client, key, _, status, kept_headers, body, _ = row
            name = f"the answer kept for {client} under the key {key!r}"
            try:
                stated, headers = unsealed(kept_headers)
                session, version = _version_in(headers, bytes(body))
            except msgspec.MsgspecError:
                yield 0, f"{name} cannot be read"
                continue
            if stated is None or not compare_digest(stated.encode(), seal(sealed_content(row, headers)).hex().encode()):
                yield 0, f"{name} is not as it was kept"
            if not 200 <= status < 300:
                yield 0, f"{name} is no success: refusals are not kept"
            elif session is not None and version is not None:
                entry = made.get((session, version))
                if entry is None:
                    yield 0, f"{name} tells of version {version} of session {session}, which no entry knows"
                elif client not in entry.clients:
                    yield entry.number, f"{name} tells of what entry {entry.number} says that another client did"
        after = {"client": rows[-1][1], "key": rows[-1][2]}


def _version_in(headers: tuple[tuple[str, str], ...], body: bytes) -> tuple[str | None, int | None]:
    """The session and version that an answer is about, if any."""
    if _ID.fullmatch(text := body.decode("utf-8", "replace")):
        return text, 1
    answer = _answers.decode(body) if body else _AnswerMembers()
    tag = _VERSION.fullmatch(dict(headers).get("ETag", ""))
    version = answer.version if answer.version is not None else int(tag[1]) if tag else None
    return answer.session if answer.session is not None or answer.version is None else answer.id, version


def _missing(acts: Mapping[str, list[Act]], making: str, what: str, present: set[str]) -> Iterator[tuple[int, str]]:
    for name, acts_on_it in acts.items():
        for act in acts_on_it:
            if act.operation == making and name not in present:
                yield act.number, f"the {what} {name}, of which entry {act.number} tells, is missing"


def _digest(row: Row) -> str:
    return hashlib.sha256(_encoder.encode(row)).hexdigest()
