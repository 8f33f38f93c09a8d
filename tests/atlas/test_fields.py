"""Which fields a point and an outline meet, on the fields that ship and on small ones drawn here."""

import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bodymap.atlas import load_atlas
from bodymap.atlas.fields import FIELDS, FieldHit, Fields
from bodymap.atlas.frames import SIZES, mirror, to_page
from bodymap.atlas.manifest import VIEWS, ViewId
from bodymap.atlas.outlines import Outline
from bodymap.errors import Corrupt, UnknownView
from bodymap.resources import asset_folder
from tests.examples import THOROUGHLY

ATLAS = load_atlas()
SHIPPED = Fields({view: (asset_folder() / "1" / f"{view}.fields.svg").read_bytes() for view in VIEWS})
LUNGS = {"pleura", "superior-lobe-of-lung", "middle-lobe-of-lung", "inferior-lobe-of-lung"}
RIBS = {f"rib-{number}" for number in range(1, 13)}
OTHER = {"left": "right", "right": "left"}


def sheet(*paths: str, view: str = "posterior") -> bytes:
    """A sheet of fields with these paths."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 700 970" role="img" data-view="{view}">'
    return f'{head}<title>t</title><g id="fields">{"".join(paths)}</g></svg>'.encode()


def path(d: str, field: str = "lung-field", side: str = "left") -> str:
    """One path of a sheet."""
    return f'<path id="{field}-{side}" data-field="{field}" data-side="{side}" d="{d}"/>'


SQUARE = Fields({"posterior": sheet(path("M100 100l50 0 0 50 -50 0z"))})


@st.composite
def places(draw: st.DrawFn) -> tuple[ViewId, float, float]:
    """Any point of any page."""
    view = draw(st.sampled_from(VIEWS))
    width, height = SIZES[view]
    return view, draw(st.floats(0, width, exclude_max=True)), draw(st.floats(0, height, exclude_max=True))


def lung_field_at(view: ViewId, x: float, y: float) -> bool:
    """Whether the shipped fields call a point over the lung field."""
    return any(hit.field == "lung-field" for hit in SHIPPED.at(view, x, y))


@pytest.mark.parametrize("view", VIEWS)
def test_no_ray_meets_lung_pleura_or_rib_outside_the_lung_field(view: ViewId) -> None:
    """On a grid over each whole page, every point above lung, pleura or a rib lies in the lung field."""
    width, height = SIZES[view]
    met = 0
    for row in range(int(height) // 4):
        for column in range(int(width) // 4):
            x, y = column * 4 + 1.3, row * 4 + 2.7
            if (LUNGS | RIBS) & {layered.structure.id for layered in ATLAS.beneath(view, x, y)}:
                met += 1
                assert lung_field_at(view, x, y), (view, x, y)
    assert met > 1500


@THOROUGHLY
@given(places())
@example(("posterior", 290.0, 290.0))
def test_any_point_above_lung_or_pleura_lies_in_the_lung_field(place: tuple[ViewId, float, float]) -> None:
    """The same of points anywhere, not only on a grid."""
    if LUNGS & {layered.structure.id for layered in ATLAS.beneath(*place)}:
        assert lung_field_at(*place)


@THOROUGHLY
@given(places())
def test_fields_mirror_each_other(place: tuple[ViewId, float, float]) -> None:
    """The mirror image of a point lies in the same fields on the other side."""
    view, width = place[0], SIZES[place[0]][0]
    # Off the grid of tenths that outlines stand on: exactly on an edge is on one side or the other.
    x, y = min(int(place[1]) + 0.27, width - 0.73), int(place[2]) + 0.27
    here = {(hit.field, OTHER[hit.side]) for hit in SHIPPED.at(view, x, y)}
    assert here == {(hit.field, hit.side) for hit in SHIPPED.at(*mirror(view, x, y))}


@pytest.mark.parametrize(
    ("view", "across", "up", "expected"),
    [
        ("posterior", 75.0, 1330.0, {"lung-field"}),
        ("posterior", 60.0, 1440.0, {"lung-field"}),
        ("posterior", 105.0, 1403.0, {"lung-field"}),
        ("posterior", 5.0, 1314.0, {"lung-field", "spinal-canal"}),
        ("posterior", 25.0, 1314.0, {"lung-field", "spinal-canal"}),
        ("posterior", 45.0, 1043.0, {"kidney-level", "psoas"}),
        ("posterior", 60.0, 1100.0, {"lung-field", "kidney-level", "rib-12-attachment"}),
        ("posterior", 45.0, 1018.0, {"psoas"}),
        ("posterior", 45.0, 985.0, set()),
        ("posterior", 5.0, 985.0, {"spinal-canal"}),
        ("posterior", 22.0, 1525.0, {"spinal-canal", "suboccipital"}),
        ("posterior", 38.0, 1540.0, {"suboccipital"}),
        ("posterior", 105.0, 950.0, set()),
        ("posterior", 80.0, 890.0, set()),
        ("posterior", 180.0, 1370.0, set()),
        ("anterior", 35.0, 1435.0, {"lung-field", "anterior-neck", "lateral-neck", "carotid-sheath"}),
        ("anterior", 90.0, 1330.0, {"lung-field"}),
        ("anterior", 30.0, 1030.0, {"abdominal-wall", "psoas"}),
        ("anterior", 60.0, 820.0, {"femoral-triangle", "psoas"}),
        ("anterior", 120.0, 820.0, set()),
        ("anterior", 0.0, 1450.0, {"anterior-neck"}),
        ("anterior", 0.0, 1530.0, set()),
        ("left", 0.0, 1250.0, {"lung-field"}),
        ("left", -125.0, 1250.0, {"lung-field"}),
        ("left", -10.0, 1480.0, {"anterior-neck", "lateral-neck"}),
        ("left", -60.0, 1535.0, {"suboccipital", "spinal-canal"}),
        ("right", -50.0, 1040.0, {"kidney-level", "abdominal-wall"}),
        ("right", -30.0, 950.0, set()),
        ("right", 60.0, 1540.0, set()),
    ],
)
def test_known_places(view: ViewId, across: float, up: float, expected: set[str]) -> None:
    """Places of the reference body, given in its own millimetres, lie in the fields that anatomy puts them in."""
    assert {hit.field for hit in SHIPPED.at(view, *to_page(view, across, up))} == expected


def test_every_field_is_drawn_on_both_sides_of_some_view() -> None:
    """No field is missing, and a view that has one has it for every side that it shows."""
    for field in FIELDS:
        on = [view for view in VIEWS if SHIPPED.outline(view, field, "left")]
        assert on, field
        for view in ("posterior", "anterior"):
            assert bool(SHIPPED.outline(view, field, "left")) == bool(SHIPPED.outline(view, field, "right"))
        assert bool(SHIPPED.outline("left", field, "left")) == bool(SHIPPED.outline("right", field, "right"))


def test_the_midline_lies_in_the_fields_of_both_sides() -> None:
    """A point on the spine of T6 means either side."""
    sides = {hit.side for hit in SHIPPED.at("posterior", 350.0, 416.0) if hit.field == "lung-field"}
    assert sides == {"left", "right"}


@THOROUGHLY
@given(places())
def test_a_point_agrees_with_the_outline_it_lies_in(place: tuple[ViewId, float, float]) -> None:
    """The quick look-up says what the plain test of each outline says."""
    view, x, y = place
    hits = SHIPPED.at(view, x, y)
    for field in FIELDS:
        for side in ("left", "right"):
            outline = SHIPPED.outline(view, field, side)
            if outline is not None:
                assert outline.contains(x, y) == (FieldHit(field, side) in hits)


@pytest.mark.parametrize("at", [(math.nan, 10.0), (10.0, math.inf), (-1e9, 5.0), (5.0, 1e300)])
def test_what_is_no_point_lies_in_no_field(at: tuple[float, float]) -> None:
    """Numbers that are no place of the page give no field and no error."""
    assert SHIPPED.at("posterior", *at) == ()


@pytest.mark.parametrize(
    ("d", "share"),
    [
        ("M120 120l5 0 0 5 -5 0z", 1.0),  # inside
        ("M50 50l200 0 0 200 -200 0z", 0.0625),  # around
        ("M90 120l80 0 0 5 -80 0z", 0.625),  # through, no corner inside
        ("M151 100l20 0 0 20 -20 0z", 0.0),
        ("M140 60l60 0 0 60z", 0.0),  # bounds overlap, shapes do not
    ],
)
def test_a_share_is_that_of_the_area(d: str, share: float) -> None:
    """Of a shape so much lies in a field as the two have in common."""
    found = dict(SQUARE.shares("posterior", Outline(d)))
    assert found.get(FieldHit("lung-field", "left"), 0.0) == pytest.approx(share)
    assert bool(found) == (share > 0)


@given(st.sampled_from([(region.id, view) for region in ATLAS.regions for view in region.layers]))
@settings(max_examples=8)
def test_a_region_s_shares_are_those_of_its_points(case: tuple[str, ViewId]) -> None:
    """As large a part of points spread over a region lies in each field as the region is said to."""
    region, view = case
    outline = ATLAS.silhouette(region, "right" if view == "right" else "left", view)
    assert outline is not None
    left, top, right, bottom = outline.bounds
    step = max((right - left) * (bottom - top) / 3000, 1.0) ** 0.5
    grid = [
        (left + (i + 0.5) * step, top + (j + 0.5) * step)
        for i in range(int((right - left) / step))
        for j in range(int((bottom - top) / step))
    ]
    inside = [hits for x, y in grid if outline.contains(x, y) for hits in [SHIPPED.at(view, x, y)]]
    shares = dict(SHIPPED.shares(view, outline))
    for hit in {*shares, *(hit for hits in inside for hit in hits)}:
        assert sum(hit in hits for hits in inside) / len(inside) == pytest.approx(shares.get(hit, 0.0), abs=0.08)


@pytest.mark.parametrize(
    "raw",
    [
        sheet(path("M1 1l9 0 0 9z"), path("M1 1l9 0 0 9z")),
        sheet(path("M1 1l9 0 0 9z", field="heart-field")),
        sheet(path("M1 1l9 0 0 9z", side="")),
        sheet(path("M1 1l9 0 0 9z"), view="anterior"),
        sheet(path("M1 1")),
        b"<svg",
        b"",
        sheet(path("M1 1l9 0 0 9z")).replace(b'id="fields"', b'id="regions"'),
    ],
)
def test_a_broken_sheet_is_refused(raw: bytes) -> None:
    """A sheet that draws a field twice, draws what is none, or is no sheet of that view raises `Corrupt`."""
    with pytest.raises(Corrupt):
        Fields({"posterior": raw}).at("posterior", 5.0, 5.0)


def test_a_view_without_a_sheet_is_unknown() -> None:
    """Asking of a view that is not there raises `UnknownView`."""
    with pytest.raises(UnknownView):
        SQUARE.at("anterior", 5.0, 5.0)
