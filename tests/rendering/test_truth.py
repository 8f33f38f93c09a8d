"""What the paint says is what the record says: the side of a callout, what was done, where a line of needles lies."""

import re
import xml.etree.ElementTree as ET
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.atlas import Atlas
from bodymap.charting.events import RecordedEvent
from bodymap.rendering.body.labels import edge_of
from bodymap.rendering.chart.picture import compose_chart, render_chart
from bodymap.rendering.look.theme_file import THEMES
from bodymap.rendering.options import ChartOptions, Focus, ThemeId
from bodymap.rendering.panels import place
from tests.rendering.visits_drawn import START, point, recorded, session_of

SVG = "{http://www.w3.org/2000/svg}"
MIDDLE = 350
RING = {"kind": "perimeter", "view": "posterior", "ring": {"center": [402, 700], "radius_mm": 28, "needles": 8}}


def drawn(atlas: Atlas, statements: list[dict[str, Any]], **options: Any) -> ET.Element:
    events = options.pop("events", ())
    session = session_of(recorded(atlas, statements), events=events)
    return ET.fromstring(render_chart(atlas, session, ChartOptions(**options)))


def without_digest(fill: str | None) -> str:
    """A fill with the ids that the theme gives its patterns."""
    return re.sub(r"-[0-9a-f]{10}\)", ")", fill or "")


def shapes(root: ET.Element, region: str, side: str) -> list[ET.Element]:
    named = [path for path in root.iter(f"{SVG}path") if path.get("data-region") == region]
    return [path for path in named if path.get("data-side") == side and path.get("stroke-width")]


@given(
    st.sampled_from(["posterior", "anterior"]),
    st.lists(st.tuples(st.integers(60, 640), st.integers(80, 940)), min_size=1, max_size=9, unique=True),
    st.sampled_from(get_args(Focus)),
    st.sampled_from(["clinical", "print", "patient"]),
)
def test_a_callout_stands_on_the_patient_s_side(
    atlas: Atlas, view: Any, spots: list[tuple[int, int]], focus: Focus, theme: ThemeId
) -> None:
    """Anywhere on the back and front, close up or not, what lies off the midline has its callout beyond its own half of
    the picture."""
    statements = [point(view, x, y) for x, y in spots if atlas.at(view, x, y) is not None]
    composed = compose_chart(
        atlas, session_of(recorded(atlas, statements)), ChartOptions(view=view, focus=focus, theme=theme)
    )
    for drawn_view in composed.views:
        at = {placement.number: xy[0] for placement, xy in drawn_view.panel.points}
        for label in drawn_view.labels:
            if abs(at[label.number] - MIDDLE) > 2:
                right = at[label.number] > MIDDLE
                port = label.leader[0][0]
                assert (label.box.left >= port - 1) == right, label.number


@given(st.data())
def test_every_region_s_callout_stands_on_its_side(atlas: Atlas, data: st.DataObject) -> None:
    """Every region of the atlas, on either side, by its number only: the callout is at the edge of that side."""
    region = data.draw(st.sampled_from(atlas.regions))
    side = data.draw(st.sampled_from(["left", "right"]))
    statement = {"kind": "trigger_point", "region": region.id, "side": side}
    composed = compose_chart(atlas, session_of(recorded(atlas, [statement])), ChartOptions(focus="auto"))
    for view in composed.views:
        for label in view.labels:
            if view.panel.view in ("posterior", "anterior"):
                left = (side == "left") == (view.panel.view == "posterior")
                assert edge_of(view.panel, view.panel.placements[0]) == ("left" if left else "right")
                assert (label.box.right <= label.leader[0][0] + 1) == left


@pytest.mark.parametrize("theme", sorted(set(get_args(ThemeId)) - {"own", "patient"}))
def test_only_what_was_done_is_filled(atlas: Atlas, theme: ThemeId) -> None:
    """A muscle that is planned has a dashed outline and no tint, one that was not done a dotted one, and one that was
    done is solid, whatever the theme."""
    sides = {"left": 250, "right": 450}
    for status in ("done", "planned", "not-done"):
        statements = [point("posterior", sides["left"], 330, region="trapezius-transverse", status=status)]
        [shape] = shapes(drawn(atlas, statements, theme=theme), "trapezius-transverse", "left")
        fill = without_digest(THEMES[theme].fill("point"))
        assert (without_digest(shape.get("fill")) == fill) == (status == "done")
        assert (shape.get("stroke-dasharray") is None) == (status == "done")
    one_done = [*statements, point("posterior", 255, 333, region="trapezius-transverse", side="left")]
    [shape] = shapes(drawn(atlas, one_done, theme=theme), "trapezius-transverse", "left")
    assert without_digest(shape.get("fill")) == fill


def test_a_muscle_that_its_layer_covers_is_shown_whole(atlas: Atlas) -> None:
    """Every region of the atlas of which less than 60 % is to be seen on its own layer is a dashed silhouette there."""
    for region in atlas.regions:
        for extent in region.extents.get("posterior", ()):
            layer = region.layers.get("posterior")
            if layer is None or extent.side == "midline":
                continue
            statement = {"kind": "trigger_point", "region": region.id, "side": extent.side}
            options = ChartOptions(view="posterior", layer=layer)
            [panel] = place(atlas, recorded(atlas, [statement]), options)
            where = {treated.where for treated in panel.treated}
            covered = extent.visible_mm2 < 0.6 * extent.silhouette_mm2
            assert where <= ({"covered"} if covered else {"drawn"}), region.id


def test_a_region_without_a_point_is_hatched_beside_one_with(atlas: Atlas) -> None:
    """Where any placement of a muscle does not say where in it, the muscle is hatched, also if another one does."""
    pointed = point("posterior", 245, 390, region="infraspinatus", side="left")
    for statements in ([pointed, {"kind": "trigger_point", "region": "infraspinatus", "side": "left"}],):
        [shape] = shapes(drawn(atlas, statements, view="posterior"), "infraspinatus", "left")
        assert without_digest(shape.get("fill")) in {
            THEMES["clinical"].fill("region", below) for below in (True, False)
        }


def test_a_line_of_needles_tints_its_own_area(atlas: Atlas) -> None:
    """A ring tints the area it surrounds and five millimetres more, no muscle, and is named by the part of the body and
    what is near."""
    root = drawn(atlas, [RING])
    radii = [float(circle.get("r", "0")) for circle in root.iter(f"{SVG}circle")]
    assert 33 in radii
    fills = {path.get("fill") for path in root.iter(f"{SVG}path") if path.get("data-region")}
    assert THEMES["clinical"].fill("point") not in fills
    said = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert any("Ring of 8, lower back" in line for line in said)
    assert any("near" in line and "L" in line for line in said)
    for status in ("planned", "not-done"):
        root = drawn(atlas, [{**RING, "status": status}])
        assert 33 not in [float(circle.get("r", "0")) for circle in root.iter(f"{SVG}circle")]


def test_no_mark_of_the_trunk_stands_on_the_arm(atlas: Atlas) -> None:
    """On a side view the arm is drawn where something went into it; where the trunk under it was treated, its outline
    only, whatever was asked for."""
    trunk = point("right", 190, 480)
    arm = {"kind": "trigger_point", "region": "triceps-brachii", "side": "right"}
    for statements, arms in (([trunk], "hidden"), ([arm], "shown"), ([trunk, arm], "hidden")):
        for asked in ("hidden", "shown"):
            options = ChartOptions(view="right", arm=asked)  # type: ignore[arg-type]
            [panel] = place(atlas, recorded(atlas, statements), options)
            assert panel.arm == arms
            assert panel.ghost == (trunk in statements and (arm in statements or asked == "shown"))


def test_a_serious_event_leads_and_looks_different(atlas: Atlas) -> None:
    """Events stand at the head, the worst first; the mark of a serious one has another shape, and is filled."""
    events = [
        RecordedEvent(
            id=f"e{number}",
            event=what,
            severity=severity,  # type: ignore[arg-type]
            onset_at=START,
            placement=f"p{number}",
            action="rest",
            by="Practitioner/7",
            recorded_at=START,
        )
        for number, (what, severity) in enumerate([("bruise", "mild"), ("pneumothorax", "serious")], 1)
    ]
    root = drawn(atlas, [point("posterior", 302, 275), point("posterior", 440, 430)], events=tuple(events))
    lines = [text.text or "" for text in root.iter(f"{SVG}text")]
    head = next(line for line in lines if "pneumothorax" in line)
    assert "bruise" not in head or head.index("pneumothorax") < head.index("bruise")
    signs = {group.get("data-event"): list(group.iter(f"{SVG}path")) for group in root.iter(f"{SVG}g")}
    mild, serious = signs["1"][1], signs["2"][1]
    assert (mild.get("d") or "").count("L") != (serious.get("d") or "").count("L")
    assert mild.get("fill") != serious.get("fill")
