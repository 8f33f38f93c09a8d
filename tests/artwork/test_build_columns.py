"""Columns and surface maps, made from bodies simple enough to know what must come out."""

import random

import numpy as np
import pytest

from bodymap.artwork.meshes import Mesh
from bodymap.artwork.packing import pack
from bodymap.artwork.ray_grid import Hits, build_columns, cast_rays, passages, skin_passages
from bodymap.artwork.skin import split_skin
from bodymap.artwork.surface import build_maps, pack_maps, runs
from bodymap.atlas.packed import Packed
from bodymap.atlas.ray_grid import SKIN, SKIN_OF_ARM, Axis, Columns
from bodymap.atlas.surface import BARE_SKIN, OFF_BODY, Surface

_CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float)
_SQUARES = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
_FACES = np.array([face for a, b, c, d in _SQUARES for face in ((a, b, c), (a, c, d))])
Box = tuple[float, float, float, float, float, float]


def box(name: str, side: str, kind: str, *boxes: Box, open_: bool = False) -> Mesh:
    """A mesh of boxes (x0, x1, y0, y1, z0, z1), faces outward; `open_` takes the back faces away."""
    vertices, faces = [], []
    for number, (x0, x1, y0, y1, z0, z1) in enumerate(boxes):
        vertices.append(_CORNERS * (x1 - x0, y1 - y0, z1 - z0) + (x0, y0, z0))
        faces.append((_FACES[:-2] if open_ else _FACES) + 8 * number)
    key = name if side == "midline" else f"{name}__{side}"
    return Mesh(key, name, side, kind, "", not open_, np.concatenate(vertices), np.concatenate(faces))  # type: ignore[arg-type]


SKIN_BOX = box("skin", "midline", "skin", (-100, 100, 1000, 1400, -100, 100), (200, 260, 1000, 1300, -40, 40))
BODIES = [
    box("latissimus_dorsi", "left", "muscle", (1, 80, 1000, 1200, -90, -85)),
    box("platysma", "left", "muscle", (1, 80, 1300, 1390, -95, -94)),
    box("rhomboid_major", "left", "muscle", (1, 80, 1200, 1390, -60, -50)),
    box("rib_5", "left", "bone", (1, 90, 1000, 1390, -30, -20), (1, 90, 1000, 1390, 60, 70)),
    box("thoracolumbar_fascia_posterior_layer", "left", "fascia", (1, 40, 1000, 1200, -80, -79)),
    box("trapezius_ascending", "left", "muscle", (1, 40, 1210, 1390, -80, -70)),
    box("triceps_brachii", "left", "muscle", (210, 250, 1010, 1290, -20, 20)),
]


def test_the_boxes_are_closed_and_face_outward() -> None:
    """Each ray through a box enters it and leaves it."""
    hits = cast_rays(BODIES[2], "posterior", 1.75)
    assert hits.entering.reshape(-1, 2).tolist() == [[True, False]] * (len(hits.pixel) // 2)


def test_columns_hold_what_a_ray_meets() -> None:
    """Under a place on the boxes, from behind and from the side, every box is found where it was put."""
    columns = Columns(Packed(build_columns(BODIES, SKIN_BOX), "columns.bin"))
    behind = columns.stack("z", columns.place("z", 20.3, 1350.3))
    assert [tuple(step) for step in behind if step.structure < SKIN_OF_ARM] == [
        (1, -95.0, -94.0),
        (5, -80.0, -70.0),
        (2, -60.0, -50.0),
        (3, -30.0, -20.0),
        (3, 60.0, 70.0),
    ]
    assert [(s.low_mm, s.high_mm) for s in behind if s.structure == SKIN] == [(-100, -100), (100, 100)]
    aside = columns.stack("x", columns.place("x", 0.0, 1100.0))
    assert (6, 210.0, 250.0) in [tuple(step) for step in aside]
    assert [s.low_mm for s in aside if s.structure == SKIN_OF_ARM] == [200, 260]
    assert columns.stack("z", columns.place("z", -300, 800)) == []


def test_places_come_nearest_first() -> None:
    """The places around a point begin with its own, none comes twice, and at its corners none leaves the grid."""
    columns = Columns(Packed(build_columns(BODIES, SKIN_BOX), "columns.bin"))
    grid = columns.grids["z"]
    for across, up in [(20.3, 1350.3), (grid.across0, grid.top), (-grid.across0, grid.top - grid.pitch_mm * grid.rows)]:
        places = list(columns.places("z", across, up, 2.0))
        assert places[0] == columns.place("z", across, up)
        assert len(places) == len(set(places)) >= 4
        assert all(0 <= place.cell < grid.columns * grid.rows for place in places)


@pytest.mark.parametrize("axis", ["z", "x"])
def test_an_edge_is_known_within_a_cell(axis: Axis) -> None:
    """A third of a millimetre from an edge of a body, the stack has it on the inner side and lacks it on the outer."""
    columns = Columns(Packed(build_columns(BODIES, SKIN_BOX), "columns.bin"))
    along_z = axis == "z"
    at = 1100.0 if along_z else 1150.0
    for number, mesh in enumerate(BODIES):
        if mesh.kind == "fascia" or mesh.name == "platysma":
            continue
        low, high = mesh.vertices[:, 0 if along_z else 2].min(), mesh.vertices[:, 0 if along_z else 2].max()
        if not mesh.vertices[:, 1].min() < at < mesh.vertices[:, 1].max() or high - low < 4:
            continue
        for edge, inward in ((low, 1), (high, -1)):
            for aside, there in ((0.35 * inward, True), (-0.35 * inward, False)):
                stack = columns.stack(axis, columns.place(axis, float(edge) + aside, at))
                assert (number in {passage.structure for passage in stack}) == there, (mesh.name, edge, aside)


def test_a_variant_is_what_its_own_ray_meets() -> None:
    """At random places near edges, the stack of a place has every body that the place lies in, and is in order."""
    columns = Columns(Packed(build_columns(BODIES, SKIN_BOX), "columns.bin"))
    chance = random.Random(4)
    for _ in range(300):
        x, y = chance.choice([1.0, 40.0, 80.0, 90.0]) + chance.uniform(-2, 2), chance.uniform(1210, 1380)
        stack = [step for step in columns.stack("z", columns.place("z", x, y)) if step.structure < SKIN_OF_ARM]
        assert [step.low_mm for step in stack] == sorted(step.low_mm for step in stack)
        here = {
            number
            for number, mesh in enumerate(BODIES)
            if mesh.kind != "fascia"
            and mesh.name != "platysma"
            and all(
                low + 0.4 <= at <= high - 0.4
                for low, at, high in zip(mesh.vertices.min(0)[:2], (x, y), mesh.vertices.max(0)[:2], strict=True)
            )
        }
        assert here <= {step.structure for step in stack}


def test_maps_say_what_a_point_means() -> None:
    """Platysma and fascia are passed through, latissimus only over the fascia, what is peeled below its layer."""
    maps = build_maps(BODIES, SKIN_BOX)
    surface = Surface(Packed(pack_maps(maps), "surface.bin"))

    def names(view: str, layer: str, arm: str, across: float, up: float) -> str | int:
        x = {"posterior": -across + 350, "anterior": across + 350, "left": 190 - across, "right": across + 170}[view]
        label = surface.label(view, layer, arm, x, 1730 - up)  # type: ignore[arg-type]
        return BODIES[label].name if label < len(BODIES) else label

    assert names("posterior", "superficial", "shown", 20, 1350) == "trapezius_ascending"
    assert names("posterior", "superficial", "shown", 60, 1350) == "rhomboid_major"
    assert names("posterior", "intermediate", "shown", 20, 1350) == "rhomboid_major"
    assert names("posterior", "deep", "shown", 20, 1350) == "rib_5"
    assert names("posterior", "superficial", "shown", 60, 1100) == "latissimus_dorsi"
    assert names("posterior", "superficial", "shown", 20, 1100) == "rib_5"
    assert names("anterior", "superficial", "shown", 20, 1350) == "rib_5"
    assert names("posterior", "superficial", "shown", -20, 1100) == BARE_SKIN
    assert names("posterior", "superficial", "shown", 150, 1100) == OFF_BODY
    assert names("left", "superficial", "shown", 0, 1100) == "triceps_brachii"
    assert names("left", "superficial", "hidden", 0, 1100) == BARE_SKIN
    assert names("left", "superficial", "hidden", -88, 1100) == "latissimus_dorsi"
    assert names("right", "superficial", "hidden", -88, 1100) == "latissimus_dorsi"


def test_an_open_mesh_is_read_in_pairs() -> None:
    """Where surfaces do not balance, hits pair up, and a single last one is a passage without length."""
    hits = Hits(
        np.array([4, 4, 4, 4, 9, 9, 9], np.int32),
        np.array([1, 2, 5, 9, 3, 4, 8], np.float32),
        np.array([True, True, True, True, True, False, True]),
    )
    found = passages(hits)
    assert list(zip(found.pixel, found.low, found.high, strict=True)) == [(4, 1, 2), (4, 5, 9), (9, 3, 4), (9, 8, 8)]


def test_overlapping_parts_of_one_mesh_are_one_passage() -> None:
    """Inside is where more surfaces were entered than left, and gaps under 0.6 mm are closed."""
    hits = Hits(
        np.array([4] * 6, np.int32),
        np.array([1, 2, 3, 6, 6.5, 9], np.float32),
        np.array([True, True, False, False, True, False]),
    )
    found = passages(hits)
    assert list(zip(found.low, found.high, strict=True)) == [(1, 9)]


def test_no_hits_are_no_passages() -> None:
    """A mesh that a view does not see leaves nothing."""
    nothing = Hits(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, bool))
    assert len(passages(nothing).pixel) == len(skin_passages(nothing).pixel) == 0


def test_the_skin_of_the_arm_comes_off() -> None:
    """Patches wholly beside the trunk are the arm's, the rest is the body's, and none is lost."""
    body, arm = split_skin(SKIN_BOX)
    assert (len(body.faces), len(arm.faces)) == (12, 12)
    assert arm.vertices[arm.faces[:, 0]][:, 0].min() == 200


def test_runs_are_the_map() -> None:
    """Written as runs and read back, a random map is the same at every pixel."""
    chance = np.random.default_rng(2)
    labels = np.zeros((1940, 1400), np.uint16)
    labels[:40] = chance.integers(0, 4, (40, 1400))
    rows, starts, values = runs(labels)
    name = "posterior-deep-shown"
    arrays = {f"{name}.rows": rows, f"{name}.starts": starts, f"{name}.labels": values}
    surface = Surface(Packed(pack({"resolution_mm": 0.5}, arrays), "surface.bin"))
    for _ in range(2000):
        row, column = random.randrange(41), random.randrange(1400)
        assert surface.label("posterior", "deep", "shown", column / 2 + 0.2, row / 2 + 0.3) == labels[row, column]


def test_packing_twice_gives_equal_bytes() -> None:
    """The same numbers make the same file."""
    assert build_columns(BODIES, SKIN_BOX) == build_columns(BODIES, SKIN_BOX)
