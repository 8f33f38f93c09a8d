"""What a caller can ask of a chart, and what is printed on one without being kept."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.atlas.manifest import Arm, Detail
from bodymap.charting.vocabulary import Name
from bodymap.errors import Complaint
from bodymap.words import Language

IdPrefix = Annotated[
    str,
    Meta(
        pattern="^[A-Za-z][A-Za-z0-9_-]{0,31}\\Z",
        description="Goes before every id, so that several charts can stand inline in one page.",
    ),
]
ViewChoice = Literal["auto", "posterior", "anterior", "left", "right"]
LayerChoice = Literal["auto", "superficial", "intermediate", "deep", "deepest"]
Focus = Literal["full", "neck", "shoulder", "upper-back", "lower-back", "auto"]
ThemeId = Literal["clinical", "print", "patient", "contrast", "dark", "own"]
Labels = Literal["callouts", "numbers", "none"]
PageSize = Literal["a4", "letter"]


class PictureOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What can be asked of every picture. `width` is in pixels."""

    theme: Annotated[ThemeId, Meta(description="The colours and strokes; `own` is the clinic's.")] = "clinical"
    lang: Annotated[Language, Meta(description="The language of what is written on it.")] = "en"
    width: Annotated[int, Meta(ge=160, le=4000, description="Pixels, 160 to 4,000.")] = 800
    id_prefix: IdPrefix | None = None


class ChartOptions(PictureOptions, frozen=True, kw_only=True):
    """How a chart is drawn. `view=auto` draws every view with placements; `layer=auto` the
    layer that most treated muscles are in, of two with as many the outer one. `width` is in pixels."""

    view: Annotated[ViewChoice, Meta(description="The view to draw; `auto` draws every view with placements.")] = "auto"
    layer: Annotated[
        LayerChoice, Meta(description="The layer to draw; `auto` is the one that most treated muscles are in.")
    ] = "auto"
    focus: Annotated[Focus, Meta(description="The part of the body to draw; `auto` is where the placements are.")] = (
        "auto"
    )
    labels: Annotated[Labels, Meta(description="How marks are labelled.")] = "callouts"
    legend: Annotated[bool, Meta(description="Whether a legend is drawn.")] = True
    detail: Annotated[Detail, Meta(description="Whether the plate is plain or shaded.")] = "shaded"
    arm: Annotated[Arm, Meta(description="Whether the side views have the arm.")] = "hidden"


class SessionChartOptions(ChartOptions, frozen=True, kw_only=True):
    """How the chart of one session is drawn. `referral` dots the areas where sources say that pain is felt from the
    treated muscles; not in a thumbnail, and not for patients."""

    referral: Annotated[bool, Meta(description="Whether areas are dotted where sources say that the pain is felt.")] = (
        False
    )


class PrintOptions(SessionChartOptions, frozen=True, kw_only=True):
    """The options of a chart and the paper size of its PDF, `a4` by default. No other format has a `page`."""

    page: Annotated[PageSize | None, Meta(description="The paper size of a PDF; `a4` where it is absent.")] = None


class PrintedHeader(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """Who the patient is, printed on a chart that is drawn without being stored, and kept nowhere."""

    name: Name | None = None
    birth_date: Name | None = None
    mrn: Name | None = None
    clinic: Name | None = None


def check_theme(theme: ThemeId, has_own_theme: bool) -> list[Complaint]:
    """One complaint where a clinic's own theme is asked for and there is none."""
    if theme != "own" or has_own_theme:
        return []
    detail = "There is no theme of this clinic here: BODYMAP_THEME_FILE or --theme-file names its file."
    return [Complaint("?theme", "no-theme-file", detail)]
