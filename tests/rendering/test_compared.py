"""Visits compared on one body: what each mark says, what is left out, the words, the document."""

import re
import xml.etree.ElementTree as ET
from typing import Any, get_args

import pypdfium2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.charting.placement import Site
from bodymap.rendering.comparison.formats import draw_comparison
from bodymap.rendering.comparison.picture import content_of
from bodymap.rendering.look.colours import contrast
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.look.theme_file import THEMES
from bodymap.rendering.options import ThemeId
from bodymap.rendering.wording.comparison import ClinicalComparisonWording
from bodymap.words import Language, catalogue
from tests.rendering.checks import CLINICAL_WORDS, HOSTILE, MARKED, SVG, WIDTHS, assert_safe, says
from tests.rendering.visits_compared import AFTER, BEFORE, CALF, LEVATOR, TRAPEZIUS, compared, two_visits, visit
from tests.rendering.visits_drawn import point, somewhere
from tests.words.texts import texts

LANGUAGES: tuple[Language, ...] = get_args(Language)


def drawn(atlas: Atlas, **options: Any) -> ET.Element:
    return assert_safe(draw_comparison(two_visits(atlas, **options), "svg"))


def marks(root: ET.Element) -> dict[str, list[ET.Element]]:
    """The marks of each place by its number."""
    found: dict[str, list[ET.Element]] = {}
    for element in root.iter():
        if "data-placement" in element.attrib:
            found.setdefault(element.attrib["data-placement"], []).append(element)
    return found


def test_marks_tell_what_became_of_each_place(atlas: Atlas) -> None:
    """Each place is one mark with its number, its change, its side and its point; a line of needles is eight."""
    found = marks(drawn(atlas))
    told = {number: {(e.get("data-change"), e.get("data-side")) for e in group} for number, group in found.items()}
    assert told == {
        "1": {("new", "left")},
        "2": {("new", "left")},
        "3": {("new", "right")},
        "4": {("kept", "left")},
        "5": {("kept", "right")},
        "6": {("gone", "right")},
        "7": {("gone", "right")},
        "9": {("not-done", "right")},
    }
    assert [e.get("data-at") for e in found["4"]] == ["294,293"]
    assert {e.get("data-needle") for e in found["1"]} == {str(number) for number in range(1, 9)}


@pytest.mark.parametrize("theme", THEMES)
def test_new_kept_and_gone_differ_by_shape_and_fill(atlas: Atlas, theme: ThemeId) -> None:
    """Without any colour: what is new is filled and whole, kept a hollow whole ring, gone dotted and struck through."""
    spots = [point("posterior", 290, 290), point("posterior", 470, 372), point("posterior", 245, 785)]
    both = compared(atlas, visit(atlas, 0, spots[:2]), visit(atlas, 7, [spots[1], spots[2]]), theme=theme)
    root = assert_safe(draw_comparison(both, "svg"))
    shapes: dict[str | None, tuple[int, bool, bool]] = {}
    for [mark] in marks(root).values():
        circles, paths = list(mark.iter(f"{SVG}circle")), list(mark.iter(f"{SVG}path"))
        dotted = any(circle.get("stroke-dasharray") for circle in circles)
        shapes[mark.get("data-change")] = (len(paths), any(c.get("stroke") for c in circles), dotted)
    assert shapes == {"new": (0, False, False), "kept": (0, True, False), "gone": (2, True, True)}


def test_muscles_of_the_last_visit_alone_are_tinted(atlas: Atlas) -> None:
    """A muscle that only earlier visits went into keeps its own tint and gets a dotted outline."""
    both = compared(
        atlas, visit(atlas, 0, [TRAPEZIUS]), visit(atlas, 7, [{**TRAPEZIUS, "at": [410, 290], "side": "right"}])
    )
    root = assert_safe(draw_comparison(both, "svg"))
    regions = {
        e.get("data-side"): (e.get("fill"), e.get("stroke-dasharray"))
        for e in root.iter(f"{SVG}path")
        if e.get("data-region") == "trapezius-descending"
    }
    treated = THEMES["clinical"].treated
    assert regions["right"] == (treated, None)
    assert regions["left"][0] not in (treated, "none", None)
    assert regions["left"][1]


def test_what_the_picture_leaves_out_is_counted_on_it(atlas: Atlas) -> None:
    """A site is on no plate, and a view shows its own alone: the rest is counted by number, and stays in the table."""
    said = " ".join("".join(drawn(atlas).itertext()).split())
    assert "1 placement not shown on these views: 8" in said
    one = "".join(drawn(atlas, view="anterior").itertext())
    assert re.search(r"\d placements not shown on this view: 1, 2, 4, .* 8", one)
    assert "lateral gastrocnemius" in one
    assert "not shown" in "".join(drawn(atlas, width=160).itertext())


def test_visits_pain_and_rule_stand_on_it(atlas: Atlas) -> None:
    """The days, the pain before and after of each visit and place, the counts and the rule for what is kept."""
    said = "".join(drawn(atlas).itertext()).replace("\u00a0", " ")
    for text in ("23 Nov 2026", "7 Dec 2026", "7 to 4", "5 to 2", "4 to 2", "3 new", "2 kept", "3 gone", "1 not done"):
        assert text in said
    assert re.search(r"same region and on the\s*same side within 15 mm", said)
    assert "pain 7 to 4, 4 to 2" in said


def test_several_visits_are_told_in_one_picture(atlas: Atlas) -> None:
    """Of twelve visits the last is compared with all before it; every visit has its column and its line of pain."""
    visits = [visit(atlas, day, [TRAPEZIUS] if day % 2 else [LEVATOR], pain_before=day % 11) for day in range(12)]
    root = assert_safe(draw_comparison(compared(atlas, *visits), "svg"))
    assert {number: group[0].get("data-change") for number, group in marks(root).items()} == {"1": "kept", "2": "gone"}
    said = "".join(root.itertext())
    assert "last on 3 Dec 2026" in said.replace("\u00a0", " ")
    assert all(f"{day % 11} to 4" in said for day in range(12))


def test_visits_of_one_day_are_told_apart(atlas: Atlas) -> None:
    """Two visits on a day have their times, two without a time their places in line."""
    morning, noon = visit(atlas, 0, []), visit(atlas, 0.1, [])  # type: ignore[arg-type]  # part of a day
    at = list(ClinicalComparisonWording(atlas, "en", compared(atlas, morning, noon).comparison).days.values())
    assert at == ["23 Nov 2026, 09:00", "23 Nov 2026, 11:24"]
    ever = [structs.replace(v, started_at=None) for v in (morning, noon)]
    days = list(ClinicalComparisonWording(atlas, "en", compared(atlas, *ever).comparison).days.values())
    assert days == ["Date not stated (1)", "Date not stated (2)"]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_comparisons_are_safe_svg(atlas: Atlas, theme: ThemeId, width: int) -> None:
    """In every theme at every width: one document of known elements and attributes, said and credited in words."""
    lang = LANGUAGES[width % len(LANGUAGES)]
    root = drawn(atlas, theme=theme, width=width, lang=lang, detail="shaded" if width == 800 else "plain")
    assert (root.get("role"), root.get("width"), root.get("lang")) == ("img", str(width), lang)
    assert root.findtext(f"{SVG}title")
    assert "BodyParts3D" in (root.findtext(f"{SVG}desc") or "")
    letters = {e.get("data-letter") for e in root.iter() if e.get("data-letter")}
    assert letters == {"L", "R"}


def test_empty_visits_are_drawn(atlas: Atlas) -> None:
    """Two visits without a placement give a body and say so."""
    root = assert_safe(draw_comparison(compared(atlas, visit(atlas, 0, []), visit(atlas, 7, [])), "svg"))
    assert "No placements recorded." in "".join(root.itertext())


@given(HOSTILE, HOSTILE, st.sampled_from(WIDTHS), st.sampled_from(list(THEMES)))
def test_user_text_stays_text(atlas: Atlas, first: str, second: str, width: int, theme: ThemeId) -> None:
    """Whatever users write becomes text of the document, in every format that holds text."""
    before = visit(atlas, 0, [TRAPEZIUS, CALF], subject=first, performer=second)
    point_, calf = before.placements
    before = structs.replace(before, placements=(point_, structs.replace(calf, site=Site(text=second))))
    both = compared(atlas, before, visit(atlas, 7, [LEVATOR], subject=first), width=width, theme=theme)
    root = assert_safe(draw_comparison(both, "svg"))
    for said in ("".join(root.itertext()), draw_comparison(both, "txt").decode()):
        assert not any(letter in said for letter in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u0000\u001b\ufffe")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [160, 400, 800])
def test_patients_see_nothing_clinical(atlas: Atlas, lang: Language, width: int) -> None:
    """No muscle, no pain, no id, no word of the clinic: anywhere in a patient's picture, or in its text."""
    facts = {"note": f"{MARKED}-note", "response": f"{MARKED}-response", "pain_before": 9, "pain_after": 8}
    visits = [
        visit(atlas, day, [{**statement, **facts} for statement in statements], subject=f"{MARKED}-1", performer=MARKED)
        for day, statements in ((0, BEFORE[:-1]), (14, AFTER))
    ]
    for form in ("svg", "txt"):
        both = compared(atlas, *visits, theme="patient", lang=lang, width=width)
        text = draw_comparison(both, form).decode()  # type: ignore[arg-type]  # a form of the two
        said = " ".join(text.replace("; ".join(atlas.manifest.licence.attribution), "").split()).lower()
        said = re.sub(r' data-view="(?:posterior|anterior|left|right)"', "", said)
        assert MARKED not in said
        assert not [word for word in CLINICAL_WORDS if word in said]
        assert " to 4" not in said
        names = (
            {name for root in [ET.fromstring(text)] for e in root.iter() for name in e.attrib} if form == "svg" else ()
        )
        allowed = {"placement", "change", "count", "side", "view", "at", "letter", "label", "leader"}
        allowed |= {"repeats", "atlas", "renderer"}
        assert {name for name in names if name.startswith("data-")} <= {f"data-{name}" for name in allowed}


@pytest.mark.parametrize("lang", [lang for lang in LANGUAGES if lang != "en"])
def test_nothing_english_is_left_on_a_comparison(atlas: Atlas, lang: Language) -> None:
    """None of the English texts is on the picture of another language, unless both share it."""
    said = " ".join(text for e in drawn(atlas, lang=lang).iter() if (text := e.text)).lower()
    shared = " ".join(texts(catalogue(lang).comparison).values()).lower()
    for name, phrase in texts(catalogue("en").comparison).items():
        if "{" not in phrase and len(phrase) > 3 and phrase.lower() not in shared:
            assert not says(said, phrase.lower()), name


@pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.id)
def test_the_faintest_mark_is_seen(theme: Theme) -> None:
    """What is gone is drawn and numbered in the muted ink on the halo: as much contrast as text needs."""
    assert contrast(theme.muted, theme.halo) >= 4.5
    assert contrast(theme.mark, theme.halo) >= 4.5


@pytest.mark.parametrize("seed", range(2))
def test_twenty_places_stay_small(atlas: Atlas, seed: int) -> None:
    """A plain comparison of one view with twenty places, ten a visit, keeps the budget of a chart."""
    spots = somewhere(atlas, 20, seed, (150, 550, 150, 900))
    both = compared(
        atlas, visit(atlas, 0, spots[:10]), visit(atlas, 7, spots[10:]), layer="superficial", detail="plain"
    )
    assert len(draw_comparison(both, "svg")) <= 90_000


def test_many_places_close_together_are_numbered(atlas: Atlas) -> None:
    """Forty places on a shoulder: each has its mark and its number, on the mark, on a tab or in an inset."""
    spots = [{**spot, "status": "done"} for spot in somewhere(atlas, 40, 5, (220, 420, 240, 380))]
    both = compared(atlas, visit(atlas, 0, spots[:25]), visit(atlas, 7, spots[15:]), labels="numbers")
    root = assert_safe(draw_comparison(both, "svg"))
    assert len(marks(root)) == len(both.comparison.places)


def test_charts_in_one_page_share_no_id(atlas: Atlas) -> None:
    """With prefixes of their own two comparisons have no id in common."""
    svgs = [draw_comparison(two_visits(atlas, id_prefix=prefix), "svg").decode() for prefix in ("a-", "b-")]
    ids = [set(re.findall(r'\bid="([^"]*)"', svg)) for svg in svgs]
    assert ids[0]
    assert not ids[0] & ids[1]
    assert all(set(re.findall(r'"url\(#([^)]*)\)"', svg)) <= own for svg, own in zip(svgs, ids, strict=True))


def test_the_text_says_what_the_picture_says(atlas: Atlas) -> None:
    """In words, in order: visits with pain, counts, each place under its change with each visit's pain, the rule."""
    text = draw_comparison(two_visits(atlas), "txt").decode()
    for line in (
        "Visits compared",
        "- 23 Nov 2026, pain 7 before, pain 4 after",
        "3 new, 2 kept, 3 gone, 1 not done.",
        "New (3)",
        "4. Upper trapezius, left",
        "   7 Dec 2026: no. 1, pain 4 before, pain 2 after",
        "9. Piriformis, right",
        "   7 Dec 2026: no. 6, not done",
    ):
        assert line in text.splitlines(), line
    assert max(map(len, text.splitlines())) <= 78


def test_a_png_is_the_same_picture(atlas: Atlas) -> None:
    """The pixels are as wide as asked, the same each time, and say their title."""
    first = draw_comparison(two_visits(atlas, width=400), "png")
    assert first == draw_comparison(two_visits(atlas, width=400), "png")
    assert first.startswith(b"\x89PNG")
    assert int.from_bytes(first[16:20], "big") == 400
    assert b"Visits compared" in first


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("page", ["a4", "letter"])
def test_the_sheet_says_what_changed(atlas: Atlas, theme: ThemeId, page: Any) -> None:
    """On paper of either size, words are words: every place under what became of it, the pages counted, the credit."""
    pdf = pypdfium2.PdfDocument(draw_comparison(two_visits(atlas, theme=theme, page=page), "pdf"))
    said = " ".join(sheet.get_textpage().get_text_range() for sheet in pdf)
    said = " ".join(said.split())
    wording = content_of(two_visits(atlas, theme=theme)).wording
    words = [wording.title, wording.period, f"Page 1 of {len(pdf)}", "BodyParts3D"]
    words += [f"{wording.compared.headings[change]} ({count})" for change, count, _ in wording.counts()]
    assert [word for word in words if word not in said] == []
    assert {round(sheet.get_width()) for sheet in pdf} == {595 if page == "a4" else 612}
    assert ("7 to 4" in said) == (theme != "patient")


def test_a_long_comparison_goes_on_on_further_pages(atlas: Atlas) -> None:
    """Sixty places of twelve visits: every row is on a page, none is lost between two."""
    spots = [{**spot, "status": "done"} for spot in somewhere(atlas, 60, 7, (150, 550, 150, 900))]
    visits = [visit(atlas, day, spots[day * 5 : day * 5 + 5]) for day in range(12)]
    both = compared(atlas, *visits)
    pdf = pypdfium2.PdfDocument(draw_comparison(both, "pdf"))
    said = [line.strip() for sheet in pdf for line in sheet.get_textpage().get_text_range().splitlines()]
    assert len(pdf) > 2
    names = [content_of(both).wording.place_name(row.placement) for row in content_of(both).rows]
    whole = " ".join(said)
    assert all(whole.count(name.split()[0]) >= names.count(name) for name in set(names))
