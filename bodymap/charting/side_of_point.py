"""Whose side a point on a view is: the patient's left or right, or the midline; and whether a stated side agrees."""

from bodymap.atlas import Atlas, side_of
from bodymap.atlas.body import Hit
from bodymap.atlas.frames import mirror, on_midline, to_body
from bodymap.atlas.manifest import Region
from bodymap.atlas.manifest import Side as AtlasSide
from bodymap.charting.vocabulary import PerimeterSide, Side, ViewId
from bodymap.errors import Complaint

Xy = tuple[float, float]

# On an unpaired structure the stated side is compared with the point itself, give or take the width of a fingertip.
_FINGERTIP_MM = 10.0


def side_of_point(view: ViewId, at: Xy, hit: Hit) -> Side:
    """The side of a point: none on the midline, else that of what the point means, else the body half that it is on."""
    if on_midline(view, at[0]):
        return "midline"
    if hit.structure is not None and (view in ("posterior", "anterior") or hit.side != "midline"):
        return hit.side
    return side_of(view, *at)


def side_among(view: ViewId, at: Xy, side_there: Side, under: set[AtlasSide]) -> Side:
    """The side of a stated region under a point, where none was stated: the point's, if the region is there on it."""
    if side_there in under or on_midline(view, at[0]):
        return side_there
    half = side_of(view, *at)
    return half if half in under else min(under)


def side_agrees(
    view: ViewId, at: Xy, hit: Hit, region: Region | None, under: set[AtlasSide], side: PerimeterSide | None
) -> bool:
    """Whether a stated side is that of the stated region under the point, else that of the point itself; on the midline
    each is."""
    if side is None or side == "both" or on_midline(view, at[0]):
        return True
    if region is not None and (under or side == "midline"):
        return side in under
    if hit.structure is None or hit.side != "midline":
        return side == side_of_point(view, at, hit)
    if side == "midline" or view in ("left", "right"):
        return side in ("midline", view)
    across, _ = to_body(view, *at)
    return across >= -_FINGERTIP_MM if side == "left" else across <= _FINGERTIP_MM


def side_complaint(
    atlas: Atlas, view: ViewId, at: Xy, pointer: str, side: PerimeterSide | None, side_there: Side
) -> Complaint:
    """The complaint about a stated side, with what lies at the mirrored point."""
    other_view, x, y = mirror(view, *at)
    there = atlas.at(other_view, x, y)
    structure = there.structure.id if there and there.structure else None
    here = f"{in_words(at)} on {view}"
    if side == "midline":
        detail = f"What lies at {here} is paired: its side is left or right, not midline."
    else:
        half = side_there if side_there != "midline" else "left" if to_body(view, *at)[0] > 0 else "right"
        detail = (
            f"The point {here} lies on the patient's {half}, not {side}. "
            f"Its mirror image is at {in_words((x, y))} on {other_view}."
        )
    return Complaint(
        pointer,
        "side-disagrees",
        detail,
        mirrored_at=(round(x, 2), round(y, 2)),
        mirrored_view=other_view,
        mirrored_structure=structure,
        mirrored_region=there.region.id if there and there.region else None,
    )


def on_near_half(view: ViewId, side: AtlasSide) -> bool:
    """A side view looks along the body's width: what belongs to the far half is not under its points."""
    return view in ("posterior", "anterior") or side in (view, "midline")


def in_words(at: Xy) -> str:
    """A point as messages write it, such as `[302, 275]`."""
    return f"[{at[0]:g}, {at[1]:g}]"
