"""Marks: at the place that the record gives, on the right side, apart from each other, counted where left out."""

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.atlas import Atlas, side_of
from bodymap.atlas.frames import SIZES
from bodymap.charting.events import RecordedEvent
from bodymap.charting.placement import RecordedPerimeter
from bodymap.charting.session import Session
from bodymap.rendering.body.view import boxes
from bodymap.rendering.boxes import Extents
from bodymap.rendering.chart.picture import Composition, compose_chart, render_chart
from bodymap.rendering.marks.leaders import crossed
from bodymap.rendering.options import ChartOptions
from bodymap.rendering.panels import place
from bodymap.rendering.scene import Text
from tests.rendering.visits_drawn import CONTRACT, FOUR_VIEWS, point, recorded, session_of, somewhere

SVG = "{http://www.w3.org/2000/svg}"


def drawn(atlas: Atlas, session: Session, **options: Any) -> ET.Element:
    return ET.fromstring(render_chart(atlas, session, ChartOptions(**options)))


def marks(root: ET.Element) -> list[ET.Element]:
    return [element for element in root.iter() if element.get("data-placement")]


def middle(mark: ET.Element) -> tuple[float, float]:
    """Where a mark's shape stands, in the millimetres of its group."""
    circle = mark.find(f"{SVG}circle")
    if circle is not None:
        return float(circle.get("cx", "nan")), float(circle.get("cy", "nan"))
    path = mark.find(f"{SVG}path")
    assert path is not None
    found = re.match(r"M(\S+) (\S+)l(\S+) ", path.get("d", ""))
    assert found
    x, top, half = (float(value) for value in found.groups())
    return x, top + half


@pytest.mark.parametrize("width", [160, 360, 800, 4000])
@pytest.mark.parametrize("detail", ["plain", "shaded"])
def test_marks_stand_where_the_record_says(atlas: Atlas, width: int, detail: Any) -> None:
    """Each mark carries number, needle, side, view and place of the record, and its shape is drawn there."""
    session = session_of(recorded(atlas, [*CONTRACT, *FOUR_VIEWS]))
    root = drawn(atlas, session, width=width, detail=detail)
    told: dict[tuple[int, int | None], tuple[Any, ...]] = {}
    for placement in session.placements:
        if isinstance(placement, RecordedPerimeter):
            for needle in placement.needles:
                told[placement.number, needle.number] = (needle.side, placement.view, needle.at)
        elif placement.at is not None:
            told[placement.number, None] = (placement.resolved.side, placement.view, placement.at)
    found = {}
    for mark in marks(root):
        if mark.get("data-given") == "region":
            continue
        number, pin = mark.get("data-placement", ""), mark.get("data-needle")
        x, y = (float(value) for value in mark.get("data-at", "").split(","))
        assert math.dist(middle(mark), (x, y)) < 0.15
        found[int(number), int(pin) if pin else None] = (mark.get("data-side"), mark.get("data-view"), (x, y))
    assert found == told


def test_marks_are_framed_like_their_plate(atlas: Atlas, sheet_session: Session) -> None:
    """The marks of a view are moved and scaled exactly as its plate is, inside the picture."""
    composed = compose_chart(atlas, sheet_session, ChartOptions(focus="full"))
    root = drawn(atlas, sheet_session, focus="full")
    framed = [group for group in root.iter(f"{SVG}g") if "scale(" in group.get("transform", "")]
    plates = {group.get("data-view"): group.get("transform") for group in framed if group.get("data-view")}
    for group in framed:
        for mark in marks(group):
            assert group.get("transform") == plates[mark.get("data-view")]
    for view in composed.views:
        x, y, scale = view.frame
        wide, tall = SIZES[view.panel.view]
        page = Extents(0, 0, composed.scene.width, composed.scene.height)
        assert Extents(x, y, x + wide * scale, y + tall * scale).within(page)


def test_letters_are_the_patients(atlas: Atlas, sheet_session: Session) -> None:
    """L stands at the viewer's left on posterior, at the right on anterior; a side view names the side that is seen."""
    for view in ("posterior", "anterior", "left", "right"):
        root = drawn(atlas, sheet_session, view=view)
        letters = {text.get("data-letter"): text for text in root.iter(f"{SVG}text") if text.get("data-letter")}
        assert letters.keys() == {"R", "L"}
        across = {letter: float(text.get("x", "nan")) for letter, text in letters.items()}
        size = {letter: float(text.get("font-size", "nan")) for letter, text in letters.items()}
        if view in ("posterior", "anterior"):
            assert (across["L"] < across["R"]) == (view == "posterior")
        else:
            near, far = ("L", "R") if view == "left" else ("R", "L")
            assert size[near] > size[far]
            words = [text.text for text in root.iter(f"{SVG}text")]
            assert f"{view} side" in words
            assert "far side" in words


@pytest.mark.parametrize("view", ["posterior", "anterior"])
def test_sides_lie_where_the_letters_say(atlas: Atlas, view: Any) -> None:
    """A mark on the patient's left is drawn on the half of the picture where L stands."""
    places = [(x, y) for x in range(120, 600, 40) for y in range(300, 800, 100) if atlas.at(view, x, y)]
    session = session_of(recorded(atlas, [point(view, x, y) for x, y in places]))
    root = drawn(atlas, session, view=view)
    left = view == "posterior"
    for mark in marks(root):
        if mark.get("data-side") in ("left", "right") and abs(middle(mark)[0] - 350) > 1:
            assert ((middle(mark)[0] < 350) == (mark.get("data-side") == "left")) == left
            assert mark.get("data-side") == side_of(view, *middle(mark))


def test_kinds_of_placement_differ_in_shape(atlas: Atlas, contract_session: Session) -> None:
    """A point is a filled disc, a needle of a perimeter a hollow diamond, a region a number without any dot."""
    root = drawn(atlas, contract_session)
    by_number: dict[str, list[ET.Element]] = {}
    for mark in marks(root):
        by_number.setdefault(mark.get("data-placement", ""), []).append(mark)
    disc = by_number["1"][0]
    assert [text.text for text in disc.iter(f"{SVG}text")] == ["1"]
    assert any(circle.get("fill") is None and circle.get("stroke") is None for circle in disc.iter(f"{SVG}circle"))
    assert [element.tag for element in by_number["2"][0]] == [f"{SVG}text"] * 2
    assert len(by_number["4"]) == 8
    assert len(by_number["5"]) == 22
    for needle in by_number["4"]:
        assert [element.tag for element in needle] == [f"{SVG}path"]
    assert "3" not in by_number
    hatched = [path for path in root.iter(f"{SVG}path") if (path.get("fill") or "").startswith("url(#bm-hatch")]
    assert [path.get("data-region") for path in hatched] == ["levator-scapulae"]


def test_the_members_of_a_group_are_hatched_together(atlas: Atlas) -> None:
    """Nobody said which: each member on the stated side is hatched, with one number among them and one name."""
    session = session_of(recorded(atlas, [{"kind": "trigger_point", "muscle": "rotator-cuff", "side": "left"}]))
    root = drawn(atlas, session)
    treated = {
        (path.get("data-region"), path.get("data-side"))
        for path in root.iter(f"{SVG}path")
        if path.get("data-region") and (path.get("fill") or "").startswith("url(#bm-hatch")
    }
    members = {"supraspinatus", "infraspinatus", "teres-minor", "subscapularis"}
    assert treated == {(member, "left") for member in members}
    assert [mark.get("data-placement") for mark in marks(root)] == ["1"]
    assert "Left rotator cuff, one trigger point" in (root.findtext(f"{SVG}desc") or "")
    both = session_of(recorded(atlas, [{"kind": "perimeter", "muscle": "gluteals", "side": "both", "needles": 6}]))
    assert [mark.get("data-side") for mark in marks(drawn(atlas, both))] == ["left", "right"]


def test_what_was_done_shows_in_the_shape(atlas: Atlas) -> None:
    """Done, planned, not done and twitch obtained give four different drawings even without their colours."""
    ways: list[dict[str, Any]] = [
        {},
        {"status": "planned"},
        {"status": "not-done"},
        {"twitch": {"sought": True, "obtained": True}},
    ]
    shapes = set()
    for facts in ways:
        mark = marks(drawn(atlas, session_of(recorded(atlas, [point("posterior", 290, 420, **facts)]))))[0]
        kept = ("r", "stroke-dasharray")
        shapes.add(tuple((e.tag, *(e.get(name) for name in kept), e.get("stroke") is None) for e in mark.iter()))
    assert len(shapes) == len(ways)


@pytest.mark.parametrize("lang", ["en", "es", "de", "fr"])
def test_an_adverse_event_is_marked(atlas: Atlas, contract_session: Session, lang: Any) -> None:
    """What an event belongs to carries a sign of its own shape, explained below the picture; to patients neither."""
    told = {
        "en": "adverse event",
        "es": "evento adverso",
        "de": "unerwünschtes Ereignis",
        "fr": "événement indésirable",
    }
    belongs = contract_session.placements[3]
    event = RecordedEvent(
        id="e",
        event="bleeding",
        severity="mild",
        action="Pressed.",
        by="Practitioner/7",
        onset_at=contract_session.created_at,
        recorded_at=contract_session.created_at,
        placement=belongs.id,
    )
    happened = msgspec.structs.replace(contract_session, events=(event,))
    signs = [e.get("data-event") for e in drawn(atlas, happened, lang=lang).iter() if e.get("data-event")]
    assert signs == [str(belongs.number)]
    for session, theme, said in (
        (happened, "clinical", True),
        (contract_session, "clinical", False),
        (happened, "patient", False),
    ):
        svg = render_chart(atlas, session, ChartOptions(lang=lang, theme=theme)).decode()
        assert (told[lang] in svg) is said
        assert ("data-event" in svg) is said


@pytest.mark.parametrize(
    ("view", "left_out"),
    [
        ("auto", []),
        ("posterior", [2, 3, 4, 5]),
        ("anterior", [1, 3, 4, 5]),
        ("left", [1, 2, 4, 5]),
        ("right", [1, 2, 3]),
    ],
)
def test_what_a_picture_leaves_out_is_counted(
    atlas: Atlas, sheet_session: Session, view: Any, left_out: list[int]
) -> None:
    """The picture says how many placements it does not show, and which, at every width and with no legend."""
    for width in (160, 400, 800):
        composed = compose_chart(atlas, sheet_session, ChartOptions(view=view, width=width, legend=False))
        assert list(composed.left_out) == left_out
        root = drawn(atlas, sheet_session, view=view, width=width, legend=False)
        words = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
        if left_out:
            assert f"{len(left_out)} placements not shown" in words
        else:
            assert "not shown" not in words


def test_layer_follows_what_was_treated(atlas: Atlas) -> None:
    """auto draws the layer that most treated muscles are in, of two with as many the outer one; what was not done does
    not count beside what was."""

    def layer(*regions: str, undone: tuple[str, ...] = ()) -> str:
        statements = [{"kind": "trigger_point", "region": region, "side": "left"} for region in regions]
        statements += [
            {"kind": "trigger_point", "region": region, "side": "left", "status": "not-done"} for region in undone
        ]
        session = session_of(recorded(atlas, statements))
        return compose_chart(atlas, session, ChartOptions(view="posterior")).views[0].panel.layer

    assert layer() == "superficial"
    assert layer("trapezius-descending") == "superficial"
    assert layer("trapezius-descending", "levator-scapulae") == "superficial"
    assert layer("levator-scapulae") == "intermediate"
    assert layer("trapezius-descending", "levator-scapulae", "multifidus-lumborum") == "superficial"
    assert layer("trapezius-descending", "levator-scapulae", "rhomboid-major", "multifidus-lumborum") == "intermediate"
    assert layer("levator-scapulae", undone=("trapezius-descending", "latissimus-dorsi")) == "intermediate"
    assert layer(undone=("levator-scapulae",)) == "intermediate"


def test_deeper_muscles_show_as_silhouettes_with_their_layer(atlas: Atlas, contract_session: Session) -> None:
    """A treated muscle under the drawn layer is drawn as its whole silhouette, and its label names its layer."""
    root = drawn(atlas, contract_session)
    outline = atlas.silhouette("levator-scapulae", "right", "posterior")
    assert outline is not None
    assert any(path.get("d") == outline.d and path.get("stroke-dasharray") for path in root.iter(f"{SVG}path"))
    assert any("intermediate" in (text.text or "") for text in root.iter(f"{SVG}text"))


def test_a_place_by_landmark_is_drawn_where_it_was_resolved(atlas: Atlas) -> None:
    """A placement stated by a landmark and an offset has its mark at the point that the atlas made of them."""
    stated = {"kind": "trigger_point", "landmark": "C7", "offset_mm": {"lateral": 40, "caudal": 10}, "side": "left"}
    session = session_of(recorded(atlas, [stated]))
    [mark] = marks(drawn(atlas, session))
    assert session.placements[0].resolved.at == pytest.approx([float(v) for v in mark.attrib["data-at"].split(",")])


def test_a_needle_in_the_arm_is_drawn_on_an_arm(atlas: Atlas) -> None:
    """A side view is drawn with its arm where something went into the arm, though it hides it by default."""
    at = atlas.centre("biceps-brachii", "left", "left")
    assert at is not None
    session = session_of(recorded(atlas, [point("left", *at, region="biceps-brachii", side="left")]))
    treated = place(atlas, session.placements, ChartOptions())
    assert [(panel.view, panel.arm) for panel in treated] == [("left", "shown")]


def letters_of(nodes: Sequence[Any]) -> list[Extents]:
    """Where R and L stand."""
    texts = [node for node in nodes if isinstance(node, Text) and dict(node.data).get("letter")]
    sizes = [float(dict(text.paint)["font-size"]) for text in texts]
    return [Extents(t.x - 0.3 * s, t.y - 0.7 * s, t.x + 0.3 * s, t.y) for t, s in zip(texts, sizes, strict=True)]


def assert_nothing_overlaps(composed: Composition) -> None:
    """Labels are clear of each other, of every mark and of the edges; leaders of one view do not cross; the letters of
    the sides are clear of both."""
    page = Extents(0, 0, composed.scene.width, composed.scene.height)
    everything: list[Extents] = []
    for view in (*composed.views, *composed.insets):
        covered = boxes(view)
        for label in view.labels:
            assert label.box.within(page)
            assert not any(label.box.touches(box) for box in covered)
        for one, two in combinations(view.labels, 2):
            assert not crossed(one.leader, two.leader)
        leaders = [step for label in view.labels for step in pairwise(label.leader)]
        for letter in letters_of(view.nodes):
            assert not any(letter.cut_by(*leader) for leader in leaders)
            assert not any(letter.touches(box) for box in covered)
        everything += [label.box for label in view.labels]
    for a, b in combinations(everything, 2):
        assert not a.touches(b)


def assert_labelled(composed: Composition, numbers: Sequence[int]) -> None:
    views = (*composed.views, *composed.insets)
    assert sorted(number for view in views for label in view.labels for number in label.numbers) == sorted(numbers)


@given(
    st.integers(0, 20),
    st.integers(0, 10_000),
    st.sampled_from([(150, 550, 150, 900), (200, 500, 200, 420), (280, 420, 200, 330), (110, 300, 250, 600)]),
)
def test_labels_never_overlap(atlas: Atlas, count: int, seed: int, box: tuple[int, int, int, int]) -> None:
    """Up to twenty placements anywhere, crowded or not, all get a callout, of the body or of an inset, and none touches
    anything."""
    session = session_of(recorded(atlas, somewhere(atlas, count, seed, box)))
    composed = compose_chart(atlas, session, ChartOptions())
    assert_nothing_overlaps(composed)
    assert_labelled(composed, range(1, count + 1))


def test_sheets_and_perimeters_keep_their_labels_apart(
    atlas: Atlas, sheet_session: Session, contract_session: Session
) -> None:
    """Sheets of several views and charts with perimeters and regions obey the same rules."""
    for session in (sheet_session, contract_session):
        composed = compose_chart(atlas, session, ChartOptions())
        assert_nothing_overlaps(composed)
        assert_labelled(composed, [p.number for p in session.placements if p.number not in composed.left_out])


def test_numbers_are_drawn_for_every_one_of_64(atlas: Atlas) -> None:
    """Each of 64 placements has its number on the body or in an inset, and its row in the table; callouts are there
    for all of a view, shared by alike ones, or for none."""
    session = session_of(recorded(atlas, somewhere(atlas, 64, 5, (150, 550, 150, 900))))
    composed = compose_chart(atlas, session, ChartOptions())
    for view in composed.views:
        called = {number for label in view.labels for number in label.numbers}
        assert not called or called == view.marks.anchors.keys()
    root = drawn(atlas, session)
    framed = [g for g in root.iter(f"{SVG}g") if "scale(" in g.get("transform", "") and marks(g)]
    on_body = {text.text or "" for text in framed[0].iter(f"{SVG}text")}
    larger = {group.get("data-repeats"): group for group in root.iter(f"{SVG}g") if group.get("data-repeats")}
    in_insets = {number for number, group in larger.items() if [t.text for t in group.iter(f"{SVG}text")] == [number]}
    assert on_body | in_insets == {str(number) for number in range(1, 65)}


def test_regions_of_a_record_that_the_atlas_lacks_are_listed(atlas: Atlas) -> None:
    """A record whose region this atlas does not have is left out of the picture and said to be."""
    placement = recorded(atlas, [CONTRACT[1]])[0]
    gone = msgspec.structs.replace(
        placement, region="gone", resolved=msgspec.structs.replace(placement.resolved, region="gone")
    )
    assert compose_chart(atlas, session_of([gone]), ChartOptions()).left_out == (1,)
