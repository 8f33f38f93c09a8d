"""Flags: where they are raised, that each can be traced to a source, and what they never say."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.atlas import load_atlas
from bodymap.atlas.fields import FIELDS
from bodymap.atlas.frames import SIZES, to_page
from bodymap.atlas.manifest import VIEWS, ViewId
from bodymap.charting.flags import (
    CATALOGUE,
    ClinicLimit,
    distinct_flags,
    flags_of_session,
    limits_beside,
    reason,
    rules_of,
    source,
)
from bodymap.charting.flags import CODES as ALL_CODES
from bodymap.charting.place_flags import flags_at, flags_of_region
from bodymap.charting.placement import (
    Flag,
    LineNeedle,
    RecordedPerimeter,
    RecordedPlacement,
    RecordedTriggerPoint,
    Resolved,
    Ring,
)
from bodymap.words import LANGUAGES
from tests.examples import THOROUGHLY
from tests.shared import CLINICAL

ATLAS = load_atlas()
NEVER_LINKED = ("fitness-vip", "tailieuchung", "123doc", "scribd", "slideplayer", "brainscape", "lib.ir")
CODES = {kind.code for kind in CATALOGUE}
# Sources for nerves and vessels that were read after the table was written.
READ_LATER = {
    *("CURR15", "ZONE", "NGUY17", "LEE22", "KULK92", "KIM22", "MCMA18", "AIM21", "PINH26", "BALL19"),
    *("SURF", "CARO", "GPNB", "BPRE"),
}
LUNGS = {"pleura", "superior-lobe-of-lung", "middle-lobe-of-lung", "inferior-lobe-of-lung"}


def codes(flags: Sequence[Flag]) -> list[str]:
    """The codes alone."""
    return [flag.code for flag in flags]


def at(view: ViewId, across: float, up: float) -> list[str]:
    """The codes at a place in body millimetres."""
    return codes(flags_at(ATLAS, view, to_page(view, across, up)))


def of_region(region: str, side: Any = "left") -> list[str]:
    """The codes of a region without a point."""
    return codes(flags_of_region(ATLAS, ATLAS.region(region), side))


def resolved(side: Any) -> Resolved:
    """A resolved place of which only the side matters."""
    return Resolved(
        region=None, structure=None, side=side, layer=None, muscle=None, inferred=True, beneath=(), landmark=None
    )


def point(number: int, side: Any, *, flags: tuple[Flag, ...], **members: Any) -> RecordedTriggerPoint:
    """A recorded trigger point with these flags."""
    stated: dict[str, Any] = {"status": "done", "count": 1} | members
    return RecordedTriggerPoint(id=str(number), number=number, resolved=resolved(side), flags=flags, **stated)


OVER_LUNG = flags_at(ATLAS, "posterior", to_page("posterior", 60.0, 1345.0))
LUNG_POSSIBLE = flags_of_region(ATLAS, ATLAS.region("rhomboid-major"), "left")


@pytest.mark.parametrize(
    ("view", "across", "up", "expected"),
    [
        ("posterior", 75.0, 1330.0, ["over-lung-field"]),  # beside the medial border of the scapula
        ("posterior", 60.0, 1440.0, ["over-lung-field", "brachial-plexus", "suprascapular-nerve"]),  # angle of the neck
        ("posterior", 45.0, 1043.0, ["kidney-level", "psoas"]),  # L3
        ("posterior", 5.0, 1314.0, ["over-lung-field", "near-midline"]),  # T6
        ("posterior", 22.0, 1525.0, ["near-midline", "suboccipital", "vertebral-artery"]),  # C2
        ("posterior", 60.0, 1100.0, ["over-lung-field", "kidney-level", "rib-12-attachment"]),  # L1
        ("posterior", 105.0, 950.0, []),  # gluteus medius
        ("posterior", 80.0, 890.0, []),  # piriformis
        ("anterior", 35.0, 1435.0, ["over-lung-field", "anterior-neck", "lateral-neck", "carotid-sheath"]),
        ("left", 0.0, 1250.0, ["over-lung-field"]),
        ("right", -30.0, 1535.0, ["suboccipital", "anterior-neck", "lateral-neck"]),
    ],
)
def test_known_places_carry_their_flags(view: ViewId, across: float, up: float, expected: list[str]) -> None:
    """Places that the sources name carry the flags that the sources ask for, in the catalogue's order."""
    assert at(view, across, up) == expected


@THOROUGHLY
@given(st.sampled_from(VIEWS), st.floats(0, 1, exclude_max=True), st.floats(0, 1, exclude_max=True))
def test_no_point_above_the_lung_goes_without_its_flag(view: ViewId, across: float, down: float) -> None:
    """Every point whose ray meets lung or pleura carries `over-lung-field`."""
    place = across * SIZES[view][0], down * SIZES[view][1]
    if LUNGS & {layered.structure.id for layered in ATLAS.beneath(view, *place)}:
        assert "over-lung-field" in codes(flags_at(ATLAS, view, place))


def test_every_point_over_rib_12_is_flagged() -> None:
    """From behind, every point above rib 12 carries lung field and kidney level, medially the attachment too."""
    attached = 0
    for row in range(560, 690, 3):
        for column in range(200, 350, 3):
            place = column + 0.4, row + 0.4
            if "rib-12" in {layered.structure.id for layered in ATLAS.beneath("posterior", *place)}:
                found = codes(flags_at(ATLAS, "posterior", place))
                assert {"over-lung-field", "kidney-level"} <= set(found), place
                attached += "rib-12-attachment" in found
    assert attached > 50


def test_a_flag_names_the_side_of_its_field() -> None:
    """A flag is of the half that its field lies in; over the midline of the stated one, or of both."""
    (flag,) = flags_at(ATLAS, "posterior", to_page("posterior", -60.0, 1345.0))
    assert flag == Flag(code="over-lung-field", certainty="under-the-point", side="right")
    middle = to_page("posterior", 0.0, 1345.0)
    sides = {side: flags_at(ATLAS, "posterior", middle, side)[0].side for side in ("left", "right", "midline", None)}
    assert sides == {"left": "left", "right": "right", "midline": "both", None: "both"}


def test_the_canal_has_no_side() -> None:
    """The field of the spinal canal is drawn for each half, and belongs to neither."""
    found = [flags_at(ATLAS, "posterior", to_page("posterior", across, 1314.0)) for across in (-5.0, 0.0, 5.0)]
    assert [flag.side for flags in found for flag in flags if flag.code == "near-midline"] == [None, None, None]


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("rhomboid-major", {"over-lung-field", "near-midline"}),
        ("trapezius-descending", {"over-lung-field", "near-midline", "suboccipital", "lateral-neck"}),
        ("quadratus-lumborum", {"over-lung-field", "near-midline", "kidney-level", "rib-12-attachment"}),
        ("iliocostalis-lumborum", {"over-lung-field", "near-midline", "kidney-level"}),
        ("obliquus-capitis-inferior", {"near-midline", "suboccipital", "vertebral-artery"}),
        (
            "scalenus-medius",
            {"over-lung-field", "near-midline", "anterior-neck", "lateral-neck", "brachial-plexus", "subclavian-vein"},
        ),
        ("pectoralis-minor", {"over-lung-field"}),
        ("deltoid-acromial", {"axillary-nerve"}),
        ("external-oblique", {"over-lung-field", "kidney-level", "abdominal-wall"}),
        ("psoas-major", {"psoas"}),
        ("gluteus-medius", set()),
        ("piriformis", {"sciatic-nerve"}),
        ("masseter", set()),
        ("biceps-brachii", set()),
    ],
)
def test_a_region_without_a_point_carries_what_it_may_meet(region: str, expected: set[str]) -> None:
    """Region and side alone give the fields that a tenth of the region lies in, and what sources name for it."""
    assert set(of_region(region)) == expected
    assert of_region(region, "right") == of_region(region)


@pytest.mark.parametrize("region", ATLAS.regions, ids=lambda region: region.id)
def test_a_region_is_possibly_over_the_lung_by_a_tenth_of_it(region: Any) -> None:
    """On a view that shows at least half of it, an arm's muscles on side views apart, a tenth in the lung field means
    the flag, and less does not; a deltoid never has it."""
    of_arm = region.id in {structure.id for structure in ATLAS.manifest.structures if structure.arm}
    most = 0.0
    seen = {
        view: extents[0].visible_mm2 / extents[0].silhouette_mm2
        for view, extents in region.extents.items()
        if not (of_arm and view in ("left", "right"))
    }
    for view, share in seen.items():
        if share >= 0.5 or share == max(seen.values()) < 0.5:
            outline = ATLAS.silhouette(region.id, "right" if view == "right" else "left", view)
            shares = dict(ATLAS.fields.shares(view, outline)) if outline is not None else {}
            most = max([most, *(part for hit, part in shares.items() if hit.field == "lung-field")])
    flags = flags_of_region(ATLAS, region, "both")
    assert ("over-lung-field" in codes(flags)) == (most >= 0.1 and region.muscle != "deltoid")
    assert all(flag.certainty == "possible" for flag in flags)
    assert {flag.side for flag in flags if flag.code != "near-midline"} <= {"both"}
    assert len(set(codes(flags))) == len(flags)


def test_what_sources_name_by_region_is_in_the_atlas() -> None:
    """Each name that a flag's sources give stands for regions of the atlas, and for nerves and vessels nothing else
    makes a flag possible."""
    names = {name for region in ATLAS.regions for name in (region.id, region.muscle, region.group)}
    for kind in CATALOGUE:
        assert kind.regions | kind.limited_to <= names, kind.code
        raised = {r.id for r in ATLAS.regions if kind.code in codes(flags_of_region(ATLAS, r, "left"))}
        named = {r.id for r in ATLAS.regions if kind.regions & {r.id, r.muscle, r.group}}
        assert (raised == named) if kind.course or kind.by_source else (named <= raised), kind.code


# What sources call a risk of a muscle, and the flag that says it.
SAID_BY = {
    "lung": "over-lung-field",
    "pleura": "over-lung-field",
    "spinal": "near-midline",
    "brain stem": "suboccipital",
    "kidney": "kidney-level",
    "peritoneum": "kidney-level",
    "vertebral artery": "vertebral-artery",
    "occipital nerve": "greater-occipital-nerve",
    "vessels of the side of the neck": "carotid-sheath",
    "brachial plexus": "brachial-plexus",
    "subclavian vein": "subclavian-vein",
    "sciatic nerve": "sciatic-nerve",
}


@pytest.mark.parametrize("region", ATLAS.regions, ids=lambda region: region.id)
def test_a_region_s_cautions_are_among_its_flags(region: Any) -> None:
    """Whatever sources name as at risk in a muscle, a placement in it without a point is flagged for."""
    flags = set(of_region(region.id))
    for caution in ATLAS.trigger_points.cautions(region.id):
        meant = {code for words, code in SAID_BY.items() if words in caution.structure}
        assert meant, caution.structure
        assert meant <= flags, caution.structure


def test_a_region_s_cautions_reach_its_points() -> None:
    """A point of piriformis that is far from the nerve's course has what sources name for the muscle, as possible."""
    piriformis = ATLAS.region("piriformis")
    x, y = ATLAS.centre("piriformis", "left", "posterior") or (0, 0)
    flags = {flag.code: flag for flag in flags_at(ATLAS, "posterior", (x, y), "left", regions=[piriformis])}
    assert flags["sciatic-nerve"].side == "left"
    far = {flag.code: flag for flag in flags_at(ATLAS, "posterior", (x - 60, y - 40), "left", regions=[piriformis])}
    assert far["sciatic-nerve"].certainty == "possible"


def test_a_point_beside_a_nerve_says_how_far() -> None:
    """Over the suprascapular nerve the flag is under the point, with the distance; a hand's breadth off it is not."""
    course = next(c for c in ATLAS.neurovascular.courses if (c.id, c.side) == ("suprascapular-nerve", "left"))
    x, y, _ = course.lines[0][-1]
    near = {flag.code: flag for flag in flags_at(ATLAS, "posterior", to_page("posterior", x, y))}["suprascapular-nerve"]
    assert (near.certainty, near.side) == ("under-the-point", "left")
    assert near.distance_mm is not None
    assert near.distance_mm <= 5
    assert "suprascapular-nerve" not in at("posterior", x, y - 80)


def test_bone_in_front_of_the_lung_is_said() -> None:
    """Over the shoulder blade the lung's flag stays, and names the bone; beside it, it names none or a rib."""
    blade = flags_at(ATLAS, "posterior", to_page("posterior", 95.0, 1320.0))
    assert {flag.code: flag.behind for flag in blade}["over-lung-field"] == "scapula"
    beside = flags_at(ATLAS, "posterior", to_page("posterior", 40.0, 1320.0))
    assert {flag.code: flag.behind for flag in beside}["over-lung-field"] != "scapula"


@pytest.mark.parametrize("view", ["posterior", "anterior", "left"])
def test_a_neck_muscle_carries_the_neck_s_flags_from_every_view(view: ViewId) -> None:
    """Sternocleidomastoid is at the side of the neck from behind, too."""
    muscle = ATLAS.region("sternocleidomastoid")
    centre = ATLAS.centre("sternocleidomastoid", "left", view)
    assert centre is not None
    assert "lateral-neck" in codes(flags_at(ATLAS, view, centre, "left", regions=[muscle]))


def test_both_sides_of_the_thorax_are_a_flag_of_the_session() -> None:
    """Left and right over the lung field raise it, without a side of its own; one side alone does not."""
    left, right = point(1, "left", flags=OVER_LUNG), point(4, "right", flags=OVER_LUNG)
    (flag,) = flags_of_session([left, point(2, "left", flags=()), right])
    assert flag == Flag(code="both-sides-of-thorax", certainty="under-the-point")
    assert flags_of_session([left, point(5, "left", flags=OVER_LUNG)]) == ()
    assert flags_of_session([left, point(4, "right", flags=())]) == ()
    assert flags_of_session([]) == ()


def test_what_was_not_done_is_on_no_side() -> None:
    """A placement that was not done does not count, a planned one does."""
    left = point(1, "left", flags=OVER_LUNG)
    assert flags_of_session([left, point(2, "right", flags=OVER_LUNG, status="not-done")]) == ()
    assert len(flags_of_session([left, point(2, "right", flags=OVER_LUNG, status="planned")])) == 1


def test_a_side_that_rests_on_a_region_makes_it_possible() -> None:
    """Certain on one side and possible on the other is possible."""
    sides = [point(1, "left", flags=LUNG_POSSIBLE), point(2, "right", flags=OVER_LUNG)]
    assert flags_of_session(sides)[0].certainty == "possible"
    assert flags_of_session([point(1, "both", flags=LUNG_POSSIBLE)])[0].certainty == "possible"


def test_over_the_spine_the_point_tells_the_side() -> None:
    """A vertebra has no side, a needle on it has; exactly on the midline it has none."""
    left = point(1, "left", flags=OVER_LUNG)

    def over_spine(x: float) -> RecordedPlacement:
        return point(2, "midline", flags=OVER_LUNG, view="posterior", at=(x, 400.0))

    assert len(flags_of_session([left, over_spine(360.0)])) == 1
    assert flags_of_session([left, over_spine(340.0)]) == ()
    assert flags_of_session([left, over_spine(350.0)]) == ()


def test_one_ring_can_lie_on_both_sides() -> None:
    """Needles of a perimeter count one by one."""
    needles = tuple(
        LineNeedle(number=n, at=(x, 400.0), region=None, side="midline", flags=OVER_LUNG)
        for n, x in ((1, 320.0), (2, 380.0))
    )
    ring = RecordedPerimeter(
        id="p",
        number=7,
        status="done",
        view="posterior",
        ring=Ring(center=(350.0, 400.0), radius_mm=30.0, needles=3),
        needles=needles,
        resolved=resolved("midline"),
        flags=(),
    )
    assert [flag.code for flag in flags_of_session([ring])] == ["both-sides-of-thorax"]


def test_gathered_flags_keep_the_certain_one() -> None:
    """Each code once; what is certain somewhere is certain."""
    possible = next(flag for flag in LUNG_POSSIBLE if flag.code == "over-lung-field")
    assert distinct_flags([possible, *OVER_LUNG, possible]) == OVER_LUNG
    assert distinct_flags([]) == ()


def test_a_clinics_limit_is_carried_and_not_computed() -> None:
    """The clinic's own words, who set them and when, stand beside the flag they are for, unchanged."""
    when = datetime(2026, 11, 23, 9, tzinfo=UTC)
    limits = [
        ClinicLimit(flag=code, text="Only after the thorax course.", set_by="Dr. A", set_at=when)
        for code in ("over-lung-field", "kidney-level")
    ]
    assert limits_beside(OVER_LUNG, limits) == (limits[0],)
    assert msgspec.json.decode(msgspec.json.encode(limits[0]), type=ClinicLimit) == limits[0]
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"flag":"over-lung-field","text":"x","set_at":"2026-11-23T09:00:00Z"}', type=ClinicLimit)


def test_the_catalogue_is_complete() -> None:
    """Every field has one code, every code a reason, a rule that says what is ours, and graded sources."""
    assert [kind.field for kind in CATALOGUE if kind.field] == list(FIELDS)
    assert {kind.course for kind in CATALOGUE if kind.course} == {c.id for c in ATLAS.neurovascular.courses}
    assert len(CODES) == len(CATALOGUE) == 25
    for kind in CATALOGUE:
        assert kind.sources
        assert kind.grade.strip("ABC") == ""
        assert "Ours: " in rules_of([Flag(code=kind.code, certainty="possible")])[kind.code].rule
        assert reason(kind.code).endswith(".")
        assert reason(kind.code).count(". ") == 0
        for cited in kind.sources:
            assert cited.id in kind.source
            assert not any(host in cited.address for host in NEVER_LINKED)


def test_no_flag_clears_anything_or_gives_a_depth() -> None:
    """No text of a flag holds a word of clearance, and no reason a number of millimetres or degrees."""
    clearance = re.compile(
        "|".join((r"\bsaf", "harmless", "cleared", "no risk", "risk-free", "allowed")), re.IGNORECASE
    )
    rules = rules_of(Flag(code=code, certainty="possible") for code in ALL_CODES)
    assert tuple(rules) == ALL_CODES
    for told in rules.values():
        assert not clearance.search(f"{told.rule} {told.reason} {told.source}"), told
        assert not re.search(r"\d+ ?(mm|cm|deg|°)", told.reason)


def test_a_reason_is_of_the_code_alone() -> None:
    """What is said of a flag names no placement, side or distance, and is the whole sentence of its code, in each
    language its own."""
    for code in ALL_CODES:
        assert reason(code).endswith(".")
        assert not re.search(r"\d ?mm|\b(left|right)\b|placement", reason(code)), code
        assert len({reason(code, lang) for lang in LANGUAGES}) == len(LANGUAGES)
    assert (reason("of-another-release"), source("of-another-release")) == ("", "")


@pytest.mark.shared
def test_every_source_stands_in_the_source_list() -> None:
    """Each cited id that has a row in the project's clinical source table has this grade and address there; the others
    were read later, and each paper or page among them says how much of it was read, or what it is."""
    rows = [
        line.split(" | ")
        for line in (CLINICAL / "DOMAIN.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    table = {row[0].strip("| "): row for row in rows if len(row) == 5}
    for cited in {cited for kind in CATALOGUE for cited in kind.sources}:
        row = table.get(cited.id)
        if row is None:
            assert cited.id in READ_LATER
            continue
        assert row[1] == cited.grade
        assert cited.address in ("", row[2])
