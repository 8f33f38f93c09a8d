"""What the audit has of a request."""

import time
from typing import Any

import httpx


def entry_of(client: httpx.Client, answer: httpx.Response) -> dict[str, Any]:
    """The one entry of a request."""
    [found] = [item for item in entries(client) if item["request"] == answer.headers["X-Request-Id"]]
    return found


def entries(client: httpx.Client, **asked: Any) -> list[dict[str, Any]]:
    """The newest entries once all that was handed over is written."""
    # This very request is handed to the writer behind all those before it.
    mark = client.get("/v1/audit", params={"limit": 1}).headers["X-Request-Id"]
    for _ in range(200):
        found: list[dict[str, Any]] = client.get("/v1/audit", params={"limit": 500}).json()["items"]
        if any(item["request"] == mark for item in found):
            answer = client.get("/v1/audit", params={"limit": 500, **asked})
            assert answer.status_code == 200, answer.text
            items: list[dict[str, Any]] = answer.json()["items"]
            return items
        time.sleep(0.01)
    raise AssertionError("the entry was never written")
