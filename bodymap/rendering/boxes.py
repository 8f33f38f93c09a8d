"""What is already taken on a picture: boxes in a grid, so that asking stays quick however many there are."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

_CELL = 24.0


@dataclass(frozen=True, slots=True)
class Extents:
    """A box by its edges, in chart units or in a view's millimetres."""

    left: float
    top: float
    right: float
    bottom: float

    def touches(self, other: "Extents") -> bool:
        """Whether the two share any area."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )

    def within(self, other: "Extents") -> bool:
        """Whether this one lies inside the other."""
        return (
            self.left >= other.left
            and self.top >= other.top
            and self.right <= other.right
            and self.bottom <= other.bottom
        )

    def cut_by(self, start: tuple[float, float], end: tuple[float, float]) -> bool:
        """Whether a straight line from one place to another passes through the box."""
        low, high = 0.0, 1.0
        for at, to, least, most in (
            (start[0], end[0], self.left, self.right),
            (start[1], end[1], self.top, self.bottom),
        ):
            if at == to:
                if not least < at < most:
                    return False
                continue
            first, last = sorted(((least - at) / (to - at), (most - at) / (to - at)))
            low, high = max(low, first), min(high, last)
        return low < high


def around(x: float, y: float, half_width: float, half_height: float | None = None) -> Extents:
    """The box with this middle."""
    tall = half_width if half_height is None else half_height
    return Extents(x - half_width, y - tall, x + half_width, y + tall)


class Crowd:
    """Boxes that nothing else may stand on."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[Extents]] = defaultdict(list)

    def add(self, box: Extents) -> None:
        """Take a place."""
        for cell in _cells(box):
            self._cells[cell].append(box)

    def free(self, box: Extents) -> bool:
        """Whether nothing taken touches the box."""
        return not any(box.touches(taken) for cell in _cells(box) for taken in self._cells.get(cell, ()))


def _cells(box: Extents) -> Iterator[tuple[int, int]]:
    for column in range(int(box.left // _CELL), int(box.right // _CELL) + 1):
        for row in range(int(box.top // _CELL), int(box.bottom // _CELL) + 1):
            yield column, row
