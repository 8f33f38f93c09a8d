"""Themes: every one readable, told apart without colour, safe for colour-blind eyes, and one way of repainting."""

import gzip
import re
import xml.etree.ElementTree as ET
from itertools import pairwise, product
from typing import Any

import pytest

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import VIEWS
from bodymap.atlas.plates import parse_plate
from bodymap.charting.session import Session
from bodymap.rendering.body.plate import render_plate
from bodymap.rendering.chart.picture import render_chart
from bodymap.rendering.look.colours import channels, contrast, luminance, mixed
from bodymap.rendering.look.contrast import SHAPES_AAA, TEXT_AAA, body, too_faint, treated
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.look.theme_file import THEMES
from bodymap.rendering.options import ChartOptions
from tests.rendering.checks import DEFICIENCIES, apart
from tests.rendering.visits_drawn import CONTRACT, FOUR_VIEWS, point, recorded, session_of, somewhere

SVG = "{http://www.w3.org/2000/svg}"
CLINICAL, PRINT = THEMES["clinical"], THEMES["print"]
PATIENT, CONTRAST = THEMES["patient"], THEMES["contrast"]
ALL = tuple(THEMES.values())


@pytest.fixture(scope="module")
def everything(atlas: Atlas) -> Session:
    """Placements of every kind and state, on every view."""
    ways: list[dict[str, Any]] = [{"status": "planned"}, {"status": "not-done"}, {"twitch": {"obtained": True}}]
    states = [point("posterior", 290, 420 + 40 * place, **facts) for place, facts in enumerate(ways)]
    return session_of(recorded(atlas, [*CONTRACT, *FOUR_VIEWS, *states]))


@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.id)
def test_everything_can_be_told_from_what_it_lies_on(theme: Theme) -> None:
    """Text and marks reach 4.5:1, meaningful shapes 3:1, shaded plates included."""
    assert too_faint(theme) == []


def test_the_contrast_theme_is_triple_a() -> None:
    """In it text and marks reach 7:1 and shapes 4.5:1, the outlines of muscles among them."""
    assert too_faint(CONTRAST, TEXT_AAA, SHAPES_AAA) == []
    assert all(contrast(CONTRAST.muscle_edge, tint) >= SHAPES_AAA for tint in CONTRAST.muscles)


@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.id)
@pytest.mark.parametrize("detail", ["plain", "shaded"])
def test_nothing_is_drawn_in_another_colour(atlas: Atlas, everything: Session, theme: Theme, detail: Any) -> None:
    """Every colour of a chart is the theme's, or lies between two of its muscle tints: so the checks above cover it."""
    own = {v for v in (getattr(theme, name) for name in theme.__struct_fields__) if isinstance(v, str)}
    tints = theme.muscles
    between = {mixed(a, b, share / 20) for a, b in pairwise(tints) for share in range(21)}
    svg = render_chart(atlas, everything, ChartOptions(theme=theme.id, detail=detail)).decode()
    found = set(re.findall(r'(?:fill|stroke)="(#[0-9a-fA-F]+)"', svg))
    assert found
    assert found <= own | between | set(tints)


@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.id)
def test_states_of_marks_differ_without_colour(atlas: Atlas, theme: Theme) -> None:
    """Done, planned, not done and a twitch are four drawings; a patient's has no twitch, and three."""
    ways: list[dict[str, Any]] = [{}, {"status": "planned"}, {"status": "not-done"}, {"twitch": {"obtained": True}}]
    shapes = set()
    for facts in ways:
        session = session_of(recorded(atlas, [point("posterior", 290, 420, **facts)]))
        root = ET.fromstring(render_chart(atlas, session, ChartOptions(theme=theme.id)))
        mark = next(element for element in root.iter() if element.get("data-placement"))
        kept = ("r", "stroke-dasharray")
        shapes.add(tuple((e.tag, *(e.get(name) for name in kept), e.get("stroke") is None) for e in mark.iter()))
    assert len(shapes) == (3 if theme.for_patients else 4)


@pytest.mark.parametrize("theme", [t for t in ALL if not t.for_patients], ids=lambda theme: theme.id)
def test_kinds_of_placement_differ_without_colour(atlas: Atlas, everything: Session, theme: Theme) -> None:
    """Points are circles, needles of a perimeter diamonds, a region alone is hatched and has only a number."""
    root = ET.fromstring(render_chart(atlas, everything, ChartOptions(theme=theme.id, view="posterior")))
    kinds: dict[str, set[str]] = {}
    for element in root.iter():
        if element.get("data-placement"):
            kinds.setdefault(element.get("data-placement", ""), set()).update(child.tag for child in element)
    assert f"{SVG}circle" in kinds["1"]
    assert kinds["2"] == {f"{SVG}text"}
    assert kinds["4"] == {f"{SVG}path"}
    hatched = [e for e in root.iter(f"{SVG}path") if (e.get("fill") or "").startswith("url(#bm-hatch")]
    assert {path.get("data-region") for path in hatched} == {"levator-scapulae"}


@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.id)
def test_treated_muscles_have_twice_the_contrast(theme: Theme) -> None:
    """What was treated, by points or around a line, has at least 2:1 to every other muscle; on paper the lines and dots
    of the fill count with it."""
    fills = (theme.treated, theme.surrounded) if theme.treated_texture == "plain" else (theme.treated,)
    assert min(contrast(fill, tint) for fill in fills for tint in theme.muscles) >= 2


def test_regions_on_charts_have_names(atlas: Atlas, everything: Session) -> None:
    """Every region of the plate is an element with its class, region and side, treated or not; groups have classes."""
    root = ET.fromstring(render_chart(atlas, everything, ChartOptions(view="posterior", layer="superficial")))
    shown = {(e.get("data-region"), e.get("data-side")) for e in root.iter() if "region" in e.get("class", "").split()}
    plate = atlas.plate("posterior", "superficial", None, "shaded").groups["regions"].elements
    assert shown == {(element.region, element.side) for element in plate}
    assert {"body", "bones", "regions", "treated"} <= {e.get("class") for e in root.iter(f"{SVG}g")}


def test_print_steps_are_wide_enough_for_a_copier() -> None:
    """Print is grey on white, no two of its tints are nearer than 15 %, and what was done differs by texture, too."""
    colours = [value for name in PRINT.__struct_fields__ if isinstance(value := getattr(PRINT, name), str)]
    for colour in (*(c for c in colours if c.startswith("#")), *PRINT.muscles):
        assert len(set(channels(colour))) == 1, colour
    assert PRINT.paper == "#ffffff"
    assert set(body(PRINT).values()) == {"#ffffff"}
    assert PRINT.above == 0
    tints = [PRINT.treated, mixed("#ffffff", PRINT.treated, PRINT.below)]
    for tint in tints:
        assert (255 - channels(tint)[0]) / 255 >= 0.15
        assert 1 - luminance(tint) >= 0.15
    textures = {PRINT.treated_texture, PRINT.surrounded_texture, "slanted"}
    assert len(textures) == 3
    assert "plain" not in textures


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.id)
def test_treated_muscles_stand_out_for_colour_blind_eyes(theme: Theme, deficiency: str) -> None:
    """The tint of what was treated is at least four just noticed steps from every other muscle's; marks far more."""
    for tint in theme.muscles:
        assert apart(theme.treated, tint, deficiency) >= 9.2
    for ground in {**body(theme), **treated(theme)}.values():
        assert apart(theme.mark, ground, deficiency) >= 30


@pytest.mark.parametrize("theme", [t for t in ALL if t not in (CLINICAL, PATIENT)], ids=lambda theme: theme.id)
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("detail", ["plain", "shaded"])
def test_plates_are_repainted_and_nothing_else(atlas: Atlas, theme: Theme, view: Any, detail: Any) -> None:
    """A plate in a theme is a plate still: the same shapes, names and titles, in the theme's paints, the same twice."""
    shipped = atlas.plate(view, "superficial", None, detail)
    svg = render_plate(atlas, view, "superficial", detail, "hidden", theme)
    assert svg == render_plate(atlas, view, "superficial", detail, "hidden", theme)
    painted = parse_plate(svg, "painted")
    assert (painted.title, painted.desc) == (shipped.title, shipped.desc)
    assert painted.attributes == shipped.attributes
    toned = ("tone", "fibres")
    for name, group in shipped.groups.items():
        kept = [(e.id, e.region, e.side, e.d, e.title) for e in painted.groups[name].elements]
        there = [(e.id, e.region, e.side, e.d, e.title) for e in group.elements]
        assert kept == there or (name in toned and set(kept) <= set(there))
    assert {e.fill for e in painted.groups["regions"].elements}.isdisjoint(
        e.fill for e in shipped.groups["regions"].elements
    )


def test_the_clinical_plate_alone_is_the_shipped_one(atlas: Atlas) -> None:
    """In the clinical theme the plate by itself is the file of the atlas, byte for byte."""
    assert render_plate(atlas, "left", "superficial") == atlas.plate("left", "superficial").raw


@pytest.mark.parametrize("theme", ALL, ids=lambda theme: theme.id)
@pytest.mark.parametrize(("detail", "raw", "packed"), [("plain", 90_000, 30_000), ("shaded", 200_000, 65_000)])
def test_charts_of_every_theme_keep_their_budget(
    atlas: Atlas, theme: Theme, detail: Any, raw: int, packed: int
) -> None:
    """One view with twenty placements is no larger than promised, as it is and compressed."""
    for seed, box in product(range(2), ((150, 550, 150, 900), (200, 500, 200, 420))):
        session = session_of(recorded(atlas, somewhere(atlas, 20, seed, box)))
        svg = render_chart(atlas, session, ChartOptions(theme=theme.id, detail=detail, layer="superficial"))
        assert len(svg) <= raw
        assert len(gzip.compress(svg, mtime=0)) <= packed


def test_a_patients_picture_has_no_pattern_for_regions(atlas: Atlas, everything: Session) -> None:
    """How exactly a place was given is nothing for patients: every treated muscle has the one soft tint."""
    svg = render_chart(atlas, everything, ChartOptions(theme="patient")).decode()
    assert 'fill="url(' not in svg
    assert PATIENT.treated in svg
