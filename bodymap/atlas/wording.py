"""Where a point lies from a landmark, in words."""

import math
from typing import Literal, NamedTuple

from bodymap.atlas.manifest import Side
from bodymap.words import Language, catalogue

Direction = Literal["lateral", "medial", "anterior", "posterior", "cranial", "caudal"]

# Nearer than this is "at"; distances are given to the half centimetre.
_AT_MM = 5.0
_STEP_MM = 5.0


class Step(NamedTuple):
    """A distance in one direction, rounded to the half centimetre."""

    cm: float
    direction: Direction


def steps(*, lateral_mm: float | None, anterior_mm: float | None, cranial_mm: float) -> tuple[Step, ...]:
    """An offset in words: at most two steps, across before along; none if the point is at the landmark."""
    across = lateral_mm if lateral_mm is not None else anterior_mm or 0.0
    if math.hypot(across, cranial_mm) < _AT_MM:
        return ()
    outward: tuple[Direction, Direction] = ("anterior", "posterior") if lateral_mm is None else ("lateral", "medial")
    said = (
        Step(_rounded_cm(across), outward[0] if across > 0 else outward[1]),
        Step(_rounded_cm(cranial_mm), "cranial" if cranial_mm > 0 else "caudal"),
    )
    return tuple(step for step in said if step.cm > 0)


def relation(
    landmark: str,
    side: Side,
    *,
    lateral_mm: float | None,
    anterior_mm: float | None,
    cranial_mm: float,
    language: Language = "en",
) -> str:
    """A place in words, such as "4 cm lateral and 1 cm below C7, left, on the reference figure".

    `landmark` is its name as it stands within a sentence of the language: in English "the acromion", in the others with
    its preposition. Raises `KeyError` for a language not here.
    """
    spoken = catalogue(language)
    form, words = spoken.form, spoken.place
    parts = steps(lateral_mm=lateral_mm, anterior_mm=anterior_mm, cranial_mm=cranial_mm)
    if not parts:
        place = words.at.format(landmark=landmark)
    else:
        length = [form.number(f"{part.cm:g} cm") for part in parts]
        last = f"{length[-1]} {words.bound[parts[-1].direction]}"
        place = words.one.format(way=last, landmark=landmark)
        if len(parts) == 2:
            first = f"{length[0]} {words.bare[parts[0].direction]}"
            place = words.two.format(first=first, second=last, landmark=landmark)
    return words.whole.format(place=place, side=spoken.chart.sides[side])


def _rounded_cm(value_mm: float) -> float:
    """To the nearest half, the half step upwards, whatever the sign."""
    # Rounded first, so that a mirrored point, which differs in the last bit, gets the same words.
    return math.floor(round(abs(value_mm) / _STEP_MM, 6) + 0.5) * _STEP_MM / 10
