"""Fields of a view: areas with a risk to know about, and which of them a point or a region meets.

A field is drawn generously (the rules stand where it is drawn), one outline for each side. On posterior and anterior
both sides reach a fingertip over the midline, so a point there lies in both. Not every view has every field.
"""

import threading
from collections.abc import Mapping, Sequence
from math import ceil, floor
from typing import Literal, NamedTuple, get_args

from bodymap.atlas.manifest import VIEWS, Side, ViewId
from bodymap.atlas.outlines import Outline
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
    "carotid-sheath",
    "femoral-triangle",
    "abdominal-wall",
    "psoas",
]
FIELDS: tuple[FieldId, ...] = get_args(FieldId)

_Edge = tuple[float, float, float, float]
_Span = tuple[float, float]


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
        self._shares: dict[tuple[ViewId, str], tuple[tuple[FieldHit, float], ...]] = {}

    def at(self, view: ViewId, x: float, y: float) -> tuple[FieldHit, ...]:
        """The fields that a point of a view lies in, in the order of `FIELDS`; left before right.

        Empty if there are none, off the page, and for NaN. Raises `UnknownView`, `Corrupt`.
        """
        return tuple(area.hit for area in self._of(view) if area.contains(x, y))

    def shares(self, view: ViewId, outline: Outline) -> tuple[tuple[FieldHit, float], ...]:
        """The share of a shape's area on a view that lies in each field, of those that it lies in at all.

        Both are cut into rows of a millimetre, which is less than either was drawn to. Raises `UnknownView`, `Corrupt`.
        """
        key = view, outline.d
        shares = self._shares.get(key)
        if shares is None:
            shape = {row: _spans(edges, row) for row, edges in _by_row(outline).items()}
            whole = sum(_length(spans) for spans in shape.values())
            found = (
                (area.hit, sum(area.covered(row, spans) for row, spans in shape.items())) for area in self._of(view)
            )
            shares = self._shares[key] = tuple((hit, covered / whole) for hit, covered in found if covered > 0)
        return shares

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
        self._rows = _by_row(outline)

    def contains(self, x: float, y: float) -> bool:
        if not (self._left <= x <= self._right and self._top <= y <= self._bottom):
            return False
        inside = False
        for x1, y1, x2, y2 in self._rows[floor(y)]:
            if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
                inside = not inside
        return inside

    def covered(self, row: int, spans: Sequence[_Span]) -> float:
        """How many millimetres of these stretches of a row lie inside."""
        if not spans or row not in self._rows:
            return 0.0
        own = _spans(self._rows[row], row)
        return sum(max(min(end, last) - max(begin, first), 0.0) for begin, end in spans for first, last in own)


def _by_row(outline: Outline) -> dict[int, list[_Edge]]:
    """The edges of an outline by the rows of a millimetre that they reach into."""
    rows: dict[int, list[_Edge]] = {}
    for ring in outline.polygons:
        for (x1, y1), (x2, y2) in zip(ring, (*ring[1:], ring[0]), strict=True):
            for row in range(floor(min(y1, y2)), ceil(max(y1, y2)) + 1):
                rows.setdefault(row, []).append((x1, y1, x2, y2))
    return rows


def _spans(edges: Sequence[_Edge], row: int) -> list[_Span]:
    """The stretches of a row, along its middle, that lie inside; what lies in two rings is outside."""
    y = row + 0.5
    crossings = sorted(x1 + (y - y1) * (x2 - x1) / (y2 - y1) for x1, y1, x2, y2 in edges if (y1 > y) != (y2 > y))
    return list(zip(crossings[::2], crossings[1::2], strict=True))


def _length(spans: Sequence[_Span]) -> float:
    return sum(end - begin for begin, end in spans)


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
