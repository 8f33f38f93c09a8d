"""Metrics for Prometheus: by operation, never by address, and nothing about any patient."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector
from prometheus_client.exposition import generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from bodymap import __version__
from bodymap.errors import Unavailable

TOGETHER = "PROMETHEUS_MULTIPROC_DIR"
"""The library's own variable: a folder in which several processes add up. The library reads it once, when imported."""

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"

_QUICK_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_GROUPS = (1, 2, 4, 8, 16, 32, 64)


class Metrics:
    """The metrics of one process, in a registry of its own, or of all processes that serve together. Thread-safe.

    `bodymap_requests_total` and `bodymap_request_seconds` say how requests went; `bodymap_drawing_seconds` how long
    charts and plates took; `bodymap_commit_seconds` and `bodymap_commit_group` how writes were committed, and
    `bodymap_lost_commands_total` how many could not be. Figures of the operating system are given only for a single
    process.
    """

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._folder = os.environ.get(TOGETHER)
        if self._folder is None:
            ProcessCollector(registry=self.registry)
            PlatformCollector(registry=self.registry)
        else:
            _forget_the_dead(Path(self._folder))
        release = Gauge("bodymap_info", "The running release.", ("version",), **self._gauge("livemax"))
        release.labels(__version__).set(1)
        self._requests = Counter(
            "bodymap_requests",
            "Requests answered; status 499 where the client went away before.",
            ("operation", "method", "status"),
            registry=self.registry,
        )
        self._seconds = Histogram(
            "bodymap_request_seconds",
            "From the request's head to the end of its answer.",
            ("operation", "method"),
            buckets=_QUICK_S,
            registry=self.registry,
        )
        self.under_way = Gauge("bodymap_requests_under_way", "Requests not answered yet.", **self._gauge("livesum"))
        self._drawing = Histogram(
            "bodymap_drawing_seconds",
            "Time to draw one picture or page, by operation and format.",
            ("operation", "format"),
            buckets=_QUICK_S,
            registry=self.registry,
        )
        self._commit = Histogram(
            "bodymap_commit_seconds",
            "From the beginning to the commit of a group of commands.",
            buckets=_QUICK_S,
            registry=self.registry,
        )
        self._group = Histogram(
            "bodymap_commit_group", "Commands committed together.", buckets=_GROUPS, registry=self.registry
        )
        self._lost = Counter(
            "bodymap_lost_commands",
            "Commands lost because the database could not save them.",
            registry=self.registry,
        )
        self._queue = Gauge("bodymap_write_queue", "Commands waiting to be written.", **self._gauge("livesum"))
        self._size = Gauge("bodymap_database_bytes", "The database's size on disk.", **self._gauge("livemostrecent"))
        self._waiting: Callable[[], float] = float
        self._size_bytes: Callable[[], float] = float

    def answered(self, operation: str, method: str, status: int, seconds: float) -> None:
        """Counts one request. `operation` is an id from the table, `none` for an address that is not served."""
        self._requests.labels(operation, method, str(status)).inc()
        self._seconds.labels(operation, method).observe(seconds)

    def drawn(self, operation: str, media_type: str, seconds: float) -> None:
        """Counts one picture or page that was drawn."""
        form = media_type.partition(";")[0].rpartition("/")[2].partition("+")[0]
        self._drawing.labels(operation, form).observe(seconds)

    def committed(self, commands: int, seconds: float) -> None:
        """Counts one committed group of commands."""
        self._commit.observe(seconds)
        self._group.observe(commands)
        if self._folder is not None:
            self._queue.set(self._waiting())  # another process may answer the scrape

    def lost(self, commands: int) -> None:
        """Counts commands whose group could not be committed."""
        self._lost.inc(commands)

    def measure(self, queue: Callable[[], float], size_bytes: Callable[[], float]) -> None:
        """Registers how to read the length of the writer's queue and the size of the database."""
        self._waiting, self._size_bytes = queue, size_bytes

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        self._queue.set(self._waiting())
        with suppress(Unavailable):  # figures are wanted most when the database is gone; its size stays the last known
            self._size.set(self._size_bytes())
        if self._folder is None:
            return generate_latest(self.registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together)

    def _gauge(self, together: str) -> dict[str, Any]:
        """What every gauge is made with: how several processes' values become one."""
        return {"registry": self.registry, "multiprocess_mode": together}


def _forget_the_dead(folder: Path) -> None:
    """Removes the gauges of processes that were killed; their counters stay."""
    for pid in {int(path.stem.rpartition("_")[2]) for path in folder.glob("gauge_live*.db")}:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            mark_process_dead(pid)  # type: ignore[no-untyped-call]
