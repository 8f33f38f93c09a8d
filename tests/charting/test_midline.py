"""The midline: within 2 mm of it a place lies on both halves, and has the side that was stated, or none."""

from typing import Any, get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bodymap.api.needle_path import NeedlePathAnswer, traced
from bodymap.api.probe import ProbeAnswer, probed
from bodymap.atlas.frames import SIZES, mirror, on_midline
from bodymap.atlas.manifest import LAYERS, VIEWS, ViewId
from bodymap.atlas.midline import met
from bodymap.atlas.needle_path import trace
from bodymap.charting.matching import match
from bodymap.charting.needle_statement import NeedlePathStatement, enter
from bodymap.charting.place_flags import flags_at
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement
from bodymap.charting.vocabulary import Side
from bodymap.errors import Complaint, Invalid
from tests.charting.visits_drafted import ATLAS, drafted
from tests.examples import THOROUGHLY

MIDDLE = 350.0
TRUNK: tuple[ViewId, ...] = ("posterior", "anterior")
STRIP = (348.0, 348.7, 350.0, 351.3, 352.0)
SIDES: tuple[Side, ...] = get_args(Side)
BODY = [(view, x, float(y)) for view in TRUNK for x in STRIP for y in range(5, 970, 7) if ATLAS.at(view, x, y)]
PAIRED = {structure.id for structure in ATLAS.manifest.structures if structure.side != "midline"}

near_the_midline = st.tuples(st.sampled_from(TRUNK), st.floats(346, 354), st.floats(150, 900))
in_the_strip = st.tuples(st.sampled_from(TRUNK), st.floats(348, 352), st.floats(150, 900))


def placed(**members: Any) -> RecordedPlacement:
    """A trigger point, or what `members` says, as it is recorded."""
    return drafted(placements=[{"kind": "trigger_point", **members}]).placements[0]


def refused(**members: Any) -> dict[str, Complaint]:
    with pytest.raises(Invalid) as caught:
        placed(**members)
    return {complaint.pointer.removeprefix("/placements/0"): complaint for complaint in caught.value.complaints}


def probe(view: ViewId, x: float, y: float) -> ProbeAnswer | None:
    try:
        return probed(ATLAS, view, x, y)
    except Invalid:
        return None


def path(**members: Any) -> NeedlePathAnswer | None:
    stated = NeedlePathStatement(**{"length_mm": 60, **members})
    try:
        return traced(ATLAS, stated, enter(ATLAS, stated))
    except Invalid:
        return None


def halves(entries: Any) -> list[tuple[str, str]]:
    """The id and side of what is paired."""
    return [(entry.id, entry.side) for entry in entries if entry.id in PAIRED]


def test_the_strip_is_two_millimetres_wide_on_either_side() -> None:
    """Posterior and anterior have a midline, 348 to 352 with its ends; side views have none."""
    for view in VIEWS:
        found = [x for x in (347.99, 348, 349, 350, 351, 352, 352.01) if on_midline(view, x)]
        assert found == ([348, 349, 350, 351, 352] if view in TRUNK else [])
    assert not on_midline("left", SIZES["left"][0] / 2)


def test_nothing_in_the_whole_strip_has_a_side_that_nobody_stated() -> None:
    """Down both views, at the strip's edges and inside it: a point, what lies beneath, a probe and the words for it."""
    assert len(BODY) > 1000
    for view, x, y in BODY:
        resolved = placed(view=view, at=[x, y]).resolved
        where = (view, x, y)
        assert resolved.side == "midline", where
        found = probe(view, x, y)
        assert found is not None
        assert found.meaning.side == "midline", where
        for entries in (resolved.beneath, found.structures):
            paired = halves(entries)
            assert {side for _, side in paired} <= {"midline"}, where
            assert len(set(paired)) == len(paired), where
        for words in (resolved.landmark or "", found.landmark):
            assert ", midline, on the reference figure" in words, where
        for flag in found.flags:
            assert flag.side in (None, "both"), where


def test_what_is_joined_on_the_midline_is_as_thick_as_its_halves_are_together() -> None:
    """Two halves of a muscle under one point are one entry from the first to the last; what overlaps counts once, and
    what lies between them does not."""
    joined = 0
    for view, x, y in BODY:
        way = ATLAS.beneath(view, x, y)
        for entry in met(way, True):
            spans = sorted((it.enters_mm, it.leaves_mm) for it in way if it.structure.id == entry.structure.id)
            if entry.structure.id not in PAIRED:
                continue
            length, end = 0.0, spans[0][0]
            for first, last in spans:
                length += max(last - max(first, end), 0.0)
                end = max(end, last)
            assert (entry.enters_mm, entry.leaves_mm) == (spans[0][0], end)
            assert entry.thickness_mm == pytest.approx(length)
            joined += sum(last - first for first, last in spans) > length + 0.1
    assert joined > 0


def test_a_point_of_every_layer_has_no_side_in_the_strip() -> None:
    """Whatever layer a paired muscle is on: stated at a point of the strip that it lies under, its side is the
    midline."""
    seen = set()
    for view in TRUNK:
        for layer in LAYERS:
            for y in range(200, 900, 40):
                hit = ATLAS.at(view, MIDDLE, y, layer=layer) if layer in ATLAS.view(view).layers else None
                if hit is None or hit.region is None:
                    continue
                try:
                    resolved = placed(view=view, at=[MIDDLE, y], region=hit.region.id).resolved
                except Invalid as error:
                    assert {complaint.code for complaint in error.complaints} == {"region-elsewhere"}
                    continue
                assert (resolved.region, resolved.side) == (hit.region.id, "midline")
                seen.add(layer)
    assert len(seen) >= 2


@THOROUGHLY
@given(in_the_strip, st.sampled_from(SIDES), st.booleans())
def test_any_side_is_taken_in_the_strip_as_stated(place: tuple[ViewId, float, float], side: Side, named: bool) -> None:
    """Left, right and midline each are kept, with a region stated or not; what lies beneath keeps its own."""
    view, x, y = place
    hit = ATLAS.at(view, x, y)
    assume(hit is not None)
    region = hit.region.id if named and hit is not None and hit.region is not None else None
    recorded = placed(view=view, at=[x, y], side=side, **({"region": region} if region else {}))
    assert recorded.resolved.side == side
    assert {side for _, side in halves(recorded.resolved.beneath)} <= {"midline"}
    assert {flag.side for flag in recorded.flags} <= ({side, None} if side != "midline" else {"both", None})


@THOROUGHLY
@given(near_the_midline, st.sampled_from(SIDES))
def test_a_complaint_about_a_side_never_mirrors_a_point_to_itself(
    place: tuple[ViewId, float, float], side: Side
) -> None:
    """A refused side comes with the mirrored point, which is another one; in the strip no side is refused."""
    view, x, y = place
    try:
        placed(view=view, at=[x, y], side=side)
    except Invalid as error:
        for complaint in error.complaints:
            assert complaint.code != "side-disagrees" or not on_midline(view, x)
            assert complaint.mirrored_at is None or complaint.mirrored_at != (round(x, 2), round(y, 2))


@THOROUGHLY
@given(near_the_midline)
def test_outside_of_the_strip_a_paired_muscle_has_its_own_side(place: tuple[ViewId, float, float]) -> None:
    """Farther off than 2 mm the side is that of what lies there, and the other one is refused."""
    view, x, y = place
    hit = ATLAS.at(view, x, y)
    assume(hit is not None and not on_midline(view, x))
    assert hit is not None
    assume(hit.structure is not None and hit.side != "midline")
    assert placed(view=view, at=[x, y]).resolved.side == hit.side
    other = "right" if hit.side == "left" else "left"
    complaint = refused(view=view, at=[x, y], side=other)["/side"]
    assert complaint.mirrored_at == (pytest.approx(mirror(view, x, y)[1], abs=0.01), pytest.approx(y, abs=0.01))
    assert "/side" in refused(view=view, at=[x, y], side="midline")


@pytest.mark.parametrize(("view", "x", "side"), [("posterior", 290, "left"), ("anterior", 290, "right")])
def test_left_and_right_are_the_patients(view: ViewId, x: float, side: str) -> None:
    """At the viewer's left of the back is the patient's left, of the front the patient's right; mirrored the other."""
    other = {"left": "right", "right": "left"}[side]
    for at, own in ((x, side), (700 - x, other)):
        resolved = placed(view=view, at=[at, 330]).resolved
        assert resolved.side == own
        assert {found for _, found in halves(resolved.beneath)} == {own}
        assert {flag.side for flag in placed(view=view, at=[at, 330]).flags} <= {own, None}
        found = probe(view, at, 330)
        assert found is not None
        assert found.meaning.side == own


@THOROUGHLY
@given(in_the_strip)
def test_the_strip_has_the_flags_of_both_halves(place: tuple[ViewId, float, float]) -> None:
    """A point there has every flag that its mirror image has, on both sides."""
    view, x, y = place
    here, there = flags_at(ATLAS, view, (x, y)), flags_at(ATLAS, view, (SIZES[view][0] - x, y))
    assert here == there
    assert {flag.code for flag in here} >= {flag.code for flag in flags_at(ATLAS, view, (x, y), "left")}


@given(in_the_strip, st.sampled_from([None, "cranial", "caudal"]), st.floats(0, 50))
def test_a_needle_on_the_midline_crosses_what_is_paired_once(
    place: tuple[ViewId, float, float], direction: str | None, angle: float
) -> None:
    """While its way stays on the midline, each paired structure is one entry with no half; outside it has its own."""
    view, x, y = place
    lean = {"direction": direction, "angle_from_normal_deg": angle} if direction else {}
    found = path(view=view, at=(x, y), length_mm=60, **lean)
    assume(found is not None)
    assert found is not None
    assert found.side == "midline"
    assert {flag.side for flag in found.flags} <= {"both", None}
    paired = [entry for entry in halves(found.structures) if entry[1] == "midline"]
    assert len(set(paired)) == len(paired)
    assert not {name for name, _ in paired} & {name for name, _ in halves(found.near)}
    if abs(found.line.towards[0]) * 60 + abs(x - MIDDLE) < 1.5:
        assert halves(found.structures) == paired


def test_medial_of_the_midline_is_nowhere_and_lateral_needs_a_side() -> None:
    """On the strip a needle leans laterally only to a stated side, and then what it comes to has that side."""
    lean: dict[str, Any] = {"view": "posterior", "at": (351.0, 600.0), "angle_from_normal_deg": 40.0, "length_mm": 60}
    assert path(**lean, direction="lateral") is None
    assert path(**lean, direction="medial", side="right") is None
    found = path(**lean, direction="lateral", side="right")
    assert found is not None
    assert found.side == "right"
    assert "right" in {side for _, side in halves(found.structures)}
    assert "left" not in {side for _, side in halves(found.structures)}


@pytest.mark.parametrize(
    ("landmark", "stated", "side"),
    [
        ({"landmark": "C7"}, None, "midline"),
        ({"landmark": "C7"}, "midline", "midline"),
        ({"landmark": "L3", "offset_mm": {"cranial": 12}}, None, "midline"),
        ({"landmark": "L3", "offset_mm": {"lateral": 1.5}}, "left", "left"),
        ({"landmark": "L3", "offset_mm": {"lateral": 1.5}}, "right", "right"),
    ],
)
def test_a_landmark_of_the_midline(landmark: dict[str, Any], stated: str | None, side: str) -> None:
    """A place told by a landmark of the midline has the side that was stated, or none."""
    recorded = placed(**landmark, **({"side": stated} if stated else {}))
    assert recorded.resolved.side == side
    assert f", {side}, on the reference figure" in str(recorded.resolved.landmark)


@pytest.mark.parametrize(
    ("stated", "side"), [(None, "both"), ("left", "left"), ("midline", "midline"), ("both", "both")]
)
@pytest.mark.parametrize(
    "line",
    [
        {"ring": {"center": [351, 600], "radius_mm": 25, "needles": 8}},
        {"ring": {"center": [350, 600], "radius_mm": 1, "needles": 3}},
        {"outline": [[310, 560], [390, 560], [390, 640], [310, 640]], "spacing_mm": 20},
    ],
    ids=["ring", "small ring", "outline"],
)
def test_a_perimeter_around_the_midline_is_of_both_sides(line: dict[str, Any], stated: str | None, side: str) -> None:
    """Its side is `both` unless one was stated; each of its needles has the side of where it stands."""
    stating = {"side": stated} if stated else {}
    recorded = placed(kind="perimeter", view="posterior", **line, **stating)
    assert isinstance(recorded, RecordedPerimeter)
    assert recorded.resolved.side == side
    for needle in recorded.needles:
        assert needle.at is not None
        if on_midline("posterior", needle.at[0]):
            assert needle.side == "midline"


def test_a_perimeter_beside_the_midline_has_its_centres_side() -> None:
    """Farther off than 2 mm the side is that of the centre, and `both` needs needles on both sides."""
    ring = {"center": [390, 600], "radius_mm": 15, "needles": 8}
    assert placed(kind="perimeter", view="posterior", ring=ring).resolved.side == "right"
    assert "/side" in refused(kind="perimeter", view="posterior", ring=ring, side="both")
    assert "/side" in refused(kind="perimeter", view="posterior", ring=ring, side="midline")
    ring = {"center": [355, 600], "radius_mm": 25, "needles": 8}
    assert placed(kind="perimeter", view="posterior", ring=ring, side="both").resolved.side == "both"


@pytest.mark.parametrize("region", ["trapezius-descending", "lumbar-multifidus", "rectus-abdominis"])
def test_the_midline_needs_a_point_a_landmark_or_a_site(region: str) -> None:
    """A region without a point takes left or right, a perimeter by region also both."""
    region = region if region in {known.id for known in ATLAS.regions} else ATLAS.regions[0].id
    for side in ("left", "right"):
        assert placed(region=region, side=side).resolved.side == side
    complaint = refused(region=region, side="midline")["/side"]
    assert complaint.code == "side-disagrees"
    assert "a landmark or a site" in complaint.detail
    assert "/side" in refused(kind="perimeter", region=region, side="midline", needles=4)
    assert placed(kind="perimeter", region=region, side="both", needles=4).resolved.side == "both"
    assert placed(site={"text": "philtrum"}, side="midline").resolved.side == "midline"


def test_the_midline_is_neither_side_of_the_thorax() -> None:
    """A needle on the midline over the lung field does not make a session one of both sides; three millimetres off it
    does, with a bone under it, too."""
    left = {"kind": "trigger_point", "view": "posterior", "at": [290, 385]}

    def codes(*others: dict[str, Any]) -> set[str]:
        return {flag.code for flag in drafted(placements=[left, *others]).flags}

    for x in STRIP:
        assert codes({**left, "at": [x, 385]}) == set()
    assert codes({**left, "at": [410, 385]}) == {"both-sides-of-thorax"}
    assert codes({**left, "at": [350, 385], "side": "right"}) == {"both-sides-of-thorax"}
    across = {"kind": "perimeter", "view": "posterior", "ring": {"center": [350, 385], "radius_mm": 40, "needles": 4}}
    assert {flag.code for flag in drafted(placements=[across]).flags} == {"both-sides-of-thorax"}


@pytest.mark.parametrize(("before", "after"), [("left", None), (None, "right"), ("midline", "left"), (None, None)])
def test_a_place_on_the_midline_is_followed_whatever_side_was_stated(before: str | None, after: str | None) -> None:
    """Visits find the place again though one of them stated a side there and the other none."""
    spots = [(ATLAS.at("posterior", 349.5, y), ATLAS.at("posterior", 351, y), y) for y in range(300, 800, 5)]
    y = next(y for one, other, y in spots if one and other and one.region and one.region is other.region)
    old, new = (
        placed(view="posterior", at=[x, y], **({"side": side} if side else {}))
        for x, side in ((349.5, before), (351, after))
    )
    assert [pair.by for pair in match([old], [new])] == ["distance"]
    apart = placed(view="posterior", at=[290, 385]), placed(view="posterior", at=[410, 385])
    assert match([apart[0]], [apart[1]]) == []


@given(in_the_strip, st.sampled_from(["left", "right"]), st.floats(1, 80))
def test_what_is_on_the_midline_along_a_needle_is_there_with_both_its_ends(
    place: tuple[ViewId, float, float], side: Any, angle: float
) -> None:
    """A needle that begins in the strip and leans out of it: what it leaves the strip in has the side it goes to."""
    view, x, y = place
    stated = NeedlePathStatement(
        view=view, at=(x, y), side=side, direction="lateral", angle_from_normal_deg=angle, length_mm=60
    )
    try:
        entry = enter(ATLAS, stated)
    except Invalid:
        assume(False)
    way = trace(ATLAS, entry.skin, entry.direction, 60, entry.arm, midline=True)
    begin = entry.skin[0] + (way.origin_mm or 0.0) * entry.direction[0]
    for crossing in way.crossings:
        ends = [begin + at * entry.direction[0] for at in (crossing.begins_mm, crossing.ends_mm)]
        if crossing.structure.id in PAIRED and any(abs(end) > 2.1 for end in ends):
            assert crossing.side == crossing.structure.side
