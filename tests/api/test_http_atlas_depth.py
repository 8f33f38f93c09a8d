"""The atlas in depth over HTTP: what is said beside the numbers, where a needle enters, what is refused and how."""

import json
from typing import Any, get_args

import httpx
import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bodymap.api.needle_path import traced
from bodymap.api.probe import probed
from bodymap.atlas import Atlas, load_atlas
from bodymap.atlas.frames import SIZES, on_midline
from bodymap.atlas.manifest import VIEWS, Arm, ViewId
from bodymap.atlas.midline import met
from bodymap.charting.needle_statement import NeedlePathStatement, enter
from bodymap.errors import Invalid
from tests.charting.visits_drafted import drafted

ATLAS = load_atlas()


def probe(client: httpx.Client, **query: Any) -> dict[str, Any]:
    answer = client.get("/v1/atlas/probe", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def path(client: httpx.Client, **body: Any) -> dict[str, Any]:
    """A needle of 60 mm, unless stated."""
    answer = client.post("/v1/atlas/needle-path", json={"length_mm": 60, **body})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def complaints(client: httpx.Client, **body: Any) -> dict[str, Any]:
    """The complaint at each pointer about a needle, of 60 mm unless stated, that must be refused."""
    answer = client.post("/v1/atlas/needle-path", json={"length_mm": 60, **body})
    assert answer.status_code == 422, answer.text
    return {error["pointer"]: error for error in answer.json()["errors"]}


def test_a_probe_has_what_the_contract_names(client: httpx.Client) -> None:
    """Id, kind, side, where it is entered and left, of every structure; each with a mark that it is the reference
    body's."""
    found = probe(client, view="posterior", x=290, y=385)
    for structure in found["structures"]:
        assert {"id", "kind", "side", "enters_mm", "leaves_mm", "thickness_mm", "name"} <= structure.keys()
        assert structure["kind"] in ("muscle", "bone", "organ", "fascia")
        assert structure["reference_body_only"] is True
        assert structure["thickness_mm"] == pytest.approx(structure["leaves_mm"] - structure["enters_mm"], abs=0.02)
    assert [flag["code"] for flag in found["flags"]] == ["over-lung-field"]


def test_a_probe_and_a_needle_name_the_nerves_beside_them(client: httpx.Client) -> None:
    """Nerves stand with their kind, side and distance and in a sentence of the language, and every answer says that
    other vessels are not in the atlas."""
    query = {"view": "posterior", "x": 228, "y": 360}
    for found in (probe(client, **query), path(client, view="posterior", at=[228, 360], length_mm=60)):
        near = {item["id"]: item for item in found["near"]}
        nerve = near["suprascapular-nerve"]
        assert (nerve["kind"], nerve["side"], nerve["constructed"]) == ("nerve", "left", False)
        assert 0 <= nerve["distance_mm"] <= 5
        assert nerve["words"].startswith(f"In the reference body, {nerve['distance_mm']:.0f} mm beside this line: ")
        assert "only the vertebral artery" in found["not_in_atlas"]
        (flag,) = (flag for flag in found["flags"] if flag["code"] == "suprascapular-nerve")
        assert flag["distance_mm"] <= 5
        assert "suprascapular-nerve" in found["flag_rules"]
    assert "Nervus suprascapularis" in {n["name"] for n in probe(client, **query, lang="de")["near"]}


def test_a_plate_draws_nerves_on_request(client: httpx.Client) -> None:
    """`nerves=true` is another picture, with another tag; what is neither true nor false is refused."""
    plain, drawn = (client.get("/v1/atlas/plates/posterior.svg", params=q) for q in ({}, {"nerves": "true"}))
    assert plain.status_code == drawn.status_code == 200
    assert b"data-course" in drawn.content
    assert b"data-course" not in plain.content
    assert plain.headers["ETag"] != drawn.headers["ETag"]
    assert client.get("/v1/atlas/plates/posterior.svg", params={"nerves": "perhaps"}).status_code == 422


@pytest.mark.parametrize("view", VIEWS)
def test_a_probe_is_what_the_atlas_finds(client: httpx.Client, view: ViewId) -> None:
    """Over HTTP the same structures come as in process, on every view, with the arm and without."""
    width, height = SIZES[view]
    for x, y in ((width * 0.45, height * 0.35), (width * 0.55, height * 0.6), (width * 0.5, height * 0.8)):
        for arm in get_args(Arm):
            found = probe(client, view=view, x=x, y=y, arm=arm)
            wanted = met(ATLAS.beneath(view, x, y, arm), on_midline(view, x))
            assert [(s["id"], s["side"]) for s in found["structures"]] == [
                (step.structure.id, step.side) for step in wanted
            ]
            assert [s["enters_mm"] for s in found["structures"]] == [round(step.enters_mm, 2) for step in wanted]


@given(st.sampled_from(VIEWS), st.data())
def test_every_point_is_answered_or_refused(view: ViewId, data: st.DataObject) -> None:
    """Anywhere on the page there is an answer with a landmark and a meaning, or a complaint about x and y."""
    x, y = data.draw(st.floats(0, SIZES[view][0])), data.draw(st.floats(0, SIZES[view][1]))
    arm: Arm = data.draw(st.sampled_from(get_args(Arm)))
    try:
        answer = probed(ATLAS, view, x, y, arm)
    except Invalid as error:
        assert [complaint.pointer for complaint in error.complaints] == ["?x", "?y"]
        assert ATLAS.at(view, x, y, arm=arm) is None
        return
    hit = ATLAS.at(view, x, y, arm=arm)
    assert hit is not None
    assert answer.meaning.structure == (hit.structure.id if hit.structure else None)
    assert answer.meaning.inferred
    assert answer.landmark.endswith("on the reference figure")


def test_the_arm_is_there_where_it_is_meant(client: httpx.Client) -> None:
    """On a side view a needle into a muscle of the arm finds the arm unasked; without the arm it goes beneath it."""
    into = path(client, region="biceps-brachii", side="left", view="left")
    assert into["arm"] == "shown"
    assert "biceps-brachii" in {structure["id"] for structure in into["structures"]}
    past = path(client, view="left", at=into["at"])
    assert past["arm"] == "hidden"
    assert "biceps-brachii" not in {structure["id"] for structure in (*past["structures"], *past["near"])}


def test_views_that_there_are_are_named(client: httpx.Client) -> None:
    """A view that is not there is 422, and the answer says which there are."""
    refused = client.get("/v1/atlas/probe?view=back&x=290&y=385")
    assert refused.status_code == 422
    [error] = refused.json()["errors"]
    assert all(view in error["detail"] for view in VIEWS)
    assert all(view in complaints(client, view="back", at=[1, 1])["/view"]["detail"] for view in VIEWS)


def test_a_needle_in_words(client: httpx.Client) -> None:
    """Whole muscles in their order, `through` the first `into` the second, with the side, on the reference figure."""
    short = path(client, view="posterior", at=[292.5, 292.5], length_mm=20)
    assert short["words"] == "Through trapezius into levator scapulae, left, on the reference figure."
    longer = path(client, view="posterior", at=[292.5, 292.5], length_mm=29)["words"]
    assert longer.startswith("Through trapezius into levator scapulae, then ")
    alone = path(client, view="posterior", at=[292.5, 292.5], length_mm=5)
    assert alone["words"] == "Into trapezius, left, on the reference figure."
    assert alone["structures"][0]["goes_on"] is True
    assert alone["structures"][0]["ends_mm"] == 5
    mirrored = path(client, view="posterior", at=[407.5, 292.5], length_mm=20)
    assert mirrored["words"] == "Through trapezius into levator scapulae, right, on the reference figure."


def test_every_structure_of_a_way_is_marked(client: httpx.Client) -> None:
    """What is crossed and what is near has kind, side and name, and each says that it is the reference body's."""
    found = path(client, view="posterior", at=[290, 385], angle_from_normal_deg=30, direction="medial")
    assert found["structures"]
    assert found["near"]
    for structure in (*found["structures"], *found["near"]):
        assert {"id", "name", "kind", "side", "region"} <= structure.keys()
        assert structure["reference_body_only"] is True
    assert (found["angle_from_normal_deg"], found["direction"], found["length_mm"]) == (30, "medial", 60)
    assert found["entered_by"] == "point"
    assert {"over-lung-field"} <= {flag["code"] for flag in found["flags"]}


@pytest.mark.parametrize("region", [region.id for region in ATLAS.regions])
def test_a_needle_into_a_region_goes_there(region: str) -> None:
    """A needle that is to enter by region comes to that region, of that side, and has the flags of the whole region."""
    for side in ("left", "right"):
        stated = msgspec.convert({"region": region, "side": side, "length_mm": 100}, NeedlePathStatement)
        found = traced(ATLAS, stated, enter(ATLAS, stated))
        assert found.entered_by == "region"
        crossed = {(structure.id, structure.side) for structure in (*found.structures, *found.near)}
        # The way to these runs along the skin of the armpit, or begins at the fold between arm and trunk.
        assert (region, side) in crossed or region in ("coracobrachialis", "teres-major")
        assert (found.region, found.side) == (region, side)
        [placement] = drafted(placements=[{"kind": "trigger_point", "region": region, "side": side}]).placements
        assert {flag.code for flag in placement.flags} <= {flag.code for flag in found.flags}


def test_a_needle_is_traced_over_http_as_in_process(client: httpx.Client) -> None:
    """The answer over HTTP is the one that the atlas gives."""
    stated = msgspec.convert({"region": "levator-scapulae", "side": "right", "length_mm": 90}, NeedlePathStatement)
    found = path(client, region="levator-scapulae", side="right", length_mm=90)
    assert found == msgspec.json.decode(msgspec.json.encode(traced(ATLAS, stated, enter(ATLAS, stated))))


def test_a_landmark_with_an_offset_is_a_placement_s(client: httpx.Client) -> None:
    """The entry by landmark is the point that a placement so stated is given."""
    where: dict[str, Any] = {"landmark": "C7", "offset_mm": {"lateral": 40, "caudal": 10}, "side": "left"}
    placed = client.post("/v1/sessions", json={"placements": [{"kind": "trigger_point", **where}]}).json()
    found = path(client, **where)
    assert found["entered_by"] == "landmark"
    assert found["at"] == placed["placements"][0]["resolved"]["at"]
    assert found["landmark"] == placed["placements"][0]["resolved"]["landmark"]


def test_a_region_that_is_not_quite_there_is_flagged(client: httpx.Client) -> None:
    """A stated region within 30 mm of the point is kept and flagged, as in a record; farther off it is refused."""
    found = path(client, view="posterior", at=[290, 385], region="infraspinatus", side="left")
    assert found["flags"][-1]["code"] == "region-differs" or "region-differs" in {f["code"] for f in found["flags"]}
    assert found["region"] == "infraspinatus"
    assert complaints(client, view="posterior", at=[290, 385], region="gluteus-medius").keys() == {"/region"}


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"landmark": "C7", "direction": "medial"}, "/direction", "no-direction"),
        ({"landmark": "C7", "direction": "craniolateral"}, "/direction", "no-direction"),
        ({"view": "posterior", "at": [350, 300], "direction": "medial"}, "/direction", "no-direction"),
        ({"view": "left", "at": [200, 640], "direction": "lateral"}, "/direction", "no-direction"),
        ({"region": "infraspinatus", "side": "left", "direction": "inwards"}, "/direction", "unknown-value"),
        ({"region": "infraspinatus", "side": "left"}, "/direction", "missing-field"),
    ],
)
def test_a_direction_that_points_nowhere(client: httpx.Client, body: dict[str, Any], pointer: str, code: str) -> None:
    """Medial on the midline, lateral on a side view, no word at all: 422, and what would be right."""
    error = complaints(client, angle_from_normal_deg=30, **body)[pointer]
    assert error["code"] == code
    assert "cranial" in error["suggestions"]
    for right in error["suggestions"]:
        path(client, angle_from_normal_deg=30, **{**body, "direction": right})


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"view": "posterior", "at": [290, 290], "direction": "medial"}, {"/angle_from_normal_deg"}),
        ({"view": "posterior", "at": [290, 290], "angle_from_normal_deg": 80.1}, {"/angle_from_normal_deg"}),
        ({"view": "posterior", "at": [290, 290], "angle_from_normal_deg": -1}, {"/angle_from_normal_deg"}),
        ({"view": "posterior", "at": [290, 290], "angle_from_normal_deg": "30"}, {"/angle_from_normal_deg"}),
        ({"view": "posterior", "at": [290, 290], "length_mm": 150.5}, {"/length_mm"}),
        ({"view": "posterior", "at": [290, 290], "length_mm": None}, {"/length_mm"}),
        ({"view": "posterior", "at": [290]}, {"/at"}),
        ({"view": "posterior", "at": [290, 1e6]}, {"/at/1"}),
        ({"at": [290, 290]}, {"/view"}),
        ({"view": "posterior"}, {"/at"}),
        ({}, {""}),
        ({"region": "trapezius", "side": "left"}, {"/region"}),
        ({"region": "levator-scapulae"}, {"/side"}),
        ({"region": "levator-scapulae", "side": "midline"}, {"/side"}),
        ({"region": "infraspinatus", "side": "left", "view": "anterior"}, {"/view"}),
        ({"landmark": "C8", "side": "left"}, {"/landmark"}),
        ({"landmark": "C7", "view": "posterior", "at": [290, 290]}, {"/landmark"}),
        ({"offset_mm": {"lateral": 3}, "side": "left"}, {"/landmark"}),
        ({"landmark": "acromion"}, {"/side"}),
        ({"landmark": "C7", "offset_mm": {"lateral": 900}, "side": "left"}, {"/offset_mm"}),
        ({"site": {"text": "calf"}}, {"/site"}),
        ({"view": "posterior", "at": [290, 290], "direction": "medial", "length_mm": 0}, {"/length_mm"}),
        ([], {""}),
        ("levator", {""}),
    ],
)
def test_what_is_no_needle_is_pointed_at(client: httpx.Client, body: Any, pointers: set[str]) -> None:
    """Every mistake is 422 with a pointer, and nothing is guessed."""
    stated = {"length_mm": 60, **body} if isinstance(body, dict) else body
    answer = client.post("/v1/atlas/needle-path", json=stated)
    assert answer.status_code == 422, answer.text
    assert {error["pointer"] for error in answer.json()["errors"]} == pointers
    assert all("a `site`" not in error["detail"] for error in answer.json()["errors"])


def test_a_needle_without_a_length_is_refused(client: httpx.Client) -> None:
    """How far a needle is followed is never assumed: 422 at the length, and nothing else is complained of."""
    answer = client.post("/v1/atlas/needle-path", json={"view": "posterior", "at": [290, 290], "side": "left"})
    assert answer.status_code == 422
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("/length_mm", "missing-field")]


def test_a_way_is_flagged_where_it_comes_to(client: httpx.Client) -> None:
    """A needle that leans over what its point does not lie over is flagged for it; straight in it is not."""
    at = {"landmark": "L3", "offset_mm": {"lateral": 60, "cranial": 10}, "side": "left", "length_mm": 90}
    assert {flag["code"] for flag in path(client, **at)["flags"]} == {"kidney-level", "psoas"}
    leaning = path(client, **at, angle_from_normal_deg=45, direction="medial")
    assert {flag["code"] for flag in leaning["flags"]} == {"kidney-level", "psoas", "near-midline"}
    assert leaning["flag_rules"].keys() == {"kidney-level", "psoas", "near-midline"}


@given(st.sampled_from(VIEWS), st.data())
def test_a_way_into_the_lung_is_over_the_lung_field(view: ViewId, data: st.DataObject) -> None:
    """Whatever its point, side and lean, a way that goes into pleura or lung is flagged as on the way; no other is."""
    x, y = data.draw(st.floats(0, SIZES[view][0])), data.draw(st.floats(150, 750))
    lean = data.draw(st.floats(0, 60))
    towards = data.draw(st.sampled_from(["cranial", "caudal", "medial", "lateral"]))
    stated = NeedlePathStatement(view=view, at=(x, y), angle_from_normal_deg=lean, direction=towards, length_mm=90)
    try:
        answer = traced(ATLAS, stated, enter(ATLAS, stated))
    except Invalid:
        assume(False)
    met = {crossed.id for crossed in answer.structures}
    lung = met & {"pleura", "superior-lobe-of-lung", "middle-lobe-of-lung", "inferior-lobe-of-lung"}
    certainties = {flag.certainty for flag in answer.flags if flag.code == "over-lung-field"}
    assert certainties == {"on-the-way"} if lung else certainties <= {"under-the-point"}


def test_a_needle_path_is_the_same_again(client: httpx.Client) -> None:
    """Equal bodies give equal bytes and one validator, other bodies another; and nothing of it is kept."""
    body = {"view": "posterior", "at": [290, 385], "side": "left", "length_mm": 60}
    before = client.get("/v1/sessions").json()
    one, again = (client.post("/v1/atlas/needle-path", json=body) for _ in range(2))
    other = client.post("/v1/atlas/needle-path", json={**body, "length_mm": 30})
    assert one.content == again.content
    assert one.headers["etag"] == again.headers["etag"] != other.headers["etag"]
    assert client.get("/v1/sessions").json() == before


def test_landmarks_come_in_pages(client: httpx.Client) -> None:
    """Pages of a few put together are the list, filtered or not; a cursor of another search is refused."""
    for query in ({}, {"view": "posterior"}, {"side": "left"}, {"q": "scapula"}):
        whole = client.get("/v1/atlas/landmarks", params=query).json()
        assert whole["next"] is None
        ids: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = client.get("/v1/atlas/landmarks", params={**query, **cursor, "limit": "4"}).json()
            ids += [item["id"] for item in page["items"]]
            if page["next"] is None:
                break
            assert len(page["items"]) == 4
            cursor = {"cursor": page["next"]}
        assert ids == [item["id"] for item in whole["items"]]
    refused = client.get("/v1/atlas/landmarks?view=posterior&cursor=nobody")
    assert [error["pointer"] for error in refused.json()["errors"]] == ["?cursor"]


@pytest.mark.parametrize(
    ("said", "first"),
    [("c7", "C7"), ("C-7", "C7"), ("ACROMION", "acromion"), ("acromian", "acromion"), ("psis", "psis")],
)
def test_landmarks_are_found_by_what_people_type(client: httpx.Client, said: str, first: str) -> None:
    """Case, hyphens and a slip of the finger do not hide a landmark; nonsense finds nothing."""
    items = client.get("/v1/atlas/landmarks", params={"q": said}).json()["items"]
    assert items[0]["id"] == first
    assert client.get("/v1/atlas/landmarks", params={"q": "zzzzqqq"}).json() == {"items": [], "next": None}


def test_every_landmark_lies_where_a_placement_by_it_does(client: httpx.Client) -> None:
    """The place that the list shows on the view of its offsets is the point that a placement by the landmark gets."""
    for item in client.get("/v1/atlas/landmarks").json()["items"]:
        for place in item["places"]:
            if place["view"] != item["offsets_on"]:
                continue
            point = ATLAS.landmarks.place(item["id"], place["side"] if item["paired"] else None)
            assert point.view == place["view"]
            assert [point.x, point.y] == pytest.approx(place["at"], abs=0.01)


def words_of(atlas: Atlas) -> list[str]:
    """Every answer about depth that can be had without a body, and a few of those that need one."""
    views = [probed(atlas, view, SIZES[view][0] / 2, 400) for view in VIEWS]
    return [str(view) for view in views]


def test_no_answer_clears_a_needle(client: httpx.Client) -> None:
    """Neither probes, nor ways, nor landmarks, nor the description of the service has the word that would clear one."""
    answers = [
        *words_of(ATLAS),
        json.dumps(path(client, view="posterior", at=[290, 385])),
        client.get("/v1/atlas/landmarks").text,
        client.get("/v1/atlas/flags").text,
        client.get("/openapi.json").text,
    ]
    assert [text for text in answers if "safe" in text.lower()] == []


@pytest.mark.parametrize(
    ("lang", "words", "landmark"),
    [
        ("es", "Atraviesa: trapecio; entra en: elevador de la escápula, izquierda, ", "en la figura de referencia"),
        ("de", "Durch: Trapezius; in: Levator scapulae, links, ", "an der Referenzfigur"),
        ("fr", "Traverse : trapèze ; entre dans : élévateur de la scapula, gauche, ", "sur la figure de référence"),
    ],
)
def test_what_is_said_of_a_way_and_a_probe_is_in_the_language(
    client: httpx.Client, lang: str, words: str, landmark: str
) -> None:
    """The sentence of a way, the place by its landmark, and what the millimetres are, all in the language asked for."""
    stated = {"view": "posterior", "at": [292.5, 292.5], "length_mm": 20}
    way = client.post("/v1/atlas/needle-path", params={"lang": lang}, json=stated).json()
    probe = client.get("/v1/atlas/probe", params={"view": "posterior", "x": 292.5, "y": 292.5, "lang": lang}).json()
    assert way["words"].startswith(words)
    for answer in (way, probe):
        assert answer["landmark"].endswith(landmark)
        assert "reference body" not in answer["reference"]
