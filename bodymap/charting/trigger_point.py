"""Where a stated trigger point is: exactly one of a point, a landmark, a region or muscle and side, or words."""

from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.charting.needle_way import flags_with_way
from bodymap.charting.placement import Offset, Resolved, TriggerPoint
from bodymap.charting.resolution import Place, arm_of_point, resolve_further_muscles
from bodymap.charting.vocabulary import Side
from bodymap.charting.whole_muscles import place_at, place_without_point
from bodymap.errors import Complain, Complaint, Invalid

_WAYS = "a point (`view` and `at`), a `region` or `muscle` and `side`, a `landmark`, or a `site`"


def resolve_trigger_point(atlas: Atlas, point: TriggerPoint, pointer: str, complain: Complain) -> Place | None:
    """What the atlas finds where the point is stated to be; `None` where complaints were made about the place.

    Muscles in `also` that lie elsewhere are complained of, too.
    """
    place = _place(atlas, point, pointer, complain)
    if place is None:
        return None
    resolved = place.resolved
    also = resolve_further_muscles(atlas, point, resolved.view, resolved.at, resolved.side, pointer, complain)
    own = {flag.code for flag in place.flags}
    flags = place.flags + tuple(flag for flag in also if flag.certainty != "possible" or flag.code not in own)
    if resolved.view is not None and resolved.at is not None:
        region = atlas.region(resolved.region) if resolved.region is not None else None
        arm = arm_of_point(atlas, resolved.view, resolved.at, region)
        flags = flags_with_way(atlas, point, resolved.view, resolved.at, arm, resolved.side, flags)
    return structs.replace(place, flags=flags)


def _place(atlas: Atlas, point: TriggerPoint, pointer: str, complain: Complain) -> Place | None:
    ways = [name for name in ("at", "landmark", "site") if getattr(point, name) is not None]
    if len(ways) > 1:
        for name in ways[1:]:
            detail = f"A placement has one place: `{ways[0]}` goes without `{name}`."
            complain(Complaint(f"{pointer}/{name}", "two-places", detail))
        return None
    if point.landmark is not None or point.offset_mm is not None:
        return _place_by_landmark(atlas, point, pointer, complain)
    if point.site is not None:
        for name in ("view", "region", "muscle"):
            if getattr(point, name) is not None:
                detail = f"A placement has one place: a `site` in words goes without `{name}`."
                complain(Complaint(f"{pointer}/{name}", "two-places", detail))
        return Place(resolved=_nowhere(point.side))
    if point.at is not None:
        if point.view is None:
            complain(Complaint(f"{pointer}/view", "missing-field", "A point needs the `view` that it is on."))
            return None
        return place_at(
            atlas,
            point,
            point.view,
            point.at,
            point.side,
            pointer=pointer,
            at_pointer=f"{pointer}/at",
            complain=complain,
        )
    if point.region is not None or point.muscle is not None:
        return place_without_point(atlas, point, point.side, pointer, complain)
    missing = f"{pointer}/at" if point.view is not None else pointer
    complain(Complaint(missing, "no-place", f"Where? State {_WAYS}."))
    return None


def _place_by_landmark(atlas: Atlas, point: TriggerPoint, pointer: str, complain: Complain) -> Place | None:
    if point.landmark is None:
        complain(Complaint(f"{pointer}/landmark", "missing-field", "`offset_mm` is counted from a `landmark`."))
        return None
    offset = point.offset_mm or Offset()
    try:
        placed = atlas.landmarks.place(
            point.landmark,
            point.side,
            lateral_mm=offset.lateral,
            medial_mm=offset.medial,
            cranial_mm=offset.cranial,
            caudal_mm=offset.caudal,
            view=point.view,
            pointer=pointer,
        )
    except Invalid as error:
        for complaint in error.complaints:
            complain(complaint)
        return None
    at = (placed.x, placed.y)
    # The offset decided the side already: what lies there may cross the midline by a millimetre.
    place = place_at(
        atlas,
        point,
        placed.view,
        at,
        point.side,
        pointer=pointer,
        at_pointer=f"{pointer}/{'offset_mm' if point.offset_mm else 'landmark'}",
        complain=complain,
    )
    if place is None:
        return None
    text = atlas.landmarks.measure(point.landmark, placed.view, *at, point.side).text
    return structs.replace(place, resolved=structs.replace(place.resolved, landmark=text))


def _nowhere(side: Side | None) -> Resolved:
    return Resolved(
        region=None,
        structure=None,
        side=side,
        layer=None,
        muscle=None,
        inferred=False,
        view=None,
        at=None,
        beneath=(),
        landmark=None,
    )
