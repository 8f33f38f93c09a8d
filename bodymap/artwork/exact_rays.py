"""Straight ways through the meshes themselves, exactly: what the atlas's depth data are compared with.

Every triangle is intersected by Moeller and Trumbore's method in double precision: slow, and sharing nothing with the
rasteriser and the grids that made the data.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from bodymap.artwork.meshes import Mesh

Vector = tuple[float, float, float]

# As the depth data have it: two passages through one structure with less between them are one.
JOINED_MM = 0.6
# Two triangles that share an edge are both hit by a ray through it.
_SAME_HIT_MM = 1e-3


class Passage(NamedTuple):
    """One passage through a mesh: its number, and where the way enters and leaves it, in millimetres along the way."""

    number: int
    enters_mm: float
    leaves_mm: float


class ExactRays:
    """Meshes, ready for rays. `skip` are numbers of those that are not there."""

    def __init__(self, meshes: Sequence[Mesh]) -> None:
        self._triangles = []
        for mesh in meshes:
            a, b, c = (mesh.vertices[mesh.faces[:, corner]] for corner in range(3))
            self._triangles.append((a, b - a, c - a))
        self._low = np.array([mesh.vertices.min(axis=0) for mesh in meshes])
        self._high = np.array([mesh.vertices.max(axis=0) for mesh in meshes])

    def along(self, start: Vector, direction: Vector, skip: frozenset[int] = frozenset()) -> list[Passage]:
        """Every passage of the whole line, before `start` with negative distances; by where they begin."""
        origin, way = np.array(start), np.array(direction)
        with np.errstate(divide="ignore", invalid="ignore"):
            ends = np.stack([(self._low - origin) / way, (self._high - origin) / way])
        # Along an axis that the way is square on, nought by nought is a box that is met everywhere.
        near, far = np.nanmax(ends.min(axis=0), axis=1), np.nanmin(ends.max(axis=0), axis=1)
        found = [
            Passage(int(number), begins, stops)
            for number in np.flatnonzero(near <= far)
            if int(number) not in skip
            for begins, stops in _passages(*self._cast(int(number), origin, way))
        ]
        return sorted(found, key=lambda passage: passage[1:])

    def _cast(
        self, number: int, origin: npt.NDArray[np.float64], way: npt.NDArray[np.float64]
    ) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
        """(where the line crosses the surface, whether it enters there), in order and each crossing once."""
        corner, along, aside = self._triangles[number]
        normal = np.cross(way, aside)
        turn = np.einsum("ij,ij->i", along, normal)
        usable = np.abs(turn) > 1e-12
        corner, along, aside, normal, turn = (part[usable] for part in (corner, along, aside, normal, turn))
        away = origin - corner
        u = np.einsum("ij,ij->i", away, normal) / turn
        across = np.cross(away, along)
        v = (across @ way) / turn
        distance = np.einsum("ij,ij->i", aside, across) / turn
        met = (u >= 0) & (v >= 0) & (u + v <= 1)
        order = np.argsort(distance[met])
        where, enters = distance[met][order], turn[met][order] > 0
        again = np.zeros(len(where), bool)
        again[1:] = (where[1:] - where[:-1] < _SAME_HIT_MM) & (enters[1:] == enters[:-1])
        return where[~again], enters[~again]


def _passages(where: npt.NDArray[np.float64], enters: npt.NDArray[np.bool_]) -> list[tuple[float, float]]:
    """The stretches inside: by counting surfaces entered and left where they balance, else in pairs."""
    if not len(where):
        return []
    within = np.cumsum(np.where(enters, 1, -1))
    if within[-1] == 0 and within.min() >= 0:
        begins, stops = where[enters & (within == 1)], where[within == 0]
    else:
        begins, stops = where[::2], where[1::2] if len(where) % 2 == 0 else np.r_[where[1::2], where[-1]]
    joined: list[tuple[float, float]] = []
    for begin, stop in zip(begins.tolist(), stops.tolist(), strict=True):
        if joined and begin - joined[-1][1] < JOINED_MM:
            joined[-1] = joined[-1][0], max(stop, joined[-1][1])
        else:
            joined.append((begin, stop))
    return joined
