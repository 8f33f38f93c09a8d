"""The audit: entries that are only ever added, each chained to the one before. Work for `Database`, as `sessions` is.

Every tenant has a chain of its own. An entry's `mac` covers the `mac` of the one before and all columns of its own row,
so that nobody without the key can change, remove, insert or move one unnoticed. The head, one row a tenant, says which
entry is the last, sealed with the same key, which reveals a tail that was cut off. Restoring an older head together
with the older tail is revealed only by a head that was exported in between.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.errors import AuditBroken
from bodymap.storage import access
from bodymap.storage.transaction import Row, Transaction, Value
from bodymap.storage.utc_text import utc_text
from bodymap.storage.version_digest import digests

Action = Literal["read", "write"]
Outcome = Literal["done", "replayed", "refused", "failed"]

SERVICE = ""
"""The tenant for requests whose sender is unknown."""

FIRST = bytes(32)
"""The `mac` before the first entry."""

COLUMNS = (
    *("number", "at", "action", "outcome", "problem", "status", "operation", "client", "name", "address", "request"),
    *("sessions", "version", "about", "digest", "key_id"),
)
_INSERT = (
    f"INSERT INTO audit_entry (tenant, {', '.join(COLUMNS)}, mac) "
    f"VALUES (:tenant, {', '.join(f':{name}' for name in COLUMNS)}, :mac)"
)

_encoder = msgspec.json.Encoder()
_ids = msgspec.json.Decoder(tuple[str, ...])


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What happened: who (the client that a key or token names, and its name to be read), when, from where (the network
    address), and what (the operation, the sessions that it told of or changed and the version they have, and the id of
    what else it was `about`, such as an API key, or how many anonymous requests it stands for).

    Nothing in it comes from a record but ids that the server made: no subject, no note, no query. `status` is that of
    HTTP, `problem` the code of what was refused, `request` the id that the answer and the log carry too.
    """

    tenant: str
    at: datetime
    action: Action
    outcome: Outcome
    operation: str
    client: str
    name: str | None = None
    address: str | None = None
    request: str | None = None
    problem: str | None = None
    status: int | None = None
    sessions: tuple[str, ...] = ()
    version: int | None = None
    about: str | None = None


class RecordedEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A stored audit entry: `Entry`, without the tenant, with its number in the tenant's chain and its `mac` in
    hexadecimal. `digest` is the SHA-256 of what the version holds that it made, or of the key or link that it is about.
    """

    number: Annotated[int, Meta(description="Its number in the tenant's chain, from 1.")]
    at: Annotated[datetime, Meta(description="When.")]
    action: Annotated[Action, Meta(description="Whether it read or wrote.")]
    outcome: Annotated[Outcome, Meta(description="How it ended.")]
    problem: Annotated[str | None, Meta(description="The code of the problem, where it was refused or failed.")]
    status: Annotated[int | None, Meta(description="The HTTP status, where there was one.")]
    operation: Annotated[str, Meta(description="The `operationId`.")]
    client: Annotated[str, Meta(description="The client's id.")]
    name: Annotated[str | None, Meta(description="The client's name.")]
    address: Annotated[str | None, Meta(description="The address that the request came from.")]
    request: Annotated[str | None, Meta(description="The request's id.")]
    sessions: Annotated[tuple[str, ...], Meta(description="Ids of the sessions that it tells of.")]
    version: Annotated[int | None, Meta(description="The version that they have.")]
    about: Annotated[str | None, Meta(description="The id of anything else that it tells of.")]
    digest: Annotated[str | None, Meta(description="The SHA-256 of what it is about, in hexadecimal.")]
    mac: Annotated[str, Meta(description="The keyed digest that chains it to the one before, in hexadecimal.")]


class AuditQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Filters on entries; everything that is given must hold. `from_` is included, `to` is not; `before` and `after`
    are numbers of entries.
    """

    from_: datetime | None = None
    to: datetime | None = None
    client: str | None = None
    operation: str | None = None
    action: Action | None = None
    outcome: Outcome | None = None
    session: str | None = None
    before: int | None = None
    after: int | None = None
    limit: int = 100


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The last entry of a tenant: its number and `mac`, and the seal on both, in hexadecimal."""

    tenant: str
    number: int
    mac: str
    key_id: str
    seal: str


class Chain:
    """The key of the audit, and what is computed with it: BLAKE2b with a key (RFC 7693), which here takes a third of
    the time of an HMAC, so that a long chain is verified in seconds.
    """

    __slots__ = ("_key", "key_id")

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.key_id = self._mac(b"key", b"").hex()[:8]

    def link(self, tenant: str, previous: bytes, row: Sequence[Value]) -> bytes:
        """The `mac` of a row, its values in the order of `COLUMNS`, after the entry with the given `mac`."""
        return self._mac(b"entry", previous + _encoder.encode(tenant) + _encoder.encode(row))

    def seal(self, tenant: str, number: int, mac: bytes) -> bytes:
        """The seal of a head, which needs the key."""
        return self._mac(b"head", mac + _encoder.encode((tenant, number)))

    def sealed(self, tenant: str, number: int, mac: bytes, seal: bytes) -> bool:
        """Whether a head was sealed with this key."""
        return hmac.compare_digest(self.seal(tenant, number, mac), seal)

    def receipt_seal(self, content: bytes) -> bytes:
        """The seal of an answer that is kept for an idempotency key, which needs the key."""
        return self._mac(b"receipt", content)

    def _mac(self, purpose: bytes, content: bytes) -> bytes:
        return hashlib.blake2b(content, digest_size=32, key=self._key, person=purpose).digest()


def append(tx: Transaction, chain: Chain, entries: Iterable[Entry]) -> None:
    """Adds entries to the chains of their tenants, in their order.

    To be called last in a transaction: concurrent writers wait for the head's row. Raises `AuditBroken` if a head was
    not sealed by this service: appending to it would hide the alteration.
    """
    by_tenant: dict[str, list[Entry]] = {}
    for entry in entries:
        by_tenant.setdefault(entry.tenant, []).append(entry)
    # Always in one order, so that two transactions never deadlock.
    for tenant in sorted(by_tenant):
        _append(tx, chain, tenant, by_tenant[tenant])


def find(tx: Transaction, tenant: str, query: AuditQuery) -> tuple[RecordedEntry, ...]:
    """The tenant's entries that match, newest first."""
    names: dict[str, Value] = {"tenant": tenant, "limit": query.limit}
    asked = ["tenant = :tenant"]
    for name in ("client", "operation", "action", "outcome"):
        if (value := getattr(query, name)) is not None:
            asked.append(f"{name} = :{name}")
            names[name] = value
    if query.from_ is not None:
        asked.append("at >= :from_")
        names["from_"] = utc_text(query.from_)
    if query.to is not None:
        asked.append("at < :to")
        names["to"] = utc_text(query.to)
    if query.session is not None:
        asked.append("sessions LIKE :session ESCAPE '!'")
        names["session"] = f"%{_literally(_encoder.encode(query.session).decode())}%"
    for name, sign in (("before", "<"), ("after", ">")):
        if (value := getattr(query, name)) is not None:
            asked.append(f"number {sign} :{name}")
            names[name] = value
    rows = tx.execute(
        f"SELECT {', '.join(COLUMNS)}, mac FROM audit_entry "
        f"WHERE {' AND '.join(asked)} ORDER BY number DESC LIMIT :limit",
        names,
    )
    return tuple(_recorded(row) for row in rows)


def read(tx: Transaction, tenant: str, after: int, limit: int) -> tuple[RecordedEntry, ...]:
    """The tenant's entries that follow a number, oldest first."""
    rows = tx.execute(
        f"SELECT {', '.join(COLUMNS)}, mac FROM audit_entry "
        "WHERE tenant = :tenant AND number > :after ORDER BY number LIMIT :limit",
        {"tenant": tenant, "after": after, "limit": limit},
    )
    return tuple(_recorded(row) for row in rows)


def heads(tx: Transaction, tenant: str | None = None) -> tuple[Head, ...]:
    """The head of each tenant, or of one."""
    rows = tx.execute(
        "SELECT tenant, number, mac, key_id, seal FROM audit_head "
        + ("" if tenant is None else "WHERE tenant = :tenant ")
        + "ORDER BY tenant",
        {} if tenant is None else {"tenant": tenant},
    )
    return tuple(
        Head(tenant=of, number=number, mac=bytes(mac).hex(), key_id=key_id, seal=bytes(seal).hex())
        for of, number, mac, key_id, seal in rows
    )


def has_entries(tx: Transaction) -> bool:
    """Whether anything is chained yet, in any tenant's chain."""
    return bool(
        tx.execute("SELECT 1 FROM audit_head LIMIT 1") or tx.execute("SELECT 1 FROM audit_entry LIMIT 1"),
    )


def check_heads(tx: Transaction, chain: Chain) -> None:
    """Raises `AuditBroken` if a head was not sealed with this key: another secret, or an alteration."""
    for head in heads(tx):
        if not chain.sealed(head.tenant, head.number, bytes.fromhex(head.mac), bytes.fromhex(head.seal)):
            raise _broken(chain, head.tenant, head.key_id)


def _append(tx: Transaction, chain: Chain, tenant: str, entries: Sequence[Entry]) -> None:
    number, mac = _last(tx, chain, tenant)
    rows = []
    for entry in entries:
        number += 1
        row = _row(chain, entry, number, _made(tx, entry))
        mac = chain.link(tenant, mac, row)
        rows.append({**dict(zip(COLUMNS, row, strict=True)), "tenant": tenant, "mac": mac})
    tx.execute_many(_INSERT, rows)
    tx.execute(
        "UPDATE audit_head SET number = :number, mac = :mac, key_id = :key_id, seal = :seal WHERE tenant = :tenant",
        {
            "tenant": tenant,
            "number": number,
            "mac": mac,
            "key_id": chain.key_id,
            "seal": chain.seal(tenant, number, mac),
        },
    )


def _last(tx: Transaction, chain: Chain, tenant: str) -> tuple[int, bytes]:
    """The number and `mac` of the last entry; the head's row stays locked to the end of the transaction."""
    [(number, mac, key_id, seal)] = tx.execute(
        "INSERT INTO audit_head (tenant, number, mac, key_id, seal) VALUES (:tenant, 0, :mac, :key_id, :seal) "
        "ON CONFLICT (tenant) DO UPDATE SET number = audit_head.number RETURNING number, mac, key_id, seal",
        {"tenant": tenant, "mac": FIRST, "key_id": chain.key_id, "seal": chain.seal(tenant, 0, FIRST)},
    )
    if not chain.sealed(tenant, number, bytes(mac), bytes(seal)):
        raise _broken(chain, tenant, key_id)
    return number, bytes(mac)


def _made(tx: Transaction, entry: Entry) -> str | None:
    """The digest of the version that was made, where one was, or of the key or link; of the sessions it is the first
    that was changed.
    """
    if entry.action != "write" or entry.outcome != "done":
        return None
    if entry.about is not None:
        return access.digest_of(tx, entry.tenant, entry.about)
    if entry.version is None or not entry.sessions:
        return None
    return digests(tx, entry.tenant, entry.sessions[0], entry.version, entry.version).get(entry.version)


def _row(chain: Chain, entry: Entry, number: int, digest: str | None) -> Row:
    return (
        number,
        utc_text(entry.at),
        entry.action,
        entry.outcome,
        entry.problem,
        entry.status,
        entry.operation,
        entry.client,
        entry.name,
        entry.address,
        entry.request,
        _encoder.encode(entry.sessions).decode(),
        entry.version,
        entry.about,
        digest,
        chain.key_id,
    )


def _recorded(row: Row) -> RecordedEntry:
    members = dict(zip(COLUMNS, row, strict=False))
    del members["key_id"]
    members |= {"at": datetime.fromisoformat(members["at"]), "sessions": _ids.decode(members["sessions"])}
    return RecordedEntry(**members, mac=bytes(row[-1]).hex())


def _literally(text: str) -> str:
    """The text as a LIKE pattern that matches only itself."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _broken(chain: Chain, tenant: str, key_id: str) -> AuditBroken:
    whose = f"of the tenant {tenant!r}" if tenant else "of the service"
    if key_id != chain.key_id:
        return AuditBroken(
            f"The audit {whose} was chained with another secret ({key_id}, this one is {chain.key_id}). Restore the "
            f"secret that the database was written with."
        )
    return AuditBroken(
        f"The head of the audit {whose} was not written by this service. Nothing is appended to it, since that would "
        f"hide the alteration: see `bodymap audit verify`, and restore the database from a backup."
    )
