"""A placement's members and the values of the extension `needle-placement`, both ways."""

from collections.abc import Mapping
from typing import Any

from bodymap.fhir.parts import Values
from bodymap.fhir.references import named_by

Native = Mapping[str, Any]

# Members that have a part of their own, by the name of the part.
_EQUAL = {
    "kind": "kind",
    "view": "view",
    "region": "region",
    "muscle": "muscle",
    "side": "side",
    "landmark": "landmark",
    "spacing": "spacing_mm",
    "skip": "skip",
    "also": "also",
    "count": "count",
    "insertions": "insertions",
    "depth": "depth_mm",
    "angle": "angle_from_normal_deg",
    "direction": "direction",
    "technique": "technique",
    "dwell": "dwell_s",
    "offset": "offset_mm",
    "precaution": "precaution",
}
_READ_ONLY = {"number": "number"}
_NEEDLE = {"diameter": "diameter_mm", "length": "length_mm", "lot": "lot", "maker": "maker"}
_ELECTRICAL = {"channel": "channel", "frequency": "hz", "duration": "minutes"}
_FINDINGS = {"state": "state", "tautBand": "taut_band", "familiarPain": "familiar_pain"}
_RESOLVED = ("region", "structure", "side", "layer", "muscle", "inferred", "view", "landmark")
_LINE = ("number", "region", "structure", "side")

# Where a member of a placement stands in the extension, for complaints about it.
PART_OF = {member: part for part, member in _EQUAL.items()} | {
    "at": "at",
    "site": "site",
    "ring": "ring",
    "outline": "outline",
    "needles": "needles",
    "needle": "needle",
    "electrical": "electrical",
    "trigger_point": "findings",
    "continues": "continues",
}


def values_of(placement: Native, atlas: str) -> Values:
    """The values of the extension of a placement as it is answered."""
    values: Values = {part: placement.get(member) for part, member in (_EQUAL | _READ_ONLY).items()}
    values |= {"atlas": atlas, "skip": placement.get("skip") or None, "also": placement.get("also") or None}
    values["at"] = _point(placement.get("at"))
    values["site"] = (placement.get("site") or {}).get("text")
    if ring := placement.get("ring"):
        values["ring"] = {**_point(ring["center"]), "radius": ring["radius_mm"], "needles": ring.get("needles")}
    if outline := placement.get("outline"):
        values["outline"] = {"vertex": [_point(corner) for corner in outline]}
    for part, member, names in _GROUPS:
        values[part] = renamed(placement.get(member), names)
    if placement.get("continues"):
        values["continues"] = {"reference": f"Procedure/{placement['continues']}"}
    line = placement.get("needles")
    if placement["kind"] == "perimeter" and isinstance(line, list):
        if not placement.get("ring") and not placement.get("outline"):
            values["needles"] = len(line) + len(placement.get("skip") or ())
        values["lineNeedle"] = [
            {**_picked(needle, _LINE), "at": _point(needle.get("at")), "flag": flags_of(needle)} for needle in line
        ]
    resolved = placement["resolved"]
    values["resolved"] = {**_picked(resolved, _RESOLVED), "at": _point(resolved.get("at"))}
    values["flag"] = flags_of(placement)
    return values


def stated_of(values: Values, known: Mapping[str, str]) -> dict[str, Any]:
    """The members of a placement that an extension states. `known` has the addresses of what came with it."""
    stated = {member: values[part] for part, member in _EQUAL.items() if part in values}
    if "at" in values:
        stated["at"] = _pair(values["at"])
    if "site" in values:
        stated["site"] = {"text": values["site"]}
    if ring := values.get("ring"):
        needles = {"needles": ring["needles"]} if "needles" in ring else {}
        stated["ring"] = {"center": _pair(ring), "radius_mm": ring.get("radius"), **needles}
    if "outline" in values:
        stated["outline"] = [_pair(corner) for corner in values["outline"].get("vertex", [])]
    if "needles" in values:
        stated["needles"] = values["needles"]
    for part, member, names in _GROUPS:
        if part in values:
            stated[member] = {names[name]: value for name, value in values[part].items()}
    if "continues" in values:
        stated["continues"] = (named_by(values["continues"], known) or "").removeprefix("Procedure/")
    return stated


def renamed(members: Native | None, names: Mapping[str, str]) -> Values | None:
    """The members of a group by the names of its parts."""
    return None if not members else {part: members[name] for part, name in names.items() if name in members}


def needle_values(needle: Native | None) -> Values | None:
    """The values of a `needle`."""
    return renamed(needle, _NEEDLE)


def needle_stated(values: Values) -> dict[str, Any]:
    """The needle that values state."""
    return {_NEEDLE[name]: value for name, value in values.items()}


def flags_of(flagged: Native) -> list[Values] | None:
    """The values of the flags of a placement, needle or session."""
    return [_picked(flag, ("code", "certainty", "side")) for flag in flagged.get("flags") or ()] or None


_GROUPS = (
    ("electrical", "electrical", _ELECTRICAL),
    ("needle", "needle", _NEEDLE),
    ("findings", "trigger_point", _FINDINGS),
)


def _picked(members: Native, names: tuple[str, ...]) -> Values:
    return {name: members.get(name) for name in names}


def _point(point: Any) -> Any:
    return None if point is None else {"x": point[0], "y": point[1]}


def _pair(values: Values) -> list[Any]:
    return [values.get("x"), values.get("y")]
