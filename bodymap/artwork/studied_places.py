"""Sites that studies give in muscles where no words place the trigger point: motor zones, EMG and needling sites.

None of them is the trigger point, and each entry's place says what it is. Read in abstracts. The two shares of a study
are of its own reference lines; where it gives a range, its middle is taken.
"""

from collections.abc import Mapping
from functools import partial

import numpy as np
import shapely

from bodymap.artwork.figure import Figure, across
from bodymap.artwork.place_rules import Find, PlaceRule, Xy, centre

# How wide a finger is that the words measure with, and how far within the muscle's border a needle then is: ours.
_FINGER_MM, _WITHIN_MM = 20.0, 10.0


def _of_trapezius(out: tuple[float, float], down: tuple[float, float]) -> Find:
    """The middle of a part of the field from midline to acromion and from the occipital protuberance to T12, as far as
    the region reaches into it."""

    def find(figure: Figure, mesh: str) -> Xy:
        width = figure.landmark("acromion")[0]
        top, bottom = figure.landmark("inion")[1], figure.landmark("T12")[1]
        low, high = (top + (bottom - top) * share for share in reversed(down))
        field = shapely.box(out[0] * width, low, out[1] * width, high)
        return centre(shapely.intersection(field, figure.shape(mesh, "front")))

    return find


def _of_scapula(out: float, down: float) -> Find:
    """From the superior angle a share of the way out to the acromion, and of the way down to the inferior angle."""

    def find(figure: Figure, _: str) -> Xy:
        x, y, _z = figure.landmark("scapula-superior-angle")
        side, bottom = figure.landmark("acromion")[0], figure.landmark("scapula-inferior-angle")[1]
        return x + (side - x) * out, y + (bottom - y) * down

    return find


def _beside_scapular_spine(figure: Figure, _: str) -> Xy:
    """6.5 % of the line from the root of the spine to the angle of the acromion, and 43 % of its length up, square to
    it."""
    root, angle = (np.array(figure.landmark(name)[:2]) for name in ("scapular-spine-root", "acromion-angle"))
    along = angle - root
    x, y = root + along * 0.065 + np.array([-along[1], along[0]]) * 0.43
    return float(x), float(y)


def _beside(landmark: str, lateral_mm: float) -> Find:
    def find(figure: Figure, _: str) -> Xy:
        x, y, _z = figure.landmark(landmark)
        return x + lateral_mm, y

    return find


def _between(start: str, end: str, share: float, *, from_the_side: bool) -> Find:
    """A share of the straight line from one landmark to another."""

    def find(figure: Figure, _: str) -> Xy:
        first, last = (np.array(figure.landmark(name)) for name in (start, end))
        x, y, z = first + (last - first) * share
        return float(z if from_the_side else x), float(y)

    return find


def _middle_third(figure: Figure, mesh: str) -> Xy:
    shape = figure.shape(mesh, "front")
    left, _, right, _ = shape.bounds
    third = (right - left) / 3
    return centre(shapely.intersection(shape, across(left + third, right - third)))


def _head_of_rib_12(figure: Figure, _: str) -> Xy:
    corners = figure.vertices("rib_12")
    x, y, _z = corners[corners[:, 0].argmin()]
    return float(x), float(y)


def _behind_c2(figure: Figure, _: str) -> Xy:
    """Half-way from C2's spinous process to the tip of C1's transverse process."""
    corners = figure.vertices("vertebra_C1")
    tip = corners[corners[:, 0].argmax()]
    x, y, _z = (np.array(figure.landmark("C2")) + tip) / 2
    return float(x), float(y)


def _below_axillary_fold(figure: Figure, mesh: str) -> Xy:
    height = figure.landmark("posterior-axillary-fold")[1] - 3 * _FINGER_MM
    row = shapely.intersection(figure.shape(mesh, "front"), shapely.LineString([(0, height), (1000, height)]))
    return float(row.bounds[2]) - _WITHIN_MM, height


_LUO = "Shares of the way from the superior angle of the scapula out to the acromion and down to its inferior angle"
_YI = (
    "Of the field from the midline to the acromion and from the external occipital protuberance to T12, where the "
    "study found most nerve branches"
)

_infraspinatus = partial(PlaceRule, "posterior", basis="motor-zone", sources=("LUO20",))

# By the row's muscle and label in the tables of trigger points. The study's field for the middle trapezius (YI21T) only
# touches the reference figure's transverse part, which ends higher: TrP5 has no place.
STUDIED: Mapping[tuple[str, str], PlaceRule] = {
    ("trapezius_upper", "TrP2"): PlaceRule(
        "posterior",
        _of_trapezius((0.2, 0.4), (0.2, 0.4)),
        f"{_YI}: 1/5 to 2/5 out and 2/10 to 4/10 down; the middle of what of it the region's silhouette covers.",
        "motor-zone",
        ("YI21T",),
    ),
    ("levator_scapulae", "lower"): PlaceRule(
        "posterior",
        _beside_scapular_spine,
        "The study's site for a needle: 6 to 7% of the line from the root of the scapular spine to the angle of the "
        "acromion, and 42 to 44% of its length upwards, square to it.",
        "needling-site",
        ("CHA24",),
    ),
    ("supraspinatus", ""): PlaceRule(
        "posterior",
        _of_scapula(0.254, 0.111),
        f"{_LUO}: 25.4% and 11.1%.",
        "motor-zone",
        ("LUO20",),
    ),
    ("infraspinatus", "TP1"): _infraspinatus(
        _of_scapula(0.3463, 0.2793),
        f"{_LUO}: 34.63% and 27.93%. Ours: of the study's three centres this is read as the one nearest to the words.",
    ),
    ("infraspinatus", "TP2"): _infraspinatus(
        _of_scapula(0.5385, 0.2159),
        f"{_LUO}: 53.85% and 21.59%. Ours: of the study's three centres this is read as the one lateral of the first.",
    ),
    ("infraspinatus", "TP3 (infrequent)"): _infraspinatus(
        _of_scapula(0.3596, 0.4855),
        f"{_LUO}: 35.96% and 48.55%. Ours: of the study's three centres this is read as the lowest.",
    ),
    ("subscapularis", ""): PlaceRule(
        "anterior", _of_scapula(0.2033, 0.5282), f"{_LUO}: 20.33% and 52.82%.", "motor-zone", ("LUO20",)
    ),
    ("deltoid_middle", ""): PlaceRule(
        "left",
        _between("acromion", "lateral-epicondyle", 0.2365, from_the_side=True),
        "23.65% of the line from the acromion to the lateral epicondyle of the humerus. The study's share across is "
        "left out: its reference line was not read.",
        "motor-zone",
        ("JI",),
    ),
    ("suboccipitals", "obliquus capitis inferior"): PlaceRule(
        "posterior",
        _behind_c2,
        "Half-way from the spinous process of C2 to the tip of the transverse process of C1, where studies put the "
        "needle.",
        "needling-site",
        ("RCPM", "MSP20"),
    ),
    ("latissimus_dorsi", ""): PlaceRule(
        "posterior",
        _below_axillary_fold,
        "Three fingerbreadths below the posterior axillary fold. Ours: 20 mm a finger, and 10 mm within the lateral "
        "border at that height, since below the fold the reference figure has the arm.",
        "emg-site",
        ("AANEM",),
    ),
    ("longissimus_thoracis", ""): PlaceRule(
        "posterior",
        _head_of_rib_12,
        "At the head of rib 12: its innermost point. The source has a second point beside the head of rib 11, without "
        "a distance.",
        "words",
        ("WEBL",),
    ),
    ("multifidus_lumbar", ""): PlaceRule(
        "posterior",
        _beside("L4", 12.5),
        "10 to 15 mm lateral of the spinous process of L4, where the study put needles; the other has 20 mm, inclined.",
        "needling-site",
        ("HAN16", "WAN22"),
    ),
    ("piriformis", ""): PlaceRule(
        "posterior",
        _middle_third,
        "Centre of the middle third of the region's silhouette, by its breadth. In one study of cadavers needles at "
        "the medial third pierced no nerve; in the other they pierced the sciatic nerve in most, those at the midpoint "
        "in few. A third found most nerve branches at 1/5 to 2/5 from the sacral border to the greater trochanter.",
        "needling-site",
        ("KEAR", "HAN22", "YI21P"),
    ),
    ("serratus_anterior", ""): PlaceRule(
        "left",
        _between("scapula-inferior-angle", "xiphisternal-joint", 1 / 3, from_the_side=True),
        "A third of the line from the inferior angle of the scapula to the xiphoid process, of which the reference "
        "figure has the upper end: the end of the third in which the study put the electrode.",
        "emg-site",
        ("LIM23",),
    ),
}
