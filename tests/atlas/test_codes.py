"""Codes: none that the terminology tables do not hold, and none shown that needs a licence nobody stated."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bodymap.atlas import load_atlas
from bodymap.atlas.codes import LICENSED, codes_of
from tests.shared import SHARED, TERMINOLOGY

ATLAS = load_atlas()
PROJECT = Path(__file__).resolve().parents[2]

SNOMED = "http://snomed.info/sct"
COLUMNS = {
    SNOMED: ("sctid",),
    "https://www.nlm.nih.gov/mesh": ("mesh",),
    "urn:bodymap:codesystem:fma": ("fma", "fma_left", "fma_right"),
    "urn:bodymap:codesystem:ta98": ("ta98",),
    "urn:bodymap:codesystem:ta2": ("ta2",),
    "urn:bodymap:codesystem:uberon": ("uberon",),
}
# What codes look like in text. Numbers of SNOMED CT are told from others by their check digit and their partition.
SHAPES = {
    "TA98": re.compile(r"\bA\d\d\.\d\.\d\d\.\d{3}\b"),
    "UBERON": re.compile(r"\bUBERON:\d{7}\b"),
    "FMA": re.compile(r"\b(?i:fma)[: ]?(\d{3,6})\b"),
    "MeSH": re.compile(r"\bD\d{6}\b"),
    "LOINC": re.compile(r"\b\d{5}-\d\b"),
    "CPT": re.compile(r"\b2056\d\b"),
    "SNOMED": re.compile(r"(?<![\w.#-])\d{6,18}(?![\w.-])"),
}
TEXT = {".py", ".json", ".md", ".html", ".js", ".toml", ".txt", ".tsv", ".ndjson", ".yaml", ".yml"}

# Verhoeff's tables: the dihedral group of order ten, and a permutation of its digits.
_TIMES = [[(i + j) % 5 if i < 5 else 5 + (i - j) % 5 for j in range(5)] for i in range(10)]
_TIMES = [row + [5 + (i + j) % 5 if i < 5 else (i - j) % 5 for j in range(5)] for i, row in enumerate(_TIMES)]
_ONCE = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def checks(number: str) -> bool:
    """Whether the last digit is right by Verhoeff."""
    value = 0
    for place, digit in enumerate(reversed(number)):
        permuted = int(digit)
        for _ in range(place % 8):
            permuted = _ONCE[permuted]
        value = _TIMES[value][permuted]
    return value == 0


def is_concept(number: str) -> bool:
    """Whether a number could be a SNOMED CT concept."""
    return number[-3:-1] in ("00", "10") and checks(number)


def texts() -> Iterator[Path]:
    for folder in ("bodymap", "tests", "schemas", "assets", "docs", ".ci"):
        for path in (PROJECT / folder).rglob("*"):
            # What npm packages by others hold is no code that this project states.
            if path.suffix in TEXT and not {"__pycache__", "swagger_ui"} & set(path.parts):
                yield path
    yield from (path for path in PROJECT.iterdir() if path.suffix in TEXT)


def found(text: str) -> set[tuple[str, str]]:
    """(system, code) of everything in a text that looks like a code."""
    return {
        (system, match[match.lastindex or 0])
        for system, shape in SHAPES.items()
        for match in shape.finditer(text)
        if system != "SNOMED" or is_concept(match[0])
    }


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


def test_the_check_knows_a_code_when_it_sees_one() -> None:
    """Numbers of SNOMED CT are told from numbers with another last digit, and other systems by their shape."""
    concepts = [code.code for region in ATLAS.regions for code in region.codes if code.system == SNOMED]
    assert concepts
    for concept in set(concepts):
        assert is_concept(concept)
        assert not is_concept(concept[:-1] + str((int(concept[-1]) + 1) % 10))
        assert ("SNOMED", concept) in found(f'"code": "{concept}",')
    region = ATLAS.region("levator-scapulae")
    shown = {
        system for system, _ in found(" ".join(f"{code.system.split(':')[-1]}:{code.code}" for code in region.codes))
    }
    assert {"TA98", "FMA"} <= shown


@pytest.mark.shared
def test_every_code_of_the_manifest_stands_in_its_systems_column() -> None:
    """A code, with the system that it is said to belong to, is in the tables."""
    table = rows(TERMINOLOGY / "muscle_codes.tsv")
    for region in ATLAS.regions:
        for code in region.codes:
            assert code.code in {row[column] for row in table for column in COLUMNS[code.system]}, (region.id, code)


@pytest.mark.shared
def test_every_structures_fma_id_is_the_meshes_own() -> None:
    """What a structure of the reference body is coded with, its source coded it with."""
    with (SHARED / "anatomy" / "meshes" / "manifest.csv").open(encoding="utf-8", newline="") as file:
        known = {row["fma_id"] for row in csv.DictReader(file)}
    assert {structure.fma for structure in ATLAS.manifest.structures} <= known | {""}


@pytest.mark.shared
def test_no_code_in_the_project_is_absent_from_the_tables() -> None:
    """Whatever looks like a code in code, assets, schemas, documents or tests stands in the tables."""
    tables = " ".join(path.read_text(encoding="utf-8") for path in TERMINOLOGY.iterdir())
    known = {*re.findall(r"[\w:.-]*\w", tables), *re.findall(r"\bFMA(\d+)", tables)}
    for folder in ("meshes", "vessels"):
        with (SHARED / "anatomy" / folder / "manifest.csv").open(encoding="utf-8", newline="") as file:
            known |= {row["fma_id"].removeprefix("FMA") for row in csv.DictReader(file)}
    strangers = {
        (str(path.relative_to(PROJECT)), system, code)
        for path in texts()
        for system, code in found(path.read_text(encoding="utf-8"))
        if code not in known
    }
    assert not strangers


def test_codes_that_need_a_licence_are_shown_only_with_one() -> None:
    """Without a licence no code marked so is there; with one, all are, in the manifest's order."""
    marked = 0
    for region in ATLAS.regions:
        free, all_of_them = codes_of(region, licensed=False), codes_of(region, licensed=True)
        assert all_of_them == region.codes
        assert [code for code in region.codes if code.licence != LICENSED] == list(free)
        marked += len(all_of_them) - len(free)
    assert marked


def test_freely_licensed_snomed_codes_stay() -> None:
    """The Global Patient Set's codes, and those of all other systems, need no licence."""
    free = [code for region in ATLAS.regions for code in codes_of(region, licensed=False)]
    snomed = [code for code in free if code.system == SNOMED]
    assert snomed
    assert all("CC BY 4.0" in code.licence for code in snomed)
    assert {code.system for code in free} == set(COLUMNS) & {c.system for r in ATLAS.regions for c in r.codes}
