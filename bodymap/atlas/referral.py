"""Referral areas: a small vocabulary of places where pain is felt, and their outlines on the views.

An outline is approximate: it follows landmarks of the reference figure and has no exact edge.
"""

import threading
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from bodymap.atlas.manifest import VIEWS, Side, ViewId
from bodymap.atlas.outlines import Outline
from bodymap.atlas.plates import Element, parse_plate
from bodymap.errors import Corrupt, Missing, UnknownView


class ReferralArea(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One area. `words` are those of the sources' table that mean it.

    `paired` areas have a left and a right, the others one outline on the midline. `views` are those that draw it; for
    an area without any, `note` says why. `arm` marks what side views draw only with the arm shown. `rule` says how the
    outline follows from landmarks and silhouettes.
    """

    id: str
    name: str
    words: tuple[str, ...]
    paired: bool
    arm: bool
    views: tuple[ViewId, ...]
    rule: str
    note: str = ""


class ReferralFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`referral.json` of an atlas."""

    areas: tuple[ReferralArea, ...]


class Drawn(NamedTuple):
    """An area as a view draws it, on a side of the patient."""

    area: ReferralArea
    side: Side
    outline: Outline


class Referral:
    """The referral areas of one atlas version, read-only, shared by threads; a view's sheet is read when asked for."""

    def __init__(self, areas: Iterable[ReferralArea], sheets: Mapping[ViewId, bytes]) -> None:
        """`sheets` holds the bytes of `{view}.referral.svg` by view. Raises `Corrupt` where an id occurs twice."""
        self.all: tuple[ReferralArea, ...] = tuple(areas)
        self._by_id = {area.id: area for area in self.all}
        if len(self._by_id) != len(self.all):
            raise Corrupt("Two referral areas of the atlas have the same id.")
        self._sheets = sheets
        self._lock = threading.Lock()
        self._drawn: dict[ViewId, tuple[Drawn, ...]] = {}

    def get(self, area_id: str) -> ReferralArea:
        """The area of this id. Raises `Missing`."""
        if area_id not in self._by_id:
            raise Missing(f"The atlas has no referral area {area_id!r}.", suggestions=[])
        return self._by_id[area_id]

    def on_view(self, view: ViewId) -> tuple[Drawn, ...]:
        """What a view draws, in the order of the vocabulary, left before right. Raises `UnknownView`, `Corrupt`."""
        drawn = self._drawn.get(view)
        if drawn is None:
            if view not in self._sheets:
                raise UnknownView(f"There is no view {view!r}; there are {', '.join(VIEWS)}.")
            drawn = self._read(self._sheets[view], view)
            with self._lock:
                drawn = self._drawn.setdefault(view, drawn)
        return drawn

    def outline(self, view: ViewId, area_id: str, side: Side) -> Outline | None:
        """An area's outline on a view; a midline area has one for either side. `None` where the view draws none.

        Raises `Missing`, `UnknownView`, `Corrupt`.
        """
        area = self.get(area_id)
        wanted: Side = side if area.paired else "midline"
        return next((d.outline for d in self.on_view(view) if d.area is area and d.side == wanted), None)

    def _read(self, raw: bytes, view: ViewId) -> tuple[Drawn, ...]:
        file = f"{view}.referral.svg"
        sheet = parse_plate(raw, file)
        if sheet.view != view or list(sheet.groups) != ["referral"]:
            raise Corrupt(f"{file} is not the sheet of the referral areas of {view}.")
        drawn = [self._one(element, file) for element in sheet.groups["referral"].elements]
        if len({(d.area.id, d.side) for d in drawn}) != len(drawn):
            raise Corrupt(f"{file} draws an area twice on a side.")
        if {d.area.id for d in drawn} != {area.id for area in self.all if view in area.views}:
            raise Corrupt(f"{file} does not draw the areas that belong on {view}.")
        return tuple(sorted(drawn, key=lambda d: (self.all.index(d.area), d.side)))

    def _one(self, element: Element, file: str) -> Drawn:
        area = self._by_id.get(element.attributes.get("data-area", ""))
        if area is None or element.side is None or (element.side == "midline") is area.paired:
            raise Corrupt(f"{file} draws {element.id or 'something'} that is no area, or not on its side.")
        return Drawn(area, element.side, Outline(element.d))


def read_referral(data: bytes, sheets: Mapping[ViewId, bytes]) -> Referral:
    """The areas in the bytes of a `referral.json`, with the views' sheets. Raises `Corrupt`."""
    try:
        return Referral(msgspec.json.decode(data, type=ReferralFile).areas, sheets)
    except msgspec.DecodeError as error:
        raise Corrupt(f"The referral areas of the atlas cannot be read: {error}.") from error
