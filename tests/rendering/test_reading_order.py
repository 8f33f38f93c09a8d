"""Numbers inside words that are read from the right stand in every format as they do in a browser."""

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from bodymap.rendering.output.typesetting import set_line

_NUMBERS = (
    st.decimals(0, 9999, places=2).map(str)
    | st.dates().map("{:%d.%m.%Y}".format)
    | st.dates().map("{:%Y-%m-%d}".format)
    | st.times().map("{:%H:%M}".format)
    | st.tuples(st.integers(1, 99), st.sampled_from("-–/,"), st.integers(1, 999)).map("{0[0]}{0[1]}{0[2]}".format)
    | st.from_regex(r"\+972-5\d-\d{3}-\d{4}|0\d{2} \d{3} \d{4}", fullmatch=True)
    | st.sampled_from(["50%", "₪12.5", "12.5°", "٢٫٥", "١٢/٣"])
)
_WORDS = st.sampled_from(["עומק", "מרחק", "ס״מ", "ساعة", "ألم", "كتف", "mm", "left"])
NOTES = st.lists(_NUMBERS | _WORDS, min_size=1, max_size=9).map(" ".join)
"""Notes in Hebrew and Arabic with decimals, dates, times, ranges and telephone numbers."""


def drawn(text: str) -> str:
    """The letters of a line from left to right, as their glyphs stand."""
    return "".join(glyph.text for run in set_line(text).runs for glyph in run.glyphs)


@given(NOTES)
def test_a_line_stands_as_the_bidirectional_algorithm_orders_it(note: str) -> None:
    """PDF and PNG set what an implementation of Unicode's algorithm in another language gives."""
    assert drawn(note) == get_display(note, base_dir="L")


@pytest.mark.parametrize("number", ["12.5", "1,250", "09:30", "23.11.2026", "30/40", "03-1234567"])
def test_a_number_is_never_turned_over(number: str) -> None:
    """A depth, a time, a date, a range: read from the left in the middle of Hebrew and of Arabic too."""
    assert number in drawn(f"עומק {number} מרחק")
    assert "2.5" in drawn("ألم 2.5 ساعة")
