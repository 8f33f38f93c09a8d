"""A few threads for work that blocks, and an end to how much of it may wait."""

import asyncio
import concurrent.futures
import threading
from collections.abc import Callable
from typing import TypeVar

from bodymap.errors import StorageUnavailable, Unavailable

T = TypeVar("T")

QUEUE_LIMIT = 1024


class Threads:
    """Runs calls in the order in which they came, as many at once as there are threads.

    Beyond the limit of what waits a call is refused at once, with `Unavailable`. A task that is cancelled withdraws a
    call that was not begun; one that was begun goes on.
    """

    def __init__(self, count: int, what: str, queue_limit: int = QUEUE_LIMIT) -> None:
        """`what` they run, in the plural, for the refusal: `reads`."""
        self._what = what
        self._queue_limit = queue_limit
        self._room = threading.BoundedSemaphore(queue_limit)
        self._pool = concurrent.futures.ThreadPoolExecutor(count, f"bodymap-{what}")

    async def run(self, call: Callable[[], T]) -> T:
        """The result of the call, or its exception."""
        return await asyncio.wrap_future(self.submit(call))

    def submit(self, call: Callable[[], T]) -> "concurrent.futures.Future[T]":
        """The same for a caller without an event loop, or one who does not wait."""
        if not self._room.acquire(blocking=False):
            raise Unavailable(f"{self._queue_limit} {self._what} wait already. Try again later.")
        try:
            future = self._pool.submit(_plain, call)
        except RuntimeError as error:
            self._room.release()
            raise StorageUnavailable("The database is closed.") from error
        future.add_done_callback(lambda _: self._room.release())
        return future

    def waiting(self) -> int:
        """How many calls wait for a thread."""
        return self._pool._work_queue.qsize()

    def close(self) -> None:
        """Finishes what was taken, and refuses what comes."""
        self._pool.shutdown()


def _plain(call: Callable[[], T]) -> T:
    try:
        return call()
    except StopIteration as error:  # which no future takes
        raise RuntimeError("the work raised StopIteration") from error
