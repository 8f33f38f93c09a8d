"""What a line of needles is called: by its kind, the part of the body and the nearest landmark, never by the muscles
that its needles happen to cross."""

import re
from collections import Counter

from bodymap.atlas import Atlas
from bodymap.atlas.landmarks import Nearest
from bodymap.atlas.local_names import landmark_phrase, region_name
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement
from bodymap.rendering.regions import find_region, region_of
from bodymap.rendering.treated import is_line
from bodymap.words import Language, catalogue

_LEVEL = re.compile(r"([CTLS])[0-9]+")
_AREAS = {"C": "neck", "T": "upper-back", "L": "lower-back", "S": "lower-back"}


def line_name(atlas: Atlas, line: RecordedPerimeter, lang: Language) -> str:
    """As in "Ring of 12, lower back": by the level of the spine where that is nearest, else by the region's part of the
    body."""
    book = catalogue(lang)
    name = book.form.counted(len(line.needles), book.chart.ring if line.ring is not None else book.chart.outline)
    near, region = _nearest(atlas, line), region_of(atlas, line)
    level = _LEVEL.fullmatch(near.landmark.id) if near is not None else None
    area = _AREAS[level[1]] if level is not None else region.group if region is not None else None
    return f"{name}, {book.chart.areas[area]}" if area is not None else name


def line_landmark(atlas: Atlas, placement: RecordedPlacement, lang: Language) -> str:
    """What a finger finds near the middle of a line, as in "near L5"; empty for what is no line."""
    near = _nearest(atlas, placement) if is_line(placement) else None
    if near is None:
        return ""
    book = catalogue(lang)
    return book.form.within(book.chart.near.format(landmark=landmark_phrase(atlas, near.landmark.id, lang)))


def crossed(atlas: Atlas, placement: RecordedPlacement, lang: Language) -> str:
    """The muscles under the needles of a line, those of most needles first; empty for what is no line."""
    if not isinstance(placement, RecordedPerimeter) or not is_line(placement):
        return ""
    counts = Counter(needle.region for needle in placement.needles if needle.region is not None)
    regions = (find_region(atlas, name) for name, _ in counts.most_common())
    names = dict.fromkeys(region_name(region, lang) for region in regions if region is not None)
    return catalogue(lang).chart.crosses.format(names=", ".join(names)) if names else ""


def _nearest(atlas: Atlas, line: RecordedPlacement) -> Nearest | None:
    at, view, side = line.resolved.at, line.resolved.view, line.resolved.side
    if at is None or view is None:
        return None
    return atlas.landmarks.nearest(view, *at, side if side in ("left", "right") else None)
