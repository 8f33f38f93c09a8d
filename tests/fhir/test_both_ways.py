"""A session and its FHIR form are two views of one record: nothing is lost on the way, whichever way."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bodymap.fhir.foreign import foreign_of, with_foreign
from bodymap.fhir.issues import Issue
from bodymap.fhir.session_resources import resources_of
from bodymap.fhir.visits import Entry, visits_of
from tests.fhir.sessions import NAMES, answered, stated_of, statements


@given(statements)
def test_native_to_fhir_to_native(statement: dict[str, Any]) -> None:
    """Whatever a client states comes back from its resources as the service keeps it."""
    session = answered(statement)
    made = list(resources_of(session, NAMES))
    entries = [Entry(each, each["resourceType"], f"{each['resourceType']}/{each['id']}") for each in made]
    issues: list[Issue] = []
    [visit] = visits_of(entries, {}, issues.append)
    assert issues == []
    assert visit.statement == stated_of(session)


@given(statements)
def test_fhir_to_native_to_fhir(statement: dict[str, Any]) -> None:
    """The resources of the session that resources state are those resources again, but for ids."""
    made = list(resources_of(answered(statement), NAMES))
    entries = [Entry(each, each["resourceType"], f"{each['resourceType']}/{each['id']}") for each in made]
    [visit] = visits_of(entries, {}, lambda issue: None)
    again = list(resources_of(answered(visit.statement), NAMES))
    assert [_without_ids(each) for each in again] == [_without_ids(each) for each in made]


def _without_ids(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _without_ids(each) for name, each in value.items() if name not in ("id", "reference")}
    return [_without_ids(each) for each in value] if isinstance(value, list) else value


leaves = st.integers(0, 3) | st.sampled_from(["a", "b"])
resources = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["x", "y", "system", "code"]), inner),
    max_leaves=12,
)
objects = st.dictionaries(st.sampled_from(["a", "b", "category"]), resources)


@given(objects)
def test_what_the_record_has_no_home_for_is_given_back(foreign: dict[str, Any]) -> None:
    """Members that ours lacks come back as they came."""
    ours = {"resourceType": "Procedure", "id": "1", "status": "completed"}
    came = {**ours, **foreign}
    assert with_foreign(ours, foreign_of(came, ours)) == came


def test_foreign_parts_of_our_elements_are_given_back() -> None:
    """Further performers, notes, codings and extensions, parts of an identifier, tags and own narrative are kept."""
    ours: dict[str, Any] = {
        "resourceType": "Procedure",
        "id": "1",
        "text": {"status": "generated", "div": "<div/>"},
        "extension": [{"url": "ours", "extension": [{"url": "kind", "valueCode": "trigger_point"}]}],
        "identifier": [{"system": "s", "value": "v"}],
        "code": {"coding": [{"system": "ours", "code": "dry-needling"}], "text": "Dry needling"},
        "performer": [{"actor": {"reference": "Practitioner/7"}}],
        "note": [{"text": "Sore"}],
    }
    came = {
        **ours,
        "meta": {"versionId": "3", "tag": [{"code": "x"}]},
        "text": {"status": "additional", "div": "<div>own</div>"},
        "extension": [{"url": "theirs", "valueCode": "a"}, *ours["extension"]],
        "identifier": [{"system": "s", "value": "v", "use": "official"}],
        "code": {"coding": [{"system": "theirs", "code": "1"}, *ours["code"]["coding"]], "text": "Dry needling"},
        "performer": [
            {"actor": {"reference": "Practitioner/7"}, "onBehalfOf": {"reference": "Organization/1"}},
            {"actor": {"reference": "Practitioner/8"}},
        ],
        "note": [{"text": "Sore", "time": "2026-11-23"}, {"text": "More"}],
        "category": {"text": "Therapy"},
    }
    kept = foreign_of(came, ours)
    back = with_foreign(ours, kept)
    assert back["extension"] == [*ours["extension"], {"url": "theirs", "valueCode": "a"}]
    assert back["code"]["coding"] == [*ours["code"]["coding"], {"system": "theirs", "code": "1"}]
    for name in ("identifier", "performer", "note", "category"):
        assert back[name] == came[name]
    assert back["meta"] == {"tag": [{"code": "x"}]}
    assert back["text"] == came["text"]
