"""The letters of the patient's sides on a view, R and L or what the language has, with the side in words below."""

from collections.abc import Iterator, Sequence
from itertools import chain

from bodymap.charting.vocabulary import Side
from bodymap.rendering.boxes import Extents
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.panels import Panel, Xy
from bodymap.rendering.scene import Node, Text, paint
from bodymap.rendering.text_metrics import wrap
from bodymap.rendering.wording.wording import Wording

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
    small: bool = False,
) -> list[Node]:
    """On the viewer's sides where they belong; on side views which side is seen. `frame` is the view's; `taken` and
    `leaders` are what they keep clear of; in a `small` picture they have no words."""
    x, y, scale = frame
    (first, words, _), (second, others, far) = _sides(panel, wording)
    if panel.view in ("posterior", "anterior"):
        near, other = ([], []) if small else (wrap(words, _WORDS, _ROOM), wrap(others, _WORDS, _ROOM))
        columns = x + 212 * scale, x + 488 * scale
        low = 3 + max(len(near), len(other)) * _STEP
        boxes = [[Extents(a - 24, y + h * scale - 18, a + 24, y + h * scale + low) for a in columns] for h in _HEIGHTS]
        free = [h for h, pair in zip(_HEIGHTS, boxes, strict=True) if all(_clear(b, taken, leaders) for b in pair)]
        top = y + (free or _HEIGHTS)[0] * scale
        spots = (columns[0], top), (columns[1], top)
    else:
        # Another view may be close: its words share the room between the letter and the edge.
        room = 2 * (32 * scale + 8)
        near, other = ([], []) if small else (wrap(words, _WORDS, room), wrap(others, _WORDS, room))
        across = x + (328 if panel.view == "left" else 32) * scale
        top = y + 52 * scale
        spots = (across, top), (across, top + (32 if near else 18) + max(len(near) - 1, 0) * _STEP)
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
    for at, (side, words, far) in enumerate(_sides(panel, wording)):
        lines = [] if small else wrap(words, _WORDS, 46)
        size = _FAR_IN_CORNER if far or small else _NEAR
        # A letter that has no such place is drawn small, without words, wherever there is one.
        smaller = _FAR_IN_CORNER
        large = [(spot, size, lines) for spot in _at_edge(page, at == 1, size, lines, 1, 7)]
        other = ((spot, smaller, list[str]()) for spot in _at_edge(page, at == 1, smaller, [], 6, 24))
        free = (place for place in chain(large, other) if _clear(_letter_box(*place), taken, leaders))
        spot, each, written = next(free, large[0])
        nodes += _letter(side, spot, each, written, theme, wording, cased=True)
    return nodes


def _at_edge(page: Extents, right: bool, size: float, lines: Sequence[str], columns: int, rows: int) -> Iterator[Xy]:
    """Places for a letter along the left or the right edge: above first, then below, then between."""
    first, last = page.top + size * 0.9 + 4, page.bottom - 7 - len(lines) * _STEP
    heights = [first, last, *(first + (last - first) * step / (rows - 1) for step in range(1, rows - 1))]
    half = _half(size, lines)
    for column in range(columns):
        inwards = half + 1 + column * 2 * half
        for y in heights:
            yield (page.right - inwards if right else page.left + inwards), y


def _half(size: float, lines: Sequence[str]) -> float:
    """Half of how wide a letter with its words is at most."""
    return 23.0 if lines else size * 0.7


def _letter_box(at: Xy, size: float, lines: Sequence[str]) -> Extents:
    half = _half(size, lines)
    return Extents(at[0] - half, at[1] - size * 0.9, at[0] + half, at[1] + 3 + len(lines) * _STEP)


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
