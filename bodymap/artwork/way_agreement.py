"""How far probes and needle paths agree with exact rays through the meshes.

Passages of 2 mm or more are compared; of a structure's passages, two with less than 2 mm between them count as one.
Finer than that the depth data are not. The open sheet of the thoracolumbar fascia has no inside and is left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from bodymap.artwork.exact_rays import ExactRays, Passage
from bodymap.atlas.body import Atlas
from bodymap.atlas.frames import SIZES, to_body
from bodymap.atlas.manifest import VIEWS, Arm, Kind, Side, ViewId
from bodymap.atlas.needle_entry_point import Entry, entry_at, inclined
from bodymap.atlas.needle_path import REACH_MM, trace
from bodymap.atlas.ray_grid import ALONG, AXIS
from bodymap.atlas.vectors import Vector

RESOLVED_MM = 2.0
# What the check asks of ways: so many within this error.
WAY_ERROR_MM = 2.0
WAYS = 0.95

_KINDS: frozenset[Kind] = frozenset({"muscle", "bone", "organ"})
_DIRECTIONS = ("medial", "lateral", "cranial", "caudal", "anterior", "posterior", "craniomedial", "caudolateral")
_LENGTHS_MM = (30.0, 60.0, 90.0)
_STEEPEST_DEG = 60.0
# A passage that begins this far before the skin stands before it, as another limb.
_BEFORE_MM = 5.0
# The least that a passage may be to be the outermost, as for the needle path.
_TOUCH_MM = 0.3


@dataclass(frozen=True)
class ProbeAgreement:
    """Probes of a view, along its axis: how many of the exact passages they have, at how many points they have all of
    them and no other, at how many all that they have comes in the exact order, and how far entries and thicknesses are
    off, in millimetres."""

    view: ViewId
    points: int
    found: float
    whole: float
    in_order: float
    entry_median_mm: float
    entry_95_mm: float
    thickness_95_mm: float

    def line(self) -> str:
        """A row of the check's table."""
        return (
            f"{self.view:30}{self.points:7}{self.found:12.1%}{self.whole:14.1%}{self.in_order:11.1%}"
            f"{self.entry_median_mm:13.2f} mm, {self.entry_95_mm:.2f} mm{self.thickness_95_mm:16.2f} mm"
        )


@dataclass(frozen=True)
class WayAgreement:
    """Needle paths at random, of which each meets something. The error of a way is its largest: of any passage's
    beginning or end, counted from the outermost structure; of a passage that only one of the two has, its length."""

    ways: int
    median_mm: float
    p90_mm: float
    p95_mm: float
    within: float
    passages: int
    missed: int
    invented: int
    boundary_95_mm: float

    def lines(self) -> Sequence[str]:
        """Rows of the check's table."""
        return (
            f"largest error of a way: median {self.median_mm:.2f} mm, 90% {self.p90_mm:.2f} mm, "
            f"95% {self.p95_mm:.2f} mm; {self.within:.1%} of {self.ways} ways within {WAY_ERROR_MM:g} mm",
            f"of a single beginning or end: 95% {self.boundary_95_mm:.2f} mm; "
            f"of {self.passages} passages {self.missed} missed, {self.invented} that are not there",
        )


def compare_probes(atlas: Atlas, rays: ExactRays, view: ViewId, points: int, seed: int = 2) -> ProbeAgreement:
    """Compare at `points` places on the body, taken at random from `seed`; side views without the arm."""
    numbers = _numbers(atlas)
    skip = _of_arm(atlas, atlas.arm(view, None))
    compared = _compared(atlas)
    random = np.random.default_rng(seed)
    entries: list[float] = []
    thicknesses: list[float] = []
    found = exact_ones = whole = in_order = done = 0
    while done < points:
        x, y = (float(share * size) for share, size in zip(random.random(2), SIZES[view], strict=True))
        if atlas.at(view, x, y) is None:
            continue
        done += 1
        across, up = to_body(view, x, y)
        start: Vector = (across, up, 0.0) if AXIS[view] == "z" else (0.0, up, across)
        sight = 1.0 if ALONG[view] else -1.0
        exact = rays.along(start, (0.0, 0.0, sight) if AXIS[view] == "z" else (sight, 0.0, 0.0), skip)
        probed = [
            Passage(numbers[structure.id, structure.side], way.low_mm, way.high_mm)
            for way in atlas.way(view, x, y)
            if (structure := atlas.structure(way)) is not None
        ]
        matched: list[tuple[Passage, Passage]] = []
        all_of_it = all(any(_meet(passage, other) for other in exact) for passage in _thick(_merged(probed), compared))
        for passage in _thick(_merged(exact), compared):
            exact_ones += 1
            same = [other for other in _merged(probed) if _meet(passage, other)]
            if same:
                found += 1
                nearest = min(same, key=lambda other: abs(other.enters_mm - passage.enters_mm))
                matched.append((passage, nearest))
                entries.append(abs(nearest.enters_mm - passage.enters_mm))
                thick = nearest.leaves_mm - nearest.enters_mm
                thicknesses.append(abs(thick - (passage.leaves_mm - passage.enters_mm)))
            else:
                all_of_it = False
        whole += all_of_it
        in_order += all(
            first[1].enters_mm <= second[1].enters_mm + RESOLVED_MM
            for place, first in enumerate(matched)
            for second in matched[place + 1 :]
        )
    return ProbeAgreement(
        view,
        points,
        found / exact_ones,
        whole / points,
        in_order / points,
        float(np.median(entries)),
        float(np.quantile(entries, 0.95)),
        float(np.quantile(thicknesses, 0.95)),
    )


def compare_ways(atlas: Atlas, rays: ExactRays, ways: int, seed: int = 3) -> WayAgreement:
    """Compare `ways` needle paths over all views, up to 60 degrees from the skin's normal, 30 to 90 mm long."""
    random = np.random.default_rng(seed)
    compared = _compared(atlas)
    numbers = _numbers(atlas)
    worst: list[float] = []
    boundaries: list[float] = []
    passages = missed = invented = 0
    while len(worst) < ways:
        arm, entry, direction = _way(atlas, random)
        length_mm = float(random.choice(_LENGTHS_MM))
        if entry is None or direction is None:
            continue
        path = trace(atlas, entry.skin, direction, length_mm, arm)
        line = rays.along(entry.skin, direction, _of_arm(atlas, arm))
        met = [passage for passage in line if passage.leaves_mm > -_BEFORE_MM]
        origin = next((p.enters_mm for p in met if p.leaves_mm - p.enters_mm >= _TOUCH_MM), 0.0)
        end_mm = min(length_mm, path.stop.at_mm) if path.stop is not None else length_mm
        if not path.crossings:
            # Nothing was met before the way stopped, which is counted from the skin then.
            origin, end_mm = 0.0, path.stop.at_mm if path.stop is not None else REACH_MM
        traced = [
            Passage(numbers[crossing.structure.id, crossing.structure.side], crossing.begins_mm, crossing.ends_mm)
            for crossing in path.crossings
        ]
        exact = [
            Passage(p.number, p.enters_mm - origin, min(p.leaves_mm - origin, end_mm))
            for p in met
            if p.enters_mm - origin < end_mm
        ]
        errors: list[float] = []
        for passage in _thick(_merged(exact), compared):
            passages += 1
            same = [other for other in (*traced, *_merged(traced)) if _meet(passage, other)]
            if same:
                errors.append(min(abs(other.enters_mm - passage.enters_mm) for other in same))
                errors.append(min(abs(other.leaves_mm - passage.leaves_mm) for other in same))
            else:
                missed += 1
                errors.append(passage.leaves_mm - passage.enters_mm)
        for passage in _thick(traced, compared):
            if not any(_meet(passage, other) for other in exact):
                invented += 1
                errors.append(passage.leaves_mm - passage.enters_mm)
        if errors:
            worst.append(max(errors))
            boundaries += errors
    largest = np.array(worst)
    median, p90, p95 = (float(np.quantile(largest, share)) for share in (0.5, 0.9, 0.95))
    within = float((largest <= WAY_ERROR_MM).mean())
    boundary = float(np.quantile(boundaries, 0.95))
    return WayAgreement(ways, median, p90, p95, within, passages, missed, invented, boundary)


def _way(atlas: Atlas, random: np.random.Generator) -> tuple[Arm, Entry | None, Vector | None]:
    view = VIEWS[random.integers(len(VIEWS))]
    arm: Arm = "shown" if view in ("posterior", "anterior") or random.random() < 0.5 else "hidden"
    x, y = (float(share * size) for share, size in zip(random.random(2), SIZES[view], strict=True))
    direction = _DIRECTIONS[random.integers(len(_DIRECTIONS))]
    angle_deg = float(random.random()) * _STEEPEST_DEG
    hit = atlas.at(view, x, y, arm=arm)
    entry = entry_at(atlas, view, x, y, arm) if hit is not None else None
    if hit is None or entry is None:
        return arm, None, None
    return arm, entry, inclined(entry.normal, angle_deg, direction, hit.side)


def _numbers(atlas: Atlas) -> dict[tuple[str, Side], int]:
    return {(structure.id, structure.side): n for n, structure in enumerate(atlas.manifest.structures)}


def _of_arm(atlas: Atlas, arm: Arm) -> frozenset[int]:
    if arm == "shown":
        return frozenset()
    return frozenset(n for n, structure in enumerate(atlas.manifest.structures) if structure.arm)


def _compared(atlas: Atlas) -> frozenset[int]:
    return frozenset(n for n, structure in enumerate(atlas.manifest.structures) if structure.kind in _KINDS)


def _merged(passages: Iterable[Passage]) -> list[Passage]:
    """The passages of each structure, those that lie nearer than the data resolve as one; by where they begin."""
    merged: list[Passage] = []
    for passage in sorted(passages):
        last = merged[-1] if merged else None
        if last and last.number == passage.number and passage.enters_mm - last.leaves_mm < RESOLVED_MM:
            merged[-1] = last._replace(leaves_mm=max(last.leaves_mm, passage.leaves_mm))
        else:
            merged.append(passage)
    return sorted(merged, key=lambda passage: passage[1:])


def _thick(passages: Iterable[Passage], compared: frozenset[int]) -> list[Passage]:
    return [p for p in passages if p.number in compared and p.leaves_mm - p.enters_mm >= RESOLVED_MM]


def _meet(one: Passage, other: Passage) -> bool:
    return one.number == other.number and one.enters_mm < other.leaves_mm and other.enters_mm < one.leaves_mm
