"""Places stated by a whole muscle or a named group: the member at a point, all members without one, counted as one."""

from typing import Any

import msgspec
import pytest

from bodymap.atlas import load_atlas, load_atlases
from bodymap.charting.matching import match
from bodymap.charting.placement import RecordedPlacement
from bodymap.charting.screening import visit_place
from bodymap.charting.session import Session, SessionStatement, Summary
from bodymap.decoding import decode
from bodymap.errors import Complaint, Invalid
from bodymap.service import UseCases

ATLAS = load_atlas()
USE_CASES = UseCases.on(load_atlases())


def session(*placements: dict[str, Any], **facts: Any) -> Session:
    body = msgspec.json.encode({"placements": [{"kind": "trigger_point", **p} for p in placements], **facts})
    return USE_CASES.sessions.draft(decode(body, SessionStatement))


def place(**statement: Any) -> RecordedPlacement:
    return session(statement).placements[0]


def refusals(**statement: Any) -> list[Complaint]:
    with pytest.raises(Invalid) as caught:
        session(statement)
    return list(caught.value.complaints)


def summary(*placements: dict[str, Any]) -> Summary:
    return USE_CASES.sessions.answer(session(*placements)).summary


def whole(muscle: str, side: str = "left", **further: Any) -> dict[str, Any]:
    return {"muscle": muscle, "side": side, **further}


def part(region: str, side: str = "left") -> dict[str, Any]:
    return {"region": region, "side": side}


def test_at_a_point_the_member_under_it_is_meant() -> None:
    """The group becomes its member there, which nobody inferred, and stays as it was stated."""
    found = place(muscle="rotator-cuff", view="posterior", at=[235, 369])
    resolved = found.resolved
    assert (found.muscle, found.region, resolved.region, resolved.muscle) == (
        "rotator-cuff",
        None,
        "infraspinatus",
        "infraspinatus",
    )
    assert (resolved.inferred, resolved.side, resolved.at) == (False, "left", (235, 369))
    assert "region-differs" not in {flag.code for flag in found.flags}


def test_a_member_under_others_counts_as_under_the_point() -> None:
    """What lies over the member is passed through, as for a stated region."""
    assert place(view="posterior", at=[300, 420]).resolved.region == "trapezius-ascending"
    found = place(muscle="rhomboids", view="posterior", at=[300, 420])
    assert found.resolved.region == "rhomboid-major"
    assert "region-differs" not in {flag.code for flag in found.flags}


def test_beside_all_members_the_nearest_is_meant_and_flagged() -> None:
    """Within 30 mm the nearest member is kept, with what the reference body has there; a landmark does the same."""
    found = place(muscle="rhomboids", view="posterior", at=[270, 400])
    [flag] = [flag for flag in found.flags if flag.code == "region-differs"]
    assert found.resolved.region == "rhomboid-major"
    assert flag.distance_mm is not None
    assert 0 < flag.distance_mm <= 30
    by_landmark = place(muscle="multifidus", landmark="L4", offset_mm={"lateral": 15}, side="right")
    assert (by_landmark.resolved.region, by_landmark.resolved.side) == ("multifidus-lumborum", "right")


@pytest.mark.parametrize(
    ("statement", "pointer", "code"),
    [
        ({"muscle": "rhomboids", "view": "posterior", "at": [230, 400]}, "/placements/0/muscle", "region-elsewhere"),
        ({"muscle": "rotator-cuff", "view": "posterior", "at": [235, 369], "side": "right"}, "/placements/0/side", ""),
        ({"muscle": "rotator-cuff"}, "/placements/0/side", "side-missing"),
        ({"muscle": "rotator-cuff", "side": "midline"}, "/placements/0/side", "side-disagrees"),
        ({"muscle": "piriformis", "side": "midline"}, "/placements/0/side", "side-disagrees"),
        ({"muscle": "suboccipitals", "side": "left", "view": "anterior"}, "/placements/0/view", "not-shown"),
        ({"muscle": "gluteals", "region": "gluteus-medius", "side": "left"}, "/placements/0/muscle", "two-places"),
        ({"muscle": "gluteals", "site": {"text": "hip"}, "side": "left"}, "/placements/0/muscle", "two-places"),
        ({"muscle": "rotator-cuffs", "side": "left"}, "/placements/0/muscle", "unknown-muscle"),
        ({"muscle": "hamstrings", "side": "left"}, "/placements/0/muscle", "unknown-muscle"),
        ({"muscle": "trapezius-descending", "side": "left"}, "/placements/0/muscle", "unknown-muscle"),
        ({"muscle": "neck", "side": "left"}, "/placements/0/muscle", "unknown-muscle"),
    ],
)
def test_a_muscle_that_does_not_fit_is_pointed_at(statement: dict[str, Any], pointer: str, code: str) -> None:
    """One complaint that names the member of the statement."""
    [complaint] = refusals(**statement)
    assert complaint.pointer == pointer
    assert code in ("", complaint.code)


def test_as_region_a_muscle_is_refused_with_its_regions_and_the_way() -> None:
    """The message lists the regions and points to `muscle`; a part of the body is no muscle."""
    for name, members in (("rotator-cuff", 4), ("trapezius", 3)):
        [complaint] = refusals(region=name, side="left")
        assert (complaint.code, len(complaint.regions)) == ("not-a-region", members)
        assert "`muscle`" in complaint.detail
    assert "`muscle`" not in refusals(region="neck", side="left")[0].detail
    assert "`site`" in refusals(muscle="calf", side="left")[0].detail
    assert refusals(muscle="glutes", side="left")[0].suggestions[0] == "gluteals"


def test_without_a_point_all_members_are_meant() -> None:
    """Nothing is resolved but the muscle; what a member may have is possible, nothing more."""
    found = place(**whole("rotator-cuff"))
    resolved = found.resolved
    assert (resolved.region, resolved.structure, resolved.muscle, resolved.side, resolved.inferred) == (
        None,
        None,
        "rotator-cuff",
        "left",
        False,
    )
    members = {flag.code for name in ("supraspinatus", "infraspinatus") for flag in place(**part(name)).flags}
    assert members <= {flag.code for flag in found.flags}
    assert {flag.certainty for flag in found.flags} == {"possible"}
    assert USE_CASES.sessions.answer(session(whole("rotator-cuff"))).summary.needles_unstated == 1


def test_a_muscle_of_one_region_is_that_region() -> None:
    """The record differs from that of the region in what was stated, and in nothing else."""
    by_muscle, by_region = place(**whole("piriformis")), place(**part("piriformis"))
    assert (by_muscle.resolved, by_muscle.flags) == (by_region.resolved, by_region.flags)
    assert (by_muscle.muscle, by_muscle.region) == ("piriformis", None)


def test_a_line_may_be_stated_by_a_muscle() -> None:
    """Its needles stand somewhere in the group, on a side or both; a ring becomes the member at its centre."""
    line = place(kind="perimeter", muscle="gluteals", side="both", needles=6)
    assert [(needle.region, needle.side) for needle in line.needles] == [(None, "both")] * 6  # type: ignore[union-attr]
    ring = {"center": [280, 800], "radius_mm": 20, "needles": 6}
    around = place(kind="perimeter", muscle="gluteals", view="posterior", ring=ring)
    assert around.resolved.region == "gluteus-maximus"


@pytest.mark.parametrize(
    ("placements", "muscles", "code"),
    [
        ([whole("rotator-cuff")], ("rotator-cuff",), "20560"),
        ([whole("rotator-cuff"), whole("rotator-cuff", "right")], ("rotator-cuff",), "20560"),
        ([part("supraspinatus"), whole("rotator-cuff"), part("teres-minor")], ("rotator-cuff",), "20560"),
        ([whole("erector-spinae"), whole("paraspinals")], ("erector-spinae",), "20560"),
        ([whole("longissimus"), whole("iliocostalis")], ("longissimus", "iliocostalis"), "20560"),
        ([whole("longissimus"), whole("iliocostalis"), whole("erector-spinae")], ("longissimus",), "20560"),
        ([whole("trapezius"), part("trapezius-ascending")], ("trapezius",), "20560"),
        (
            [whole("cervical-paraspinals"), part("multifidus-lumborum"), part("piriformis")],
            ("cervical-paraspinals", "multifidus", "piriformis"),
            "20561",
        ),
        (
            [whole("gluteals", view="posterior", at=[280, 800]), part("gluteus-medius")],
            ("gluteus-maximus", "gluteus-medius"),
            "20560",
        ),
    ],
)
def test_a_group_counts_as_one(placements: list[dict[str, Any]], muscles: tuple[str, ...], code: str) -> None:
    """Until its muscles are named: a member is not counted beside it, and groups that share a member are one."""
    told = summary(*placements)
    assert (told.muscles, told.suggested_code) == (muscles, code)


def test_the_rule_speaks_of_groups_where_one_is_counted() -> None:
    """A session without a group has the rule as it was."""
    assert "rotator cuff" in summary(whole("gluteals")).suggested_code_rule
    assert "rotator cuff" not in summary(whole("trapezius")).suggested_code_rule


def test_members_on_a_line_are_not_counted_beside_a_stated_group() -> None:
    """What only a point or a line tells of stands apart, and not twice."""
    told = summary(
        whole("gluteals"),
        {"view": "posterior", "at": [280, 800]},
        {"kind": "perimeter", "muscle": "gluteals", "side": "right", "needles": 6},
    )
    assert (told.muscles, told.muscles_inferred, told.muscles_of_perimeters) == (("gluteals",), (), ())


def test_a_group_is_the_same_place_at_the_next_visit() -> None:
    """Two visits to one group on one side are matched; on the other side they are not."""
    first, second, other = (place(**whole("rhomboids", side)) for side in ("left", "left", "right"))
    assert len(match([first], [second])) == 1
    assert not match([first], [other])


def test_the_record_is_read_again_as_it_was() -> None:
    """A session with a group survives being written and read."""
    kept = session(whole("scalenes"), {"kind": "perimeter", **whole("gluteals"), "needles": 4})
    assert msgspec.json.decode(msgspec.json.encode(kept), type=Session) == kept


def test_screening_and_texts_see_every_member() -> None:
    """A group of the hip is not near the lung because nobody said which muscle."""
    seen = visit_place(place(**whole("gluteals")), ATLAS.muscles)
    assert set(seen.regions) == {"gluteus-maximus", "gluteus-medius", "gluteus-minimus"}
    assert seen.side == "left"


def test_a_changed_muscle_is_resolved_anew() -> None:
    """A patch of `muscle` moves the placement to the other group, and one to a region leaves the group."""
    before = session(whole("rotator-cuff"))
    [old] = before.placements
    other = USE_CASES.sessions.draft_patch(before, old.id, {"muscle": "gluteals"}).placement
    assert other.resolved.muscle == "gluteals"
    part_of_it = USE_CASES.sessions.draft_patch(before, old.id, {"muscle": None, "region": "teres-minor"}).placement
    assert (part_of_it.muscle, part_of_it.resolved.region) == (None, "teres-minor")
