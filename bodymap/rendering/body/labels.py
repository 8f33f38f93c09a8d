"""The callouts of a view: what each says, where it stands beside the body, and its leader."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from bodymap.atlas.frames import SIZES, on_midline
from bodymap.charting.placement import RecordedPlacement
from bodymap.rendering.boxes import Extents
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.marks.callouts import Column, Edge, Standing, Wanted, stand
from bodymap.rendering.marks.leaders import Leader, Tied, crossed, hidden, lead
from bodymap.rendering.marks.placement_marks import Anchor
from bodymap.rendering.panels import Panel
from bodymap.rendering.scene import Group, Node, Path, Text, coarse, paint
from bodymap.rendering.text_metrics import text_width, wrap, wrap_facts
from bodymap.rendering.wording.wording import Wording

MOST_CALLOUTS = 30
"""The most callouts on one view. With more, only numbers are drawn, and the table has the rest."""

_NAME, _FACT, _NAME_STEP, _FACT_STEP = 11.0, 10.0, 13.4, 12.6
_NUMBER = 12.0
NUMBER_WIDTH = 24.0
_TIE = 6.6
_GAP = 8.0
_FORMS = ("full", "short", "name", "grouped")


@dataclass(frozen=True)
class Label:
    """A callout in its place: its box, the number of the mark that its leader meets and all that it speaks of, and its
    leader from the text to the mark."""

    number: int
    numbers: tuple[int, ...]
    box: Extents
    leader: Leader


@dataclass(frozen=True)
class Margin:
    """Where callouts of a view may stand: its columns, how wide the texts may be, the middle of the view, and the marks
    with what each covers, all on the page."""

    columns: tuple[Column, ...]
    room: float
    middle: float
    marks: tuple[tuple[int, Extents], ...]


@dataclass(frozen=True)
class _Written:
    """One callout before it has a place. `lines` are (text, size, kind), `beside` whether the number stands before
    them."""

    numbers: tuple[int, ...]
    number_text: str
    beside: bool
    lines: tuple[tuple[str, float, str], ...]
    edge: Edge | None
    anchor: Anchor
    key: int

    @property
    def height(self) -> float:
        return sum(_FACT_STEP if kind == "fact" else _NAME_STEP for _, _, kind in self.lines)


def edge_of(panel: Panel, placement: RecordedPlacement) -> Edge | None:
    """The edge of a view where a callout belongs: that of the patient's side. None where it may stand on either: for
    what lies on the midline or on both sides, and on side views."""
    if panel.view not in ("posterior", "anterior"):
        return None
    at = next((at for point, at in panel.points if point is placement), None)
    if at is not None:
        return None if on_midline(panel.view, at[0]) else "left" if at[0] < SIZES[panel.view][0] / 2 else "right"
    side = placement.resolved.side or placement.side
    if side not in ("left", "right"):
        return None
    return side if panel.view == "posterior" else "left" if side == "right" else "right"


def edges_of(panel: Panel) -> set[Edge]:
    """The edges of a view that its callouts need."""
    edges = {edge_of(panel, placement) for placement in panel.placements}
    return {edge for edge in edges if edge is not None} or ({"left", "right"} if panel.placements else set())


def call_out(
    panel: Panel, anchors: dict[int, Anchor], margin: Margin, wording: Wording, theme: Theme
) -> tuple[list[Label], list[Node]]:
    """The callouts of the placements with an anchor (on the page), in the fullest form that fits; alike ones share one
    where there are too many. Nothing where not even that fits."""
    placements = [placement for placement in panel.placements if placement.number in anchors]
    for form in _FORMS:
        written = _grouped(panel, placements, anchors, margin.room, wording, form)
        if len(written) > MOST_CALLOUTS:
            continue
        for gap in (_GAP, _GAP / 2):
            settled = _settled(written, margin, gap)
            if settled is not None:
                return _drawn(settled, {each.key: each for each in written}, theme)
    return [], []


def _grouped(
    panel: Panel,
    placements: Sequence[RecordedPlacement],
    anchors: dict[int, Anchor],
    room: float,
    wording: Wording,
    form: str,
) -> list[_Written]:
    groups: dict[object, list[RecordedPlacement]] = {}
    for placement in placements:
        alike = wording.place_name(placement), wording.side_name(placement)
        groups.setdefault(alike if form == "grouped" else placement.number, []).append(placement)
    return [_write(panel, group, anchors, room, wording, form) for group in groups.values()]


def _write(
    panel: Panel,
    group: Sequence[RecordedPlacement],
    anchors: dict[int, Anchor],
    room: float,
    wording: Wording,
    form: str,
) -> _Written:
    first, edge = group[0], edge_of(panel, group[0])
    name, side = wording.place_name(first), wording.side_name(first)
    facts = wording.short_facts(first, panel.layer_elsewhere(first)) if len(group) == 1 else []
    numbers = tuple(placement.number for placement in group)
    text = _ranges(numbers)
    beside = text_width(text, _NUMBER, bold=True) <= NUMBER_WIDTH - 5
    lines: list[tuple[str, float, str]] = []
    if not beside:
        room += NUMBER_WIDTH - 4
        lines += [(line, _NUMBER, "number") for line in wrap(text, _NUMBER, room, bold=True)]
    if form == "full":
        lines += [(line, _NAME, "name") for line in wrap(name, _NAME, room)]
        lines += [(line, _FACT, "fact") for line in wrap_facts([fact for fact in (side, *facts) if fact], _FACT, room)]
    else:
        whole = ", ".join(part for part in (name, side) if part)
        lines += [(line, _NAME, "name") for line in wrap(whole, _NAME, room)]
        lines += [(line, _FACT, "fact") for line in wrap_facts(facts, _FACT, room)[:1] if form == "short"]
    ends = {number: anchors[number] for number in numbers}
    outermost = max if edge == "right" else min
    key = outermost(ends, key=lambda number: (ends[number].x, number))
    return _Written(numbers, text, beside, tuple(lines), edge, ends[key], key)


def _ranges(numbers: Sequence[int]) -> str:
    """As in "1, 3–8"."""
    runs: list[list[int]] = []
    for value in numbers:
        if runs and runs[-1][-1] == value - 1:
            runs[-1].append(value)
        else:
            runs.append([value])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


_Settled = tuple[Sequence[Standing], Sequence[Leader]]


def _settled(written: Sequence[_Written], margin: Margin, gap: float) -> _Settled | None:
    """Every callout in its place with its leader, or None where they do not fit. Where a leader would still pass under
    a mark, its callout changes places with others until none does, or as few as can be."""
    wants = [Wanted(each.key, each.anchor.x, each.anchor.y, each.height, each.edge) for each in written]
    best = _placed(written, wants, margin, gap)
    if best is None:
        return None
    for _ in range(len(written)):
        bad = _faults(written, best, margin)
        if not bad:
            break
        better = (
            (tried, other)
            for tried in _nudged(wants, bad[0])
            if (other := _placed(written, tried, margin, gap)) is not None
            and len(_faults(written, other, margin)) < len(bad)
        )
        found = next(better, None)
        if found is None:
            break
        wants, best = found
    return best


def _placed(written: Sequence[_Written], wants: Sequence[Wanted], margin: Margin, gap: float) -> _Settled | None:
    standing = stand(wants, margin.columns, margin.middle, gap, _TIE)
    if standing is None:
        return None
    ordered = sorted(standing, key=lambda label: label.key)
    anchors = {each.key: each.anchor for each in written}
    tied = [Tied(s.key, s.tie, (anchors[s.key].x, anchors[s.key].y), anchors[s.key].reach) for s in ordered]
    return ordered, lead(tied, margin.marks)


def _faults(written: Sequence[_Written], settled: _Settled, margin: Margin) -> list[int]:
    """The keys of callouts whose leader passes under a mark that is not theirs, or crosses another."""
    own = {each.key: set(each.numbers) for each in written}
    keyed = [(label.key, leader) for label, leader in zip(*settled, strict=True)]
    marks = [(n, Extents(b.left + 1.5, b.top + 1.5, b.right - 1.5, b.bottom - 1.5)) for n, b in margin.marks]
    under = [key for key, leader in keyed if hidden(leader, [box for n, box in marks if n not in own[key]])]
    return [*under, *(a for (a, one), (_, two) in combinations(keyed, 2) if crossed(one, two))]


def _nudged(wants: Sequence[Wanted], key: int) -> Iterator[list[Wanted]]:
    """The wishes with one callout ordered before or after each of its neighbours in turn, the nearest first."""
    moved = next(want for want in wants if want.key == key)
    others = sorted((abs(want.y - moved.y), want.key, want.y) for want in wants if want.key != key)
    for _, _, y in others[:8]:
        for by in (-0.01, 0.01):
            yield [replace(want, y=y + by) if want.key == key else want for want in wants]


def _drawn(settled: _Settled, written: dict[int, _Written], theme: Theme) -> tuple[list[Label], list[Node]]:
    labels: list[Label] = []
    leaders: list[Node] = []
    columns: dict[str, dict[str, list[Node]]] = {
        edge: {"number": [], "name": [], "fact": []} for edge in ("left", "right")
    }
    for label, leader in zip(*settled, strict=True):
        each, outwards = written[label.key], -1 if label.edge == "left" else 1
        data = (("label", " ".join(map(str, each.numbers))),)
        leaders.append(Path(_line(leader), (), (("leader", str(label.key)),)))
        port = label.tie[0] + outwards * 4
        inner = port + outwards * (NUMBER_WIDTH - 4) if each.beside else port
        baseline, widest = label.top - 2.8, 0.0
        if each.beside:
            columns[label.edge]["number"].append(Text(port, baseline + _NAME_STEP, each.number_text, (), data))
        for text, size, kind in each.lines:
            baseline += _FACT_STEP if kind == "fact" else _NAME_STEP
            columns[label.edge][kind].append(Text(inner, baseline, text, (), data if kind == "number" else ()))
            widest = max(widest, text_width(text, size, kind == "number"))
        far = inner + outwards * widest
        box = Extents(min(port, far), label.top, max(port, far), label.top + each.height)
        labels.append(Label(label.key, each.numbers, box, leader))
    casing = "".join(_line(label.leader) for label in labels)
    nodes: list[Node] = [
        Path(casing, paint(fill="none", stroke=theme.paper, stroke_opacity=0.75, stroke_width=2.6)),
        Group(leaders, paint(fill="none", stroke=theme.mark, stroke_width=0.8)),
    ]
    inks = {
        "number": paint(font_size=_NUMBER, font_weight="bold", fill=theme.mark),
        "name": paint(font_size=_NAME),
        "fact": paint(font_size=_FACT, fill=theme.muted),
    }
    for edge, texts in columns.items():
        parts = [Group(nodes_, inks[kind]) for kind, nodes_ in texts.items() if nodes_]
        if parts:
            nodes.append(Group(parts, paint(text_anchor="end" if edge == "left" else "start")))
    return labels, nodes


def _line(leader: Leader) -> str:
    return "M" + "L".join(f"{coarse(x)} {coarse(y)}" for x, y in leader)
