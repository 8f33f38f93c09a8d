"""Finer rays where what they meet changes fast: the stacks within a cell that differ.

Each cell is divided into 5 by 5 places, and a ray is cast through each. Where it meets what the cell's own ray meets,
at about the same depths, nothing is kept. Where not, the place is given a variant of the cell's stack: which passages
it lacks, and which it has instead. Few variants serve many places.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from bodymap.atlas.ray_grid import COARSER, FINER, SKIN_OF_ARM

QUANTUM_MM = 0.25
# Thinner passages decide nothing, but for sheets, which are always thin.
DECISIVE_MM = 2.0
# Sheets of two rays that are no farther apart than this are the same sheet.
_SHEETS_MM = 4.0
# Two passages of a ray that are no farther apart than this, in quanta, would touch when they are rounded.
_TOUCHING = 2

# One passage: the structure's number, and where it begins and ends, in quanta.
Row = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class Stacks:
    """Rays of a strip of the grid: `first[r]` to `first[r + 1]` are the passages of ray r, ordered by where they begin.

    `low` and `high` are in quanta. The rays are counted along each row of places, row by row.
    """

    first: npt.NDArray[np.int64]
    number: npt.NDArray[np.uint16]
    low: npt.NDArray[np.int16]
    high: npt.NDArray[np.int16]


class Variants:
    """What is kept of the finer rays, gathered cell by cell in the order of the grid."""

    def __init__(self) -> None:
        self.in_cell: list[int] = []
        self.chosen: list[int] = []
        self.lacks: list[int] = []
        self.lacking: list[int] = []
        self.has: list[int] = []
        self.having: list[Row] = []

    def add(self, differences: Sequence[tuple[list[int], list[Row]]], chosen: Sequence[int]) -> None:
        """One cell: how each stack that is not its own differs from it, and which each place has, 0 its own."""
        self.in_cell.append(len(differences))
        self.chosen += chosen
        for lacking, having in differences:
            self.lacks.append(len(lacking))
            self.lacking += lacking
            self.has.append(len(having))
            self.having += having

    def arrays(self, axis: str) -> dict[str, npt.NDArray[np.uint8] | npt.NDArray[np.uint16] | npt.NDArray[np.int16]]:
        """The sections of the file."""
        number, low, high = (np.array([row[k] for row in self.having], np.int64) for k in range(3))
        return {
            f"{axis}.variants": np.array(self.in_cell, np.uint8),
            f"{axis}.chosen": np.array(self.chosen, np.uint8),
            f"{axis}.lacks": np.array(self.lacks, np.uint8),
            f"{axis}.lacking": np.array(self.lacking, np.uint8),
            f"{axis}.has": np.array(self.has, np.uint8),
            f"{axis}.having.structure": number.astype(np.uint16),
            f"{axis}.having.low": (low // COARSER).astype(np.int16),
            f"{axis}.having.thick": ((high - low) // COARSER).astype(np.int16),
        }


def gather(variants: Variants, stacks: Stacks, columns: int, sheets: frozenset[int]) -> None:
    """Add the cells of a strip, row by row, left to right. `columns` is how many cells a row has."""
    decisive = round(DECISIVE_MM / QUANTUM_MM)
    thick = stacks.high.astype(np.int64) - stacks.low >= decisive
    counts: npt.NDArray[np.bool_] = (thick | np.isin(stacks.number, list(sheets))) & (stacks.number < SKIN_OF_ARM)
    differs = _differing(stacks, counts, columns, decisive)
    rays_in_row = columns * FINER
    for cell_row in range(len(differs) // (rays_in_row * FINER)):
        block = differs[cell_row * rays_in_row * FINER : (cell_row + 1) * rays_in_row * FINER]
        by_cell = block.reshape(FINER, columns, FINER).transpose(1, 0, 2).reshape(columns, -1)
        some: list[bool] = np.any(by_cell, axis=1).tolist()
        for cell in range(columns):
            if not some[cell]:
                variants.in_cell.append(0)
                continue
            corner = cell_row * FINER * rays_in_row + cell * FINER
            places = [corner + r * rays_in_row + c for r in range(FINER) for c in range(FINER)]
            middle = places[len(places) // 2]
            own, decides = _rows(stacks, middle), counts[stacks.first[middle] : stacks.first[middle + 1]].tolist()
            others: list[list[Row]] = []
            chosen: list[int] = []
            for place, other in zip(places, by_cell[cell], strict=True):
                chosen.append(_chosen(others, _counted(stacks, place, counts)) if other else 0)
            variants.add([_difference(own, decides, other) for other in others], chosen)


def _chosen(others: list[list[Row]], rows: list[Row]) -> int:
    """Which of the variants a stack is, from 1; a new one where it is none of them."""
    for place, other in enumerate(others, 1):
        if len(other) == len(rows) and all(map(_same, other, rows)):
            return place
    others.append(rows)
    return len(others)


def _differing(stacks: Stacks, counts: npt.NDArray[np.bool_], columns: int, decisive: int) -> npt.NDArray[np.bool_]:
    """Which rays meet something else than their cell's middle one does, or it elsewhere."""
    rays = len(stacks.first) - 1
    ray_of = np.repeat(np.arange(rays), np.diff(stacks.first))[counts]
    number = stacks.number[counts].astype(np.int64)
    low, high = stacks.low[counts].astype(np.int64), stacks.high[counts].astype(np.int64)
    size = np.bincount(ray_of, minlength=rays)
    begin = np.concatenate([[0], np.cumsum(size)])
    row, column = np.divmod(np.arange(rays), columns * FINER)
    middle = FINER // 2
    centre = (row // FINER * FINER + middle) * columns * FINER + column // FINER * FINER + middle
    differs: npt.NDArray[np.bool_] = size != size[centre]
    counted = np.flatnonzero(~differs[ray_of])
    its = ray_of[counted]
    partner = begin[centre[its]] + counted - begin[its]
    overlap = np.minimum(high[counted], high[partner]) - np.maximum(low[counted], low[partner])
    thinner = np.minimum(high[counted] - low[counted], high[partner] - low[partner])
    common = np.where(thinner < decisive, -round(_SHEETS_MM / QUANTUM_MM), thinner)
    unlike = (number[counted] != number[partner]) | (2 * overlap < common)
    differs[its[unlike]] = True
    return differs


def _rows(stacks: Stacks, ray: int) -> list[Row]:
    part = slice(int(stacks.first[ray]), int(stacks.first[ray + 1]))
    return list(zip(*(each[part].tolist() for each in (stacks.number, stacks.low, stacks.high)), strict=True))


def _counted(stacks: Stacks, ray: int, counts: npt.NDArray[np.bool_]) -> list[Row]:
    part = slice(int(stacks.first[ray]), int(stacks.first[ray + 1]))
    return [row for row, counted in zip(_rows(stacks, ray), counts[part].tolist(), strict=True) if counted]


def _same(one: Row, other: Row) -> bool:
    """Whether two rays go through one passage: of the thinner of both, half is common to them."""
    overlap, thinner = min(one[2], other[2]) - max(one[1], other[1]), min(one[2] - one[1], other[2] - other[1])
    common = thinner if thinner >= DECISIVE_MM / QUANTUM_MM else -_SHEETS_MM / QUANTUM_MM
    return one[0] == other[0] and 2 * overlap >= common


def _touch(one: Row, other: Row) -> bool:
    return one[0] == other[0] and one[1] - other[2] <= _TOUCHING and other[1] - one[2] <= _TOUCHING


def _difference(own: Sequence[Row], decides: Sequence[bool], other: Sequence[Row]) -> tuple[list[int], list[Row]]:
    """(the places in a cell's own stack of what another lacks, what it has instead)."""
    left = {place: row for place, row in enumerate(own) if decides[place]}
    shared: dict[int, Row] = {}
    having: list[Row] = []
    for row in other:
        place = next((place for place, mine in left.items() if _same(row, mine)), None)
        if place is None:
            having.append(row)
        else:
            shared[place] = row
            del left[place]
    lacking = set(left)
    for row in having:  # It grows: what touches one that is new is taken new as well.
        for place in [place for place in shared if _touch(row, own[place])]:
            having.append(shared.pop(place))
            lacking.add(place)
    lacking |= {n for n, mine in enumerate(own) if not decides[n] and any(_touch(mine, row) for row in having)}
    return sorted(lacking), sorted(having, key=itemgetter(1, 2, 0))
