"""What a print sheet is set from: the values that every template needs, and pictures for it."""

from collections.abc import Mapping, Sequence
from typing import Any

from bodymap.rendering.faces import lacking_in
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.options import PageSize
from bodymap.rendering.output.stamp import BAND, Stamp
from bodymap.rendering.output.svg import write_svg
from bodymap.rendering.scene import Hatch, Node, Scene
from bodymap.rendering.text_metrics import text_width
from bodymap.words import Language, catalogue

SIZES: Mapping[PageSize, tuple[float, float]] = {"a4": (595.28, 841.89), "letter": (612.0, 792.0)}
SIDE = 40.0
"""How wide the margins at the sides are, in points."""

_STAMP_SIZE = 8.5


def frame(
    *,
    size: PageSize,
    lang: Language,
    theme: Theme,
    heading: str,
    title: str,
    date: str,
    whose: Sequence[str],
    identity: Sequence[str],
    foot: Sequence[str],
    credit: str,
    stamp: Stamp | None = None,
) -> dict[str, Any]:
    """What stands on every page, and how it looks. `heading` is the title that the file carries."""
    sentence = stamp.sentence if stamp is not None else ""
    room = SIZES[size][0] - 2 * SIDE
    return {
        "paper": SIZES[size],
        "lang": lang,
        "ground": theme.paper,
        "ink": theme.ink,
        "muted": theme.muted,
        "hairline": theme.hairline,
        "band": BAND,
        "heading": heading,
        "title": title,
        "date": date,
        "whose": whose,
        "identity": identity,
        "foot": " ".join(part for part in foot if part),
        "credit": credit,
        "stamp": sentence,
        "stamp-size": min(_STAMP_SIZE, _STAMP_SIZE * room / text_width(sentence, _STAMP_SIZE, True)) if sentence else 0,
        "page": catalogue(lang).sheet.page,
    }


def drawing(
    nodes: Sequence[Node], size: tuple[float, float], theme: Theme, hatches: Sequence[Hatch] = ()
) -> dict[str, Any]:
    """Nodes as a picture of their own, with how large it is; nothing where there are none."""
    width, height = size
    if not nodes or not height:
        return {"svg": "", "width": width, "height": height}
    scene = Scene(width, height, max(1, round(width)), "", "", "", nodes, theme.page, hatches)
    return {"svg": write_svg(scene).decode(), "width": width, "height": height}


def notice(data: Mapping[str, Any], lang: Language) -> str:
    """How many letters of all that is set no font has; empty where every one is there."""
    count = len(lacking_in(repr(data)))
    return catalogue(lang).sheet.lacking.format(n=count) if count else ""
