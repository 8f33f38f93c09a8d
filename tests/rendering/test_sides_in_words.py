"""The words for the patient's sides, each written out here: a swapped pair would agree with itself in a catalogue."""

import re
from typing import Any

import pytest

from bodymap.atlas import Atlas
from bodymap.rendering.chart.picture import render_chart
from bodymap.rendering.options import ChartOptions, Language, ThemeId
from tests.rendering.visits_drawn import recorded, session_of

WORDS: dict[Language, tuple[str, str]] = {
    "en": ("left", "right"),
    "es": ("izquierd", "derech"),
    "de": ("link", "recht"),
    "fr": ("gauche", "droit"),
}
LETTERS: dict[Language, tuple[str, str]] = {"en": ("L", "R"), "es": ("I", "D"), "de": ("L", "R"), "fr": ("G", "D")}


def drawn(atlas: Atlas, lang: Language, theme: ThemeId, view: Any, placement: dict[str, Any]) -> str:
    """The chart of one placement, its labels and table included."""
    visit = session_of(recorded(atlas, [placement]), performer=None, needles_in=None, needles_out=None)
    svg = render_chart(atlas, visit, ChartOptions(view=view, lang=lang, theme=theme)).decode()
    return svg.replace("data-side", "").replace("clip-right", "")


def words_of(svg: str) -> str:
    """What is read or heard of a picture, in lower case."""
    text = " ".join(re.findall(r">([^<>]+)<", svg)).lower()
    # The one sentence that names both: whose left and right they are.
    return re.sub("|".join(rf"\b\w*{left}\w* \w+ (?:la )?{right}\w*" for left, right in WORDS.values()), "", text)


@pytest.mark.parametrize("theme", ["clinical", "patient"])
@pytest.mark.parametrize("lang", WORDS)
@pytest.mark.parametrize("side", ["left", "right"])
def test_a_needle_of_one_side_never_has_the_other_s_word(
    atlas: Atlas, lang: Language, theme: ThemeId, side: str
) -> None:
    """Seen from its own side, nothing that is read says the other: title, letter, callout, table and description."""
    place = {"kind": "trigger_point", "region": "deltoid-acromial", "side": side, "view": side}
    own, other = WORDS[lang] if side == "left" else reversed(WORDS[lang])
    told = words_of(drawn(atlas, lang, theme, side, place))
    assert re.search(rf"\b{own}", told), told
    assert not re.search(rf"\b{other}", told), told


@pytest.mark.parametrize("lang", WORDS)
def test_letters_stand_on_the_patient_s_sides(atlas: Atlas, lang: Language) -> None:
    """On the back the left letter stands left of the right one, on the front the other way round, in every language."""
    place = {"kind": "trigger_point", "region": "trapezius-descending", "side": "left"}
    for view, order in (("posterior", 1), ("anterior", -1)):
        svg = drawn(atlas, lang, "clinical", view, place)
        letters = re.findall(r'<text[^>]*data-letter="([LR])"[^>]*\bx="([\d.]+)"[^>]*>([^<]+)<', svg)
        letters += [
            (letter, x, word)
            for x, letter, word in re.findall(r'<text[^>]*\bx="([\d.]+)"[^>]*data-letter="([LR])"[^>]*>([^<]+)<', svg)
        ]
        by_letter = {letter: (float(x), word) for letter, x, word in letters}
        assert tuple(by_letter[letter][1] for letter in "LR") == LETTERS[lang]
        assert (by_letter["R"][0] - by_letter["L"][0]) * order > 0
