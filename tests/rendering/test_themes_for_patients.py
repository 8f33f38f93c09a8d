"""The patient theme: where, in plain words, and nothing clinical anywhere in the document."""

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any, get_args

import pytest

from bodymap.atlas import Atlas
from bodymap.atlas.frames import SIZES
from bodymap.atlas.manifest import LAYERS, VIEWS, ViewId
from bodymap.charting.flags import CATALOGUE
from bodymap.charting.placement import PlacementStatement
from bodymap.charting.session import Session
from bodymap.charting.vocabulary import Direction
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.chart.picture import compose_chart, render_chart
from bodymap.rendering.options import ChartOptions, PrintedHeader, PrintOptions
from bodymap.rendering.output.svg import write_svg
from bodymap.rendering.wording.clinical import ClinicalWording
from bodymap.rendering.wording.patient import PatientWording
from bodymap.rendering.wording.place_at_point import place_at
from bodymap.rendering.wording.plain_places import PLAIN_PLACES
from bodymap.words import Language, catalogue
from tests.rendering.checks import CLINICAL_WORDS, MARKED, grade, says, syllables
from tests.rendering.visits_drawn import CONTRACT, FOUR_VIEWS, point, recorded, session_of, somewhere

SVG = "{http://www.w3.org/2000/svg}"
LANGUAGES: tuple[Language, ...] = get_args(Language)
FACTS: dict[str, Any] = {
    "depth_mm": 73.5,
    "angle_from_normal_deg": 61.5,
    "direction": "craniolateral",
    "technique": f"{MARKED}-technique",
    "dwell_s": 777,
    "insertions": 888,
    "pain_before": 9,
    "pain_after": 8,
    "twitch": {"sought": True, "obtained": True, "count": 999},
    "electrical": {"channel": f"{MARKED}-channel", "hz": 666, "minutes": 55},
    "needle": {"lot": f"{MARKED}-lot", "maker": f"{MARKED}-maker", "diameter_mm": 0.37, "length_mm": 97},
    "response": f"{MARKED}-response",
    "precaution": f"{MARKED}-precaution",
    "note": f"{MARKED}-note",
    "continues": f"{MARKED}-continues",
}


@pytest.fixture(scope="module")
def full(atlas: Atlas) -> Session:
    """A session with everything stated that can be, of every kind and state."""
    statements: list[dict[str, Any]] = [{**statement, **FACTS} for statement in [*CONTRACT, *FOUR_VIEWS]]
    for statement in statements:
        if statement["kind"] == "trigger_point":
            statement["trigger_point"] = {"state": "latent", "taut_band": True, "familiar_pain": True}
    statements[2]["site"] = {"text": "Wade"}
    statements.append(point("posterior", 300, 500, **{**FACTS, "status": "not-done"}))
    statements += somewhere(atlas, 14, 3, (250, 350, 250, 330))
    assert {name for s in statements for name in s} >= set(PlacementStatement.__args__[0].__struct_fields__) & set(
        FACTS
    )
    named = {
        name: f"{MARKED}-{name}" for name in ("subject", "performer", "encounter", "position", "note", "count_note")
    }
    return session_of(recorded(atlas, statements), pain_before=10, pain_after=7, **named)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [160, 400, 800])
def test_nothing_clinical_is_anywhere(atlas: Atlas, full: Session, lang: Language, width: int) -> None:
    """No fact of the record, no name of a muscle, no clinical word: searched for in the whole document."""
    header = PrintedHeader(name="Ana Ruiz", birth_date=f"{MARKED}-born", mrn=f"{MARKED}-mrn", clinic="Clinic")
    for layer, labels, detail in (("auto", "callouts", "shaded"), ("deep", "numbers", "plain")):
        options = ChartOptions(theme="patient", lang=lang, width=width, detail=detail, layer=layer, labels=labels)
        text = render_chart(atlas, full, options, header).decode()
        # The credit is the atlas's and goes with every picture; every mark and drawn view names its view.
        said = text.replace("; ".join(atlas.manifest.licence.attribution), "").lower()
        said = re.sub(r' data-view="(?:posterior|anterior|left|right)"', "", said)
        assert MARKED not in said
        assert not [word for word in CLINICAL_WORDS if word in said]
        assert not [code for code in (kind.code for kind in CATALOGUE) if code in said]
        assert not [word for word in get_args(Direction) if len(word) > 7 and says(said, word)]
        words = re.sub(r' (?:d|points|transform|viewBox)="[^"]*"', "", text)
        for fact in ("73.5", "73,5", "61.5", "61,5", "777", "888", "999", "666", "0.37"):
            assert fact not in " ".join(ET.fromstring(words).itertext())


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_muscle_is_named(atlas: Atlas, lang: Language) -> None:
    """Of every region, neither its Latin nor its clinical name nor its id is in a patient's picture of it."""
    book = {e["id"]: e["names"] for e in json.loads(atlas.file("names.json"))["entries"] if e["kind"] == "region"}
    for region in atlas.regions:
        side = next(iter(region.extents.values()))[0].side
        statement = {"kind": "trigger_point", "region": region.id, "side": side}
        options = ChartOptions(theme="patient", lang=lang)
        svg = render_chart(atlas, session_of(recorded(atlas, [statement])), options).decode().lower()
        for name in {region.id, *(n for n in book[region.id].values() if n)}:
            assert not says(svg, name.lower()), (region.id, name)


def test_marks_tell_no_more_than_where(atlas: Atlas, full: Session) -> None:
    """A mark carries its number, side, view and place; nothing else in the document carries more."""
    root = ET.fromstring(render_chart(atlas, full, ChartOptions(theme="patient")))
    names = {name for element in root.iter() for name in element.attrib if name.startswith("data-")}
    allowed = {"placement", "side", "view", "at", "letter", "label", "leader", "repeats", "atlas", "renderer"}
    assert names <= {f"data-{name}" for name in allowed}
    assert {"data-placement", "data-side", "data-view", "data-at"} <= names


def test_every_region_has_a_plain_place_in_every_language(atlas: Atlas) -> None:
    """No muscle and no point of the atlas is left without plain words."""
    assert set(PLAIN_PLACES) == {region.id for region in atlas.regions}
    at_points = {
        place_at(atlas, view, (x, y), on_arm=on_arm)
        for view in VIEWS
        for x in range(0, int(SIZES[view][0]), 10)
        for y in range(0, int(SIZES[view][1]), 10)
        for on_arm in (False, True)
    }
    for lang in LANGUAGES:
        assert {*PLAIN_PLACES.values(), *(at_points - {""})} <= set(catalogue(lang).patient.chart.places)


@pytest.mark.parametrize(
    ("view", "at", "place"),
    [
        ("posterior", (290, 290), "upper-shoulder"),
        ("posterior", (338, 724), "lower-back"),
        ("posterior", (330, 240), "back-neck"),
        ("posterior", (335, 190), "top-neck"),
        ("posterior", (320, 370), "upper-back"),
        ("posterior", (320, 560), "middle-back"),
        ("posterior", (244, 337), "shoulder-blade"),
        ("posterior", (235, 395), "shoulder-blade"),
        ("posterior", (273, 844), "buttock"),
        ("posterior", (101, 617), "elbow"),
        ("anterior", (450, 420), "chest"),
        ("anterior", (400, 700), "front-belly"),
        ("left", (234, 388), "outer-shoulder"),
        ("left", (221, 480), "side-ribs"),
    ],
)
def test_the_place_follows_the_level_and_the_part_of_the_body(
    atlas: Atlas, view: ViewId, at: tuple[float, float], place: str
) -> None:
    """Whichever muscle was stated: the lower back at L4, the neck at the nape, the elbow at the elbow."""
    visit = session_of(recorded(atlas, [{"kind": "trigger_point", "view": view, "at": list(at)}]))
    expected = catalogue("en").patient.chart.places[place].label
    assert PatientWording(atlas, "en").place_name(visit.placements[0]) == expected


def test_a_thoracic_muscle_at_a_lumbar_level_is_the_lower_back(atlas: Atlas) -> None:
    """Longissimus thoracis reaches to the sacrum: beside L4 it is in the lower back."""
    statement = {"kind": "trigger_point", "region": "longissimus-thoracis", "landmark": "L4", "side": "right"}
    visit = session_of(recorded(atlas, [{**statement, "offset_mm": {"lateral": 30}}]))
    said = PatientWording(atlas, "en").long_facts(visit.placements[0], None)
    assert said == ["We treated a sore muscle spot in your right lower back muscle."]


def test_a_ring_over_the_spine_is_in_the_middle(atlas: Atlas) -> None:
    """It lies on both sides, and a patient looks for its middle."""
    ring = {"center": [350, 700], "radius_mm": 25, "needles": 6}
    visit = session_of(recorded(atlas, [{"kind": "perimeter", "view": "posterior", "ring": ring}]))
    said = PatientWording(atlas, "en").long_facts(visit.placements[0], None)
    assert said == ["We treated around a sore area in the middle of your lower back muscle."]


def test_spots_of_one_place_are_told_once(atlas: Atlas) -> None:
    """Two muscles of one place are one sentence with both numbers, in picture, text and description; another side or
    another place has its own."""
    points = [
        ("posterior", [320, 370]),
        ("posterior", [318, 400]),
        ("posterior", [382, 370]),
        ("posterior", [338, 724]),
    ]
    statements: list[dict[str, Any]] = [{"kind": "trigger_point", "view": view, "at": at} for view, at in points]
    statements[1]["region"] = "rhomboid-major"
    visit = session_of(recorded(atlas, statements))
    once = {
        "en": "We treated sore muscle spots in your left upper back muscle (numbers 1 and 2).",
        "es": "Tratamos puntos con dolor en el músculo alto de la espalda, en su lado izquierdo (números 1 y 2).",
        "de": "Wir haben schmerzende Punkte in Ihrem linken oberen Rückenmuskel behandelt (Nummern 1 und 2).",
        "fr": "Nous avons traité des points sensibles dans le muscle du haut du dos, du côté gauche (numéros 1 et 2).",
    }
    for lang, sentence in once.items():
        text = draw(Drawing(atlas, visit, PrintOptions(theme="patient", lang=lang)), "txt").decode()
        assert " ".join(text.split()).count(sentence) == 1
        svg = render_chart(atlas, visit, ChartOptions(theme="patient", lang=lang)).decode()
        assert sentence in svg
    text = " ".join(draw(Drawing(atlas, visit, PrintOptions(theme="patient")), "txt").decode().split())
    assert text.count("We treated") == 3


def test_the_sentence_of_the_house(atlas: Atlas) -> None:
    """A patient reads where it was, on which of their own sides, in each language."""
    session = session_of(recorded(atlas, CONTRACT[:1]))
    said = {lang: PatientWording(atlas, lang).long_facts(session.placements[0], None)[0] for lang in LANGUAGES}
    assert said == {
        "en": "We treated a sore muscle spot in your left upper shoulder muscle.",
        "es": "Tratamos un punto con dolor en el músculo de arriba del hombro, en su lado izquierdo.",
        "de": "Wir haben einen schmerzenden Punkt in Ihrem linken oberen Schultermuskel behandelt.",
        "fr": "Nous avons traité un point sensible dans le muscle du haut de l'épaule, du côté gauche.",
    }


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "We treated a sore muscle spot at this place on your right: elbow."),
        ("es", "Tratamos un punto con dolor en este lugar, a su derecha: elbow."),
        ("de", "Wir haben einen schmerzenden Punkt an dieser Stelle bei Ihnen rechts (elbow) behandelt."),
        ("fr", "Nous avons traité un point sensible à cet endroit, à votre droite : elbow."),
    ],
)
def test_a_place_that_no_plate_shows_keeps_its_words(atlas: Atlas, lang: Language, sentence: str) -> None:
    """A patient reads the words in which the place was given, and on which of their own sides."""
    visit = session_of(recorded(atlas, [{"kind": "trigger_point", "site": {"text": "elbow"}, "side": "right"}]))
    wording = PatientWording(atlas, lang)
    assert wording.long_facts(visit.placements[0], None) == [sentence]
    assert wording.place_name(visit.placements[0]) == "elbow"
    assert "elbow" in render_chart(atlas, visit, ChartOptions(theme="patient", lang=lang)).decode()


def test_a_whole_muscle_is_in_all_its_places(atlas: Atlas) -> None:
    """Where nobody said which part of a muscle, a patient reads every part that is coloured, not the first only."""
    visit = session_of(recorded(atlas, [{"kind": "trigger_point", "muscle": "trapezius", "side": "left"}]))
    sentences = {lang: PatientWording(atlas, lang).long_facts(visit.placements[0], None)[0] for lang in LANGUAGES}
    assert sentences == {
        "en": "We treated a sore muscle spot in your left upper shoulder muscle, upper back muscle and middle "
        "back muscle.",
        "es": "Tratamos un punto con dolor en el músculo de arriba del hombro, el músculo alto de la espalda y el "
        "músculo medio de la espalda, en su lado izquierdo.",
        "de": "Wir haben einen schmerzenden Punkt in Ihrem linken oberen Schultermuskel, oberen Rückenmuskel und "
        "mittleren Rückenmuskel behandelt.",
        "fr": "Nous avons traité un point sensible dans le muscle du haut de l'épaule, le muscle du haut du dos et le "
        "muscle du milieu du dos, du côté gauche.",
    }
    label = "Oberer Schultermuskel · Oberer Rückenmuskel · Mittlerer Rückenmuskel"
    assert PatientWording(atlas, "de").place_name(visit.placements[0]) == label


def test_the_measure_of_reading_tells_hard_from_easy() -> None:
    """The measure is no flatterer: a clinical sentence is beyond school, a plain one at its beginning."""
    assert (
        grade("Dry needling of the descending part of trapezius provoked reproducible musculoskeletal symptoms.") > 12
    )
    assert grade("The cat sat on the mat.") < 2
    assert [syllables(word) for word in ("treated", "muscle", "spot", "shoulder", "blade", "area")] == [
        2,
        2,
        1,
        2,
        1,
        2,
    ]


def test_patients_can_read_it() -> None:
    """All that is said to patients in English reads at grade 6, and no sentence above grade 8."""
    words = catalogue("en").patient.chart
    sentences = [words.nothing, words.not_in_picture, words.own_sides]
    sentences += [
        form.format(n=3, listed="3, 5 and 9")
        for noun in (words.marked, words.not_shown, words.further)
        for form in (noun.one, noun.other)
    ]
    for told in (*words.spot.values(), *words.area.values()):
        sentences += [told.format(where=where) for where in words.elsewhere.values()]
        for place in words.places.values():
            sentences += [told.format(where=where.format(place=place.within)) for where in words.where.values()]
    assert max(grade(sentence) for sentence in sentences) <= 8
    assert grade(" ".join(sentence.rstrip(".") + "." for sentence in sentences)) <= 6


@pytest.mark.parametrize("view", VIEWS)
def test_patients_see_the_first_muscles_unless_asked(atlas: Atlas, view: Any) -> None:
    """By itself a patient's picture shows the outermost layer, however deep the treatment was."""
    deep = {"kind": "trigger_point", "region": "multifidus-lumborum", "side": "left"}
    session = session_of(recorded(atlas, [deep, deep]))
    first = render_chart(atlas, session, ChartOptions(theme="patient", view=view))
    assert first == render_chart(atlas, session, ChartOptions(theme="patient", view=view, layer=LAYERS[0]))


def test_no_data_of_a_mark_leaves_but_what_patients_may_have(atlas: Atlas, full: Session) -> None:
    """Marks know their needles, layers and more; of a patient's picture only what is listed for patients is written."""
    scene = compose_chart(atlas, full, ChartOptions(theme="patient")).scene
    known = {name for name, _ in data_of(scene.nodes)}
    assert known - PatientWording.data_names
    written = re.findall(r" data-(\w+)=", write_svg(scene).decode())
    assert set(written) <= PatientWording.data_names | {"atlas", "renderer"}


def test_a_patient_s_words_have_no_clinical_ones(atlas: Atlas) -> None:
    """What speaks to patients is not made from what speaks to clinicians, and cannot be asked for its words."""
    wording = PatientWording(atlas, "en")
    assert not isinstance(wording, ClinicalWording)
    assert not hasattr(wording, "words")
    assert not hasattr(wording, "catalogue")


def data_of(nodes: Any) -> Iterator[tuple[str, str]]:
    """Every data attribute of a scene's nodes."""
    for node in nodes:
        yield from getattr(node, "data", ())
        yield from data_of(getattr(node, "children", ()))
