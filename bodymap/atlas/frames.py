"""Millimetres on a view and millimetres in the body, and back.

Body frame: X to the subject's left, Y up, Z forward. A point on a view is (x, y), x to the viewer's right, y down.
Every atlas version so far has the same frames; the loader refuses one that does not.
"""

from bodymap.atlas.manifest import Frame, Side, ViewId

FRAMES: dict[ViewId, Frame] = {
    "posterior": Frame(u0=-350.0, v0=-1730.0),
    "anterior": Frame(u0=-350.0, v0=-1730.0),
    "left": Frame(u0=-190.0, v0=-1730.0),
    "right": Frame(u0=-170.0, v0=-1730.0),
}
SIZES: dict[ViewId, tuple[float, float]] = {
    "posterior": (700.0, 970.0),
    "anterior": (700.0, 970.0),
    "left": (360.0, 970.0),
    "right": (360.0, 970.0),
}
OPPOSITE: dict[ViewId, ViewId] = {
    "posterior": "posterior",
    "anterior": "anterior",
    "left": "right",
    "right": "left",
}
# Up to this far from the midline a place lies on both halves of the body.
MIDLINE_MM = 2.0
# Page u is the body coordinate across the view times this: -X, X, -Z, Z.
_SIGN: dict[ViewId, float] = {"posterior": -1.0, "anterior": 1.0, "left": -1.0, "right": 1.0}


def to_body(view: ViewId, x: float, y: float) -> tuple[float, float]:
    """(X, Y) of a point on posterior or anterior, (Z, Y) of a point on left or right, in body millimetres."""
    frame = FRAMES[view]
    return _SIGN[view] * (x + frame.u0), -(y + frame.v0)


def to_page(view: ViewId, across: float, up: float) -> tuple[float, float]:
    """The point on the view where (X, Y), on side views (Z, Y), is seen: the inverse of `to_body`."""
    frame = FRAMES[view]
    return _SIGN[view] * across - frame.u0, -up - frame.v0


def mirror(view: ViewId, x: float, y: float) -> tuple[ViewId, float, float]:
    """The mirror image of a place on the body's other half: on the mirrored view, for a side view the opposite one."""
    return OPPOSITE[view], SIZES[view][0] - x, y


def on_midline(view: ViewId, x: float) -> bool:
    """Whether a point of a view lies on the midline, where nothing has a side that nobody stated; on side views never.

    That is within 2 mm of it, which is less than a finger can tell.
    """
    return view in ("posterior", "anterior") and abs(x - SIZES[view][0] / 2) <= MIDLINE_MM


def side_of(view: ViewId, x: float, y: float) -> Side:
    """The patient's side that a point on a view lies on, `midline` within 2 mm of it; on side views the view's own."""
    if view in ("left", "right"):
        return "left" if view == "left" else "right"
    if on_midline(view, x):
        return "midline"
    return "left" if to_body(view, x, y)[0] > 0 else "right"


def contains(view: ViewId, x: float, y: float) -> bool:
    """Whether the point lies on the view's page. False for NaN."""
    width, height = SIZES[view]
    return 0.0 <= x < width and 0.0 <= y < height
