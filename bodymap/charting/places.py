"""What trigger points and perimeters have in common about where they are."""

from bodymap.atlas import Atlas
from bodymap.charting.perimeter_line import Xy
from bodymap.charting.placement import Flag, Statement
from bodymap.charting.resolution import Complain, Place, agrees, find_region, resolve_region
from bodymap.charting.vocabulary import PerimeterSide, ViewId
from bodymap.errors import Complaint


def place_of_region(
    atlas: Atlas, statement: Statement, side: PerimeterSide | None, pointer: str, complain: Complain
) -> Place | None:
    """The place of a statement that names region and side and no point; `None` where complaints were made."""
    region = find_region(atlas, statement.region or "", f"{pointer}/region", complain)
    if side is None:
        detail = "A region is on both sides of the body: state whose `side`, the patient's left or right."
        complain(Complaint(f"{pointer}/side", "side-missing", detail))
    if region is None or side is None:
        return None
    sides = {extent.side for extents in region.extents.values() for extent in extents}
    if side != "both" and side not in sides:
        detail = (
            f"Without a point {region.names.en} is meant on one side of the body: {' or '.join(sorted(sides))}, not "
            f"{side}. The midline needs a point, a landmark or a site."
        )
        complain(Complaint(f"{pointer}/side", "side-disagrees", detail))
        return None
    if statement.view is not None and statement.view not in region.layers:
        views = ", ".join(f"`{view}`" for view in region.layers)
        detail = f"{region.names.en} is not shown on {statement.view}; it is on {views}."
        complain(Complaint(f"{pointer}/view", "not-shown", detail, suggestions=tuple(region.layers)))
        return None
    return resolve_region(atlas, region, side, statement.view)


def flags_of_also(
    atlas: Atlas,
    statement: Statement,
    view: ViewId | None,
    at: Xy | None,
    side: PerimeterSide | None,
    pointer: str,
    complain: Complain,
) -> tuple[Flag, ...]:
    """The flags of the further muscles treated through the same insertion, and complaints about them."""
    flags: list[Flag] = []
    for index, name in enumerate(statement.also):
        region = find_region(atlas, name, f"{pointer}/also/{index}", complain)
        if region is not None and at is not None and view is not None:
            flags.extend(agrees(atlas, view, at, region, side, f"{pointer}/also/{index}", complain))
    return tuple(flags)
