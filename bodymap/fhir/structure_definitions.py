"""StructureDefinitions of our extensions, made from their parts."""

from collections.abc import Iterator, Sequence
from typing import Any

from bodymap.fhir.parts import Part
from bodymap.fhir.terms import UCUM, VALUE_SETS

Resource = dict[str, Any]

_HL7 = "http://hl7.org/fhir/StructureDefinition"

# What must hold of a placement's parts together: key, in words, as FHIRPath.
PLACEMENT_RULES = (
    (
        "np-1",
        "A point, a ring or an outline needs its view",
        "(extension.where(url='at' or url='ring' or url='outline').exists()) implies "
        "extension.where(url='view').exists()",
    ),
    (
        "np-2",
        "A trigger point has exactly one place: a point, a landmark, a site, or else region or muscle, and side",
        "extension.where(url='kind' and value='trigger_point').exists() implies (extension.where(url='at' or "
        "url='landmark' or url='site').count()=1 or (extension.where(url='at' or url='landmark' or "
        "url='site').empty() and extension.where(url='region' or url='muscle').exists() and "
        "extension.where(url='side').exists()))",
    ),
    (
        "np-3",
        "A perimeter has exactly one line: a ring, an outline with its spacing, or else region or muscle, side "
        "and needles",
        "extension.where(url='kind' and value='perimeter').exists() implies ((extension.where(url='ring' or "
        "url='outline').count()=1 and (extension.where(url='ring').exists() or "
        "extension.where(url='spacing').exists())) or (extension.where(url='ring' or url='outline').empty() and "
        "extension.where(url='region' or url='muscle').exists() and extension.where(url='side').exists() and "
        "extension.where(url='needles').exists()))",
    ),
    (
        "np-4",
        "What belongs to a trigger point is not said of a perimeter, nor the other way round",
        "(extension.where(url='kind' and value='perimeter').exists() implies (extension.where(url='at' or "
        "url='landmark' or url='offset' or url='site' or url='count' or url='findings').exists()).not()) and "
        "(extension.where(url='kind' and value='trigger_point').exists() implies (extension.where(url='ring' or "
        "url='outline' or url='spacing' or url='needles' or url='skip' or url='lineNeedle').exists()).not())",
    ),
    (
        "np-5",
        "An offset is measured from a landmark",
        "extension.where(url='offset').exists() implies extension.where(url='landmark').exists()",
    ),
    (
        "np-6",
        "A region or a muscle is stated, not both",
        "extension.where(url='region' or url='muscle').count() <= 1",
    ),
    (
        "np-7",
        "Both sides are said of perimeters only: of points, two placements, one a side",
        "extension.where(url='side' and value='both').exists() implies extension.where(url='kind' and "
        "value='perimeter').exists()",
    ),
)

_ELE = {
    "key": "ele-1",
    "severity": "error",
    "human": "All FHIR elements must have a @value or children",
    "expression": "hasValue() or (children().count() > id.count())",
    "source": f"{_HL7}/Element",
}
_EXT = {
    "key": "ext-1",
    "severity": "error",
    "human": "Must have either extensions or value[x], not both",
    "expression": "extension.exists() != value.exists()",
    "source": f"{_HL7}/Extension",
}
_SLICING = {"discriminator": [{"type": "value", "path": "url"}], "ordered": False, "rules": "closed"}


def structure_definition(head: Resource, contexts: Sequence[str], parts: Sequence[Part], rules: Any) -> Resource:
    """The StructureDefinition of an extension on elements; `head` is what every definition begins with."""
    url, title, text = head["url"], head["title"], head["description"]
    own = [
        {"key": key, "severity": "error", "human": human, "expression": expression, "source": url}
        for key, human, expression in rules
    ]
    elements = [
        {
            **_element("Extension", "Extension", title, 0, "*", "Extension"),
            "definition": text,
            "constraint": [_ELE, _EXT, *own],
        },
        _id("Extension", "Extension"),
        {
            "id": "Extension.extension",
            "path": "Extension.extension",
            "slicing": _SLICING,
            "short": "Parts",
            "definition": "The parts.",
            "min": sum(part.least for part in parts),
            "max": "*",
            **_base("Element.extension", 0, "*"),
            "type": [{"code": "Extension"}],
            "isModifier": False,
        },
        *_elements("Extension", "Extension", parts),
        _url("Extension", "Extension", url, "The canonical address of this definition."),
        {
            **_element("Extension.value[x]", "Extension.value[x]", "None", 0, "0", "Extension.value[x]", "1"),
            "definition": "None: the parts carry the values.",
            "type": [{"code": "string"}],
        },
    ]
    return {
        **head,
        "fhirVersion": "4.0.1",
        "kind": "complex-type",
        "abstract": False,
        "context": [{"type": "element", "expression": context} for context in contexts],
        "type": "Extension",
        "baseDefinition": f"{_HL7}/Extension",
        "derivation": "constraint",
        "snapshot": {"element": elements},
        "differential": {"element": [_differing(each) for each in elements if not each["id"].endswith(".id")]},
    }


def _differing(element: Resource) -> Resource:
    kept = {name: value for name, value in element.items() if name not in ("base", "isModifier", "representation")}
    rules = [
        {name: value for name, value in rule.items() if name != "source"}
        for rule in kept.pop("constraint", ())
        if rule["key"] not in ("ele-1", "ext-1")
    ]
    return {**kept, **({"constraint": rules} if rules else {})}


def _elements(prefix_id: str, prefix_path: str, parts: Sequence[Part]) -> Iterator[Resource]:
    path = f"{prefix_path}.extension"
    for part in parts:
        id_ = f"{prefix_id}.extension:{part.name}"
        yield {
            "id": id_,
            "path": path,
            "sliceName": part.name,
            "short": part.short,
            "definition": f"{part.short}.",
            "min": part.least,
            "max": "*" if part.most is None else str(part.most),
            **_base("Element.extension", 0, "*"),
            "type": [{"code": "Extension"}],
            "constraint": [_ELE, _EXT],
            "isModifier": False,
        }
        yield _id(id_, path)
        yield {
            "id": f"{id_}.extension",
            "path": f"{path}.extension",
            **({"slicing": _SLICING} if part.parts else {}),
            "short": "Parts" if part.parts else "None",
            "definition": "The parts." if part.parts else "None.",
            "min": sum(each.least for each in part.parts),
            "max": "*" if part.parts else "0",
            **_base("Element.extension", 0, "*"),
            "type": [{"code": "Extension"}],
            "isModifier": False,
        }
        yield from _elements(id_, path, part.parts)
        yield _url(id_, path, part.name, "The name of the part.")
        yield {
            **_element(f"{id_}.value[x]", f"{path}.value[x]", part.short, 0, "0", "Extension.value[x]", "1"),
            **_value(part),
        }


def _value(part: Part) -> Resource:
    if part.parts:
        return {"type": [{"code": "string"}]}
    profiles = [f"{_HL7}/{kind}" for kind in part.target]
    return {
        "min": 1,
        "max": "1",
        "type": [{"code": part.type, **({"targetProfile": profiles} if profiles else {})}],
        **({"binding": {"strength": "required", "valueSet": f"{VALUE_SETS}{part.binding}"}} if part.binding else {}),
        **({"patternQuantity": {"system": UCUM, "code": part.unit}} if part.unit else {}),
    }


def _element(id_: str, path: str, short: str, least: int, most: str, base: str, base_most: str = "*") -> Resource:
    return {
        "id": id_,
        "path": path,
        "short": short,
        "definition": f"{short}.",
        "min": least,
        "max": most,
        **_base(base, 0, base_most),
        "isModifier": False,
    }


def _base(path: str, least: int, most: str) -> Resource:
    return {"base": {"path": path, "min": least, "max": most}}


def _id(id_: str, path: str) -> Resource:
    text = "Unique id for inter-element referencing"
    return {
        **_element(f"{id_}.id", f"{path}.id", text, 0, "1", "Element.id", "1"),
        "representation": ["xmlAttr"],
        "definition": "Unique id for the element within a resource.",
        "type": _string("string"),
    }


def _url(id_: str, path: str, url: str, text: str) -> Resource:
    short = "identifies the meaning of the extension"
    return {
        **_element(f"{id_}.url", f"{path}.url", short, 1, "1", "Extension.url", "1"),
        "base": {"path": "Extension.url", "min": 1, "max": "1"},
        "representation": ["xmlAttr"],
        "definition": text,
        "type": _string("uri"),
        "fixedUri": url,
    }


def _string(kind: str) -> list[Resource]:
    extension = {"url": f"{_HL7}/structuredefinition-fhir-type", "valueUrl": kind}
    return [{"extension": [extension], "code": "http://hl7.org/fhirpath/System.String"}]
