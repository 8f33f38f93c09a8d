"""What was measured before and after each visit, over time: a curve of pain, and one of each other measure."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bodymap.charting.session import Session, occurred_at
from bodymap.rendering.blocks import Block
from bodymap.rendering.course.sheet import CourseSheet
from bodymap.rendering.scene import Box, Circle, Group, Line, Node, Path, Text, coarse, paint
from bodymap.rendering.text_metrics import clean, text_width
from bodymap.words import catalogue

Xy = tuple[float, float]
_PAIN_TALL, _MEASURE_TALL = 96.0, 56.0
_AXIS = 20.0
_NEAREST = 15.0
_MOST_CROWDED = 6.0
_MOST_SCORES = 30
_DOT = 3.4
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500)


def has_pain(visits: Sequence[Session]) -> bool:
    """Whether any of the visits has a score."""
    return any(visit.pain_before is not None or visit.pain_after is not None for visit in visits)


@dataclass(frozen=True)
class Series:
    """Values before and after each visit of a course, None where there is none; `ticks` are the values that the grid
    names, the lowest and the highest of the scale first and last."""

    heading: str
    before: tuple[float | None, ...]
    after: tuple[float | None, ...]
    ticks: tuple[float, ...]
    tall: float


def pain_series(sheet: CourseSheet) -> Series:
    """The pain scores."""
    visits = sheet.course.visits
    before = tuple(visit.pain_before for visit in visits)
    return Series(sheet.words.curve, before, tuple(visit.pain_after for visit in visits), (0, 5, 10), _PAIN_TALL)


def measure_series(sheet: CourseSheet) -> list[Series]:
    """What else was measured, each by its name, side and unit, in the order in which it first comes."""
    visits, sides = sheet.course.visits, catalogue(sheet.options.lang).chart.sides
    by_visit = [{(one.name, one.side, one.unit): one for one in visit.measures} for visit in visits]
    found: list[Series] = []
    for name, side, unit in dict.fromkeys(measure for measures in by_visit for measure in measures):
        measured = [measures.get((name, side, unit)) for measures in by_visit]
        before = tuple(one.before if one is not None else None for one in measured)
        after = tuple(one.after if one is not None else None for one in measured)
        heading = ", ".join(part for part in (clean(name), sides[side] if side else "", clean(unit)) if part)
        found.append(Series(heading, before, after, _ends((*before, *after)), _MEASURE_TALL))
    return found


def _ends(values: Sequence[float | None]) -> tuple[float, ...]:
    """The lowest and the highest value, or room around a value that is the only one."""
    stated = [value for value in values if value is not None]
    low, high = min(stated), max(stated)
    return (low, high) if low < high else (low - 1, high + 1)


def curve(sheet: CourseSheet, drawn: int, series: Series) -> Block:
    """The curve over all visits of a course; the last `drawn` ones, which are drawn below, are marked."""
    visits, theme = sheet.course.visits, sheet.theme
    width = sheet.inner
    nodes, top = _heading(sheet, series.heading, width)
    top += 14
    bottom = top + series.tall
    low, high = series.ticks[0], series.ticks[-1]
    labels = [sheet.wording.number(tick) for tick in series.ticks]
    axis = max(_AXIS, max(text_width(label, 9) for label in labels) + 8)
    xs = _places(visits, axis + 14, width - 14)

    def at(x: float, value: float) -> Xy:
        return x, round(bottom - series.tall * (value - low) / (high - low), 2)

    if drawn < len(visits):
        left = xs[-drawn] - 7
        band = paint(fill=theme.hairline, fill_opacity=0.35)
        nodes.append(Box(round(left, 1), top - 6, round(width - left, 1), series.tall + 12, 0, band))
    grid = paint(stroke=theme.hairline, stroke_width=0.8)
    small = paint(font_size=9, fill=theme.muted, text_anchor="end")
    for tick, label in zip(series.ticks, labels, strict=True):
        y = at(0, tick)[1]
        nodes += [Line(axis, y, width, y, grid), Text(axis - 6, y + 3.2, label, small)]
    before = [at(x, value) if value is not None else None for x, value in zip(xs, series.before, strict=True)]
    after = [at(x, value) if value is not None else None for x, value in zip(xs, series.after, strict=True)]
    gap = min((b - a for a, b in pairwise(xs)), default=width)
    dot = max(1.1, min(_DOT, gap / 2.6))
    drops = (
        []
        if gap < _MOST_CROWDED
        else [(a, b) for a, b in zip(before, after, strict=True) if a is not None and b is not None and a != b]
    )
    d = "".join(f"M{coarse(a[0])} {coarse(a[1])}V{coarse(b[1])}" for a, b in drops)
    if d:
        nodes.append(Path(d, paint(fill="none", stroke=theme.muted, stroke_width=1)))
    thin = min(1.5, dot / 1.6)
    for line, dashes in ((before, {}), (after, {"stroke_dasharray": "4 2.5"})):
        d = _line(line)
        if d:
            nodes.append(Path(d, paint(fill="none", stroke=theme.mark, stroke_width=thin, **dashes)))
    nodes += _dots(before, dot, hollow=True, sheet=sheet) + _dots(after, dot, hollow=False, sheet=sheet)
    if len(visits) <= _MOST_SCORES and gap >= 12:
        nodes += _scores(sheet, series, before, after)
    foot, height = _numbers(sheet, xs, bottom)
    return Block([*nodes, *foot], height)


def _heading(sheet: CourseSheet, heading: str, width: float) -> tuple[list[Node], float]:
    theme, words = sheet.theme, sheet.words
    nodes: list[Node] = [Text(0, 10.5, heading, paint(font_size=10.5, font_weight="bold"))]
    size, x, y = 9.2, text_width(heading, 10.5, bold=True) + 22, 10.5
    entries = ((words.curve_before, True, ""), (words.curve_after, False, "4 2.5"))
    if x + sum(42 + text_width(label, size) for label, *_ in entries) > width:
        x, y = 0.0, 25.0
    for label, hollow, dashes in entries:
        dashed = {"stroke_dasharray": dashes} if dashes else {}
        nodes.append(Line(x, y - 3.4, x + 22, y - 3.4, paint(stroke=theme.mark, stroke_width=1.5, **dashed)))
        nodes += _dots([(x + 11, y - 3.4)], _DOT, hollow=hollow, sheet=sheet)
        nodes.append(Text(x + 28, y, label, paint(font_size=size, fill=theme.muted)))
        x += 42 + text_width(label, size)
    return nodes, y


def _places(visits: Sequence[Session], left: float, right: float) -> list[float]:
    """The places of the visits: to the scale of time, with a minimum distance."""
    if len(visits) == 1:
        return [round((left + right) / 2, 1)]
    moments = [occurred_at(visit) for visit in visits]
    whole = (moments[-1] - moments[0]).total_seconds()
    far = right - left
    apart = min(_NEAREST, far / (len(visits) - 1))
    shares = [(moment - moments[0]).total_seconds() / whole if whole else 0.0 for moment in moments]
    xs = [left + far * share for share in shares]
    for place in range(1, len(xs)):
        xs[place] = max(xs[place], xs[place - 1] + apart)
    xs[-1] = min(xs[-1], right)
    for place in range(len(xs) - 2, -1, -1):
        xs[place] = min(xs[place], xs[place + 1] - apart)
    return [round(x, 1) for x in xs]


def _line(points: Sequence[Xy | None]) -> str:
    """From score to score; where a visit has none the line is broken."""
    parts: list[str] = []
    for one, other in pairwise(points):
        if one is not None and other is not None:
            parts.append(f"M{coarse(one[0])} {coarse(one[1])}L{coarse(other[0])} {coarse(other[1])}")
    return "".join(parts)


def _dots(points: Sequence[Xy | None], radius: float, *, hollow: bool, sheet: CourseSheet) -> list[Node]:
    theme = sheet.theme
    fill = {"fill": theme.paper, "stroke": theme.mark, "stroke_width": min(1.5, radius / 1.6)}
    ink = paint(**fill) if hollow else paint(fill=theme.mark)
    size = radius if hollow else radius + 0.4
    return [Circle(point[0], point[1], size, ink) for point in points if point is not None]


def _scores(sheet: CourseSheet, series: Series, before: Sequence[Xy | None], after: Sequence[Xy | None]) -> list[Node]:
    """The scores at their dots: the higher one above, the lower one below."""
    bottom = max(y for points in (before, after) for point in points if point for y in point[1:])
    scored: list[tuple[float, float, str]] = []
    for one, other, *values in zip(before, after, series.before, series.after, strict=True):
        scores = ((one, values[0]), (other, values[1]))
        both = [(point, score) for point, score in scores if point and score is not None]
        if len(both) == 2 and both[0][1] == both[1][1]:
            both = both[:1]
        both.sort(key=lambda entry: entry[0][1])
        for place, ((x, y), score) in enumerate(both):
            low = place == 1 and y <= bottom
            scored.append((x, y + 13.5 if low else y - 6.5, sheet.wording.number(score)))
    theme = sheet.theme
    shared = {"font_size": 9.5, "font_weight": "bold", "text_anchor": "middle"}
    case = paint(stroke=theme.paper, stroke_width=2.6, stroke_linejoin="round", fill=theme.paper, **shared)
    ink = paint(fill=theme.ink, **shared)
    cased: list[Node] = [Text(x, y, score) for x, y, score in scored]
    return [Group(cased, case), Group([Text(x, y, score) for x, y, score in scored], ink)]


def _numbers(sheet: CourseSheet, xs: Sequence[float], bottom: float) -> tuple[list[Node], float]:
    """The visits' numbers below the curve, as many as there is room for, and the first and the last day."""
    theme = sheet.theme
    middle = paint(font_size=9.5, font_weight="bold", text_anchor="middle")
    y = bottom + 26
    labels = next(chosen for step in _STEPS if _apart(chosen := _every(step, xs)) or step == _STEPS[-1])
    nodes: list[Node] = [Text(x, y, str(number), middle) for number, x in labels]
    first_day, last_day = (sheet.wording.day(occurred_at(sheet.course.visits[place])) for place in (0, -1))
    small = paint(font_size=9.2, fill=theme.muted)
    end = paint(font_size=9.2, fill=theme.muted, text_anchor="end")
    nodes.append(Text(_AXIS, y + 13, first_day, small))
    if len(xs) > 1 and first_day != last_day:
        nodes.append(Text(sheet.inner, y + 13, last_day, end))
    return nodes, y + 18


def _every(step: int, xs: Sequence[float]) -> list[tuple[int, float]]:
    """The first visit and each that is a multiple of the step, with its place."""
    return [(number, x) for number, x in enumerate(xs, 1) if number == 1 or number % step == 0]


def _apart(numbers: Sequence[tuple[int, float]]) -> bool:
    halves = [(x, text_width(str(number), 9.5, bold=True) / 2) for number, x in numbers]
    return all(b - b_half - a - a_half >= 5 for (a, a_half), (b, b_half) in pairwise(halves))
