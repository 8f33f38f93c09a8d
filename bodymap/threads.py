"""A bounded thread pool with fair turns among clients."""

import asyncio
import concurrent.futures
import threading
from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from bodymap.errors import Busy, StorageUnavailable, Unavailable

T = TypeVar("T")

QUEUE_LIMIT = 1024
CLIENT_LIMIT = 256


class Threads:
    """Runs as many calls at once as there are threads. Clients take turns: the calls of one run in the order in which
    they came, and while it has the last thread but one, the last is left to others. So a single client, whatever it
    asks for, never holds up another. Calls without a client (`None`) have a turn like a client's, and no bounds.

    Beyond the limit of waiting calls, of one client or of all, a call is rejected at once, with `Busy` or
    `Unavailable`. Cancelling a task withdraws a call that has not begun; one that has begun goes on.
    """

    def __init__(self, count: int, what: str, queue_limit: int = QUEUE_LIMIT, client_limit: int = CLIENT_LIMIT) -> None:
        """`what` names the calls in the plural, for messages: `reads`."""
        self._what = what
        self._threads_each = max(1, count - 1)
        self._queue_limit = queue_limit
        self._client_limit = client_limit
        self._lock = threading.Lock()
        # Accepted calls of each client that have not ended.
        self._taken: Counter[Hashable] = Counter()
        self._running: Counter[Hashable] = Counter()
        # The client who has waited longest for a turn comes first.
        self._waiting: OrderedDict[Hashable, deque[_Call]] = OrderedDict()
        self._pool = concurrent.futures.ThreadPoolExecutor(count, f"bodymap-{what}")

    async def run(self, call: Callable[[], T], client: Hashable = None) -> T:
        """The result of the call, or its exception."""
        return await asyncio.wrap_future(self.submit(call, client))

    def submit(self, call: Callable[[], T], client: Hashable = None) -> "concurrent.futures.Future[T]":
        """The future of the call, for a caller without an event loop, or one who does not wait."""
        future: concurrent.futures.Future[T] = concurrent.futures.Future()
        with self._lock:
            if self._taken.total() >= self._queue_limit:
                raise Unavailable(f"{self._queue_limit} {self._what} are waiting already. Try again later.")
            if client is not None and self._taken[client] >= self._client_limit:
                raise Busy(f"{self._client_limit} {self._what} of this client are waiting already. Try again later.")
            try:
                # Which call it runs is decided when a thread is free.
                self._pool.submit(self._serve)
            except RuntimeError as error:
                raise StorageUnavailable("The service is stopping: the database is closed.") from error
            self._waiting.setdefault(client, deque()).append((future, call))
            self._taken[client] += 1
        future.add_done_callback(lambda _: self._release(client))
        return future

    def waiting(self) -> int:
        """How many calls wait for a thread."""
        with self._lock:
            return sum(map(len, self._waiting.values()))

    def close(self) -> None:
        """Finishes accepted calls and rejects new ones."""
        self._pool.shutdown()

    def _serve(self) -> None:
        """Runs calls until none may begin. One that may not yet begins when another of its client ends."""
        while (following := self._next()) is not None:
            client, future, call = following
            _settle(future, call)
            with self._lock:
                self._running[client] -= 1
                if not self._running[client]:
                    del self._running[client]

    def _next(self) -> "tuple[Hashable, concurrent.futures.Future[Any], Callable[[], Any]] | None":
        with self._lock:
            for client in self._waiting:
                if client is None or self._running[client] < self._threads_each:
                    break
            else:
                return None
            calls = self._waiting[client]
            future, call = calls.popleft()
            self._waiting.move_to_end(client)
            if not calls:
                del self._waiting[client]
            self._running[client] += 1
        return client, future, call

    def _release(self, client: Hashable) -> None:
        with self._lock:
            self._taken[client] -= 1
            if not self._taken[client]:
                del self._taken[client]


def _settle(future: "concurrent.futures.Future[Any]", call: Callable[[], Any]) -> None:
    """Runs a call unless it was withdrawn, and sets the result of its future."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = call()
    except StopIteration as error:  # which no future takes
        failure = RuntimeError("the work raised StopIteration")
        failure.__cause__ = error
        future.set_exception(failure)
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)


_Call = tuple[concurrent.futures.Future[Any], Callable[[], Any]]
