"""Numbers inside words that are read from the right stand in every format as Unicode's algorithm orders them."""

import io
from unittest.mock import patch

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops
from pypdfium2 import PdfDocument

from bodymap.atlas import Atlas
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.faces import shown
from bodymap.rendering.options import PrintOptions
from bodymap.rendering.output import typesetter
from bodymap.rendering.output.svg import write_svg
from bodymap.rendering.output.typesetter import draw_pixels
from bodymap.rendering.scene import Box, Scene, Text, paint
from bodymap.rendering.text_metrics import FONTS
from tests.rendering.visits_drawn import session_of

_NUMBERS = (
    st.decimals(0, 9999, places=2).map(str)
    | st.dates().map("{:%d.%m.%Y}".format)
    | st.dates().map("{:%Y-%m-%d}".format)
    | st.times().map("{:%H:%M}".format)
    | st.tuples(st.integers(1, 99), st.sampled_from("-–/,"), st.integers(1, 999)).map("{0[0]}{0[1]}{0[2]}".format)
    | st.from_regex(r"\+972-5\d-\d{3}-\d{4}|0\d{2} \d{3} \d{4}", fullmatch=True)
    | st.sampled_from(["50%", "₪12.5", "12.5°"])
)
_HEBREW = st.sampled_from(["עומק", "מרחק", "ס״מ", "כאב", "mm", "left"])
_ARABIC = st.sampled_from(["ساعة", "ألم", "كتف", "mm", "left"])
NOTES = st.lists(_NUMBERS | _HEBREW, min_size=1, max_size=6).map(" ".join)
"""Notes in Hebrew with decimals, dates, times, ranges and telephone numbers."""
ARABIC_NOTES = st.lists(_NUMBERS | _ARABIC, min_size=1, max_size=6).map(" ".join)


def squeezed(text: str) -> str:
    return "".join(text.split())


def ordered(note: str) -> str:
    """The letters from left to right, by an implementation that this project does not use."""
    return squeezed(get_display(note, base_dir="L"))


def printed(sheet: bytes) -> set[str]:
    """The lines of a PDF, each with its letters from left to right, by where they stand on the page."""
    lines: set[str] = set()
    for page in PdfDocument(sheet):
        text = page.get_textpage()
        spots: dict[int, list[tuple[float, str]]] = {}
        for index in range(text.count_chars()):
            letter = text.get_text_range(index, 1)
            left, bottom, right, top = text.get_charbox(index, loose=True)
            if letter.strip() and right > left:
                spots.setdefault(round((bottom + top) / 2), []).append((left, letter))
        lines |= {"".join(letter for _, letter in sorted(line)) for line in spots.values()}
    return lines


def line(words: str) -> Scene:
    """A picture of one line of words."""
    ink = paint(font_size=20, font_family=FONTS, fill="#000")
    nodes = [Box(0, 0, 900, 40, 0, paint(fill="#fff")), Text(10, 28, words, ink)]
    return Scene(900, 40, 900, "", "", "", nodes)


@given(NOTES | ARABIC_NOTES)
def test_a_sheet_prints_lines_as_the_bidirectional_algorithm_orders_them(atlas: Atlas, note: str) -> None:
    """On paper a note stands as an implementation of Unicode's algorithm in another library orders it; boxes for
    letters that no font has are in no order."""
    sheet = draw(Drawing(atlas, session_of([], note=note), PrintOptions()), "pdf")
    assert ordered(shown(f"Note: {note}")) in printed(sheet)


# The typeface draws two ones closer together than any other figures, but not where each letter is put in its place.
@given(NOTES.filter(lambda note: "11" not in note))
def test_pixels_stand_as_the_bidirectional_algorithm_orders_them(note: str) -> None:
    """A PNG of a note looks as one of its letters put into their order by another library beforehand."""
    logical = write_svg(line(note)).decode()
    forced = logical.replace(f">{note}</text>", f">\u202d{get_display(note, base_dir='L')}\u202c</text>")
    with patch.object(typesetter, "shown", str):
        pictures = [Image.open(io.BytesIO(draw_pixels(svg, 900, 40))).convert("L") for svg in (logical, forced)]
    assert logical != forced
    # A letter may stand a hair aside, which is not seen in squares of ten pixels; one in another place is.
    coarse = [picture.resize((90, 4), Image.Resampling.BOX) for picture in pictures]
    assert ImageChops.difference(*coarse).getextrema()[1] < 12


@given(NOTES | ARABIC_NOTES)
def test_an_svg_holds_words_as_they_were_written(note: str) -> None:
    """Whatever shows an SVG orders its words itself: they stand in it as written, and nothing turns them over."""
    written = write_svg(line(note)).decode()
    assert f">{note.replace('&', '&amp;')}</text>" in written
    assert "direction" not in written
    assert "unicode-bidi" not in written


@pytest.mark.parametrize("number", ["12.5", "1,250", "09:30", "23.11.2026", "30/40", "03-1234567"])
def test_a_number_is_never_turned_over(atlas: Atlas, number: str) -> None:
    """A depth, a time, a date, a range: read from the left in the middle of Hebrew too."""
    note = f"עומק {number} מרחק"
    sheet = draw(Drawing(atlas, session_of([], note=note), PrintOptions()), "pdf")
    assert any(number in said and "קמוע" in said for said in printed(sheet))
