"""What a caller can ask of the pictures of a course."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.rendering.options import Focus, IdPrefix, ThemeId, ViewChoice
from bodymap.words import Language


class CourseOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the pictures of a course are drawn. `view=auto` draws every view with placements. `width` is in pixels."""

    view: ViewChoice = "auto"
    focus: Focus = "full"
    theme: ThemeId = "clinical"
    legend: bool = True
    lang: Language = "en"
    width: Annotated[int, Meta(ge=160, le=4000, description="Pixels, 160 to 4,000.")] = 800
    id_prefix: IdPrefix | None = None


class HeatmapOptions(CourseOptions, frozen=True, kw_only=True):
    """How the density of needles is drawn."""


class TimelineOptions(CourseOptions, frozen=True, kw_only=True):
    """How the visits of a course are drawn: the newest `limit` of them, each in the same part of the body.
    `focus=auto` is the part that holds what was done."""

    focus: Focus = "auto"
    labels: Literal["numbers", "none"] = "numbers"
    limit: Annotated[int, Meta(ge=1, le=48, description="How many visits are drawn, the newest: 1 to 48.")] = 12
