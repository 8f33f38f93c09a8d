"""The landmarks of the shipped atlas: levels, symmetry, placing by offset, and saying where a point lies."""

import itertools
import re
from math import hypot

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bodymap.atlas import load_atlas
from bodymap.atlas.frames import SIZES, contains, mirror, to_page
from bodymap.atlas.landmarks import Landmark, Landmarks, Nearest, Placed, read_landmarks, write_landmarks
from bodymap.atlas.manifest import VIEWS, Side, ViewId
from bodymap.atlas.wording import steps
from bodymap.errors import Corrupt, Invalid, Missing
from bodymap.resources import asset_folder
from tests.examples import THOROUGHLY

DATA = (asset_folder() / "1" / "landmarks.json").read_bytes()
LANDMARKS = read_landmarks(DATA)
LEVELS = [
    f"{letter}{n}" for letter, first, last in (("C", 2, 7), ("T", 1, 12), ("L", 1, 5)) for n in range(first, last + 1)
] + ["S1", "S2"]
TRUNK: tuple[ViewId, ...] = ("posterior", "anterior")
OTHER: dict[Side, Side] = {"left": "right", "right": "left", "midline": "midline"}

views = st.sampled_from(VIEWS)
offsets = st.integers(0, 80).map(float)


@st.composite
def points(draw: st.DrawFn) -> Placed:
    """Any point of any view, to a tenth of a millimetre."""
    view = draw(views)
    width, height = SIZES[view]
    return Placed(view, draw(st.integers(0, int(width) * 10 - 1)) / 10, draw(st.integers(0, int(height) * 10 - 1)) / 10)


def height(landmark_id: str) -> float:
    """Body Y of a landmark, on its left side where it is paired."""
    return next(iter(LANDMARKS.get(landmark_id).at.values()))[1]


def placed_by(
    landmark_id: str, side: str | None, offset: dict[str, float], pointer: str = "", view: ViewId | None = None
) -> Placed:
    """The point at an offset that is written as the contract does."""
    return LANDMARKS.place(
        landmark_id,
        side,
        lateral_mm=offset.get("lateral"),
        medial_mm=offset.get("medial"),
        cranial_mm=offset.get("cranial"),
        caudal_mm=offset.get("caudal"),
        view=view,
        pointer=pointer,
    )


def refused(landmark_id: str, side: str | None, offset: dict[str, float], pointer: str = "") -> dict[str, str]:
    """Pointer and code of each complaint about a placement that must not stand."""
    with pytest.raises(Invalid) as caught:
        placed_by(landmark_id, side, offset, pointer)
    return {complaint.pointer: complaint.code for complaint in caught.value.complaints}


def test_every_landmark_that_the_issue_names_is_there() -> None:
    """Spinous processes C2 to S2 and the bony points of head, shoulder girdle, thorax and pelvis are all present."""
    ids = {landmark.id for landmark in LANDMARKS.all}
    named = "inion mastoid acromion scapular-spine-root scapula-superior-angle scapula-inferior-angle iliac-crest psis "
    named += "scapula-medial-border clavicle-sternal-end clavicle-acromial-end asis rib-12-tip sternal-notch "
    assert ids >= {*LEVELS, *named.split(), "c7-acromion-midpoint"}
    assert all(landmark.rule and landmark.names.en for landmark in LANDMARKS.all)


def test_the_levels_of_the_spine_descend() -> None:
    """Each spinous process lies 8 to 40 mm below the one before it."""
    gaps = [height(upper) - height(lower) for upper, lower in itertools.pairwise(LEVELS)]
    assert all(8 < gap < 40 for gap in gaps), gaps


@pytest.mark.parametrize(
    ("landmark_id", "above", "below"),
    [
        ("inion", None, "C2"),
        ("mastoid", None, "C2"),
        ("acromion", "C7", "T3"),
        ("scapula-superior-angle", "T1", "T3"),
        ("scapular-spine-root", "T3", "T4"),
        ("scapula-inferior-angle", "T7", "T8"),
        ("sternal-notch", "T1", "T3"),
        ("sternal-angle", "T3", "T5"),
        ("xiphisternal-joint", "T7", "T10"),
        ("rib-12-tip", "L1", "L3"),
        ("iliac-crest", "L3", "L5"),
        ("psis", "S1", "S2"),
        ("greater-trochanter", "S2", None),
    ],
)
def test_landmarks_lie_at_their_levels(landmark_id: str, above: str | None, below: str | None) -> None:
    """Seen from behind, each lies between the spinous processes that anatomy books put it between."""
    if above:
        assert height(landmark_id) < height(above)
    if below:
        assert height(landmark_id) > height(below)


def test_midpoints_lie_half_way() -> None:
    """What is derived from two landmarks is their mean, on both sides."""
    derived = [landmark for landmark in LANDMARKS.all if landmark.derived_from]
    assert {d.id for d in derived} == {"c7-acromion-midpoint", "c7-acromion-angle-midpoint"}
    for landmark in derived:
        ends = [LANDMARKS.get(name) for name in landmark.derived_from]
        for side, point in landmark.at.items():
            for axis in range(3):
                mean = sum((end.at.get(side) or end.at["midline"])[axis] for end in ends) / 2
                assert point[axis] == pytest.approx(mean, abs=0.06)


def test_left_and_right_mirror_each_other() -> None:
    """The left of every pair lies on the body's left, the right is its mirror image, the rest stand on the midline."""
    for landmark in LANDMARKS.all:
        if landmark.paired:
            x, y, z = landmark.at["left"]
            assert x > 10
            assert landmark.at["right"] == (-x, y, z)
        else:
            assert landmark.at["midline"][0] == 0


def test_structures_are_those_of_the_atlas() -> None:
    """Every landmark names a structure of the manifest, or what it is derived from; the umbilicus is the skin's."""
    structures = {structure.id for structure in load_atlas().manifest.structures}
    for landmark in LANDMARKS.all:
        on_skin = landmark.id == "umbilicus"
        assert (landmark.structure in structures) != (bool(landmark.derived_from) or on_skin), landmark.id


def test_views_show_what_is_found_from_them() -> None:
    """Each view lists its landmarks at the point where their body point projects, side views those of their side."""
    for view in VIEWS:
        shown = LANDMARKS.on_view(view)
        assert shown
        for landmark, side, at in shown:
            x, y, z = landmark.at[side]
            assert view in landmark.views
            assert at == to_page(view, x if view in TRUNK else z, y)
            assert contains(view, *at)
            assert view in TRUNK or side == view
    assert {e.landmark.id for e in LANDMARKS.on_view("posterior")} >= {*LEVELS, "psis", "scapula-inferior-angle"}
    assert {e.landmark.id for e in LANDMARKS.on_view("anterior")} >= {"asis", "sternal-notch", "clavicle-sternal-end"}
    assert not {e.landmark.id for e in LANDMARKS.on_view("anterior")} & {*LEVELS, "psis"}


def test_every_landmark_stands_on_the_body() -> None:
    """On every view that shows it, the atlas finds the body under each landmark, within 2 mm at the outline."""
    atlas = load_atlas()
    for view in VIEWS:
        for landmark, side, (x, y) in LANDMARKS.on_view(view):
            near = [atlas.at(view, x + dx, y + dy) for dx in (-2, 0, 2) for dy in (-2, 0, 2)]
            assert any(near), (landmark.id, side, view)


@pytest.mark.parametrize(
    ("name", "landmark_id"),
    [
        ("C7", "C7"),
        ("c7", "C7"),
        ("C 7", "C7"),
        ("vertebra prominens", "C7"),
        ("Vertebra cervicalis VII, processus spinosus", "C7"),
        ("PSIS", "psis"),
        ("posterior superior iliac spine", "psis"),
        ("Jugular Notch", "sternal-notch"),
        ("protuberantia  occipitalis-externa", "inion"),
    ],
)
def test_landmarks_answer_to_what_clinicians_type(name: str, landmark_id: str) -> None:
    """An id, a name or an alias finds the landmark, whatever its case, hyphens and spaces."""
    assert LANDMARKS.get(name).id == landmark_id


@pytest.mark.parametrize(
    ("name", "meant"),
    [("clavicel", "clavicle-sternal-end"), ("C8", "C7"), ("iliac", "iliac-crest"), ("acromium", "acromion")],
)
def test_an_unknown_landmark_comes_with_what_could_be_meant(name: str, meant: str) -> None:
    """A slip is not guessed at: it is refused, and the answer suggests ids that exist."""
    with pytest.raises(Missing) as caught:
        LANDMARKS.get(name)
    assert meant in caught.value.facts["suggestions"]
    assert all(LANDMARKS.get(suggestion) for suggestion in caught.value.facts["suggestions"])


@pytest.mark.parametrize("name", ["", " ", "-", "T13", "elbow of Zeus", "ß" * 500, "\x00"])
def test_nonsense_is_no_landmark(name: str) -> None:
    """Empty, huge and strange names are refused."""
    with pytest.raises(Missing):
        LANDMARKS.get(name)


def test_the_example_of_the_contract_lies_on_trapezius() -> None:
    """Four centimetres to the left of C7 and one below it is the left trapezius, and is said so."""
    placed = LANDMARKS.place("C7", "left", lateral_mm=40, caudal_mm=10)
    x, y = to_page("posterior", *LANDMARKS.get("C7").at["midline"][:2])
    assert placed.view == "posterior"
    assert (placed.x, placed.y) == pytest.approx((x - 40, y + 10))
    hit = load_atlas().at(*placed)
    assert hit
    assert hit.region
    assert (hit.region.muscle, hit.side) == ("trapezius", "left")
    text = "4 cm lateral and 1 cm below C7, left, on the reference figure"
    assert LANDMARKS.nearest(*placed, side="left").text == text
    assert LANDMARKS.measure("C7", *placed).text == text


@pytest.mark.parametrize(
    ("side", "offset", "complaints"),
    [
        (None, {"lateral": 40}, {"/side": "side-missing"}),
        ("midline", {"lateral": 40}, {"/side": "side-disagrees"}),
        ("both", {"lateral": 40}, {"/side": "side-disagrees"}),
        ("left", {}, {"/side": "side-disagrees"}),
        ("right", {"caudal": 10}, {"/side": "side-disagrees"}),
        ("left", {"lateral": 0}, {"/side": "side-disagrees"}),
        (None, {"medial": 10}, {"/offset_mm/medial": "contradiction"}),
        ("left", {"medial": 10}, {"/offset_mm/medial": "contradiction"}),
        ("left", {"lateral": -1}, {"/offset_mm/lateral": "out-of-range"}),
        (None, {"caudal": float("nan")}, {"/offset_mm/caudal": "out-of-range"}),
        (None, {"cranial": float("inf")}, {"/offset_mm/cranial": "out-of-range"}),
        (None, {"cranial": 1, "caudal": 1}, {"/offset_mm/caudal": "contradiction"}),
        (
            None,
            {"lateral": 10, "cranial": -1, "caudal": 0},
            {"/side": "side-missing", "/offset_mm/cranial": "out-of-range", "/offset_mm/caudal": "contradiction"},
        ),
    ],
)
def test_what_does_not_fit_a_midline_landmark_is_refused(
    side: str | None, offset: dict[str, float], complaints: dict[str, str]
) -> None:
    """Every complaint comes at once, each pointing at the member that is wrong or missing."""
    assert refused("C7", side, offset) == complaints
    assert refused("C7", side, offset, "/placements/3") == {f"/placements/3{p}": c for p, c in complaints.items()}


@pytest.mark.parametrize(
    ("side", "offset", "complaints"),
    [
        (None, {}, {"/side": "side-missing"}),
        ("midline", {"caudal": 5}, {"/side": "side-disagrees"}),
        ("both", {}, {"/side": "side-disagrees"}),
        ("left", {"lateral": 1, "medial": 1}, {"/offset_mm/medial": "contradiction"}),
        ("left", {"medial": 38.5}, {"/offset_mm/medial": "past-midline"}),
        (None, {"caudal": -3}, {"/side": "side-missing", "/offset_mm/caudal": "out-of-range"}),
    ],
)
def test_what_does_not_fit_a_paired_landmark_is_refused(
    side: str | None, offset: dict[str, float], complaints: dict[str, str]
) -> None:
    """A paired landmark always needs its side, and its offset stays on that side."""
    assert refused("psis", side, offset) == complaints


def test_an_unknown_landmark_is_refused_with_suggestions() -> None:
    """The complaint points at the landmark, suggests what exists, and comes together with the others."""
    with pytest.raises(Invalid) as caught:
        LANDMARKS.place("C8", "left", cranial_mm=-1, pointer="/placements/0")
    first, second = caught.value.complaints
    assert (first.pointer, first.code) == ("/placements/0/landmark", "unknown-landmark")
    assert "C7" in first.suggestions
    assert second.pointer == "/placements/0/offset_mm/cranial"


@pytest.mark.parametrize(
    ("landmark_id", "side", "view", "offset", "complaints"),
    [
        ("C7", None, "anterior", {}, {"/view": "not-shown"}),
        ("asis", "left", "posterior", {}, {"/view": "not-shown"}),
        ("psis", "left", "right", {}, {"/view": "not-shown"}),
        ("psis", "left", "left", {"lateral": 5}, {"/offset_mm/lateral": "not-shown"}),
        ("psis", "left", "left", {"medial": 0}, {"/offset_mm/medial": "not-shown"}),
    ],
)
def test_a_view_must_show_the_landmark_and_the_offset(
    landmark_id: str, side: str | None, view: ViewId, offset: dict[str, float], complaints: dict[str, str]
) -> None:
    """A view that does not show the landmark, its side or the direction of the offset is refused."""
    with pytest.raises(Invalid) as caught:
        placed_by(landmark_id, side, offset, view=view)
    assert {c.pointer: c.code for c in caught.value.complaints} == complaints


def test_a_midline_landmark_may_be_called_midline() -> None:
    """Without a lateral offset the side is the midline, stated or not."""
    assert LANDMARKS.place("L4", "midline", caudal_mm=5) == LANDMARKS.place("L4", None, caudal_mm=5)
    assert LANDMARKS.place("L4", None, lateral_mm=0).x == 350


def test_a_paired_landmark_is_placed_on_a_side_view_up_and_down() -> None:
    """On side views offsets go along the body, from where the view shows the landmark."""
    (asis,) = [e for e in LANDMARKS.on_view("right") if e.landmark.id == "asis"]
    placed = LANDMARKS.place("asis", "right", cranial_mm=12, view="right")
    assert placed.view == "right"
    assert (placed.x, placed.y) == pytest.approx((asis.at[0], asis.at[1] - 12))


@THOROUGHLY
@given(
    st.sampled_from(LANDMARKS.all), st.sampled_from(["left", "right"]), offsets, offsets, st.booleans(), st.booleans()
)
def test_measuring_undoes_placing(
    landmark: Landmark, side: Side, across: float, along: float, inward: bool, upward: bool
) -> None:
    """A point placed by an offset is measured at that offset from the same landmark, on the stated side."""
    inward = inward and landmark.paired
    if inward:
        across = min(across, abs(landmark.at[side][0]))
    stated = side if landmark.paired or across else None
    offset = {"medial" if inward else "lateral": across, "cranial" if upward else "caudal": along}
    placed = placed_by(landmark.id, stated, offset)
    found = LANDMARKS.measure(landmark.id, *placed, side=stated)
    assert found.lateral_mm == pytest.approx(-across if inward else across, abs=0.002)
    assert found.cranial_mm == pytest.approx(along if upward else -along, abs=0.002)
    assert found.side == (stated or "midline")


@given(points().filter(lambda point: point.view in TRUNK))
def test_placing_by_the_nearest_landmark_leads_back(point: Placed) -> None:
    """On posterior and anterior the nearest landmark and the offset from it lead back to the point."""
    found = LANDMARKS.nearest(*point)
    assert found.lateral_mm is not None
    # The midline belongs to neither of a pair.
    assume(not (found.side == "midline" and found.landmark.paired))
    side = found.side if found.landmark.paired or found.lateral_mm else None
    offset = {
        "lateral" if found.lateral_mm >= 0 else "medial": abs(found.lateral_mm),
        "cranial" if found.cranial_mm >= 0 else "caudal": abs(found.cranial_mm),
    }
    back = placed_by(found.landmark.id, side, offset, view=point.view)
    assert back.view == point.view
    assert (back.x, back.y) == pytest.approx((point.x, point.y), abs=0.01)


@THOROUGHLY
@given(points(), st.sampled_from([None, "left", "right", "midline"]))
def test_a_mirrored_point_is_said_alike(point: Placed, side: Side | None) -> None:
    """On the body's other half the same words come with the other side, for every point of every view."""
    here = LANDMARKS.nearest(*point, side=side)
    there = LANDMARKS.nearest(*mirror(*point), side=OTHER[side] if side else None)
    assert (there.landmark, there.side) == (here.landmark, OTHER[here.side])
    assert there.text == here.text.replace(f", {here.side},", f", {there.side},")
    assert (there.lateral_mm, there.cranial_mm, there.anterior_mm) == pytest.approx(
        (here.lateral_mm, here.cranial_mm, here.anterior_mm)
    )


_NUMBER = r"(?:0\.5|[1-9][0-9]*(?:\.5)?) cm"
_SAID = re.compile(
    rf"(?:at|{_NUMBER} (?:lateral|medial|in front|behind|above|below)(?: (?:to|of))?"
    rf"(?: and {_NUMBER} (?:above|below))?) (?P<name>.+), (?P<side>left|right|midline), on the reference figure"
)


@given(points())
def test_words_say_what_was_measured(point: Placed) -> None:
    """The text has one shape, names the landmark and the patient's side, and says "at" within half a centimetre."""
    found = LANDMARKS.nearest(*point)
    said = _SAID.fullmatch(found.text)
    assert said, found.text
    assert said["side"] == found.side
    assert found.text.startswith("at ") == (found.distance_mm < 5)
    assert LANDMARKS.get(said["name"].removeprefix("the ")) is found.landmark


@given(points())
def test_nothing_far_is_named_where_something_near_is_there(point: Placed) -> None:
    """Beyond ten centimetres only where no landmark of that view and side lies within them."""
    found = LANDMARKS.nearest(*point)
    if found.distance_mm > 100:
        for landmark, side, (x, y) in LANDMARKS.on_view(point.view):
            if side in (found.side, "midline"):
                assert ((point.x - x) ** 2 + (point.y - y) ** 2) ** 0.5 > 99.99, landmark.id


@pytest.mark.parametrize(
    ("near", "side", "lateral_mm", "cranial_mm", "named"),
    [
        ("T6", "left", 30, 3, "T6"),
        ("L3", "right", 50, -4, "L3"),
        ("scapula-inferior-angle", "left", -10, 15, "scapula-inferior-angle"),
        ("scapula-superior-angle", "right", -8, 8, "scapula-superior-angle"),
        ("psis", "left", 10, -10, "psis"),
        ("iliac-crest", "right", 10, 15, "iliac-crest"),
        ("rib-12-tip", "left", 0, -15, "rib-12-tip"),
    ],
)
def test_places_on_the_back_are_told_as_clinicians_would(
    near: str, side: Side, lateral_mm: float, cranial_mm: float, named: str
) -> None:
    """Beside the spine the level is named, near the scapula and the pelvis their own points are."""
    x, y, _ = LANDMARKS.get(near).at.get(side) or LANDMARKS.get(near).at["midline"]
    outward = 1 if side == "left" else -1
    found = LANDMARKS.nearest("posterior", *to_page("posterior", x + outward * lateral_mm, y + cranial_mm))
    assert found.landmark.id == named
    assert found.side == side


def test_side_views_say_in_front_and_behind() -> None:
    """What a side view shows across is front and back, on both sides alike."""
    ways: tuple[tuple[ViewId, int], ...] = (("left", -1), ("right", 1))
    for view, forward in ways:
        (asis,) = [e for e in LANDMARKS.on_view(view) if e.landmark.id == "asis"]
        found = LANDMARKS.nearest(view, asis.at[0] + 20 * forward, asis.at[1] + 10)
        assert found.text == (
            f"2 cm in front and 1 cm below the anterior superior iliac spine, {view}, on the reference figure"
        )
        assert (found.lateral_mm, found.anterior_mm) == (None, 20)


def test_a_stated_side_decides_on_the_midline_only() -> None:
    """A millimetre over the midline is the stated side's; three centimetres over is where it is."""
    _, y = to_page("posterior", 0, height("T6"))
    assert LANDMARKS.nearest("posterior", 351, y, "left").text.startswith("at T6, left")
    assert LANDMARKS.nearest("posterior", 380, y, "left").side == "right"
    assert LANDMARKS.nearest("posterior", 350, y).side == "midline"


def test_measuring_needs_a_view_that_shows_the_landmark() -> None:
    """A landmark is not measured from on a view that does not show it."""
    with pytest.raises(Missing):
        LANDMARKS.measure("C7", "anterior", 350, 300)


def test_landmarks_survive_writing_and_reading() -> None:
    """The shipped bytes are what writing the landmarks gives."""
    assert write_landmarks(LANDMARKS.all) == DATA


def _changed(**members: object) -> list[Landmark]:
    return [msgspec.structs.replace(LANDMARKS.get("psis"), **members)]


@pytest.mark.parametrize(
    "landmarks",
    [
        _changed(at={"left": (1.0, 2.0, 3.0)}),
        _changed(at={"midline": (1.0, 2.0, 3.0)}),
        _changed(views=()),
        _changed(views=("left", "posterior")),
        _changed(derived_from=("C7",)),
        _changed(at={"left": (float("nan"), 2.0, 3.0), "right": (1.0, 2.0, 3.0)}),
        [*_changed(), *_changed(id="other")],
    ],
)
def test_landmarks_that_contradict_themselves_are_corrupt(landmarks: list[Landmark]) -> None:
    """A missing side, a missing view, an unknown source or a name given twice is found when they are loaded."""
    with pytest.raises(Corrupt):
        Landmarks(landmarks)


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", DATA[:-20], DATA.replace(b'"rule"', b'"ruel"')])
def test_a_damaged_file_is_corrupt(data: bytes) -> None:
    """Bytes that are not a file of landmarks are refused as damaged."""
    with pytest.raises(Corrupt):
        read_landmarks(data)


def test_the_same_point_is_always_told_alike() -> None:
    """A second reading of the file gives equal answers."""
    again: Nearest = read_landmarks(DATA).nearest("posterior", 290, 290)
    assert again == LANDMARKS.nearest("posterior", 290, 290)


@THOROUGHLY
@given(st.sampled_from(VIEWS), st.floats(0, 699), st.floats(0, 969))
def test_a_place_is_told_by_a_landmark_of_its_own_half(view: ViewId, x: float, y: float) -> None:
    """What a place is told by is on its own side or on the midline, as far off as it is said to be."""
    nearest = LANDMARKS.nearest(view, x, y)
    here = {entry.side: entry.at for entry in LANDMARKS.on_view(view) if entry.landmark is nearest.landmark}
    side = nearest.side if nearest.landmark.paired else "midline"
    assert nearest.distance_mm == pytest.approx(hypot(x - here[side][0], y - here[side][1]), abs=0.001)


@pytest.mark.parametrize(
    ("mm", "cm"), [(0, None), (4.9, None), (5, 0.5), (7.4, 0.5), (7.5, 1), (12.4, 1), (12.5, 1.5), (17.5, 2), (100, 10)]
)
def test_distances_are_told_to_the_nearest_half_centimetre(mm: float, cm: float | None) -> None:
    """Half a step goes up, whichever way it is counted; nearer than 5 mm is at the landmark."""
    for signed in (mm, -mm):
        along = steps(lateral_mm=0, anterior_mm=None, cranial_mm=signed)
        across = steps(lateral_mm=signed, anterior_mm=None, cranial_mm=0)
        ahead = steps(lateral_mm=None, anterior_mm=signed, cranial_mm=0)
        for told in (along, across, ahead):
            assert [step.cm for step in told] == ([] if cm is None else [cm])
    if cm is not None:
        ways = {"cranial_mm": ("cranial", "caudal"), "lateral_mm": ("lateral", "medial")}
        for name, (out, back) in (ways | {"anterior_mm": ("anterior", "posterior")}).items():
            none = {"lateral_mm": None if name == "anterior_mm" else 0, "anterior_mm": None, "cranial_mm": 0}
            assert [step.direction for step in steps(**none | {name: mm})] == [out]  # type: ignore[arg-type]
            assert [step.direction for step in steps(**none | {name: -mm})] == [back]  # type: ignore[arg-type]


@THOROUGHLY
@given(st.sampled_from(TRUNK), st.floats(0, 346), st.floats(0, 969), st.booleans())
def test_what_lies_on_the_other_half_has_no_say(view: ViewId, x: float, y: float, mirrored: bool) -> None:
    """Wherever the landmarks of the other half were, a place would be told by the same one."""
    x = SIZES[view][0] - x if mirrored else x
    side = LANDMARKS.nearest(view, x, y).side
    other = OTHER[side]
    moved = Landmarks(
        msgspec.structs.replace(each, at={**each.at, other: (each.at[other][0], 0.0, each.at[other][2])})
        if each.paired
        else each
        for each in LANDMARKS.all
    )
    assert moved.nearest(view, x, y).text == LANDMARKS.nearest(view, x, y).text
