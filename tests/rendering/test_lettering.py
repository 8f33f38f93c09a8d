"""Text on a picture: what is kept of it, how wide it runs, where it breaks."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from bodymap.rendering.text_metrics import clean, text_width, wrap


@given(st.text())
def test_cleaned_text_holds_nothing_that_could_harm(text: str) -> None:
    """No control or unassigned character, no override of direction, no line break, no pile of accents; clean twice is
    clean once."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not any(unicodedata.category(c)[0] == "C" and c not in "\u200c\u200d" for c in cleaned)
    assert not any(unicodedata.category(c) in ("Zl", "Zp") for c in cleaned)


def test_what_people_write_is_kept() -> None:
    """Names in any script stay as they are."""
    for name in ("Ana María", "Łukasz Żółć", "田中 花子", "محمد", "O'Neil & Søn <3", "नमस्ते"):
        assert clean(name) == name
    assert clean("a\u0000b\u202ec\n\td") == "abc d"


@given(st.text(max_size=300), st.floats(12, 400), st.booleans())
def test_lines_fit_and_nothing_is_lost(text: str, width: float, bold: bool) -> None:
    """Every line of more than one letter fits its width, and the lines hold the whole text."""
    cleaned = clean(text)
    lines = wrap(cleaned, 10, width, bold)
    assert all(text_width(line, 10, bold) <= width or len(line) == 1 for line in lines)
    assert "".join(lines).replace(" ", "") == cleaned.replace(" ", "")


@given(st.text(max_size=2000), st.integers(1, 4))
def test_long_notes_end_in_an_ellipsis(text: str, most: int) -> None:
    """With a limit there are no more lines than that, and the last one says that there is more."""
    cleaned = clean(text)
    lines = wrap(cleaned, 10, 120, most=most)
    assert len(lines) <= most
    if len(wrap(cleaned, 10, 120)) > most:
        assert lines[-1].endswith("…")


def test_widths_are_those_of_the_bundled_face() -> None:
    """Letters are as wide as in Helvetica and Arial, whose widths the bundled face has, and bold is wider."""
    assert round(text_width("0", 1000)) == 556
    assert round(text_width("P", 1000)) == 667
    assert text_width("Trapezius", 10, bold=True) > text_width("Trapezius", 10)
