"""Where a muscle is aponeurosis, so that a point there means what lies under it.

Latissimus dorsi and serratus posterior inferior take their origin from the thoracolumbar fascia: where they lie over
its posterior layer, of either half, the reference body's meshes hold their aponeurosis.
"""

from collections.abc import Sequence

from bodymap.atlas.manifest import Structure

APONEUROTIC = frozenset({"latissimus-dorsi", "serratus-posterior-inferior"})
FASCIA_BELOW = "thoracolumbar-fascia-posterior-layer"


def aponeurotic(structures: Sequence[Structure]) -> frozenset[int]:
    """The numbers of the structures that are aponeurosis over the fascia."""
    return frozenset(number for number, structure in enumerate(structures) if structure.id in APONEUROTIC)


def fasciae(structures: Sequence[Structure]) -> frozenset[int]:
    """The numbers of the fascia's two halves."""
    return frozenset(number for number, structure in enumerate(structures) if structure.id == FASCIA_BELOW)
