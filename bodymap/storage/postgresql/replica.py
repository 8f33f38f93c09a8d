"""Reading from a standby, without ever reading less than was answered."""

import time
from collections.abc import Hashable
from typing import TypeVar

import psycopg

from bodymap.errors import StorageUnavailable
from bodymap.storage.postgresql.connections import Connections
from bodymap.storage.postgresql.meaning import gone
from bodymap.storage.postgresql.primary import Primary, read
from bodymap.storage.transaction import Work
from bodymap.threads import Threads

T = TypeVar("T")

_LEFT_ALONE_S = 5.0

_WRITTEN = "SELECT pg_current_wal_flush_lsn()"
# The positions of a promoted server, or of one that never was a standby, mean nothing.
_REPLAYED = "SELECT pg_is_in_recovery() AND pg_last_wal_replay_lsn() >= CAST(%(written)s AS pg_lsn)"


class Replica:
    """Reads from a standby where it has everything that was answered before the read began, else from the primary.

    Before each read the primary is asked how far its log is on disk, which costs it next to nothing: every command that
    was answered, by whichever process, lies before that. The standby serves the read once it has replayed as much. So
    no state is needed about who wrote what, and a read never misses a write. The address must lead to one server: of
    two standbys one may answer the question and the other the read.
    """

    def __init__(self, primary: Primary, written: Connections, standby: Connections, reads: Threads) -> None:
        """`written` leads to the primary, for the question."""
        self._primary = primary
        self._written = written
        self._standby = standby
        self._reads = reads
        self._left_alone_until = 0.0

    async def read(self, work: Work[T], client: Hashable = None) -> T:
        """The result of `work`, or its exception, on what was committed before it began."""
        return await self._reads.run(lambda: self._read(work), client)

    def read_now(self, work: Work[T]) -> T:
        """As `read`, for a caller without an event loop; it blocks."""
        return self._reads.submit(lambda: self._read(work)).result()

    def _read(self, work: Work[T]) -> T:
        if time.monotonic() >= self._left_alone_until:
            try:
                if self._has_everything():
                    return read(self._standby, work)
            except psycopg.Error as error:
                # Whatever a standby cannot do, such as hold a row that the primary has cleaned up, the primary can.
                if gone(error):
                    self._leave_alone()
            except StorageUnavailable:
                self._leave_alone()
        return self._primary.read_here(work)

    def _has_everything(self) -> bool:
        written = self._written.ask(_WRITTEN)
        return bool(self._standby.ask(_REPLAYED, {"written": str(written)}))

    def _leave_alone(self) -> None:
        """So that not every read waits for a standby that is not there."""
        self._left_alone_until = time.monotonic() + _LEFT_ALONE_S
