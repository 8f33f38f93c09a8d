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


# Heights on the whole of a view, in millimetres, where nothing of the body lies beside the head: the first that no mark
# and no leader takes.
_HEIGHTS = (52.0, 26.0, 84.0, 112.0, 140.0, 168.0)

Leader = tuple[Xy, Xy]


def letters(
    panel: Panel,
    frame: tuple[float, float, float],
    taken: Sequence[Extents],
    leaders: Sequence[Leader],
    theme: Theme,
    wording: Wording,
) -> list[Node]:
    """On the viewer's sides where they belong; on side views which side is seen. `frame` is the view's; `taken` and
    `leaders` are what they keep clear of."""
    x, y, scale = frame
    (first, words, _), (second, others, far) = _sides(panel, wording)
    if panel.view in ("posterior", "anterior"):
        near, other = wrap(words, _WORDS, _ROOM), wrap(others, _WORDS, _ROOM)
        columns = x + 212 * scale, x + 488 * scale
        low = 3 + max(len(near), len(other)) * _STEP
        boxes = [[Extents(a - 24, y + h * scale - 18, a + 24, y + h * scale + low) for a in columns] for h in _HEIGHTS]
        free = [h for h, pair in zip(_HEIGHTS, boxes, strict=True) if all(_clear(b, taken, leaders) for b in pair)]
        top = y + (free or _HEIGHTS)[0] * scale
        spots = (columns[0], top), (columns[1], top)
    else:
        # Another view may stand close by: the words share what is between the letter and the edge with its own.
        room = 2 * (32 * scale + 8)
        near, other = wrap(words, _WORDS, room), wrap(others, _WORDS, room)
        across = x + (328 if panel.view == "left" else 32) * scale
        top = y + 52 * scale
        spots = (across, top), (across, top + 32 + (len(near) - 1) * _STEP)
    size = _FAR if far else _NEAR
    return [
        *_letter(first, spots[0], _NEAR, near, theme, wording),
        *_letter(second, spots[1], size, other, theme, wording),
    ]


def corner_letters(
    panel: Panel,
    page: Extents,
    taken: Sequence[Extents],
    leaders: Sequence[Leader],
    theme: Theme,
    wording: Wording,
    small: bool,
) -> list[Node]:
    """The letters of a part of a view, at its edges: above, or as far below as marks and leaders push them; `small`
    ones without words."""
    nodes: list[Node] = []
    half = 9.0 if small else 23.0
    for (side, words, far), x in zip(
        _sides(panel, wording), (page.left + half + 1, page.right - half - 1), strict=True
    ):
        lines = [] if small else wrap(words, _WORDS, 46)
        under = 3 + len(lines) * _STEP
        size = _FAR_IN_CORNER if far or small else _NEAR
        over = size * 0.9
        first, last = page.top + over + 4, page.bottom - under - 4
        heights = [first, last, *(first + (last - first) * step / 6 for step in range(1, 6))]
        free = [y for y in heights if _clear(Extents(x - half, y - over, x + half, y + under), taken, leaders)]
        nodes += _letter(side, (x, (free or heights)[0]), size, lines, theme, wording, cased=True)
    return nodes


def _clear(box: Extents, taken: Sequence[Extents], leaders: Sequence[Leader]) -> bool:
    return not any(box.touches(other) for other in taken) and not any(box.cut_by(*leader) for leader in leaders)


def _sides(panel: Panel, wording: Wording) -> tuple[tuple[Side, str, bool], tuple[Side, str, bool]]:
    """(side, words, whether it is the far one): the one at the viewer's left first, on side views the near one."""
    seen: tuple[Side, Side] = ("left", "right") if panel.view in ("posterior", "left") else ("right", "left")
    if panel.view in ("posterior", "anterior"):
        return (seen[0], wording.letter_side(seen[0]), False), (seen[1], wording.letter_side(seen[1]), False)
    return (seen[0], wording.near_side(seen[0]), False), (seen[1], wording.far_side, True)


def _letter(
    side: Side, at: Xy, size: float, lines: Sequence[str], theme: Theme, wording: Wording, cased: bool = False
) -> list[Node]:
    """A letter with its words; `cased` where lines of the drawing may run under it."""
    colour = theme.ink if size == _NEAR else theme.muted
    ink = paint(font_size=size, font_weight="bold", text_anchor="middle", fill=colour)
    case = paint(stroke=theme.paper, stroke_width=3, stroke_linejoin="round")
    small = paint(font_size=_WORDS, text_anchor="middle", fill=theme.muted)
    return [
        *([Text(*at, wording.letter(side), (*ink, *case))] if cased else []),
        Text(*at, wording.letter(side), ink, (("letter", _DATA[side]),)),
        *(Text(at[0], at[1] + 11 + place * _STEP, line, small) for place, line in enumerate(lines)),
    ]
