"""The shipped atlas against what it was made from: exact rays through the meshes, and the terminology tables."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("shapely", reason="the artwork extra is not installed")

from bodymap.artwork.agreement import compare
from bodymap.artwork.build import source_digest
from bodymap.artwork.check import check
from bodymap.artwork.terminology import read_terminology
from bodymap.atlas import load_atlas
from bodymap.atlas.manifest import VIEWS, ViewId
from bodymap.resources import asset_folder
from tests.shared import MESHES, SHARED, TERMINOLOGY

ATLAS = load_atlas()


@pytest.mark.shared
@pytest.mark.parametrize("view", VIEWS)
def test_points_mean_what_an_exact_ray_meets_first(view: ViewId) -> None:
    """At 99% of random places a millimetre from any border, and at 97% of all, the map agrees with exact rays."""
    agreement = compare(ATLAS, MESHES, view, points=300, seed=20)
    assert agreement.away >= 0.99, agreement.differing
    assert agreement.all >= 0.97
    assert agreement.depth_median_mm < 0.6


@pytest.mark.shared
def test_the_shipped_atlas_was_built_from_these_sources() -> None:
    """The digest in the manifest is that of the meshes, tables and translations at hand."""
    assert source_digest(MESHES, TERMINOLOGY) == ATLAS.manifest.source_sha256


@pytest.mark.shared
@pytest.mark.parametrize("name", ["regions.tsv", "muscle_codes.tsv", "trigger_points.tsv", "DOMAIN.md"])
def test_no_table_changes_unnoticed(tmp_path: Path, name: str) -> None:
    """A word more in any table that the atlas is made from gives another digest."""
    for folder in ("terminology", "clinical"):
        shutil.copytree(SHARED / folder, tmp_path / folder)
    [table] = tmp_path.rglob(name)
    table.write_text(table.read_text("utf-8") + "#", "utf-8")
    assert source_digest(MESHES, tmp_path / "terminology") != ATLAS.manifest.source_sha256


@pytest.mark.shared
def test_names_and_codes_are_the_tables() -> None:
    """Every name, alias and code of the atlas is what the tables give, and every code stands in them."""
    terms = {term.id: term for term in read_terminology(TERMINOLOGY).terms}
    cells = set((TERMINOLOGY / "muscle_codes.tsv").read_text(encoding="utf-8").replace("\n", "\t").split("\t"))
    assert [region.id for region in ATLAS.regions] == list(terms)
    for region in ATLAS.regions:
        term = terms[region.id]
        assert (region.names, region.aliases, region.codes) == (term.names, term.aliases, term.codes)
        assert {code.code for code in region.codes} <= cells


def test_the_check_finds_no_fault_in_what_lies_where() -> None:
    """Without the meshes, the check finds every region on its sides, centred, whole, and apart from its neighbours."""
    report = check(asset_folder() / "1")
    faults = [f"{finding.where}: {finding.what}" for finding in report.findings if "bytes" not in finding.what]
    assert faults == []
    assert "posterior superficial" in report.table


@pytest.mark.shared
def test_the_check_counts_what_it_verified() -> None:
    """The table says how many outlines lie on their own side, centres mean their region, and codes are the tables'."""
    table = check(asset_folder() / "1", terminology=TERMINOLOGY).table
    codes = sum(len(region.codes) for region in ATLAS.regions)
    assert f"codes verified against the tables: {codes} of {codes}\n" in f"{table}\n"
    for pattern in (r"sides verified on posterior and anterior: (\d+) of \1 ", r"centres (\d+), of which \1 mean"):
        assert re.search(pattern, table), table


@pytest.mark.shared
@pytest.mark.parametrize(
    ("change", "found"),
    [
        (
            lambda m: m["regions"][0]["codes"][0].update(code=m["regions"][1]["codes"][0]["code"]),
            "codes that differ from the tables",
        ),
        (lambda m: m["regions"][0]["names"].update(en="Something else"), "names or codes that differ"),
        (lambda m: m["regions"][3]["extents"]["posterior"][0].update(centre=[10, 10]), "no centre inside"),
        (lambda m: m["regions"].pop(), "74 regions instead of 75"),
    ],
)
def test_the_check_finds_what_is_off(tmp_path: Path, change: Callable[[Any], Any], found: str) -> None:
    """A code or a name that no table gives, a centre elsewhere, a region that lacks: each is a finding."""
    folder = Path(shutil.copytree(asset_folder() / "1", tmp_path / "1"))
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    report = check(folder, terminology=TERMINOLOGY)
    assert [finding.what for finding in report.findings if found in finding.what]


def test_the_check_says_what_is_damaged(tmp_path: Path) -> None:
    """A folder that is no atlas is one finding, not an exception."""
    report = check(tmp_path)
    assert [finding.what for finding in report.findings] == ["The atlas has no manifest.json."]
