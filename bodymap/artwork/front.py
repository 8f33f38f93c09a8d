"""What is seen first along every ray of a view, made fit to be drawn.

A mesh projected pixel by pixel has specks, hairlines and frayed borders that no illustrator would draw. Here they are
given to the neighbour, so that the picture stays a partition: nothing overlaps and no hole opens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import ndimage

from bodymap.artwork.meshes import Mesh, Side
from bodymap.artwork.raster import Fragments

NOTHING = -1

Labels = npt.NDArray[np.int16]
Field = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Front:
    """The nearest structure of every pixel (`NOTHING` outside the body), all arrays (height, width).

    `depth` in millimetres along the ray, infinite outside the body; `normal` (height, width, 3) of unit length and
    turned to the viewer, because open sheets have no reliable outside.
    """

    label: Labels
    depth: Field
    normal: Field


def nearest(fragments: Fragments) -> Front:
    """The first fragment of every ray."""
    # Written from the farthest to the nearest, so that the nearest stays; of equal ones the first.
    order = np.argsort(fragments.depth, kind="stable")[::-1]
    size, shape = fragments.width * fragments.height, (fragments.height, fragments.width)
    first = np.full(size, NOTHING, np.int64)
    first[fragments.pixel[order]] = order
    met = first != NOTHING
    first = first[met]
    label = np.full(size, NOTHING, np.int16)
    depth = np.full(size, np.inf, np.float32)
    normal = np.zeros((size, 3), np.float32)
    label[met] = fragments.structure[first]
    depth[met] = fragments.depth[first]
    seen = fragments.normal[first]
    seen *= np.where(seen[:, 2:] < 0, -1, 1) / np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-9)
    normal[met] = seen
    return Front(label.reshape(shape), depth.reshape(shape), normal.reshape(*shape, 3))


def without(fragments: Fragments, structures: Iterable[int]) -> Fragments:
    """The fragments less those of `structures`."""
    remaining = ~np.isin(fragments.structure, list(structures))
    return Fragments(
        fragments.width,
        fragments.height,
        fragments.pixel[remaining],
        fragments.depth[remaining],
        fragments.structure[remaining],
        fragments.facing[remaining],
        fragments.normal[remaining],
    )


def glimpsed(fragments: Fragments, front: Front, least_share: float) -> list[int]:
    """The structures of which less than a share of the silhouette is seen, if anything."""
    order = np.argsort(fragments.structure, kind="stable")
    starts = np.searchsorted(fragments.structure[order], np.arange(int(fragments.structure.max(initial=-1)) + 2))
    pixels = fragments.pixel[order]
    met = np.zeros(fragments.width * fragments.height, np.bool_)
    whole = np.zeros(len(starts) - 1, np.int64)
    for index in range(len(whole)):
        mine = pixels[starts[index] : starts[index + 1]]
        met[mine] = True
        whole[index] = np.count_nonzero(met)
        met[mine] = False
    seen = np.bincount(front.label[front.label != NOTHING], minlength=len(whole))
    return np.flatnonzero((seen > 0) & (seen < least_share * whole)).tolist()


def silhouette(fragments: Fragments, structures: Iterable[int]) -> Mask:
    """Every pixel whose ray meets one of `structures`, however deep."""
    mask = np.zeros(fragments.width * fragments.height, np.bool_)
    mask[fragments.pixel[np.isin(fragments.structure, list(structures))]] = True
    return mask.reshape(fragments.height, fragments.width)


def partners(meshes: Sequence[Mesh]) -> npt.NDArray[np.int16]:
    """For each mesh the index of the same structure on the other side; of a midline one its own."""
    place = {(mesh.name, mesh.side): index for index, mesh in enumerate(meshes)}
    other: dict[Side, Side] = {"left": "right", "right": "left", "midline": "midline"}
    return np.array([place[mesh.name, other[mesh.side]] for mesh in meshes], np.int16)


def mirrored(front: Front, partner: npt.NDArray[np.int16], source: slice) -> Front:
    """The half of the picture in the columns `source`, and its mirror image with the sides exchanged.

    The two sides of the reference body agree to a pixel; drawn from one, the plate agrees entirely.
    """
    opposite = np.append(partner, np.int16(NOTHING))  # so that index NOTHING, the last, maps to NOTHING
    label, depth, normal = front.label[:, ::-1].copy(), front.depth[:, ::-1].copy(), front.normal[:, ::-1].copy()
    label = opposite[label]
    normal[..., 0] *= -1
    label[:, source] = front.label[:, source]
    depth[:, source] = front.depth[:, source]
    normal[:, source] = front.normal[:, source]
    return Front(label, depth, normal)


def tidied(front: Front, narrowest_px: Sequence[int], smallest_px: Sequence[int], smoothing_px: float) -> Front:
    """The picture without parts thinner or smaller than stated, with borders rounded over `smoothing_px`.

    `narrowest_px` (a radius) and `smallest_px` (an area) are by structure; gaps of the empty page are held to the
    greatest of them.

    Depth and normal stay those of what was seen, except where something is now drawn and nothing was there.
    """
    label = _without_crumbs(front.label, narrowest_px, smallest_px)
    label = _rounded(label, smoothing_px)
    label = _without_crumbs(label, [0] * len(smallest_px), smallest_px)
    blank = (label != NOTHING) & ~np.isfinite(front.depth)
    depth, normal = front.depth, front.normal
    if blank.any():
        rows, columns = ndimage.distance_transform_edt(~np.isfinite(depth), return_distances=False, return_indices=True)
        depth, normal = depth.copy(), normal.copy()
        depth[blank] = depth[rows[blank], columns[blank]]
        normal[blank] = normal[rows[blank], columns[blank]]
    return Front(label, np.where(label == NOTHING, np.float32(np.inf), depth), normal)


def boxes(label: Labels, margin_px: int) -> list[tuple[int, tuple[slice, slice]]]:
    """Every label in the picture (without `NOTHING`) with a box round it, widened by a margin."""
    height, width = label.shape
    labelled: list[tuple[int, tuple[slice, slice]]] = []
    for index, box in enumerate(ndimage.find_objects(label.astype(np.int32) + 1)):
        if box is not None:
            rows, columns = box
            labelled.append(
                (
                    index,
                    (
                        slice(max(rows.start - margin_px, 0), min(rows.stop + margin_px, height)),
                        slice(max(columns.start - margin_px, 0), min(columns.stop + margin_px, width)),
                    ),
                )
            )
    return labelled


def closed(mask: Mask, radius_px: int) -> Mask:
    """Gaps narrower than twice the radius filled; at the border of the page the mask goes on as it is there."""
    # By distances rather than with a structuring element: the cost does not grow with the radius.
    reach = (radius_px * radius_px + 0.5) ** 0.5
    padded = np.pad(mask, radius_px + 1, mode="edge")
    if not padded.any() or padded.all():
        return mask.copy()
    grown = ndimage.distance_transform_edt(~padded) <= reach
    reached = ndimage.distance_transform_edt(np.pad(grown, 1))[1:-1, 1:-1] > reach if not grown.all() else grown
    inner = slice(radius_px + 1, -radius_px - 1)
    whole: Mask = reached[inner, inner]
    return whole


def disk(radius_px: int) -> Mask:
    """A round structuring element."""
    y, x = np.ogrid[-radius_px : radius_px + 1, -radius_px : radius_px + 1]
    return np.asarray(x * x + y * y <= radius_px * radius_px + 0.5)


def _without_crumbs(label: Labels, narrowest_px: Sequence[int], smallest_px: Sequence[int]) -> Labels:
    """Thin and small parts given to whatever lies nearest, which may be the empty page."""
    homeless = np.zeros(label.shape, np.bool_)
    shifted = np.where(label == NOTHING, len(smallest_px), label).astype(np.int16)
    least = [*smallest_px, max(smallest_px, default=0)]
    radius = [*narrowest_px, max(narrowest_px, default=0)]
    for index, box in boxes(shifted, max(radius) + 1):
        mine = shifted[box] == index
        opened = ndimage.binary_opening(mine, disk(radius[index])) if radius[index] else mine
        parts, _ = ndimage.label(opened)
        small = np.bincount(parts.ravel()) < least[index]
        small[0] = True
        homeless[box] |= mine & small[parts]
    rows, columns = ndimage.distance_transform_edt(homeless, return_distances=False, return_indices=True)
    whole: Labels = label[rows, columns]
    return whole


def _rounded(label: Labels, smoothing_px: float) -> Labels:
    """Each pixel given to the label that is strongest around it, under a Gaussian."""
    shifted = np.where(label == NOTHING, label.max() + 1, label).astype(np.int16)
    best = np.zeros(label.shape, np.float32)
    result = shifted.copy()
    for index, box in boxes(shifted, int(4 * smoothing_px) + 1):
        strength = ndimage.gaussian_filter((shifted[box] == index).astype(np.float32), smoothing_px)
        stronger = strength > best[box]
        result[box][stronger] = index
        best[box][stronger] = strength[stronger]
    return np.where(result == label.max() + 1, NOTHING, result).astype(np.int16)
