"""The way of a straight needle through the reference body: where it enters, what it crosses, what it passes."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bodymap.atlas import load_atlas
from bodymap.atlas.frames import SIZES, mirror, to_body, to_page
from bodymap.atlas.manifest import VIEWS, Arm, Side, ViewId
from bodymap.atlas.needle_entry_point import entry_at, entry_towards, inclined
from bodymap.atlas.needle_path import NEAR_MM, TOUCH_MM, Crossing, NeedlePath, trace
from bodymap.atlas.needle_words import in_words
from bodymap.atlas.vectors import Vector, dot, unit

ATLAS = load_atlas()
OTHER: dict[Side, Side] = {"left": "right", "right": "left", "midline": "midline"}
SIGHT: dict[ViewId, Vector] = {
    "posterior": (0.0, 0.0, 1.0),
    "anterior": (0.0, 0.0, -1.0),
    "left": (-1.0, 0.0, 0.0),
    "right": (1.0, 0.0, 0.0),
}
views = st.sampled_from(VIEWS)
arms: st.SearchStrategy[Arm] = st.sampled_from(["hidden", "shown"])


def straight(view: ViewId, x: float, y: float, length_mm: float = 60) -> NeedlePath:
    """A needle square on the skin."""
    entry = entry_at(ATLAS, view, x, y)
    assert entry is not None
    return trace(ATLAS, entry.skin, entry.normal, length_mm, ATLAS.arm(view, None))


def ids(path: NeedlePath) -> list[str]:
    """What is crossed, in order, a structure that is passed twice in a row once."""
    met = [crossing.structure.id for crossing in path.crossings]
    return [name for place, name in enumerate(met) if place == 0 or met[place - 1] != name]


@given(views, st.data(), arms)
def test_the_normal_points_inwards(view: ViewId, data: st.DataObject, arm: Arm) -> None:
    """Wherever a needle can enter, the smoothed normal has unit length and goes with the direction of sight."""
    x, y = data.draw(st.floats(0, SIZES[view][0])), data.draw(st.floats(0, SIZES[view][1]))
    entry = entry_at(ATLAS, view, x, y, arm)
    assert entry is None or ATLAS.at(view, x, y, arm=arm) is not None
    assume(entry is not None)
    assert entry is not None
    assert math.isclose(dot(entry.normal, entry.normal), 1.0)
    assert dot(entry.normal, SIGHT[view]) > 0
    across, up = to_body(view, x, y)
    plane = entry.skin[:2] if view in ("posterior", "anterior") else (entry.skin[2], entry.skin[1])
    assert plane == (across, up)


@given(views, st.data())
def test_both_halves_have_the_same_skin(view: ViewId, data: st.DataObject) -> None:
    """The normal at the mirrored place is the mirrored normal, give or take how the two halves are sampled."""
    x, y = data.draw(st.floats(0, SIZES[view][0])), data.draw(st.floats(0, SIZES[view][1]))
    one, other = entry_at(ATLAS, view, x, y), entry_at(ATLAS, *mirror(view, x, y))
    assume(one is not None and other is not None)
    assert one is not None
    assert other is not None
    mirrored = (-other.normal[0], other.normal[1], other.normal[2])
    # Where the skin folds, the two halves can take different sheets of it.
    assume(abs(one.skin[2] - other.skin[2]) < 1 and abs(one.skin[0] + other.skin[0]) < 1)
    assert dot(one.normal, mirrored) > math.cos(math.radians(12))


@pytest.mark.parametrize(
    ("direction", "side", "towards"),
    [
        ("medial", "left", (-1, 0, 0)),
        ("lateral", "left", (1, 0, 0)),
        ("medial", "right", (1, 0, 0)),
        ("lateral", "right", (-1, 0, 0)),
        ("cranial", "left", (0, 1, 0)),
        ("caudal", "right", (0, -1, 0)),
        ("craniomedial", "left", (-1, 1, 0)),
        ("caudolateral", "right", (-1, -1, 0)),
    ],
)
@pytest.mark.parametrize("angle_deg", [1.0, 30.0, 80.0])
def test_a_direction_is_the_patient_s(direction: str, side: Side, towards: Vector, angle_deg: float) -> None:
    """From behind, a needle leans by the stated angle from the normal, towards where the patient's own side says."""
    way = inclined((0.0, 0.0, 1.0), angle_deg, direction, side)
    assert way is not None
    assert math.isclose(math.degrees(math.acos(way[2])), angle_deg, abs_tol=1e-6)
    lean = unit(towards)
    assert math.isclose(dot(way, lean), math.sin(math.radians(angle_deg)), abs_tol=1e-9)


@pytest.mark.parametrize(
    ("normal", "direction", "side"),
    [
        ((-1.0, 0.0, 0.0), "medial", "left"),
        ((-1.0, 0.0, 0.0), "lateral", "left"),
        ((0.0, 0.0, 1.0), "anterior", "left"),
        ((0.0, 0.0, 1.0), "medial", "midline"),
        ((0.0, 0.0, 1.0), "craniolateral", "midline"),
        ((0.0, 0.0, 1.0), "inwards", "left"),
        ((0.0, 0.0, 1.0), "mediocranial", "left"),
        ((0.0, 0.0, 1.0), "", "left"),
        ((0.0, 0.0, 1.0), None, "left"),
    ],
)
def test_a_direction_that_points_nowhere_gives_no_way(normal: Vector, direction: str | None, side: Side) -> None:
    """Along the normal, across the midline, or a word that is no direction: no way, and at no angle the normal."""
    assert inclined(normal, 30, direction, side) is None
    assert inclined(normal, 0, direction, side) == normal


def test_through_trapezius_into_levator() -> None:
    """At the neck-shoulder angle a straight needle goes through trapezius into levator scapulae, on either side."""
    for x, side in ((292.5, "left"), (407.5, "right")):
        path = straight("posterior", x, 292.5)
        first, second = path.crossings[:2]
        assert first.structure.id.startswith("trapezius-")
        assert second.structure.id == "levator-scapulae"
        assert {first.structure.side, second.structure.side} == {side}
        assert first.begins_mm == 0
        assert 0 < first.ends_mm < second.begins_mm < second.ends_mm


@pytest.mark.parametrize(
    ("view", "place"),
    [("posterior", (290.0, 387.5)), ("posterior", (255.0, 365.0)), ("posterior", (300.0, 690.0))],
)
def test_where_the_skin_faces_the_viewer_a_straight_needle_is_a_probe(view: ViewId, place: tuple[float, float]) -> None:
    """Along the view's axis the path crosses what the probe has, in its order, at its distances to 2.5 mm."""
    entry = entry_at(ATLAS, view, *place)
    assert entry is not None
    path = trace(ATLAS, entry.skin, SIGHT[view], 60)
    probe = ATLAS.beneath(view, *place)
    zero = probe[0].enters_mm
    wanted = [step for step in probe if step.leaves_mm - step.enters_mm >= 3 and step.enters_mm - zero < 55]
    crossed = {crossing.structure: crossing for crossing in path.crossings}
    assert wanted
    for step in wanted:
        assert abs(crossed[step.structure].begins_mm - (step.enters_mm - zero)) < 2.5, step
    order = [crossing.structure for crossing in path.crossings]
    # Pleura and lung begin together.
    before = list(dict.fromkeys(step.structure for step in wanted if step.structure.kind != "organ"))
    assert sorted(before, key=order.index) == before


@given(
    views,
    st.data(),
    arms,
    st.floats(0, 80),
    st.sampled_from(["cranial", "caudal", "medial", "lateral", "anterior", "posterior", "caudomedial"]),
    st.floats(1, 150),
)
def test_a_way_holds_together(
    view: ViewId, data: st.DataObject, arm: Arm, angle_deg: float, direction: str, length_mm: float
) -> None:
    """In order, counted from the outermost structure, within the length; near is within 5 mm and not crossed; with the
    arm hidden nothing is of the arm."""
    x, y = data.draw(st.floats(0, SIZES[view][0])), data.draw(st.floats(0, SIZES[view][1]))
    entry = entry_at(ATLAS, view, x, y, arm)
    assume(entry is not None)
    assert entry is not None
    way = inclined(entry.normal, angle_deg, direction, "left")
    assume(way is not None)
    assert way is not None
    arm = ATLAS.arm(view, arm)
    path = trace(ATLAS, entry.skin, way, length_mm, arm)
    begins = [crossing.begins_mm for crossing in path.crossings]
    assert begins == sorted(begins)
    assert begins[:1] in ([], [0.0])
    crossed = {crossing.structure for crossing in path.crossings}
    for crossing in path.crossings:
        assert 0 <= crossing.begins_mm <= crossing.ends_mm <= round(length_mm, 1)
        assert crossing.goes_on or crossing.ends_mm - crossing.begins_mm >= TOUCH_MM - 0.11
        assert not crossing.goes_on or crossing.ends_mm == pytest.approx(length_mm, abs=0.06)
    assert all(0 <= near.within_mm <= NEAR_MM and near.structure not in crossed for near in path.near)
    assert len({near.structure for near in path.near}) == len(path.near)
    if path.stop is not None and path.crossings:
        assert path.stop.at_mm <= length_mm + 0.1
        assert all(crossing.ends_mm <= path.stop.at_mm + 0.1 for crossing in path.crossings)
    if arm == "hidden":
        assert not any(crossing.structure.arm for crossing in path.crossings)
        assert not any(near.structure.arm for near in path.near)


@given(st.floats(230, 345), st.floats(180, 760), st.floats(0, 40), st.sampled_from(["medial", "lateral", "caudal"]))
def test_both_halves_are_crossed_alike(x: float, y: float, angle_deg: float, direction: str) -> None:
    """The mirrored needle crosses the mirrored structures, but for one where the two halves are not quite the same."""
    found: list[list[tuple[str, Side, float]]] = []
    for page_x, side in ((x, "left"), (700 - x, "right")):
        entry = entry_at(ATLAS, "posterior", page_x, y)
        assume(entry is not None)
        assert entry is not None
        way = inclined(entry.normal, angle_deg, direction, side)  # type: ignore[arg-type]
        assert way is not None
        path = trace(ATLAS, entry.skin, way, 40)
        found.append([(c.structure.id, c.structure.side, c.ends_mm - c.begins_mm) for c in path.crossings])
    left, right = found
    for mine, others in ((left, right), (right, left)):
        mirrored = {(name, OTHER[side]) for name, side, _ in others}
        missing = [(name, thick) for name, side, thick in mine if (name, side) not in mirrored and thick > 8]
        # The two halves of the reference body are not the same to the millimetre.
        assert len(missing) <= 1, missing


def test_a_longer_needle_crosses_what_a_shorter_one_does() -> None:
    """Following on changes nothing of what was crossed before the tip of the shorter needle."""
    short, long = straight("posterior", 290, 387.5, 20), straight("posterior", 290, 387.5, 60)
    assert [c[:2] for c in short.crossings] == [c[:2] for c in long.crossings[: len(short.crossings)]]
    assert len(long.crossings) > len(short.crossings)
    assert all(crossing.begins_mm >= 20 for crossing in long.crossings[len(short.crossings) :])
    tip = long.crossings[len(short.crossings)]
    if tip.begins_mm - 20 <= NEAR_MM:
        assert tip.structure in {near.structure for near in short.near}


def test_what_lies_beyond_the_tip_is_near() -> None:
    """A structure that begins 3 mm beyond the tip is named, with no more than those 3 mm."""
    path = straight("posterior", 290, 387.5)
    second = next(c for c in path.crossings if c.begins_mm > path.crossings[0].ends_mm + 1)
    short = straight("posterior", 290, 387.5, second.begins_mm - 3)
    assert second.structure not in {crossing.structure for crossing in short.crossings}
    near = next(near for near in short.near if near.structure is second.structure)
    assert near.within_mm <= 3.1


def test_a_needle_ends_where_it_leaves_the_body() -> None:
    """Along the skin of the flank the way comes out again, and the arm behind the air is not on it."""
    entry = entry_at(ATLAS, "posterior", 240, 600)
    assert entry is not None
    way = inclined(entry.normal, 75, "lateral", "left")
    assert way is not None
    path = trace(ATLAS, entry.skin, way, 150)
    assert path.stop is not None
    assert path.stop.because == "leaves-body"
    assert not any(crossing.structure.arm for crossing in path.crossings)


def test_a_needle_ends_where_the_atlas_does() -> None:
    """Downwards in the thigh the way ends at the lower edge of the page, and says so."""
    entry = entry_at(ATLAS, "anterior", 420, 940)
    assert entry is not None
    way = inclined(entry.normal, 75, "caudal", "left")
    assert way is not None
    path = trace(ATLAS, entry.skin, way, 150)
    assert path.stop is not None
    assert path.stop.because == "leaves-atlas"


@pytest.mark.parametrize(("view", "sign"), [("anterior", 1), ("posterior", -1)])
def test_each_thigh_has_its_own_skin(view: ViewId, sign: int) -> None:
    """Beside the midline below the trunk the normal is that of one thigh, which turns away from the other: into the
    left one a needle goes to the left, and as much to the right into the right one."""
    left, right = (entry_at(ATLAS, view, 350 + sign * 14 * half, 945) for half in (1, -1))
    assert left is not None
    assert right is not None
    assert left.normal[0] > 0.05
    assert right.normal[0] == pytest.approx(-left.normal[0], abs=0.1)


@pytest.mark.parametrize("place", [(-5.0, 300.0), (2.0, 2.0), (699.0, 969.0), (1e9, 1e9)])
def test_there_is_no_entry_off_the_body(place: tuple[float, float]) -> None:
    """Beside the body and off the page no needle enters."""
    assert entry_at(ATLAS, "posterior", *place) is None


@pytest.mark.parametrize("inclination", [(0.0, None), (25.0, "caudal"), (25.0, "medial")])
def test_a_needle_can_be_aimed(inclination: tuple[float, str | None]) -> None:
    """For two of three muscles or more a needle so inclined is found from behind that crosses them."""
    regions = [region.id for region in ATLAS.regions if "posterior" in region.layers]
    crossed = 0
    for region in regions:
        centre = ATLAS.centre(region, "left", "posterior")
        assert centre is not None
        passages = [
            way
            for way in ATLAS.way("posterior", *centre)
            if (met := ATLAS.structure(way)) is not None and (met.id, met.side) == (region, "left")
        ]
        if not passages:
            continue
        target = (*to_body("posterior", *centre), (passages[0].low_mm + passages[0].high_mm) / 2)
        at = entry_towards(ATLAS, "posterior", target, *inclination, "left")
        if at is None:
            continue
        entry = entry_at(ATLAS, "posterior", *at)
        assert entry is not None
        way = inclined(entry.normal, *inclination, "left")
        assert way is not None
        path = trace(ATLAS, entry.skin, way, math.dist(entry.skin, target) + 10)
        thin = passages[0].high_mm - passages[0].low_mm < 3
        assert region in ids(path) or (thin and region in {near.structure.id for near in path.near}), region
        crossed += 1
    assert crossed >= len(regions) * 2 / 3, crossed


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "Through trapezius into levator scapulae, left, on the reference figure."),
        ("es", "Atraviesa: trapecio; entra en: elevador de la escápula, izquierda, en la figura de referencia."),
        ("de", "Durch: Trapezius; in: Levator scapulae, links, an der Referenzfigur."),
        ("fr", "Traverse : trapèze ; entre dans : élévateur de la scapula, gauche, sur la figure de référence."),
    ],
)
def test_a_way_is_told_in_every_language(lang: str, sentence: str) -> None:
    """Muscles by the language's names, in order, with the side of the patient."""
    told = in_words(ATLAS, straight("posterior", 292.5, 292.5, 20), "left", 20, lang)
    assert told == sentence


@pytest.mark.parametrize("side", ["left", "right"])
def test_what_is_crossed_on_the_other_half_says_which_half(side: Side) -> None:
    """A needle that leaves its own half names the other one beside what it meets there, and only there."""
    structures = {(each.id, each.side): each for each in ATLAS.manifest.structures}
    other = OTHER[side]
    names = [("trapezius-transverse", side), ("vertebra-T3", "midline"), ("rhomboid-major", other)]
    crossings = tuple(
        Crossing(structures[name], name[1], 2.0 * place, 2.0 * place + 1, False)  # type: ignore[index, arg-type]
        for place, name in enumerate(names)
    )
    said = in_words(ATLAS, NeedlePath(crossings, (), (), None, 0.0), side, 60)
    assert said.count(f"({other})") == 1
    assert f"rhomboid major ({other})" in said.lower()
    assert f"({side})" not in said
    assert f", {side}, on the reference figure." in said


def test_through_an_aponeurosis_is_said() -> None:
    """Beside L3 a straight needle goes through the aponeurosis of latissimus, over its flesh through the muscle."""
    beside = in_words(ATLAS, straight("posterior", *to_page("posterior", 35, 1043), 20), "left", 20)
    assert beside.startswith("Through the aponeurosis of latissimus dorsi into ")
    flesh = in_words(ATLAS, straight("posterior", *to_page("posterior", 95, 1150), 20), "left", 20)
    assert "latissimus dorsi" in flesh
    assert "aponeurosis" not in flesh
