"""Who and what a record names, as references: a FHIR reference stays one, any other text is an identifier."""

import re
from collections.abc import Mapping
from typing import Any

from bodymap.fhir.terms import ABSENT_EXTENSION

_REFERENCE = re.compile(
    r"([A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}(/_history/[A-Za-z0-9.-]{1,64})?|https?://\S+|urn:(uuid|oid):\S+)\Z"
)
_SYSTEM = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S*\Z")

UNKNOWN: dict[str, Any] = {"extension": [{"url": ABSENT_EXTENSION, "valueCode": "unknown"}]}


def reference(text: str, display: str | None = None) -> dict[str, Any]:
    """The Reference to who is named by a text; never with the text as its display, which is a person's name."""
    if _REFERENCE.match(text):
        named: dict[str, Any] = {"reference": text}
    else:
        system, bar, value = text.partition("|")
        whole = bool(bar and value and _SYSTEM.match(system))
        named = {"identifier": {"system": system, "value": value} if whole else {"value": text}}
    return {**named, **({"display": display} if display else {})}


def organization_reference(organization: str | None, name: str | None, tenant: str) -> dict[str, Any]:
    """The Reference to the organisation of a tenant: the FHIR reference that it states, else what it is called."""
    if organization and _REFERENCE.match(organization):
        return {"reference": organization}
    return {"display": organization or name or tenant}


def named_by(value: Any, known: Mapping[str, str] = {}) -> str | None:
    """The text that a Reference stands for; None where it names nobody. `known` has the addresses of resources that
    came in the same bundle, by their `fullUrl`."""
    if not isinstance(value, Mapping):
        return None
    text = value.get("reference")
    if isinstance(text, str):
        return known.get(text, text)
    identifier = value.get("identifier")
    if isinstance(identifier, Mapping) and isinstance(identifier.get("value"), str):
        system = identifier.get("system")
        return f"{system}|{identifier['value']}" if isinstance(system, str) else str(identifier["value"])
    display = value.get("display")
    return display if isinstance(display, str) else None


def is_unknown(value: Any) -> bool:
    """Whether an element says that its value is not known."""
    extensions = value.get("extension", []) if isinstance(value, Mapping) else []
    return any(each == UNKNOWN["extension"][0] for each in extensions)


def readdressed(value: Any, addresses: Mapping[str, str]) -> Any:
    """A resource with every Reference in it, in extensions too, led to where `addresses` says that its target is."""
    if isinstance(value, Mapping):
        return {
            name: addresses.get(each, each)
            if name == "reference" and isinstance(each, str)
            else readdressed(each, addresses)
            for name, each in value.items()
        }
    return [readdressed(each, addresses) for each in value] if isinstance(value, list) else value
