"""The letters of the patient's sides on a view, R and L or what the language has, with the side in words below."""

from collections.abc import Sequence

from bodymap.charting.terms import Side
from bodymap.rendering.crowd import Extents
from bodymap.rendering.lettering import wrap
from bodymap.rendering.placed import Panel, Xy
from bodymap.rendering.scene import Node, Text, paint
from bodymap.rendering.theme import Theme
from bodymap.rendering.wording import Wording

# What the data attribute says, whatever the language.
_DATA: dict[Side, str] = {"left": "L", "right": "R"}
_NEAR, _FAR, _FAR_IN_CORNER = 22.0, 10.0, 12.0
_WORDS, _STEP, _ROOM = 8.5, 9.4, 90.0


def letters(panel: Panel, frame: tuple[float, float, float], theme: Theme, wording: Wording) -> list[Node]:
    """On the viewer's sides where they belong; on side views which side is seen. `frame` is the view's."""
    x, y, scale = frame
    top = y + 52 * scale
    (first, words, _), (second, others, far) = _sides(panel, wording)
    if panel.view in ("posterior", "anterior"):
        near, other = wrap(words, _WORDS, _ROOM), wrap(others, _WORDS, _ROOM)
        spots = (x + 212 * scale, top), (x + 488 * scale, top)
    else:
        # Another view may stand close by: the words share what is between the letter and the edge with its own.
        room = 2 * (32 * scale + 8)
        near, other = wrap(words, _WORDS, room), wrap(others, _WORDS, room)
        across = x + (328 if panel.view == "left" else 32) * scale
        spots = (across, top), (across, top + 32 + (len(near) - 1) * _STEP)
    size = _FAR if far else _NEAR
    return [
        *_letter(first, spots[0], _NEAR, near, theme, wording),
        *_letter(second, spots[1], size, other, theme, wording),
    ]


def corner_letters(panel: Panel, page: Extents, taken: Sequence[Extents], theme: Theme, wording: Wording) -> list[Node]:
    """The letters of a part of a view, in its corners: above, or below where a mark stands there."""
    nodes: list[Node] = []
    for (side, words, far), x in zip(_sides(panel, wording), (page.left + 24, page.right - 24), strict=True):
        lines = wrap(words, _WORDS, 46)
        under = 3 + len(lines) * _STEP
        heights = [page.top + 26, page.bottom - under - 4]
        free = [y for y in heights if not any(Extents(x - 23, y - 20, x + 23, y + under).touches(b) for b in taken)]
        at = x, (free or heights)[0]
        nodes += _letter(side, at, _FAR_IN_CORNER if far else _NEAR, lines, theme, wording)
    return nodes


def _sides(panel: Panel, wording: Wording) -> tuple[tuple[Side, str, bool], tuple[Side, str, bool]]:
    """(side, words, whether it is the far one): the one at the viewer's left first, on side views the near one."""
    seen: tuple[Side, Side] = ("left", "right") if panel.view in ("posterior", "left") else ("right", "left")
    if panel.view in ("posterior", "anterior"):
        return (seen[0], wording.letter_side(seen[0]), False), (seen[1], wording.letter_side(seen[1]), False)
    return (seen[0], wording.near_side(seen[0]), False), (seen[1], wording.far_side, True)


def _letter(side: Side, at: Xy, size: float, lines: Sequence[str], theme: Theme, wording: Wording) -> list[Node]:
    colour = theme.ink if size == _NEAR else theme.muted
    ink = paint(font_size=size, font_weight="bold", text_anchor="middle", fill=colour)
    small = paint(font_size=_WORDS, text_anchor="middle", fill=theme.muted)
    return [
        Text(*at, wording.letter(side), ink, (("letter", _DATA[side]),)),
        *(Text(at[0], at[1] + 11 + place * _STEP, line, small) for place, line in enumerate(lines)),
    ]
