"""The letters of the patient's sides on a view, R and L or what the language has, with the side in words below."""

from collections.abc import Sequence

from bodymap.charting.terms import Side
from bodymap.rendering.crowd import Extents
from bodymap.rendering.placed import Panel, Xy
from bodymap.rendering.scene import Node, Text, paint
from bodymap.rendering.theme import Theme
from bodymap.rendering.wording import Wording

# What the data attribute says, whatever the language.
_DATA: dict[Side, str] = {"left": "L", "right": "R"}
_NEAR, _FAR, _FAR_IN_CORNER = 22.0, 10.0, 12.0


def letters(panel: Panel, frame: tuple[float, float, float], theme: Theme, wording: Wording) -> list[Node]:
    """On the viewer's sides where they belong; on side views which side is seen. `frame` is the view's."""
    x, y, scale = frame
    (first, words, _), (second, others, far) = _sides(panel, wording)
    if panel.view in ("posterior", "anterior"):
        spots = (x + 212 * scale, y + 52 * scale), (x + 488 * scale, y + 52 * scale)
    else:
        across = x + (328 if panel.view == "left" else 32) * scale
        spots = (across, y + 52 * scale), (across, y + 52 * scale + 32)
    size = _FAR if far else _NEAR
    return _letter(first, spots[0], _NEAR, words, theme, wording) + _letter(
        second, spots[1], size, others, theme, wording
    )


def corner_letters(panel: Panel, page: Extents, taken: Sequence[Extents], theme: Theme, wording: Wording) -> list[Node]:
    """The letters of a part of a view, in its corners: above, or below where a mark stands there."""
    nodes: list[Node] = []
    for (side, words, far), x in zip(_sides(panel, wording), (page.left + 24, page.right - 24), strict=True):
        heights = [page.top + 26, page.bottom - 18]
        free = [y for y in heights if not any(Extents(x - 22, y - 20, x + 22, y + 14).touches(box) for box in taken)]
        at = x, (free or heights)[0]
        nodes += _letter(side, at, _FAR_IN_CORNER if far else _NEAR, words, theme, wording)
    return nodes


def _sides(panel: Panel, wording: Wording) -> tuple[tuple[Side, str, bool], tuple[Side, str, bool]]:
    """(side, words, whether it is the far one): the one at the viewer's left first, on side views the near one."""
    seen: tuple[Side, Side] = ("left", "right") if panel.view in ("posterior", "left") else ("right", "left")
    if panel.view in ("posterior", "anterior"):
        return (seen[0], wording.letter_side(seen[0]), False), (seen[1], wording.letter_side(seen[1]), False)
    return (seen[0], wording.near_side(seen[0]), False), (seen[1], wording.far_side, True)


def _letter(side: Side, at: Xy, size: float, words: str, theme: Theme, wording: Wording) -> list[Node]:
    colour = theme.ink if size == _NEAR else theme.muted
    ink = paint(font_size=size, font_weight="bold", text_anchor="middle", fill=colour)
    small = paint(font_size=8.5, text_anchor="middle", fill=theme.muted)
    nodes: list[Node] = [Text(*at, wording.letter(side), ink, (("letter", _DATA[side]),))]
    return [*nodes, Text(at[0], at[1] + 11, words, small)] if words else nodes
