"""Our definitions: served as they are shaped in the worked examples, with the lists of the code."""

import json
from typing import Any

import pytest

from bodymap.atlas import load_atlas
from bodymap.fhir.definitions import definitions
from tests.shared import SHARED

MADE = {(each["resourceType"], each["id"]): each for each in definitions(load_atlas())}


def plain(resource: dict[str, Any]) -> Any:
    """A resource as it is sent, less the version, which is the release's."""
    sent = json.loads(json.dumps(resource))
    del sent["version"]
    return sent


@pytest.mark.shared
def test_definitions_are_those_of_the_worked_examples() -> None:
    """Every definition is there, member by member, and no other; lists may have grown with the atlas."""
    wanted = [json.loads(path.read_text("utf-8")) for path in (SHARED / "fhir" / "definitions").iterdir()]
    assert {(each["resourceType"], each["id"]) for each in wanted} == set(MADE)
    for each in map(plain, wanted):
        made = plain(MADE[each["resourceType"], each["id"]])
        if each["resourceType"] == "CodeSystem":
            assert made.pop("count") == len(made["concept"]) >= each.pop("count")
            assert [concept for concept in each.pop("concept") if concept not in made["concept"]] == []
            del made["concept"]
        if each["resourceType"] == "ValueSet":
            for old, new in zip(each["compose"]["include"], made["compose"]["include"], strict=True):
                assert [concept for concept in old.pop("concept", []) if concept not in new.get("concept", [])] == []
                new.pop("concept", None)
        assert made == each


def test_lists_are_those_of_the_code() -> None:
    """Regions and landmarks are those of the atlas, none left out; what is bound has a value set."""
    atlas = load_atlas()
    assert [each["code"] for each in MADE["CodeSystem", "region"]["concept"]] == [each.id for each in atlas.regions]
    landmarks = {each["code"] for each in MADE["CodeSystem", "landmark"]["concept"]}
    assert landmarks == {each.id for each in atlas.landmarks.all}
    bound = {
        element["binding"]["valueSet"].rpartition("/")[2]
        for kind, id_ in MADE
        if kind == "StructureDefinition"
        for element in MADE[kind, id_]["snapshot"]["element"]
        if "binding" in element
    }
    assert {("ValueSet", name) for name in bound} <= set(MADE)
