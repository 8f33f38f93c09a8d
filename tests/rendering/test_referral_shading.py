"""Referral areas on charts: only when asked for, on the needle's own side, never without who has not reviewed them."""

import re
import xml.etree.ElementTree as ET
from typing import Any, get_args

import pytest

from bodymap.atlas import Atlas
from bodymap.atlas.local_names import region_name
from bodymap.charting.session import Session
from bodymap.rendering.body.referral_areas import REFERRAL_ID
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.chart.picture import render_chart
from bodymap.rendering.look.theme_file import THEMES
from bodymap.rendering.options import PrintOptions, SessionChartOptions
from bodymap.words import Language
from tests.rendering.checks import WIDTHS, assert_safe, boxes_inside
from tests.rendering.visits_drawn import CONTRACT, FOUR_VIEWS, point, recorded, session_of

SVG = "{http://www.w3.org/2000/svg}"
LANGUAGES: tuple[Language, ...] = get_args(Language)
LEFT_TRAPEZIUS = CONTRACT[:1]


def drawn(atlas: Atlas, session: Session, **options: Any) -> bytes:
    return render_chart(atlas, session, SessionChartOptions(referral=True, **options))


def shaded(svg: bytes) -> list[str]:
    return [path.get("d", "") for path in ET.fromstring(svg).iter(f"{SVG}path") if REFERRAL_ID in path.get("fill", "")]


def test_areas_of_the_treated_muscle_are_dotted_on_its_side(atlas: Atlas) -> None:
    """What sources name for the muscle is shaded where the view draws it, on the side of the needle and no other."""
    session = session_of(recorded(atlas, LEFT_TRAPEZIUS))
    areas = atlas.trigger_points.referral("trapezius-descending")
    outlines = [atlas.referral.outline("posterior", area, "left") for area in areas]
    assert shaded(drawn(atlas, session)) == [outline.d for outline in outlines if outline is not None]
    assert len(shaded(drawn(atlas, session))) >= 2
    right = session_of(recorded(atlas, [point("posterior", 410, 290, region="trapezius-descending", side="right")]))
    assert not set(shaded(drawn(atlas, right))) & set(shaded(drawn(atlas, session)))


@pytest.mark.parametrize("legend", [True, False])
def test_the_shading_never_stands_without_its_words(atlas: Atlas, legend: bool) -> None:
    """Printed and said: that no clinician has reviewed it, the grades of the sources, and what is on no view here."""
    svg = drawn(atlas, session_of(recorded(atlas, LEFT_TRAPEZIUS)), legend=legend)
    root = assert_safe(svg)
    printed = " ".join(text.text or "" for text in root.iter(f"{SVG}text")).replace("\u00a0", " ")
    for said in (printed, root.findtext(f"{SVG}desc") or ""):
        assert "Not reviewed by a licensed clinician." in said
        assert re.search(r"Upper trapezius, left: .*back and side of the neck.* \(sources A, B, C\)\.", said)
        assert "Not on what is drawn: temple" in said
        assert not re.search(r"\bsafe", said, re.IGNORECASE)


@pytest.mark.parametrize("theme", list(THEMES))
@pytest.mark.parametrize("width", WIDTHS)
def test_charts_with_areas_are_safe_svg(atlas: Atlas, sheet_session: Session, theme: Any, width: int) -> None:
    """In every theme and width it is a document of known elements; a thumbnail and a patient's chart have no areas."""
    svg = drawn(atlas, sheet_session, theme=theme, width=width)
    assert_safe(svg)
    assert bool(shaded(svg)) == (width >= 300 and theme != "patient")
    if not shaded(svg):
        assert svg == render_chart(atlas, sheet_session, SessionChartOptions(theme=theme, width=width))


def test_what_was_not_done_and_lines_of_needles_add_none(atlas: Atlas) -> None:
    """A placement not done, a perimeter and a site in words have no areas; one by region alone has."""
    none = [CONTRACT[2], CONTRACT[3], point("posterior", 290, 290, status="not-done")]
    assert shaded(drawn(atlas, session_of(recorded(atlas, none)))) == []
    assert shaded(drawn(atlas, session_of(recorded(atlas, CONTRACT[1:2]))))


def test_a_muscle_of_which_no_source_said_anything_says_so(atlas: Atlas) -> None:
    """An empty field is no area, and is told as what it is."""
    bare = [region.id for region in atlas.regions if not atlas.trigger_points.referral(region.id)]
    assert bare
    session = session_of(recorded(atlas, [{"kind": "trigger_point", "region": bare[0], "side": "left"}]))
    assert "no source that was read names an area" in drawn(atlas, session).decode()


def test_only_what_lies_in_the_part_in_focus_is_dotted(atlas: Atlas) -> None:
    """An area outside of the part that is drawn is named as not drawn."""
    session = session_of(recorded(atlas, [point("posterior", 470, 372, region="infraspinatus", side="right")]))
    whole, part = drawn(atlas, session, focus="full"), drawn(atlas, session, focus="shoulder")
    assert len(shaded(part)) < len(shaded(whole))
    assert re.search(r"Not on what is drawn: [^.]*radial side of the hand", part.decode())
    assert not re.search(r"Not on what is drawn: [^.]*radial side of the hand", whole.decode())


def test_many_muscles_are_counted_and_in_the_text_all_told(atlas: Atlas) -> None:
    """The picture lists twelve muscles and counts the rest; the text has each."""
    regions = [region for region in atlas.regions if atlas.trigger_points.referral(region.id)][:20]
    placements = recorded(atlas, [{"kind": "trigger_point", "region": r.id, "side": "left"} for r in regions])
    session = session_of(placements)
    printed = " ".join(text.text or "" for text in ET.fromstring(drawn(atlas, session)).iter(f"{SVG}text"))
    assert "And 8 muscles more." in printed
    text = draw(Drawing(atlas, session, PrintOptions(referral=True)), "txt").decode()
    flat = " ".join(text.split())
    assert all(f"{region_name(region, 'en')}, left: " in flat for region in regions)
    assert "Referral areas" not in draw(Drawing(atlas, session, PrintOptions()), "txt").decode()


@pytest.mark.parametrize("form", ["png", "pdf"])
def test_areas_are_in_every_format(atlas: Atlas, form: Any) -> None:
    """PNG and PDF show them, too: the bytes differ from those without."""
    session = session_of(recorded(atlas, [*CONTRACT, *FOUR_VIEWS]))
    plain, dotted = (draw(Drawing(atlas, session, PrintOptions(width=400, referral=on)), form) for on in (False, True))
    assert plain != dotted


@pytest.mark.parametrize("lang", LANGUAGES)
def test_areas_are_named_in_the_language(atlas: Atlas, lang: Language) -> None:
    """Areas are called in the language, and their words stay inside the picture."""
    svg = drawn(atlas, session_of(recorded(atlas, LEFT_TRAPEZIUS)), lang=lang).decode()
    assert (lang == "en") == ("back and side of the neck" in svg)
    for width in (400, 800):
        boxes_inside(drawn(atlas, session_of(recorded(atlas, [*CONTRACT, *FOUR_VIEWS])), lang=lang, width=width))
