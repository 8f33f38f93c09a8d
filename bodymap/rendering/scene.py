"""The few things that a picture is made of, once everything has been decided.

Coordinates are in the unit of the enclosing group, y down. Nothing here knows of SVG, of the atlas or of records; the
order of children is the order of painting.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

Paint = tuple[tuple[str, str], ...]
"""SVG presentation attributes by their names, sorted: equal paints are equal values."""


@lru_cache(maxsize=4096)
def paint(**attributes: str | float) -> Paint:
    """A paint from keywords: `stroke_width=1.5` becomes `stroke-width="1.5"`."""
    return tuple(sorted((name.replace("_", "-"), number(value)) for name, value in attributes.items()))


def number(value: str | float) -> str:
    """A number as every picture writes it: two decimals at most, no exponent, no minus zero."""
    if isinstance(value, str):
        return value
    text = f"{value:.2f}"
    if text.endswith("00"):
        text = text[:-3]
    elif text.endswith("0"):
        text = text[:-1]
    return "0" if text == "-0" else text


def coarse(value: float) -> str:
    """A number with one decimal at most: enough for what only has to look right."""
    text = f"{value:.1f}"
    if text.endswith("0"):
        text = text[:-2]
    return "0" if text == "-0" else text


@dataclass(frozen=True, slots=True)
class Circle:
    x: float
    y: float
    r: float
    paint: Paint = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle with corners of radius `r`."""

    x: float
    y: float
    width: float
    height: float
    r: float = 0
    paint: Paint = ()


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    paint: Paint = ()


@dataclass(frozen=True, slots=True)
class Path:
    """`d` is path data that this project made: it is written as it is."""

    d: str
    paint: Paint = ()
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text on the baseline `y`; `paint` says where `x` lies in it (`text-anchor`)."""

    x: float
    y: float
    text: str
    paint: Paint = ()
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Fragment:
    """SVG prepared beforehand from a plate of the atlas: written as it is."""

    markup: str


@dataclass(frozen=True, slots=True)
class Group:
    """Children that share paint, data attributes (names without `data-`) and a frame: move by (x, y), then scale."""

    children: "Sequence[Node]"
    paint: Paint = ()
    data: tuple[tuple[str, str], ...] = ()
    frame: tuple[float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """Children in a frame of their own, seen through a rectangle of the enclosing group: what lies outside is cut off.

    `shown` is the part of the children's plane that fills the rectangle: its left, top, width and height.
    """

    x: float
    y: float
    width: float
    height: float
    shown: tuple[float, float, float, float]
    children: "Sequence[Node]"
    data: tuple[tuple[str, str], ...] = ()


Pattern = Literal["slanted", "level", "dots"]


@dataclass(frozen=True, slots=True)
class Hatch:
    """A pattern of lines or dots over a ground, to be used as `fill="url(#id)"`. `step` is from one to the next."""

    id: str
    step: float
    ground: Paint
    ink: Paint
    pattern: Pattern = "slanted"


Node = Circle | Box | Line | Path | Text | Fragment | Group | Window


@dataclass(frozen=True, slots=True)
class Scene:
    """A whole picture of `width` by `height` units, shown `pixels` wide. `metadata` is the credit line; `id_prefix`
    goes before every id, `lang` is the language of the words. `data_names` are the data attributes that its readers may
    see: no other is written. None means all."""

    width: float
    height: float
    pixels: int
    title: str
    desc: str
    metadata: str
    nodes: Sequence[Node]
    paint: Paint = ()
    hatches: Sequence[Hatch] = field(default=())
    id_prefix: str = ""
    lang: str = "en"
    data: tuple[tuple[str, str], ...] = ()
    data_names: frozenset[str] | None = None


def only(nodes: Sequence[Node], names: frozenset[str]) -> list[Node]:
    """The nodes with no other data attributes than these."""
    kept: list[Node] = []
    for node in nodes:
        if isinstance(node, Group | Window):
            kept.append(replace(node, children=only(node.children, names), data=_only(node.data, names)))
        elif isinstance(node, Path | Text) and node.data:
            kept.append(replace(node, data=_only(node.data, names)))
        else:
            kept.append(node)
    return kept


def _only(data: tuple[tuple[str, str], ...], names: frozenset[str]) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in data if pair[0] in names)
