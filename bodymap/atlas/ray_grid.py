"""What lies along a ray through the body: on a grid of points, the intervals of every structure that it meets.

Two sets of rays: along `z`, seen from behind on posterior and from the front on anterior, and along `x`, seen on left
and right. A cell of the grid holds (structure number, where the ray enters it, where it leaves it), in millimetres of
the body frame along the ray's axis, ordered along that axis. The skin is among them under the two numbers below. The
file keeps the thickness rather than where a ray leaves: it varies less, and packs smaller.
"""

import threading
from itertools import accumulate
from typing import Literal, NamedTuple

from bodymap.atlas.manifest import ViewId
from bodymap.atlas.packed import Packed
from bodymap.errors import Corrupt

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


class Columns:
    """The rays of one atlas; an axis is unpacked when first asked."""

    def __init__(self, packed: Packed) -> None:
        self._packed = packed
        self._lock = threading.Lock()
        self._quantum_mm = float(packed.meta["quantum_mm"])
        self._starts: dict[Axis, list[int]] = {}
        self.grids: dict[Axis, Grid] = {axis: Grid(**packed.meta["grids"][axis]) for axis in ("z", "x")}

    def home(self, axis: Axis, across: float, up: float) -> int:
        """The cell that a point lies in; off the grid, the nearest one of its edge."""
        column, row = self._place(axis, across, up)
        return row * self.grids[axis].columns + column

    def near(self, axis: Axis, across: float, up: float) -> list[int]:
        """The cells around a point, nearest first: the one that it lies in, then its neighbours within the grid."""
        grid = self.grids[axis]
        home_column, home_row = self._place(axis, across, up)
        column = (across - grid.across0) / grid.pitch_mm - 0.5
        row = (grid.top - up) / grid.pitch_mm - 0.5
        around = [
            ((c - column) ** 2 + (r - row) ** 2, r * grid.columns + c)
            for r in range(max(home_row - 1, 0), min(home_row + 2, grid.rows))
            for c in range(max(home_column - 1, 0), min(home_column + 2, grid.columns))
        ]
        return [cell for _, cell in sorted(around)]

    def _place(self, axis: Axis, across: float, up: float) -> tuple[int, int]:
        grid = self.grids[axis]
        column, row = int((across - grid.across0) / grid.pitch_mm), int((grid.top - up) / grid.pitch_mm)
        return min(max(column, 0), grid.columns - 1), min(max(row, 0), grid.rows - 1)

    def cell(self, axis: Axis, cell: int) -> list[Interval]:
        """What the ray through a cell's centre meets, ordered by `low_mm`; empty off the body."""
        starts = self._starts.get(axis) or self._open(axis)
        first, last = starts[cell], starts[cell + 1]
        structures = self._packed.array(f"{axis}.structure")[first:last]
        lows = self._packed.array(f"{axis}.low")[first:last]
        thick = self._packed.array(f"{axis}.thick")[first:last]
        quantum = self._quantum_mm
        return [
            Interval(structure, low * quantum, (low + through) * quantum)
            for structure, low, through in zip(structures, lows, thick, strict=True)
        ]

    def _open(self, axis: Axis) -> list[int]:
        with self._lock:
            if axis not in self._starts:
                starts = list(accumulate(self._packed.array(f"{axis}.count"), initial=0))
                grid = self.grids[axis]
                whole = len(self._packed.array(f"{axis}.structure"))
                if len(starts) != grid.columns * grid.rows + 1 or starts[-1] != whole:
                    raise Corrupt(f"The columns along {axis} do not hold together.")
                self._starts[axis] = starts
            return self._starts[axis]
