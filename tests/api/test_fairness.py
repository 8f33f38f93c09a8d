"""One client who asks for much, and others who ask for little meanwhile."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import msgspec
import pytest

import bodymap.api.endpoint
import bodymap.api.lifecycle
import bodymap.app
from bodymap.api.examples import EXAMPLES
from bodymap.api.operation import Operation
from bodymap.api.operations import OPERATIONS
from bodymap.api.turns import Turns
from bodymap.threads import Threads
from tests.api.house import EVERYBODYS

POINT = {"kind": "trigger_point", "view": "posterior", "at": [290, 290]}
RING = {"kind": "perimeter", "view": "posterior", "ring": {"center": [395, 610], "radius_mm": 25, "needles": 64}}
# Refused in the end, after all that comes before it was resolved: so that only resolving is waited for.
OFF_THE_BODY = {"kind": "trigger_point", "view": "posterior", "at": [1, 1]}
LONG = {"placements": [RING] * 40 + [OFF_THE_BODY]}

ServeApp = Callable[..., httpx.Client]


@pytest.fixture
def turns_of(monkeypatch: pytest.MonkeyPatch) -> list[Turns]:
    """The turns of every application that is served from now on, the newest last."""
    made: list[Turns] = []

    def make() -> Turns:
        made.append(Turns(cores=1))
        return made[-1]

    monkeypatch.setattr(bodymap.app, "Turns", make)
    return made


@contextmanager
def all_taken(threads: Threads, count: int = 2) -> Iterator[None]:
    """Until the end of the block no thread is free."""
    let_go, begun = threading.Event(), threading.Semaphore(0)

    def hold() -> None:
        begun.release()
        assert let_go.wait(120)

    for number in range(count):
        threads.submit(hold, f"other {number}")
        assert begun.acquire(timeout=120)
    try:
        yield
    finally:
        let_go.set()


@pytest.mark.parametrize("path", ["/v1/charts", "/v1/sessions"])
def test_others_are_answered_meanwhile(serve_app: ServeApp, path: str) -> None:
    """While a request resolves for long, short ones that are sent after it are answered."""
    client = serve_app()
    quiet = client.post("/v1/sessions", json={"placements": [POINT]}).headers["location"]
    statuses: list[int] = []
    order: list[str] = []

    def ask() -> None:
        with httpx.Client(base_url=client.base_url, timeout=120) as greedy:
            statuses.append(greedy.post(path, json=LONG).status_code)
        order.append("long")

    asking = threading.Thread(target=ask)
    asking.start()
    while "bodymap_requests_under_way 2.0" not in client.get("/metrics").text:
        assert asking.is_alive()
    for _ in range(2):
        assert client.get("/healthz").status_code == client.get(quiet).status_code == 200
        order.append("short")
    asking.join(120)
    assert (statuses, order[0]) == ([422], "short")


def test_a_client_that_reads_last_is_not_waited_for(client: httpx.Client) -> None:
    """All of a long request can be sent before a byte of its long answer is read."""
    content = (b"nonsense\n" * 5000 for _ in range(12))
    headers = {"Content-Type": "application/x-ndjson"}
    answers = client.post("/v1/sessions:import", content=content, headers=headers).text.splitlines()
    assert len(answers) == json.loads(answers[-1])["line"] == 60_000


def test_only_quick_rows_compute_on_the_event_loop(monkeypatch: pytest.MonkeyPatch, serve_app: ServeApp) -> None:
    """Handlers, what is prepared, bodies that are decoded: all of it runs in threads, but for the rows that say that
    they are quick.
    """
    on_the_loop: set[str] = set()

    def watched(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def run(*stated: Any) -> Any:
            if asyncio._get_running_loop() is not None:
                on_the_loop.add(name)
            return work(*stated)

        return run

    def watched_row(row: Operation) -> Operation:
        prepare = watched(row.id, row.prepare) if row.prepare else None
        return msgspec.structs.replace(row, handler=watched(row.id, row.handler), prepare=prepare)

    for name in ("decode", "parse_json"):
        monkeypatch.setattr(bodymap.api.endpoint, name, watched(name, getattr(bodymap.api.endpoint, name)))
    rows = tuple(watched_row(row) for row in OPERATIONS)
    monkeypatch.setattr(bodymap.app, "OPERATIONS", rows)
    client = serve_app()
    session = client.post("/v1/sessions", json={"status": "completed", "placements": [POINT]}).json()
    known = {"session_id": session["id"], "placement_id": session["placements"][0]["id"], **EVERYBODYS}
    for row in rows:
        if row.stream is None and all(name in known for name in _names_in(row.path)):
            [example, *_] = EXAMPLES.get(row.id, ()) or [None]
            headers = {"If-Match": "*"} if row.versioned else {}
            content = None
            if row.body_media_types:
                headers["Content-Type"] = row.body_media_types[0]
                content = json.dumps(example.body if example else {})
            query = example.query if example else {}
            answer = client.request(
                row.method, row.path.format(**known), params=query, headers=headers, content=content
            )
            assert answer.status_code < 500, row.id
    assert on_the_loop <= {row.id for row in OPERATIONS if row.quick}
    assert "getHealth" in on_the_loop


def test_writing_and_words_need_no_drawing_turn(serve_app: ServeApp, turns_of: list[Turns]) -> None:
    """While every drawing turn is taken, sessions are recorded and read, and charts are had as text and values."""
    client = serve_app()
    with all_taken(turns_of[-1].drawings):
        made = [client.post("/v1/sessions", json={"subject": "S", "placements": [POINT]}) for _ in range(2)]
        assert [answer.status_code for answer in made] == [201, 201]
        ids = [answer.json()["id"] for answer in made]
        at, both = f"/v1/sessions/{ids[0]}", {"sessions": ",".join(ids)}
        assert client.post(f"{at}/placements", json=RING).status_code == 201
        for path in (at, f"{at}/chart.txt", "/v1/charts/legend.txt", "/v1/charts/timeline.txt?subject=S"):
            assert client.get(path).status_code == 200, path
        assert client.get("/v1/charts/compare.json", params=both).status_code == 200
        posted = client.post("/v1/charts", json={"placements": [POINT]}, headers={"Accept": "text/plain"})
        assert posted.status_code == 200
        with pytest.raises(httpx.ReadTimeout):
            client.get(f"{at}/chart.svg", timeout=0.3)
    assert client.get(f"{at}/chart.svg").status_code == 200


def test_what_is_written_waits_for_no_answer(serve_app: ServeApp, turns_of: list[Turns]) -> None:
    """While everything that computes answers is taken, sessions are still resolved and recorded."""
    client = serve_app()
    with all_taken(turns_of[-1].answers):
        assert client.post("/v1/sessions", json={"placements": [POINT]}).status_code == 201


def test_too_much_of_a_client_is_refused_with_when_to_try_again(
    serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client whose own queue is full is told to come back, and nothing of it waits."""

    class Short(Turns):
        def __init__(self) -> None:
            super().__init__()
            self.answers.close()
            self.answers = Threads(2, "answers", client_limit=0)

    monkeypatch.setattr(bodymap.app, "Turns", Short)
    answer = serve_app().get("/v1/atlas/regions")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:bodymap:problem:busy")
    assert int(answer.headers["retry-after"]) > 0


def test_a_stale_signature_draws_nothing(serve_app: ServeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing or amending a version that is not the current one is refused before its chart is drawn."""
    drawn: list[str] = []
    render = bodymap.api.lifecycle.render_chart

    def counted(*stated: Any) -> bytes:
        drawn.append("")
        return render(*stated)

    monkeypatch.setattr(bodymap.api.lifecycle, "render_chart", counted)
    client = serve_app()
    at = client.post("/v1/sessions", json={"status": "completed", "placements": [POINT]}).headers["location"]
    by = {"by": "Practitioner/7", "display": "M. Rossi, PT"}
    assert client.post(f"{at}/sign", json=by, headers={"If-Match": '"9"'}).status_code == 412
    assert client.post(f"{at}/sign", json=by).status_code == 428
    assert drawn == []
    assert client.post(f"{at}/sign", json=by, headers={"If-Match": '"1"'}).status_code == 200
    amendment = {**by, "reason": "a slip", "patch": {"note": "x"}}
    assert client.post(f"{at}/amendments", json=amendment, headers={"If-Match": '"1"'}).status_code == 412
    assert len(drawn) == 1


def test_placements_added_at_once_have_numbers_of_their_own(client: httpx.Client) -> None:
    """Placements that are resolved at the same time and added one after the other are numbered in that order."""
    at = client.post("/v1/sessions", json={"placements": [POINT]}).headers["location"]

    async def add() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=client.base_url, timeout=60) as many:
            return await asyncio.gather(*(many.post(f"{at}/placements", json=RING) for _ in range(8)))

    answers = asyncio.run(add())
    assert sorted(answer.json()["number"] for answer in answers) == list(range(2, 10))
    assert [placement["number"] for placement in client.get(at).json()["placements"]] == list(range(1, 10))


def _names_in(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]
