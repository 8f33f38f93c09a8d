"""Which structure a point on a view means: label maps at half a millimetre, as runs along each row.

A map holds, for each row of the page, where a run of one label begins (`starts`, in pixels from the left) and the
label. Labels are structure numbers of the manifest and the two below.
"""

from bisect import bisect_right

from bodymap.atlas.frames import SIZES
from bodymap.atlas.manifest import Arm, LayerId, ViewId
from bodymap.atlas.packed import Packed
from bodymap.errors import Corrupt

OFF_BODY = 0xFFFF
BARE_SKIN = 0xFFFE


def map_name(view: ViewId, layer: LayerId, arm: Arm) -> str:
    """What the sections of one map are called, before `.rows`, `.starts` and `.labels`."""
    return f"{view}-{layer}-{arm}"


class Surface:
    """The label maps of one atlas; unpacked one by one, when first asked."""

    def __init__(self, packed: Packed) -> None:
        self._packed = packed
        self._resolution_mm = float(packed.meta["resolution_mm"])
        self._maps: dict[str, tuple[memoryview, memoryview, memoryview]] = {}

    def label(self, view: ViewId, layer: LayerId, arm: Arm, x: float, y: float) -> int:
        """The label at a point: a structure's number, `BARE_SKIN`, or `OFF_BODY` (also off the page).

        Raises `KeyError` where the atlas has no such plate.
        """
        width, height = SIZES[view]
        if not (0.0 <= x < width and 0.0 <= y < height):
            return OFF_BODY
        rows, starts, labels = self._map(map_name(view, layer, arm))
        row = int(y / self._resolution_mm)
        run = bisect_right(starts, int(x / self._resolution_mm), rows[row], rows[row + 1]) - 1
        return int(labels[run])

    def _map(self, name: str) -> tuple[memoryview, memoryview, memoryview]:
        cached = self._maps.get(name)
        if cached is None:
            if f"{name}.rows" not in self._packed.names:
                raise KeyError(name)
            rows = self._packed.array(f"{name}.rows")
            starts, labels = self._packed.array(f"{name}.starts"), self._packed.array(f"{name}.labels")
            if rows[len(rows) - 1] != len(starts) or len(starts) != len(labels):
                raise Corrupt(f"The surface map {name} does not hold together.")
            self._maps[name] = cached = rows, starts, labels
        return cached
