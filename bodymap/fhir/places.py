"""What a place is called and coded: its text with the side, its region's codes, the qualifier of its side."""

from collections.abc import Mapping
from typing import Any

from bodymap.atlas import Atlas
from bodymap.atlas.codes import codes_of
from bodymap.atlas.labels import label_of
from bodymap.errors import BodymapError
from bodymap.fhir.terms import PLACE_GROUP, QUALIFIERS, REGION, SNOMED, coding, concept

_SIDES = {"left": "Left ", "right": "Right ", "both": "Both sides: "}


class Names:
    """Names and codes of an atlas. SNOMED CT codes that need a licence are there only if it is `licensed`."""

    def __init__(self, atlas: Atlas, licensed: bool = False) -> None:
        self._atlas = atlas
        self._licensed = licensed

    def region(self, region_id: str) -> str:
        """The English name of a region."""
        return self._atlas.region(region_id).names.en

    def muscle(self, muscle_id: str) -> str:
        """The English name of a muscle, or of a named group of muscles."""
        label = label_of(muscle_id)
        return label.names["en"] if label is not None else self._atlas.muscle(muscle_id).names.en

    def display(self, system: str, code: str) -> str | None:
        """What a code of ours is called; None for a code that is not in this atlas."""
        try:
            return self.region(code) if system == REGION else None
        except BodymapError:
            return None

    def codings(self, region_id: str) -> list[dict[str, Any]]:
        """Our code of a region, and SNOMED CT's where one is the region's own: no near, no broader one."""
        region = self._atlas.region(region_id)
        own = [
            coding(SNOMED, code.code, code.display)
            for code in codes_of(region, self._licensed)
            if code.system == SNOMED and code.relation == "own" and code.side is None
        ]
        return [coding(REGION, region_id, region.names.en), *own]


def location(placement: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Where a placement is, as it was resolved: text with the side, and the codes that say exactly that."""
    resolved = placement["resolved"]
    if site := placement.get("site"):
        return concept(site["text"])
    if resolved.get("region"):
        name, codings = names.region(resolved["region"]), names.codings(resolved["region"])
    elif placement.get("muscle") and not resolved.get("structure"):
        name = names.muscle(placement["muscle"])
        codings = [coding(PLACE_GROUP, placement["muscle"], name)]
    else:
        name, codings = (resolved.get("structure") or "a place without a name").replace("-", " "), []
    side = _SIDES.get(resolved.get("side") or "", "")
    return concept(side + (name[0].lower() if side else name[0].upper()) + name[1:], *codings)


def qualifiers(placement: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The side of a place; none on the midline, for which R4's value set has no code."""
    side = QUALIFIERS.get(placement["resolved"].get("side") or "")
    return [concept(side[1], coding(SNOMED, *side))] if side else []
