"""What recording promises: what lies under a point decides, and every complaint is made at once."""

import json
from itertools import product
from math import cos, pi, sin
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.atlas import load_atlas, load_atlases
from bodymap.atlas.frames import mirror, side_of, to_body, to_page
from bodymap.atlas.manifest import ViewId
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement, RecordedTriggerPoint, stated
from bodymap.charting.session import Session, SessionStatement
from bodymap.decoding import decode
from bodymap.errors import Complaint, Invalid
from bodymap.service import UseCases
from tests.examples import THOROUGHLY

ATLAS = load_atlas()
USE_CASES = UseCases.on(load_atlases())
VIEWS = ("posterior", "anterior", "left", "right")

CONTRACT: dict[str, Any] = {
    "identifier": [{"system": "https://clinic.example/session", "value": "S-1"}],
    "subject": "Patient/123",
    "encounter": "Encounter/9",
    "performer": "Practitioner/7",
    "started_at": "2026-11-23T09:00:00-08:00",
    "ended_at": "2026-11-23T09:25:00-08:00",
    "position": "prone",
    "needle": {"diameter_mm": 0.25, "length_mm": 40, "lot": "A1", "maker": "Maker"},
    "placements": [
        {
            "kind": "trigger_point",
            "view": "posterior",
            "at": [290, 290],
            "region": "trapezius-descending",
            "side": "left",
            "trigger_point": {"state": "active", "taut_band": True, "familiar_pain": True},
            "also": ["levator-scapulae"],
            "count": 1,
            "insertions": 3,
            "depth_mm": 12,
            "angle_from_normal_deg": 30,
            "direction": "lateral",
            "technique": "pistoning",
            "dwell_s": 30,
            "twitch": {"sought": True, "obtained": True, "count": 3},
            "pain_before": 7,
            "pain_after": 3,
            "response": "referred to the temple",
            "precaution": "pincer grip",
            "note": "well tolerated",
        },
        {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"},
        {"kind": "trigger_point", "landmark": "C7", "offset_mm": {"lateral": 40, "caudal": 10}, "side": "left"},
        {"kind": "trigger_point", "site": {"text": "lateral gastrocnemius"}, "side": "left"},
        {
            "kind": "perimeter",
            "view": "posterior",
            "ring": {"center": [395, 610], "radius_mm": 25, "needles": 8},
            "side": "right",
        },
        {
            "kind": "perimeter",
            "view": "posterior",
            "outline": [[370, 580], [420, 580], [420, 640], [370, 640]],
            "spacing_mm": 10,
        },
    ],
    "pain_before": 7,
    "pain_after": 3,
    "needles_in": 34,
    "needles_out": 34,
    "note": "none",
}


def post(body: Any) -> Session:
    return USE_CASES.sessions.draft(decode(json.dumps(body).encode(), SessionStatement))


def place(**members: Any) -> RecordedPlacement:
    return post({"placements": [members]}).placements[0]


def point(**members: Any) -> RecordedTriggerPoint:
    recorded = place(kind="trigger_point", **members)
    assert isinstance(recorded, RecordedTriggerPoint)
    return recorded


def line(**members: Any) -> RecordedPerimeter:
    recorded = place(kind="perimeter", **members)
    assert isinstance(recorded, RecordedPerimeter)
    return recorded


def refusals(**members: Any) -> dict[str, Complaint]:
    with pytest.raises(Invalid) as caught:
        post({"placements": [members]})
    return {complaint.pointer.removeprefix("/placements/0"): complaint for complaint in caught.value.complaints}


def centre(region: str, side: str, view: str) -> tuple[float, float]:
    found = ATLAS.centre(region, side, view)  # type: ignore[arg-type]
    assert found is not None
    return found


def test_the_session_of_the_contract_is_taken_whole() -> None:
    """Every field of the contract's session comes back as it went in, in the same order."""
    session = USE_CASES.sessions.answer(post(CONTRACT))
    answered = msgspec.json.decode(msgspec.json.encode(session))
    for name, value in CONTRACT.items():
        if name != "placements":
            assert answered[name] == value
    for number, (sent, kept) in enumerate(zip(CONTRACT["placements"], answered["placements"], strict=True), start=1):
        assert kept["number"] == number
        assert {name: kept[name] for name in sent if name != "at"} == {k: v for k, v in sent.items() if k != "at"}
    assert session.status == "completed"
    assert session.summary.muscles == ("trapezius", "levator-scapulae")
    assert session.summary.needles_charted == 1 + 1 + 8 + 22
    assert session.summary.needles_unstated == 2
    assert session.summary.suggested_code == "20560"
    assert session.summary.minutes == 25
    assert session.summary.needles_difference == 0


def test_ring_and_outline_have_numbered_resolved_needles() -> None:
    """The contract's ring has eight needles on the right, its outline twenty-two, each with what lies there."""
    ring, outline = post(CONTRACT).placements[4:]
    assert isinstance(ring, RecordedPerimeter)
    assert isinstance(outline, RecordedPerimeter)
    assert [needle.number for needle in ring.needles] == list(range(1, 9))
    assert {needle.side for needle in ring.needles} == {"right"}
    assert ring.needles[0].at == (395, 585)
    assert len(outline.needles) == 22
    assert all(bool(needle.region) != bool(needle.structure) for needle in (*ring.needles, *outline.needles))


def test_a_point_without_a_region_is_inferred() -> None:
    """Where no region is stated the outermost one is taken, and the answer says that it was inferred."""
    resolved = point(view="posterior", at=[290, 290]).resolved
    assert (resolved.region, resolved.side, resolved.inferred) == ("trapezius-descending", "left", True)


def test_a_stated_deep_muscle_is_kept() -> None:
    """A region that lies under another at the point is kept as stated, unflagged, with the layers above it told."""
    at = centre("rhomboid-major", "left", "posterior")
    recorded = point(view="posterior", at=at, region="rhomboid-major", side="left")
    assert recorded.resolved.region == "rhomboid-major"
    assert not recorded.resolved.inferred
    assert "region-differs" not in {flag.code for flag in recorded.flags}
    assert recorded.resolved.layer == "intermediate"


def test_a_near_region_is_kept_and_flagged() -> None:
    """A region within 30 mm of the point is kept as stated, and flagged with what the atlas found there."""
    shape = ATLAS.silhouette("teres-minor", "left", "posterior")
    assert shape is not None
    at = next(
        (x, y)
        for x in range(60, 300, 3)
        for y in range(300, 460, 3)
        if 12 < shape.distance_mm(x, y) < 24 and ATLAS.at("posterior", x, y)
    )
    recorded = point(view="posterior", at=at, region="teres-minor", side="left")
    flags = {flag.code: flag for flag in recorded.flags}
    assert recorded.resolved.region == "teres-minor"
    assert flags["region-differs"].found
    assert 10 < (flags["region-differs"].distance_mm or 0) < 30


@pytest.mark.parametrize("region", ["teres-minor", "gluteus-medius", "trapezius-descending"])
def test_a_region_is_kept_up_to_30_mm_from_its_outline(region: str) -> None:
    """Within 30 mm of its outline a region is kept, as far off as it is; farther it is refused, and what is said is
    that it is farther, not that a cavity lies between."""
    shape = ATLAS.silhouette(region, "left", "posterior")
    assert shape is not None
    x, y = centre(region, "left", "posterior")
    stated_there: dict[str, Any] = {"view": "posterior", "region": region, "side": "left"}
    kept = refused = 0
    for turn in range(16):
        nearer, farther = 0.0, 250.0
        while farther - nearer > 0.05:
            far = (nearer + farther) / 2
            at = (x + far * cos(turn * pi / 8), y + far * sin(turn * pi / 8))
            nearer, farther = (far, farther) if shape.distance_mm(*at) <= 30 else (nearer, far)
        inner, outer = ((x + far * cos(turn * pi / 8), y + far * sin(turn * pi / 8)) for far in (nearer, farther))
        if side_of("posterior", *inner) != "left" or side_of("posterior", *outer) != "left":
            continue
        if ATLAS.at("posterior", *inner):
            flags = {flag.code: flag for flag in point(at=inner, **stated_there).flags}
            assert flags["region-differs"].distance_mm == 30
            kept += 1
        if ATLAS.at("posterior", *outer):
            complaint = refusals(kind="trigger_point", at=outer, **stated_there)["/region"]
            assert complaint.code == "region-elsewhere"
            assert "30 mm off" in complaint.detail
            refused += 1
    assert kept > 3
    assert refused > 3


def test_a_region_that_differs_takes_no_other_flag_away() -> None:
    """Where a stated region is not under its point, the point has every flag that it has with no region stated, and
    `region-differs` with what is there."""
    seen: set[str] = set()
    for region in ("trapezius-descending", "infraspinatus", "quadratus-lumborum", "pectoralis-minor"):
        view: ViewId = "anterior" if region == "pectoralis-minor" else "posterior"
        for side in ("left", "right"):
            x, y = centre(region, side, view)
            for dx, dy in product(range(-90, 91, 15), repeat=2):
                at = (x + dx, y + dy)
                if ATLAS.at(view, *at) is None or side_of(view, *at) != side:
                    continue
                try:
                    differing = point(view=view, at=at, region=region, side=side)
                except Invalid:
                    continue
                if differing.flags[:1] and differing.flags[0].code == "region-differs":
                    bare = point(view=view, at=at)
                    assert differing.flags[1:] == bare.flags
                    assert differing.flags[0].found == (bare.resolved.structure or "skin")
                    seen |= {flag.code for flag in bare.flags}
    assert {"over-lung-field", "kidney-level", "near-midline", "suboccipital"} <= seen


@pytest.mark.parametrize(("view", "y"), [("posterior", 98), ("posterior", 828), ("anterior", 376), ("anterior", 478)])
@pytest.mark.parametrize(("side", "towards_it"), [("left", 1), ("right", -1)])
def test_a_bone_of_the_midline_takes_a_side_up_to_a_fingertip_beyond(
    view: ViewId, y: int, side: str, towards_it: int
) -> None:
    """On skull, sacrum and sternum the stated side is held against the point, which may lie up to 10 mm beyond the
    midline; farther it is refused, and `midline` is taken anywhere."""
    for across, taken in ((4.0, True), (-10.0, True), (-10.01, False)):
        x, _ = to_page(view, across * towards_it, 0)
        hit = ATLAS.at(view, x, y)
        assert hit is not None
        assert hit.structure is not None
        assert hit.side == "midline"
        assert point(view=view, at=[x, y], side="midline").resolved.side == "midline"
        if taken:
            assert point(view=view, at=[x, y], side=side).resolved.side == side
        else:
            complaint = refusals(kind="trigger_point", view=view, at=[x, y], side=side)
            assert complaint["/side"].code == "side-disagrees"


@pytest.mark.parametrize(
    ("of_the_session", "own", "longest"),
    [
        (None, None, 300),
        ({"length_mm": 40}, None, 40),
        (None, {"length_mm": 25}, 25),
        ({"length_mm": 40}, {"length_mm": 25}, 25),
        ({"length_mm": 25}, {"length_mm": 40}, 40),
        ({"length_mm": 40}, {"diameter_mm": 0.3}, 40),
        ({"diameter_mm": 0.3}, {"length_mm": 25}, 25),
    ],
)
@pytest.mark.parametrize(
    "where",
    [
        {"kind": "trigger_point", "region": "piriformis", "side": "left"},
        {"kind": "perimeter", "region": "piriformis", "side": "left", "needles": 5},
    ],
)
def test_a_depth_is_at_most_the_length_of_the_needle_used(
    where: dict[str, Any], of_the_session: dict[str, float] | None, own: dict[str, float] | None, longest: float
) -> None:
    """A placement's own needle is the one that was used, where it says how long it is, else the session's; the depth
    may be the whole of it and no more."""
    for depth_mm, codes in ((longest - 0.1, []), (longest, []), (longest + 0.1, ["depth-over-needle-length"])):
        if depth_mm > 300:
            continue
        placement = where | {"depth_mm": depth_mm} | ({"needle": own} if own else {})
        body = {"placements": [placement]} | ({"needle": of_the_session} if of_the_session else {})
        complaints: list[Complaint] = []
        try:
            assert post(body).placements[0].depth_mm == depth_mm
        except Invalid as error:
            complaints += error.complaints
        assert [complaint.code for complaint in complaints] == codes


def test_a_far_region_is_refused() -> None:
    """A region farther than 30 mm from the point is refused at its own pointer."""
    complaint = refusals(kind="trigger_point", view="posterior", at=[290, 290], region="piriformis", side="left")
    assert complaint["/region"].code == "region-elsewhere"


def test_a_muscle_behind_the_lung_is_refused() -> None:
    """No needle is charted through a lung: the pectoralis major is not under the back."""
    at = centre("pectoralis-major-sternocostal", "left", "anterior")
    behind = mirror("posterior", *at)[1:]
    complaint = refusals(
        kind="trigger_point", view="posterior", at=behind, region="pectoralis-major-sternocostal", side="left"
    )
    assert complaint["/region"].code == "region-elsewhere"


@pytest.mark.parametrize("region", [region.id for region in ATLAS.regions])
def test_the_wrong_side_is_refused_for_every_region(region: str) -> None:
    """At the centre of every region, on every view and side, the other side is refused with the mirrored place."""
    for view, extents in ATLAS.region(region).extents.items():
        for extent in extents:
            if extent.centre is None:
                continue
            other = "right" if extent.side == "left" else "left"
            stated_side = {"kind": "trigger_point", "view": view, "at": extent.centre, "region": region}
            complaint = refusals(**stated_side, side=other)["/side"]
            assert complaint.code == "side-disagrees"
            assert complaint.mirrored_at is not None
            assert (complaint.mirrored_view, *complaint.mirrored_at) == pytest.approx(mirror(view, *extent.centre))
            kept = point(**{k: v for k, v in stated_side.items() if k != "kind"}, side=extent.side)
            assert kept.resolved.side == extent.side
            assert not {flag.code for flag in kept.flags} & {"region-differs"}


@THOROUGHLY
@given(st.sampled_from(VIEWS), st.floats(0, 699), st.floats(0, 969))
def test_a_point_is_on_the_side_that_it_is_on(view: str, x: float, y: float) -> None:
    """Wherever a point lies well off the midline, its inferred side is the patient's, on every view."""
    try:
        resolved = point(view=view, at=[x, y]).resolved
    except Invalid as error:
        assert [complaint.code for complaint in error.complaints] == ["off-body"]
        return
    across, _ = to_body(view, x, y)  # type: ignore[arg-type]
    expected = view if view in ("left", "right") else "left" if across > 0 else "right"
    if resolved.side != "midline" and (view in ("left", "right") or abs(across) > 15):
        assert resolved.side == expected


def test_the_contracts_landmark_is_placed() -> None:
    """C7, 40 mm lateral and 10 mm caudal on the left, is a point on the left trapezius, told in words."""
    recorded = point(landmark="C7", offset_mm={"lateral": 40, "caudal": 10}, side="left")
    assert recorded.resolved.muscle == "trapezius"
    assert recorded.resolved.side == "left"
    assert recorded.resolved.view == "posterior"
    assert recorded.resolved.landmark == "4 cm lateral and 1 cm below C7, left, on the reference figure"
    mirrored = point(landmark="C7", offset_mm={"lateral": 40, "caudal": 10}, side="right").resolved
    assert recorded.resolved.at is not None
    assert mirrored.at == pytest.approx(mirror("posterior", *recorded.resolved.at)[1:])


def test_every_point_is_told_by_a_landmark() -> None:
    """A point on a view gets its nearest landmark in words, marked as the reference figure's."""
    words = point(view="posterior", at=[290, 290]).resolved.landmark
    assert words is not None
    assert words.endswith("left, on the reference figure")


def test_needles_over_the_lung_are_flagged_each_by_itself() -> None:
    """A ring can lie over the lung where its centre does not: the flag is its needles', and so the placement's."""
    recorded = line(view="posterior", ring={"center": [352, 320], "radius_mm": 45, "needles": 8})
    over = [needle.number for needle in recorded.needles if "over-lung-field" in {flag.code for flag in needle.flags}]
    assert over
    assert "over-lung-field" in {flag.code for flag in recorded.flags}


def test_a_region_alone_has_possible_flags() -> None:
    """Where only the region was given, its flags are marked as possible."""
    flags = {flag.code: flag for flag in point(region="rhomboid-major", side="left").flags}
    assert flags["over-lung-field"].certainty == "possible"


def test_needling_both_sides_of_the_thorax_flags_the_session() -> None:
    """Both sides of the thorax in one session is a flag of the session, kept with it."""
    both = [{"kind": "trigger_point", "region": "rhomboid-major", "side": side} for side in ("left", "right")]
    assert [flag.code for flag in post({"placements": both}).flags] == ["both-sides-of-thorax"]
    assert post({"placements": both[:1]}).flags == ()


def test_needles_of_a_perimeter_keep_their_own_sides() -> None:
    """A ring across the spine has needles on both sides, each the patient's own."""
    recorded = line(view="posterior", ring={"center": [352, 640], "radius_mm": 40, "needles": 12}, side="both")
    for needle in recorded.needles:
        assert needle.at is not None
        across, _ = to_body("posterior", *needle.at)
        assert needle.side == ("left" if across > 0 else "right") or abs(across) < 5
    assert recorded.resolved.side == "both"


def test_both_is_refused_for_a_line_on_one_side() -> None:
    """A perimeter whose needles are all on one side is not on both."""
    members = {"view": "posterior", "ring": {"center": [250, 640], "radius_mm": 20, "needles": 6}, "side": "both"}
    assert refusals(kind="perimeter", **members)["/side"].code == "side-disagrees"


def test_skipped_needles_keep_the_numbers_of_the_others() -> None:
    """Leaving out needle 3 leaves 1, 2, 4 and on."""
    ring = {"center": [395, 610], "radius_mm": 25, "needles": 6}
    recorded = line(view="posterior", ring=ring, skip=[3])
    assert [needle.number for needle in recorded.needles] == [1, 2, 4, 5, 6]


@pytest.mark.parametrize(("needles", "skip"), [(5, ()), (5, (2,)), (8, (1, 8)), (64, (64,)), (3, (1, 2))])
def test_a_line_by_region_leaves_out_what_is_skipped(needles: int, skip: tuple[int, ...]) -> None:
    """The other needles keep their numbers, and only they are counted."""
    recorded = line(region="quadratus-lumborum", side="right", needles=needles, skip=skip)
    assert [needle.number for needle in recorded.needles] == [n for n in range(1, needles + 1) if n not in skip]
    session = post({"placements": [msgspec.to_builtins(stated(recorded))]})
    assert USE_CASES.sessions.answer(session).summary.needles_charted == needles - len(skip)


@pytest.mark.parametrize(("needles", "code"), [(2, "too-few-needles"), (3, None), (64, None), (65, "too-many-needles")])
def test_three_to_sixty_four_needles_stand_on_a_line(needles: int, code: str | None) -> None:
    """However a line is given: as a ring with a spacing, or as an outline."""
    ring = {"ring": {"center": [260, 500], "radius_mm": 40}, "spacing_mm": 2 * pi * 40 / needles}
    outline = {"outline": [[230, 480], [290, 480], [290, 540], [230, 540]], "spacing_mm": 240 / needles}
    for members in (ring, outline):
        if code is None:
            assert len(line(view="posterior", **members).needles) == needles
        else:
            assert refusals(kind="perimeter", view="posterior", **members)["/spacing_mm"].code == code


def test_a_line_by_region_has_needles_without_a_place() -> None:
    """A perimeter given by region counts its needles and says of none where it stood."""
    recorded = line(region="quadratus-lumborum", side="right", needles=5)
    assert [needle.at for needle in recorded.needles] == [None] * 5
    assert recorded.resolved.side == "right"


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"kind": "trigger_point", "view": "posterior", "at": [5, 5]}, "/at", "off-body"),
    ({"kind": "trigger_point", "view": "posterior", "at": [-50, 9000]}, "/at", "off-body"),
    ({"kind": "trigger_point", "at": [290, 290]}, "/view", "missing-field"),
    ({"kind": "trigger_point", "view": "posterior"}, "/at", "no-place"),
    ({"kind": "trigger_point"}, "", "no-place"),
    ({"kind": "trigger_point", "region": "piriformis"}, "/side", "side-missing"),
    ({"kind": "trigger_point", "region": "piriformis", "side": "midline"}, "/side", "side-disagrees"),
    ({"kind": "trigger_point", "region": "trapezius", "side": "left"}, "/region", "not-a-region"),
    ({"kind": "trigger_point", "region": "neck", "side": "left"}, "/region", "not-a-region"),
    ({"kind": "trigger_point", "region": "piriformi", "side": "left"}, "/region", "unknown-region"),
    ({"kind": "trigger_point", "landmark": "C7", "offset_mm": {"lateral": 40}}, "/side", "side-missing"),
    ({"kind": "trigger_point", "landmark": "C7", "side": "left"}, "/side", "side-disagrees"),
    ({"kind": "trigger_point", "landmark": "C77", "side": "left"}, "/landmark", "unknown-landmark"),
    ({"kind": "trigger_point", "offset_mm": {"lateral": 40}, "side": "left"}, "/landmark", "missing-field"),
    (
        {"kind": "trigger_point", "landmark": "C7", "offset_mm": {"lateral": 400}, "side": "left"},
        "/offset_mm",
        "off-body",
    ),
    ({"kind": "trigger_point", "view": "posterior", "at": [290, 290], "site": {"text": "x"}}, "/site", "two-places"),
    ({"kind": "trigger_point", "site": {"text": "calf"}, "region": "piriformis"}, "/region", "two-places"),
    ({"kind": "perimeter", "view": "posterior", "side": "left"}, "", "no-place"),
    ({"kind": "perimeter", "ring": {"center": [395, 610], "radius_mm": 25, "needles": 8}}, "/view", "missing-field"),
    (
        {"kind": "perimeter", "view": "posterior", "ring": {"center": [395, 610], "radius_mm": 25}},
        "/ring/needles",
        "missing-field",
    ),
    (
        {"kind": "perimeter", "view": "posterior", "ring": {"center": [395, 610], "radius_mm": 25, "needles": 2}},
        "/ring/needles",
        "out-of-range",
    ),
    (
        {"kind": "perimeter", "view": "posterior", "ring": {"center": [160, 610], "radius_mm": 90, "needles": 8}},
        "/ring",
        "off-body",
    ),
    (
        {"kind": "perimeter", "view": "posterior", "outline": [[370, 580], [420, 580]], "spacing_mm": 10},
        "/outline",
        "wrong-length",
    ),
    (
        {"kind": "perimeter", "view": "posterior", "outline": [[300, 600], [400, 700], [400, 600], [300, 700]]}
        | {"spacing_mm": 10},
        "/outline",
        "not-an-outline",
    ),
    (
        {"kind": "perimeter", "view": "posterior", "outline": [[370, 580], [420, 580], [420, 640]]},
        "/spacing_mm",
        "missing-field",
    ),
    (
        {"kind": "perimeter", "view": "posterior", "outline": [[370, 580], [420, 580], [420, 640]], "spacing_mm": 1},
        "/spacing_mm",
        "too-many-needles",
    ),
    (
        {"kind": "perimeter", "view": "posterior", "outline": [[370, 580], [420, 580], [420, 640]], "spacing_mm": 200},
        "/spacing_mm",
        "too-few-needles",
    ),
    (
        {"kind": "perimeter", "view": "posterior", "ring": {"center": [395, 610], "radius_mm": 25, "needles": 4}}
        | {"skip": [5]},
        "/skip/0",
        "no-such-needle",
    ),
    (
        {"kind": "trigger_point", "region": "piriformis", "side": "left", "depth_mm": 60, "needle": {"length_mm": 50}},
        "/depth_mm",
        "depth-over-needle-length",
    ),
    (
        {"kind": "trigger_point", "region": "piriformis", "side": "left", "pain_before": 11},
        "/pain_before",
        "out-of-range",
    ),
    ({"kind": "trigger_point", "region": "piriformis", "side": "left", "dwell_s": -1}, "/dwell_s", "out-of-range"),
    (
        {"kind": "trigger_point", "region": "piriformis", "side": "left", "also": ["glutes"]},
        "/also/0",
        "unknown-region",
    ),
    (
        {"kind": "trigger_point", "view": "posterior", "at": [290, 290], "also": ["piriformis"]},
        "/also/0",
        "region-elsewhere",
    ),
]


@pytest.mark.parametrize(("members", "at", "code"), REFUSED, ids=[f"{at} {code}" for _, at, code in REFUSED])
def test_what_does_not_fit_is_refused_at_its_place(members: dict[str, Any], at: str, code: str) -> None:
    """Each impossible placement is refused with one complaint, at the member that is wrong."""
    found = refusals(**members)
    assert {pointer: complaint.code for pointer, complaint in found.items()} == {at: code}


def test_a_muscle_where_a_region_is_needed_lists_its_regions() -> None:
    """The complaint about a whole muscle names every region that it could mean."""
    complaint = refusals(kind="trigger_point", region="trapezius", side="left")["/region"]
    assert set(complaint.regions) == {"trapezius-descending", "trapezius-transverse", "trapezius-ascending"}


def test_all_complaints_come_at_once() -> None:
    """Faults of shape, of the session and of the atlas in several placements are answered together."""
    body = {
        "started_at": "2026-11-23T10:00:00Z",
        "ended_at": "2026-11-23T09:00:00Z",
        "status": "stopped",
        "needle": {"length_mm": 30},
        "colour": "red",
        "placements": [
            {"kind": "trigger_point", "view": "posterior", "at": [5, 5], "depth_mm": 40},
            {"kind": "trigger_point", "region": "trapezius", "side": "left", "pain_after": 12},
            {"kind": "trigger_point", "view": "posterior", "at": ["x", 1], "depth_mm": 31},
            {"kind": "nothing"},
        ],
    }
    with pytest.raises(Invalid) as caught:
        post(body)
    assert {complaint.pointer for complaint in caught.value.complaints} == {
        "/colour",
        "/status_reason",
        "/ended_at",
        "/placements/0/at",
        "/placements/0/depth_mm",
        "/placements/1/region",
        "/placements/1/pain_after",
        "/placements/2/at/0",
        "/placements/2/depth_mm",
        "/placements/3/kind",
    }


def test_only_signing_signs() -> None:
    """A session is never posted as signed or voided."""
    for status in ("signed", "voided"):
        with pytest.raises(Invalid) as caught:
            post({"status": status})
        assert caught.value.complaints[0].pointer == "/status"


def test_what_was_stated_can_be_told_from_what_was_found() -> None:
    """Taking a record back to its statement and recording that again gives the same record."""
    for placement in post(CONTRACT).placements:
        again = place(**msgspec.to_builtins(stated(placement)))
        same = msgspec.structs.replace(again, id=placement.id, number=placement.number)
        assert same == placement


def test_summary_counts_only_what_was_done() -> None:
    """Planned placements and those not done count for no muscle, no needle and no code."""
    placements = [
        {"kind": "trigger_point", "region": "piriformis", "side": "left", "status": status, "count": 2}
        for status in ("done", "planned", "not-done")
    ]
    placements += [
        {"kind": "trigger_point", "region": region, "side": side}
        for region, side in [("trapezius-descending", "left"), ("trapezius-ascending", "right")]
    ]
    summary = USE_CASES.sessions.answer(post({"placements": placements})).summary
    assert summary.muscles == ("piriformis", "trapezius")
    assert (summary.needles_charted, summary.needles_unstated) == (2, 2)
    assert summary.suggested_code == "20560"


@pytest.mark.parametrize(
    ("muscles", "code"), [(0, None), (1, "20560"), (2, "20560"), (3, "20561"), (4, "20561"), (5, "20561")]
)
def test_the_code_follows_the_number_of_muscles(muscles: int, code: str | None) -> None:
    """20560 for one or two muscles, 20561 for three or more: each muscle once, on however many sides and in however
    many parts, whether it was a placement's own or treated through the same insertion."""
    trapezius = ["trapezius-descending", "trapezius-transverse"]
    others = ["levator-scapulae", "rhomboid-major", "infraspinatus", "teres-minor"]
    regions = (trapezius + others[: muscles - 1]) if muscles else []
    places = [{"kind": "trigger_point", "region": name, "side": side} for name in regions for side in ("left", "right")]
    summary = USE_CASES.sessions.answer(post({"placements": places})).summary
    assert (len(summary.muscles), summary.suggested_code) == (muscles, code)
    if muscles:
        together = {**places[0], "also": regions[1:]}
        summary = USE_CASES.sessions.answer(post({"placements": [together]})).summary
        assert (len(summary.muscles), summary.suggested_code) == (muscles, code)


def test_a_muscle_stated_somewhere_is_not_inferred_elsewhere() -> None:
    """A muscle is in one list: stated or confirmed before inferred, and before those of perimeters only."""
    inferred = {"kind": "trigger_point", "view": "posterior", "at": [290, 290]}
    ring = {"kind": "perimeter", "view": "posterior", "ring": {"center": [290, 290], "radius_mm": 5, "needles": 4}}
    said = {"kind": "trigger_point", "region": "trapezius-ascending", "side": "right"}
    for places in ([inferred, ring, said], [said, ring, inferred]):
        summary = USE_CASES.sessions.answer(post({"placements": places})).summary
        assert summary.muscles == ("trapezius",)
        assert (summary.muscles_inferred, summary.muscles_of_perimeters) == ((), ())


@pytest.mark.parametrize(
    ("ended_at", "minutes"),
    [
        ("2026-11-23T23:50:00-08:00", 0),
        ("2026-11-24T00:20:30-08:00", 30.5),
        ("2026-11-24T08:05:00Z", 15),
        ("2026-11-25T00:00:00-08:00", 24 * 60 + 10),
    ],
)
def test_minutes_are_counted_over_midnight_and_between_offsets(ended_at: str, minutes: float) -> None:
    """From start to end, whatever the day and the offset of the end."""
    body = {"started_at": "2026-11-23T23:50:00-08:00", "ended_at": ended_at}
    assert USE_CASES.sessions.answer(post(body)).summary.minutes == minutes


@pytest.mark.parametrize(
    ("taken", "out", "difference"), [(5, 4, 1), (4, 5, -1), (3, 3, 0), (3, None, None), (None, 3, None)]
)
def test_the_difference_is_what_did_not_come_out(taken: int | None, out: int | None, difference: int | None) -> None:
    """Needles in less needles out: positive where one may still be in the patient, null where one is not stated."""
    body = {name: count for name, count in (("needles_in", taken), ("needles_out", out)) if count is not None}
    assert USE_CASES.sessions.answer(post(body)).summary.needles_difference == difference


@pytest.mark.parametrize(
    "where",
    [
        {"view": "posterior", "at": [290, 290]},
        {"landmark": "C7", "offset_mm": {"lateral": 40}, "side": "left"},
        {"landmark": "C7"},
    ],
)
def test_one_needle_stands_where_somebody_pointed(where: dict[str, Any]) -> None:
    """A point or a landmark without a count means one needle; a region or a site says nothing of how many."""
    assert point(**where).count == 1
    assert point(**where, count=3).count == 3
    for unpointed in ({"region": "piriformis", "side": "left"}, {"site": {"text": "calf"}, "side": "left"}):
        assert point(**unpointed).count is None


def test_inferred_muscles_count_for_no_code() -> None:
    """Muscles that rest on a point alone stand apart, and a session of only those suggests no code."""
    summary = USE_CASES.sessions.answer(
        post({"placements": [{"kind": "trigger_point", "view": "posterior", "at": [290, 290]}]})
    )
    assert summary.summary.muscles == ()
    assert summary.summary.muscles_inferred == ("trapezius",)
    assert summary.summary.suggested_code is None
