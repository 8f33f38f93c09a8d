"""Referral areas as dotted shading: where sources say that pain is felt from the treated muscles.

They are drawn when asked for, and never without the text about their evidence: who reviewed them,
and the grades of the sources. A line of needles around a place has no muscle of its own and adds none.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bodymap.atlas import Atlas
from bodymap.atlas.local_names import area_name
from bodymap.atlas.manifest import Side
from bodymap.atlas.outlines import Outline
from bodymap.charting.placement import RecordedPlacement, RecordedTriggerPoint
from bodymap.rendering.blocks import Block
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.options import ChartOptions, SessionChartOptions
from bodymap.rendering.panels import Panel
from bodymap.rendering.regions import find_region, region_of, sides_of
from bodymap.rendering.scene import Box, Group, Hatch, Node, Path, Text, number, paint
from bodymap.rendering.text_metrics import wrap
from bodymap.rendering.wording.wording import Wording

REFERRAL_ID = "bm-referral"
_STEP, _SIZE = 4.2, 9.2
_MOST_LISTED = 12


@dataclass(frozen=True)
class Referred:
    """What sources say of one treated muscle on one side: the areas, the grades of the sources, whether a clinician has
    reviewed all of it."""

    region: str
    side: Side
    areas: tuple[str, ...]
    grades: tuple[str, ...]
    reviewed: bool


def referred(atlas: Atlas, placements: Sequence[RecordedPlacement], options: ChartOptions) -> tuple[Referred, ...]:
    """The treated muscles with what sources say of them, in the order of their numbers; nothing unless asked for."""
    if not (isinstance(options, SessionChartOptions) and options.referral):
        return ()
    muscles: dict[tuple[str, Side], Referred] = {}
    for placement in sorted(placements, key=lambda placement: placement.number):
        region = region_of(atlas, placement)
        if region is None or placement.status == "not-done" or not isinstance(placement, RecordedTriggerPoint):
            continue
        entries = [entry for entry in atlas.trigger_points.of_region(region.id) if entry.referral]
        areas = tuple(dict.fromkeys(area for entry in entries for area in entry.referral))
        grades = tuple(sorted({source.grade for entry in entries for source in entry.sources}))
        reviewed = all(entry.review.state == "confirmed" for entry in entries)
        for side in sides_of(placement):
            muscles.setdefault((region.id, side), Referred(region.id, side, areas, grades, reviewed))
    return tuple(muscles.values())


def shade(atlas: Atlas, panels: Sequence[Panel], muscles: Sequence[Referred]) -> None:
    """Give each panel the areas that lie on what it shows."""
    for panel in panels:
        drawn = [_outline(atlas, panel, area, one.side) for one in muscles for area in one.areas]
        panel.referral = tuple({outline.d: outline for outline in drawn if outline is not None}.values())


def _outline(atlas: Atlas, panel: Panel, area_id: str, side: Side) -> Outline | None:
    outline = atlas.referral.outline(panel.view, area_id, side)
    if outline is None or (atlas.referral.get(area_id).arm and atlas.arm(panel.view, panel.arm) == "hidden"):
        return None
    left, top, right, bottom = outline.bounds
    shown = panel.window
    return outline if left < shown.right and right > shown.left and top < shown.bottom and bottom > shown.top else None


def dotted(panel: Panel, theme: Theme, scale: float) -> list[Node]:
    """The areas of a panel, in its millimetres."""
    ink = paint(
        fill=f"url(#{REFERRAL_ID})",
        stroke=theme.mark,
        stroke_width=0.9 / scale,
        stroke_dasharray=f"{number(0.9 / scale)} {number(2.6 / scale)}",
        stroke_linecap="round",
    )
    return [Path(outline.d, ink) for outline in panel.referral]


def referral_hatch(muscles: Sequence[Referred], theme: Theme, scale: float) -> tuple[Hatch, ...]:
    """The dots where there are areas; `scale` is chart units a millimetre."""
    return (referral_dots(theme, scale),) if muscles else ()


def referral_dots(theme: Theme, scale: float) -> Hatch:
    """The dots, without a background."""
    return Hatch(REFERRAL_ID, round(_STEP / scale, 2), paint(fill="none"), paint(fill=theme.mark), "dots")


def referral_lines(
    atlas: Atlas, muscles: Sequence[Referred], panels: Sequence[Panel], wording: Wording, most: int | None = None
) -> list[str]:
    """The meaning of the shading, its review, and what sources say of each muscle, of at most `most` muscles."""
    words = wording.referral_words
    if not muscles or words is None:
        return []
    lines = [words.explained, *([] if all(one.reviewed for one in muscles) else [words.not_reviewed]), words.grades]
    by_region: dict[str, list[Referred]] = {}
    for one in muscles:
        by_region.setdefault(one.region, []).append(one)
    for region_id, sides in list(by_region.items())[:most]:
        region = find_region(atlas, region_id)
        if region is None:
            continue
        muscle = wording.region_on_side(region, "both" if len(sides) > 1 else sides[0].side)
        areas = _named(atlas, sides[0].areas, wording)
        sentence = words.muscle if areas else words.none_said
        grade = words.grade.format(grades=", ".join(sides[0].grades))
        lines.append(f"{sentence.format(muscle=muscle, areas=areas, grade=grade)}.")
    if most is not None and len(by_region) > most:
        lines.append(f"{wording.counted(len(by_region) - most, words.further)}.")
    missing = [
        area
        for area in dict.fromkeys(area for one in muscles for area in one.areas)
        if not any(_outline(atlas, p, area, one.side) for p in panels for one in muscles if area in one.areas)
    ]
    if missing:
        lines.append(f"{words.elsewhere.format(areas=_named(atlas, missing, wording))}.")
    return lines


def _named(atlas: Atlas, areas: Sequence[str], wording: Wording) -> str:
    return ", ".join(wording.within(area_name(atlas, area, wording.lang)) for area in areas)


def referral_legend(
    atlas: Atlas,
    muscles: Sequence[Referred],
    panels: Sequence[Panel],
    width: float,
    theme: Theme,
    wording: Wording,
    scale: float,
) -> Block:
    """The legend of the shading for a picture with views at `scale`: a sample with the lines of `referral_lines`."""
    lines = referral_lines(atlas, muscles, panels, wording, _MOST_LISTED)
    words = wording.referral_words
    if not lines or words is None:
        return Block([], 0)
    ink = paint(fill=f"url(#{REFERRAL_ID})", stroke=theme.mark, stroke_width=0.8 / scale)
    swatch = Group([Box(0, 0, 14 / scale, 10 / scale, 1.5 / scale, ink)], frame=(0, 1.5, scale))
    nodes: list[Node] = [swatch, Text(20, 10, words.key, paint(font_size=10, font_weight="bold"))]
    y = 12.0
    texts: list[Node] = []
    bold = paint(font_weight="bold", fill=theme.ink)
    for line in lines:
        strong = line == words.not_reviewed
        for part in wrap(line, _SIZE, width - 20, bold=strong):
            y += 12
            texts.append(Text(20, y, part, bold if strong else ()))
        y += 1.5
    return Block([*nodes, Group(texts, paint(font_size=_SIZE, fill=theme.muted))], y + 4)
