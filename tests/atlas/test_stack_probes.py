"""What lies under the sixteen known places, from behind, as exact rays through the meshes found it."""

import pytest

from bodymap.atlas import Layered, load_atlas

ATLAS = load_atlas()

# (where, point on posterior, the structures from outside in, up to the first organ). What the exact ray goes through
# for two millimetres or less is left out: so far apart do columns stand.
PROBES = [
    (
        "neck-shoulder angle",
        (292.5, 292.5),
        "trapezius-descending levator-scapulae scalenus-posterior platysma",
    ),
    ("supraspinous fossa", (247.5, 327.5), "trapezius-transverse trapezius-ascending deltoid-clavicular"),
    (
        "infraspinous fossa",
        (242.5, 392.5),
        "infraspinatus scapula subscapularis serratus-anterior rib-5 internal-intercostals pleura",
    ),
    (
        "rhomboids",
        (292.5, 387.5),
        "trapezius-ascending rhomboid-major longissimus-thoracis external-intercostals pleura",
    ),
    (
        "T6, 25 mm lateral",
        (327.5, 417.5),
        "trapezius-ascending semispinalis-thoracis rotatores rib-7 pleura",
    ),
    (
        "T6, 45 mm lateral",
        (307.5, 417.5),
        "trapezius-ascending rhomboid-major longissimus-thoracis levatores-costarum-longi pleura",
    ),
    ("T6, 70 mm lateral", (282.5, 417.5), "trapezius-ascending scapula rib-6 pleura"),
    ("T9, 55 mm lateral", (297.5, 502.5), "latissimus-dorsi longissimus-thoracis rib-9 pleura"),
    (
        "L3, 35 mm lateral",
        (317.5, 687.5),
        "latissimus-dorsi iliocostalis-lumborum quadratus-lumborum psoas-major internal-oblique rectus-abdominis "
        "internal-oblique external-oblique",
    ),
    (
        "L3, 60 mm lateral",
        (292.5, 687.5),
        "latissimus-dorsi iliocostalis-lumborum quadratus-lumborum transversus-abdominis rectus-abdominis "
        "internal-oblique external-oblique",
    ),
    (
        "L1, 60 mm lateral",
        (292.5, 627.5),
        "latissimus-dorsi serratus-posterior-inferior iliocostalis-lumborum rib-12 quadratus-lumborum "
        "rectus-abdominis internal-oblique external-oblique",
    ),
    (
        "C2, 22 mm lateral",
        (327.5, 202.5),
        "trapezius-descending semispinalis-capitis obliquus-capitis-inferior",
    ),
    (
        "C5, 25 mm lateral",
        (327.5, 247.5),
        "trapezius-descending splenius-capitis semispinalis-capitis vertebra-C5 longus-capitis platysma",
    ),
    (
        "gluteus medius",
        (247.5, 782.5),
        "gluteus-maximus gluteus-medius gluteus-minimus hip-bone iliacus transversus-abdominis internal-oblique",
    ),
    ("piriformis", (272.5, 842.5), "gluteus-maximus piriformis hip-bone iliacus"),
    ("teres minor", (212.5, 397.5), "teres-minor pectoralis-major-sternocostal"),
]
# What may be met besides: no thicker than this, as an edge that the exact ray just misses.
_EDGE_MM = 5.0


def up_to_an_organ(steps: tuple[Layered, ...]) -> list[Layered]:
    """What is met up to and with the first organ."""
    organ = next((place for place, step in enumerate(steps) if step.structure.kind == "organ"), len(steps))
    return list(steps[: organ + 1])


@pytest.mark.parametrize(("where", "point", "expected"), PROBES, ids=[probe[0] for probe in PROBES])
def test_the_order_under_a_known_place(where: str, point: tuple[float, float], expected: str) -> None:
    """From the skin inwards everything comes in the order that the exact rays found; besides it edges at most."""
    wanted = expected.split()
    for step in up_to_an_organ(ATLAS.beneath("posterior", *point)):
        if wanted and step.structure.id == wanted[0]:
            del wanted[0]
        else:
            assert step.leaves_mm - step.enters_mm <= _EDGE_MM, (where, step)
    assert wanted == []


@pytest.mark.parametrize(("where", "point", "expected"), PROBES, ids=[probe[0] for probe in PROBES])
def test_it_is_all_of_the_left_side(where: str, point: tuple[float, float], expected: str) -> None:
    """Places left of the midline meet nothing of the right side."""
    assert expected
    assert {step.structure.side for step in ATLAS.beneath("posterior", *point)} <= {"left", "midline"}, where


@pytest.mark.parametrize(
    ("where", "before", "behind"),
    [
        ("rhomboids", {"rhomboid-major", "longissimus-thoracis"}, {"pectoralis-major-sternocostal"}),
        ("L3, 35 mm lateral", {"quadratus-lumborum", "psoas-major"}, {"internal-oblique", "external-oblique"}),
        ("L3, 60 mm lateral", {"iliocostalis-lumborum", "quadratus-lumborum"}, {"external-oblique"}),
        ("L1, 60 mm lateral", {"serratus-posterior-inferior", "quadratus-lumborum"}, {"external-oblique"}),
        ("infraspinous fossa", {"infraspinatus", "subscapularis", "serratus-anterior"}, {"pectoralis-minor"}),
        ("gluteus medius", {"gluteus-medius", "gluteus-minimus"}, {"internal-oblique", "external-oblique"}),
        ("piriformis", {"gluteus-maximus", "piriformis"}, set()),
        ("C5, 25 mm lateral", {"trapezius-descending", "semispinalis-capitis"}, set()),
    ],
)
def test_a_cavity_parts_what_can_be_meant_from_what_cannot(where: str, before: set[str], behind: set[str]) -> None:
    """From behind, muscles of the back lie before the cavity, those of chest and belly in or behind it."""
    point = next(probe[1] for probe in PROBES if probe[0] == where)
    steps = ATLAS.beneath("posterior", *point)
    assert before <= {step.structure.id for step in steps if not step.in_cavity}
    assert behind <= {step.structure.id for step in steps if step.in_cavity}


@pytest.mark.parametrize(
    ("where", "before", "behind"),
    [
        ("rhomboids", {"pectoralis-major-sternocostal"}, {"rhomboid-major", "trapezius-ascending"}),
        ("L3, 35 mm lateral", {"external-oblique", "internal-oblique"}, {"psoas-major", "quadratus-lumborum"}),
        ("L1, 60 mm lateral", {"external-oblique", "internal-oblique"}, {"quadratus-lumborum", "latissimus-dorsi"}),
        ("teres minor", {"pectoralis-major-sternocostal", "teres-minor"}, set()),
    ],
)
def test_the_same_places_from_the_front(where: str, before: set[str], behind: set[str]) -> None:
    """From the front the same columns part the other way round."""
    x, y = next(probe[1] for probe in PROBES if probe[0] == where)
    steps = ATLAS.beneath("anterior", 700 - x, y)
    assert before <= {step.structure.id for step in steps if not step.in_cavity}
    assert behind <= {step.structure.id for step in steps if step.in_cavity}
