"""Where a point lies from a landmark, in words. Spanish, German and French are our own, reviewed by no translator."""

import math
from typing import Literal, NamedTuple

from bodymap.atlas.manifest import Side

Direction = Literal["lateral", "medial", "anterior", "posterior", "cranial", "caudal"]

# Nearer than this is "at"; distances are said to the half centimetre.
_AT_MM = 5.0
_STEP_MM = 5.0


class Words(NamedTuple):
    """What one language says. A direction stands `bare` before "and", and `bound` before the landmark's name."""

    bare: dict[Direction, str]
    bound: dict[Direction, str]
    one: str
    two: str
    at: str
    whole: str
    sides: dict[Side, str]
    decimal: str = "."


_ENGLISH = Words(
    bare={
        "lateral": "lateral",
        "medial": "medial",
        "anterior": "in front",
        "posterior": "behind",
        "cranial": "above",
        "caudal": "below",
    },
    bound={
        "lateral": "lateral to",
        "medial": "medial to",
        "anterior": "in front of",
        "posterior": "behind",
        "cranial": "above",
        "caudal": "below",
    },
    one="{0} {1}",
    two="{0} and {1} {2}",
    at="at {0}",
    whole="{place}, {side}, on the reference figure",
    sides={"left": "left", "right": "right", "midline": "midline"},
)

# In these a landmark stands with its preposition, in the form that `NameBook.phrase` gives: "del acromion".
_SPANISH = Words(
    bare={
        "lateral": "lateral",
        "medial": "medial",
        "anterior": "por delante",
        "posterior": "por detrás",
        "cranial": "por encima",
        "caudal": "por debajo",
    },
    bound={
        "lateral": "lateral respecto",
        "medial": "medial respecto",
        "anterior": "por delante",
        "posterior": "por detrás",
        "cranial": "por encima",
        "caudal": "por debajo",
    },
    one="{0} {1}",
    two="{0} y {1} {2}",
    at="a nivel {0}",
    whole="{place}, {side}, en la figura de referencia",
    sides={"left": "izquierdo", "right": "derecho", "midline": "línea media"},
    decimal=",",
)
_GERMAN_DIRECTIONS: dict[Direction, str] = {
    "lateral": "lateral",
    "medial": "medial",
    "anterior": "ventral",
    "posterior": "dorsal",
    "cranial": "kranial",
    "caudal": "kaudal",
}
_GERMAN = Words(
    bare=_GERMAN_DIRECTIONS,
    bound=_GERMAN_DIRECTIONS,
    one="{0} {1}",
    two="{0} und {1} {2}",
    at="im Bereich {0}",
    whole="{place}, {side}, an der Referenzfigur",
    sides={"left": "links", "right": "rechts", "midline": "Mittellinie"},
    decimal=",",
)
_FRENCH_DIRECTIONS: dict[Direction, str] = {
    "lateral": "en dehors",
    "medial": "en dedans",
    "anterior": "en avant",
    "posterior": "en arrière",
    "cranial": "au-dessus",
    "caudal": "au-dessous",
}
_FRENCH = Words(
    bare=_FRENCH_DIRECTIONS,
    bound=_FRENCH_DIRECTIONS,
    one="{0} {1}",
    two="{0} et {1} {2}",
    at="au niveau {0}",
    whole="{place}, {side}, sur la figure de référence",
    sides={"left": "gauche", "right": "droite", "midline": "ligne médiane"},
    decimal=",",
)
LANGUAGES = {"en": _ENGLISH, "es": _SPANISH, "de": _GERMAN, "fr": _FRENCH}


class Step(NamedTuple):
    """A distance in one direction, rounded to the half centimetre."""

    cm: float
    direction: Direction


def steps(*, lateral_mm: float | None, anterior_mm: float | None, cranial_mm: float) -> tuple[Step, ...]:
    """What is worth saying of an offset: at most two steps, across before along; none where it is at the landmark."""
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
    language: str = "en",
) -> str:
    """A place in words, such as "4 cm lateral and 1 cm below C7, left, on the reference figure".

    `landmark` is its name as it stands within a sentence of the language: in English "the acromion", in the others with
    its preposition. Raises `KeyError` for a language not here.
    """
    words = LANGUAGES[language]
    parts = steps(lateral_mm=lateral_mm, anterior_mm=anterior_mm, cranial_mm=cranial_mm)
    if not parts:
        place = words.at.format(landmark)
    else:
        length = [f"{part.cm:g} cm".replace(".", words.decimal) for part in parts]
        last = f"{length[-1]} {words.bound[parts[-1].direction]}"
        place = words.one.format(last, landmark)
        if len(parts) == 2:
            place = words.two.format(f"{length[0]} {words.bare[parts[0].direction]}", last, landmark)
    return words.whole.format(place=place, side=words.sides[side])


def _rounded_cm(value_mm: float) -> float:
    """To the nearest half, the half step upwards, whatever the sign."""
    # Rounded first, so that a mirrored point, which differs in the last bit, is said alike.
    return math.floor(round(abs(value_mm) / _STEP_MM, 6) + 0.5) * _STEP_MM / 10
