"""Languages: every word of the project in all four, each in the form of its language."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, get_args

import pytest
from pypdf import PdfReader

from bodymap.atlas import Atlas
from bodymap.atlas.local_names import region_name
from bodymap.atlas.manifest import LAYERS, VIEWS
from bodymap.charting.flags import CATALOGUE
from bodymap.charting.resolution import REGION_DIFFERS
from bodymap.charting.session import Session
from bodymap.charting.vocabulary import Direction, PerimeterSide, PlacementStatus, SessionStatus, TriggerPointState
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.chart.picture import render_chart
from bodymap.rendering.options import ChartOptions, PrintOptions
from bodymap.rendering.wording.clinical import ClinicalWording
from bodymap.words import Language, Plural, catalogue
from tests.rendering.checks import says
from tests.rendering.visits_drawn import CONTRACT, FOUR_VIEWS, point, recorded, session_of
from tests.words.texts import texts

SVG = "{http://www.w3.org/2000/svg}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
LANGUAGES: tuple[Language, ...] = get_args(Language)
OTHERS = tuple(lang for lang in LANGUAGES if lang != "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_vocabularies_have_words(lang: Language) -> None:
    """Each member of each closed vocabulary that a picture can show has its word, each flag of the catalogue too."""
    words = catalogue(lang).chart
    assert set(words.views) == set(VIEWS)
    assert set(words.layers) == set(LAYERS)
    assert set(words.sides) == set(get_args(PerimeterSide))
    assert set(words.statuses) == set(get_args(PlacementStatus))
    assert set(words.session_statuses) == set(get_args(SessionStatus))
    assert set(words.states) == set(get_args(TriggerPointState))
    assert set(words.directions) == set(get_args(Direction))
    assert set(words.flags) == {kind.code for kind in CATALOGUE} | {REGION_DIFFERS}
    assert len(catalogue(lang).form.cldr.months) == 12


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_bone_that_a_needle_meets_has_a_name(atlas: Atlas, lang: Language) -> None:
    """Bones and sheets of the atlas are called by the language's own word, ribs and vertebrae by number."""
    words = catalogue(lang).chart
    for structure in atlas.manifest.structures:
        if structure.kind in ("bone", "fascia"):
            kind, _, _ = structure.id.rpartition("-")
            assert structure.id in words.structures or kind in ("rib", "vertebra"), structure.id


def said(atlas: Atlas, session: Session, **options: Any) -> str:
    root = ET.fromstring(render_chart(atlas, session, ChartOptions(**options)))
    return " ".join(text for element in root.iter() for text in [element.text] if text)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("theme", ["clinical", "patient"])
def test_the_root_says_its_language(atlas: Atlas, contract_session: Session, lang: Language, theme: Any) -> None:
    """xml:lang and lang name the language of the words, on every picture."""
    root = ET.fromstring(render_chart(atlas, contract_session, ChartOptions(lang=lang, theme=theme)))
    assert (root.get("lang"), root.get(XML_LANG)) == (lang, lang)


def test_muscles_have_the_names_of_the_language(atlas: Atlas, contract_session: Session) -> None:
    """A placement is called what clinicians call its muscle in each language."""
    names = {
        "en": "Upper trapezius",
        "es": "Trapecio superior",
        "de": "Oberer Trapezius",
        "fr": "Trapèze supérieur",
    }
    for lang, name in names.items():
        assert ClinicalWording(atlas, lang).place_name(contract_session.placements[0]) == name  # type: ignore[arg-type]
        assert name in said(atlas, contract_session, lang=lang)


@pytest.mark.parametrize("lang", OTHERS)
@pytest.mark.parametrize("width", [160, 400, 800])
def test_nothing_english_is_left_on_a_picture(atlas: Atlas, lang: Language, width: int) -> None:
    """With a full record none of the English texts is on the picture of another language, unless both share it."""
    ways: list[dict[str, Any]] = [{"status": "planned"}, {"status": "not-done"}, {"count": 3}]
    states = [point("posterior", 290, 420 + 40 * place, **facts) for place, facts in enumerate(ways)]
    session = session_of(recorded(atlas, [*CONTRACT, *FOUR_VIEWS, *states]), pain_before=5, pain_after=2)
    english, words = texts(catalogue("en").chart), texts(catalogue(lang).chart)
    shared = " ".join(words.values()).lower() + " pistoning lateral gastrocnemius "
    text = said(atlas, session, lang=lang, width=width).lower().replace("\u00a0", " ")
    # What the user wrote and the credit stay as they are.
    text = text.replace("; ".join(atlas.manifest.licence.attribution).lower(), "")
    for region in atlas.regions:  # German calls muscles by their Latin names.
        text = text.replace(region_name(region, lang).lower(), "")
    for name, phrase in english.items():
        if "{" in phrase or len(phrase) < 4 or phrase.lower() in shared:
            continue
        assert not says(text, phrase.lower()), (name, phrase)


def test_dates_numbers_and_plurals_follow_the_language(atlas: Atlas) -> None:
    """A day, half a millimetre, and none, one and many, each as it is written there."""
    at = datetime(2026, 3, 1, 14, 5, tzinfo=UTC)
    wordings = {lang: ClinicalWording(atlas, lang) for lang in LANGUAGES}
    assert {lang: w.date_line(at, None) for lang, w in wordings.items()} == {
        "en": "1 Mar 2026, 14:05",
        "es": "1 mar 2026, 14:05",
        "de": "1. März 2026, 14:05 Uhr",
        "fr": "1 mars 2026, 14:05",
    }
    assert {lang: w.number(12.5) for lang, w in wordings.items()} == {
        "en": "12.5",
        "es": "12,5",
        "de": "12,5",
        "fr": "12,5",
    }
    needles = {lang: [w.counted(n, w.words.needles) for n in (0, 1, 2)] for lang, w in wordings.items()}
    assert needles == {
        "en": ["0 needles", "1 needle", "2 needles"],
        "es": ["0 agujas", "1 aguja", "2 agujas"],
        "de": ["0 Nadeln", "1 Nadel", "2 Nadeln"],
        "fr": ["0 aiguille", "1 aiguille", "2 aiguilles"],
    }
    assert {lang: w.list_numbers([3, 5, 9]) for lang, w in wordings.items()} == {
        "en": "3, 5 and 9",
        "es": "3, 5 y 9",
        "de": "3, 5 und 9",
        "fr": "3, 5 et 9",
    }
    assert wordings["de"].spelled(8, Plural(one="{n} Nadel", other="{n} Nadeln")) == "acht Nadeln"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_letters_stand_for_the_language_and_for_the_data(atlas: Atlas, sheet_session: Session, lang: Language) -> None:
    """The letter is the language's; the data attribute says R and L in all of them."""
    root = ET.fromstring(render_chart(atlas, sheet_session, ChartOptions(lang=lang, view="posterior")))
    letters = {text.get("data-letter"): text.text for text in root.iter(f"{SVG}text") if text.get("data-letter")}
    assert letters == {"L": catalogue(lang).chart.letters["left"], "R": catalogue(lang).chart.letters["right"]}


@pytest.mark.parametrize(
    ("start", "end", "line"),
    [
        ("2026-11-02T09:00:00-08:00", "2026-11-02T17:15:00Z", "2 Nov 2026, 09:00–09:15"),
        ("2026-11-02T01:00:00+01:00", "2026-11-01T23:30:00-01:00", "2 Nov 2026, 01:00–01:30"),
        ("2026-11-01T01:50:00-07:00", "2026-11-01T01:10:00-08:00", "1 Nov 2026, 01:50–02:10"),
        ("2026-11-02T23:50:00-08:00", "2026-11-03T00:15:00-08:00", "2 Nov 2026, 23:50 – 3 Nov 2026, 00:15"),
        ("2026-11-02T23:50:00-08:00", "2026-11-03T08:15:00Z", "2 Nov 2026, 23:50 – 3 Nov 2026, 00:15"),
    ],
    ids=["utc end", "utc day before", "clocks go back", "over midnight", "over midnight, utc end"],
)
def test_a_visit_ends_when_it_ended(atlas: Atlas, start: str, end: str, line: str) -> None:
    """In whatever offset the end came, it stands in the start's, with its date where that is another."""
    session = session_of(
        recorded(atlas, CONTRACT[:1]), started_at=datetime.fromisoformat(start), ended_at=datetime.fromisoformat(end)
    )
    texts_drawn = [
        render_chart(atlas, session, ChartOptions()).decode(),
        draw(Drawing(atlas, session, PrintOptions()), "txt").decode(),
    ]
    assert all(line in text for text in texts_drawn)
    sheet = PdfReader(BytesIO(draw(Drawing(atlas, session, PrintOptions()), "pdf"))).pages[0].extract_text()
    assert line in " ".join(sheet.split())
    assert ClinicalWording(atlas, "de").date_line(session.started_at, session.ended_at).endswith("Uhr")
