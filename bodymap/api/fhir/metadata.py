"""What the FHIR service can do (CapabilityStatement), and our definitions."""

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

import msgspec

from bodymap import __version__
from bodymap.api.fhir.editions import ROOT, base_of, parameter_of
from bodymap.api.http.problems import FHIR_JSON
from bodymap.api.operation import JSON, Answer, Call, Operation
from bodymap.atlas import Atlas
from bodymap.errors import Missing
from bodymap.fhir.definitions import DATE, definitions
from bodymap.fhir.search import PARAMETERS
from bodymap.fhir.terms import CANONICAL, coding, concept

_FORMATS = (FHIR_JSON, JSON)
_DEFINITIONS = ("StructureDefinition", "CodeSystem", "ValueSet", "SearchParameter", "OperationDefinition")
# What a row of the table does, by the word that its id begins with.
_INTERACTIONS = {
    "read": "read",
    "vread": "vread",
    "history": "history-instance",
    "create": "create",
    "find": "search-type",
}


def get_metadata(rows: Sequence[Operation], call: Call, _: Any) -> Answer:
    """The CapabilityStatement: what the rows of the table do, and no more."""
    statement = {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": DATE,
        "publisher": "bodymap",
        "kind": "instance",
        "software": {"name": "bodymap", "version": __version__},
        "implementation": {"description": "A record of dry needling with body charts", "url": base_of(call)},
        "fhirVersion": "4.0.1",
        "format": [FHIR_JSON, "json"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "service": [
                        concept(
                            "Bearer keys, and tokens of the issuers that the operator trusts",
                            coding("http://terminology.hl7.org/CodeSystem/restful-security-service", "OAuth"),
                        )
                    ]
                },
                "resource": _resources(rows),
                "interaction": [{"code": "transaction"}],
            }
        ],
    }
    return Answer(body=msgspec.json.encode(statement), media_type=call.media_type)


def _resources(rows: Sequence[Operation]) -> list[dict[str, Any]]:
    interactions: dict[str, list[str]] = {}
    for row in rows:
        kind = row.path.removeprefix(f"{ROOT}/").partition("/")[0]
        word = row.id.removesuffix(kind)
        if kind[:1].isupper() and word in _INTERACTIONS:
            interactions.setdefault(kind, []).append(_INTERACTIONS[word])
    return [
        {
            "type": kind,
            "interaction": [{"code": code} for code in codes],
            "versioning": "versioned" if "vread" in codes else "no-version",
            "readHistory": "history-instance" in codes,
            "updateCreate": False,
            **({"conditionalCreate": True} if "create" in codes else {}),
            **_searched(kind, codes),
            **({"operation": [_EVERYTHING]} if kind == "Procedure" else {}),
        }
        for kind, codes in sorted(interactions.items())
    ]


_EVERYTHING = {"name": "everything", "definition": f"{CANONICAL}/OperationDefinition/procedure-everything"}


def _searched(kind: str, codes: Sequence[str]) -> dict[str, Any]:
    """The search parameters of a type, and what may come along."""
    if "search-type" not in codes:
        return {}
    named = [name for name, parameter in PARAMETERS[kind].items() if parameter.references is not None]
    around = [
        f"{other}:{name}"
        for other, parameters in PARAMETERS.items()
        for name, parameter in parameters.items()
        if other != kind and parameter.references is not None
    ]
    return {
        "searchInclude": [f"{kind}:{name}" for name in named],
        "searchRevInclude": around,
        "searchParam": [{"name": name, "type": parameter.type} for name, parameter in PARAMETERS[kind].items()],
    }


@cache
def _defined(atlas: Atlas) -> Mapping[tuple[str, str], dict[str, Any]]:
    return {(each["resourceType"], each["id"]): each for each in definitions(atlas)}


def get_definition(kind: str, call: Call, _: Any) -> Answer:
    """A definition of ours, with the lists of the atlas that new sessions take."""
    id_ = call.path[parameter_of(kind)]
    found = _defined(call.backend.atlas).get((kind, id_))
    if found is None:
        names = ", ".join(name for other, name in _defined(call.backend.atlas) if other == kind)
        raise Missing(f"There is no {kind} {id_} here; there are {names}.")
    return Answer(body=msgspec.json.encode(found), media_type=call.media_type)


def metadata_of(rows: Sequence[Operation]) -> Operation:
    """The row of the CapabilityStatement, which tells of the other rows."""
    return Operation(
        method="GET",
        path=f"{ROOT}/metadata",
        id="getCapabilities",
        tag="FHIR",
        summary="What the FHIR service can do",
        handler=partial(get_metadata, rows),
        scope=None,
        query=None,
        media_types=_FORMATS,
        described=False,
    )


OPERATIONS = tuple(
    Operation(
        method="GET",
        path=f"{ROOT}/{kind}/{{{parameter_of(kind)}}}",
        id=f"read{kind}",
        tag="FHIR",
        summary=f"A {kind} of ours",
        handler=partial(get_definition, kind),
        scope="atlas:read",
        query=None,
        media_types=_FORMATS,
        described=False,
    )
    for kind in _DEFINITIONS
)
