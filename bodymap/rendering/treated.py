"""Which muscles of a view were treated, how each is to be shown, and on which layer most of them are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import LAYERS, LayerId, Region, Side, ViewId
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement
from bodymap.charting.vocabulary import PlacementStatus
from bodymap.rendering.regions import RegionSide, find_region, regions_of, sides_of

Where = Literal["drawn", "covered", "below", "above"]
How = Literal["point", "region", "gone"]

OFF_LAYER = ("below", "above")
# A muscle of which less can be seen on its own layer is shown as its whole outline.
_SEEN = 0.6
_FURTHEST_FIRST: tuple[PlacementStatus, ...] = ("done", "planned", "not-done")


@dataclass(frozen=True)
class Treated:
    """One side of a region that placements on a view went into. `where` compares it with what is drawn: seen on the
    drawn layer, mostly covered by others of that layer, on a layer below, or on one above that is removed. `how` is
    "region" where any placement does not say where in it the needle went, else "point"; "gone" is a comparison's.
    `status` is that of the placement that went furthest."""

    region: str
    side: Side
    where: Where
    layer: LayerId | None
    how: How
    status: PlacementStatus = "done"


def commonest_layer(atlas: Atlas, view: ViewId, placements: Sequence[RecordedPlacement]) -> LayerId:
    """The layer of a view that most treated muscles are in, of two with as many the outer one; the outermost where
    there is none. What was not done counts only where nothing else is there, a line only without trigger points."""
    there = atlas.view(view).layers
    undone = [p for p in placements if p.status != "not-done"] or placements
    telling = [p for p in undone if not is_line(p)] or undone
    regions = {region.id: region for placement in telling for region in regions_of(atlas, placement)}
    layers = [region.layers[view] for region in regions.values() if view in region.layers]
    return max(there, key=lambda layer: (layers.count(layer), -LAYERS.index(layer)))


def treated_on(
    atlas: Atlas, view: ViewId, drawn: LayerId, placements: Sequence[RecordedPlacement], pointless: Collection[int]
) -> tuple[Treated, ...]:
    """The muscles that placements on a view went into, with one layer drawn. `pointless` are the numbers of those of
    which nobody said where in the muscle. What the needles of a line went through is none: a line tints the area that
    it surrounds."""
    found: dict[RegionSide, list[tuple[Region, RecordedPlacement]]] = {}
    for placement in placements:
        if is_line(placement):
            continue
        ids = (*(region.id for region in regions_of(atlas, placement)), *placement.also)
        regions = [region for region in (find_region(atlas, name) for name in ids) if region is not None]
        for region in regions:
            for side in sides_of(placement):
                found.setdefault((region.id, side), []).append((region, placement))
    treated: list[Treated] = []
    for (name, side), entries in found.items():
        region = entries[0][0]
        how: How = "region" if any(placement.number in pointless for _, placement in entries) else "point"
        status = min((placement.status for _, placement in entries), key=_FURTHEST_FIRST.index)
        treated.append(Treated(name, side, _where(region, side, view, drawn), region.layers.get(view), how, status))
    return tuple(treated)


def is_line(placement: RecordedPlacement) -> bool:
    """Whether a placement is a line of needles that has a place of its own."""
    return isinstance(placement, RecordedPerimeter) and (placement.ring is not None or placement.outline is not None)


def _where(region: Region, side: Side, view: ViewId, drawn: LayerId) -> Where:
    layer = region.layers.get(view)
    depth = len(LAYERS) if layer is None else LAYERS.index(layer)
    if depth != LAYERS.index(drawn):
        return "below" if depth > LAYERS.index(drawn) else "above"
    extent = next((extent for extent in region.extents.get(view, ()) if extent.side == side), None)
    return "covered" if extent and extent.visible_mm2 < _SEEN * extent.silhouette_mm2 else "drawn"
