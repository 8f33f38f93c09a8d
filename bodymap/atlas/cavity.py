"""Where, along a straight way through the body, the thoracic or the abdominal cavity begins.

A stated muscle is taken to be what was needled only if it lies before a cavity: no needle is charted through a lung
into the muscle behind it. Two rules, whichever comes first; both read the same way from the front, the back, the side:

1. The thoracic cavity, and what the diaphragm covers, begins at the first of its organs: pleura, lung, heart, trachea,
   liver, spleen. (The dura of the spinal cord lies outside both cavities.)
2. The abdominal cavity holds kidneys and bowel, which the reference body leaves out, so it is a gap. It begins in the
   first gap of 10 mm or more on the inner side of the abdominal wall (transversus, internal oblique, rectus, linea
   alba): behind the wall for a way that comes from outside, before the wall for one that reaches it from inside. From
   the back at L3, quadratus lumborum and psoas lie before the cavity, the far transversus behind it.

   The reference figure's wall is loose: its layers, and the ribs and muscles that cover them, stand up to 32 mm apart.
   So a gap between two of these is the cavity only from 40 mm on; across the cavity they are farther apart.
"""

from collections.abc import Iterable
from typing import NamedTuple

from bodymap.atlas.manifest import Kind

GAP_MM = 10.0
GAP_BETWEEN_LAYERS_MM = 40.0
_INNERMOST = "transversus-abdominis"
_WALL = frozenset({_INNERMOST, "internal-oblique", "rectus-abdominis", "linea-alba"})
_LAYERS = _WALL | {
    "external-oblique",
    "latissimus-dorsi",
    "serratus-anterior",
    "serratus-posterior-inferior",
    "external-intercostals",
    "internal-intercostals",
    "costal-cartilages",
    *(f"rib-{number}" for number in range(5, 13)),
}
_OUTSIDE_BOTH = frozenset({"spinal-dura"})


class Passage(NamedTuple):
    """One structure on the way: its id, its kind, and where the way enters and leaves it, in millimetres."""

    structure: str
    kind: Kind
    enters_mm: float
    leaves_mm: float


def cavity_begins(way: Iterable[Passage]) -> int:
    """How many passages lie before a cavity: the index of the first in or behind it, or the length of the way.

    `way` is ordered by `enters_mm`, outermost first, without the skin.
    """
    deepest_mm = float("-inf")
    deepest = ""
    index = 0
    for passage in way:
        if passage.kind == "organ" and passage.structure not in _OUTSIDE_BOTH:
            break
        gap_mm = passage.enters_mm - deepest_mm
        if index and gap_mm >= GAP_MM and gap_mm >= _cavity_gap_mm(deepest, passage.structure):
            break
        if passage.leaves_mm >= deepest_mm:
            deepest_mm, deepest = passage.leaves_mm, passage.structure
        index += 1
    return index


def _cavity_gap_mm(before: str, after: str) -> float:
    """How wide the gap between two neighbours must be to be the abdominal cavity."""
    if before not in _WALL and after not in _WALL:
        return float("inf")
    if before in _LAYERS and after in _LAYERS and not before == after == _INNERMOST:
        return GAP_BETWEEN_LAYERS_MM
    return GAP_MM
