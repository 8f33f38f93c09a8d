"""Writing the audit: entries of writes in the write's transaction, those of reads and rejections soon after.

The entry of a write is part of the write's own transaction. That of a read is handed to the writer before the answer is
sent, and is committed with the next group: a crash can lose the entries of the reads of the last few hundredths of a
second, a stop loses none. If such entries could not be committed, no further read is answered before its own entry is
committed: reads stop if their audit entries cannot be written.
"""

import asyncio
import concurrent.futures
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from logging import getLogger

import msgspec

from bodymap.errors import BodymapError, Unavailable
from bodymap.storage import audit
from bodymap.storage.audit import SERVICE, Chain, Entry
from bodymap.storage.database import Database
from bodymap.storage.secret import Secret, secret_of
from bodymap.storage.transaction import Transaction

_log = getLogger("bodymap.audit")

PENDING_LIMIT = 10_000
GATHER_S = 0.02
"""For how long the entries of reads are gathered. Each commit takes processor time from the reads themselves."""
NOBODY_LIMIT = 60
"""How many anonymous requests are recorded one by one in a minute: they cost nothing to send and would fill the disk.
Of the others of that minute the last is recorded, with their number.
"""


def secret_for(database: Database, url: str, stated: str | None) -> Secret:
    """The secret of an open database; one is created only if nothing is chained with another yet.

    Raises as `secret_of` does.
    """
    return secret_of(url, stated, make=not database.read_now(audit.has_entries))


def chain_of(secret: Secret) -> Chain:
    """The chain that a service with this secret writes."""
    return Chain(secret.key("audit"))


class Recorder:
    """Writes the audit of a database. Safe to share between threads and event loops."""

    def __init__(self, database: Database, chain: Chain) -> None:
        self.chain = chain
        self._database = database
        self._lock = threading.Lock()
        self._pending: list[Entry] = []
        self._due = False
        self._failed = False
        self._minute, self._nobodies = 0, 0
        self._last_nobody: Entry | None = None

    def append(self, tx: Transaction, entries: Iterable[Entry]) -> None:
        """Adds entries to a transaction that writes, as its last step. Raises `AuditBroken`."""
        audit.append(tx, self.chain, entries)

    async def note(self, entry: Entry) -> None:
        """Hands an entry over, to be committed with the next write or within some hundredths of a second.

        If the last group of entries failed, it waits for the commit instead. Raises `Unavailable` if the entry cannot
        be queued or, then, committed.
        """
        with self._lock:
            if entry.tenant == SERVICE and self._is_flood(entry):
                return
            if len(self._pending) >= PENDING_LIMIT:
                raise Unavailable(f"{PENDING_LIMIT} audit entries are waiting to be written already. Try again later.")
            self._pending.append(entry)
            wait, first = self._failed, not self._due
            self._due = True
        if wait:
            await self._commit(entry)
        elif first:
            asyncio.get_running_loop().call_later(GATHER_S, self._hand_quietly)

    def push(self) -> None:
        """Hands over the gathered entries ahead of a write, in whose commit they are included."""
        if self._pending:
            self._hand_quietly()

    def close(self) -> None:
        """Writes the waiting entries; blocks. Entries that cannot be written are lost, which is logged."""
        with self._lock:
            self._gather()
        try:
            self._hand().result()
        except BodymapError as error:
            _log.error("%d entries of the audit could not be written: %s", len(self._pending), error.detail)

    async def _commit(self, entry: Entry) -> None:
        try:
            await asyncio.shield(asyncio.wrap_future(self._hand()))
        except BaseException:
            # Its request is rejected now: the read that it records did not happen.
            with self._lock:
                self._pending = [other for other in self._pending if other is not entry]
            raise

    def _hand_quietly(self) -> None:
        """Hands entries over; an error is raised by the next read instead."""
        with suppress(BodymapError):
            self._hand()

    def _is_flood(self, entry: Entry) -> bool:
        """Whether an anonymous request exceeds the limit of its minute and is only counted. The caller has the lock."""
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._gather()
            self._minute, self._nobodies = minute, 0
        self._nobodies += 1
        if self._nobodies <= NOBODY_LIMIT:
            return False
        self._last_nobody = entry
        return True

    def _gather(self) -> None:
        """Adds the one entry for the requests that were only counted. The caller has the lock."""
        if self._last_nobody is not None:
            count = self._nobodies - NOBODY_LIMIT
            self._pending.append(msgspec.structs.replace(self._last_nobody, about=f"the last of {count} not recorded"))
            self._last_nobody, self._nobodies = None, NOBODY_LIMIT

    def _hand(self) -> "concurrent.futures.Future[None]":
        """Has a group written: what waits when its turn comes, not when it is handed over."""
        taken: list[Entry] = []

        def work(tx: Transaction) -> None:
            taken.extend(self._drain())
            self.append(tx, taken)

        try:
            group = self._database.hand(work)
        except BaseException:
            self._settle([], failed=True)
            raise
        group.add_done_callback(lambda done: self._settle(taken, failed=done.exception() is not None))
        return group

    def _drain(self) -> list[Entry]:
        with self._lock:
            taken, self._pending, self._due = self._pending, [], False
            return taken

    def _settle(self, taken: list[Entry], failed: bool) -> None:
        with self._lock:
            self._failed = failed
            if failed:
                self._pending[:0] = taken
                self._due = False
