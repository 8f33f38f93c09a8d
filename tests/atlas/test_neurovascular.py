"""Courses of nerves and of the vertebral artery: how near a straight way comes, and what the atlas has of them."""

import math
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.atlas import load_atlas
from bodymap.atlas.frames import SIZES, to_page
from bodymap.atlas.manifest import VIEWS, ViewId
from bodymap.atlas.needle_path import trace
from bodymap.atlas.neurovascular import Course, Neurovascular, read_neurovascular
from bodymap.atlas.sight import FOLLOWED_MM, beside_sight, sight_of
from bodymap.atlas.vectors import Vector, unit
from bodymap.errors import Corrupt

ATLAS = load_atlas()
COURSES = ATLAS.neurovascular.courses
WIDE = {"brachial-plexus", "sciatic-nerve", "vertebral-artery"}
coordinate = st.floats(-50, 50)


def course(*points: Vector, band_mm: float = 10.0, arm: bool = False) -> Course:
    """A course of one line."""
    return Course("a-nerve", "nerve", "left", band_mm, arm, False, "", (points,))


def between(a: Vector, b: Vector, share: float) -> Vector:
    """A point of a straight piece."""
    return tuple(p + share * (q - p) for p, q in zip(a, b, strict=True))  # type: ignore[return-value]


@given(st.tuples(*[coordinate] * 3), st.tuples(*[coordinate] * 3), st.tuples(*[coordinate] * 3), st.floats(0, 60))
def test_a_distance_is_the_least_between_the_two(a: Vector, b: Vector, start: Vector, length_mm: float) -> None:
    """No two points of a way and of a course are nearer than is said, and some two are as near."""
    direction = unit((1.0, 2.0, -0.5))
    found = Neurovascular([course(a, b, band_mm=1e9)]).beside(start, direction, length_mm)
    (near,) = found
    tip: Vector = between(start, tuple(s + d for s, d in zip(start, direction, strict=True)), length_mm)  # type: ignore[arg-type]
    tried = min(math.dist(between(start, tip, i / 40), between(a, b, j / 40)) for i in range(41) for j in range(41))
    assert near.distance_mm <= tried + 1e-6
    assert near.distance_mm >= tried - (math.dist(a, b) + length_mm) / 40
    assert 0 <= near.at_mm <= length_mm + 1e-9


def test_a_way_too_short_for_a_nerve_does_not_come_near_it() -> None:
    """It is measured at the needle's own depth: what lies farther along its line is not beside it."""
    nerves = Neurovascular([course((0.0, -50.0, 0.0), (0.0, 50.0, 0.0), band_mm=5.0)])
    assert nerves.beside((0.0, 0.0, 40.0), (0.0, 0.0, -1.0), 30.0) == ()
    (near,) = nerves.beside((3.0, 0.0, 40.0), (0.0, 0.0, -1.0), 45.0)
    assert (near.distance_mm, near.at_mm) == (pytest.approx(3.0), pytest.approx(40.0))


def test_a_nerve_of_the_arm_goes_with_the_arm() -> None:
    """Without the arm its nerves are not there."""
    nerves = Neurovascular([course((0.0, 0.0, 0.0), (0.0, 9.0, 0.0), arm=True)])
    assert nerves.beside((1.0, 1.0, 1.0), (0.0, 1.0, 0.0), 5.0)
    assert nerves.beside((1.0, 1.0, 1.0), (0.0, 1.0, 0.0), 5.0, "hidden") == ()


def test_the_atlas_has_each_course_on_both_sides_within_its_band() -> None:
    """Eleven courses a side; the plexus, the sciatic nerve and the artery are told from farther off than the others,
    and only the sciatic nerve's is constructed, which its source says."""
    assert len(COURSES) == 22
    for each in COURSES:
        assert each.band_mm == (10.0 if each.id in WIDE else 5.0)
        assert each.constructed == (each.id == "sciatic-nerve")
        assert ("constructed" in each.source) == each.constructed
        assert all((x > 0) == (each.side == "left") for line in each.lines for x, _, _ in line)
    assert {c.id for c in COURSES if c.kind == "vessel"} == {"vertebral-artery"}


def test_the_femoral_nerve_is_not_named_above_the_groin() -> None:
    """The body has it lateral of psoas there, where it should lie within."""
    assert max(y for c in COURSES if c.id == "femoral-nerve" for line in c.lines for _, y, _ in line) <= 930.0


def test_the_sciatic_nerve_lies_half_way_between_tuberosity_and_trochanter() -> None:
    """At the height of the tuberosity it is 5.8/12.0 of the way to the trochanter, as the source has it."""
    tuberosity, trochanter = (
        ATLAS.landmarks.get(name).at["left"] for name in ("ischial-tuberosity", "greater-trochanter")
    )
    sciatic = next(c for c in COURSES if (c.id, c.side) == ("sciatic-nerve", "left"))
    height = (tuberosity[1] + trochanter[1]) / 2
    x = min((abs(y - height), x) for line in sciatic.lines for x, y, _ in line)[1]
    assert (x - tuberosity[0]) / (trochanter[0] - tuberosity[0]) == pytest.approx(5.8 / 12.0, abs=0.06)


@pytest.mark.parametrize("view", VIEWS)
@given(share=st.tuples(st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True)))
def test_what_runs_beside_a_line_of_sight_lies_within_its_band_on_the_page(
    view: ViewId, share: tuple[float, float]
) -> None:
    """On the page no point is farther from a course that is said to be beside it than the course's band."""
    at = share[0] * SIZES[view][0], share[1] * SIZES[view][1]
    sight = sight_of(ATLAS, view, *at)
    for near in beside_sight(ATLAS, sight) if sight is not None else ():
        assert near.distance_mm <= near.course.band_mm
        assert near.at_mm <= FOLLOWED_MM
        flat = (
            to_page(view, x if view in ("posterior", "anterior") else z, y)
            for line in near.course.lines
            for a, b in pairwise(line)
            for x, y, z in (between(a, b, step / 20) for step in range(21))
        )
        assert min(math.dist(at, point) for point in flat) <= near.course.band_mm + 1.5


def test_a_needle_beside_the_suprascapular_nerve_names_it() -> None:
    """A way that ends at the nerve names it, and one that stops 20 mm before it does not."""
    nerve = next(c for c in COURSES if (c.id, c.side) == ("suprascapular-nerve", "left"))
    x, y, z = nerve.lines[0][-1]
    sight = sight_of(ATLAS, "posterior", *to_page("posterior", x, y))
    assert sight is not None
    deep = abs(z - sight.start[2])
    skin = sight.at(-2.0)
    long = trace(ATLAS, skin, sight.direction, deep + 2)
    assert "suprascapular-nerve" in {near.course.id for near in long.beside}
    assert trace(ATLAS, skin, sight.direction, max(deep - 20, 1.0)).beside == ()


@pytest.mark.parametrize("raw", [b"", b"{}", b'{"unit":"in","provenance":"","absent":"","courses":[]}'])
def test_a_file_that_is_none_is_corrupt(raw: bytes) -> None:
    """What is no file of courses is refused."""
    with pytest.raises(Corrupt):
        read_neurovascular(raw)
