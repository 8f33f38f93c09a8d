"""A chart as a document: valid, safe, small, the same each time."""

import re
import xml.etree.ElementTree as ET
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.atlas import Atlas
from bodymap.charting.placement import Electrical, Site
from bodymap.charting.session import Session
from bodymap.rendering.body.plate import render_plate
from bodymap.rendering.chart.picture import render_chart
from bodymap.rendering.options import ChartOptions, PrintedHeader, check_theme
from bodymap.rendering.output.stamp import Stamp, stamped
from bodymap.rendering.text_metrics import clean
from tests.rendering.checks import HOSTILE, SVG, WIDTHS, assert_safe
from tests.rendering.visits_drawn import CONTRACT, recorded, session_of, somewhere


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("detail", ["plain", "shaded"])
@pytest.mark.parametrize("labels", ["callouts", "numbers", "none"])
def test_charts_are_safe_svg(
    atlas: Atlas, contract_session: Session, sheet_session: Session, width: int, detail: Any, labels: Any
) -> None:
    """Every chart is one well-formed SVG document of known elements and attributes, said and credited in words."""
    for session in (contract_session, sheet_session, session_of([])):
        options = ChartOptions(width=width, detail=detail, labels=labels)
        root = assert_safe(render_chart(atlas, session, options, PrintedHeader(name="A & B")))
        assert root.get("role") == "img"
        assert root.get("width") == str(width)
        title, desc = root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")
        assert title
        assert desc
        assert "BodyParts3D" in desc
        printed = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
        assert "BodyParts3D" in printed


def test_descriptions_say_what_is_shown(atlas: Atlas, contract_session: Session) -> None:
    """The description names each muscle with its side and what was placed in it."""
    desc = ET.fromstring(render_chart(atlas, contract_session, ChartOptions())).findtext(f"{SVG}desc") or ""
    assert "Left upper trapezius, one trigger point." in desc
    assert "Right levator scapulae, one trigger point, where in it not stated, number of needles not stated." in desc
    assert "a perimeter of eight needles" in desc
    assert "Not shown: 1 placement, 3." in desc


@given(HOSTILE, HOSTILE, st.sampled_from(WIDTHS))
def test_user_text_stays_text(atlas: Atlas, first: str, second: str, width: int) -> None:
    """Whatever users write becomes text of the document: no markup, no control characters, no reordering."""
    statements = [{**CONTRACT[0], "note": first, "technique": second}, CONTRACT[2], CONTRACT[3]]
    one, two, three = recorded(atlas, statements)
    placements = [
        one,
        msgspec.structs.replace(two, site=Site(text=first)),
        msgspec.structs.replace(three, note=second, electrical=Electrical(channel=first)),
    ]
    session = session_of(placements, subject=first, performer=second, position=second)
    svg = render_chart(atlas, session, ChartOptions(width=width), PrintedHeader(name=first, mrn=second, clinic=first))
    root = assert_safe(svg)
    said = "".join(root.itertext())
    assert not any(letter in said for letter in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u0000\u001b\ufffe")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("detail", "most"), [("plain", 90_000), ("shaded", 200_000)])
def test_twenty_placements_stay_small(atlas: Atlas, seed: int, detail: Any, most: int) -> None:
    """A chart of one view with twenty placements keeps its budget, and spends under 35 kB on all but the plate."""
    session = session_of(recorded(atlas, somewhere(atlas, 20, seed, (150, 550, 150, 900))))
    options = ChartOptions(detail=detail, layer="superficial")
    svg = render_chart(atlas, session, options)
    plate = render_chart(atlas, session_of([]), options)
    assert len(svg) <= most
    assert len(svg) - len(plate) <= 45_000


def test_only_a_theme_that_is_not_there_is_refused() -> None:
    """A clinic's own theme is complained of where nobody has given one, and no other."""
    assert check_theme("dark", has_own_theme=False) == []
    assert [(c.pointer, c.code) for c in check_theme("own", has_own_theme=False)] == [("?theme", "no-theme-file")]
    assert check_theme("own", has_own_theme=True) == []


def test_charts_in_one_page_share_no_id(atlas: Atlas, contract_session: Session) -> None:
    """With prefixes of their own two charts have no id in common, and each still refers to its own."""
    hostile = msgspec.structs.replace(contract_session, performer='"url(#x)" url(#y)')
    found = []
    for prefix in ("one-", "two-"):
        svg = render_chart(atlas, hostile, ChartOptions(id_prefix=prefix)).decode()
        ids = set(re.findall(r'\bid="([^"]*)"', svg))
        assert ids
        assert ids >= set(re.findall(r'"url\(#([^)]*)\)"', svg))
        assert "url(#y)" in svg
        found.append(ids)
    assert not found[0] & found[1]


def test_plates_alone_are_as_they_ship(atlas: Atlas) -> None:
    """The plate by itself is the file of the atlas, unchanged."""
    assert render_plate(atlas, "posterior", "deep", "plain", "shown") == atlas.plate("posterior", "deep").raw


@given(HOSTILE)
def test_a_stamp_stays_text(atlas: Atlas, contract_session: Session, said: str) -> None:
    """Whatever a stamp says, and in whichever language, is text of the document, before its title, too."""
    words = clean(said)
    root = assert_safe(stamped(render_chart(atlas, contract_session, ChartOptions()), Stamp('V"OIDED', words, words)))
    band = root.find(f"{SVG}g[@data-stamp]")
    assert band is not None
    assert band.get("data-stamp") == 'V"OIDED'
    for text in (band.findtext(f"{SVG}text"), root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")):
        assert (text or "").startswith(f"{words}: {words}")
