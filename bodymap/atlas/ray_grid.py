"""What lies along a ray through the body: on a grid of points, the intervals of every structure that it meets.

Two sets of rays: along `z`, seen from behind on posterior and from the front on anterior, and along `x`, seen on left
and right. A cell of the grid holds (structure number, where the ray enters it, where it leaves it), in millimetres of
the body frame along the ray's axis, ordered along that axis. The skin is among them under the two numbers below. The
file keeps the thickness rather than where a ray leaves: it varies less, and packs smaller.

Where what a ray meets changes within a cell, that is divided into 5 by 5 places. Each has the cell's own stack or a
variant of it: of the cell's passages it lacks some, and has others instead.
"""

import threading
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from operator import itemgetter
from typing import Literal, NamedTuple

from bodymap.atlas.manifest import ViewId
from bodymap.atlas.packed import Packed
from bodymap.errors import Corrupt

# Into so many places by so many a cell is divided, where what the rays meet changes within it.
FINER = 5

# And what is particular to such a place is in steps so much coarser than the rest.
COARSER = 2

# Above every structure's number.
SKIN = 0xFFFF
SKIN_OF_ARM = 0xFFFE

Axis = Literal["z", "x"]
AXIS: dict[ViewId, Axis] = {"posterior": "z", "anterior": "z", "left": "x", "right": "x"}
# Whether looking into the view goes along the axis (z from behind, x from the right) or against it.
ALONG: dict[ViewId, bool] = {"posterior": True, "anterior": False, "left": False, "right": True}


class Interval(NamedTuple):
    """One passage through one structure: body millimetres along the ray's axis, `low` below `high`."""

    structure: int
    low_mm: float
    high_mm: float


class Grid(NamedTuple):
    """Where the cells are: `across` is X for rays along z, Z for rays along x; rows go down from `top` (Y)."""

    across0: float
    top: float
    pitch_mm: float
    columns: int
    rows: int


class Place(NamedTuple):
    """A place within a cell, and which variant of the cell's stack it has; 0 is the cell's own."""

    cell: int
    variant: int


class _Starts(NamedTuple):
    """Where what belongs to each cell and to each variant begins, and, last, where all ends."""

    passages: list[int]
    variants: list[int]
    choices: list[int]
    lacking: list[int]
    having: list[int]


class Columns:
    """The rays of one atlas; an axis is unpacked when first asked."""

    def __init__(self, packed: Packed) -> None:
        self._packed = packed
        self._lock = threading.Lock()
        self._quantum_mm = float(packed.meta["quantum_mm"])
        self._starts: dict[Axis, _Starts] = {}
        self.grids: dict[Axis, Grid] = {axis: Grid(**packed.meta["grids"][axis]) for axis in ("z", "x")}

    def place(self, axis: Axis, across: float, up: float) -> Place:
        """The place that a point lies in; off the grid, the nearest one of its edge."""
        return self._fine(axis, *self._at(axis, across, up))

    def places(self, axis: Axis, across: float, up: float, within_mm: float) -> Iterator[Place]:
        """The places around a point that have something else than the ones before them, nearest first."""
        grid = self.grids[axis]
        step = grid.pitch_mm / FINER
        column, row = self._at(axis, across, up)
        seen: set[Place] = set()
        for dx, dy in _around(int(within_mm / step)):
            if 0 <= column + dx < grid.columns * FINER and 0 <= row + dy < grid.rows * FINER:
                place = self._fine(axis, column + dx, row + dy)
                if place not in seen:
                    seen.add(place)
                    yield place

    def _at(self, axis: Axis, across: float, up: float) -> tuple[int, int]:
        grid = self.grids[axis]
        step = grid.pitch_mm / FINER
        column, row = int((across - grid.across0) / step), int((grid.top - up) / step)
        return min(max(column, 0), grid.columns * FINER - 1), min(max(row, 0), grid.rows * FINER - 1)

    def _fine(self, axis: Axis, column: int, row: int) -> Place:
        starts = self._starts.get(axis) or self._open(axis)
        cell = row // FINER * self.grids[axis].columns + column // FINER
        if starts.variants[cell + 1] == starts.variants[cell]:
            return Place(cell, 0)
        choice = starts.choices[cell] + row % FINER * FINER + column % FINER
        return Place(cell, int(self._packed.array(f"{axis}.chosen")[choice]))

    def stack(self, axis: Axis, place: Place) -> list[Interval]:
        """What a ray through a place meets, ordered by `low_mm`; empty off the body."""
        own = self.cell(axis, place.cell)
        if not place.variant:
            return own
        starts = self._starts[axis]
        variant = starts.variants[place.cell] + place.variant - 1
        lacking = self._packed.array(f"{axis}.lacking")[starts.lacking[variant] : starts.lacking[variant + 1]]
        first, last = starts.having[variant], starts.having[variant + 1]
        missing = set(lacking)
        rest = [interval for number, interval in enumerate(own) if number not in missing]
        return sorted([*rest, *self._intervals(f"{axis}.having", first, last, COARSER)], key=_by_depth)

    def cell(self, axis: Axis, cell: int) -> list[Interval]:
        """What the ray through a cell's centre meets, ordered by `low_mm`; empty off the body."""
        starts = (self._starts.get(axis) or self._open(axis)).passages
        return self._intervals(axis, starts[cell], starts[cell + 1])

    def _intervals(self, sections: str, first: int, last: int, coarser: int = 1) -> list[Interval]:
        structures = self._packed.array(f"{sections}.structure")[first:last]
        lows = self._packed.array(f"{sections}.low")[first:last]
        thick = self._packed.array(f"{sections}.thick")[first:last]
        quantum = self._quantum_mm * coarser
        return [
            Interval(structure, low * quantum, (low + through) * quantum)
            for structure, low, through in zip(structures, lows, thick, strict=True)
        ]

    def _open(self, axis: Axis) -> _Starts:
        with self._lock:
            if axis not in self._starts:
                read = self._packed.array
                variants = read(f"{axis}.variants")
                starts = _Starts(
                    list(accumulate(read(f"{axis}.count"), initial=0)),
                    list(accumulate(variants, initial=0)),
                    list(accumulate((FINER * FINER if some else 0 for some in variants), initial=0)),
                    list(accumulate(read(f"{axis}.lacks"), initial=0)),
                    list(accumulate(read(f"{axis}.has"), initial=0)),
                )
                grid = self.grids[axis]
                cells, kept = grid.columns * grid.rows + 1, starts.variants[-1] + 1
                whole = (
                    len(starts.passages) == len(starts.variants) == cells
                    and len(starts.lacking) == len(starts.having) == kept
                    and starts.passages[-1] == len(read(f"{axis}.structure"))
                    and starts.choices[-1] == len(read(f"{axis}.chosen"))
                    and starts.lacking[-1] == len(read(f"{axis}.lacking"))
                    and starts.having[-1] == len(read(f"{axis}.having.structure"))
                )
                if not whole:
                    raise Corrupt(f"The columns along {axis} do not hold together.")
                self._starts[axis] = starts
            return self._starts[axis]


_by_depth = itemgetter(1, 2, 0)


@cache
def _around(reach: int) -> tuple[tuple[int, int], ...]:
    """Steps to the places up to so many away, nearest first."""
    steps = [(dx, dy) for dx in range(-reach, reach + 1) for dy in range(-reach, reach + 1)]
    return tuple(sorted(steps, key=lambda step: (step[0] ** 2 + step[1] ** 2, step)))
