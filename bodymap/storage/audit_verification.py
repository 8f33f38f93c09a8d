"""Verification of the audit, and of the record against the audit."""

from collections.abc import Iterator

import msgspec

from bodymap.storage import step_verification
from bodymap.storage.access import OPERATIONS, Act, Made, altered_keys, altered_links, altered_receipts
from bodymap.storage.audit import COLUMNS, FIRST, SERVICE, Chain, Head, heads
from bodymap.storage.record_verification import check_record
from bodymap.storage.transaction import Row, Transaction

_AT_ONCE = 5000
_MOST = 20
_NUMBER = COLUMNS.index("number")
_KEY_ID = COLUMNS.index("key_id")
_SESSIONS = COLUMNS.index("sessions")
_OPERATION = COLUMNS.index("operation")
_OUTCOME = COLUMNS.index("outcome")
_CLIENT = COLUMNS.index("client")
_ABOUT = COLUMNS.index("about")
_VERSION = COLUMNS.index("version")
_DIGEST = COLUMNS.index("digest")

_ids = msgspec.json.Decoder(tuple[str, ...])


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A problem: in which chain, at which entry, and what it is."""

    tenant: str
    number: int
    detail: str


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What was found in one chain of so many entries, and in so many versions of sessions (none if only the chain was
    verified): up to 20 findings, and how many there are in all.
    """

    tenant: str
    entries: int
    versions: int
    findings: tuple[Finding, ...]
    found: int


def tenants(tx: Transaction) -> tuple[str, ...]:
    """Every tenant that has entries, a head, or sessions."""
    rows = tx.execute(
        "SELECT tenant FROM audit_head UNION SELECT tenant FROM audit_entry UNION SELECT tenant FROM session "
        "UNION SELECT tenant FROM api_key ORDER BY 1"
    )
    return tuple(tenant for (tenant,) in rows)


def verify(
    tx: Transaction, chain: Chain, tenant: str, exported: Head | None = None, chain_alone: bool = False
) -> Verdict:
    """Verifies every entry of a tenant, in the state of the database that the transaction sees, and at every version of
    a session with all that follows from it, every key, link and receipt, unless only the chain is requested.

    `exported` is a head that was exported earlier: the entry that it names must still be there, as it was.
    """
    made: dict[tuple[str, int], Made] = {}
    acts: dict[str, list[Act]] = {}
    notes: list[tuple[int, str]] = []
    findings = _Findings(tenant)
    entries, last, mac = 0, 0, FIRST
    named: bytes | None = None
    for row in _rows(tx, tenant):
        entries += 1
        number, previous, mac = row[_NUMBER], mac, bytes(row[-1])
        if number != last + 1:
            findings.add(last + 1, f"{_span(last + 1, number - 1)} missing before {_entry_in_words(row)}")
        # Each `mac` is computed from the one before as it stands there, so that what is wrong with one entry is told of
        # that one and not of all that follow. The first one after a gap cannot be computed.
        elif row[_KEY_ID] != chain.key_id:
            findings.add(number, f"{_entry_in_words(row)} was chained with another secret, {row[_KEY_ID]}")
        elif chain.link(tenant, previous, row[:-1]) != mac:
            findings.add(number, f"{_entry_in_words(row)} is not what was written there, or follows one that is not")
        if row[_OPERATION] == step_verification.OPERATION and tenant == SERVICE:
            notes.append((number, row[_ABOUT] or ""))
        if not chain_alone and row[_OUTCOME] == "done":
            if row[_OPERATION] in OPERATIONS and row[_ABOUT] is not None:
                acts.setdefault(row[_ABOUT], []).append(Act(number, row[_OPERATION], row[_DIGEST]))
            elif row[_DIGEST] is not None and row[_VERSION] is not None:
                entry = Made(number, row[_DIGEST], set())
                made.setdefault((_first(row[_SESSIONS]), row[_VERSION]), entry).clients.add(row[_CLIENT])
        if exported is not None and number == exported.number:
            named = mac
        last = number
    _check_head(tx, chain, last, mac, findings)
    if exported is not None:
        _check_exported(chain, exported, last, named, findings)
    versions = 0
    if not chain_alone:
        versions = check_record(tx, tenant, made, findings.add)
        for detail in (
            *altered_keys(tx, tenant, acts),
            *altered_links(tx, tenant, acts),
            *altered_receipts(tx, tenant, made, chain.receipt_seal),
            *step_verification.altered_steps(tx, notes),
        ):
            findings.add(*detail)
    return Verdict(
        tenant=tenant, entries=entries, versions=versions, findings=tuple(findings.first), found=findings.count
    )


class _Findings:
    def __init__(self, tenant: str) -> None:
        self.tenant = tenant
        self.first: list[Finding] = []
        self.count = 0

    def add(self, number: int, detail: str) -> None:
        self.count += 1
        if len(self.first) < _MOST:
            self.first.append(Finding(tenant=self.tenant, number=number, detail=detail))


def _check_head(tx: Transaction, chain: Chain, last: int, mac: bytes, findings: _Findings) -> None:
    """Checks that the chain ends where its head says."""
    if not (standing := heads(tx, findings.tenant)):
        if last:
            findings.add(last, "the head is missing, so that nothing says which entry was the last")
        return
    [head] = standing
    if head.key_id != chain.key_id:
        findings.add(head.number, f"the head was sealed with another secret, {head.key_id}")
    elif not chain.sealed(head.tenant, head.number, bytes.fromhex(head.mac), bytes.fromhex(head.seal)):
        findings.add(head.number, "the head is not one that this service sealed")
    elif head.number > last:
        findings.add(last + 1, f"{_span(last + 1, head.number)} missing at the end: the tail was cut off")
    elif head.number < last:
        findings.add(head.number + 1, f"{_span(head.number + 1, last)} put in after the last that was written")
    elif bytes.fromhex(head.mac) != mac:
        findings.add(last, f"entry {last} is not the one that the head was sealed on")


def _check_exported(chain: Chain, exported: Head, last: int, named: bytes | None, findings: _Findings) -> None:
    """Checks that the entry of an exported head is still there."""
    mac = bytes.fromhex(exported.mac)
    if exported.key_id != chain.key_id:
        findings.add(exported.number, f"the exported head was sealed with another secret, {exported.key_id}")
    elif not chain.sealed(exported.tenant, exported.number, mac, bytes.fromhex(exported.seal)):
        findings.add(exported.number, "the exported head is not one that this service sealed")
    elif exported.number > last:
        span = _span(last + 1, exported.number)
        findings.add(last + 1, f"{span} missing at the end: the exported head knows them")
    elif exported.number and named != mac:
        findings.add(exported.number, f"entry {exported.number} is not the one that the exported head knows")


def _first(sessions: str) -> str:
    """The first of the ids in a column; of what an entry never held, nothing that is anywhere."""
    try:
        return _ids.decode(sessions)[0]
    except (msgspec.MsgspecError, IndexError):
        return sessions


def _rows(tx: Transaction, tenant: str) -> Iterator[Row]:
    """The rows of a chain in their order, a few thousand at a time, whatever their number."""
    after = 0
    while True:
        rows = tx.execute(
            f"SELECT {', '.join(COLUMNS)}, mac FROM audit_entry "
            "WHERE tenant = :tenant AND number > :after ORDER BY number LIMIT :limit",
            {"tenant": tenant, "after": after, "limit": _AT_ONCE},
        )
        yield from rows
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1][_NUMBER]


def _entry_in_words(row: Row) -> str:
    columns = dict(zip(COLUMNS, row, strict=False))
    return f"entry {columns['number']} ({columns['at']}, {columns['operation']} by {columns['client']})"


def _span(first: int, last: int) -> str:
    return f"entry {first} is" if first == last else f"entries {first} to {last} are"
