"""Reading the reference body: one triangle mesh per muscle, bone, fascia or organ.

Source: the folder described in the anatomy README (`manifest.csv` and one PLY each), from BodyParts3D and
Z-Anatomy, CC BY-SA. The body frame is in millimetres: x to the subject's left, y up from the soles,
z forward.
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import numpy as np
import numpy.typing as npt
import trimesh

Side = Literal["left", "right", "midline"]
_SIDES: dict[str, Side] = {"left": "left", "right": "right", "mid": "midline"}


@dataclass(frozen=True, eq=False)
class Mesh:
    """One structure of the reference body.

    `vertices` is (n, 3) float64 in millimetres of the body frame, `faces` is (m, 3) vertex numbers, turning
    counter-clockwise seen from outside; of a mesh that is not `watertight` that is only mostly so.
    """

    key: str
    name: str
    side: Side
    kind: str
    fma: str
    watertight: bool
    vertices: npt.NDArray[np.float64]
    faces: npt.NDArray[np.int64]


def load_meshes(folder: Path) -> list[Mesh]:
    """Every mesh that `folder`'s manifest.csv lists, sorted by key.

    Raises `ValueError` naming the file where one is missing, empty, or not finite.
    """
    with (folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["key"])
    return [_load(folder, row) for row in rows]


def _load(folder: Path, row: dict[str, str]) -> Mesh:
    path = folder / f"{row['key']}.ply"
    if not path.is_file():
        raise ValueError(f"{path.name}: listed in manifest.csv, but there is no such file")
    # process=False: merging vertices would reorder them, and the build must give the same bytes every time.
    loaded = cast(trimesh.Trimesh, trimesh.load(path, process=False, force="mesh"))
    vertices = np.array(loaded.vertices, dtype=np.float64)
    faces = np.array(loaded.faces, dtype=np.int64)
    if not len(faces) or not np.isfinite(vertices).all():
        raise ValueError(f"{path.name}: holds no triangles, or coordinates that are not numbers")
    if signed_volume_mm3(vertices, faces) < 0:
        faces = faces[:, ::-1].copy()
    vertices.flags.writeable = faces.flags.writeable = False
    return Mesh(
        key=row["key"],
        name=row["name"],
        side=_SIDES[row["side"]],
        kind=row["kind"],
        fma=row["fma_id"],
        watertight=row["watertight"] == "True",
        vertices=vertices,
        faces=faces,
    )


def signed_volume_mm3(vertices: npt.NDArray[np.float64], faces: npt.NDArray[np.int64]) -> float:
    """The volume that the faces enclose, negative where they are turned inside out.

    Taken about the mean vertex, so that an open mesh far from the soles does not get a volume from its gaps.
    """
    a, b, c = np.moveaxis(vertices[faces] - vertices.mean(axis=0), 1, 0)
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)
