"""Orthographic views of meshes as an A-buffer: every surface that a ray meets, not only the first.

Page axes, in millimetres: u to the viewer's right, v down (v = -y). Posterior u = -x, anterior u = x,
left u = -z, right u = z. Depth is the body coordinate along the direction of sight, so it grows away from the
viewer: z on posterior, -z on anterior, -x on left, x on right.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from bodymap.artwork.meshes import Mesh

ViewId = Literal["posterior", "anterior", "left", "right"]

_UP = np.array([0.0, 1.0, 0.0])
_RIGHTWARD: dict[ViewId, npt.NDArray[np.float64]] = {
    "posterior": np.array([-1.0, 0.0, 0.0]),
    "anterior": np.array([1.0, 0.0, 0.0]),
    "left": np.array([0.0, 0.0, -1.0]),
    "right": np.array([0.0, 0.0, 1.0]),
}
_INWARD: dict[ViewId, npt.NDArray[np.float64]] = {
    "posterior": np.array([0.0, 0.0, 1.0]),
    "anterior": np.array([0.0, 0.0, -1.0]),
    "left": np.array([-1.0, 0.0, 0.0]),
    "right": np.array([1.0, 0.0, 0.0]),
}

# Pixels tried at once: bounds the memory of a view at about half a gigabyte.
_BATCH = 4_000_000


@dataclass(frozen=True)
class Window:
    """The rectangle of the page that a view shows, in millimetres of its page axes."""

    u0: float
    u1: float
    v0: float
    v1: float


WINDOWS: dict[ViewId, Window] = {
    "posterior": Window(-350, 350, -1730, -760),
    "anterior": Window(-350, 350, -1730, -760),
    "left": Window(-190, 170, -1730, -760),
    "right": Window(-170, 190, -1730, -760),
}


@dataclass(frozen=True, eq=False)
class Fragments:
    """What the rays of a view meet, in no particular order; all arrays are as long as there are fragments.

    `pixel` is row * width + column, row 0 at the top, rays through pixel centres; `depth` in millimetres;
    `structure` the index in the list that was rasterised; `facing` true where the ray enters the structure;
    `normal` (n, 3) the smoothed outward normal as (to the viewer's right, up, towards the viewer), not of
    unit length.
    """

    width: int
    height: int
    pixel: npt.NDArray[np.int32]
    depth: npt.NDArray[np.float32]
    structure: npt.NDArray[np.int16]
    facing: npt.NDArray[np.bool_]
    normal: npt.NDArray[np.float32]


def rasterise(meshes: Sequence[Mesh], view: ViewId, window: Window, resolution_mm: float) -> Fragments:
    """Cast one ray per pixel of `window` along `view` through all `meshes`."""
    width = round((window.u1 - window.u0) / resolution_mm)
    height = round((window.v1 - window.v0) / resolution_mm)
    axes = np.stack([_RIGHTWARD[view], _UP, -_INWARD[view]], axis=1)
    pixels: list[npt.NDArray[np.int32]] = [np.empty(0, np.int32)]
    depths: list[npt.NDArray[np.float32]] = [np.empty(0, np.float32)]
    structures: list[npt.NDArray[np.int16]] = [np.empty(0, np.int16)]
    facings: list[npt.NDArray[np.bool_]] = [np.empty(0, np.bool_)]
    normals: list[npt.NDArray[np.float32]] = [np.empty((0, 3), np.float32)]
    for index, mesh in enumerate(meshes):
        seen = mesh.vertices @ axes
        column = (seen[:, 0] - window.u0) / resolution_mm - 0.5
        row = (-seen[:, 1] - window.v0) / resolution_mm - 0.5
        normal = _vertex_normals(seen, mesh.faces)
        facing = _face_normals(seen, mesh.faces)[:, 2] > 0
        for face, pixel, weight in _covered(column[mesh.faces], row[mesh.faces], width, height):
            corners = mesh.faces[face]
            pixels.append(pixel)
            depths.append(-np.einsum("ij,ij->i", weight, seen[:, 2][corners]).astype(np.float32))
            structures.append(np.full(len(face), index, np.int16))
            facings.append(facing[face])
            normals.append(np.einsum("ij,ijk->ik", weight, normal[corners]).astype(np.float32))
    return Fragments(
        width,
        height,
        np.concatenate(pixels),
        np.concatenate(depths),
        np.concatenate(structures),
        np.concatenate(facings),
        np.concatenate(normals),
    )


_Covered = tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.float64]]


def _covered(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64], width: int, height: int) -> list[_Covered]:
    """(triangle, pixel, barycentric weights) of pixel centres in triangles; x, y: (m, 3) corners in pixels."""
    left = np.maximum(np.ceil(x.min(axis=1) - 1e-9).astype(np.int64), 0)
    right = np.minimum(np.floor(x.max(axis=1) + 1e-9).astype(np.int64), width - 1)
    top = np.maximum(np.ceil(y.min(axis=1) - 1e-9).astype(np.int64), 0)
    bottom = np.minimum(np.floor(y.max(axis=1) + 1e-9).astype(np.int64), height - 1)
    columns, rows = right - left + 1, bottom - top + 1
    x0, y0 = x[:, 0], y[:, 0]
    ux, uy, wx, wy = x[:, 1] - x0, y[:, 1] - y0, x[:, 2] - x0, y[:, 2] - y0
    area = ux * wy - wx * uy
    usable = np.flatnonzero((columns > 0) & (rows > 0) & (np.abs(area) > 1e-12))
    count = columns[usable] * rows[usable]
    batch = (np.cumsum(count) - count) // _BATCH
    found: list[_Covered] = []
    for number in np.unique(batch):
        mine = usable[batch == number]
        many = count[batch == number]
        face = np.repeat(mine, many)
        place = np.arange(len(face)) - np.repeat(np.cumsum(many) - many, many)
        column = left[face] + place % columns[face]
        row = top[face] + place // columns[face]
        dx, dy = column - x0[face], row - y0[face]
        second = (dx * wy[face] - wx[face] * dy) / area[face]
        third = (ux[face] * dy - dx * uy[face]) / area[face]
        weight = np.stack([1 - second - third, second, third], axis=1)
        inside = (weight >= 0).all(axis=1)
        pixel = (row[inside] * width + column[inside]).astype(np.int32)
        found.append((face[inside], pixel, weight[inside]))
    return found


def _face_normals(points: npt.NDArray[np.float64], faces: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    a, b, c = np.moveaxis(points[faces], 1, 0)
    normals: npt.NDArray[np.float64] = np.cross(b - a, c - a)
    return normals


def _vertex_normals(points: npt.NDArray[np.float64], faces: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Unit normals of the vertices: the mean over their faces, weighted by area."""
    total = np.zeros_like(points)
    per_face = _face_normals(points, faces)
    for corner in range(3):
        np.add.at(total, faces[:, corner], per_face)
    unit: npt.NDArray[np.float64] = total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)
    return unit
