"""Names of muscles, bones and landmarks in the language of an answer."""

from functools import lru_cache

from bodymap.atlas.body import Atlas
from bodymap.atlas.labels import label_of
from bodymap.atlas.landmarks import Nearest
from bodymap.atlas.manifest import Region
from bodymap.atlas.names import NameBook, read_names
from bodymap.atlas.wording import relation
from bodymap.errors import Corrupt
from bodymap.words import Language, catalogue

# Muscles that are no regions and whose ids are English, by their Latin names.
_LATIN = {
    "digastric": "M. digastricus",
    "external-intercostals": "Mm. intercostales externi",
    "inferior-gemellus": "M. gemellus inferior",
    "internal-intercostals": "Mm. intercostales interni",
    "omohyoid": "M. omohyoideus",
    "sternohyoid": "M. sternohyoideus",
    "sternothyroid": "M. sternothyroideus",
    "superior-gemellus": "M. gemellus superior",
}


def region_name(region: Region, lang: Language) -> str:
    """What clinicians call the region in the language; the atlas's English name where `labels.tsv` has none."""
    label = label_of(region.id)
    return label.name(lang) if label is not None else region.names.en


def muscle_name(atlas: Atlas, muscle: str, lang: Language) -> str:
    """What clinicians call a whole muscle or named group in the language; the atlas's English name where `labels.tsv`
    has none. Raises `UnknownRegion` for one that the atlas does not have."""
    known = atlas.muscle(muscle)
    label = label_of(muscle)
    return label.name(lang) if label is not None else known.names.en


def area_name(atlas: Atlas, area: str, lang: Language) -> str:
    """A referral area as the atlas calls it in the language, or else in English."""
    book = _names(atlas)
    try:
        return book.name("area", area, lang) if book else atlas.referral.get(area).name
    except KeyError:
        return atlas.referral.get(area).name


def landmark_phrase(atlas: Atlas, landmark: str, lang: Language) -> str:
    """A landmark as it stands after "near"; as it was given where the atlas does not know it."""
    book = _names(atlas)
    try:
        if book is None:
            return landmark
        return book.name("landmark", landmark, "en") if lang == "en" else book.phrase(landmark, lang)
    except KeyError:
        return landmark


def place_phrase(atlas: Atlas, nearest: Nearest, lang: Language) -> str:
    """Where a point lies from a landmark, in a sentence of the language."""
    if lang == "en":
        return nearest.text
    return relation(
        landmark_phrase(atlas, nearest.landmark.id, lang),
        nearest.side,
        lateral_mm=nearest.lateral_mm,
        anterior_mm=nearest.anterior_mm,
        cranial_mm=nearest.cranial_mm,
        language=lang,
    )


def structure_name(structure: str, lang: Language) -> str:
    """A bone or a sheet in the language; a muscle that is no region in Latin, as most ids have it, or in English."""
    words = catalogue(lang).chart
    if structure in words.structures:
        return words.structures[structure]
    kind, _, which = structure.rpartition("-")
    if kind in ("rib", "vertebra"):
        return (words.rib if kind == "rib" else words.vertebra).format(n=which)
    if lang != "en" and structure in _LATIN:
        return _LATIN[structure]
    return structure.replace("-", " ").capitalize()


@lru_cache(maxsize=8)
def _names(atlas: Atlas) -> NameBook | None:
    """The names of an atlas, if it has any in other languages than Latin and English."""
    try:
        return read_names(atlas.file("names.json"))
    except Corrupt:
        return None
