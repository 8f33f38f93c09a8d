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
from bodymap.atlas.fields import FIELDS, Fields
from bodymap.atlas.frames import SIZES, to_page
from bodymap.atlas.manifest import VIEWS, ViewId
from bodymap.charting.flags import (
    CATALOGUE,
    ClinicLimit,
    distinct_flags,
    flags_at,
    flags_of_region,
    flags_of_session,
    limits_beside,
    reason,
    rules_of,
    source,
)
from bodymap.charting.flags import CODES as ALL_CODES
from bodymap.charting.placement import (
    Flag,
    LineNeedle,
    RecordedPerimeter,
    RecordedPlacement,
    RecordedTriggerPoint,
    Resolved,
    Ring,
)
from bodymap.resources import asset_folder
from bodymap.words import LANGUAGES
from tests.examples import THOROUGHLY
from tests.shared import CLINICAL

ATLAS = load_atlas()
SHIPPED = Fields({view: (asset_folder() / "1" / f"{view}.fields.svg").read_bytes() for view in VIEWS})
NEVER_LINKED = ("fitness-vip", "tailieuchung", "123doc", "scribd", "slideplayer", "brainscape", "lib.ir")
CODES = {kind.code for kind in CATALOGUE}
LUNGS = {"pleura", "superior-lobe-of-lung", "middle-lobe-of-lung", "inferior-lobe-of-lung"}


def codes(flags: Sequence[Flag]) -> list[str]:
    """The codes alone."""
    return [flag.code for flag in flags]


def at(view: ViewId, across: float, up: float) -> list[str]:
    """The codes at a place in body millimetres."""
    return codes(flags_at(SHIPPED, view, to_page(view, across, up)))


def of_region(region: str, side: Any = "left") -> list[str]:
    """The codes of a region without a point."""
    return codes(flags_of_region(ATLAS, SHIPPED, ATLAS.region(region), side))


def resolved(side: Any) -> Resolved:
    """A resolved place of which only the side matters."""
    return Resolved(
        region=None, structure=None, side=side, layer=None, muscle=None, inferred=True, beneath=(), landmark=None
    )


def point(number: int, side: Any, *, flags: tuple[Flag, ...], **members: Any) -> RecordedTriggerPoint:
    """A recorded trigger point with these flags."""
    stated: dict[str, Any] = {"status": "done", "count": 1} | members
    return RecordedTriggerPoint(id=str(number), number=number, resolved=resolved(side), flags=flags, **stated)


OVER_LUNG = flags_at(SHIPPED, "posterior", to_page("posterior", 60.0, 1345.0))
LUNG_POSSIBLE = flags_of_region(ATLAS, SHIPPED, ATLAS.region("rhomboid-major"), "left")


@pytest.mark.parametrize(
    ("view", "across", "up", "expected"),
    [
        ("posterior", 75.0, 1330.0, ["over-lung-field"]),  # beside the medial border of the scapula
        ("posterior", 60.0, 1440.0, ["over-lung-field"]),  # angle of the neck
        ("posterior", 45.0, 1043.0, ["kidney-level"]),  # L3
        ("posterior", 5.0, 1314.0, ["over-lung-field", "near-midline"]),  # T6
        ("posterior", 22.0, 1525.0, ["near-midline", "suboccipital"]),  # C2
        ("posterior", 60.0, 1100.0, ["over-lung-field", "kidney-level", "rib-12-attachment"]),  # L1
        ("posterior", 105.0, 950.0, []),  # gluteus medius
        ("posterior", 80.0, 890.0, []),  # piriformis
        ("anterior", 35.0, 1435.0, ["over-lung-field", "anterior-neck", "lateral-neck"]),  # supraclavicular fossa
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
        assert "over-lung-field" in codes(flags_at(SHIPPED, view, place))


def test_every_point_over_rib_12_is_flagged() -> None:
    """From behind, every point above rib 12 carries lung field and kidney level, medially the attachment too."""
    attached = 0
    for row in range(560, 690, 3):
        for column in range(200, 350, 3):
            place = column + 0.4, row + 0.4
            if "rib-12" in {layered.structure.id for layered in ATLAS.beneath("posterior", *place)}:
                found = codes(flags_at(SHIPPED, "posterior", place))
                assert {"over-lung-field", "kidney-level"} <= set(found), place
                attached += "rib-12-attachment" in found
    assert attached > 50


def test_a_flag_names_the_side_of_its_field() -> None:
    """A flag is of the half that its field lies in; over the midline of the stated one, or of both."""
    (flag,) = flags_at(SHIPPED, "posterior", to_page("posterior", -60.0, 1345.0))
    assert flag == Flag(code="over-lung-field", certainty="under-the-point", side="right")
    middle = to_page("posterior", 0.0, 1345.0)
    sides = {side: flags_at(SHIPPED, "posterior", middle, side)[0].side for side in ("left", "right", "midline", None)}
    assert sides == {"left": "left", "right": "right", "midline": "both", None: "both"}


def test_the_canal_has_no_side() -> None:
    """The field of the spinal canal is drawn for each half, and belongs to neither."""
    found = [flags_at(SHIPPED, "posterior", to_page("posterior", across, 1314.0)) for across in (-5.0, 0.0, 5.0)]
    assert [flag.side for flags in found for flag in flags if flag.code == "near-midline"] == [None, None, None]


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("rhomboid-major", {"over-lung-field", "near-midline"}),
        ("trapezius-descending", {"over-lung-field", "near-midline", "suboccipital", "anterior-neck", "lateral-neck"}),
        (
            "quadratus-lumborum",
            {"over-lung-field", "near-midline", "kidney-level", "rib-12-attachment"},
        ),
        ("iliocostalis-lumborum", {"over-lung-field", "near-midline", "kidney-level"}),
        ("obliquus-capitis-inferior", {"near-midline", "suboccipital"}),
        ("sternocleidomastoid", {"over-lung-field", "suboccipital", "anterior-neck", "lateral-neck"}),
        ("pectoralis-minor", {"over-lung-field"}),
        ("gluteus-medius", set()),
        ("piriformis", set()),
        ("masseter", set()),
        ("biceps-brachii", set()),
    ],
)
def test_a_region_without_a_point_carries_what_it_meets(region: str, expected: set[str]) -> None:
    """Region and side alone give the flags of every field that the region meets where it can be needled."""
    assert set(of_region(region)) == expected
    assert of_region(region, "right") == of_region(region)


@pytest.mark.parametrize("region", ATLAS.regions, ids=lambda region: region.id)
def test_every_region_that_overlaps_the_lung_field_says_so(region: Any) -> None:
    """On every view that shows it, an arm's muscles on side views apart: overlap means the flag, as possible."""
    of_arm = region.id in {structure.id for structure in ATLAS.manifest.structures if structure.arm}
    overlaps = False
    for view in region.layers:
        outline = ATLAS.silhouette(region.id, "right" if view == "right" else "left", view)
        if outline is not None and not (of_arm and view in ("left", "right")):
            overlaps |= any(hit.field == "lung-field" for hit in SHIPPED.touching(view, outline))
    flags = flags_of_region(ATLAS, SHIPPED, region, "both")
    assert ("over-lung-field" in codes(flags)) == overlaps
    assert all(flag.certainty == "possible" for flag in flags)
    assert {flag.side for flag in flags if flag.code != "near-midline"} <= {"both"}
    assert len(set(codes(flags))) == len(flags)


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
    assert len(CODES) == len(CATALOGUE) == 8
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
    """Each cited id has its row in the project's clinical source table, with this grade and address."""
    rows = [
        line.split(" | ")
        for line in (CLINICAL / "DOMAIN.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    table = {row[0].strip("| "): row for row in rows if len(row) == 5}
    for cited in {cited for kind in CATALOGUE for cited in kind.sources}:
        row = table[cited.id]
        assert row[1] == cited.grade
        assert cited.address in ("", row[2])
