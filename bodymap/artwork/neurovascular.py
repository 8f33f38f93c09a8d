"""The courses of nerves and of the vertebral artery, as simplified centre lines, from the body's meshes.

`nerve_lines.json` holds the centre lines of nerves, each with a `use`; only those that may be used are taken. The
vertebral artery is a mesh of rings, whose middles are its centre line. What is stylised or lies in the wrong place
upstream is left out: the folder's README says which, and why.
"""

import csv
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, cast

import msgspec
import numpy as np
import numpy.typing as npt
import trimesh
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from bodymap.atlas.frames import FRAMES, SIZES
from bodymap.atlas.neurovascular import Course, CourseFile, CourseKind
from bodymap.atlas.vectors import Vector

LINES = "nerve_lines.json"
MANIFEST = "manifest.csv"
# Calibres are symbolic, so a distance is judged by a band around the centre line: as wide as the README says.
WIDE_BAND_MM, BAND_MM = 10.0, 5.0
# What a line may lose when it is simplified.
SIMPLIFIED_MM = 0.3
# The artery's tube is cut into pieces this long, longer than the way around a half of it.
_SLICE_MM = 6.0
# The lower edge of the page.
_PAGE_ENDS_MM = -FRAMES["anterior"].v0 - SIZES["anterior"][1]

PROVENANCE = (
    "Centre lines of the reference body's nerves (Z-Anatomy) and vertebral artery (BodyParts3D), cut to the page and "
    "simplified to 0.3 mm; only those whose course was found right. Distances are judged by bands around the centre "
    "line, since calibres are symbolic."
)
ABSENT = (
    "Every vessel but the vertebral artery between C6 and C1, the occipital nerves, the cervical plexus, the phrenic "
    "and the inferior gluteal nerve are not in the body. Left out since their course is not right there: the roots of "
    "the brachial plexus, the femoral nerve above the groin (Y 930 mm), the radial nerve's branches in the forearm, "
    "the musculocutaneous, long thoracic, thoracodorsal, obturator, pudendal, intercostal and cutaneous nerves."
)

_Points = npt.NDArray[np.float64]


class _Taken(NamedTuple):
    """One course: the entries of the lines' file that it is made of, by which name of their lines, and what of them."""

    id: str
    entries: tuple[str, ...]
    source: str
    band_mm: float = BAND_MM
    highest_mm: float = float("inf")
    line: str = ""
    arm: bool = False


_NERVES = "Z-Anatomy, peripheral nerves"
_TAKEN = (
    _Taken(
        "brachial-plexus",
        ("brachial_plexus_trunks", "brachial_plexus_divisions_and_cords"),
        f"{_NERVES}: trunks, divisions and posterior cord; the lateral and medial cords do not exist there",
        WIDE_BAND_MM,
    ),
    _Taken("dorsal-scapular-nerve", ("dorsal_scapular_nerve",), _NERVES),
    _Taken("suprascapular-nerve", ("suprascapular_nerve",), _NERVES),
    _Taken("axillary-nerve", ("axillary_nerve",), f"{_NERVES}, with its branch to deltoid"),
    _Taken(
        "radial-nerve",
        ("radial_nerve",),
        f"{_NERVES}, down to the elbow; it leaves the humerus 107 mm above the lateral epicondyle",
        line="Radial nerve",
        arm=True,
    ),
    _Taken("median-nerve", ("median_nerve",), _NERVES, arm=True),
    _Taken("ulnar-nerve", ("ulnar_nerve",), _NERVES, arm=True),
    _Taken("superior-gluteal-nerve", ("superior_gluteal_nerve",), _NERVES),
    _Taken(
        "sciatic-nerve",
        ("sciatic_nerve_by_landmarks",),
        f"{_NERVES} down to its exit below piriformis (Y 880 mm); from there constructed by landmarks, 5.8/12.0 of the "
        "way from the ischial tuberosity to the greater trochanter (Clin Anat 2015;28:144), 4 mm behind quadratus "
        "femoris, joined to the model's course at Y 640 mm; not measured on the body",
        WIDE_BAND_MM,
    ),
    _Taken("femoral-nerve", ("femoral_nerve",), f"{_NERVES}, from the groin (Y 930 mm) down", highest_mm=930.0),
)
_ARTERY = _Taken(
    "vertebral-artery",
    ("vertebral_artery",),
    "BodyParts3D FMA3958 and FMA4066, C6 to the foramen magnum, carried into this frame by the fits of C6 to C1",
    WIDE_BAND_MM,
)


def read_courses(vessels: Path) -> tuple[Course, ...]:
    """Every course that may be named, left before right. `vessels` is the folder of the lines and of the artery's mesh.

    Raises `ValueError` where an entry is missing, or may not be used.
    """
    entries: dict[str, Any] = msgspec.json.decode((vessels / LINES).read_bytes())
    return tuple(
        Course(
            id=taken.id,
            kind=kind,
            side=side,
            band_mm=taken.band_mm,
            arm=taken.arm,
            constructed=constructed,
            source=taken.source,
            lines=tuple(_simplified(piece) for line in lines for piece in _cut(line, taken.highest_mm)),
        )
        for side in ("left", "right")
        for taken, kind, constructed, lines in _all(vessels, entries, side)
    )


def encode(courses: Sequence[Course]) -> bytes:
    """The bytes of the atlas's `neurovascular.json`; equal courses give equal bytes."""
    file = CourseFile(unit="mm", provenance=PROVENANCE, absent=ABSENT, courses=tuple(courses))
    return msgspec.json.encode(file, order="deterministic") + b"\n"


def sources_of(vessels: Path) -> list[Path]:
    """The files that the courses are made from."""
    return [vessels / LINES, *(_artery_mesh(vessels, side) for side in ("left", "right"))]


def _all(vessels: Path, entries: dict[str, Any], side: str) -> Iterator[tuple[_Taken, CourseKind, bool, list[_Points]]]:
    for taken in _TAKEN:
        found = [_entry(entries, f"{name}__{side}") for name in taken.entries]
        lines = [
            np.array(line["points"], dtype=np.float64)
            for entry in found
            for line in entry["lines"]
            if line["source"].startswith(taken.line)
        ]
        yield taken, "nerve", any(entry.get("constructed", False) for entry in found), lines
    yield _ARTERY, "vessel", False, [_middles(_artery_mesh(vessels, side))]


def _entry(entries: dict[str, Any], key: str) -> dict[str, Any]:
    entry: dict[str, Any] | None = entries.get(key)
    if entry is None or entry["use"] != "use":
        raise ValueError(f"{LINES}: {key} is not there, or may not be used")
    return entry


def _artery_mesh(vessels: Path, side: str) -> Path:
    key = f"{_ARTERY.entries[0]}__{side}"
    with (vessels / MANIFEST).open(encoding="utf-8", newline="") as file:
        if key not in {row["key"] for row in csv.DictReader(file)}:
            raise ValueError(f"{MANIFEST}: there is no {key}")
    return vessels / f"{key}.ply"


def _middles(path: Path) -> _Points:
    """The centre line of a tube: the middles of its corners by how far along the tube they lie from its lower end."""
    tube = cast(trimesh.Trimesh, trimesh.load(path, process=True, force="mesh"))
    corners = np.array(tube.vertices, dtype=np.float64)
    edges, lengths = tube.edges_unique, tube.edges_unique_length
    graph = csr_matrix((lengths, (edges[:, 0], edges[:, 1])), shape=(len(corners), len(corners)))
    along = dijkstra(graph, directed=False, indices=[int(corners[:, 1].argmin())])[0]
    places = (along / _SLICE_MM).astype(np.int64)
    middles: _Points = np.array([corners[places == place].mean(axis=0) for place in np.unique(places)])
    return middles


def _cut(line: _Points, highest_mm: float) -> Iterator[_Points]:
    """The pieces of a line between the page's lower edge and a height, cut where they cross these."""
    piece: list[_Points] = []
    for start, end in pairwise(line):
        low, high = 0.0, 1.0
        rise = end[1] - start[1]
        for limit, above in ((_PAGE_ENDS_MM, True), (highest_mm, False)):
            inside = [(point[1] >= limit) == above or point[1] == limit for point in (start, end)]
            if not any(inside):
                low, high = 1.0, 0.0
            elif not all(inside):
                at = (limit - start[1]) / rise
                low, high = (max(low, at), high) if inside[1] else (low, min(high, at))
        if low >= high:
            continue
        first, last = start + low * (end - start), start + high * (end - start)
        if not piece or not np.allclose(piece[-1], first):
            if len(piece) > 1:
                yield np.array(piece)
            piece = [first]
        piece.append(last)
    if len(piece) > 1:
        yield np.array(piece)


def _simplified(line: _Points) -> tuple[Vector, ...]:
    """The line with the fewest of its corners that keeps within `SIMPLIFIED_MM` of all, to a tenth of a millimetre."""
    kept = [0, *_kept(line, 0, len(line) - 1), len(line) - 1]
    return tuple((round(x, 1) + 0.0, round(y, 1) + 0.0, round(z, 1) + 0.0) for x, y, z in line[kept].tolist())


def _kept(line: _Points, first: int, last: int) -> list[int]:
    if last - first < 2:
        return []
    way = line[last] - line[first]
    inner = line[first + 1 : last] - line[first]
    shares = np.clip(inner @ way / max(float(way @ way), 1e-9), 0.0, 1.0)
    off = np.linalg.norm(inner - shares[:, None] * way, axis=1)
    farthest = int(off.argmax()) + first + 1
    if off.max() <= SIMPLIFIED_MM:
        return []
    return [*_kept(line, first, farthest), farthest, *_kept(line, farthest, last)]
