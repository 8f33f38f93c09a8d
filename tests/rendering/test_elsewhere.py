"""Charts outside a browser: beside each other in one page, in a wider face, in a program that draws no pattern."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations

from bodymap.atlas import Atlas
from bodymap.charting.session import Session
from bodymap.rendering.chart.picture import render_chart
from bodymap.rendering.options import ChartOptions
from bodymap.rendering.text_metrics import SLACK, text_width, wrap, wrap_facts
from tests.rendering.visits_drawn import recorded, session_of

SVG = "{http://www.w3.org/2000/svg}"


def ids(svg: bytes) -> set[str]:
    return {name for element in ET.fromstring(svg).iter() if (name := element.get("id"))}


def test_two_charts_in_one_page_share_no_id(atlas: Atlas, contract_session: Session) -> None:
    """Charts that differ in anything have other ids, without anybody asking; equal ones are equal."""
    other = session_of(recorded(atlas, [{"kind": "trigger_point", "region": "infraspinatus", "side": "left"}]))
    charts = [
        render_chart(atlas, contract_session, ChartOptions()),
        render_chart(atlas, contract_session, ChartOptions(theme="print")),
        render_chart(atlas, other, ChartOptions()),
    ]
    for one, two in combinations(charts, 2):
        assert ids(one)
        assert not ids(one) & ids(two)
    assert render_chart(atlas, other, ChartOptions()) == charts[2]


def test_every_pattern_is_there_and_has_a_flat_colour(atlas: Atlas, contract_session: Session) -> None:
    """What is filled with a pattern names one of the same picture, and a colour for who draws none."""
    for theme in ("clinical", "print", "contrast", "dark"):
        svg = render_chart(atlas, contract_session, ChartOptions(theme=theme))  # type: ignore[arg-type]
        fills = set(re.findall(rb'="url\(#([^)]+)\)([^"]*)"', svg))
        assert fills
        for name, colour in fills:
            assert name.decode() in ids(svg)
            assert re.fullmatch(rb" #[0-9a-f]{6}", colour)


def test_lines_have_room_for_a_wider_face() -> None:
    """A line fills no more of its room than leaves it inside if the viewer's face is an eighth wider."""
    words = "15 mm stated at 30 degrees from the normal lateral, pistoning, three insertions, thirty seconds in place"
    for line in (*wrap(words, 10, 170), *wrap_facts(words.split(", "), 10, 170)):
        assert text_width(line, 10) * SLACK <= 170


def test_a_change_of_pain_needs_no_arrow(atlas: Atlas, contract_session: Session) -> None:
    """No picture has a letter that plain fonts of printers lack."""
    for lang in ("en", "de", "es", "fr"):
        svg = render_chart(atlas, contract_session, ChartOptions(lang=lang)).decode()  # type: ignore[arg-type]
        said = "".join(text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text"))
        said.encode("cp1252")
