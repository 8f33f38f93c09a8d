"""Names in five languages: complete, honest about where they are from, and found by the search."""

import json

import pytest

from bodymap.atlas import load_atlas
from bodymap.atlas.landmarks import read_landmarks
from bodymap.atlas.names import LANGUAGES, TRANSLATED, read_names
from bodymap.atlas.referral import read_referral
from bodymap.atlas.wording import relation
from bodymap.errors import Corrupt
from bodymap.words import catalogue

ATLAS = load_atlas()
RAW = ATLAS.file("names.json")
BOOK = read_names(RAW)
LANDMARKS = read_landmarks(ATLAS.file("landmarks.json")).all


def test_everything_has_a_name_in_every_language() -> None:
    """All regions, muscles, landmarks and referral areas; only Latin may be missing, where no source gave it."""
    things = {("region", region.id): region.names for region in ATLAS.regions}
    things |= {("muscle", muscle.id): muscle.names for muscle in ATLAS.manifest.muscles}
    for (kind, thing), names in things.items():
        assert BOOK.name(kind, thing, "la") == names.la
        assert BOOK.name(kind, thing, "en") == names.en
    named = {(entry.kind, entry.id) for entry in BOOK.all}
    assert named == {
        *things,
        *(("landmark", landmark.id) for landmark in LANDMARKS),
        *(("area", area.id) for area in read_referral(ATLAS.file("referral.json"), {}).all),
    }
    for entry in BOOK.all:
        for language in LANGUAGES:
            name = entry.names[language]
            assert name == name.strip()
            assert name or language == "la", (entry.id, language)


def test_no_two_things_of_a_kind_share_a_name() -> None:
    """Within a language a name leads to one region, one muscle, one landmark or one area."""
    for language in LANGUAGES:
        for kind in ("region", "muscle", "landmark", "area"):
            names = [entry.names[language] for entry in BOOK.all if entry.kind == kind and entry.names[language]]
            assert len(set(names)) == len(names), (kind, language)


def test_translations_say_that_nobody_has_reviewed_them() -> None:
    """What is ours is marked as ours."""
    assert {BOOK.source[language] for language in TRANSLATED} == {"bodymap translators, not reviewed"}
    assert set(BOOK.source) == set(LANGUAGES)


def test_a_missing_name_is_noticed() -> None:
    """A file without one name in one language is refused, and so is a name given twice."""
    for language in ("en", "es", "de", "fr"):
        data = json.loads(RAW)
        data["entries"][7]["names"][language] = ""
        with pytest.raises(Corrupt, match=data["entries"][7]["id"]):
            read_names(json.dumps(data).encode())
    data = json.loads(RAW)
    data["entries"].append(data["entries"][0])
    with pytest.raises(Corrupt, match="twice"):
        read_names(json.dumps(data).encode())
    with pytest.raises(Corrupt):
        read_names(b"[]")


def test_what_has_no_name_is_no_guess() -> None:
    """Asking for what the atlas does not have is an error."""
    with pytest.raises(KeyError):
        BOOK.name("region", "trapezius", "es")


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_place_is_said_in_every_language(language: str) -> None:
    """From every landmark, on either side: whole sentences with that language's words for the sides."""
    sides = catalogue(language).chart.sides
    for landmark in LANDMARKS:
        phrase = BOOK.phrase(landmark.id, language)
        for side in ("left", "right"):
            said = relation(phrase, side, lateral_mm=41, anterior_mm=None, cranial_mm=-14, language=language)
            assert phrase in said
            assert f", {sides[side]}, " in said
            assert "4 cm" in said
            assert "1,5 cm" in said


def test_words_for_the_sides() -> None:
    """Left and right as clinicians write them."""
    assert [
        (catalogue(name).chart.sides["left"], catalogue(name).chart.sides["right"]) for name in ("es", "de", "fr")
    ] == [
        ("izquierda", "derecha"),
        ("links", "rechts"),
        ("gauche", "droite"),
    ]
    said = relation("vom Akromion", "left", lateral_mm=-41, anterior_mm=None, cranial_mm=-16, language="de")
    assert said == "4 cm medial und 1,5 cm kaudal vom Akromion, links, an der Referenzfigur"
    said = relation("de C7", "right", lateral_mm=20, anterior_mm=None, cranial_mm=0, language="es")
    assert said == "2 cm lateral respecto de C7, derecha, en la figura de referencia"


def test_every_region_is_found_by_every_name_it_has() -> None:
    """Names and aliases of all languages lead to the region, with accents and without."""
    for region in ATLAS.regions:
        entry = BOOK.entry("region", region.id)
        for language in TRANSLATED:
            for query in (entry.names[language], *entry.aliases[language]):
                assert region in ATLAS.find_regions(q=query), query
                assert region in ATLAS.find_regions(q=query.upper()), query


@pytest.mark.parametrize(
    ("query", "best"),
    [
        ("deltoides posterior", "deltoid-spinal"),
        ("gluteo medio", "gluteus-medius"),
        ("moyen fessier", "gluteus-medius"),
        ("großer gesässmuskel", "gluteus-maximus"),
        ("angular del omoplato", "levator-scapulae"),
        ("carre des lombes", "quadratus-lumborum"),
        ("trapzeius descending", "trapezius-descending"),
        ("infrspinatus", "infraspinatus"),
        ("delotid", "deltoid-clavicular"),
        ("masetter", "masseter"),
        ("quadratus lumbrum", "quadratus-lumborum"),
        ("serratus posteror inferior", "serratus-posterior-inferior"),
        ("esternocleidomastoidoe", "sternocleidomastoid"),
        ("supra-epinuex", "supraspinatus"),
    ],
)
def test_search_knows_other_languages_and_forgives_slips(query: str, best: str) -> None:
    """What clinicians type, with letters swapped, lost or doubled, finds the region first."""
    assert ATLAS.find_regions(q=query)[0].id == best
    assert ATLAS.suggest(query)[0] == best


def test_a_slip_never_hides_what_is_called_so() -> None:
    """Where something is called just so, nothing that is only alike is found with it."""
    assert [region.id for region in ATLAS.find_regions(q="teres minor")] == ["teres-minor"]
    assert {region.muscle for region in ATLAS.find_regions(q="trapezius")} == {"trapezius"}
    assert "supraspinatus" not in {region.id for region in ATLAS.find_regions(q="infraspinatus")}


def test_nothing_is_suggested_for_nonsense() -> None:
    """What is like nothing finds nothing, however long it is; an empty question suggests nothing."""
    for query in ("gallbladder", "xyzzy", "12345678", "a" * 100_000, "q w e r t z " * 5_000, "", "  ", "%"):
        assert ATLAS.suggest(query) == [], query[:20]
    assert ATLAS.find_regions(q="gallbladder") == []


def test_what_is_nearly_something_is_suggested() -> None:
    """What is no region leads to those that share a word with it, five at most."""
    assert ATLAS.find_regions(q="biceps tendon") == []
    assert ATLAS.suggest("biceps tendon")[0] == "biceps-brachii"
    assert "trapezius-descending" in ATLAS.suggest("trapes superior")
    for region in ATLAS.regions:
        assert len(ATLAS.suggest(region.names.en)) <= 5
