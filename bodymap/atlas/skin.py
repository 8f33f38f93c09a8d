"""The skin that a straight way goes through before it meets a structure."""

from collections.abc import Sequence
from typing import NamedTuple

from bodymap.atlas.ray_grid import SKIN_OF_ARM, Interval

# Two touching skins are one bundle of hits; the sheet that is entered last is this thick.
_SKIN_MM = 3.0


class Skin(NamedTuple):
    """Whose skin it is, by its number among the columns' structures, and where on the way it is entered."""

    number: int
    at_mm: float


def skin_before(way: Sequence[Interval]) -> Skin | None:
    """The last skin before the first structure of a way that is ordered inwards; `None` where none is before it.

    On a way that meets no structure, the first skin.
    """
    skins: list[Interval] = []
    for interval in way:
        if interval.structure < SKIN_OF_ARM:
            break
        skins.append(interval)
    else:
        del skins[1:]
    if not skins:
        return None
    last = skins[-1]
    at = last.low_mm if len(skins) == 1 else max(last.low_mm, last.high_mm - _SKIN_MM)
    return Skin(last.structure, at)
