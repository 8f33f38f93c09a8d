"""Trigger points as they ship: what the table says and no more, on the region, with sources that may be linked."""

import csv
import json
import re
from math import hypot

import msgspec
import pytest

from bodymap.atlas import load_atlas
from bodymap.atlas.frames import mirror, to_page
from bodymap.atlas.landmarks import read_landmarks
from bodymap.atlas.trigger_points import Review, TriggerPoint, TriggerPoints, read_trigger_points
from bodymap.errors import Corrupt, Missing
from tests.shared import CLINICAL

ATLAS = load_atlas()
RAW = ATLAS.file("trigger-points.json")
POINTS = read_trigger_points(RAW)
FORBIDDEN = ("fitness-vip", "tailieuchung", "123doc", "scribd", "slideplayer", "brainscape", "lib.ir")

# What the review of the places found since, by the sources that say it.
FURTHER = {
    "sternocleidomastoid-sternal": {"ML9"},
    "sternocleidomastoid-clavicular": {"ML9"},
    "pectoralis-minor-trp": {"ACU23"},
    "piriformis-trp": {"HAN22"},
}


def rows() -> list[dict[str, str]]:
    with (CLINICAL / "trigger_points.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def at(entry_id: str, region: str, side: str = "left") -> tuple[str, float, float]:
    place = POINTS.get(entry_id).place(region)
    assert place is not None
    point = place.at["left" if side == "left" else "right"]
    return point.view, point.x, point.y


@pytest.mark.shared
def test_every_row_is_an_entry_word_for_word() -> None:
    """Label, location, nerves, risks and the order of sources are the table's; what is empty there is empty here but
    for what the review of the places added, with its source."""
    for entry, row in zip(POINTS.all, rows(), strict=False):
        assert entry.label == row["trp_label"]
        assert entry.location == row["location"]
        assert entry.innervation == row["innervation"]
        assert "; ".join(entry.risks) == row["risk_structures"]
        cited = row["source_ids"].split()
        assert [source.id for source in entry.sources[: len(cited)]] == cited
        assert "".join(sorted({source.grade for source in entry.sources[: len(cited)]})) == row["trust"]
        assert entry.disagreement in ("", row["disagreement"]) or entry.id == "piriformis-trp"
        assert bool(entry.referral) == bool(row["referral_areas"])
        assert entry.symptoms == row["symptoms"] or row["symptoms"] == "as above"
        further = {source.id for source in entry.sources[len(cited) :]}
        assert further == FURTHER.get(entry.id, set()), entry.id
    assert {entry.id for entry in POINTS.all[len(rows()) :]} == {
        "serratus-anterior-trp",
        "masseter-trp",
        *(f"gluteus-maximus-trp{number}" for number in (1, 2, 3)),
    }


@pytest.mark.shared
def test_sources_are_the_tables_of_grades() -> None:
    """Each source has the grade that the source table gives it, and its address unless that may not be linked."""
    table = {
        cells[0]: cells
        for line in (CLINICAL / "DOMAIN.md").read_text(encoding="utf-8").splitlines()
        if len(cells := [cell.strip() for cell in line.strip("|").split(" | ")]) == 5
    }
    for entry in POINTS.all:
        for source in (source for source in entry.sources if source.id in table):
            _, grade, address, title, _ = table[source.id]
            assert source.grade == grade
            assert source.title == title or "safe" in title
            assert source.address in (address, None)
            kept_back = any(name in address for name in (*FORBIDDEN, "safe"))
            assert (source.address is None) == (kept_back or "://" not in address)


def test_nothing_says_how_to_needle() -> None:
    """No depth, needle size or technique is there: the only lengths are the one measured offset and the rules'."""
    for name in ("depth", "technique", "needle_size", "gauge"):
        assert f'"{name}' not in RAW.decode()
    assert b"safe" not in RAW.lower()
    for entry in POINTS.all:
        said = " ".join((entry.label, entry.location, entry.symptoms, *entry.risks, entry.disagreement))
        assert set(re.findall(r"[\d.]+\s*mm", said)) <= {"10.4 mm"}
        rules = " ".join(place.rule for place in entry.places)
        assert not re.search(r"\bsafe\b|perpendicular|0\.\d+\s?x\s?\d+", said + rules, re.IGNORECASE)
        assert not re.search(r"\b(prone|supine|side-lying|pincer|tangential|oblique)\b", said, re.IGNORECASE)


def test_addresses_that_may_not_be_linked_are_not_there() -> None:
    """Copies of copyrighted books are named as sources, never linked, anywhere in the file."""
    for name in FORBIDDEN:
        assert name not in RAW.decode()
    assert any(source.address is None for entry in POINTS.all for source in entry.sources)
    assert any(source.address for entry in POINTS.all for source in entry.sources)


def test_every_place_lies_in_its_region_on_both_sides_alike() -> None:
    """On its view within the region's silhouette and, give or take a millimetre, over the region itself; right is
    left's mirror image."""
    for entry in POINTS.all:
        for place in entry.places:
            assert set(place.at) == {"left", "right"}
            for side, point in place.at.items():
                outline = ATLAS.silhouette(place.region, side, point.view)
                assert outline is not None
                assert outline.contains(point.x, point.y), (entry.id, side)
                around = [(point.x + dx, point.y + dy) for dx, dy in ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))]
                under = [layer for at in around for layer in ATLAS.beneath(point.view, *at)]
                assert (place.region, side) in {(layer.structure.id, layer.structure.side) for layer in under}
            left, right = place.at["left"], place.at["right"]
            assert mirror(left.view, left.x, left.y) == (right.view, pytest.approx(right.x), right.y)


def test_what_no_source_places_has_no_place() -> None:
    """An entry stands where its words or a study put it, with the rule; nothing stands at a region's centre."""
    for entry in POINTS.all:
        for place in entry.places:
            assert place.rule
            centres = {
                (extent.side, view): extent.centre
                for view, extents in ATLAS.region(place.region).extents.items()
                for extent in extents
            }
            assert all(centres[side, point.view] != (point.x, point.y) for side, point in place.at.items())
            # Words are the entry's own, unless another source's; a study is always named.
            assert place.sources or (place.basis == "words" and entry.location)
    assert POINTS.get("splenius-cervicis-trp").place("splenius-cervicis") is None
    assert POINTS.get("obliquus-capitis-superior-trp").places == ()
    assert sum(bool(entry.places) for entry in POINTS.all) == 28


@pytest.mark.parametrize(
    ("entry", "region", "basis", "point"),
    [
        ("trapezius-descending-trp2", "trapezius-descending", "motor-zone", ("posterior", 297.9, 293.7)),
        ("levator-scapulae-lower", "levator-scapulae", "needling-site", ("posterior", 295.3, 310.6)),
        ("supraspinatus-trp", "supraspinatus", "motor-zone", ("posterior", 244.4, 337.4)),
        ("infraspinatus-tp1", "infraspinatus", "motor-zone", ("posterior", 236.0, 363.6)),
        ("infraspinatus-tp2", "infraspinatus", "motor-zone", ("posterior", 218.5, 353.7)),
        ("infraspinatus-tp3", "infraspinatus", "motor-zone", ("posterior", 234.8, 395.6)),
        ("subscapularis-trp", "subscapularis", "motor-zone", ("anterior", 450.9, 402.3)),
        ("multifidus-lumborum-trp", "multifidus-lumborum", "needling-site", ("posterior", 337.5, 724.1)),
        ("deltoid-acromial-trp", "deltoid-acromial", "motor-zone", ("left", 234.2, 388.5)),
        ("serratus-anterior-trp", "serratus-anterior", "emg-site", ("left", 221.0, 479.9)),
        ("piriformis-trp", "piriformis", "needling-site", ("posterior", 273.9, 846.1)),
    ],
)
def test_sites_of_studies_lie_where_the_review_of_the_places_found_them(
    entry: str, region: str, basis: str, point: tuple[str, float, float]
) -> None:
    """Each is named as what it is and stands where the review put it: a range's middle within 14 mm, else exactly."""
    place = POINTS.get(entry).place(region)
    assert place is not None
    assert place.basis == basis
    view, x, y = at(entry, region)
    assert view == point[0]
    near = 14 if entry in ("trapezius-descending-trp2", "piriformis-trp") else 0.15
    assert hypot(x - point[1], y - point[2]) <= near


def test_piriformis_stands_in_the_middle_third_and_cites_both_studies() -> None:
    """What two studies of cadavers found at the medial third differs: both are cited, and the entry says so."""
    entry = POINTS.get("piriformis-trp")
    place = entry.place("piriformis")
    assert place is not None
    assert {"KEAR", "HAN22"} <= {source.id for source in place.sources}
    assert {"KEAR", "HAN22"} <= {source.id for source in entry.sources}
    assert "11 of 14" in entry.disagreement
    shape = ATLAS.silhouette("piriformis", "left", "posterior")
    assert shape is not None
    left, _, right, _ = shape.bounds
    third = (right - left) / 3
    assert left + third <= at("piriformis-trp", "piriformis")[1] <= right - third


def test_areas_that_were_missing_are_there() -> None:
    """Vertex, throat and sternum; the ear and the other side of the forehead; the front of the shoulder."""
    assert {"head-vertex", "throat", "sternum"} <= set(POINTS.get("sternocleidomastoid-sternal").referral)
    assert {"ear", "forehead-other-side"} <= set(POINTS.get("sternocleidomastoid-clavicular").referral)
    assert "shoulder-anterior" in POINTS.get("pectoralis-minor-trp").referral


def test_the_upper_trapezius_point_is_where_it_was_measured() -> None:
    """10.4 mm from the midpoint between C7 and the acromial angle towards C7, along the line between them."""
    landmarks = {landmark.id: landmark for landmark in read_landmarks(ATLAS.file("landmarks.json")).all}
    for side in ("left", "right"):
        end, middle = landmarks["C7"].at["midline"], landmarks["c7-acromion-angle-midpoint"].at[side]
        way = [b - a for a, b in zip(middle, end, strict=True)]
        share = 10.4 / sum(step**2 for step in way) ** 0.5
        wanted = to_page("posterior", middle[0] + share * way[0], middle[1] + share * way[1])
        view, x, y = at("trapezius-descending-trp1", "trapezius-descending", side)
        assert view == "posterior"
        assert (x, y) == (pytest.approx(wanted[0], abs=0.1), pytest.approx(wanted[1], abs=0.1))


def test_places_in_words_stand_to_each_other_as_the_words_do() -> None:
    """Cranial above caudal, lateral beside medial, posterior behind middle, L3 above L4, as the labels say."""
    lumborum = "quadratus-lumborum"
    upper, lower, deep, low = (
        at(f"{lumborum}-{label}", lumborum)
        for label in ("superficial-cranial", "superficial-caudal", "deep-cranial", "deep-caudal")
    )
    assert upper[2] < lower[2] < low[2]
    assert deep[2] < low[2]
    assert lower[1] < deep[1] < 350
    chest = "pectoralis-major-sternocostal"
    lateral, medial, caudal = (at(f"{chest}-{label}", chest) for label in ("lateral", "medial", "caudal"))
    assert lateral[1] > medial[1] > 350
    assert caudal[2] > medial[2]
    # On the view from the left, behind is to the viewer's right.
    assert at("gluteus-medius-trp1", "gluteus-medius")[1] > at("gluteus-medius-trp2", "gluteus-medius")[1]


def test_a_label_that_names_a_part_belongs_to_that_part_alone() -> None:
    """Points of one part of pectoralis major or one suboccipital muscle are not told of the others."""
    assert POINTS.get("pectoralis-major-clavicular-trp").regions == ("pectoralis-major-clavicular",)
    assert POINTS.of_region("pectoralis-major-abdominal") == ()
    assert POINTS.of_region("rectus-capitis-posterior-minor") == ()
    assert [entry.id for entry in POINTS.of_region("obliquus-capitis-inferior")] == ["obliquus-capitis-inferior-trp"]
    assert POINTS.get("rhomboids-medial-border").regions == ("rhomboid-major", "rhomboid-minor")


def test_cautions_gather_what_the_entries_name_with_all_their_sources() -> None:
    """Each structure once a region, with every entry and source that names it; nothing where nothing was said."""
    (caution,) = POINTS.cautions("trapezius-descending")
    assert caution.structure == "lung apex and pleura"
    assert caution.trigger_points == ("trapezius-descending-trp1", "trapezius-descending-trp2")
    assert {"BARB", "MRI", "ZA51", "ML6"} <= {source.id for source in caution.sources}
    assert len({source.id for source in caution.sources}) == len(caution.sources)
    assert caution.review.state == "not-reviewed"
    assert {c.structure for c in POINTS.cautions("quadratus-lumborum")} == {
        "kidney",
        "diaphragm and pleura if angled upward",
    }
    assert POINTS.cautions("masseter") == ()
    for region in ATLAS.regions:
        for each in POINTS.cautions(region.id):
            assert each.sources
            assert each.trigger_points


def test_every_entry_says_that_no_clinician_has_reviewed_it() -> None:
    """The state goes with the entry; a clinic's own review is a record of its own."""
    for entry in POINTS.all:
        assert msgspec.to_builtins(entry.review) == {
            "state": "not-reviewed",
            "note": "not reviewed by a licensed clinician",
        }
    review = Review(entry="piriformis-trp", state="disputed", by="Practitioner/7", display="Dr. X", at="2026-11-23")
    assert msgspec.json.decode(msgspec.json.encode(review), type=Review) == review


def test_an_unknown_entry_is_refused_with_what_could_be_meant() -> None:
    """A slip in an id leads to the entries that are named alike; nonsense to none."""
    with pytest.raises(Missing) as caught:
        POINTS.get("Trapezius descending TrP-1")
    assert "trapezius-descending-trp1" in caught.value.facts["suggestions"]
    with pytest.raises(Missing) as caught:
        POINTS.get("")
    assert caught.value.facts["suggestions"] == []


def test_a_file_that_contradicts_itself_is_refused() -> None:
    """Two entries of one id, a place elsewhere, a stranger's field, or no JSON at all: none of it is read."""
    entry = POINTS.all[0]
    with pytest.raises(Corrupt, match="same id"):
        TriggerPoints([entry, entry])
    with pytest.raises(Corrupt, match=entry.id):
        TriggerPoints([msgspec.structs.replace(entry, places=POINTS.get("piriformis-trp").places)])
    data = json.loads(RAW)
    data["trigger_points"][0]["depth_mm"] = 12
    for raw in (json.dumps(data).encode(), b"", b"[]", RAW[:-40]):
        with pytest.raises(Corrupt):
            read_trigger_points(raw)


def test_referral_of_a_region_names_each_area_once() -> None:
    """The areas of all its entries, in their order."""
    assert POINTS.referral("trapezius-descending")[:3] == ("neck-posterolateral", "mastoid", "temple")
    for region in ATLAS.regions:
        areas = POINTS.referral(region.id)
        assert len(set(areas)) == len(areas)
        assert set(areas) == {area for entry in POINTS.of_region(region.id) for area in entry.referral}


def test_every_entry_can_be_told_by_its_id() -> None:
    """Ids are lower case words with hyphens, and lead back to their entry."""
    found: list[TriggerPoint] = [POINTS.get(entry.id) for entry in POINTS.all]
    assert found == list(POINTS.all)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry.id) for entry in POINTS.all)
