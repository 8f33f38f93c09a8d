"""Sessions and placements over HTTP, against a real server."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.engines import BOTH

ENGINES = BOTH

CONTRACT: dict[str, Any] = {
    "identifier": [{"system": "https://clinic.example/session", "value": "S-1"}],
    "subject": "Patient/123",
    "encounter": "Encounter/9",
    "performer": "Practitioner/7",
    "started_at": "2026-11-23T09:00:00-08:00",
    "ended_at": "2026-11-23T09:25:00-08:00",
    "position": "prone",
    "needle": {"diameter_mm": 0.25, "length_mm": 40, "lot": "A1", "maker": "…"},
    "placements": [
        {
            "kind": "trigger_point",
            "view": "posterior",
            "at": [290, 290],
            "region": "trapezius-descending",
            "side": "left",
            "trigger_point": {"state": "active", "taut_band": True, "familiar_pain": True},
            "also": ["levator-scapulae"],
            "count": 1,
            "insertions": 3,
            "depth_mm": 12,
            "angle_from_normal_deg": 30,
            "direction": "lateral",
            "technique": "pistoning",
            "dwell_s": 30,
            "twitch": {"sought": True, "obtained": True, "count": 3},
            "pain_before": 7,
            "pain_after": 3,
            "response": "…",
            "precaution": "…",
            "note": "…",
        },
        {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"},
        {"kind": "trigger_point", "site": {"text": "lateral gastrocnemius"}, "side": "left"},
        {
            "kind": "perimeter",
            "view": "posterior",
            "ring": {"center": [395, 610], "radius_mm": 25, "needles": 8},
            "side": "right",
        },
        {
            "kind": "perimeter",
            "view": "posterior",
            "outline": [[370, 580], [420, 580], [420, 640], [370, 640]],
            "spacing_mm": 10,
        },
    ],
    "pain_before": 7,
    "pain_after": 3,
    "needles_in": 34,
    "needles_out": 34,
    "note": "…",
}
BY_REGION = {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"}

NewSession = Callable[..., dict[str, Any]]


def versioned(session: dict[str, Any]) -> dict[str, str]:
    """The header that names the version of a session as it was answered."""
    return {"If-Match": f'"{session["version"]}"'}


def test_the_contracts_session_is_kept_as_it_was_stated(client: httpx.Client) -> None:
    """The session of the contract is answered whole, resolved, counted, and read again the same."""
    answer = client.post("/v1/sessions", json=CONTRACT)
    assert answer.status_code == 201, answer.text
    assert answer.headers["etag"] == '"1"'
    made = answer.json()
    assert answer.headers["location"] == f"/v1/sessions/{made['id']}"
    for name, stated in CONTRACT.items():
        if name != "placements":
            assert made[name] == stated, name
    assert [placement["number"] for placement in made["placements"]] == [1, 2, 3, 4, 5]
    first, second, third, ring, outline = made["placements"]
    assert first["resolved"]["region"] == "trapezius-descending"
    assert first["resolved"]["inferred"] is False
    assert second["resolved"]["side"] == "right"
    assert third["resolved"]["region"] is None
    assert [needle["number"] for needle in ring["needles"]] == list(range(1, 9))
    assert {needle["side"] for needle in ring["needles"]} == {"right"}
    assert len(outline["needles"]) == 22
    assert made["summary"]["needles_charted"] == 1 + 8 + 22
    assert made["summary"]["needles_difference"] == 0
    assert made["summary"]["minutes"] == 25
    read = client.get(answer.headers["location"])
    assert read.json() == made
    assert read.headers["etag"] == '"1"'


def test_an_empty_session_is_one(client: httpx.Client) -> None:
    """Everything but where is optional, and with no placements there is no where."""
    answer = client.post("/v1/sessions", json={})
    assert answer.status_code == 201
    assert answer.json()["placements"] == []
    assert answer.json()["status"] == "in-progress"


def test_a_placement_is_added_changed_and_taken_out(client: httpx.Client, new_session: NewSession) -> None:
    """Each change moves the session's version on, which every answer carries, and numbers are not used again."""
    at = f"/v1/sessions/{new_session()['id']}"
    added = client.post(f"{at}/placements", json=BY_REGION)
    assert added.status_code == 201, added.text
    assert (added.headers["etag"], added.json()["number"]) == ('"2"', 1)
    place = added.headers["location"]
    assert place == f"{at}/placements/{added.json()['id']}"
    assert client.get(place).json() == added.json()

    patched = client.patch(place, json={"depth_mm": 9}, headers={"If-Match": '"2"'})
    assert patched.status_code == 200, patched.text
    assert (patched.headers["etag"], patched.json()["depth_mm"], patched.json()["number"]) == ('"3"', 9, 1)

    gone = client.delete(place, headers={"If-Match": '"3"'})
    assert (gone.status_code, gone.headers["etag"], gone.content) == (204, '"4"', b"")
    assert client.get(place).status_code == 404
    again = client.post(f"{at}/placements", json=BY_REGION)
    assert again.json()["number"] == 2


def test_the_header_is_patched_and_null_removes(client: httpx.Client, new_session: NewSession) -> None:
    """A merge patch changes what it names, removes what it says is null, and keeps the rest."""
    made = new_session(note="one", subject="Patient/1")
    at = f"/v1/sessions/{made['id']}"
    answer = client.patch(
        at,
        content=b'{"note": null, "position": "prone"}',
        headers={**versioned(made), "Content-Type": "application/merge-patch+json"},
    )
    assert answer.status_code == 200, answer.text
    assert "note" not in answer.json()
    assert (answer.json()["subject"], answer.json()["position"]) == ("Patient/1", "prone")
    assert answer.headers["etag"] == '"2"'


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        (None, 428),
        ('"7"', 412),
        ('W/"1"', 412),
        ('"abc"', 412),
        ('"99999999999999999999999999"', 412),
        ("1", 422),
        ('"1",', 200),
        ('"5", "1"', 200),
        ("*", 200),
        ('"1"', 200),
    ],
)
def test_if_match_names_the_version(
    client: httpx.Client, new_session: NewSession, if_match: str | None, status: int
) -> None:
    """A change without a version is 428, with another than the current one 412, and then nothing is changed."""
    made = new_session(note="before")
    at = f"/v1/sessions/{made['id']}"
    headers = {} if if_match is None else {"If-Match": if_match}
    answer = client.patch(at, json={"note": "after"}, headers=headers)
    assert answer.status_code == status, answer.text
    assert client.get(at).json()["note"] == ("after" if status == 200 else "before")


def test_a_stale_version_says_which_is_current(client: httpx.Client, new_session: NewSession) -> None:
    """Who comes second learns the version to read."""
    made = new_session()
    at = f"/v1/sessions/{made['id']}"
    assert client.patch(at, json={"note": "a"}, headers=versioned(made)).status_code == 200
    answer = client.patch(at, json={"note": "b"}, headers=versioned(made))
    assert (answer.status_code, answer.json()["version"]) == (412, 2)


def test_every_change_of_a_missing_record_is_404(client: httpx.Client, new_session: NewSession) -> None:
    """An id that nobody has is missing, whatever version is named."""
    held = {"If-Match": '"1"'}
    at = f"/v1/sessions/{new_session()['id']}"
    nowhere = "/v1/sessions/00000000-0000-7000-8000-000000000000"
    for answer, code in [
        (client.get(nowhere), "unknown-session"),
        (client.get(f"{nowhere}/chart.svg"), "unknown-session"),
        (client.patch(nowhere, json={}, headers=held), "unknown-session"),
        (client.post(f"{nowhere}/placements", json=BY_REGION), "unknown-session"),
        (client.delete(f"{nowhere}/placements/x", headers=held), "unknown-session"),
        (client.delete(f"{at}/placements/x", headers=held), "unknown-placement"),
        (client.patch(f"{at}/placements/x", json={}, headers=held), "unknown-placement"),
        (client.get(f"{at}/placements/x"), "unknown-placement"),
    ]:
        assert answer.status_code == 404, answer.text
        assert answer.json()["type"] == f"urn:bodymap:problem:{code}"


def test_an_identifier_is_unique_under_a_rush(address: str) -> None:
    """Of many equal sessions at once with one identifier one is recorded; the others are refused and name it."""
    body = {"identifier": [{"system": "https://clinic.example/session", "value": "rush"}], "placements": [BY_REGION]}
    gate = threading.Barrier(16)

    def post(_: int) -> httpx.Response:
        with httpx.Client(base_url=address, timeout=120) as own:
            gate.wait()
            return own.post("/v1/sessions", json=body)

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(post, range(16)))
    made = [answer for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code == 409]
    assert (len(made), len(refused)) == (1, 15)
    for answer in refused:
        assert answer.json()["type"] == "urn:bodymap:problem:identifier-taken"
        assert answer.json()["session"] == made[0].json()["id"]


def test_concurrent_changes_lose_nothing(address: str, new_session: NewSession) -> None:
    """Of many clients that change one version at once, one does; placements added at once are all there."""
    at = f"/v1/sessions/{new_session()['id']}"

    def add(_: int) -> int:
        return httpx.post(f"{address}{at}/placements", json=BY_REGION, timeout=120).status_code

    def patch(number: int) -> int:
        held = {"If-Match": '"13"'}
        return httpx.patch(f"{address}{at}", json={"note": str(number)}, headers=held, timeout=120).status_code

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(add, range(12))) == [201] * 12
        assert sorted(pool.map(patch, range(12))) == [200] + [412] * 11
    session = httpx.get(f"{address}{at}").json()
    assert sorted(placement["number"] for placement in session["placements"]) == list(range(1, 13))
    assert session["version"] == 14


def test_sessions_are_found_and_paged(client: httpx.Client, new_session: NewSession) -> None:
    """Filters hold together, pages neither repeat nor leave out, and the newest comes first."""
    made = [
        new_session(
            subject="Patient/pages",
            started_at=f"2026-03-0{day}T08:00:00Z",
            placements=[BY_REGION] if day % 2 else [],
        )
        for day in range(1, 8)
    ]
    found: list[str] = []
    query: dict[str, str | int] = {"subject": "Patient/pages", "limit": 3}
    while True:
        page = client.get("/v1/sessions", params=query).json()
        found += [session["id"] for session in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert found == [session["id"] for session in reversed(made)]

    def ids(**params: str) -> set[str]:
        answer = client.get("/v1/sessions", params={"subject": "Patient/pages", **params})
        assert answer.status_code == 200, answer.text
        return {session["id"] for session in answer.json()["items"]}

    treated = {session["id"] for session in made[::2]}
    assert ids(region="levator-scapulae", side="right") == treated
    assert ids(region="levator-scapulae", side="left") == set()
    assert ids(muscle="levator-scapulae") == treated
    assert ids(**{"from": "2026-03-02T00:00:00-08:00", "to": "2026-03-04T08:00:00Z"}) == {
        made[1]["id"],
        made[2]["id"],
    }
    assert ids(status="completed") == set()


def test_a_group_is_found_by_its_members_and_members_by_their_group(client: httpx.Client) -> None:
    """`muscle` finds the place either way, on the stated side; so does the part of the body; what is no member stays
    out."""
    stated: list[dict[str, Any]] = [
        {"muscle": "rotator-cuff", "side": "left"},
        {"region": "teres-minor", "side": "right"},
        {"muscle": "paraspinals", "side": "left"},
        {"kind": "perimeter", "muscle": "gluteals", "side": "both", "needles": 6},
    ]
    cuff, teres, paraspinals, gluteals = [
        client.post(
            "/v1/sessions", json={"subject": "Patient/groups", "placements": [{"kind": "trigger_point", **placement}]}
        ).json()["id"]
        for placement in stated
    ]

    def ids(**params: str) -> set[str]:
        answer = client.get("/v1/sessions", params={"subject": "Patient/groups", **params})
        assert answer.status_code == 200, answer.text
        return {session["id"] for session in answer.json()["items"]}

    assert ids(muscle="rotator-cuff") == {cuff, teres}
    assert ids(muscle="teres-minor") == {cuff, teres}
    assert ids(muscle="infraspinatus") == {cuff}
    assert ids(muscle="rotator-cuff", side="right") == {teres}
    assert ids(muscle="multifidus") == ids(muscle="erector-spinae") == {paraspinals}
    assert ids(muscle="gluteus-minimus", side="right") == {gluteals}
    assert ids(muscle="trapezius") == set()
    assert ids(region="teres-minor") == {teres}
    assert ids(group="shoulder") == {cuff, teres}


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("regio=levator-scapulae", "?regio"),
        ("side=middle", "?side"),
        ("subject=", "?subject"),
        ("subject=a&subject=b", "?subject"),
        ("from=2026-03-02T00:00:00", "?from"),
        ("from=yesterday", "?from"),
        ("limit=0", "?limit"),
        ("limit=501", "?limit"),
        ("limit=x", "?limit"),
        ("cursor=zzz", "?cursor"),
        ("region=trapezius", "?region"),
        ("muscle=trapezus", "?muscle"),
        ("group=legs", "?group"),
        ("flag=over-lung-feild", "?flag"),
    ],
)
def test_a_query_that_does_not_fit_is_refused(client: httpx.Client, query: str, pointer: str) -> None:
    """A filter that is misspelt, repeated, empty or impossible is refused and never passed over."""
    answer = client.get(f"/v1/sessions?{query}")
    assert answer.status_code == 422, answer.text
    assert [complaint["pointer"] for complaint in answer.json()["errors"]] == [pointer]


def test_a_patch_that_changes_nothing_makes_no_version(client: httpx.Client, new_session: NewSession) -> None:
    """An empty one, or one that states what is there: the present version is answered, with its ETag."""
    session = new_session(note="n", placements=[{"kind": "trigger_point", "view": "posterior", "at": [302, 275]}])
    address, placement = f"/v1/sessions/{session['id']}", session["placements"][0]
    for patch in ({}, {"note": "n"}):
        answer = client.patch(address, json=patch, headers={"If-Match": '"1"'})
        assert (answer.status_code, answer.headers["etag"], answer.json()) == (200, '"1"', session)
    for patch in ({}, {"at": [302, 275]}):
        answer = client.patch(f"{address}/placements/{placement['id']}", json=patch, headers={"If-Match": '"1"'})
        assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
        assert answer.json()["resolved"] == placement["resolved"]
    assert len(client.get(f"{address}/history").json()["items"]) == 1
    assert client.patch(address, json={}, headers={"If-Match": '"2"'}).status_code == 412


@pytest.mark.parametrize(("stated", "patch", "count"), [
    ({}, {}, None), ({}, {"count": 1}, 1), ({"count": 3}, {}, 3), ({"count": 3}, {"count": None}, None),
])  # fmt: skip
def test_the_one_needle_of_a_point_goes_with_the_point(
    client: httpx.Client, new_session: NewSession, stated: Any, patch: Any, count: int | None
) -> None:
    """A placement that is moved from a point to a region has as many needles as were stated, else an unknown number."""
    point = {"kind": "trigger_point", "view": "posterior", "at": [302, 275], "side": "left"}
    session = new_session(placements=[{**point, **stated}])
    address = f"/v1/sessions/{session['id']}/placements/{session['placements'][0]['id']}"
    to_region = {"view": None, "at": None, "region": "trapezius-descending"}
    moved = client.patch(address, json={**to_region, **patch}, headers={"If-Match": '"1"'})
    assert moved.json()["count"] == count
    back = {"view": "posterior", "at": [302, 275], "region": None, "count": None}
    assert client.patch(address, json=back, headers={"If-Match": '"2"'}).json()["count"] == 1


def test_a_list_of_overviews_is_light_and_says_how_each_stands(client: httpx.Client, new_session: NewSession) -> None:
    """With `view=summary` a session has its flags' codes, its events and its summary, no placements and no rules; a
    page of a hundred stays under 200 KB."""
    ring = {"kind": "perimeter", "view": "posterior", "ring": {"center": [395, 610], "radius_mm": 25, "needles": 12}}
    made = new_session(subject="Patient/overview", pain_before=7, placements=[{**ring, "side": "right"}] * 6)
    asked = {"subject": "Patient/overview", "view": "summary"}
    answer = client.get("/v1/sessions", params=asked).json()
    assert answer.keys() == {"items", "next"}
    [item] = answer["items"]
    assert (item["id"], item["placements"], item["pain_before"]) == (made["id"], 6, 7)
    assert item["summary"] == made["summary"]
    assert set(item["flags"]) == {flag["code"] for place in made["placements"] for flag in place["flags"]}
    assert len(client.get("/v1/sessions", params=asked).content) < 2_000
    assert client.get("/v1/sessions", params={"view": "half"}).json()["errors"][0]["pointer"] == "?view"
