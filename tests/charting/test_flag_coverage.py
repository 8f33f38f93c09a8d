"""What flags cover, and what random needles meet: the tables that maintainers read."""

from dataclasses import replace

import pytest

from bodymap.atlas import load_atlas
from bodymap.charting import flag_coverage
from bodymap.charting.flag_coverage import coverage_lines, follow_ways, way_lines

ATLAS = load_atlas()


def test_no_random_way_goes_into_lung_dura_nerve_or_vessel_without_its_flag() -> None:
    """What a way meets, reckoned apart from what flags it, is flagged as on the way, each time."""
    found = follow_ways(ATLAS, 60)
    assert found.missed == ()
    assert found.met["over-lung-field"] >= 2
    assert found.met == found.on_the_way
    assert all(found.at_the_point[code] <= met for code, met in found.met.items())
    assert follow_ways(ATLAS, 8) == follow_ways(ATLAS, 8)


def test_a_way_without_its_flag_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is flagged on the way, each way that meets something is named with its point and its lean."""
    monkeypatch.setattr(flag_coverage, "flags_with_way", lambda *_: ())
    found = follow_ways(ATLAS, 60)
    assert len(found.missed) == sum(found.met.values()) > 0
    assert any(line.startswith("over-lung-field at ") and " degrees " in line for line in found.missed)
    (line,) = (line for line in way_lines(found) if line.startswith("over-lung-field"))
    assert line.split()[1:4] == [str(found.met["over-lung-field"]), "0", str(found.met["over-lung-field"])]
    assert not any(line.startswith("suboccipital") for line in way_lines(replace(found, met={})))


def test_every_region_is_told_with_what_covers_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row for each flag that covers something and for each region, what is possible without a point marked."""
    monkeypatch.setattr(flag_coverage, "_PITCH_MM", 40.0)
    lines = list(coverage_lines(ATLAS))
    rows = {line.split()[0]: line for line in lines if line}
    assert {region.id for region in ATLAS.regions} <= rows.keys()
    assert "over-lung-field* 100%" in rows["rhomboid-major"]
    assert "sciatic-nerve*" in rows["piriformis"]
    assert rows["masseter"].split()[1:] == ["-"]
    assert "%" in rows["brachial-plexus"]
