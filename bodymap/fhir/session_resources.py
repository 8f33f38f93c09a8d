"""Everything of a session as resources, in the order in which a search gives them."""

from collections.abc import Iterator, Mapping
from typing import Any

from bodymap.fhir.observations import observations
from bodymap.fhir.places import Names
from bodymap.fhir.procedures import placement_resources, session_procedure, subject_of

Resource = dict[str, Any]


def resources_of(session: Mapping[str, Any], names: Names, chart: bool = True) -> Iterator[Resource]:
    """The Procedures, BodyStructures and Observations of a session as it is answered, without `meta`.

    With `chart` the session refers to its DocumentReference.
    """
    subject = {"subject": subject_of(session)}
    state = {"status": "entered-in-error" if session["status"] == "voided" else "final"}
    yield session_procedure(session, names, chart)
    for placement in session["placements"]:
        yield from placement_resources(session, placement, names)
        for each in observations(session, placement, f"placement {placement['number']}", subject):
            yield {**each, **state}
    for each in observations(session, session, "the session", subject):
        yield {**each, **state}
