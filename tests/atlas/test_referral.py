"""Referral areas: a closed vocabulary, drawn where a clinician expects it, mirrored, within the body."""

import json

import msgspec
import pytest

from bodymap.atlas import load_atlas
from bodymap.atlas.frames import SIZES, mirror, to_page
from bodymap.atlas.landmarks import read_landmarks
from bodymap.atlas.manifest import VIEWS, Side, ViewId
from bodymap.atlas.referral import Referral, ReferralArea, read_referral
from bodymap.atlas.trigger_points import read_trigger_points
from bodymap.errors import Corrupt, Missing, UnknownView

ATLAS = load_atlas()
SHEETS = {view: ATLAS.file(f"{view}.referral.svg") for view in VIEWS}
REFERRAL = read_referral(ATLAS.file("referral.json"), SHEETS)
LANDMARKS = {landmark.id: landmark for landmark in read_landmarks(ATLAS.file("landmarks.json")).all}


def shows(area: str, view: ViewId, landmark: str, side: Side = "left", *, medial: float = 0, up: float = 0) -> bool:
    """Whether an area's outline holds the place beside a landmark."""
    outline = REFERRAL.outline(view, area, side)
    assert outline is not None, area
    at = LANDMARKS[landmark].at
    x, y, z = at.get(side, at.get("midline", (0, 0, 0)))
    outward = -1 if side == "right" else 1
    return outline.contains(*to_page(view, x - outward * medial if view in ("posterior", "anterior") else z, y + up))


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize(
    ("area", "view", "landmark", "medial", "up"),
    [
        ("mastoid", "posterior", "mastoid", 0, 2),
        ("occiput", "posterior", "inion", -30, 25),
        ("neck-posterior", "posterior", "C5", -15, 0),
        ("acromion", "posterior", "acromion", 10, 0),
        ("shoulder-posterior", "posterior", "acromion-angle", 5, -30),
        ("shoulder-anterior", "anterior", "coracoid", -10, 5),
        ("scapula-medial-border", "posterior", "scapula-medial-border", 0, 0),
        ("scapula-inferior-angle", "posterior", "scapula-inferior-angle", 0, 0),
        ("interscapular", "posterior", "T4", -25, 0),
        ("suprascapular", "posterior", "scapula-superior-angle", -20, 0),
        ("sacroiliac", "posterior", "psis", 0, -5),
        ("low-back", "posterior", "L3", -40, 0),
        ("iliac-crest", "posterior", "iliac-crest", 0, -8),
        ("buttock", "posterior", "ischial-tuberosity", -20, 50),
        ("greater-trochanter", "posterior", "greater-trochanter", 10, 0),
        ("greater-trochanter", "anterior", "greater-trochanter", 10, 0),
        ("elbow-lateral-epicondyle", "anterior", "lateral-epicondyle", 5, 0),
        ("jaw-angle", "anterior", "mandible-angle", 0, 0),
        ("groin", "anterior", "pubic-tubercle", -20, 15),
    ],
)
def test_areas_lie_where_a_clinician_looks_for_them(
    area: str, view: ViewId, landmark: str, medial: float, up: float, side: Side
) -> None:
    """Each holds the place, told from a landmark, that its name stands for, on either side of the patient."""
    assert shows(area, view, landmark, side, medial=medial, up=up)


@pytest.mark.parametrize(
    ("area", "view", "landmark", "up"),
    [
        ("c7-t3-spinous", "posterior", "T2", 0),
        ("sacrum", "posterior", "S1", 0),
        ("sternum", "anterior", "sternal-angle", 0),
    ],
)
def test_midline_areas_lie_on_the_midline(area: str, view: ViewId, landmark: str, up: float) -> None:
    """They have one outline, which either side and the midline lead to."""
    assert shows(area, view, landmark, "midline", up=up)
    assert REFERRAL.outline(view, area, "left") is REFERRAL.outline(view, area, "right")
    assert not REFERRAL.get(area).paired


def test_the_head_reads_from_front_to_back() -> None:
    """From the left: forehead before eye and temple, these before the mastoid, and the back of the head last."""
    middles: list[float] = []
    for area in ("forehead", "temple", "mastoid", "occiput"):
        outline = REFERRAL.outline("left", area, "left")
        assert outline is not None
        middles.append((outline.bounds[0] + outline.bounds[2]) / 2)
    assert middles == sorted(middles)
    temple, eye = (REFERRAL.outline("left", area, "left") for area in ("temple", "behind-eye"))
    assert temple is not None
    assert eye is not None
    assert eye.bounds[0] < temple.bounds[0]
    ear = LANDMARKS["mastoid"].at["left"]
    assert temple.bounds[3] < to_page("left", ear[2], ear[1])[1]


def test_every_outline_lies_on_the_body_and_the_page() -> None:
    """No area is drawn where the atlas knows no body, except for what the side views show of the arm only."""
    for view in VIEWS:
        width, height = SIZES[view]
        for area, _, outline in REFERRAL.on_view(view):
            left, top, right, bottom = outline.bounds
            assert left >= 0
            assert top >= 0
            assert right <= width
            assert bottom <= height
            for ring in outline.polygons:
                off = [point for point in ring[::5] if ATLAS.at(view, *point, arm="shown") is None]
                assert len(off) <= len(ring[::5]) * 0.05, (area.id, view, off[:3])


def test_sides_are_mirror_images() -> None:
    """The right outline is the left one mirrored to the tenth of a millimetre, on the view that mirrors it."""
    for view in VIEWS:
        for area, side, outline in REFERRAL.on_view(view):
            if side == "midline":
                continue
            other: Side = "right" if side == "left" else "left"
            mirrored = {
                (round(x, 1), round(y, 1))
                for ring in outline.polygons
                for x, y in [mirror(view, *point)[1:] for point in ring]
            }
            twin = REFERRAL.outline(mirror(view, 0, 0)[0], area.id, other)
            assert twin is not None
            assert {(round(x, 1), round(y, 1)) for ring in twin.polygons for x, y in ring} == mirrored


def test_paired_areas_keep_to_their_side() -> None:
    """On posterior and anterior, no paired area crosses the midline."""
    for view, left_is_left in (("posterior", True), ("anterior", False)):
        for _, side, outline in REFERRAL.on_view(view):
            if side == "midline":
                continue
            at_viewers_left = (side == "left") == left_is_left
            assert outline.bounds[2] <= 350 if at_viewers_left else outline.bounds[0] >= 350


def test_the_vocabulary_covers_every_entry_and_nothing_is_idle() -> None:
    """Every area an entry names is there, every area is named by an entry, and each table word means one area."""
    named = {area for entry in read_trigger_points(ATLAS.file("trigger-points.json")).all for area in entry.referral}
    assert named == {area.id for area in REFERRAL.all}
    words = [word for area in REFERRAL.all for word in area.words]
    assert len(set(words)) == len(words)


def test_an_area_without_an_outline_says_why() -> None:
    """Fingers below the page, the other side, and words that name no place, are told of in a note; every other area has
    its rule."""
    without = {area.id for area in REFERRAL.all if not area.views}
    fingers = {"index-finger", "ring-finger", "little-finger", "fingers-3-5"}
    assert without == fingers | {"toward-spine", "spinous-local", "forehead-other-side"}
    for area in REFERRAL.all:
        assert area.note if not area.views else area.rule
        assert (area.id in without) == all(REFERRAL.outline(view, area.id, "left") is None for view in VIEWS)


def test_side_views_mark_what_only_the_shown_arm_carries() -> None:
    """An area of the arm is marked so on side views; no other is."""
    for view in ("left", "right"):
        sheet = SHEETS[view].decode()
        for line in sheet.splitlines():
            if "data-area=" in line:
                area = REFERRAL.get(line.split('data-area="')[1].split('"')[0])
                assert ('data-arm="shown"' in line) == area.arm


def test_unknown_areas_and_views_are_refused() -> None:
    """An area or a view that is not there is an error, not an empty answer."""
    with pytest.raises(Missing):
        REFERRAL.get("knee")
    with pytest.raises(Missing):
        REFERRAL.outline("posterior", "", "left")
    with pytest.raises(UnknownView):
        REFERRAL.on_view("above")  # type: ignore[arg-type]
    assert REFERRAL.outline("posterior", "sternum", "left") is None


def _element(change: dict[str, str]) -> bytes:
    attributes = {"id": "temple-left", "data-area": "temple", "data-side": "left", "d": "M0 0l9 0 0 9z", **change}
    path = " ".join(f'{name}="{value}"' for name, value in attributes.items())
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 970" data-view="posterior">'
        f'<g id="referral"><path {path}/></g></svg>'
    ).encode()


def test_sheets_that_do_not_fit_the_vocabulary_are_refused() -> None:
    """A stranger, a side that an area does not have, an area missing or twice, another view's sheet: all refused."""
    temple = ReferralArea("temple", "Temple", ("temple",), True, False, ("posterior",), "rule")
    fine = _element({})
    assert Referral([temple], {"posterior": fine}).outline("posterior", "temple", "left") is not None
    for sheet in (
        _element({"data-area": "knee"}),
        _element({"data-side": "midline"}),
        fine.replace(b'data-view="posterior"', b'data-view="anterior"'),
        fine.replace(b'id="referral"', b'id="fields"'),
        fine.replace(b"</g>", fine[fine.index(b"<path") : fine.index(b"</g>")] + b"</g>"),
        b"<svg/>",
    ):
        with pytest.raises(Corrupt):
            Referral([temple], {"posterior": sheet}).on_view("posterior")
    with pytest.raises(Corrupt, match="does not draw"):
        Referral([temple, msgspec.structs.replace(temple, id="eye")], {"posterior": fine}).on_view("posterior")
    with pytest.raises(Corrupt, match="same id"):
        Referral([temple, temple], {})
    for raw in (b"", b"{}", json.dumps({"areas": [{"id": "x"}]}).encode()):
        with pytest.raises(Corrupt):
            read_referral(raw, {})
