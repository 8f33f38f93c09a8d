"""The way of a needle through the reference body, in a sentence."""

from collections.abc import Sequence

from bodymap.atlas.body import Atlas
from bodymap.atlas.manifest import Side, Structure
from bodymap.atlas.needle_path import NeedlePath


def in_words(atlas: Atlas, path: NeedlePath, side: Side, length_mm: float) -> str:
    """`Through trapezius into levator scapulae, left, on the reference figure.` Muscles go by their whole name."""
    names: list[str] = []
    for crossing in path.crossings:
        name = _called(atlas, crossing.structure)
        if crossing.structure.side not in (side, "midline"):
            name = f"{name} ({crossing.structure.side})"
        if not names or names[-1] != name:
            names.append(name)
    if not names:
        said = f"Meets nothing that the atlas knows within {length_mm:g} mm"
    elif len(names) == 1:
        said = f"Into {names[0]}"
    else:
        said = f"Through {names[0]} into {names[1]}"
        said += f", then {_listed(names[2:])}" if names[2:] else ""
    where = "" if side == "midline" else f", {side}"
    return f"{said}{where}, on the reference figure."


def _called(atlas: Atlas, structure: Structure) -> str:
    """A structure as it stands within a sentence: whole muscles, since their parts have names that are sentences."""
    muscles = {region.id: region.muscle for region in atlas.regions}
    name = atlas.muscle(muscles[structure.id]).names.en if structure.id in muscles else structure.name
    return name[0].lower() + name[1:]


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
