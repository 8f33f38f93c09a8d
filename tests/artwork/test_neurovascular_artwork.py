"""Courses made from the lines and the artery's mesh: the shipped bytes, and what may not be named left out."""

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

pytest.importorskip("numpy")

from bodymap.artwork.neurovascular import encode, read_courses
from bodymap.atlas import load_atlas
from tests.shared import SHARED

VESSELS = SHARED / "anatomy" / "vessels"


@pytest.mark.shared
def test_the_shipped_courses_are_what_lines_and_mesh_give() -> None:
    """Making them again gives the shipped bytes."""
    assert encode(read_courses(VESSELS)) == load_atlas().file("neurovascular.json")


@pytest.mark.shared
def test_a_line_that_may_not_be_used_is_refused(tmp_path: Path) -> None:
    """A course whose use was taken back upstream stops the build instead of shipping."""
    for name in ("manifest.csv", "vertebral_artery__left.ply", "vertebral_artery__right.ply"):
        shutil.copy(VESSELS / name, tmp_path / name)
    lines = json.loads((VESSELS / "nerve_lines.json").read_text())
    lines["ulnar_nerve__left"]["use"] = "caution"
    (tmp_path / "nerve_lines.json").write_text(json.dumps(lines))
    with pytest.raises(ValueError, match="ulnar_nerve__left"):
        read_courses(tmp_path)


@pytest.mark.shared
def test_simplified_lines_stay_near_the_lines_that_they_are_made_from() -> None:
    """No point of a nerve that may be named is farther than half a millimetre from its simplified course."""
    lines = json.loads((VESSELS / "nerve_lines.json").read_text())
    courses = {(c.id, c.side): c for c in read_courses(VESSELS)}
    for nerve in ("median_nerve", "suprascapular_nerve", "superior_gluteal_nerve"):
        course = courses[nerve.replace("_", "-"), "left"]
        for line in lines[f"{nerve}__left"]["lines"]:
            for point in line["points"]:
                assert min(_off(point, a, b) for own in course.lines for a, b in pairwise(own)) < 0.5


def _off(point: list[float], a: tuple[float, ...], b: tuple[float, ...]) -> float:
    way = [q - p for p, q in zip(a, b, strict=True)]
    from_a = [p - q for p, q in zip(point, a, strict=True)]
    share = min(max(sum(p * q for p, q in zip(from_a, way, strict=True)) / sum(w * w for w in way), 0.0), 1.0)
    return sum((f - share * w) ** 2 for f, w in zip(from_a, way, strict=True)) ** 0.5
