"""Several processes that serve together, as whoever watches them sees it."""

import json
import os
import signal
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.conftest import key_in

pytestmark = pytest.mark.outside


def test_figures_are_of_all_processes_together(serve: Any, server: Any, tmp_path: Path) -> None:
    """Whichever process is asked, it counts what all have answered, also those that were killed meanwhile."""
    server.execute("CREATE DATABASE together")
    settings = {
        "BODYMAP_DATABASE": server.url("together"),
        "BODYMAP_SECRET": "a secret of the tests alone",
        "BODYMAP_METRICS": "open",
    }
    key = key_in(tmp_path, settings=settings)
    running = serve("--workers", "2", settings=settings)

    def started(processes: int, otherwise: str) -> None:
        until = time.monotonic() + 120
        while (tmp_path / "serve.err").read_text().count('"message":"started"') < processes:
            assert time.monotonic() < until, otherwise
            time.sleep(0.1)

    # The first of the two answers while the second still starts; killed then, it would never have said so.
    started(2, "one of the two processes did not start")

    def ask(path: str) -> bytes:
        request = urllib.request.Request(running.address + path, headers={"Authorization": f"Bearer {key}"})
        with urllib.request.urlopen(request, timeout=120) as answer:
            content: bytes = answer.read()
            return content

    def counted() -> float:
        families = text_string_to_metric_families(ask("/metrics").decode())
        samples = [sample for family in families for sample in family.samples]
        assert {"bodymap_database_bytes", "bodymap_write_queue", "bodymap_info"} <= {one.name for one in samples}
        assert next(one.value for one in samples if one.name == "bodymap_database_bytes") > 1_000_000
        totals = [one for one in samples if one.name == "bodymap_requests_total"]
        return sum(one.value for one in totals if one.labels["operation"] == "getAtlas")

    for _ in range(40):
        ask("/v1/atlas")
    assert {counted() for _ in range(20)} == {40}
    children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children").read_text().split()
    served = [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    assert len(served) == 2
    os.kill(served[0], signal.SIGKILL)
    started(3, "no process took the place of the one that was killed")
    ask("/v1/atlas")
    assert {counted() for _ in range(20)} == {41}
    said = [json.loads(line) for line in (tmp_path / "serve.err").read_text().splitlines()]
    assert {line["logger"] for line in said} >= {"bodymap", "bodymap.request"}
