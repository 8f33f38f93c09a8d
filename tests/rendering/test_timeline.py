"""The timeline of a course: every visit in its order and on its own side, what is left out counted, safe, the same."""

import re
import xml.etree.ElementTree as ET
from datetime import timedelta
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given

from bodymap.atlas import Atlas
from bodymap.atlas.local_names import region_name
from bodymap.charting.course import Course, course_of, on_atlases, on_one_atlas
from bodymap.charting.session import Measure
from bodymap.rendering.course.formats import TimelineDrawing
from bodymap.rendering.course.options import TimelineOptions
from bodymap.rendering.course.timeline import compose_timeline
from bodymap.rendering.course.visit_tiles import tiles_of
from bodymap.rendering.look.theme_file import THEMES
from bodymap.rendering.output.svg import write_svg
from bodymap.words import Language, catalogue
from tests.rendering.checks import CLINICAL_WORDS, HOSTILE, MARKED, WIDTHS, assert_safe, boxes_inside, says
from tests.rendering.courses_drawn import course, many_visits, visit_of
from tests.rendering.visits_drawn import CONTRACT, FOUR_VIEWS, START, point, session_of

SVG = "{http://www.w3.org/2000/svg}"
LANGUAGES: tuple[Language, ...] = get_args(Language)


def drawn(atlas: Atlas, found: Course, **options: Any) -> bytes:
    return write_svg(compose_timeline(atlas, found, {"1": atlas}, TimelineOptions(**options)))


def said(svg: bytes) -> str:
    texts = [text.text or "" for text in ET.fromstring(svg).iter(f"{SVG}text")]
    return " ".join(texts).replace("\u00a0", " ")


@pytest.fixture(scope="module")
def three(atlas: Atlas) -> Course:
    """Three visits, one with everything, on every view."""
    return course(
        [
            visit_of(atlas, 0, [*CONTRACT, *FOUR_VIEWS], pain_before=7, pain_after=4),
            visit_of(atlas, 1, CONTRACT[:2], pain_before=5),
            visit_of(atlas, 2, [point("posterior", 300, 500, status="not-done")], pain_before=3, pain_after=1),
            visit_of(atlas, 3, CONTRACT, status="voided"),
        ]
    )


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", list(THEMES))
def test_timelines_are_safe_svg(atlas: Atlas, three: Course, width: int, theme: Any) -> None:
    """Every timeline is one well-formed SVG document of known elements, said and credited in words."""
    for found in (three, course([])):
        root = assert_safe(drawn(atlas, found, width=width, theme=theme))
        assert (root.get("role"), root.get("width")) == ("img", str(width))
        assert "BodyParts3D" in (root.findtext(f"{SVG}desc") or "")
    letters = [text.get("data-letter") for text in root.iter(f"{SVG}text")]
    assert not [letter for letter in letters if letter]
    root = ET.fromstring(drawn(atlas, three, width=width, theme=theme))
    windows = [window for window in root.iter(f"{SVG}svg") if window.get("data-view")]
    letters = [text.get("data-letter") for text in root.iter(f"{SVG}text") if text.get("data-letter")]
    assert len(windows) == 3 * 4
    assert letters.count("L") == letters.count("R") == len(windows)


def test_visits_stand_in_their_order(atlas: Atlas) -> None:
    """Oldest first by when they were, whatever the order they came in; each with its day and its pain."""
    visits = many_visits(atlas, 5, 1, 2)
    svg = drawn(atlas, course([visits[3], visits[0], visits[4], visits[2], visits[1]]))
    assert svg == drawn(atlas, course(visits))
    days = re.findall(r"Visit (\d) · (\d+ \w+ 2026)", said(svg))
    assert days[:5] == [
        ("1", "23 Nov 2026"),
        ("2", "30 Nov 2026"),
        ("3", "7 Dec 2026"),
        ("4", "14 Dec 2026"),
        ("5", "21 Dec 2026"),
    ]
    assert [f"pain {visit.pain_before} to {visit.pain_after}" in said(svg) for visit in visits] == [True] * 5


def test_every_visit_has_the_same_part_of_the_body(atlas: Atlas) -> None:
    """A neck one week and a back the next are drawn in one and the same window, at one scale, and all is in it."""
    found = course(
        [visit_of(atlas, 0, [point("posterior", 398, 275)]), visit_of(atlas, 1, [point("posterior", 304, 724)])]
    )
    root = ET.fromstring(drawn(atlas, found))
    windows = [w for w in root.iter(f"{SVG}svg") if w.get("data-view")]
    assert len({(w.get("viewBox"), w.get("width"), w.get("height")) for w in windows}) == 1
    assert "not shown" not in said(drawn(atlas, found))
    assert "1 placement not shown" in said(drawn(atlas, found, focus="neck"))
    assert "1 placement not shown" not in said(drawn(atlas, found, focus="full"))


def test_marks_stand_where_the_record_says(atlas: Atlas, three: Course) -> None:
    """Each mark carries number, side, view and place, as on the chart of its session."""
    root = ET.fromstring(drawn(atlas, three))
    found = {
        (mark.get("data-placement"), mark.get("data-side"), mark.get("data-view"), mark.get("data-at"))
        for mark in root.iter()
        if mark.get("data-placement")
    }
    assert {("1", "left", "posterior", "290,290"), ("7", "right", "anterior", "270,400")} <= found
    visits = [(g.get("data-visit"), g.get("data-session")) for g in root.iter(f"{SVG}g") if g.get("data-visit")]
    assert visits == [("1", "v000"), ("2", "v001"), ("3", "v002")]
    assert b"data-session" not in drawn(atlas, three, theme="patient")


def test_the_newest_are_drawn_and_all_are_counted(atlas: Atlas) -> None:
    """Of two hundred visits the newest twelve are drawn, and the picture says so; the curve has every score."""
    visits = many_visits(atlas, 200, 2, 1)
    svg = drawn(atlas, course(visits))
    words = said(svg)
    assert "12 of 200 visits shown, the newest. The curve has all 200 visits." in words
    assert re.findall(r"Visit (\d+) ·", words) == [str(number) for number in range(189, 201)]
    scores = sum(visit.pain_before is not None for visit in visits)
    circles = [c for c in ET.fromstring(svg).iter(f"{SVG}circle") if float(c.get("r", "9")) < 2.5]
    assert len(circles) >= 2 * scores
    assert "curve" not in said(drawn(atlas, course(visits[:20]), width=160))
    assert "12 of 20 visits shown" in said(drawn(atlas, course(visits[:20]), width=160))


@pytest.mark.parametrize(
    "scores",
    [
        [(None, None)],
        [(7, None)],
        [(None, 3), (None, None), (5, 5)],
        [(0, 0), (10, 10)],
        [(0, 10), (10, 0), (None, 5)],
    ],
)
def test_scores_are_drawn_as_they_are(atlas: Atlas, scores: list[tuple[int | None, int | None]]) -> None:
    """Missing scores are missing, equal ones are written once, and the worst and the best stay in the picture."""
    visits = [
        visit_of(atlas, number, [point("posterior", 300, 400)], pain_before=before, pain_after=after)
        for number, (before, after) in enumerate(scores)
    ]
    root = assert_safe(drawn(atlas, course(visits)))
    words = said(drawn(atlas, course(visits)))
    if all(score is None for pair in scores for score in pair):
        assert "No pain scores were recorded for these visits." in words
        assert "Pain, 0 to 10" not in words
        return
    dots = [circle for circle in root.iter(f"{SVG}circle") if circle.get("r") in ("3.4", "3.8")]
    known = sum(score is not None for pair in scores for score in pair)
    assert len(dots) >= known + 2
    height = float((root.get("viewBox") or "").split()[3])
    assert all(0 < float(dot.get("cy", "-1")) < height for dot in dots)


def measured(atlas: Atlas, values: list[tuple[float | None, float | None]]) -> Course:
    visits = [
        visit_of(
            atlas,
            number,
            [point("posterior", 300, 400)],
            measures=(Measure(name="Neck rotation", side="right", unit="deg", before=before, after=after),),
        )
        for number, (before, after) in enumerate(values)
    ]
    return course([*visits, visit_of(atlas, 9, [point("posterior", 300, 400)], pain_before=7)])


@pytest.mark.parametrize("values", [[(40, 52), (50, None)], [(0, 0)], [(None, -12.5)], [(1000, 99000)]])
def test_what_else_was_measured_has_a_curve_of_its_own(
    atlas: Atlas, values: list[tuple[float | None, float | None]]
) -> None:
    """Under that of pain, by name, side and unit, with its own scale and all within the picture; for patients none."""
    found = measured(atlas, values)
    svg = drawn(atlas, found)
    boxes_inside(svg)
    words = said(svg)
    assert "Neck rotation, right, deg" in words
    text = TimelineDrawing(atlas, found, {"1": atlas}, TimelineOptions()).draw("txt").decode()
    for value in (value for pair in values for value in pair if value is not None):
        assert f"{value:g}" in words.replace(",", "")
        assert f"visit {value:g}" in text.replace(",", "")
    assert "rotation" not in said(drawn(atlas, found, theme="patient"))


def test_visits_of_one_moment_stand_apart(atlas: Atlas) -> None:
    """Visits recorded at the same time, or minutes apart, do not stand on each other in the curve."""
    visits = [
        visit_of(atlas, n, [point("posterior", 300, 400)], pain_before=5, started_at=START + timedelta(minutes=n // 2))
        for n in range(6)
    ]
    later = visit_of(atlas, 9, [point("posterior", 300, 400)], pain_before=2, started_at=START + timedelta(days=900))
    root = ET.fromstring(drawn(atlas, course([*visits, later])))
    xs = [float(c.get("cx", "0")) for c in root.iter(f"{SVG}circle") if c.get("r") == "3.4"]
    assert len(xs) == 8
    assert min(abs(a - b) for place, a in enumerate(xs[1:]) for b in xs[place + 2 :]) > 10


def test_a_visit_without_a_start_says_that_it_has_none(atlas: Atlas) -> None:
    """Where nobody said when a visit was, the day of its record stands in brackets."""
    visit = msgspec.structs.replace(session_of([]), started_at=None)
    assert "Visit 1 · (23 Nov 2026)" in said(drawn(atlas, course([visit])))


@pytest.fixture(scope="module")
def telling(atlas: Atlas) -> Course:
    """Visits with words of the record wherever there can be some."""
    facts = {"note": f"{MARKED}-note", "technique": f"{MARKED}-technique", "pain_before": 9, "depth_mm": 73.5}
    statements = [{**s, **facts} for s in [*CONTRACT, *FOUR_VIEWS]]
    statements[2]["site"] = {"text": "Wade"}
    visits = [visit_of(atlas, n, statements, note=f"{MARKED}-note", pain_before=9, pain_after=8) for n in range(3)]
    return course_of(f"{MARKED}-subject", visits)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [160, 400, 800])
def test_patients_see_nothing_clinical(atlas: Atlas, telling: Course, lang: Language, width: int) -> None:
    """No fact of the record, no pain and no clinical word is anywhere in a patient's timeline, in no format."""
    options = TimelineOptions(theme="patient", lang=lang, width=width, limit=2)
    drawing = TimelineDrawing(atlas, telling, {"1": atlas}, options)
    for text in (drawing.draw("svg").decode(), drawing.draw("txt").decode()):
        told = text.replace("; ".join(atlas.manifest.licence.attribution), "")
        told = re.sub(r' data-view="(?:posterior|anterior|left|right)"', "", " ".join(told.split())).lower()
        assert MARKED not in told
        assert not [word for word in CLINICAL_WORDS if word in told]
        for region in atlas.regions:
            assert not says(told, region_name(region, "en").lower()), region.id


@given(HOSTILE, HOSTILE)
def test_hostile_words_stay_text(atlas: Atlas, subject: str, site: str) -> None:
    """Whatever stands in a record becomes text of the picture: no markup, no control characters, no reordering."""
    visit = visit_of(atlas, 0, [{"kind": "trigger_point", "site": {"text": "x"}, "side": "left"}])
    [placement] = visit.placements
    hostile = msgspec.structs.replace(placement, site=msgspec.structs.replace(placement.site, text=site))
    found = course_of(subject, [msgspec.structs.replace(visit, placements=(hostile,))])
    for width in (240, 400, 800):
        root = assert_safe(drawn(atlas, found, width=width))
        text = "".join(root.itertext())
        assert not any(letter in text for letter in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\u0000\u001b\ufffe")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [160, 400, 800])
def test_no_line_runs_out_of_the_picture(atlas: Atlas, three: Course, lang: Language, width: int) -> None:
    """In every language and form each line of text lies within the picture."""
    for theme in ("clinical", "patient"):
        boxes_inside(drawn(atlas, three, lang=lang, width=width, theme=theme))
    long = course_of("Patient/" + "W" * 248, three.visits)
    boxes_inside(drawn(atlas, long, lang=lang, width=width))


def test_visits_on_another_atlas_are_counted(atlas: Atlas) -> None:
    """A visit on a version that is not here is left out and counted; a heat map takes the newest visit's version."""
    old = msgspec.structs.replace(visit_of(atlas, 0, CONTRACT[:1]), atlas="0")
    found = course([old, visit_of(atlas, 1, CONTRACT[:1])])
    here = on_atlases(found, ("1",))
    assert ([visit.id for visit in here.visits], here.elsewhere) == (["v001"], 1)
    assert "1 visit recorded on another atlas version left out" in said(drawn(atlas, here))
    assert on_one_atlas(found, ("0", "1")) == here
    assert on_one_atlas(course([old]), ("1",)).elsewhere == 1


def test_options_decide_what_is_drawn(atlas: Atlas, three: Course) -> None:
    """One view alone, no numbers, no legend."""
    views = {
        w.get("data-view") for w in ET.fromstring(drawn(atlas, three, view="anterior")).iter() if w.get("data-view")
    }
    assert views == {"anterior"}
    assert "Rectus" not in said(drawn(atlas, three, labels="none"))
    assert "treated muscle" not in said(drawn(atlas, three, legend=False))
    assert len(tiles_of(three, {"1": atlas}, TimelineOptions(limit=2))) == 2


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_text_tells_every_visit(atlas: Atlas, three: Course, lang: Language) -> None:
    """As text every visit stands with its placements and its pain, in lines of 78 columns."""
    text = TimelineDrawing(atlas, three, {"1": atlas}, TimelineOptions(lang=lang)).draw("txt").decode()
    assert max(len(line) for line in text.splitlines()) <= 78
    both = catalogue(lang).chart.pain_change
    assert both.format(before="7", after="4") in text
    assert "lateral gastrocnemius" in text
    assert text.count("2026") >= 5


def test_it_is_drawn_as_pixels(atlas: Atlas, three: Course) -> None:
    """The PNG is the same picture at the width that was asked for."""
    png = TimelineDrawing(atlas, three, {"1": atlas}, TimelineOptions(width=300)).draw("png")
    assert int.from_bytes(png[16:20], "big") == 300
