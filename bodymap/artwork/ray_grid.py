"""Columns: what a ray through each point of a grid meets, for the atlas's `columns.bin`.

Rays along z serve posterior and anterior, rays along x left and right. `bodymap.atlas.ray_grid` reads the result.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bodymap.artwork.fine_rays import QUANTUM_MM, Stacks, Variants, gather
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.packing import pack
from bodymap.artwork.raster import WINDOWS, ViewId, Window, rasterise
from bodymap.artwork.skin import split_skin
from bodymap.atlas.aponeurosis import FASCIA_BELOW
from bodymap.atlas.ray_grid import FINER, SKIN, SKIN_OF_ARM, Axis

# As fine as five megabytes allow; finer for the side views, which see much of the trunk at a slant. Both divide the
# width of their views.
PITCH_MM: dict[Axis, float] = {"z": 1.75, "x": 1.6}
# Slivers: two passages through one structure with less than this between them are one.
JOINED_MM = 0.6
# The skin is two sheets a few millimetres apart, made of patches that overlap; hits this near are one skin.
SKIN_JOINED_MM = 6.0
# Two triangles that share an edge are both hit by a ray through it.
_SAME_HIT_MM = 1e-3

# Rows of cells that the finer rays are cast through at once: bounds the memory.
_STRIP = 24

# The views whose direction of sight runs along the axis.
_VIEW_ALONG: dict[Axis, ViewId] = {"z": "posterior", "x": "right"}


Section = npt.NDArray[np.uint8] | npt.NDArray[np.uint16] | npt.NDArray[np.int16]


@dataclass(frozen=True, eq=False)
class Hits:
    """Where the rays of a view cross one mesh: sorted by pixel and depth, all arrays of equal length."""

    pixel: npt.NDArray[np.int32]
    depth: npt.NDArray[np.float32]
    entering: npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Passages:
    """Intervals of rays inside one mesh: sorted by pixel and depth, `low` <= `high`."""

    pixel: npt.NDArray[np.int32]
    low: npt.NDArray[np.float32]
    high: npt.NDArray[np.float32]


def cast_rays(mesh: Mesh, view: ViewId, resolution_mm: float, window: Window | None = None) -> Hits:
    """Every crossing of a view's rays with a mesh, each once; without a window, the whole view's."""
    found = rasterise([mesh], view, window or WINDOWS[view], resolution_mm)
    order = np.lexsort((found.depth, found.pixel))
    pixel, depth, entering = found.pixel[order], found.depth[order], found.facing[order]
    again = np.zeros(len(pixel), bool)
    again[1:] = (
        (pixel[1:] == pixel[:-1]) & (entering[1:] == entering[:-1]) & (np.abs(depth[1:] - depth[:-1]) < _SAME_HIT_MM)
    )
    return Hits(pixel[~again], depth[~again], entering[~again])


def passages(hits: Hits, joined_mm: float = JOINED_MM) -> Passages:
    """The parts of each ray inside the mesh.

    Where the crossings of a ray balance, they are counted: inside is where more surfaces were entered than left. Where
    they do not (an open mesh), they are taken in pairs, and a last single one is a passage of no length.
    """
    pixel, depth = hits.pixel, hits.depth
    if not len(pixel):
        return Passages(pixel, depth, depth)
    first = np.flatnonzero(np.r_[True, pixel[1:] != pixel[:-1]])
    sizes = np.diff(np.r_[first, len(pixel)])
    step = np.where(hits.entering, 1, -1)
    running = np.cumsum(step)
    before = np.repeat((running - step)[first], sizes)
    winding = running - before
    lowest = np.minimum.reduceat(winding, first)
    balanced = np.repeat((winding[first + sizes - 1] == 0) & (lowest >= 0), sizes)
    place = np.arange(len(pixel)) - np.repeat(first, sizes)
    last = place == np.repeat(sizes, sizes) - 1
    begins = np.where(balanced, (winding == 1) & (step == 1), place % 2 == 0)
    ends = np.where(balanced, winding == 0, (place % 2 == 1) | last)
    return _join(Passages(pixel[begins], depth[begins], depth[ends]), joined_mm)


def skin_passages(hits: Hits) -> Passages:
    """Where a ray goes through skin, outer sheet to inner sheet, whatever way its patches face."""
    return _join(Passages(hits.pixel, hits.depth, hits.depth), SKIN_JOINED_MM)


def _join(hits: Passages, nearer_mm: float) -> Passages:
    begins = np.ones(len(hits.pixel), bool)
    begins[1:] = (hits.pixel[1:] != hits.pixel[:-1]) | (hits.low[1:] - hits.high[:-1] >= nearer_mm)
    start = np.flatnonzero(begins)
    if not len(start):
        return hits
    return Passages(hits.pixel[start], hits.low[start], np.maximum.reduceat(hits.high, start))


def build_columns(structures: Sequence[Mesh], skin: Mesh) -> bytes:
    """The bytes of `columns.bin`; a structure's number is its place in `structures`."""
    arrays: dict[str, Section] = {}
    grids: dict[Axis, dict[str, float | int]] = {}
    sheets = frozenset(n for n, mesh in enumerate(structures) if mesh.name == FASCIA_BELOW.replace("-", "_"))
    parts = [*enumerate(structures), *zip((SKIN, SKIN_OF_ARM), split_skin(skin), strict=True)]
    for axis, view in _VIEW_ALONG.items():
        window, pitch_mm = WINDOWS[view], PITCH_MM[axis]
        columns, rows = round((window.u1 - window.u0) / pitch_mm), round((window.v1 - window.v0) / pitch_mm)
        stacks = _stacks(parts, axis, window, pitch_mm)
        count = np.diff(stacks.first)
        if count.max() > 255:
            raise ValueError(f"a ray along {axis} meets {count.max()} structures; the file counts to 255")
        arrays[f"{axis}.count"] = count.astype(np.uint8)
        arrays[f"{axis}.structure"] = stacks.number
        arrays[f"{axis}.low"] = stacks.low
        arrays[f"{axis}.thick"] = stacks.high - stacks.low
        variants = Variants()
        for row in range(0, rows, _STRIP):
            strip = replace(window, v0=window.v0 + row * pitch_mm, v1=window.v0 + min(row + _STRIP, rows) * pitch_mm)
            gather(variants, _stacks(parts, axis, strip, pitch_mm / FINER), columns, sheets)
        arrays |= variants.arrays(axis)
        across0 = -window.u1 if axis == "z" else window.u0
        grids[axis] = {
            "across0": across0,
            "top": -window.v0,
            "pitch_mm": pitch_mm,
            "columns": columns,
            "rows": rows,
        }
    return pack({"quantum_mm": QUANTUM_MM, "grids": grids}, arrays)


def _stacks(parts: Sequence[tuple[int, Mesh]], axis: Axis, window: Window, resolution_mm: float) -> Stacks:
    """What the rays of a window meet, those of a row from small to large X or Z."""
    view = _VIEW_ALONG[axis]
    columns = round((window.u1 - window.u0) / resolution_mm)
    rows = round((window.v1 - window.v0) / resolution_mm)
    nothing = Passages(np.empty(0, np.int32), np.empty(0, np.float32), np.empty(0, np.float32))
    found: list[tuple[int, Passages]] = [(SKIN, nothing)]
    for which, mesh in parts:
        if mesh.vertices[:, 1].max() >= -window.v1 and mesh.vertices[:, 1].min() <= -window.v0:
            hits = cast_rays(mesh, view, resolution_mm, window)
            found.append((which, skin_passages(hits) if which >= SKIN_OF_ARM else passages(hits)))
    number = np.concatenate([np.full(len(p.pixel), n, np.uint16) for n, p in found])
    cell = np.concatenate([p.pixel for _, p in found])
    low, high = (_quantised(np.concatenate([getattr(p, end) for _, p in found])) for end in ("low", "high"))
    if axis == "z":  # Posterior looks along z with x to the left; the grid counts x upwards.
        cell = cell // columns * columns + (columns - 1 - cell % columns)
    order = np.lexsort((number, high, low, cell))
    first = np.concatenate([[0], np.cumsum(np.bincount(cell, minlength=columns * rows))])
    return Stacks(first, number[order], low[order], high[order])


def _quantised(millimetres: npt.NDArray[np.float32]) -> npt.NDArray[np.int16]:
    return np.round(millimetres / QUANTUM_MM).astype(np.int16)
