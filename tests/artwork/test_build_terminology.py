"""Names and codes of regions, from tables like the project's."""

from pathlib import Path

import pytest

from bodymap.artwork.terminology import FMA, SNOMED, TA98, read_terminology
from bodymap.atlas import load_atlas
from bodymap.atlas.labels import labels

REGIONS = "region\tmesh\tmuscle\tgroup\tcodes_from\tcodes_are\ttrigger_points_from\taliases\n"
COLUMNS = [
    "slug",
    "preferred_name",
    "latin",
    "uberon",
    "fma",
    "fma_left",
    "fma_right",
    "sctid",
    "ta98",
    "ta2",
    "mesh",
    "synonyms",
    "source_files",
    "sctid_display_seen",
    "sctid_kind",
    "sctid_licence",
    "fma_in_uberon_xref",
    "ta98_english",
    "ta2_english",
    "notes",
]
BY_ID = {region.id: region for region in load_atlas().regions}


def row(**cells: str) -> str:
    """A line of muscle_codes.tsv."""
    return "\t".join(cells.get(column, "") for column in COLUMNS) + "\n"


WHOLE = row(
    slug="m", preferred_name="Em", latin="M. em", sctid="11", sctid_kind="structure", fma="1", notes="Broader SNOMED 99"
)
PART = row(
    slug="m_part",
    preferred_name="Part of em",
    latin="Pars prima",
    fma="2",
    fma_left="3",
    synonyms="p [S1]|P|Part of em",
)


def folder(tmp_path: Path, regions: str, codes: str = WHOLE + PART) -> Path:
    """The two tables in a folder."""
    (tmp_path / "regions.tsv").write_text(REGIONS + regions)
    (tmp_path / "muscle_codes.tsv").write_text("\t".join(COLUMNS) + "\n" + codes)
    return tmp_path


def test_a_part_is_named_within_its_muscle(tmp_path: Path) -> None:
    """Latin is composed whole, aliases lose their source marks, their doubles and the name itself."""
    term = read_terminology(folder(tmp_path, "m-part\tm_part\tm\tneck\tm_part\town\t\tpp\n")).terms[0]
    assert term.names.la == "M. em, pars prima"
    assert term.aliases == ("pp", "p")


def test_a_part_without_a_code_in_a_system_carries_its_muscles_marked_broader(tmp_path: Path) -> None:
    """Own codes are own, sides are kept, and a code in the notes is never taken."""
    term = read_terminology(folder(tmp_path, "m-part\tm_part\tm\tneck\tm_part\town\t\t\n")).terms[0]
    assert [(code.system, code.code, code.relation, code.side) for code in term.codes] == [
        (FMA, "2", "own", None),
        (FMA, "3", "own", "left"),
        (SNOMED, "11", "broader", None),
    ]


@pytest.mark.parametrize(
    ("regions", "codes"),
    [
        ("m-part\tm_part\tm\tneck\tnowhere\town\t\t\n", WHOLE),
        ("m\tm\tm\tneck\tm\town\t\t\nm\tm\tm\tneck\tm\town\t\t\n", WHOLE),
        ("m\tm\tm\tneck\tm\town\t\t\n", WHOLE + WHOLE),
    ],
)
def test_tables_that_do_not_fit_are_refused(tmp_path: Path, regions: str, codes: str) -> None:
    """A dangling reference or a double row is an error, not a guess."""
    with pytest.raises(ValueError, match=r"regions\.tsv|twice"):
        read_terminology(folder(tmp_path, regions, codes))


def test_dangerous_rows_are_heeded() -> None:
    """The code that UBERON wrongly gives iliocostalis cervicis is only on splenius cervicis, as an Entire concept."""
    carriers = {(r.id, c.kind) for r in BY_ID.values() for c in r.codes if c.code == "244851000"}
    assert carriers == {("splenius-cervicis", "entire")}
    assert not any(code.system == SNOMED for code in BY_ID["iliocostalis-cervicis"].codes)
    assert BY_ID["iliocostalis-thoracis"].names.la == ""
    assert not any(code.system == TA98 for code in BY_ID["iliocostalis-thoracis"].codes)
    assert [c.relation for c in BY_ID["iliocostalis-lumborum"].codes if c.system == TA98] == ["broader"]
    assert not any(code.system == FMA for code in BY_ID["rotatores"].codes)
    assert "spinalis_capitis" in BY_ID["semispinalis-capitis"].provenance


def test_regions_named_by_their_muscle_alone_are_marked() -> None:
    """Multifidus and pectoralis major have codes of the whole muscle: all are broader, and no Latin is made up."""
    for region in BY_ID.values():
        if region.muscle in ("multifidus", "pectoralis-major"):
            assert {code.relation for code in region.codes} == {"broader"}
            assert region.names.la == ""
    assert BY_ID["trapezius-descending"].names.la == "M. trapezius, pars descendens"
    broader = [code for code in BY_ID["trapezius-descending"].codes if code.relation == "broader"]
    assert "31764008" in {code.code for code in broader}


def test_every_code_says_whose_it_is() -> None:
    """System, licence, source and display are never empty; SNOMED CT says of which kind the concept is. Only regions
    that the tables have no row for are without a code and a Latin name, and say so."""
    for region in BY_ID.values():
        if not region.codes:
            assert region.names.la == ""
            assert "no code" in region.provenance
        for code in region.codes:
            assert code.system.startswith(("http", "urn:"))
            assert all((code.code, code.licence, code.source, code.display)), code
            assert bool(code.kind) == (code.system == SNOMED)


def test_the_further_regions_are_those_of_the_labels() -> None:
    """Every region that has a label is in the atlas, sixteen of them without a code, under the label's name."""
    labelled = {label.id: label.names["en"] for label in labels() if label.kind == "region"}
    assert BY_ID.keys() == labelled.keys()
    uncoded = {region.id: region.names.en for region in BY_ID.values() if not region.codes}
    assert len(uncoded) == 16
    assert uncoded == {name: labelled[name] for name in uncoded}
