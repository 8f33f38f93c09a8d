"""A plate for patients, with names in plain words.

Every region still is an element with an id, a title, `data-region` and `data-side`, as clients rely on; what these name
is the place in a patient's words. Nothing else of the drawing has a name.
"""

from collections import Counter

from msgspec import structs

from bodymap.atlas.plates import Element, Plate
from bodymap.rendering.wording.plain_places import PLAIN_PLACES
from bodymap.words import Language, catalogue
from bodymap.words.patients import PlainWords

_KEPT = ("data-atlas", "data-view", "viewBox", "role")
_NAMES = ("id", "data-region", "data-side", "data-structure")


def in_plain_words(plate: Plate, lang: Language) -> Plate:
    """The plate with plain names in place of its own."""
    words = catalogue(lang).patient.chart
    used: Counter[str] = Counter()
    groups = {
        name: structs.replace(group, elements=tuple(_named(element, words, used) for element in group.elements))
        for name, group in plate.groups.items()
    }
    return structs.replace(
        plate,
        title=words.views[plate.view],
        attributes={name: value for name, value in plate.attributes.items() if name in _KEPT},
        groups=groups,
        raw=b"",
    )


def _named(element: Element, words: PlainWords, used: Counter[str]) -> Element:
    kept = {name: value for name, value in element.attributes.items() if name not in _NAMES}
    place = PLAIN_PLACES.get(element.region)
    if place is None:
        return structs.replace(element, id="", region="", structure="", title="", attributes=kept)
    side = element.side or "midline"
    name = f"{place}-{side}"
    used[name] += 1
    # Several muscles are one place to a patient, and no two elements have one id.
    own = name if used[name] == 1 else f"{name}-{used[name]}"
    names = {"id": own, "data-region": place, "data-side": side}
    title = f"{words.places[place].label}, {words.sides[side]}"
    return structs.replace(element, id=own, region=place, title=title, attributes={**names, **kept})
