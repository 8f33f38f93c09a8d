"""The plates as they ship: within their bytes, in the subset, whole, calm, and the two sides alike."""

import re
import xml.etree.ElementTree as ET
from functools import cache
from itertools import pairwise

import pytest

pytest.importorskip("shapely", reason="the artwork extra is not installed")

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Point, Polygon

from bodymap.artwork.layers import ARM, LAYERS_OF_VIEW, drawn, layer_of, quiet
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.raster import WINDOWS
from bodymap.artwork.reference_body import load_body
from bodymap.atlas import load_atlas
from bodymap.atlas.manifest import PlateFile, Region
from bodymap.atlas.outlines import flatten
from bodymap.atlas.plates import Plate, parse_plate
from tests.shared import MESHES

ATLAS = load_atlas()
PLATES = ATLAS.manifest.plates
BUDGET = {"plain": 64_000, "shaded": 160_000}

each_plate = pytest.mark.parametrize("file", PLATES, ids=lambda file: file.file)


@cache
def parsed(file: PlateFile) -> Plate:
    return parse_plate(ATLAS.file(file.file), file.file)


@cache
def polygons(d: str) -> tuple[Polygon, ...]:
    """Every closed curve of a path."""
    return tuple(Polygon(ring) for ring in flatten(d))


def areas(d: str) -> list[float]:
    """The area of every closed curve."""
    return [polygon.area for polygon in polygons(d)]


@each_plate
def test_a_plate_keeps_to_its_budget(file: PlateFile) -> None:
    """Plain at most 64 KB, shaded at most 160 KB."""
    assert len(ATLAS.file(file.file)) <= BUDGET[file.detail]


@each_plate
def test_a_plate_is_within_the_subset(file: PlateFile) -> None:
    """Only the agreed elements, attributes, groups, and relative path commands in tenths of a millimetre."""
    root = ET.fromstring(ATLAS.file(file.file))
    allowed = {"viewBox", "role", "id", "class", "d", "fill", "fill-opacity", "fill-rule", "stroke"}
    allowed |= {"stroke-width", "stroke-opacity", "stroke-linejoin", "stroke-linecap"}
    groups = [element.get("id") for element in root if element.tag.endswith("}g")]
    assert set(groups) <= {"body", "context", "bones", "regions", "edges", "tone", "fibres", "face", "fade"}
    assert len(groups) == len(set(groups))
    assert root.get("viewBox") == ("0 0 700 970" if file.view in ("posterior", "anterior") else "0 0 360 970")
    for element in root.iter():
        assert element.tag.removeprefix("{http://www.w3.org/2000/svg}") in {"svg", "title", "desc", "g", "path"}
        assert all(name in allowed or name.startswith("data-") for name in element.attrib)
        assert re.fullmatch(r"[MmLlHhVvQqTtCcSsZz0-9.\- ]*", element.get("d", ""))
        assert not re.search(r"\.\d\d", element.get("d", ""))
    assert "BodyParts3D" in parsed(file).desc
    assert "Z-Anatomy" in parsed(file).desc


@each_plate
def test_a_plate_has_no_speck(file: PlateFile) -> None:
    """No filled curve on a plate is smaller than 10 mm2, and nothing is drawn beside the page."""
    plate = parsed(file)
    width = 700 if file.view in ("posterior", "anterior") else 360
    for name in ("body", "context", "bones", "regions", "tone"):
        for element in plate.groups[name].elements if name in plate.groups else ():
            assert min(areas(element.d)) > 9, element
            left, top, right, bottom = MultiPolygon(polygons(element.d)).bounds
            assert left >= -0.5
            assert top >= -0.5
            assert right <= width + 0.5
            assert bottom <= 970.5


@pytest.mark.parametrize(
    "file", [f for f in PLATES if f.detail == "plain" and f.layer == "superficial"], ids=lambda file: file.file
)
def test_the_contour_is_close_to_what_lies_under_it(file: PlateFile) -> None:
    """Between chin and groin the skin runs 4 to 8 mm off muscle and bone along most of its way, and nowhere nearer than
    3; only where it bridges a hollow is it farther off."""
    groups = parsed(file).groups
    drawn = [e.d for name in ("bones", "context", "regions") for e in groups[name].elements]
    flesh = shapely.union_all(
        [shapely.make_valid(Polygon(ring)) for d in drawn for ring in flatten(d) if len(ring) > 3]
    )
    outline = next(e.d for e in groups["body"].elements if e.id == "body-outline")
    along = [
        flesh.distance(Point(ring[0] + (ring[1] - ring[0]) * share))
        for ring in (np.array(pair) for one in flatten(outline) for pair in pairwise(one))
        for share in (0.0, 0.5)
        if 270 < ring[0][1] < 820
    ]
    assert min(along) >= 3
    assert np.mean(np.array(along) <= 8.5) >= 0.75


@pytest.mark.parametrize("file", [f for f in PLATES if f.detail == "plain"], ids=lambda file: file.file)
def test_outer_plates_have_a_face_and_deep_ones_a_skull(file: PlateFile) -> None:
    """Lines of face or hair stand on the superficial and intermediate plates, where no skull is drawn; deeper it is."""
    groups = parsed(file).groups
    skull = any(element.structure == "skull" for element in groups["bones"].elements)
    assert ("face" in groups) == (file.layer in ("superficial", "intermediate"))
    assert skull == ("face" not in groups)


@each_plate
def test_parts_of_a_muscle_have_one_tint(file: PlateFile) -> None:
    """Every part of a muscle is filled alike, with thinner lines than whole muscles have, and outlined as a whole."""
    muscle = {region.id: region.muscle for region in ATLAS.regions}
    tints: dict[str, set[str]] = {}
    parts: dict[tuple[str, str | None], list[str]] = {}
    regions = parsed(file).groups["regions"]
    for element in regions.elements:
        tints.setdefault(muscle[element.region], set()).add(element.fill)
        parts.setdefault((muscle[element.region], element.side), []).append(element.attributes.get("stroke-width", ""))
    assert all(len(fills) == 1 for fills in tints.values())
    several = [widths for widths in parts.values() if len(widths) > 1]
    assert all(float(width) < float(regions.attributes["stroke-width"]) for widths in several for width in widths)
    assert len(parsed(file).groups["edges"].elements if several else ()) == len(several)


@pytest.mark.parametrize("region", ATLAS.regions, ids=lambda region: region.id)
def test_every_region_is_seen_on_a_plate_of_its_own_layer(region: Region) -> None:
    """Each of the 75 regions shows at least 120 mm2 on both sides, on its own layer of one view at least; digastric,
    which the jaw hides from before, on the side views."""
    assert len(ATLAS.regions) == 75
    best = 0.0
    for file in PLATES:
        if file.detail != "plain" or file.layer != layer_of(file.view, region.mesh):
            continue
        shown = {
            element.side: sum(areas(element.d))
            for element in parsed(file).groups["regions"].elements
            if element.region == region.id
        }
        sides = ("left", "right") if file.view in ("posterior", "anterior") else (file.view,)
        if file.view in ("posterior", "anterior") or region.id == "digastric":
            best = max(best, min(shown.get(side, 0) for side in sides))
    assert best >= 120


@pytest.mark.parametrize(
    "file", [file for file in PLATES if file.view in ("posterior", "anterior")], ids=lambda file: file.file
)
def test_left_and_right_are_alike_and_on_their_sides(file: PlateFile) -> None:
    """Every paired structure has both sides, equal in area, each mirrored and on its own side of the page."""
    shown: dict[tuple[str, str], tuple[float, float]] = {}
    for name in ("regions", "bones", "context"):
        for element in parsed(file).groups[name].elements if name in parsed(file).groups else ():
            if element.side in ("left", "right"):
                rings = polygons(element.d)
                area = sum(ring.area for ring in rings)
                centre = sum(ring.centroid.x * ring.area for ring in rings) / area
                shown[element.region or element.structure, element.side] = (area, centre)
    assert len(shown) > 20
    for name, side in shown:
        area, centre = shown[name, side]
        other, opposite = shown[name, "right" if side == "left" else "left"]
        assert area == pytest.approx(other, rel=0.05, abs=6), name
        assert centre + opposite == pytest.approx(700, abs=1.5), name
        assert (centre < 350) == ((side == "left") == (file.view == "posterior")), name


@pytest.fixture(scope="module")
def meshes() -> dict[str, Mesh]:
    return {mesh.key: mesh for mesh in load_body(MESHES)}


# Millimetres that a region may be drawn beyond its mesh where it is not 4: what is redrawn or drawn from landmarks (the
# straight muscle of the belly down to the pubis and to a narrow white line, the patch of the occipitalis), and a strap
# that is drawn wider than it is.
DRAWN_BEYOND = {"rectus-abdominis": 10, "occipitalis": 5, "omohyoid": 7}


@pytest.mark.shared
@pytest.mark.parametrize("file", [file for file in PLATES if file.detail == "plain"], ids=lambda file: file.file)
def test_every_region_is_drawn_within_its_own_mesh(file: PlateFile, meshes: dict[str, Mesh]) -> None:
    """A region is drawn within 4 mm of the box that its mesh, by its own coordinates, has on that view; three have
    more, each for its reason."""
    names = {region.id: region.mesh for region in ATLAS.regions}
    axis, sign = {"posterior": (0, -1), "anterior": (0, 1), "left": (2, -1), "right": (2, 1)}[file.view]
    window = WINDOWS[file.view]
    for element in parsed(file).groups["regions"].elements:
        body = meshes[f"{names[element.region]}__{element.side}"].vertices
        u, v = sign * body[:, axis] - window.u0, -body[:, 1] - window.v0
        points = np.array([point for ring in flatten(element.d) for point in ring])
        most = DRAWN_BEYOND.get(element.region, 4)
        assert (points >= (u.min() - most, v.min() - most)).all(), element.id
        assert (points <= (u.max() + most, v.max() + most)).all(), element.id


@pytest.mark.shared
def test_meshes_are_read_in_order_and_right_side_out(meshes: dict[str, Mesh]) -> None:
    """319 meshes by key; every watertight one encloses a positive volume; left lies at positive x."""
    assert len(meshes) == 319
    assert list(meshes) == sorted(meshes)
    assert sum(mesh.watertight for mesh in meshes.values()) == 287
    for mesh in meshes.values():
        if mesh.kind in ("muscle", "bone") and mesh.side != "midline":
            assert (mesh.vertices[:, 0].mean() > 0) == (mesh.side == "left"), mesh.key


@pytest.mark.shared
def test_layers_nest(meshes: dict[str, Mesh]) -> None:
    """What a deeper plate leaves out no still deeper one brings back, but for shreds; the arm is left out whole."""
    for view, layers in LAYERS_OF_VIEW.items():
        for mesh in meshes.values():
            shown = [drawn(view, layer, "shown", mesh) for layer in layers]
            if mesh.kind == "muscle" and any(shown):
                assert shown[layers.index(layer_of(view, mesh.name))]
                assert not any(shown[layers.index(layer_of(view, mesh.name)) + 1 :])
            if mesh.name in ARM:
                assert not any(drawn(view, layer, "hidden", mesh) for layer in layers)
                assert not quiet("hidden", mesh)
