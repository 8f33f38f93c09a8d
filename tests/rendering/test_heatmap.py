"""The heat map of a course: true to the record, honest about what is not in it, safe, small, the same each time."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from itertools import pairwise
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given

from bodymap.atlas import Atlas
from bodymap.atlas.local_names import region_name
from bodymap.atlas.outlines import flatten
from bodymap.charting.course import Course, course_of
from bodymap.rendering.course.formats import HeatmapDrawing
from bodymap.rendering.course.heat import heat_of
from bodymap.rendering.course.heat_colours import fills, step_patterns
from bodymap.rendering.course.heatmap import compose_heatmap
from bodymap.rendering.course.options import HeatmapOptions
from bodymap.rendering.look.colours import contrast, luminance
from bodymap.rendering.look.theme_file import THEMES
from bodymap.rendering.output.svg import write_svg
from bodymap.words import Language
from tests.rendering.checks import CLINICAL_WORDS, HOSTILE, MARKED, WIDTHS, apart, assert_safe, boxes_inside, says, seen
from tests.rendering.courses_drawn import course, many_visits, visit_of
from tests.rendering.visits_drawn import CONTRACT, FOUR_VIEWS, START, point

SVG = "{http://www.w3.org/2000/svg}"
LANGUAGES: tuple[Language, ...] = get_args(Language)


def drawn(atlas: Atlas, found: Course, **options: Any) -> bytes:
    return write_svg(compose_heatmap(atlas, found, HeatmapOptions(**options)))


def heard(atlas: Atlas, found: Course, **options: Any) -> str:
    return compose_heatmap(atlas, found, HeatmapOptions(**options)).desc


@pytest.fixture(scope="module")
def mixed(atlas: Atlas) -> Course:
    """Visits on every view, with everything that a heat map leaves out."""
    everything = [*CONTRACT, *FOUR_VIEWS, point("posterior", 350, 800), point("posterior", 300, 500, status="not-done")]
    sessions = [
        visit_of(atlas, 0, everything, pain_before=7),
        visit_of(atlas, 1, CONTRACT),
        visit_of(atlas, 2, CONTRACT, status="voided"),
        visit_of(atlas, 3, CONTRACT, status="cancelled"),
        visit_of(atlas, 4, CONTRACT, status="planned"),
    ]
    return course(sessions)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", list(THEMES))
def test_heat_maps_are_safe_svg(atlas: Atlas, mixed: Course, width: int, theme: Any) -> None:
    """Every heat map is one well-formed SVG document of known elements, said and credited in words."""
    for found in (mixed, course([])):
        root = assert_safe(drawn(atlas, found, width=width, theme=theme))
        assert (root.get("role"), root.get("width")) == ("img", str(width))
        assert "BodyParts3D" in (root.findtext(f"{SVG}desc") or "")
        assert {text.get("data-letter") for text in root.iter(f"{SVG}text")} >= {"L", "R"}


def test_it_says_of_what_it_is_made(atlas: Atlas, mixed: Course) -> None:
    """Needles and visits, the meaning of a step, and each thing that is not in it, counted."""
    said = heard(atlas, mixed)
    needles = 2 * (1 + 8 + 22) + 4 + 1
    for words in (
        f"{needles} needles of 2 visits.",
        "Needles per 10 cm² of the reference figure.",
        "4 placements without a point are not in it.",
        "1 placement not done is not in it.",
        "1 placement only planned is not in it.",
        "1 needle in the midline belongs to no side.",
        "1 voided visit left out.",
        "1 cancelled visit left out.",
        "1 visit only planned, left out.",
    ):
        assert words in said, words
    printed = " ".join(ET.fromstring(drawn(atlas, mixed)).itertext()).replace("\u00a0", " ")
    assert "4 placements without a point are not in it" in printed


def test_a_view_that_is_asked_for_counts_what_is_elsewhere(atlas: Atlas, mixed: Course) -> None:
    """With one view, and with a part of it, the needles outside of what is shown are counted."""
    assert "1 needles of" not in heard(atlas, mixed, view="anterior")
    assert "66 needles lie outside of what is shown" in heard(atlas, mixed, view="anterior")
    assert "outside" in heard(atlas, mixed, focus="neck")
    back = course([visit_of(atlas, 0, [point("posterior", 300, 400)])])
    assert "nothing can be drawn" not in heard(atlas, back, view="left")
    assert "1 needle lies outside of what is shown" in heard(atlas, back, view="left")
    assert "nothing can be drawn" in heard(atlas, course([visit_of(atlas, 0, CONTRACT[1:3])]))
    assert "outside" not in heard(atlas, mixed)


def shapes(svg: bytes) -> list[tuple[float, float, float]]:
    """(left and right edge of the window, density) with the paths of the steps flattened: their extents in x."""
    found = []
    for window in ET.fromstring(svg).iter(f"{SVG}svg"):
        for path in window.findall(f"{SVG}path[@data-density]"):
            left, wide = float(window.get("x", "0")), float(window.get("width", "0"))
            xs = [x for ring in flatten(path.get("d", "")) for x, _ in ring]
            found.append((max(left, min(xs)), min(left + wide, max(xs)), float(path.get("data-density", "0"))))
    return found


@pytest.mark.parametrize(("view", "x", "side"), [("posterior", 347, "left"), ("posterior", 353, "right")])
def test_no_needle_is_spread_to_the_other_side(atlas: Atlas, view: str, x: float, side: str) -> None:
    """A needle 3 mm from the midline colours its own half alone: the other side of the window shows nothing."""
    visit = visit_of(atlas, 0, [point(view, x, 610, region="multifidus-lumborum", side=side)])
    found = shapes(drawn(atlas, course([visit])))
    assert found
    assert all(right <= 350 for _, right, _ in found) if side == "left" else all(left >= 350 for left, _, _ in found)


def test_a_needle_that_the_record_gives_a_side_keeps_it(atlas: Atlas) -> None:
    """The side of the record decides, also where the point lies a hair beyond the midline."""
    visit = visit_of(atlas, 0, [point("posterior", 348, 610)])
    [placement] = visit.placements
    over = msgspec.structs.replace(
        placement, resolved=msgspec.structs.replace(placement.resolved, side="left", at=(350.5, 610.0))
    )
    found = shapes(drawn(atlas, course([msgspec.structs.replace(visit, placements=(over,))])))
    assert found
    assert all(right <= 350 for _, right, _ in found)


def test_the_same_place_visit_after_visit_grows_darker(atlas: Atlas) -> None:
    """Ten visits at a point and one at another: the top step is at the first alone."""
    often = [visit_of(atlas, number, [point("posterior", 300, 400)]) for number in range(10)]
    once = visit_of(atlas, 10, [point("posterior", 420, 700)])
    found = shapes(drawn(atlas, course([*often, once])))
    top = max(level for *_, level in found)
    assert top > 5
    assert [right <= 350 for _, right, level in found if level == top] == [True]
    assert "Lower trapezius, left: 10 needles, 10 visits." in heard(atlas, course([*often, once]))


@pytest.mark.parametrize("theme", [*THEMES.values()], ids=list(THEMES))
def test_steps_are_ordered_in_grey(theme: Any) -> None:
    """From step to step the colour only darkens, or on a dark body only lightens; in print the share of ink grows."""
    if step_patterns(theme, 1.0):
        inks = []
        for hatch in step_patterns(theme, 1.0):
            width = float(dict(hatch.ink).get("stroke-width", "0"))
            share = 0.126 if hatch.pattern == "dots" else width / hatch.step / (2 if hatch.pattern == "slanted" else 1)
            inks.append(share if dict(hatch.ground)["fill"] == theme.paper else 1 - share)
        assert [*inks, 1.0] == sorted([*inks, 1.0])
        assert all(b - a > 0.1 for a, b in zip(inks, [*inks[1:], 1.0], strict=True))
        assert fills(theme, 5)[-1] == theme.treated_edge
    else:
        lights = [luminance(theme.skin), *(luminance(colour) for colour in fills(theme, 5))]
        rising = luminance(theme.treated_edge) > luminance(theme.skin)
        assert lights == sorted(lights, reverse=not rising)
        assert all(contrast(a, b) > 1.14 for a, b in zip(fills(theme, 5), fills(theme, 5)[1:], strict=False))
    assert contrast(theme.treated_edge, theme.skin) >= 3


@pytest.mark.parametrize("theme", [theme for theme in THEMES.values() if theme.treated_texture == "plain"])
@pytest.mark.parametrize("eyes", ["protan", "deutan", "tritan"])
def test_steps_are_told_apart_by_colour_blind_eyes(theme: Any, eyes: str) -> None:
    """To the common deficiencies the colours keep their order from light to dark, with a step between any two; in print
    there are none."""
    colours = fills(theme, 5)
    lights = [seen(colour, eyes)[0] for colour in colours]
    rising = luminance(theme.treated_edge) > luminance(theme.skin)
    assert lights == sorted(lights, reverse=not rising)
    assert min(apart(a, b, eyes) for a, b in pairwise(colours)) > 5


@pytest.fixture(scope="module")
def telling(atlas: Atlas) -> Course:
    """A visit with words of the record wherever there can be some."""
    facts = {"note": f"{MARKED}-note", "technique": f"{MARKED}-technique", "pain_before": 9, "depth_mm": 73.5}
    visit = visit_of(atlas, 0, [{**s, **facts} for s in [*CONTRACT, *FOUR_VIEWS]], note=f"{MARKED}-note")
    return course_of(f"{MARKED}-subject", [visit])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [160, 400, 800])
def test_patients_see_nothing_clinical(atlas: Atlas, telling: Course, lang: Language, width: int) -> None:
    """No fact of the record and no clinical word is anywhere in a patient's heat map, in no format."""
    drawing = HeatmapDrawing(atlas, telling, HeatmapOptions(theme="patient", lang=lang, width=width))
    for text in (drawing.draw("svg").decode(), drawing.draw("txt").decode()):
        said = text.replace("; ".join(atlas.manifest.licence.attribution), "")
        said = re.sub(r' data-view="(?:posterior|anterior|left|right)"', "", " ".join(said.split())).lower()
        assert MARKED not in said
        assert not [word for word in CLINICAL_WORDS if word in said]
        assert "data-density" not in said
        for region in atlas.regions:
            assert not says(said, region_name(region, "en").lower()), region.id


@given(HOSTILE)
def test_a_hostile_reference_stays_text(atlas: Atlas, subject: str) -> None:
    """Whatever a client asks for becomes text of the picture: no markup, no control characters, no reordering."""
    for width in (160, 400, 800):
        root = assert_safe(drawn(atlas, course_of(subject, []), width=width))
        said = "".join(root.itertext())
        assert not any(letter in said for letter in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u0000\u001b\ufffe")


def test_equal_needles_give_equal_bytes_in_whatever_order(atlas: Atlas) -> None:
    """Another order of the sessions draws the same bytes."""
    visits = many_visits(atlas, 5, 3)
    assert drawn(atlas, course(visits)) == drawn(atlas, course(visits[::-1]))


def test_it_stays_small(atlas: Atlas) -> None:
    """One view with twenty needles keeps the budget of a chart."""
    assert len(drawn(atlas, course(many_visits(atlas, 4, 2, 5)))) <= 90_000


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_text_tells_the_same(atlas: Atlas, mixed: Course, lang: Language) -> None:
    """As text it has every muscle, the steps and what is not in it, in lines of 78 columns, in each language."""
    text = HeatmapDrawing(atlas, mixed, HeatmapOptions(lang=lang)).draw("txt").decode()
    assert max(len(line) for line in text.splitlines()) <= 78
    assert "Patient/123" in text
    assert "67" in text
    assert re.search(r"0[.,]2; 0[.,]\d", text)
    period = HeatmapOptions(lang=lang)
    asked = course_of("Patient/1", [], START, START + timedelta(days=30))
    assert "2026" in HeatmapDrawing(atlas, asked, period).draw("txt").decode()


def test_prefixes_part_the_patterns_of_two_pictures(atlas: Atlas, mixed: Course) -> None:
    """With prefixes of their own two pictures share no id, and each refers to its own."""
    found = []
    for prefix in ("one-", "two-"):
        svg = drawn(atlas, mixed, theme="print", id_prefix=prefix).decode()
        ids = set(re.findall(r'\bid="([^"]*)"', svg))
        assert ids >= set(re.findall(r'"url\(#([^)]*)\)"', svg)) > set()
        found.append(ids)
    assert not found[0] & found[1]


def test_it_is_drawn_as_pixels(atlas: Atlas, mixed: Course) -> None:
    """The PNG is the same picture at the width that was asked for."""
    png = HeatmapDrawing(atlas, mixed, HeatmapOptions(width=300)).draw("png")
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert int.from_bytes(png[16:20], "big") == 300


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [160, 400, 800])
def test_no_line_runs_out_of_the_picture(atlas: Atlas, mixed: Course, lang: Language, width: int) -> None:
    """In every language and form each line of text lies within the picture, however long the reference is."""
    for theme in ("clinical", "patient"):
        boxes_inside(drawn(atlas, mixed, lang=lang, width=width, theme=theme))
    boxes_inside(drawn(atlas, course_of("W" * 256, mixed.visits), lang=lang, width=width))


@pytest.mark.parametrize("view", ["posterior", "anterior"])
@pytest.mark.parametrize("x", [250.0, 450.0])
def test_needles_of_one_half_are_warm_on_that_half_only(atlas: Atlas, view: Any, x: float) -> None:
    """The density of a side's needles is drawn over the half where they went in, on the back as on the front."""
    found = heat_of(atlas, course([visit_of(atlas, 0, [point(view, x, 380)])]), HeatmapOptions(view=view))
    [(left, right, _)] = found.views[0].fields
    assert (left, right) == ((0, 350) if x < 350 else (350, 700))


@pytest.mark.parametrize("count", [1, 2, 5])
def test_every_needle_of_a_point_is_counted(atlas: Atlas, count: int) -> None:
    """A point with several needles weighs as much as so many points with one; without a count it is one needle."""
    one = course([visit_of(atlas, 0, [point("posterior", 250, 380, count=count)])])
    several = course([visit_of(atlas, 0, [point("posterior", 250, 380)] * count)])
    heats = [heat_of(atlas, each, HeatmapOptions()) for each in (one, several)]
    assert [heat.shown for heat in heats] == [count, count]
    assert heats[0].views[0].fields[0][2].peak == pytest.approx(heats[1].views[0].fields[0][2].peak, rel=1e-3)
