"""The path of a needle through the reference body, and what runs beside a straight line, as sentences."""

from bodymap.atlas.aponeurosis import APONEUROTIC, FASCIA_BELOW
from bodymap.atlas.body import Atlas
from bodymap.atlas.local_names import muscle_name, structure_name
from bodymap.atlas.manifest import Side, Structure
from bodymap.atlas.needle_path import Crossing, NeedlePath
from bodymap.atlas.neurovascular import Course
from bodymap.words import Language, catalogue

# A muscle lies over the fascia if no more than this is between them: the reference body's sheets lie loosely.
_OVER_MM = 10.0


def in_words(atlas: Atlas, path: NeedlePath, side: Side, length_mm: float, lang: Language = "en") -> str:
    """`Through trapezius into levator scapulae, left, on the reference figure.` Muscles go by their whole name."""
    spoken = catalogue(lang)
    form, words, sides = spoken.form, spoken.way, spoken.chart.sides
    names: list[str] = []
    for crossing in path.crossings:
        name = form.within(_called(atlas, crossing.structure, lang))
        if _is_aponeurosis(crossing, path):
            name = words.aponeurosis.format(name=name)
        if crossing.side not in (side, "midline"):
            name = words.other_side.format(name=name, side=sides[crossing.side])
        if not names or names[-1] != name:
            names.append(name)
    if not names:
        way = words.nothing.format(mm=form.number(f"{length_mm:g}"))
    elif len(names) == 1:
        way = words.into.format(first=names[0])
    else:
        way = words.through.format(first=names[0], second=names[1])
        way = words.beyond.format(way=way, listed=form.listed(names[2:])) if names[2:] else way
    return words.whole.format(way=way) if side == "midline" else words.whole_side.format(way=way, side=sides[side])


def beside_in_words(course: Course, distance_mm: float, lang: Language = "en") -> str:
    """`In the reference body, 4 mm beside this line: suprascapular nerve, left.` A course by landmarks says so."""
    spoken = catalogue(lang)
    words = spoken.way.beside_constructed if course.constructed else spoken.way.beside
    return words.format(
        mm=spoken.form.number(f"{distance_mm:.0f}"),
        name=spoken.form.within(structure_name(course.id, lang)),
        side=spoken.chart.sides[course.side],
    )


def _is_aponeurosis(crossing: Crossing, path: NeedlePath) -> bool:
    """Whether what is crossed there is the muscle's aponeurosis: it lies over the fascia that it springs from."""
    return crossing.structure.id in APONEUROTIC and any(
        other.structure.id == FASCIA_BELOW
        and other.begins_mm - crossing.ends_mm <= _OVER_MM
        and crossing.begins_mm - other.ends_mm <= _OVER_MM
        for other in path.crossings
    )


def _called(atlas: Atlas, structure: Structure, lang: Language) -> str:
    """A structure by its name, a muscle's part by that of the whole muscle."""
    muscles = {region.id: region.muscle for region in atlas.regions}
    if structure.id in muscles:
        return muscle_name(atlas, muscles[structure.id], lang)
    return structure.name if lang == "en" else structure_name(structure.id, lang)
