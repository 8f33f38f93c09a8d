"""The options of the pictures of a course."""

from typing import Annotated, Literal

from msgspec import Meta

from bodymap.rendering.options import Focus, PictureOptions, ViewChoice


class CourseOptions(PictureOptions, frozen=True, kw_only=True):
    """How the pictures of a course are drawn. `view=auto` draws every view with placements. `width` is in pixels."""

    view: Annotated[ViewChoice, Meta(description="The view to draw; `auto` draws every view with placements.")] = "auto"
    focus: Annotated[Focus, Meta(description="The part of the body to draw; `auto` is where the placements are.")] = (
        "full"
    )
    legend: Annotated[bool, Meta(description="Whether a legend is drawn.")] = True


class HeatmapOptions(CourseOptions, frozen=True, kw_only=True):
    """How the density of needles is drawn."""


class TimelineOptions(CourseOptions, frozen=True, kw_only=True):
    """How the visits of a course are drawn: the newest `limit` of them, each in the same part of the body.
    `focus=auto` is the part that holds what was done."""

    focus: Annotated[Focus, Meta(description="The part of the body to draw; `auto` is where the placements are.")] = (
        "auto"
    )
    labels: Annotated[Literal["numbers", "none"], Meta(description="How marks are labelled.")] = "numbers"
    limit: Annotated[int, Meta(ge=1, le=48, description="How many visits are drawn, the newest: 1 to 48.")] = 12
