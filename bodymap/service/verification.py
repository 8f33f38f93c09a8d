"""Looking at the whole record, and what the last look found. It is told and stops nothing: who is to work with a record
that was altered has to know it, and needs the record all the same.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from bodymap.storage.audit import SERVICE, AuditQuery, Chain, Entry, Head, find, heads
from bodymap.storage.audit_verification import Verdict, tenants, verify
from bodymap.storage.transaction import Transaction

OPERATION = "audit verify"
"""Under which name the service's own chain tells that somebody looked; `about` says how much was found."""

_ABOUT = re.compile(r"([0-9]+) wrong", re.ASCII)


class LastLook(msgspec.Struct, frozen=True, kw_only=True):
    """When the record was looked at last, and how much was not as it was written."""

    at: datetime
    found: int


def verify_all(
    tx: Transaction, chain: Chain, exported: Mapping[str, Head] | None = None, chain_only: bool = False
) -> list[Verdict]:
    """The verdict on every tenant, and on those of which a head was exported earlier."""
    known = exported or {}
    return [verify(tx, chain, each, known.get(each), chain_only) for each in sorted({*tenants(tx), *known})]


def told_of(look: Entry, verdicts: Sequence[Verdict]) -> Entry:
    """The entry that tells of a look with its outcome, in the service's own chain."""
    found = sum(verdict.found for verdict in verdicts)
    return msgspec.structs.replace(look, tenant=SERVICE, operation=OPERATION, about=f"{found} wrong")


class Looks:
    """Remembers the last look, so that asking for it costs no more than the entries since."""

    def __init__(self) -> None:
        self._after = 0
        self._last: LastLook | None = None

    def last(self, tx: Transaction) -> LastLook | None:
        """What the last look at the whole record found; None where nobody has looked yet."""
        number = max((head.number for head in heads(tx, SERVICE)), default=0)
        if number > self._after:
            query = AuditQuery(operation=OPERATION, action="read", after=self._after, limit=1)
            for entry in find(tx, SERVICE, query):
                if match := _ABOUT.fullmatch(entry.about or ""):
                    self._last = LastLook(at=entry.at, found=int(match[1]))
            self._after = number
        return self._last
