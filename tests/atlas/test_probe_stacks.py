"""Probes: the sixteen known places to the millimetre, mirrored halves, and the first of what lies under a point."""

import itertools
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bodymap.atlas import Layered, load_atlas
from bodymap.atlas.aponeurosis import APONEUROTIC, FASCIA_BELOW
from bodymap.atlas.frames import SIZES, mirror
from bodymap.atlas.grazing import beneath_and_beside
from bodymap.atlas.manifest import VIEWS, Arm, Side, ViewId
from bodymap.atlas.ray_grid import AXIS
from tests.examples import THOROUGHLY

ATLAS = load_atlas()
OTHER: dict[Side, Side] = {"left": "right", "right": "left", "midline": "midline"}
views = st.sampled_from(VIEWS)
arms: st.SearchStrategy[Arm] = st.sampled_from(["hidden", "shown"])

# Point on posterior; (structure, enters, leaves) in millimetres from the skin as exact rays found them, from the skin
# to the first organ or the far side. What is thinner than 2 mm is left out.
STACKS: list[tuple[tuple[float, float], list[tuple[str, float, float]]]] = [
    ((292.5, 292.5), [("trapezius-descending", 23, 46), ("scalenus-posterior", 70, 76)]),
    ((247.5, 327.5), [("trapezius-transverse", 23, 32), ("trapezius-ascending", 27, 32)]),
    (
        (242.5, 392.5),
        [
            ("infraspinatus", 16, 47),
            ("scapula", 47, 50),
            ("subscapularis", 50, 58),
            ("serratus-anterior", 53, 60),
            ("rib-5", 60, 71),
            ("internal-intercostals", 74, 77),
        ],
    ),
    ((292.5, 387.5), [("trapezius-ascending", 10, 22), ("rhomboid-major", 29, 33), ("longissimus-thoracis", 41, 43)]),
    (
        (327.5, 417.5),
        [("trapezius-ascending", 11, 18), ("semispinalis-thoracis", 33, 37), ("rotatores", 38, 43), ("rib-7", 55, 63)],
    ),
    (
        (307.5, 417.5),
        [
            ("trapezius-ascending", 10, 18),
            ("rhomboid-major", 24, 29),
            ("longissimus-thoracis", 35, 41),
            ("levatores-costarum-longi", 41, 44),
        ],
    ),
    ((282.5, 417.5), [("trapezius-ascending", 8, 15), ("scapula", 24, 27), ("rib-6", 39, 43)]),
    ((297.5, 502.5), [("latissimus-dorsi", 21, 27), ("longissimus-thoracis", 35, 40), ("rib-9", 44, 52)]),
    (
        (317.5, 687.5),
        [
            ("latissimus-dorsi", 14, 18),
            ("iliocostalis-lumborum", 23, 29),
            ("quadratus-lumborum", 32, 59),
            ("psoas-major", 84, 105),
            ("rectus-abdominis", 180, 192),
        ],
    ),
    (
        (292.5, 687.5),
        [
            ("latissimus-dorsi", 17, 23),
            ("iliocostalis-lumborum", 22, 29),
            ("quadratus-lumborum", 32, 44),
            ("transversus-abdominis", 36, 40),
        ],
    ),
    (
        (292.5, 627.5),
        [
            ("latissimus-dorsi", 7, 13),
            ("serratus-posterior-inferior", 12, 21),
            ("iliocostalis-lumborum", 22, 28),
            ("rib-12", 32, 37),
            ("quadratus-lumborum", 37, 41),
        ],
    ),
    (
        (327.5, 202.5),
        [
            ("trapezius-descending", 3, 9),
            ("semispinalis-capitis", 12, 19),
            ("obliquus-capitis-inferior", 23, 33),
        ],
    ),
    (
        (327.5, 247.5),
        [
            ("trapezius-descending", 5, 12),
            ("splenius-capitis", 16, 23),
            ("vertebra-C5", 38, 52),
            ("longus-capitis", 61, 67),
        ],
    ),
    (
        (247.5, 782.5),
        [
            ("gluteus-maximus", 46, 52),
            ("gluteus-medius", 53, 82),
            ("gluteus-minimus", 82, 104),
            ("hip-bone", 105, 118),
            ("iliacus", 116, 146),
        ],
    ),
    ((272.5, 842.5), [("gluteus-maximus", 35, 58), ("piriformis", 91, 102), ("hip-bone", 104, 161)]),
    ((212.5, 397.5), [("teres-minor", 29, 54), ("pectoralis-major-sternocostal", 147, 175)]),
]


def nearest(steps: tuple[Layered, ...], name: str, enters_mm: float) -> Layered:
    """The passage through a structure that begins nearest to where it should."""
    return min((step for step in steps if step.structure.id == name), key=lambda step: abs(step.enters_mm - enters_mm))


@pytest.mark.parametrize(("place", "expected"), STACKS)
def test_known_places_to_two_millimetres(place: tuple[float, float], expected: list[tuple[str, float, float]]) -> None:
    """Where the exact rays enter and leave each structure, the probe does within 2 mm and half of what they round."""
    steps = ATLAS.beneath("posterior", *place)
    found = [nearest(steps, name, enters_mm) for name, enters_mm, _ in expected]
    for step, (_, enters_mm, leaves_mm) in zip(found, expected, strict=True):
        assert abs(step.enters_mm - enters_mm) <= 2.5, step
        assert abs(step.leaves_mm - leaves_mm) <= 2.5, step
    assert all(one.enters_mm <= other.enters_mm for one, other in itertools.pairwise(found))


@THOROUGHLY
@given(views, st.data(), arms)
def test_the_first_structure_is_what_the_point_means(view: ViewId, data: st.DataObject, arm: Arm) -> None:
    """What a point means is the first structure under it that is no fascia, platysma or aponeurosis over the
    lumbar fascia; what is thin at an edge may fall between two rays."""
    x, y = data.draw(st.floats(0, SIZES[view][0])), data.draw(st.floats(0, SIZES[view][1]))
    steps, hit = ATLAS.beneath(view, x, y, arm), ATLAS.at(view, x, y, arm=arm)
    if hit is None:
        assert steps == ()
        return
    fascia = any(step.structure.id == FASCIA_BELOW for step in steps)
    meant = [
        step.structure
        for step in steps
        if step.structure.kind != "fascia"
        and step.structure.id != "platysma"
        and not (step.structure.id in APONEUROTIC and fascia)
    ]
    around = [
        ATLAS.at(view, x + dx, y + dy, arm=arm) for dx, dy in ((2, 0), (-2, 0), (0, 2), (0, -2), (2, 2), (-2, -2))
    ]
    assume(all(other is not None and other.structure is hit.structure for other in around))
    assert (meant[0] if meant else None) is hit.structure


@cache
def on_the_body(view: ViewId, arm: Arm) -> list[tuple[float, float]]:
    """A point every 7 mm at which there is something, on both halves."""
    width, height = SIZES[view]
    grid = itertools.product(range(3, int(width), 7), range(3, int(height), 7))
    return [(x, y) for x, y in grid if ATLAS.beneath(view, x, y, arm) and ATLAS.beneath(*mirror(view, x, y), arm)]


@given(views, st.data(), arms)
def test_probes_are_mirrored(view: ViewId, data: st.DataObject, arm: Arm) -> None:
    """What is thick under a point is under its mirrored point, on the other side, at about the same depth."""
    x, y = data.draw(st.sampled_from(on_the_body(view, arm)))
    there, there_x, there_y = mirror(view, x, y)
    steps, mirrored = ATLAS.beneath(view, x, y, arm), ATLAS.beneath(there, there_x, there_y, arm)
    odd = [
        step
        for step in steps
        if step.leaves_mm - step.enters_mm > 8
        and step.structure.kind != "organ"
        and (step.structure.id, OTHER[step.structure.side])
        not in {(s.structure.id, s.structure.side) for s in mirrored}
    ]
    # The halves of the reference body are not quite the same, and its organs not at all.
    assert len(odd) <= 1, odd


@given(views, st.data(), arms)
def test_a_probe_is_in_order(view: ViewId, data: st.DataObject, arm: Arm) -> None:
    """By where structures are entered, none left before it is entered, none twice at one place; with the arm hidden
    none is of the arm."""
    x, y = data.draw(st.floats(0, SIZES[view][0])), data.draw(st.floats(0, SIZES[view][1]))
    steps = ATLAS.beneath(view, x, y, arm)
    assert [step.enters_mm for step in steps] == sorted(step.enters_mm for step in steps)
    assert all(step.enters_mm <= step.leaves_mm for step in steps)
    for one, other in itertools.combinations(steps, 2):
        assert one.structure is not other.structure or one.leaves_mm < other.enters_mm
    if ATLAS.arm(view, arm) == "hidden":
        assert not any(step.structure.arm for step in steps)


@given(views, st.data(), arms)
def test_what_is_not_grazed_is_beside_the_point_too(view: ViewId, data: st.DataObject, arm: Arm) -> None:
    """A passage that is not marked as grazed is a cell of the grid away as well, on all four sides; one that is marked
    is not, and everything else is as without the marks."""
    x, y = data.draw(st.sampled_from(on_the_body(view, arm)))
    steps = beneath_and_beside(ATLAS, view, x, y, arm)
    assert tuple(step._replace(grazed=False) for step in steps) == ATLAS.beneath(view, x, y, arm)
    pitch = ATLAS.columns.grids[AXIS[view]].pitch_mm
    beside = [ATLAS.beneath(view, x + dx, y + dy, arm) for dx, dy in ((pitch, 0), (-pitch, 0), (0, pitch), (0, -pitch))]
    for step in steps:
        lacking = [other for other in beside if step.structure not in {one.structure for one in other}]
        assert step.grazed or not lacking
        assert not step.grazed or lacking or len({one.structure for one in steps}) < len(steps) or _slants(step, beside)


def _slants(step: Layered, beside: list[tuple[Layered, ...]]) -> bool:
    """Whether a structure lies much deeper or less deep beside a point."""
    ends = [one.enters_mm for other in beside for one in other if one.structure is step.structure]
    return max(abs(end - step.enters_mm) for end in ends) > 4


def test_most_of_what_is_thick_is_not_grazed() -> None:
    """Over the trunk from behind, of passages of 10 mm or more one in four at most is grazed, and some are."""
    steps = [
        step
        for x, y in on_the_body("posterior", "shown")[::9]
        for step in beneath_and_beside(ATLAS, "posterior", x, y)
        if step.leaves_mm - step.enters_mm >= 10
    ]
    assert 0 < sum(step.grazed for step in steps) < len(steps) / 4


@pytest.mark.parametrize("view", ["left", "right"])
def test_arm_and_trunk_are_on_one_scale(view: ViewId) -> None:
    """Through the arm into the trunk, all millimetres count from the skin of the arm: what lies deeper has more."""
    sides: list[float] = []
    for x, y in on_the_body(view, "shown"):
        steps = ATLAS.beneath(view, x, y, "shown")
        arm = [step for step in steps if step.structure.arm and step.structure.side == view]
        trunk = [step for step in steps if not step.structure.arm]
        if arm and trunk and steps[0] is arm[0]:
            assert [step.enters_mm for step in steps] == sorted(step.enters_mm for step in steps)
            sides.append(trunk[0].enters_mm - arm[0].enters_mm)
    assert len(sides) > 50
    assert min(sides) >= 0
