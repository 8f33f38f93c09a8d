"""Verification of the ledger of steps against the audit. Work for `Database`, as `sessions` is.

Steps are taken before there is a key to chain an entry with. So a verification notes the ledger in the service's own
chain whenever there are further steps, and later ones compare: what is altered before the first is not found.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator

import msgspec

from bodymap.storage.transaction import Transaction

OPERATION = "audit steps"
"""The operation of audit entries about the ledger; `about` says up to which step, and the digest of the ledger."""

_ABOUT = re.compile(r"([0-9]{1,9}) ([0-9a-f]{64})", re.ASCII)


def ledger(tx: Transaction) -> str:
    """What an entry says of the ledger as it is."""
    [(newest,)] = tx.execute("SELECT max(number) FROM migration")
    return f"{newest} {_digest(tx, newest)}"


def altered_steps(tx: Transaction, notes: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Problems with the ledger, by the entries about it: the number of each, and what it says."""
    for number, about in notes:
        match = _ABOUT.fullmatch(about)
        if match is not None and _digest(tx, int(match[1])) != match[2]:
            yield number, f"the steps that the database has taken are not those that entry {number} tells of"


def _digest(tx: Transaction, newest: int) -> str:
    rows = tx.execute(
        "SELECT number, name, applied_at FROM migration WHERE number <= :newest ORDER BY number", {"newest": newest}
    )
    return hashlib.sha256(msgspec.json.encode([tuple(row) for row in rows])).hexdigest()
