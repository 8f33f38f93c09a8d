"""Fields of a view: areas with a risk to know about, and which of them a point or a region meets.

A field is drawn generously (the rules stand where it is drawn), one outline for each side. On posterior and anterior
both sides reach a fingertip over the midline, so a point there lies in both. Not every view has every field.
"""

import threading
from collections.abc import Mapping
from math import ceil, floor
from typing import Literal, NamedTuple, get_args

from bodymap.atlas.manifest import VIEWS, Side, ViewId
from bodymap.atlas.outlines import Outline, Point
from bodymap.atlas.plates import Element, parse_plate
from bodymap.errors import Corrupt, UnknownView

FieldId = Literal[
    "lung-field",
    "spinal-canal",
    "suboccipital",
    "kidney-level",
    "rib-12-attachment",
    "anterior-neck",
    "lateral-neck",
]
FIELDS: tuple[FieldId, ...] = get_args(FieldId)

_Edge = tuple[float, float, float, float]


class FieldHit(NamedTuple):
    """A field that a place lies in, on this side of the patient."""

    field: FieldId
    side: Side


class Fields:
    """The fields of one atlas, read-only, shared by threads; a view's sheet is read when first asked."""

    def __init__(self, sheets: Mapping[ViewId, bytes]) -> None:
        """`sheets` holds the bytes of `{view}.fields.svg` by view."""
        self._sheets = sheets
        self._lock = threading.Lock()
        self._areas: dict[ViewId, tuple[_Area, ...]] = {}
        self._touched: dict[tuple[ViewId, str], tuple[FieldHit, ...]] = {}

    def at(self, view: ViewId, x: float, y: float) -> tuple[FieldHit, ...]:
        """The fields that a point of a view lies in, in the order of `FIELDS`; left before right.

        Empty if there are none, off the page, and for NaN. Raises `UnknownView`, `Corrupt`.
        """
        return tuple(area.hit for area in self._of(view) if area.contains(x, y))

    def touching(self, view: ViewId, outline: Outline) -> tuple[FieldHit, ...]:
        """The fields that a shape on a view overlaps anywhere, if only at one point.

        Raises `UnknownView`, `Corrupt`.
        """
        key = view, outline.d
        hits = self._touched.get(key)
        if hits is None:
            hits = self._touched[key] = tuple(area.hit for area in self._of(view) if area.overlaps(outline))
        return hits

    def outline(self, view: ViewId, field: FieldId, side: Side) -> Outline | None:
        """A field's outline on a view; `None` where the view has none. Raises `UnknownView`, `Corrupt`."""
        hit = FieldHit(field, side)
        return next((area.outline for area in self._of(view) if area.hit == hit), None)

    def _of(self, view: ViewId) -> tuple["_Area", ...]:
        areas = self._areas.get(view)
        if areas is None:
            if view not in self._sheets:
                raise UnknownView(f"There is no view {view!r}; there are {', '.join(VIEWS)}.")
            areas = _read(self._sheets[view], view)
            with self._lock:
                areas = self._areas.setdefault(view, areas)
        return areas


class _Area:
    """One outline with its edges sorted into rows of a millimetre, so that a point is compared with a few of them."""

    def __init__(self, hit: FieldHit, outline: Outline) -> None:
        self.hit = hit
        self.outline = outline
        self._left, self._top, self._right, self._bottom = outline.bounds
        rows: dict[int, list[_Edge]] = {}
        for ring in outline.polygons:
            for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
                for row in range(floor(min(y1, y2)), ceil(max(y1, y2)) + 1):
                    rows.setdefault(row, []).append((x1, y1, x2, y2))
        self._rows = rows

    def contains(self, x: float, y: float) -> bool:
        if not (self._left <= x <= self._right and self._top <= y <= self._bottom):
            return False
        inside = False
        for x1, y1, x2, y2 in self._rows[floor(y)]:
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                inside = not inside
        return inside

    def overlaps(self, other: Outline) -> bool:
        left, top, right, bottom = other.bounds
        if left > self._right or right < self._left or top > self._bottom or bottom < self._top:
            return False
        # Two shapes overlap if an edge crosses an edge, or else if one lies in the other, whole.
        return (
            any(self.contains(*ring[0]) for ring in other.polygons)
            or any(other.contains(*ring[0]) for ring in self.outline.polygons)
            or any(
                self._crossed(a, b) for ring in other.polygons for a, b in zip(ring, (*ring[1:], ring[0]), strict=True)
            )
        )

    def _crossed(self, a: Point, b: Point) -> bool:
        return any(
            _cross(a, b, (x1, y1), (x2, y2))
            for row in range(floor(min(a[1], b[1])), ceil(max(a[1], b[1])) + 1)
            for x1, y1, x2, y2 in self._rows.get(row, ())
        )


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    return _turn(a, b, c) * _turn(a, b, d) <= 0 and _turn(c, d, a) * _turn(c, d, b) <= 0 and _boxes_meet(a, b, c, d)


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _boxes_meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    return all(
        max(min(a[axis], b[axis]), min(c[axis], d[axis])) <= min(max(a[axis], b[axis]), max(c[axis], d[axis]))
        for axis in (0, 1)
    )


def _read(raw: bytes, view: ViewId) -> tuple[_Area, ...]:
    file = f"{view}.fields.svg"
    sheet = parse_plate(raw, file)
    if sheet.view != view or list(sheet.groups) != ["fields"]:
        raise Corrupt(f"{file} is not the sheet of the fields of {view}.")
    areas = [_Area(_hit(element, file), Outline(element.d)) for element in sheet.groups["fields"].elements]
    if len({area.hit for area in areas}) != len(areas):
        raise Corrupt(f"{file} draws a field twice on a side.")
    return tuple(sorted(areas, key=lambda area: (FIELDS.index(area.hit.field), area.hit.side)))


def _hit(element: Element, file: str) -> FieldHit:
    field = element.attributes.get("data-field", "")
    if field not in FIELDS or element.side is None:
        raise Corrupt(f"{file} draws {field or 'something'} that is no field, or one without a side.")
    return FieldHit(field, element.side)
