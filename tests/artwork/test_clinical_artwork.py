"""Clinical files made from tables and meshes: the shipped bytes, and tables that do not fit refused."""

import shutil
from pathlib import Path

import pytest
import shapely

pytest.importorskip("numpy")

from bodymap.artwork import clinical, names, referral
from bodymap.artwork.clinical_files import clinical_files
from bodymap.artwork.clinical_places import WORDS, placed
from bodymap.artwork.figure import Figure
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.reference_body import load_body
from bodymap.artwork.referral_areas import AREAS
from bodymap.artwork.referral_rules import rounded
from bodymap.artwork.studied_places import STUDIED
from bodymap.atlas import load_atlas
from bodymap.atlas.landmarks import read_landmarks
from tests.shared import CLINICAL, MESHES, TERMINOLOGY

ATLAS = load_atlas()
LANDMARKS = read_landmarks(ATLAS.file("landmarks.json")).all


@pytest.fixture(scope="module")
def bodies() -> list[Mesh]:
    return load_body(MESHES)


@pytest.fixture(scope="module")
def figure(bodies: list[Mesh]) -> Figure:
    return Figure(bodies, LANDMARKS)


@pytest.mark.shared
def test_the_shipped_files_are_what_tables_and_meshes_give(bodies: list[Mesh]) -> None:
    """Making them again, with the meshes in another order, gives the shipped bytes."""
    files = clinical_files(
        bodies[::-1],
        LANDMARKS,
        ATLAS.regions,
        ATLAS.manifest.muscles,
        tables=CLINICAL,
        terminology=TERMINOLOGY,
        version=ATLAS.version,
    )
    assert len(files) == 7
    for name, data in files.items():
        assert ATLAS.file(name) == data, name


@pytest.mark.shared
def test_words_that_place_a_point_belong_to_a_row_that_has_them(figure: Figure) -> None:
    """No rule is idle, and none of words stands for a row without a location."""
    entries = clinical.trigger_points(figure, ATLAS.regions, CLINICAL, TERMINOLOGY)
    assert sum(bool(entry.places) for entry in entries) == len(WORDS) + len(STUDIED)
    assert not WORDS.keys() & STUDIED.keys()
    by_words = [entry for entry in entries for place in entry.places if not place.sources]
    assert all(entry.location for entry in by_words)


@pytest.mark.shared
def test_a_place_outside_its_region_is_refused(figure: Figure) -> None:
    """A rule that leads elsewhere than into the region's silhouette stops the build."""
    masseter = ATLAS.region("masseter")
    with pytest.raises(ValueError, match="masseter"):
        placed(figure, "trapezius_upper", "TrP1", (masseter,), {})
    with pytest.raises(ValueError, match="YI21T"):
        placed(figure, "trapezius_upper", "TrP2", (ATLAS.region("trapezius-descending"),), {})


def _copied(tmp_path: Path, old: str, new: str) -> Path:
    folder = tmp_path / "clinical"
    shutil.copytree(CLINICAL, folder)
    table = folder / "trigger_points.tsv"
    text = table.read_text(encoding="utf-8")
    assert old in text
    table.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


@pytest.mark.shared
@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ("\nscalenes\t", "\nplatysma\t", "platysma belongs to no region"),
        ("BARB ABER ML5", "NOBODY ABER ML5", "NOBODY"),
        ("lung apex and pleura", "lung apex 20 mm below", "speaks of lengths"),
    ],
)
def test_tables_that_do_not_fit_are_refused(tmp_path: Path, figure: Figure, old: str, new: str, error: str) -> None:
    """A muscle of no region, a source of no grade, or a length among the risks stops the build and is named."""
    with pytest.raises(ValueError, match=error):
        clinical.trigger_points(figure, ATLAS.regions, _copied(tmp_path, old, new), TERMINOLOGY)


@pytest.mark.shared
def test_an_area_that_nobody_knows_is_refused(tmp_path: Path, figure: Figure) -> None:
    """A referral word without an area in the vocabulary is no area of its own."""
    folder = _copied(tmp_path, "neck_posterolateral", "left_knee")
    with pytest.raises(KeyError, match="left_knee"):
        clinical.trigger_points(figure, ATLAS.regions, folder, TERMINOLOGY)


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        ("https://pubmed.ncbi.nlm.nih.gov/36553994/", True),
        ("http://aim.bmj.com/content/32/6/517", True),
        ("https://www.fitness-vip.com/muscle-chains/info-fid.html", False),
        ("https://slideplayer.com./slide/17558836", False),
        ("https://ja.scribd.com/document/1", False),
        ("http://lib.ir/ar/book/1", False),
        ("https://notlib.ir.example/", True),
        ("github owner/repository some/path", False),
        ("000_29431010a471a049.txt", False),
        ("", False),
    ],
)
def test_only_pages_that_may_be_linked_are_linked(address: str, linked: bool) -> None:
    """Copies of copyrighted books and what is no page give no address, subdomains and trailing dots included."""
    assert clinical.linked(address) == (address if linked else None)


def test_a_missing_translation_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A region without a German name, one without any row, or a row of nothing stops the build and is named."""
    given = names.TRANSLATIONS.read_text(encoding="utf-8")
    table = tmp_path / "translations.tsv"
    monkeypatch.setattr(names, "TRANSLATIONS", table)
    line = next(line for line in given.splitlines() if line.startswith("region\tpiriformis\t"))
    for changed, error in (
        (given.replace(line, line.replace("M. piriformis", "")), "lacks a name of the region piriformis"),
        (given.replace(line + "\n", ""), "lacks a name of the region piriformis"),
        (given + line.replace("piriformis", "popliteus") + "\n", "popliteus"),
        (given + line + "\n", "twice"),
    ):
        table.write_text(changed, encoding="utf-8")
        with pytest.raises(ValueError, match=error):
            names.names(ATLAS.regions, ATLAS.manifest.muscles, LANDMARKS)


def test_shapes_are_rounded_without_losing_their_place() -> None:
    """Corners go, notches and holes close, only the largest piece stays, nothing gives nothing."""
    square = shapely.box(0, 0, 40, 40)
    soft = rounded(
        shapely.union_all([shapely.difference(square, shapely.box(18, 18, 22, 22)), shapely.box(90, 0, 95, 5)])
    )
    assert soft.geom_type == "Polygon"
    assert len(soft.interiors) == 0
    assert soft.centroid.distance(square.centroid) < 0.5
    assert not soft.contains(shapely.Point(1, 1))
    assert 0.85 < soft.area / square.area < 1
    assert rounded(shapely.Polygon()).is_empty


def test_every_area_is_told_once() -> None:
    """Ids and names are distinct, and what is drawn nowhere has no rule."""
    assert len({area.id for area in AREAS}) == len({area.name for area in AREAS}) == len(AREAS)
    for area in AREAS:
        assert bool(area.seen) == (area.draw is not None) == bool(area.rule)
    assert [area.id for area in referral.vocabulary()] == [area.id for area in AREAS]
