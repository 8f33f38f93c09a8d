"""The reference body as the atlas draws it: the meshes as they came, with three of them mended.

- The mesh named rotatores holds, from the first lumbar vertebra down to the sacrum, the bulk that anatomy gives to the
  lumbar multifidus, whose own mesh ends at L4. That part is cut off and joined to the lumbar multifidus.
- The mesh named biceps_femoris holds semitendinosus as its second body.
- The mesh named occipitalis is a stub, a rectangle; a patch on the skull takes its place, placed by landmarks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from bodymap.artwork import meshes
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.occipital_patch import occipital_patch

Vertices = npt.NDArray[np.float64]
Faces = npt.NDArray[np.int64]

_SIDES = ("left", "right")


def load_body(folder: Path) -> list[Mesh]:
    """Every structure of the reference body, from the meshes that `folder`'s manifest.csv lists, sorted by key.

    Raises `ValueError` naming the file where one is missing, empty, or not finite.
    """
    by_key = {mesh.key: mesh for mesh in meshes.load_meshes(folder)}
    for mend in (_lumbar_multifidus, _semitendinosus, _occipitalis):
        by_key |= {mesh.key: mesh for side in _SIDES for mesh in mend(by_key, side)}
    return [by_key[key] for key in sorted(by_key)]


def _lumbar_multifidus(by_key: Mapping[str, Mesh], side: str) -> Sequence[Mesh]:
    """Rotatores down to the first lumbar vertebra, and lumbar multifidus with what lay below."""
    rotatores, multifidus = by_key[f"rotatores__{side}"], by_key[f"multifidus_lumborum__{side}"]
    above, below = by_key["vertebra_T12"].vertices[:, 1], by_key["vertebra_L1"].vertices[:, 1]
    # The two vertebrae reach past each other: half-way between the lower edge of one and the upper edge of the other.
    level = float(above.min() + below.max()) / 2
    thoracic = cut(rotatores.vertices, rotatores.faces, level, upper=True)
    lumbar = cut(rotatores.vertices, rotatores.faces, level, upper=False)
    return (
        _of(rotatores, *thoracic),
        _of(multifidus, *_joined((multifidus.vertices, multifidus.faces), lumbar)),
    )


def _semitendinosus(by_key: Mapping[str, Mesh], side: str) -> Sequence[Mesh]:
    """The two bodies of the mesh named biceps femoris; semitendinosus is the medial one."""
    both = by_key[f"biceps_femoris__{side}"]
    first, second = both.faces[:, [0, 1]].ravel(), both.faces[:, [1, 2]].ravel()
    size = len(both.vertices)
    links = coo_matrix((np.ones(len(first), np.int8), (first, second)), (size, size))
    count, body = connected_components(links, directed=False)
    of_face = body[both.faces[:, 0]]
    bodies = [both.faces[of_face == number] for number in range(count) if (of_face == number).any()]
    if len(bodies) != 2:
        raise ValueError(f"{both.key}: has {len(bodies)} bodies instead of two")
    medial, lateral = sorted(bodies, key=lambda faces: float(np.abs(both.vertices[faces][..., 0]).mean()))
    biceps = _of(both, *_compact(both.vertices, lateral))
    tendinosus = _of(both, *_compact(both.vertices, medial))
    # The FMA id of the manifest is that of biceps femoris.
    return biceps, replace(tendinosus, key=f"semitendinosus__{side}", name="semitendinosus", fma="")


def _occipitalis(by_key: Mapping[str, Mesh], side: str) -> Sequence[Mesh]:
    stub, skull = by_key[f"occipitalis__{side}"], by_key["skull"]
    vertices, faces = occipital_patch(skull.vertices[skull.faces])
    return (_of(stub, vertices * (-1 if side == "right" else 1, 1, 1), faces),)


def _of(mesh: Mesh, vertices: Vertices, faces: Faces) -> Mesh:
    if meshes.signed_volume_mm3(vertices, faces) < 0:
        faces = faces[:, ::-1].copy()
    vertices.flags.writeable = faces.flags.writeable = False
    return replace(mesh, vertices=vertices, faces=faces)


def _joined(*parts: tuple[Vertices, Faces]) -> tuple[Vertices, Faces]:
    """Bodies as one mesh; where they go into one another, a ray is inside as long as it is inside of any."""
    starts = np.cumsum([0, *(len(vertices) for vertices, _ in parts)])
    faces = [faces + start for (_, faces), start in zip(parts, starts, strict=False)]
    return np.concatenate([vertices for vertices, _ in parts]), np.concatenate(faces)


def _compact(vertices: Vertices, faces: Faces) -> tuple[Vertices, Faces]:
    """Faces with the vertices that they use only."""
    used, numbered = np.unique(faces, return_inverse=True)
    return vertices[used].copy(), numbered.reshape(faces.shape).astype(np.int64)


def cut(vertices: Vertices, faces: Faces, level: float, *, upper: bool) -> tuple[Vertices, Faces]:
    """What of a closed mesh lies above a height Y (or below it), closed again where it was cut.

    A corner at the very height counts as above it, so that both parts meet without a gap.
    """
    above = vertices[:, 1] >= level
    wanted = above if upper else ~above
    kept = wanted[faces]
    many = kept.sum(axis=1)
    whole = faces[many == 3]
    new: list[npt.NDArray[np.float64]] = []
    at: dict[tuple[int, int], int] = {}

    def crossing(inner: int, outer: int) -> int:
        key = min(inner, outer), max(inner, outer)
        if key not in at:
            low, high = vertices[key[0]], vertices[key[1]]
            share = (level - low[1]) / (high[1] - low[1])
            at[key] = len(vertices) + len(new)
            point = low + share * (high - low)
            point[1] = level
            new.append(point)
        return at[key]

    pieces: list[tuple[int, int, int]] = []
    rim: list[tuple[int, int]] = []
    for face, inside in zip(faces[(many > 0) & (many < 3)], kept[(many > 0) & (many < 3)], strict=True):
        turn = int(np.argmax(inside)) if inside.sum() == 1 else int(np.argmin(inside))
        alone, second, third = (int(face[(turn + step) % 3]) for step in range(3))
        if inside.sum() == 1:
            one, other = crossing(alone, second), crossing(alone, third)
            pieces.append((alone, one, other))
            rim.append((other, one))
        else:
            one, other = crossing(second, alone), crossing(third, alone)
            pieces += [(one, second, third), (one, third, other)]
            rim.append((one, other))
    every = np.concatenate([vertices, np.array(new).reshape(-1, 3)])
    lids: list[tuple[int, int, int]] = []
    for ring in _rings(rim):
        middle = len(every)
        every = np.concatenate([every, every[ring].mean(axis=0, keepdims=True)])
        lids += [(middle, a, b) for a, b in zip(ring, ring[1:] + ring[:1], strict=True)]
    return _compact(every, np.array([*map(tuple, whole.tolist()), *pieces, *lids], np.int64))


def _rings(steps: Sequence[tuple[int, int]]) -> list[list[int]]:
    """Closed rings of the steps from corner to corner, each begun at its lowest number."""
    following = dict(steps)
    rings: list[list[int]] = []
    while following:
        here = min(following)
        ring: list[int] = []
        while here in following:
            ring.append(here)
            here = following.pop(here)
        rings.append(ring)
    return rings
