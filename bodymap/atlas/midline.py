"""The structures under a point with their sides: on the midline a paired structure counts once, as of neither half."""

from collections.abc import Iterable
from typing import NamedTuple

from bodymap.atlas.body import Layered
from bodymap.atlas.manifest import Region, Side, Structure


class Met(NamedTuple):
    """One structure under a point, with the `side` that is answered of it. Millimetres are counted as in `Layered`;
    `thickness_mm` leaves out what lies between two passages through it."""

    structure: Structure
    region: Region | None
    side: Side
    enters_mm: float
    leaves_mm: float
    thickness_mm: float
    in_cavity: bool
    from_skin: bool
    grazed: bool


def met(way: Iterable[Layered], midline: bool) -> tuple[Met, ...]:
    """What a point has under it, outermost first: each passage, or on the midline each paired structure once."""
    structures: list[Met] = []
    places: dict[str, int] = {}
    for structure, region, enters_mm, leaves_mm, in_cavity, from_skin, grazed in way:
        side: Side = "midline" if midline else structure.side
        thickness_mm = leaves_mm - enters_mm
        passage = Met(structure, region, side, enters_mm, leaves_mm, thickness_mm, in_cavity, from_skin, grazed)
        place = places.get(structure.id) if midline and structure.side != "midline" else None
        if place is None:
            places[structure.id] = len(structures)
            structures.append(passage)
        else:
            structures[place] = _joined(structures[place], passage)
    return tuple(structures)


def _joined(outer: Met, inner: Met) -> Met:
    """Two passages through one structure as one; the inner one begins no farther out than the outer one."""
    further = max(inner.leaves_mm - max(inner.enters_mm, outer.leaves_mm), 0.0)
    return outer._replace(
        leaves_mm=max(outer.leaves_mm, inner.leaves_mm),
        thickness_mm=outer.thickness_mm + further,
        grazed=outer.grazed and inner.grazed,
    )
