"""Millimetres on a view and in the body."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.atlas.frames import SIZES, contains, mirror, to_body, to_page
from bodymap.atlas.manifest import VIEWS, ViewId
from tests.examples import THOROUGHLY

VIEW = st.sampled_from(VIEWS)
MM = st.floats(-1000, 1000, allow_nan=False)


@pytest.mark.parametrize(
    ("view", "body", "page"),
    [
        ("posterior", (60.0, 1440.0), (290.0, 290.0)),
        ("anterior", (60.0, 1440.0), (410.0, 290.0)),
        ("left", (-80.0, 1440.0), (270.0, 290.0)),
        ("right", (-80.0, 1440.0), (90.0, 290.0)),
    ],
)
def test_a_known_place_is_where_the_contract_puts_it(
    view: ViewId, body: tuple[float, float], page: tuple[float, float]
) -> None:
    """u is -x, x, -z, z on the four views, and v is -y, counted from the frame's corner."""
    assert to_page(view, *body) == page
    assert to_body(view, *page) == body


@THOROUGHLY
@given(VIEW, MM, MM)
def test_page_and_body_undo_each_other(view: ViewId, x: float, y: float) -> None:
    """Going to the body and back ends where it began."""
    assert to_page(view, *to_body(view, x, y)) == pytest.approx((x, y))


@given(VIEW, MM, MM)
def test_mirroring_twice_changes_nothing(view: ViewId, x: float, y: float) -> None:
    """The other half of the other half is the same place."""
    assert mirror(*mirror(view, x, y)) == (view, pytest.approx(x), y)


@THOROUGHLY
@given(VIEW, MM, MM)
def test_mirroring_keeps_height_and_swaps_the_side(view: ViewId, x: float, y: float) -> None:
    """Mirrored, X changes its sign, while Z and Y stay."""
    across, up = to_body(view, x, y)
    mirrored_across, mirrored_up = to_body(*mirror(view, x, y))
    assert mirrored_up == up
    assert mirrored_across == pytest.approx(across if view in ("left", "right") else -across)


def test_the_page_ends_at_its_edges() -> None:
    """The first corner is on the page, the far edges and what is no number are not."""
    for view, (width, height) in SIZES.items():
        assert contains(view, 0, 0)
        assert not contains(view, width, 0)
        assert not contains(view, 0, height)
        assert not contains(view, float("nan"), 5)
        assert not contains(view, 5, float("inf"))
