"""Verification of the whole record, and the result of the last one. It is reported and stops nothing: people who work
with an altered record have to know, and still need the record.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from bodymap.storage import step_verification
from bodymap.storage.audit import SERVICE, AuditQuery, Chain, Entry, Head, find, heads
from bodymap.storage.audit_verification import Verdict, tenants, verify
from bodymap.storage.transaction import Transaction

OPERATION = "audit verify"
"""The operation of audit entries about a verification; `about` is the number of problems."""

_ABOUT = re.compile(r"([0-9]+) wrong", re.ASCII)


class LastLook(msgspec.Struct, frozen=True, kw_only=True):
    """When the record was last verified, and the number of problems."""

    at: datetime
    found: int


def verify_all(
    tx: Transaction, chain: Chain, exported: Mapping[str, Head] | None = None, chain_only: bool = False
) -> list[Verdict]:
    """The verdict on every tenant, and on those of which a head was exported earlier."""
    known = exported or {}
    return [verify(tx, chain, each, known.get(each), chain_only) for each in sorted({*tenants(tx), *known})]


def entry_of(look: Entry, verdicts: Sequence[Verdict]) -> Entry:
    """The audit entry about a verification and its outcome, in the service's own chain."""
    problems = sum(verdict.found for verdict in verdicts)
    return msgspec.structs.replace(look, tenant=SERVICE, operation=OPERATION, about=f"{problems} wrong")


def entry_of_steps(tx: Transaction, look: Entry) -> Entry | None:
    """The entry about the steps that the database has taken; None if the newest one says the same."""
    ledger = step_verification.ledger(tx)
    newest = find(tx, SERVICE, AuditQuery(operation=step_verification.OPERATION, limit=1))
    if newest and newest[0].about == ledger:
        return None
    return msgspec.structs.replace(look, tenant=SERVICE, operation=step_verification.OPERATION, about=ledger)


class Looks:
    """Caches the last verification, so that reading it costs only the entries since."""

    def __init__(self) -> None:
        self._after = 0
        self._last: LastLook | None = None

    def last(self, tx: Transaction) -> LastLook | None:
        """The result of the last verification of the whole record; None if there was none."""
        number = max((head.number for head in heads(tx, SERVICE)), default=0)
        if number > self._after:
            query = AuditQuery(operation=OPERATION, action="read", after=self._after, limit=1)
            for entry in find(tx, SERVICE, query):
                if match := _ABOUT.fullmatch(entry.about or ""):
                    self._last = LastLook(at=entry.at, found=int(match[1]))
            self._after = number
        return self._last
