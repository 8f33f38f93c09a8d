"""An open session resolved anew on a newer atlas version: what is carried, what a person decides, what stays."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bodymap.app import create_app
from tests.api.conftest import serving, settings_in
from tests.api.second_atlas import second_version, third_version

Serve = Callable[..., httpx.Client]

RING = {
    "kind": "perimeter",
    "view": "posterior",
    "ring": {"center": [395, 610], "radius_mm": 25, "needles": 8},
    "side": "right",
}
PLACEMENTS: list[dict[str, Any]] = [
    {"kind": "trigger_point", "view": "posterior", "at": [290, 290], "region": "levator-scapulae", "side": "left"},
    {"kind": "trigger_point", "region": "teres-major", "side": "right", "depth_mm": 12, "note": "…"},
    {"kind": "trigger_point", "landmark": "C7", "offset_mm": {"lateral": 40, "caudal": 10}, "side": "left"},
    {"kind": "trigger_point", "site": {"text": "lateral gastrocnemius"}, "side": "left"},
    RING,
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return third_version(second_version(tmp_path_factory.mktemp("atlases")))


@pytest.fixture(scope="module")
def client(serve_app: Serve, folder: Path) -> httpx.Client:
    return serve_app(atlas_path=str(folder))


def moved(client: httpx.Client, session: dict[str, Any], body: Any, match: str | None = None, **headers: str) -> Any:
    """Asks for a session on another version, by default with the tag of the version that is given."""
    headers["If-Match"] = f'"{session["version"]}"' if match is None else match
    return client.post(f"/v1/sessions/{session['id']}/re-resolve", json=body, headers=headers)


def complaints(answer: httpx.Response) -> dict[str, dict[str, Any]]:
    assert answer.status_code == 422, answer.text
    return {error["pointer"]: error for error in answer.json()["errors"]}


def test_a_session_is_resolved_anew_and_keeps_its_old_answer(
    client: httpx.Client, new_session: Callable[..., dict[str, Any]]
) -> None:
    """What was stated is carried to version 2 under the same ids and numbers; version 1 of the record stays, drawn on
    the atlas that it was resolved on."""
    before = new_session(placements=PLACEMENTS, note="a note")
    answer = moved(client, before, {"atlas": "2"})
    assert answer.status_code == 200, answer.text
    after = answer.json()
    assert (after["atlas"], after["version"], answer.headers["etag"]) == ("2", 2, '"2"')
    assert after["note"] == "a note"
    for old, new in zip(before["placements"], after["placements"], strict=True):
        assert (new["id"], new["number"], new["kind"]) == (old["id"], old["number"], old["kind"])
        assert new["resolved"]["side"] == old["resolved"]["side"]
    assert after["placements"][1]["region"] == after["placements"][1]["resolved"]["region"] == "teres-maior"
    assert after["placements"][1]["depth_mm"] == 12
    assert after["placements"][0] == before["placements"][0]
    assert after["placements"][4]["needles"] == before["placements"][4]["needles"]
    assert after["previously"] == {"atlas": "1", "version": 1, "placements": before["placements"]}
    address = f"/v1/sessions/{before['id']}"
    kept = client.get(f"{address}/versions/1").json()
    assert (kept["atlas"], kept["placements"]) == ("1", before["placements"])
    assert 'data-atlas="1"' in client.get(f"{address}/versions/1/chart.svg").text
    assert 'data-atlas="2"' in client.get(f"{address}/chart.svg").text
    [_, entry] = client.get(f"{address}/history").json()["items"]
    assert entry["change"]["kind"] == "re-resolved"


def test_what_cannot_be_mapped_is_refused_placement_by_placement(
    client: httpx.Client, new_session: Callable[..., dict[str, Any]]
) -> None:
    """A region that is gone or split is complained of where it is stated, with what could be meant; nothing changes
    until a person says, and what they say is checked like a statement."""
    before = new_session(
        placements=[
            {"kind": "trigger_point", "region": "masseter", "side": "left"},
            {"kind": "trigger_point", "region": "temporalis", "side": "left"},
            {"kind": "trigger_point", "region": "teres-major", "side": "left"},
        ]
    )
    gone, split, renamed = (placement["id"] for placement in before["placements"])
    found = complaints(moved(client, before, {"atlas": "2"}))
    assert found.keys() == {f"/placements/{gone}/region", f"/placements/{split}/region"}
    assert found[f"/placements/{gone}/region"]["code"] == "region-gone"
    assert found[f"/placements/{split}/region"]["code"] == "region-split"
    assert found[f"/placements/{split}/region"]["suggestions"] == ["temporalis", "sternocleidomastoid"]
    assert client.get(f"/v1/sessions/{before['id']}").json() == before
    half = {gone: {"region": "masseter"}, split: {"region": "sternocleidomastoid"}}
    assert complaints(moved(client, before, {"atlas": "2", "placements": half})).keys() == {
        f"/placements/{gone}/region"
    }
    told = {gone: {"region": None, "site": {"text": "the jaw"}}, split: {"region": "sternocleidomastoid"}}
    after = moved(client, before, {"atlas": "2", "placements": told})
    assert after.status_code == 200, after.text
    first, second, third = after.json()["placements"]
    assert first["site"] == {"text": "the jaw"}
    assert first["resolved"]["region"] is None
    assert (second["resolved"]["region"], third["resolved"]["region"]) == ("sternocleidomastoid", "teres-maior")
    assert {placement["id"] for placement in (first, second, third)} == {gone, split, renamed}


def test_a_point_whose_region_is_gone_can_do_without(
    client: httpx.Client, new_session: Callable[..., dict[str, Any]]
) -> None:
    """Where the point was stated too, its stated region may be taken back: the point then says what lies there."""
    centre = client.get("/v1/atlas/regions/masseter").json()["centre"]["left"]["left"]
    before = new_session(
        placements=[{"kind": "trigger_point", "view": "left", "at": centre, "region": "masseter", "side": "left"}]
    )
    [placement] = before["placements"]
    after = moved(client, before, {"atlas": "2", "placements": {placement["id"]: {"region": None}}})
    assert after.status_code == 200, after.text
    [again] = after.json()["placements"]
    assert "region" not in again
    assert (again["resolved"]["region"], again["resolved"]["structure"]) == (None, "masseter")
    assert again["resolved"]["inferred"] is True


def test_regions_that_became_one_are_named_once(
    client: httpx.Client, new_session: Callable[..., dict[str, Any]]
) -> None:
    """A placement through both rhomboids is one through the region that both became."""
    centre = client.get("/v1/atlas/regions/rhomboid-minor").json()["centre"]["posterior"]["left"]
    where = {"view": "posterior", "at": centre, "side": "left"}
    before = new_session(
        placements=[{"kind": "trigger_point", "region": "rhomboid-minor", "also": ["rhomboid-major"], **where}]
    )
    [placement] = moved(client, before, {"atlas": "2"}).json()["placements"]
    assert placement["region"] == "rhomboid-major"
    assert not placement.get("also")


def test_no_point_is_carried_to_another_body(client: httpx.Client, new_session: Callable[..., dict[str, Any]]) -> None:
    """On another reference body a point, a ring and an outline mean nothing: each is a person's to place; what is
    stated by region, landmark or in words is carried."""
    outline = {
        "kind": "perimeter",
        "view": "posterior",
        "outline": [[370, 580], [420, 580], [420, 640], [370, 640]],
        "spacing_mm": 10,
    }
    before = new_session(placements=[*PLACEMENTS, outline])
    point, _, _, _, ring, shape = (placement["id"] for placement in before["placements"])
    found = complaints(moved(client, before, {"atlas": "3"}))
    assert found.keys() == {
        f"/placements/{point}/at",
        f"/placements/{ring}/ring/center",
        f"/placements/{shape}/outline",
    }
    assert {error["code"] for error in found.values()} == {"point-unmapped"}
    told = {
        point: {"at": [290, 290]},
        ring: {"ring": {"center": [395, 612]}},
        shape: {"outline": None, "spacing_mm": None, "view": None, "region": "quadratus-lumborum", "side": "right"}
        | {"needles": 4},
    }
    after = moved(client, before, {"atlas": "3", "placements": told})
    assert after.status_code == 200, after.text
    assert after.json()["placements"][4]["ring"] == {"center": [395, 612], "radius_mm": 25, "needles": 8}
    assert len(after.json()["placements"][5]["needles"]) == 4


def test_only_an_open_session_moves(client: httpx.Client, new_session: Callable[..., dict[str, Any]]) -> None:
    """A signed session stays on its atlas and as it was, and so does a voided one: 409."""
    session = new_session(
        started_at="2026-11-23T09:00:00Z",
        ended_at="2026-11-23T09:25:00Z",
        placements=[{"kind": "trigger_point", "region": "infraspinatus", "side": "left"}],
    )
    address = f"/v1/sessions/{session['id']}"
    person = {"by": "Practitioner/7", "display": "A. Therapist"}
    signed = client.post(f"{address}/sign", json=person, headers={"If-Match": '"1"'})
    assert signed.status_code == 200, signed.text
    refused = moved(client, signed.json(), {"atlas": "2"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:bodymap:problem:conflict")
    assert client.get(address).json() == signed.json()
    voided = client.post(f"{address}/void", json={**person, "reason": "twice"}, headers={"If-Match": '"2"'})
    assert moved(client, voided.json(), {"atlas": "2"}).status_code == 409


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"atlas": "9"}, {"/atlas"}),
        ({"atlas": "../1"}, {"/atlas"}),
        ({"atlas": ""}, {"/atlas"}),
        ({"atlas": 2}, {"/atlas"}),
        ({"atlas": "2", "placements": {"nobody": {}}}, {"/placements/nobody"}),
        ({"atlas": "2", "placements": {"a/b~c": {}}}, {"/placements/a~1b~0c"}),
        ({"atlas": "2", "placements": []}, {"/placements"}),
        ({"atlas": "2", "placements": {"x": 1}}, {"/placements"}),
        ({"atlas": "2", "placement": {}}, {"/placement"}),
        ([], {""}),
    ],
)
def test_what_does_not_fit_is_refused_at_its_place(
    client: httpx.Client, new_session: Callable[..., dict[str, Any]], body: Any, pointers: set[str]
) -> None:
    """No such version, a placement that is not there, a wrong shape: 422 with its place."""
    session = new_session(placements=[{"kind": "trigger_point", "region": "infraspinatus", "side": "left"}])
    assert complaints(moved(client, session, body)).keys() == pointers
    assert client.get(f"/v1/sessions/{session['id']}").json() == session


def test_a_patch_is_checked_like_a_statement(client: httpx.Client, new_session: Callable[..., dict[str, Any]]) -> None:
    """What a person decides may be wrong as well: an unknown member, a region far off, a side that disagrees."""
    session = new_session(placements=PLACEMENTS[:1])
    [placement] = session["placements"]
    at = f"/placements/{placement['id']}"
    for patch, pointer in (
        ({"colour": "red"}, "/colour"),
        ({"kind": "other"}, "/kind"),
        ({"region": "gluteus-maximus"}, "/region"),
        ({"region": "masseter"}, "/region"),
        ({"side": "right"}, "/side"),
        ({"at": [1, 1]}, "/at"),
        ({"at": "there"}, "/at"),
    ):
        found = complaints(moved(client, session, {"atlas": "2", "placements": {placement["id"]: patch}}))
        assert f"{at}{pointer}" in found, (patch, found)
    assert client.get(f"/v1/sessions/{session['id']}").json() == session


def test_on_its_own_version_nothing_of_it_differs(
    client: httpx.Client, new_session: Callable[..., dict[str, Any]]
) -> None:
    """Resolved anew on the version that it is on, a session says the same again, as a version of the record."""
    before = new_session(placements=PLACEMENTS)
    after = moved(client, before, {"atlas": "1"})
    assert after.status_code == 200, after.text
    assert after.json()["placements"] == before["placements"]
    assert after.json()["version"] == 2


def test_a_session_does_not_go_back(client: httpx.Client, new_session: Callable[..., dict[str, Any]]) -> None:
    """From version 2 a session goes to a newer version alone, and is changed on the one that it is on."""
    session = moved(client, new_session(placements=PLACEMENTS[1:2]), {"atlas": "2"}).json()
    assert complaints(moved(client, session, {"atlas": "1"}))["/atlas"]["code"] == "older-version"
    address = f"/v1/sessions/{session['id']}/placements"
    old_name = client.post(address, json={"kind": "trigger_point", "region": "teres-major", "side": "left"})
    assert complaints(old_name)["/region"]["code"] == "unknown-region"
    assert client.post(address, json={"kind": "trigger_point", "region": "teres-maior", "side": "left"}).is_success
    found = client.get("/v1/sessions", params={"region": "teres-maior", "muscle": "teres-maior"}).json()["items"]
    assert session["id"] in {item["id"] for item in found}


def test_the_version_that_is_meant_is_named(client: httpx.Client, new_session: Callable[..., dict[str, Any]]) -> None:
    """Without If-Match 428, with another version's tag 412, also where the request could not be carried out."""
    session = new_session(placements=PLACEMENTS[1:2])
    address = f"/v1/sessions/{session['id']}/re-resolve"
    assert client.post(address, json={"atlas": "2"}).status_code == 428
    assert moved(client, session, {"atlas": "2"}, match='"7"').status_code == 412
    assert moved(client, session, {"atlas": "9"}, match='"7"').status_code == 412
    assert moved(client, {"id": "none"}, {"atlas": "2"}, match="*").status_code == 404
    assert moved(client, session, {"atlas": "2"}, match="*").status_code == 200


def test_asked_twice_it_is_done_once(client: httpx.Client, new_session: Callable[..., dict[str, Any]]) -> None:
    """The same key and body give the first answer again, byte for byte, though the session is at a later version by
    then; another body with the key is refused."""
    session = new_session(placements=PLACEMENTS)
    first = moved(client, session, {"atlas": "2"}, **{"Idempotency-Key": session["id"]})
    again = moved(client, session, {"atlas": "2"}, **{"Idempotency-Key": session["id"]})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.content == again.content
    assert moved(client, session, {"atlas": "3"}, **{"Idempotency-Key": session["id"]}).status_code == 422
    assert client.get(f"/v1/sessions/{session['id']}").json()["version"] == 2


def test_of_two_at_once_one_wins(client: httpx.Client, new_session: Callable[..., dict[str, Any]]) -> None:
    """Two that mean the same version: one is carried out, the other is told that the session moved on."""
    session = new_session(placements=PLACEMENTS)
    statuses: list[int] = []

    def ask() -> None:
        statuses.append(moved(client, session, {"atlas": "2"}).status_code)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # The later one may also find the session on version 2 before it says which version it means.
    assert sorted(statuses) == [200, 412]
    assert client.get(f"/v1/sessions/{session['id']}").json()["version"] == 2


def test_new_sessions_take_the_default_version_and_copies_with_them(folder: Path, tmp_path: Path) -> None:
    """With version 2 as the default, a session of version 1 stays until it is asked for; its copy is stated in the new
    terms, and refused where a person would have to decide."""
    placements = [PLACEMENTS[1], {"kind": "trigger_point", "region": "masseter", "side": "left"}]
    with serving(create_app(settings_in(tmp_path), open_to_all=True)) as address, httpx.Client(base_url=address) as old:
        good, bad = (old.post("/v1/sessions", json={"placements": placements[:n]}).json() for n in (1, 2))
    settings = settings_in(tmp_path, atlas_path=str(folder), atlas_version="2")
    with serving(create_app(settings, open_to_all=True)) as address, httpx.Client(base_url=address) as new:
        assert new.get(f"/v1/sessions/{good['id']}").json() == good
        copy = new.post("/v1/sessions", json={"copy_of": good["id"]})
        assert copy.status_code == 201, copy.text
        assert (copy.json()["atlas"], copy.json()["placements"][0]["region"]) == ("2", "teres-maior")
        assert complaints(new.post("/v1/sessions", json={"copy_of": bad["id"]})).keys() == {"/copy_of"}
        assert moved(new, good, {}).json()["atlas"] == "2"
    with (
        serving(create_app(settings_in(tmp_path), open_to_all=True)) as address,
        httpx.Client(base_url=address) as without,
    ):
        kept = without.get(f"/v1/sessions/{good['id']}")
        assert kept.json()["atlas"] == "2"
        refused = moved(without, kept.json(), {"atlas": "1"})
        assert (refused.status_code, refused.json()["type"]) == (409, "urn:bodymap:problem:atlas-not-here")
