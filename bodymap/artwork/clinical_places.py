"""Where a source's words put a trigger point on the reference figure, by rules that the atlas states.

Words determine a place if they give a distance from a landmark, a bone's border that the region crosses, or a part of
the region. "Near", "just below" and "somewhat lateral" give no distance: such entries stand where a study has a site of
its own in the muscle (`studied_places`), or nowhere.
"""

from collections.abc import Mapping

import numpy as np
import shapely

from bodymap.artwork.figure import Figure, Plane, Shape, across, band
from bodymap.artwork.place_rules import PlaceRule, Xy, centre
from bodymap.artwork.studied_places import STUDIED
from bodymap.atlas.frames import mirror, to_page
from bodymap.atlas.manifest import Region, Side, ViewId
from bodymap.atlas.trigger_points import Place, Source, ViewPoint

# Barbero 2013: the mean way of the measured points from the innervation zone, towards the spine.
_PROXIMAL_MM = 10.4
_STEP_MM = 1.0


def _proximal_of_innervation_zone(figure: Figure, _: str) -> Xy:
    middle = np.array(figure.landmark("c7-acromion-angle-midpoint"))
    towards = np.array(figure.landmark("C7")) - middle
    x, y, _z = middle + towards / np.linalg.norm(towards) * _PROXIMAL_MM
    return float(x), float(y)


def _medial_border(figure: Figure, mesh: str) -> Xy:
    return _middle_of_border(figure, mesh, medial=True)


def _lateral_border(figure: Figure, mesh: str) -> Xy:
    return _middle_of_border(figure, mesh, medial=False)


def _middle_of_border(figure: Figure, mesh: str, *, medial: bool) -> Xy:
    """The middle, by length, of what the region's silhouette covers of the scapula's border."""
    region, scapula = figure.shape(mesh, "front"), figure.shape("scapula", "front")
    low, high = figure.landmark("scapula-inferior-angle")[1], figure.landmark("scapula-superior-angle")[1]
    points: list[Xy] = []
    for height in np.arange(low, high, _STEP_MM):
        row = shapely.intersection(scapula, shapely.LineString([(-1000, height), (1000, height)]))
        if row.is_empty:
            continue
        left, _, right, _ = row.bounds
        # The lateral border ends where the bone widens to the spine and the acromion.
        if medial or height < figure.landmark("scapular-spine-root")[1]:
            points.append((left if medial else right, float(height)))
    covered = [point for point in points if shapely.contains_xy(region, *point)]
    if not covered:
        raise ValueError(f"{mesh} does not reach the border of the scapula")
    return covered[len(covered) // 2]


def _free_part_of_quadratus(figure: Figure, mesh: str) -> Shape:
    """What of quadratus lumborum lies below rib 12 and above the highest point of the iliac crest."""
    rib = figure.shape("rib_12", "front")
    left, _, right, _ = rib.bounds
    shadow = [
        shapely.box(x, shapely.intersection(rib, across(x, x + _STEP_MM)).bounds[1], x + _STEP_MM, 2000)
        for x in np.arange(left, right - _STEP_MM, _STEP_MM)
    ]
    below = shapely.difference(figure.shape(mesh, "front"), shapely.union_all(shadow))
    return shapely.intersection(below, band(figure.landmark("iliac-crest")[1], 2000))


def _quadratus_lateral(figure: Figure, mesh: str, *, upper: bool) -> Xy:
    free = _half_across(_free_part_of_quadratus(figure, mesh), lateral=True)
    _, low, _, high = free.bounds
    middle = (low + high) / 2
    return centre(shapely.intersection(free, band(middle, high) if upper else band(low, middle)))


def _quadratus_upper(figure: Figure, mesh: str) -> Xy:
    return _quadratus_lateral(figure, mesh, upper=True)


def _quadratus_lower(figure: Figure, mesh: str) -> Xy:
    return _quadratus_lateral(figure, mesh, upper=False)


def _quadratus_at_l3(figure: Figure, mesh: str) -> Xy:
    height = _transverse_process(figure, "L3")
    row = shapely.intersection(_half_across(figure.shape(mesh, "front"), lateral=False), _line(height))
    left, _, right, _ = row.bounds
    return (left + right) / 2, height


def _quadratus_between_l4_and_l5(figure: Figure, mesh: str) -> Xy:
    height = (_transverse_process(figure, "L4") + _transverse_process(figure, "L5")) / 2
    left, _, right, _ = shapely.intersection(figure.shape(mesh, "front"), _line(height)).bounds
    return (left + right) / 2, height


def _transverse_process(figure: Figure, level: str) -> float:
    corners = figure.vertices(f"vertebra_{level}")
    return float(corners[corners[:, 0].argmax()][1])


def _line(height: float) -> Shape:
    return shapely.LineString([(-1000, height), (1000, height)])


def _half_across(shape: Shape, *, lateral: bool) -> Shape:
    """The half of a silhouette beyond (or within) the middle of its breadth, taken at every height."""
    _, low, _, high = shape.bounds
    strips: list[Shape] = []
    for height in np.arange(low, high, _STEP_MM):
        strip = shapely.intersection(shape, band(height, height + _STEP_MM))
        if strip.is_empty:
            continue
        left, _, right, _ = strip.bounds
        middle = (left + right) / 2
        strips.append(shapely.intersection(strip, across(middle, right) if lateral else across(left, middle)))
    return shapely.union_all(strips)


def _share_across(figure: Figure, mesh: str, plane: Plane, begin: float, end: float) -> Xy:
    """The centre of what lies between two shares of a silhouette's breadth, counted along the plane's first axis."""
    shape = figure.shape(mesh, plane)
    left, _, right, _ = shape.bounds
    width = right - left
    return centre(shapely.intersection(shape, across(left + begin * width, left + end * width)))


def _lateral_half(figure: Figure, mesh: str) -> Xy:
    return _share_across(figure, mesh, "front", 1 / 2, 1)


def _medial_half(figure: Figure, mesh: str) -> Xy:
    return _share_across(figure, mesh, "front", 0, 1 / 2)


def _posterior_third(figure: Figure, mesh: str) -> Xy:
    return _share_across(figure, mesh, "side", 0, 1 / 3)


def _middle_third(figure: Figure, mesh: str) -> Xy:
    return _share_across(figure, mesh, "side", 1 / 3, 2 / 3)


def _lower_medial_quarter(figure: Figure, mesh: str) -> Xy:
    shape = figure.shape(mesh, "front")
    left, low, right, high = shape.bounds
    return centre(shapely.intersection(shape, shapely.box(left, low, (left + right) / 2, (low + high) / 2)))


# By the row's muscle and label in trigger_points.tsv.
WORDS: Mapping[tuple[str, str], PlaceRule] = {
    ("trapezius_upper", "TrP1"): PlaceRule(
        "posterior",
        _proximal_of_innervation_zone,
        "The source's mean distance, 10.4 mm, from the midpoint between C7 and the angle of the acromion towards C7, "
        "on the straight line between them. Ours: proximal is read as towards the spine. On the reference figure the "
        "edge of the transverse part lies over it there.",
    ),
    ("trapezius_lower", "TrP3"): PlaceRule(
        "posterior",
        _medial_border,
        "The middle of the stretch of the scapula's medial border that the region's silhouette covers. Ours: the "
        "border is read as the medial one, which the lower fibres cross.",
    ),
    ("rhomboids", "medial border"): PlaceRule(
        "posterior",
        _medial_border,
        "The middle of the stretch of the scapula's medial border that the region's silhouette covers. The source "
        "names the whole border, not one point of it.",
    ),
    ("teres_minor", ""): PlaceRule(
        "posterior",
        _lateral_border,
        "The middle of the stretch of the scapula's lateral border, below the root of its spine, that the region's "
        "silhouette covers. The source names the border, not one point of it.",
    ),
    ("teres_major", "TP2"): PlaceRule(
        "posterior",
        _lateral_half,
        "Centre of the lateral half of the region's silhouette. Ours: the lateral belly is read as that half.",
    ),
    ("quadratus_lumborum", "superficial cranial"): PlaceRule(
        "posterior",
        _quadratus_upper,
        "Of the region's silhouette below rib 12 and above the highest point of the iliac crest, the lateral half "
        "taken at every height: centre of its upper half. Ours: the halves.",
    ),
    ("quadratus_lumborum", "superficial caudal"): PlaceRule(
        "posterior",
        _quadratus_lower,
        "Of the region's silhouette below rib 12 and above the highest point of the iliac crest, the lateral half "
        "taken at every height: centre of its lower half. Ours: the halves.",
    ),
    ("quadratus_lumborum", "deep cranial"): PlaceRule(
        "posterior",
        _quadratus_at_l3,
        "At the height of the tip of L3's transverse process, the middle of the medial half of the region's "
        "silhouette. Ours: the half.",
    ),
    ("quadratus_lumborum", "deep caudal"): PlaceRule(
        "posterior",
        _quadratus_between_l4_and_l5,
        "Half-way in height between the tips of the transverse processes of L4 and L5, the middle of the region's "
        "silhouette.",
    ),
    ("pectoralis_major", "sternocostal lateral"): PlaceRule(
        "anterior",
        _lateral_half,
        "Centre of the lateral half of the region's silhouette, the half next to the armpit. Ours: the half.",
    ),
    ("pectoralis_major", "sternocostal medial"): PlaceRule(
        "anterior",
        _medial_half,
        "Centre of the medial half of the region's silhouette, the half next to the sternum. Ours: the half.",
    ),
    ("pectoralis_major", "sternocostal caudal"): PlaceRule(
        "anterior",
        _lower_medial_quarter,
        "Centre of the lower medial quarter of the region's silhouette. Ours: the lower sternal part is read as that "
        "quarter.",
    ),
    ("gluteus_medius", "TrP1"): PlaceRule(
        "left",
        _posterior_third,
        "Centre of the posterior third of the region's silhouette as seen from the side. Ours: the thirds.",
    ),
    ("gluteus_medius", "TrP2"): PlaceRule(
        "left",
        _middle_third,
        "Centre of the middle third of the region's silhouette as seen from the side. Ours: the thirds.",
    ),
}


def placed(
    figure: Figure, muscle: str, label: str, regions: tuple[Region, ...], sources: Mapping[str, Source]
) -> tuple[Place, ...]:
    """The places of an entry in its regions, as far as words or a study determine any.

    Raises `ValueError` where a place lies outside the region's silhouette, or cites a source that is not listed.
    """
    rule = WORDS.get((muscle, label)) or STUDIED.get((muscle, label))
    if rule is None:
        return ()
    unknown = [name for name in rule.sources if name not in sources]
    if unknown:
        raise ValueError(f"{muscle} {label}: its place cites {unknown}")
    plane: Plane = "front" if rule.view in ("posterior", "anterior") else "side"
    places: list[Place] = []
    for region in regions:
        if rule.regions and region.id not in rule.regions:
            continue
        point = rule.find(figure, region.mesh)
        if not shapely.contains_xy(figure.shape(region.mesh, plane), *point):
            raise ValueError(f"{muscle} {label}: its place lies outside {region.id}")
        x, y = to_page(rule.view, *point)
        places.append(
            Place(
                region=region.id,
                at=_both_sides(rule.view, x, y),
                basis=rule.basis,
                rule=rule.rule,
                sources=tuple(sources[name] for name in rule.sources),
            )
        )
    return tuple(places)


def _both_sides(view: ViewId, x: float, y: float) -> dict[Side, ViewPoint]:
    """The point of the left half and its mirror image, to a tenth of a millimetre."""
    x, y = round(x, 1), round(y, 1)
    other, mirrored_x, _ = mirror(view, x, y)
    return {"left": ViewPoint(view, x, y), "right": ViewPoint(other, round(mirrored_x, 1), y)}
