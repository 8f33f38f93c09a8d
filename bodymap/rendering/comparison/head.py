"""The head of compared visits: what changed, counted, and the pain of each visit. Three seconds' worth."""

from bodymap.charting.comparison import ComparedVisit
from bodymap.rendering.audience import Audience
from bodymap.rendering.blocks import Block
from bodymap.rendering.frame import Frame
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.scene import Circle, Group, Line, Node, Path, Text, coarse, paint
from bodymap.rendering.text_metrics import BETWEEN, text_width, wrap
from bodymap.rendering.wording.comparison import ComparisonWording

WORST = 10
_ASIDE = 560.0
_COUNT, _ROW = 15.0, 19.0
_VALUES = 64.0


def head(frame: Frame, wording: ComparisonWording, audience: Audience) -> Block:
    """Title and days, whose visits, then what changed beside the pain of each visit, or above it where it is narrow."""
    theme, width = frame.theme, frame.form.inner
    above = frame.head(wording.title, wording.period, wording.facts())
    nodes, y = above.nodes, above.height
    y += 14
    strip = pain(wording, width, theme)
    if strip.nodes and width >= _ASIDE:
        listed = counts(wording, 200.0, audience, stacked=True)
        strip = pain(wording, width - 214, theme)
        nodes += [Group(listed.nodes, frame=(0, y, 1.0)), Group(strip.nodes, frame=(214, y, 1.0))]
        return Block(nodes, y + max(listed.height, strip.height))
    listed = counts(wording, width, audience, stacked=False)
    nodes.append(Group(listed.nodes, frame=(0, y, 1.0)))
    y += listed.height
    if strip.nodes:
        nodes.append(Group(strip.nodes, frame=(0, y + 8, 1.0)))
        y += strip.height + 8
    return Block(nodes, y)


def counts(wording: ComparisonWording, width: float, audience: Audience, *, stacked: bool, words: bool = True) -> Block:
    """New, kept and gone with their marks, one below the other or in lines."""
    nodes: list[Node] = []
    ink = paint(font_size=_COUNT, font_weight="bold")
    x, y = 0.0, 10.0
    for change, count, label in wording.counts():
        text = label if words else str(count)
        wide = 28 + text_width(text, _COUNT, bold=True)
        if x and (stacked or x + wide > width):
            x, y = 0.0, y + 25
        mark = audience.sample(change, 8)
        nodes.append(Group([mark, Text(18, 5.4, text, ink)], data=(("count", change),), frame=(x + 10, y, 1.0)))
        x += wide + (22 if words else 8)
    return Block(nodes, y + 12)


def pain(wording: ComparisonWording, width: float, theme: Theme) -> Block:
    """The pain before and after each visit on a scale from 0 to 10, a line a visit; nothing where none was stated."""
    visits = wording.comparison.sessions
    stated = any(visit.pain_before is not None or visit.pain_after is not None for visit in visits)
    if not stated:
        return Block([], 0)
    names = [BETWEEN.join(part for part in (wording.days[v.id], wording.visit_status(v)) if part) for v in visits]
    left = min(max(text_width(name, 10.5, bold=True) for name in names), 0.42 * width) + 16
    right = width - _VALUES
    nodes: list[Node] = [*_key(wording, left, right, theme)]
    y = 15.0
    for place, (visit, name) in enumerate(zip(visits, names, strict=True)):
        y += _ROW if place else 14
        last = place == len(visits) - 1
        [line] = wrap(name, 10.5, left - 8, last, most=1)
        weight = {"font_weight": "bold"} if last else {}
        nodes.append(Text(0, y + 3.6, line, paint(font_size=10.5, **weight)))
        nodes += _scale(visit, y, left, right, theme)
        scores = wording.pain_in_words(visit.pain_before, visit.pain_after)
        size = min(11.5, 11.5 * (_VALUES - 12) / max(text_width(scores, 11.5, bold=True), 1)) if scores else 9
        ink = {"font_weight": "bold"} if scores else {"fill": theme.muted}
        text = scores or wording.compared.pain_unknown
        if not scores:
            size = min(9.0, 9.0 * (_VALUES - 12) / text_width(text, 9))
        nodes.append(Text(width, y + 3.8, text, paint(font_size=round(size, 1), text_anchor="end", **ink)))
    y += 16
    small = paint(font_size=8, fill=theme.muted, text_anchor="middle")
    nodes += [Text(_at(score, left, right), y, str(score), small) for score in (0, 5, WORST)]
    return Block(nodes, y + 4)


def _key(wording: ComparisonWording, left: float, right: float, theme: Theme) -> list[Node]:
    """What is scaled, and which end of a line is which."""
    words, muted = wording.compared, paint(font_size=9.2, fill=theme.muted)
    nodes: list[Node] = [Text(0, 9, words.pain, paint(font_size=9.2, fill=theme.muted, font_weight="bold"))]
    x = max(left, text_width(words.pain, 9.2, bold=True) + 14)
    nodes += [_before(x + 5, 6, theme), Text(x + 14, 9, words.before, muted)]
    x += 14 + text_width(words.before, 9.2) + 16
    return [*nodes, _after(x + 3, 6, theme), Text(x + 10, 9, words.after, muted)]


def _scale(visit: ComparedVisit, y: float, left: float, right: float, theme: Theme) -> list[Node]:
    ticks = "".join(f"M{coarse(_at(score, left, right))} {coarse(y - 3)}v6" for score in range(WORST + 1))
    axis = paint(fill="none", stroke=theme.hairline, stroke_width=1)
    nodes: list[Node] = [Path(f"M{coarse(left)} {coarse(y)}H{coarse(right)}{ticks}", axis)]
    before, after = visit.pain_before, visit.pain_after
    if before is not None and after is not None:
        ends = _at(before, left, right), y, _at(after, left, right), y
        nodes.append(Line(*ends, paint(stroke=theme.mark, stroke_width=2.4)))
    nodes += [_before(_at(before, left, right), y, theme)] if before is not None else []
    nodes += [_after(_at(after, left, right), y, theme)] if after is not None else []
    return nodes


def _at(score: float, left: float, right: float) -> float:
    return left + 6 + (right - left - 18) * score / WORST


def _before(x: float, y: float, theme: Theme) -> Circle:
    return Circle(x, y, 4.8, paint(fill=theme.halo, stroke=theme.mark, stroke_width=1.6))


def _after(x: float, y: float, theme: Theme) -> Circle:
    return Circle(x, y, 3.2, paint(fill=theme.mark))
