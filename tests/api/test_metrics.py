"""The figures that Prometheus reads."""

from collections.abc import Callable

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

ServeApp = Callable[..., httpx.Client]
PROMETHEUS = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.4,*/*;q=0.1"


def figures(client: httpx.Client) -> dict[tuple[str, ...], float]:
    """Every sample by its name and the values of its labels, status before operation before method."""
    answer = client.get("/metrics", headers={"Accept": PROMETHEUS})
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert answer.headers["cache-control"] == "private, no-store"
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items(), reverse=True))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_requests_are_counted_by_operation_method_and_status(serve_app: ServeApp) -> None:
    """Each answer is counted once under its operation's id; an address that nobody serves under `none`."""
    client = serve_app()
    made = client.post("/v1/sessions", json={}).json()
    client.post("/v1/sessions", json={"x": 1})
    client.get(f"/v1/sessions/{made['id']}")
    client.head(f"/v1/sessions/{made['id']}")
    client.get("/v1/sessions/none")
    client.get("/nowhere")
    client.request("TRACE", "/nowhere")
    found = figures(client)
    counted = {key[1:]: value for key, value in found.items() if key[0] == "bodymap_requests_total"}
    assert counted == {
        ("201", "createSession", "POST"): 1,
        ("422", "createSession", "POST"): 1,
        ("200", "getSession", "GET"): 1,
        ("200", "getSession", "HEAD"): 1,
        ("404", "getSession", "GET"): 1,
        ("404", "none", "GET"): 1,
        ("404", "none", "other"): 1,
    }
    assert found["bodymap_request_seconds_count", "getSession", "GET"] == 2
    assert found["bodymap_requests_under_way",] == 1, "the one that asks"


def test_drawings_are_timed_by_format(serve_app: ServeApp) -> None:
    """A chart that is drawn is counted under its format; one that the client has already is not drawn."""
    client = serve_app()
    at = f"/v1/sessions/{client.post('/v1/sessions', json={}).json()['id']}/chart"
    etag = client.get(f"{at}.svg").headers["etag"]
    client.get(f"{at}.svg", headers={"If-None-Match": etag})
    client.get(f"{at}.png?width=200")
    found = figures(client)
    assert found["bodymap_drawing_seconds_count", "getChart", "svg"] == 1
    assert found["bodymap_drawing_seconds_count", "getChartAsPng", "png"] == 1


def test_nothing_of_a_patient_is_in_the_figures(serve_app: ServeApp) -> None:
    """Addresses, subjects and ids label nothing."""
    client = serve_app()
    made = client.post("/v1/sessions", json={"subject": "Patient/Miller"}).json()
    client.get(f"/v1/sessions/{made['id']}/chart.svg")
    client.get("/v1/sessions?subject=Patient/Miller")
    client.get("/Miller")
    text = client.get("/metrics").text
    assert "Miller" not in text
    assert made["id"] not in text


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_figures_are_only_read(client: httpx.Client, method: str) -> None:
    """Nothing is changed at this address."""
    assert client.request(method, "/metrics").status_code == 405
