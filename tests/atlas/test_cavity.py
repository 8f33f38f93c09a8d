"""Where a cavity begins along a way, from outside and from inside."""

import pytest

from bodymap.atlas.cavity import Passage, cavity_begins
from bodymap.atlas.manifest import Kind

_ORGANS = ("pleura", "heart", "liver", "spleen", "trachea", "spinal-dura", "superior-lobe-of-lung")


def way(*steps: tuple[str, float, float]) -> list[Passage]:
    """Passages of (structure, enters, leaves)."""
    return [Passage(name, _kind(name), enters, leaves) for name, enters, leaves in steps]


def _kind(name: str) -> Kind:
    return "organ" if name in _ORGANS else "bone" if name.startswith(("rib", "vertebra")) else "muscle"


def reversed_way(steps: list[Passage]) -> list[Passage]:
    """The same way from the other end."""
    end = max(step.leaves_mm for step in steps)
    back = [Passage(s.structure, s.kind, end - s.leaves_mm, end - s.enters_mm) for s in steps]
    return sorted(back, key=lambda s: (s.enters_mm, s.leaves_mm))


RHOMBOID = way(
    ("trapezius-ascending", 10, 22),
    ("rhomboid-major", 29, 33),
    ("longissimus-thoracis", 41, 43),
    ("external-intercostals", 50, 52),
    ("pleura", 60, 188),
    ("superior-lobe-of-lung", 82, 188),
    ("internal-intercostals", 194, 196),
    ("pectoralis-major-sternocostal", 200, 226),
)
L3 = way(
    ("latissimus-dorsi", 14, 18),
    ("thoracolumbar-fascia-posterior-layer", 22, 22),
    ("iliocostalis-lumborum", 23, 29),
    ("quadratus-lumborum", 32, 59),
    ("psoas-major", 84, 105),
    ("transversus-abdominis", 174, 175),
    ("internal-oblique", 178, 180),
    ("rectus-abdominis", 180, 192),
    ("external-oblique", 195, 198),
)
L3_LATERAL = way(
    ("latissimus-dorsi", 17, 23),
    ("iliocostalis-lumborum", 22, 29),
    ("quadratus-lumborum", 32, 44),
    ("transversus-abdominis", 36, 40),
    ("transversus-abdominis", 167, 169),
    ("internal-oblique", 171, 173),
    ("external-oblique", 188, 191),
)


@pytest.mark.parametrize(
    ("steps", "first_inside"),
    [
        (RHOMBOID, "pleura"),
        (reversed_way(RHOMBOID), "superior-lobe-of-lung"),
        (L3, "transversus-abdominis"),
        (reversed_way(L3), "psoas-major"),
        (L3_LATERAL, "transversus-abdominis"),
        (reversed_way(L3_LATERAL), "quadratus-lumborum"),
        (
            way(("gluteus-medius", 53, 82), ("iliacus", 116, 146), ("transversus-abdominis", 165, 175)),
            "transversus-abdominis",
        ),
        (way(("sternohyoid", 5, 8), ("trachea", 10, 30), ("longus-colli", 35, 40)), "trachea"),
        (way(("external-oblique", 5, 9), ("liver", 20, 90)), "liver"),
    ],
)
def test_the_cavity_begins_where_anatomy_says(steps: list[Passage], first_inside: str) -> None:
    """At the first organ of the thorax, or in the gap on the inner side of the abdominal wall, from both ends."""
    assert steps[cavity_begins(steps)].structure == first_inside


def test_what_lies_before_the_gap_at_l3_is_before_the_cavity() -> None:
    """From the back, quadratus lumborum and psoas can be meant; from the front, the abdominal wall only."""
    assert {s.structure for s in L3[: cavity_begins(L3)]} >= {"quadratus-lumborum", "psoas-major"}
    front = reversed_way(L3)
    assert [s.structure for s in front[: cavity_begins(front)]] == [
        "external-oblique",
        "rectus-abdominis",
        "internal-oblique",
        "transversus-abdominis",
    ]


@pytest.mark.parametrize(
    "steps",
    [
        way(),
        way(
            ("trapezius-descending", 5, 12),
            ("splenius-capitis", 16, 23),
            ("vertebra-C5", 38, 52),
            ("longus-capitis", 61, 67),
        ),
        way(("gluteus-maximus", 35, 58), ("piriformis", 91, 102), ("hip-bone", 104, 161)),
        way(("multifidus-lumborum", 30, 40), ("spinal-dura", 55, 70), ("vertebra-L3", 72, 100)),
        way(("external-oblique", 5, 9), ("internal-oblique", 12, 16), ("transversus-abdominis", 18, 21)),
        way(("transversus-abdominis", 40, 44)),
        way(("external-oblique", 5, 9), ("transversus-abdominis", 35, 39)),
        way(("latissimus-dorsi", 5, 9), ("rib-11", 12, 16), ("transversus-abdominis", 28, 31)),
    ],
)
def test_ways_that_meet_no_cavity(steps: list[Passage]) -> None:
    """Neck, buttock, spinal canal, the wall itself however loose, and the empty way lie in no cavity."""
    assert cavity_begins(steps) == len(steps)


def test_an_overlap_is_no_gap() -> None:
    """A structure that reaches past the next one keeps the way closed."""
    steps = way(("quadratus-lumborum", 30, 60), ("transversus-abdominis", 36, 40), ("psoas-major", 62, 80))
    assert cavity_begins(steps) == len(steps)


@pytest.mark.parametrize(
    ("outer", "inner", "gap_mm"),
    [
        ("transversus-abdominis", "quadratus-lumborum", 10),
        ("rectus-abdominis", "psoas-major", 10),
        ("transversus-abdominis", "transversus-abdominis", 10),
        ("external-oblique", "internal-oblique", 40),
        ("internal-oblique", "transversus-abdominis", 40),
        ("rib-10", "internal-oblique", 40),
        ("latissimus-dorsi", "external-oblique", None),
        ("quadratus-lumborum", "psoas-major", None),
    ],
)
def test_a_gap_is_the_cavity_from_so_many_millimetres_on(outer: str, inner: str, gap_mm: float | None) -> None:
    """Behind the abdominal wall 10 mm, between two of its own layers 40 mm, elsewhere none; from both ends alike."""
    for gap in (9.9, 10, 39.9, 40, 300):
        begins = gap_mm is not None and gap >= gap_mm
        steps = way((outer, 0, 5), (inner, 5 + gap, 10 + gap))
        for each in (steps, reversed_way(steps)):
            assert cavity_begins(each) == (1 if begins else 2), gap
