"""How much of the body the flags cover, and what random needles meet: whether flags are believed, and whether any lack.

For maintainers. A flag that is everywhere is not read any more, and a needle without its flag is not warned of. So: the
share of each view and of each region that each flag covers; and of random ways how many meet what a flag is about, how
many of these a placement flags as on the way, and how many begin at a point that has the flag by itself.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import dist
from random import Random
from typing import get_args

from bodymap.atlas import Atlas
from bodymap.atlas.frames import SIZES
from bodymap.atlas.manifest import VIEWS, Arm, Region, Side, ViewId
from bodymap.atlas.needle_entry_point import entry_at, inclined
from bodymap.atlas.needle_path import trace
from bodymap.atlas.neurovascular import Course
from bodymap.atlas.vectors import Vector, along
from bodymap.charting.flags import CATALOGUE
from bodymap.charting.needle_way import flags_with_way
from bodymap.charting.place_flags import flags_at, flags_of_region, views_of
from bodymap.charting.placement import TriggerPoint
from bodymap.charting.vocabulary import Direction

_PITCH_MM = 10.0
_STEEPEST_DEG = 60.0
_DEPTHS_MM = (30.0, 60.0, 90.0)
# Where a way is compared with a course point by point, apart from the reckoning that flags it.
_STEP_MM = 1.0

Codes = frozenset[str]
_Point = tuple[ViewId, Arm, float, float]


@dataclass(frozen=True)
class Ways:
    """Random ways by flag: how many meet what it is about, of these how many a placement has on the way, and how many
    begin at a point that has the flag whatever the way. `missed` are the ways without a flag, in words."""

    ways: int
    met: Mapping[str, int]
    on_the_way: Mapping[str, int]
    at_the_point: Mapping[str, int]
    missed: tuple[str, ...]


def coverage_lines(atlas: Atlas) -> Iterator[str]:
    """The share of each view and of each region that each flag covers, as rows of a table.

    Every layer of a view shows the same body, so a view stands for its plates. A region's share is that of its
    silhouette on the view that shows it best; `possible` marks what it has without a point.
    """
    found = {(view, arm): _codes_on(atlas, view, arm) for view in VIEWS for arm in atlas.view(view).arms}
    columns = [f"{view}, arm" if arm == "shown" and view in ("left", "right") else view for view, arm in found]
    yield f"{'flag, share of the plates of':34}" + "".join(f"{name:>12}" for name in columns)
    for kind in CATALOGUE:
        shares = [_share(codes.values(), kind.code) for codes in found.values()]
        if any(shares):
            yield f"{kind.code:34}" + "".join(f"{share:12.1%}" for share in shares)
    yield ""
    yield "region, share of it by flag (* possible without a point)"
    for region in atlas.regions:
        view = views_of(atlas, region)[0]
        side: Side = "right" if view == "right" else "left"
        outline = atlas.silhouette(region.id, side, view)
        arm = _arm_of(atlas, region, view)
        inside = [codes for (x, y), codes in found[view, arm].items() if outline is not None and outline.contains(x, y)]
        possible = {flag.code for flag in flags_of_region(atlas, region, side)}
        told = [
            f"{kind.code}{'*' if kind.code in possible else ''} {share:.0%}"
            for kind in CATALOGUE
            if (share := _share(inside, kind.code)) or kind.code in possible
        ]
        yield f"{region.id:34}{', '.join(told) or '-'}"


def follow_ways(atlas: Atlas, ways: int, seed: int = 5) -> Ways:
    """So many needles at random over all views, up to 60 degrees from the skin's normal and 30 to 90 mm deep."""
    random = Random(seed)
    met, on_the_way, at_the_point = Counter[str](), Counter[str](), Counter[str]()
    missed: list[str] = []
    done = 0
    while done < ways:
        point, statement = _drawn(atlas, random)
        way = _followed(atlas, point, statement)
        if way is None:
            continue
        done += 1
        view, arm, x, y = point
        hit = atlas.at(view, x, y, arm=arm)
        side = hit.side if hit is not None else None
        bare = flags_at(atlas, view, (x, y), side, arm, (hit.region,) if hit is not None and hit.region else ())
        flags = flags_with_way(atlas, statement, view, (x, y), arm, side, bare)
        named = {flag.code for flag in flags if flag.certainty == "on-the-way"}
        for code in way:
            met[code] += 1
            on_the_way[code] += code in named
            at_the_point[code] += code in {flag.code for flag in bare}
            if code not in named:
                lean = f"{statement.angle_from_normal_deg:g} degrees {statement.direction}"
                missed.append(f"{code} at {x:.1f}, {y:.1f} on {view}, {lean}, {statement.depth_mm:g} mm")
    return Ways(ways, met, on_the_way, at_the_point, tuple(missed))


def way_lines(found: Ways) -> Iterator[str]:
    """Rows of a table of what random ways meet."""
    head = f"{found.ways} random ways, of which meet"
    yield f"{head:34}{'ways':>8}{'flagged':>10}{'without':>10}{'begin at a point with it':>27}"
    for kind in CATALOGUE:
        if met := found.met.get(kind.code, 0):
            flagged = found.on_the_way[kind.code]
            yield f"{kind.code:34}{met:8}{flagged:10}{met - flagged:10}{found.at_the_point[kind.code]:27}"


def _codes_on(atlas: Atlas, view: ViewId, arm: Arm) -> dict[tuple[float, float], Codes]:
    """The flags of the points of a grid over the body."""
    width, height = SIZES[view]
    places = (
        ((column + 0.5) * _PITCH_MM, (row + 0.5) * _PITCH_MM)
        for row in range(int(height / _PITCH_MM))
        for column in range(int(width / _PITCH_MM))
    )
    return {
        at: frozenset(flag.code for flag in flags_at(atlas, view, at, None, arm))
        for at in places
        if atlas.at(view, *at, arm=arm) is not None
    }


def _share(points: Collection[Codes], code: str) -> float:
    return sum(code in codes for codes in points) / len(points) if points else 0.0


def _arm_of(atlas: Atlas, region: Region, view: ViewId) -> Arm:
    of_arm = any(structure.arm and structure.id == region.id for structure in atlas.manifest.structures)
    return atlas.arm(view, "shown" if of_arm else None)


def _drawn(atlas: Atlas, random: Random) -> tuple[_Point, TriggerPoint]:
    view = random.choice(VIEWS)
    arm = random.choice(atlas.view(view).arms)
    width, height = SIZES[view]
    statement = TriggerPoint(
        angle_from_normal_deg=round(random.random() * _STEEPEST_DEG, 1),
        direction=random.choice(get_args(Direction)),
        depth_mm=random.choice(_DEPTHS_MM),
    )
    return (view, arm, random.random() * width, random.random() * height), statement


def _followed(atlas: Atlas, point: _Point, statement: TriggerPoint) -> set[str] | None:
    """The flags whose structures a way goes into, or whose courses it comes near; `None` where there is no such way."""
    view, arm, x, y = point
    hit = atlas.at(view, x, y, arm=arm)
    entry = entry_at(atlas, view, x, y, arm) if hit is not None else None
    way = (
        inclined(entry.normal, statement.angle_from_normal_deg or 0.0, statement.direction, hit.side)
        if hit is not None and entry is not None
        else None
    )
    if entry is None or way is None:
        return None
    path = trace(atlas, entry.skin, way, statement.depth_mm or 0.0, arm, neighbours=False)
    crossed = {crossing.structure.id for crossing in path.crossings}
    met = {kind.code for kind in CATALOGUE if kind.met & crossed}
    if path.origin_mm is None:
        return met
    end_mm = path.origin_mm + (statement.depth_mm or 0.0)
    if path.stop is not None:
        end_mm = min(end_mm, path.origin_mm + path.stop.at_mm)
    steps = int((end_mm - path.origin_mm) / _STEP_MM) + 1
    places = [along(entry.skin, way, path.origin_mm + step * _STEP_MM) for step in range(steps)]
    for course in atlas.neurovascular.courses:
        if not (course.arm and arm == "hidden") and _comes_near(places, course):
            met |= {kind.code for kind in CATALOGUE if kind.course == course.id}
    return met


def _comes_near(places: Sequence[Vector], course: Course) -> bool:
    """Whether a point of a way is within a course's band of one of its corners: fewer than are near, and none more."""
    return any(dist(place, corner) <= course.band_mm for line in course.lines for corner in line for place in places)
