"""The two halves of the body: which paired structure is which one's counterpart."""

from collections.abc import Sequence

from bodymap.atlas.manifest import Side, Structure

OTHER_HALF: dict[Side, Side] = {"left": "right", "right": "left"}


def partners(structures: Sequence[Structure]) -> dict[int, int]:
    """For the number of each paired structure that of the other half's."""
    numbers = {(structure.id, structure.side): number for number, structure in enumerate(structures)}
    return {
        number: numbers[structure.id, OTHER_HALF[structure.side]]
        for number, structure in enumerate(structures)
        if structure.side != "midline" and (structure.id, OTHER_HALF[structure.side]) in numbers
    }
