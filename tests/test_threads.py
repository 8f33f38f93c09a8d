"""Threads that clients share."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager

import pytest

from bodymap.errors import Busy, Unavailable
from bodymap.threads import Threads


@contextmanager
def held(threads: Threads, *clients: str) -> Iterator[list[Future[None]]]:
    """A call of each of these clients, begun one after another, that does not end before the block does."""
    let_go = threading.Event()

    def hold(begun: threading.Event) -> None:
        begun.set()
        assert let_go.wait(120)

    calls: list[Future[None]] = []
    try:
        for client in clients:
            begun = threading.Event()
            calls.append(threads.submit(lambda begun=begun: hold(begun), client))  # type: ignore[misc]
            assert begun.wait(120)
        yield calls
    finally:
        let_go.set()


@pytest.fixture
def new_threads() -> Iterator[Callable[..., Threads]]:
    """Makes threads that are closed when the test ends."""
    made: list[Threads] = []

    def make(*stated: int) -> Threads:
        count, *limits = stated
        made.append(Threads(count, "calls", *limits))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_clients_take_turns(new_threads: Callable[..., Threads]) -> None:
    """Whoever asks once is served after one call of each other client, however many of theirs wait."""
    threads, order = new_threads(1), list[str]()
    with held(threads, "first"):
        asked = ["a1", "a2", "a3", "b1", "c1", "b2"]
        calls = [threads.submit(lambda name=name: order.append(name), name[0]) for name in asked]  # type: ignore[misc]
    for call in calls:
        call.result(120)
    assert order == ["a1", "b1", "c1", "a2", "b2", "a3"]


def test_one_client_never_has_every_thread(new_threads: Callable[..., Threads]) -> None:
    """While one client's calls do not end, another's begins at once; and none of the first client's is lost."""
    threads = new_threads(3)
    with held(threads, "greedy", "greedy"):
        third = threads.submit(lambda: "third", "greedy")
        assert threads.submit(lambda: "quiet", "quiet").result(120) == "quiet"
        assert not third.done()
        assert threads.waiting() == 1
    assert third.result(120) == "third"


def test_nobody_in_particular_has_every_thread(new_threads: Callable[..., Threads]) -> None:
    """Calls without a client take all threads."""
    threads, together = new_threads(2), threading.Barrier(2)
    for call in [threads.submit(lambda: together.wait(120)) for _ in range(2)]:
        call.result(120)


def test_a_client_is_refused_when_too_much_of_its_own_waits(new_threads: Callable[..., Threads]) -> None:
    """Beyond its own limit a client is refused at once and others are not, until the limit of all; what was withdrawn
    gives its room back.
    """
    threads = new_threads(2, 3, 2)
    with held(threads, "greedy"):
        second = threads.submit(lambda: None, "greedy")
        with pytest.raises(Busy):
            threads.submit(lambda: None, "greedy")
        with held(threads, "quiet"), pytest.raises(Unavailable):
            threads.submit(lambda: None, "late")
        assert second.cancel()
        threads.submit(lambda: None, "greedy")


def test_what_fails_is_told_to_who_asked(new_threads: Callable[..., Threads]) -> None:
    """An exception, StopIteration too, reaches its own caller and leaves the thread to others."""
    threads = new_threads(1)
    with pytest.raises(ZeroDivisionError):
        threads.submit(lambda: 1 // 0, "a").result(120)
    with pytest.raises(RuntimeError, match="StopIteration"):
        threads.submit(lambda: next(iter(())), "a").result(120)
    assert threads.submit(lambda: 1, "a").result(120) == 1
