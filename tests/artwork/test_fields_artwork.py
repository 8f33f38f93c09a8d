"""How fields are drawn: exact mirrors, the plates' own subset, the same bytes again."""

import pytest
import shapely
from shapely.geometry import MultiPolygon, box

np = pytest.importorskip("numpy")

from bodymap.artwork.field_rules import filled_rows  # noqa: E402
from bodymap.artwork.fields import draw_fields, fields_svg  # noqa: E402
from bodymap.artwork.reference_body import load_body  # noqa: E402
from bodymap.atlas.fields import Fields  # noqa: E402
from bodymap.atlas.plates import parse_plate  # noqa: E402
from bodymap.resources import asset_folder  # noqa: E402
from tests.shared import MESHES  # noqa: E402


def test_rows_are_filled_between_their_ends() -> None:
    """Gaps inside a row close, rows without a pixel stay empty, nothing grows."""
    mask = np.array([[0, 1, 0, 0, 1, 0], [0, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]], bool)
    assert filled_rows(mask).astype(int).tolist() == [[0, 1, 1, 1, 1, 0], [0] * 6, [1, 0, 0, 0, 0, 0]]


def test_a_sheet_reads_back_as_it_was_drawn() -> None:
    """The text is in the plates' subset, and its outlines are the shapes, several parts and tenths included."""
    shape = MultiPolygon([box(10.1, 10, 20, 30.5), box(40, 10, 50, 30)])
    raw = fields_svg("posterior", {("lung-field", "left"): shape}, "1").encode()
    assert parse_plate(raw, "sheet").groups["fields"].elements[0].title == "Lung field, left"
    outline = Fields({"posterior": raw}).outline("posterior", "lung-field", "left")
    assert outline is not None
    drawn = shapely.union_all([shapely.Polygon(ring) for ring in outline.polygons])
    assert shapely.symmetric_difference(drawn, shape).area < 1e-6


@pytest.mark.shared
def test_the_shipped_sheets_are_what_the_meshes_give() -> None:
    """Drawing again gives the shipped files byte for byte."""
    for view, text in draw_fields(load_body(MESHES)).items():
        assert (asset_folder() / "1" / f"{view}.fields.svg").read_text(encoding="utf-8") == text, view


@pytest.mark.shared
def test_missing_meshes_are_named() -> None:
    """Without the meshes that a rule needs, drawing stops and says which."""
    meshes = [mesh for mesh in load_body(MESHES) if mesh.name != "rib_7"]
    with pytest.raises(ValueError, match="rib_7"):
        draw_fields(meshes)
