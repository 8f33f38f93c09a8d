"""How far the atlas agrees with rays cast straight through the meshes.

The rays are intersected with every triangle by Moeller and Trumbore's method, one point at a time and in double
precision: slow, and sharing nothing with the rasteriser that made the maps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bodymap.artwork.meshes import Mesh
from bodymap.artwork.reference_body import load_body
from bodymap.artwork.surface import APONEUROTIC_MESHES, FASCIA_MESH, VEILS
from bodymap.atlas.body import Atlas
from bodymap.atlas.frames import SIZES, to_body
from bodymap.atlas.manifest import Structure, ViewId
from bodymap.atlas.ray_grid import ALONG, AXIS

# A point is away from borders if the map says the same all around it at this distance.
_AWAY_MM = 1.0
_AROUND = [(np.cos(a) * _AWAY_MM, np.sin(a) * _AWAY_MM) for a in np.linspace(0, 2 * np.pi, 16, endpoint=False)]


_OUTSIDE_MM = 1000.0


@dataclass(frozen=True)
class Agreement:
    """Shares of points at which the map and the rays name the same structure: of all, and of those away from borders.

    Depth errors are of the outermost structure's entry under points away from borders, in millimetres.
    """

    view: ViewId
    points: int
    all: float
    away: float
    depth_median_mm: float
    depth_95_mm: float
    differing: tuple[str, ...]

    def line(self) -> str:
        """A row of the check's table."""
        return (
            f"{self.view:30}{self.points:7}{self.all:7.1%}{self.away:10.2%}"
            f"{self.depth_median_mm:24.2f} mm, {self.depth_95_mm:.2f} mm"
        )


def compare(atlas: Atlas, meshes: Path, view: ViewId, points: int, seed: int = 1) -> Agreement:
    """Compare at `points` places on the body, taken at random from `seed`; side views without the arm."""
    structures = atlas.manifest.structures
    bodies = [mesh for mesh in _loaded(meshes) if mesh.kind != "skin"]
    random = np.random.default_rng(seed)
    places: list[tuple[float, float]] = []
    while len(places) < points:
        x, y = random.random(2) * SIZES[view]
        if atlas.at(view, x, y) is not None:
            places.append((float(x), float(y)))
    casts = first_hits(bodies, structures, view, places, hidden=atlas.arm(view, None) == "hidden")
    same: list[bool] = []
    away: list[bool] = []
    errors: list[float] = []
    differing: list[str] = []
    for (x, y), (number, entry) in zip(places, casts, strict=True):
        hit = atlas.at(view, x, y)
        structure = hit.structure if hit else None
        wanted = structures[number] if number is not None else None
        same.append(structure is wanted)
        around = (atlas.at(view, x + dx, y + dy) for dx, dy in _AROUND)
        away.append(all(other is not None and other.structure is structure for other in around))
        if away[-1] and not same[-1]:
            differing.append(f"({x:.1f}, {y:.1f}): {_label(structure)}, the ray meets {_label(wanted)}")
        if away[-1] and same[-1] and wanted is not None:
            errors.append(_depth_error(atlas, view, x, y, wanted, entry))
    agree, far = np.array(same), np.array(away)
    depth = np.array(errors)
    return Agreement(
        view,
        points,
        float(agree.mean()),
        float(agree[far].mean()),
        float(np.median(depth)),
        float(np.quantile(depth, 0.95)),
        tuple(differing),
    )


def first_hits(
    bodies: Sequence[Mesh],
    structures: Sequence[Structure],
    view: ViewId,
    places: Sequence[tuple[float, float]],
    *,
    hidden: bool,
) -> list[tuple[int | None, float]]:
    """(number of the structure that each point means, depth of its entry along the view) by exact rays."""
    axis = 2 if AXIS[view] == "z" else 0
    sign = 1.0 if ALONG[view] else -1.0
    origins = np.zeros((len(places), 3))
    across = np.array([to_body(view, x, y) for x, y in places])
    origins[:, 0 if axis == 2 else 2], origins[:, 1], origins[:, axis] = across[:, 0], across[:, 1], -sign * _OUTSIDE_MM
    direction = np.zeros(3)
    direction[axis] = sign
    near = np.full((len(bodies), len(places)), np.inf)
    far = np.full((len(bodies), len(places)), -np.inf)
    for number, mesh in enumerate(bodies):
        if (hidden and structures[number].arm) or mesh.name in VEILS:
            continue
        low, high = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
        inside = ((origins >= low) & (origins <= high))[:, [i for i in range(3) if i != axis]].all(axis=1)
        which = np.flatnonzero(inside)
        if not len(which):
            continue
        rays, distances = _cast(mesh, origins[which], direction)
        np.minimum.at(near[number], which[rays], distances - _OUTSIDE_MM)
        np.maximum.at(far[number], which[rays], distances - _OUTSIDE_MM)
    fasciae = np.max([far[n] for n, mesh in enumerate(bodies) if mesh.name == FASCIA_MESH], axis=0)
    for number, mesh in enumerate(bodies):
        if mesh.name in APONEUROTIC_MESHES:
            near[number, fasciae >= near[number]] = np.inf
    near[[n for n, mesh in enumerate(bodies) if mesh.kind == "fascia"]] = np.inf
    first = near.argmin(axis=0)
    depth = near[first, np.arange(len(places))]
    return [
        (int(number) if np.isfinite(entry) else None, float(entry)) for number, entry in zip(first, depth, strict=True)
    ]


def _cast(
    mesh: Mesh, origins: npt.NDArray[np.float64], direction: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """(which ray, distance from its origin) of every crossing."""
    corner, second, third = np.moveaxis(mesh.vertices[mesh.faces], 1, 0)
    along, aside = second - corner, third - corner
    normal = np.cross(direction, aside)
    turn = np.einsum("ij,ij->i", along, normal)
    usable = np.abs(turn) > 1e-12
    corner, along, aside, normal = corner[usable], along[usable], aside[usable], normal[usable]
    scale = 1 / turn[usable]
    rays: list[npt.NDArray[np.int64]] = [np.empty(0, np.int64)]
    distances: list[npt.NDArray[np.float64]] = [np.empty(0)]
    for ray, origin in enumerate(origins):
        away = origin - corner
        u = np.einsum("ij,ij->i", away, normal) * scale
        maybe = np.flatnonzero((u >= 0) & (u <= 1))
        across = np.cross(away[maybe], along[maybe])
        v = across @ direction * scale[maybe]
        met = (v >= 0) & (u[maybe] + v <= 1)
        found = np.einsum("ij,ij->i", aside[maybe], across)[met] * scale[maybe][met]
        rays.append(np.full(len(found), ray))
        distances.append(found)
    return np.concatenate(rays), np.concatenate(distances)


@lru_cache(maxsize=1)
def _loaded(folder: Path) -> list[Mesh]:
    return load_body(folder)


def _depth_error(atlas: Atlas, view: ViewId, x: float, y: float, wanted: Structure, entry: float) -> float:
    """How far the columns' outermost entry is from the ray's, both in body millimetres along the view."""
    entries = (way.low_mm for way in atlas.way(view, x, y) if atlas.structure(way) is wanted)
    return abs(next(entries, float("inf")) - entry)


def _label(structure: Structure | None) -> str:
    return f"{structure.id}, {structure.side}" if structure else "nothing"
