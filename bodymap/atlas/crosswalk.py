"""From one atlas version to another: what became of its regions and its points, and what cannot be mapped, in words.

A version that follows another may ship `crosswalk.json`, which says what became of each region whose id did not simply
stay. Nothing is guessed: a region with an equal id and no entry is unchanged, one without either is gone. A point is
the same place of the reference body, moved only as far as the view's frame was.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from bodymap.atlas.body import Atlas, Hit
from bodymap.atlas.editions import Atlases
from bodymap.atlas.manifest import Arm, Side, View, ViewId
from bodymap.atlas.outlines import Point
from bodymap.errors import Complaint, Corrupt, Invalid

FILE = "crosswalk.json"

RegionChange = Literal["same", "renamed", "split", "merged", "gone"]
ViewChange = Literal["same", "moved", "gone"]


class CrosswalkFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}):
    """`crosswalk.json` of an atlas: the version before it, and what became of those of its regions that changed.

    `regions` gives for an old id the new ids, none where the region is gone. `same_body` is false where the version is
    drawn on another reference body, so that no point of the old one means anything on it.
    """

    from_: str
    regions: dict[str, tuple[str, ...]] = {}
    same_body: bool = True


class MappedRegion(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a region: `split` has several in `to`, `gone` none; `merged` shares its one with others."""

    id: Annotated[str, Meta(description="The region's id on the first version.")]
    change: Annotated[RegionChange, Meta(description="What became of it.")]
    to: Annotated[
        tuple[str, ...],
        Meta(description="Its ids on the second version: several after a split, none where it is gone."),
    ]


class MappedView(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a view: `offset_mm` is added to a point on it, and is null where its points mean nothing now."""

    id: Annotated[ViewId, Meta(description="The view.")]
    change: Annotated[ViewChange, Meta(description="What became of it.")]
    offset_mm: Annotated[
        Point | None,
        Meta(description="Added to its points, `[x, y]` in millimetres; null where they mean nothing now."),
    ]


class Unmapped(msgspec.Struct, frozen=True, kw_only=True):
    """Something that cannot be mapped: a region or a view, and why, for a person."""

    kind: Annotated[Literal["region", "view"], Meta(description="Whether it is a region or a view.")]
    id: Annotated[str, Meta(description="The id of the region or view.")]
    detail: Annotated[str, Meta(description="Why it cannot be mapped, for a person.")]


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """The meaning of a point on one version. `region` is null if the structure is no region, `structure` on bare
    skin."""

    at: Annotated[
        Point, Meta(description="The point `[x, y]` in the view's millimetres: x to the viewer's right, y down.")
    ]
    region: Annotated[str | None, Meta(description="The region's id; null where the structure is no region.")]
    structure: Annotated[str | None, Meta(description="The structure's id; null on bare skin.")]
    side: Annotated[Side | None, Meta(description="The patient's side.")]


class MappedPoint(msgspec.Struct, frozen=True, kw_only=True):
    """A point on both versions. `after` is null if it cannot be mapped or lies off the body now.

    `same`: the point means the same region or its successor, else the same structure, on the same side. `detail` says
    it in words.
    """

    view: Annotated[ViewId, Meta(description="The view.")]
    before: Found
    after: Found | None
    same: Annotated[bool, Meta(description="Whether the point means the same place on both versions.")]
    detail: Annotated[str, Meta(description="What became of it, in words.")]


class Crosswalk:
    """The mapping from the atlas `old` to `new`. Made by `crosswalk`."""

    def __init__(self, old: Atlas, new: Atlas, successors: Mapping[str, Iterable[str]], same_body: bool = True) -> None:
        """`successors` gives for every region of `old` what it became on `new`."""
        self.old = old
        self.new = new
        self.same_body = same_body
        self._to = {region.id: tuple(dict.fromkeys(successors.get(region.id, ()))) for region in old.regions}
        came_from: dict[str, list[str]] = {}
        for before, after in self._to.items():
            for region in after:
                came_from.setdefault(region, []).append(before)
        self.regions = tuple(_mapped(before, after, came_from) for before, after in self._to.items())
        self.added = tuple(region.id for region in new.regions if region.id not in came_from)
        views = {view.id: view for view in new.manifest.views}
        self.views = tuple(_mapped_view(view, views.get(view.id), same_body) for view in old.manifest.views)
        self._regions = {region.id: region for region in self.regions}
        self._views = {view.id: view for view in self.views}

    def region(self, region_id: str) -> MappedRegion:
        """What became of a region of the old version. Raises `UnknownRegion`."""
        return self._regions[self.old.region(region_id).id]

    def point(self, view: ViewId, at: Point) -> Point | None:
        """Where a point of the old version lies on the new; `None` if it cannot be mapped, or is off the page.

        Raises `UnknownView`.
        """
        offset = self._views[self.old.view(view).id].offset_mm
        if offset is None:
            return None
        # The frames' offsets are whole tenths; a sum of floats is not.
        x, y = round(at[0] + offset[0], 6), round(at[1] + offset[1], 6)
        _, _, width, height = self.new.view(view).viewbox
        return (x, y) if 0 <= x < width and 0 <= y < height else None

    def compare(self, view: ViewId, at: Point, arm: Arm | None = None) -> MappedPoint:
        """The meaning of a point on both versions. Raises `UnknownView`, and `Invalid` off the old body."""
        before = self.old.at(view, *at, arm=arm)
        if before is None:
            detail = f"The point [{at[0]:g}, {at[1]:g}] on {view} lies off the body of atlas {self.old.version}."
            raise Invalid([Complaint(name, "off-body", detail) for name in ("?x", "?y")])
        found = _found(at, before)
        moved = self.point(view, at)
        if moved is None:
            why = self.why_view(view) or f"The point lies off the page of atlas {self.new.version}."
            return MappedPoint(view=view, before=found, after=None, same=False, detail=why)
        after = self.new.at(view, *moved, arm=arm)
        if after is None:
            detail = f"The point lies off the body of atlas {self.new.version}."
            return MappedPoint(view=view, before=found, after=None, same=False, detail=detail)
        same = self._same(before, after)
        detail = f"{_words(before)} on atlas {self.old.version}, {_words(after)} on atlas {self.new.version}"
        detail += ": the same." if same else ": not the same."
        return MappedPoint(view=view, before=found, after=_found(moved, after), same=same, detail=detail)

    def why_region(self, region_id: str) -> str | None:
        """Why a region of the old version cannot be mapped by itself, in words; `None` where it can."""
        mapped, old, new = self.region(region_id), self.old.version, self.new.version
        if mapped.change == "gone":
            return f"{region_id} of atlas {old} has no successor on atlas {new}."
        if mapped.change == "split":
            return (
                f"{region_id} of atlas {old} is split on atlas {new}, into {' and '.join(mapped.to)}: "
                "a person must say which."
            )
        return None

    def why_view(self, view: ViewId) -> str | None:
        """Why the points of a view cannot be mapped, in words; `None` where they can."""
        old, new = self.old.version, self.new.version
        mapped = self._views[view]
        if mapped.change == "gone":
            return f"The view {view} of atlas {old} is gone on atlas {new}."
        if mapped.offset_mm is None:
            return (
                f"Atlas {new} is drawn on another reference body: a point on {view} of atlas {old} means nothing there."
            )
        return None

    @cached_property
    def unmapped(self) -> tuple[Unmapped, ...]:
        """Everything that cannot be mapped by itself, regions first."""
        regions = ((region.id, self.why_region(region.id)) for region in self.regions)
        views = ((view.id, self.why_view(view.id)) for view in self.views)
        return (
            *(Unmapped(kind="region", id=region, detail=why) for region, why in regions if why),
            *(Unmapped(kind="view", id=view, detail=why) for view, why in views if why),
        )

    def _same(self, before: Hit, after: Hit) -> bool:
        if before.side != after.side:
            return False
        if before.region is not None:
            return after.region is not None and after.region.id in self._to[before.region.id]
        return after.region is None and _id(before.structure) == _id(after.structure)


def crosswalk(atlases: Atlases, old: str, new: str) -> Crosswalk:
    """The mapping between two versions, over those in between; backwards, too. Raises `UnknownAtlas`, and `Corrupt` for
    a crosswalk that names an unknown region.

    If no chain of `crosswalk.json` joins the versions, regions are mapped by equal ids.
    """
    first, last = atlases.get(old), atlases.get(new)
    forth = _chain(atlases, first, last)
    if forth is not None:
        return Crosswalk(first, last, *forth)
    back = _chain(atlases, last, first)
    if back is None:
        return Crosswalk(first, last, _equal(first, last))
    turned: dict[str, list[str]] = {}
    for after, before in back[0].items():
        for region in before:
            turned.setdefault(region, []).append(after)
    return Crosswalk(first, last, turned, back[1])


def _chain(atlases: Atlases, first: Atlas, last: Atlas) -> tuple[dict[str, tuple[str, ...]], bool] | None:
    """What the regions of `first` became on `last`, and whether both have one body; `None` where no chain leads."""
    steps: list[tuple[dict[str, tuple[str, ...]], bool]] = []
    here, seen = last, {last.version}
    while here.version != first.version:
        table = read_crosswalk(here)
        if table is None or table.from_ not in atlases or table.from_ in seen:
            return None
        before = atlases.get(table.from_)
        steps.append((_step(before, here, table), table.same_body))
        here = before
        seen.add(here.version)
    whole: dict[str, tuple[str, ...]] = {region.id: (region.id,) for region in first.regions}
    for step, _ in reversed(steps):
        whole = {region: tuple(after for name in names for after in step[name]) for region, names in whole.items()}
    return whole, all(same for _, same in steps)


def read_crosswalk(atlas: Atlas) -> CrosswalkFile | None:
    """What an atlas says of the version before it; `None` where it says nothing. Raises `Corrupt`."""
    if all(entry.file != FILE for entry in atlas.manifest.extras):
        return None
    try:
        return msgspec.json.decode(atlas.file(FILE), type=CrosswalkFile)
    except msgspec.DecodeError as error:
        raise Corrupt(f"{FILE} of atlas {atlas.version} cannot be read: {error}.") from error


def _step(before: Atlas, after: Atlas, table: CrosswalkFile) -> dict[str, tuple[str, ...]]:
    known = {region.id for region in after.regions}
    strange = {*table.regions} - {region.id for region in before.regions}
    strange |= {region for regions in table.regions.values() for region in regions} - known
    if strange:
        names = ", ".join(sorted(strange))
        raise Corrupt(f"{FILE} of atlas {after.version} names what is no region: {names}.")
    return _equal(before, after) | table.regions


def _equal(before: Atlas, after: Atlas) -> dict[str, tuple[str, ...]]:
    known = {region.id for region in after.regions}
    return {region.id: (region.id,) if region.id in known else () for region in before.regions}


def _mapped(before: str, after: tuple[str, ...], came_from: Mapping[str, list[str]]) -> MappedRegion:
    change: RegionChange
    if not after:
        change = "gone"
    elif len(after) > 1:
        change = "split"
    elif len(came_from[after[0]]) > 1:
        change = "merged"
    else:
        change = "same" if after[0] == before else "renamed"
    return MappedRegion(id=before, change=change, to=after)


def _mapped_view(before: View, after: View | None, same_body: bool) -> MappedView:
    if after is None:
        return MappedView(id=before.id, change="gone", offset_mm=None)
    offset = (before.frame.u0 - after.frame.u0, before.frame.v0 - after.frame.v0)
    change: ViewChange = "same" if offset == (0.0, 0.0) and before.viewbox == after.viewbox else "moved"
    return MappedView(id=before.id, change=change, offset_mm=offset if same_body else None)


def _found(at: Point, hit: Hit) -> Found:
    return Found(at=at, region=_id(hit.region), structure=_id(hit.structure), side=hit.side)


def _id(thing: Any) -> str | None:
    return None if thing is None else str(thing.id)


def _words(hit: Hit) -> str:
    return f"{_id(hit.region) or _id(hit.structure) or 'bare skin'}, {hit.side}"
