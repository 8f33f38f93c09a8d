"""The rules that referral areas are drawn by, from landmarks and silhouettes of the left half of the body.

Planes are `figure`'s: `front` for the views from behind and before, `side` for either side.
"""

from collections.abc import Callable

import numpy as np
import shapely
from shapely.affinity import translate

from bodymap.artwork.figure import Figure, Plane, Shape, Xyz, across, band, in_plane

Rule = Callable[[Figure, Plane], Shape]

# Notches narrower than twice this are filled; corners get this share of the radius of the largest circle within.
_NOTCH_MM = 7.0
_CORNER = 0.6


def disc(landmark: str, radius_mm: float, *, medial: float = 0, up: float = 0) -> Rule:
    """A circle around a place beside a landmark."""

    def draw(figure: Figure, plane: Plane) -> Shape:
        x, y, z = figure.landmark(landmark)
        return _disc((x - medial, y + up, z), radius_mm, plane)

    return draw


def strip(*landmarks: str, half_width_mm: float) -> Rule:
    """A band along the straight lines from landmark to landmark, round at its ends."""

    def draw(figure: Figure, plane: Plane) -> Shape:
        line = [in_plane(figure.landmark(name), plane) for name in landmarks]
        return shapely.buffer(shapely.LineString(line), half_width_mm)

    return draw


def whole(mesh: str, *, grown_mm: float = 0) -> Rule:
    """A structure's silhouette, grown or (below zero) shrunk."""

    def draw(figure: Figure, plane: Plane) -> Shape:
        return shapely.buffer(figure.shape(mesh, plane), grown_mm)

    return draw


def part(
    mesh: str, *, low: float = 0, high: float = 1, inner: float = 0, outer: float = 1, grown_mm: float = 0
) -> Rule:
    """A share of a silhouette: of its height, and of its breadth counted along the plane's first axis."""

    def draw(figure: Figure, plane: Plane) -> Shape:
        shape = figure.shape(mesh, plane)
        left, bottom, right, top = shape.bounds
        wide, tall = right - left, top - bottom
        box = shapely.box(left + inner * wide, bottom + low * tall, left + outer * wide, bottom + high * tall)
        return shapely.buffer(shapely.intersection(shape, box), grown_mm)

    return draw


def _disc(at: Xyz, radius_mm: float, plane: Plane) -> Shape:
    return shapely.buffer(shapely.Point(in_plane(at, plane)), radius_mm)


def _middle_of(figure: Figure, mesh: str) -> Xyz:
    x, y, z = figure.vertices(mesh).mean(axis=0)
    return float(x), float(y), float(z)


def _head(figure: Figure, plane: Plane) -> Shape:
    return figure.shape("skin-of-trunk", plane)


def behind_eye(figure: Figure, plane: Plane) -> Shape:
    shape = figure.shape("orbicularis_oculi", plane)
    left, bottom, right, top = shape.bounds
    # From the side the middle of the eye lies behind the ring of muscle.
    x = (left + right) / 2 if plane == "front" else left
    return shapely.buffer(shapely.Point(x, (bottom + top) / 2), 13)


def cheek(figure: Figure, plane: Plane) -> Shape:
    x, y, z = _middle_of(figure, "zygomaticus_major")
    return _disc((x - 4, y + 6, z), 15, plane)


def ear(figure: Figure, plane: Plane) -> Shape:
    x, y, z = figure.landmark("jaw-joint")
    return _disc((x, y - 4, z - 16), 14, plane)


def throat(figure: Figure, _: Plane) -> Shape:
    low, high = figure.landmark("sternal-notch")[1] + 12, figure.landmark("mandible-angle")[1] - 20
    return shapely.box(-18, low, 18, high)


def vertex(figure: Figure, plane: Plane) -> Shape:
    top = figure.shape("skull", plane).bounds[3]
    return shapely.intersection(_head(figure, plane), band(top - 32, 2000))


def whole_head(figure: Figure, plane: Plane) -> Shape:
    skull = shapely.buffer(figure.shape("skull", plane), 6)
    return shapely.intersection(skull, band(figure.landmark("inion")[1], 2000))


def parietal(figure: Figure, plane: Plane) -> Shape:
    skull, muscle = figure.shape("skull", plane), figure.shape("temporalis", plane)
    height = muscle.bounds[3]
    if plane == "front":
        return shapely.buffer(shapely.Point(skull.bounds[2] * 0.5, height), 22)
    return shapely.buffer(shapely.Point(muscle.centroid.x - 40, height), 26)


def nape(figure: Figure, plane: Plane) -> Shape:
    low, high = figure.landmark("C7")[1], figure.landmark("C2")[1] + 20
    if plane == "front":
        return shapely.box(3, low, 27, high)
    skin = shapely.intersection(_head(figure, plane), band(low, high))
    return shapely.difference(skin, translate(skin, 22, 0))


def side_of_nape(figure: Figure, plane: Plane) -> Shape:
    bent = _neck_corner(figure)
    mastoid = figure.landmark("mastoid")
    if plane == "front":
        line = [(mastoid[0] - 8, mastoid[1] - 12), (bent[0] - 16, bent[1] + 6)]
    else:
        line = [(mastoid[2] - 18, mastoid[1] - 12), (bent[2], bent[1] + 6)]
    return shapely.buffer(shapely.LineString(line), 13)


def neck_angle(figure: Figure, plane: Plane) -> Shape:
    return _disc(_neck_corner(figure), 20, plane)


def _neck_corner(figure: Figure) -> Xyz:
    """Where the neck's outline turns into the shoulder's, 14 mm within it; as far back as levator scapulae there."""
    skin = figure.shape("skin-of-trunk", "front")
    mastoid, acromion = figure.landmark("mastoid"), figure.landmark("acromion")
    chord = np.array([acromion[0] - mastoid[0], acromion[1] - mastoid[1]])
    best, corner = -np.inf, (0.0, 0.0)
    for height in np.arange(acromion[1], mastoid[1]):
        x = shapely.intersection(skin, band(height, height + 1)).bounds[2]
        away = np.array([x - mastoid[0], height - mastoid[1]])
        inward = float(away[1] * chord[0] - away[0] * chord[1])
        if -inward > best:
            best, corner = -inward, (float(x), float(height))
    muscle = figure.vertices("levator_scapulae")
    near = muscle[np.abs(muscle[:, 1] - corner[1]) < 10]
    return corner[0] - 14, corner[1] - 8, float(near[:, 2].mean())


def suprascapular(figure: Figure, plane: Plane) -> Shape:
    inner, outer = figure.landmark("scapula-superior-angle"), figure.landmark("acromion")
    return shapely.buffer(shapely.LineString([(inner[0], inner[1] - 4), (outer[0] - 34, outer[1] - 2)]), 15)


def upper_scapula(figure: Figure, plane: Plane) -> Shape:
    root, acromion = figure.landmark("scapular-spine-root"), figure.landmark("acromion")
    part = shapely.intersection(figure.shape("scapula", plane), band(root[1] - 28, 2000))
    return shapely.intersection(part, across(0, acromion[0] - 45))


def between_scapulae(figure: Figure, plane: Plane) -> Shape:
    border = figure.landmark("scapula-medial-border")[0]
    top, bottom = figure.landmark("scapula-superior-angle")[1], figure.landmark("scapula-inferior-angle")[1]
    return shapely.box(5, bottom + 25, border - 6, top)


def _edge(limb: Shape, width_mm: float, *, lateral: bool) -> Shape:
    """The band of a limb along its lateral or medial outline."""
    return shapely.difference(limb, translate(limb, -width_mm if lateral else width_mm, 0))


def _limb(figure: Figure, plane: Plane, low: float, high: float) -> Shape:
    """The arm between two heights; above the arm's own skin its muscles and bone give the outline."""
    arm = shapely.union_all([figure.shape(name, plane) for name in ("skin-of-arm", *_UPPER_ARM)])
    return shapely.intersection(arm, band(low, high))


_UPPER_ARM = ("triceps_brachii", "biceps_brachii", "brachialis", "humerus")


def _heights(figure: Figure) -> tuple[float, float, float]:
    """(below the deltoid's cap, elbow, wrist)."""
    return (
        figure.landmark("acromion")[1] - 115,
        figure.landmark("lateral-epicondyle")[1],
        figure.shape("radius", "front").bounds[1],
    )


def _upper_arm(figure: Figure, plane: Plane) -> Shape:
    shoulder, elbow, _ = _heights(figure)
    return _limb(figure, plane, elbow + 22, shoulder)


def forearm(figure: Figure, plane: Plane) -> Shape:
    _, elbow, wrist = _heights(figure)
    return _limb(figure, plane, wrist + 18, elbow - 22)


def _hand(figure: Figure, plane: Plane) -> Shape:
    return _limb(figure, plane, 0, _heights(figure)[2] + 4)


def upper_arm_behind(figure: Figure, plane: Plane) -> Shape:
    limb = _upper_arm(figure, plane)
    return shapely.buffer(limb, -14) if plane == "front" else shapely.difference(limb, translate(limb, 26, 0))


def upper_arm_lateral(figure: Figure, plane: Plane) -> Shape:
    limb = _upper_arm(figure, plane)
    return _edge(limb, 26, lateral=True) if plane == "front" else shapely.buffer(limb, -14)


def upper_arm_anterolateral(figure: Figure, plane: Plane) -> Shape:
    limb = _upper_arm(figure, plane)
    if plane == "front":
        return _edge(limb, 44, lateral=True)
    return shapely.difference(limb, translate(limb, -44, 0))


def upper_arm_medial(figure: Figure, plane: Plane) -> Shape:
    return _edge(_upper_arm(figure, plane), 26, lateral=False)


def forearm_middle(figure: Figure, plane: Plane) -> Shape:
    return shapely.buffer(forearm(figure, plane), -12)


def forearm_radial(figure: Figure, plane: Plane) -> Shape:
    limb = forearm(figure, plane)
    return _edge(limb, 28, lateral=True) if plane == "front" else shapely.buffer(limb, -6)


def forearm_ulnar(figure: Figure, plane: Plane) -> Shape:
    return _edge(forearm(figure, plane), 26, lateral=False)


def arm_ulnar(figure: Figure, plane: Plane) -> Shape:
    shoulder, _, wrist = _heights(figure)
    return _edge(_limb(figure, plane, wrist, shoulder), 24, lateral=False)


def medial_epicondyle(figure: Figure, plane: Plane) -> Shape:
    bone = figure.vertices("humerus")
    lower = bone[bone[:, 1] < bone[:, 1].min() + 0.2 * np.ptp(bone[:, 1])]
    x, y, z = (float(value) for value in lower[lower[:, 0].argmin()])
    return _disc((x, y, z), 17, plane)


def wrist(figure: Figure, plane: Plane) -> Shape:
    wrist = _heights(figure)[2]
    return _limb(figure, plane, wrist - 8, wrist + 16)


def hand_radial(figure: Figure, plane: Plane) -> Shape:
    hand = _hand(figure, plane)
    if plane == "side":
        return hand
    left, _, right, _ = figure.shape("hand_bones", plane).bounds
    return shapely.intersection(hand, across((left + right) / 2, 1000))


def thumb(figure: Figure, plane: Plane) -> Shape:
    bones = figure.vertices("hand_bones")
    # Its two phalanges: what of the hand's bones is farthest to the side, beside the other metacarpals.
    index = figure.landmark("lateral-epicondyle")[0] + 58
    far = bones[bones[:, 0] > index]
    far = far[far[:, 1] > 762]
    axes = [0, 1] if plane == "front" else [2, 1]
    return shapely.buffer(shapely.convex_hull(shapely.MultiPoint(far[:, axes])), 9)


def nipple(figure: Figure, plane: Plane) -> Shape:
    ends = figure.landmark("clavicle-sternal-end"), figure.landmark("clavicle-acromial-end")
    x = (ends[0][0] + ends[1][0]) / 2
    heights: list[float] = []
    for name in ("rib_4", "rib_5"):
        rib = figure.vertices(name)
        near = rib[(np.abs(rib[:, 0] - x) < 6) & (rib[:, 2] > 0)]
        heights.append(float(near[:, 1].mean()))
    return shapely.buffer(shapely.Point(x, sum(heights) / 2), 15)


def abdomen(figure: Figure, plane: Plane) -> Shape:
    top, bottom = figure.landmark("xiphisternal-joint")[1] - 60, figure.landmark("asis")[1]
    return shapely.box(5, bottom, figure.landmark("costal-margin")[0] - 25, top)


def lower_lateral_abdomen(figure: Figure, plane: Plane) -> Shape:
    x, y, z = figure.landmark("asis")
    top = figure.landmark("iliac-crest")[1] + 25
    if plane == "front":
        corners = [(x - 4, top), (x - 8, y + 4), (x - 34, y - 34), (x - 70, y - 34), (x - 52, top)]
    else:
        corners = [(z - 30, top), (z + 2, y + 18), (z + 24, y + 6), (z + 34, y + 20), (z + 14, top)]
    return shapely.Polygon(corners)


def groin(figure: Figure, plane: Plane) -> Shape:
    start, end = np.array(figure.landmark("asis")), np.array(figure.landmark("pubic-tubercle"))
    points = [start + (end - start) * share for share in (0.35, 0.95)]
    return shapely.buffer(shapely.LineString([(p[0], p[1] - 6) for p in points]), 15)


def waist(figure: Figure, plane: Plane) -> Shape:
    low, high = figure.landmark("iliac-crest")[1] + 4, figure.landmark("costal-margin")[1] + 16
    trunk = shapely.intersection(figure.shape("skin-of-trunk", plane), band(low, high))
    if plane == "front":
        return shapely.intersection(_edge(trunk, 38, lateral=True), across(0, 1000))
    z = figure.landmark("rib-11-tip")[2]
    return shapely.intersection(trunk, across(z - 34, z + 40))


def low_back(figure: Figure, plane: Plane) -> Shape:
    low, high = figure.landmark("L5")[1] - 6, figure.landmark("L1")[1]
    return shapely.box(5, low, figure.landmark("iliac-crest")[0] - 14, high)


def sacroiliac(figure: Figure, plane: Plane) -> Shape:
    x, y, _ = figure.landmark("psis")
    return shapely.buffer(shapely.LineString([(x + 3, y + 14), (x - 4, y - 30)]), 14)


def crest(figure: Figure, plane: Plane) -> Shape:
    hip = figure.shape("hip_bone", plane)
    edge = shapely.difference(hip, translate(hip, 0, -22))
    return shapely.buffer(shapely.intersection(edge, band(figure.landmark("psis")[1] + 8, 2000)), 4)


def hip_behind(figure: Figure, plane: Plane) -> Shape:
    x, y, _ = figure.landmark("greater-trochanter")
    return shapely.buffer(shapely.LineString([(x - 30, y + 12), (x - 62, y + 24)]), 22)


def _thigh(figure: Figure, plane: Plane) -> Shape:
    top = figure.landmark("greater-trochanter")[1] - 26
    return shapely.intersection(figure.shape("skin-of-trunk", plane), shapely.box(0, 0, 1000, top))


def thigh_lateral(figure: Figure, plane: Plane) -> Shape:
    if plane == "front":
        return _edge(_thigh(figure, plane), 40, lateral=True)
    _, y, z = figure.landmark("greater-trochanter")
    return shapely.box(z - 26, 0, z + 26, y - 26)


def thigh_behind(figure: Figure, plane: Plane) -> Shape:
    x = figure.landmark("ischial-tuberosity")[0]
    top = figure.landmark("ischial-tuberosity")[1] + 6
    return shapely.box(x - 12, 0, x + 62, top)


def rounded(shape: Shape) -> Shape:
    """The largest piece with holes and notches filled, its corners as round as its breadth allows."""
    piece = largest(shape)
    if piece.is_empty:
        return piece
    filled = largest(shapely.buffer(shapely.buffer(piece, _NOTCH_MM), -_NOTCH_MM))
    radius = _CORNER * float(shapely.length(shapely.maximum_inscribed_circle(filled, 0.5)))
    return largest(shapely.buffer(shapely.buffer(filled, -radius), radius))


def largest(shape: Shape) -> shapely.Polygon:
    """The largest piece of a shape, its holes filled; empty where there is none."""
    pieces = [piece for piece in shapely.get_parts(shape) if isinstance(piece, shapely.Polygon)]
    return shapely.Polygon(max(pieces, key=lambda piece: float(piece.area)).exterior) if pieces else shapely.Polygon()
