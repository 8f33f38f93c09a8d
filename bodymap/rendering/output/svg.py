"""A scene as SVG. The only module that imports svgwrite.

svgwrite proves that an element and its attributes are SVG, and takes 40 times as long for it as writing a string; it
refuses data-*, and its own ids count up through the whole process. So each primitive is drawn with it once for each
paint, with validation on, and from then on only its numbers and words are put in.
"""

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from hashlib import sha256

from svgwrite.base import BaseElement
from svgwrite.container import SVG
from svgwrite.container import Group as SvgGroup
from svgwrite.path import Path as SvgPath
from svgwrite.pattern import Pattern
from svgwrite.shapes import Circle as SvgCircle
from svgwrite.shapes import Line as SvgLine
from svgwrite.shapes import Rect
from svgwrite.text import Text as SvgText

from bodymap.rendering.faces import has
from bodymap.rendering.scene import (
    Box,
    Circle,
    Fragment,
    Group,
    Hatch,
    Line,
    Node,
    Paint,
    Path,
    Scene,
    Text,
    Window,
    coarse,
    number,
    only,
)
from bodymap.rendering.text_metrics import text_width

# Numbers that no picture holds. Where they stand in a drawn element, values are put in: the first slot is for data
# attributes, the others are numbered as below.
_A, _B, _C, _D, _E = 70001, 70002, 70003, 70004, 70005
_PATH_DATA = f"M{_A} {_B}"
_SHORT = 3
# Ids end with so many digits of the picture's digest, so that two pictures in one page share none.
_DIGEST = 10
_OWN_ID = re.compile(r' id="bm-[a-z-]+|"url\(#bm-[a-z-]+')
_SPECIAL = frozenset('&<>"')
_PROVEN = {"debug": True, "profile": "full"}


def write_svg(scene: Scene) -> bytes:
    """The picture as a standalone SVG document in UTF-8. Equal scenes give equal bytes."""
    size = f'width="{scene.pixels}" height="{round(scene.height * scene.pixels / scene.width)}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(scene.width)} {number(scene.height)}" {size}'
        f' role="img" xml:lang="{scene.lang}" lang="{scene.lang}"{data_attributes(scene.data)}>',
        f"<title>{escape(scene.title)}</title><desc>{escape(scene.desc)}</desc>",
        f"<metadata>{escape(scene.metadata)}</metadata>",
    ]
    if scene.hatches:
        parts += [
            "<defs>",
            *(_hatch(replace(hatch, id=scene.id_prefix + hatch.id)) for hatch in scene.hatches),
            "</defs>",
        ]
    nodes = scene.nodes if scene.data_names is None else only(scene.nodes, scene.data_names)
    _write(Group(nodes, scene.paint), parts, _Type(16, False))
    parts.append("</svg>\n")
    # Text never holds a plain quote once escaped, so these occur in attributes only.
    written = "".join(parts)
    if scene.id_prefix:
        return written.replace('"url(#', f'"url(#{scene.id_prefix}').encode("utf-8")
    digest = sha256(written.encode("utf-8")).hexdigest()[:_DIGEST]
    return _OWN_ID.sub(rf"\g<0>-{digest}", written).encode("utf-8")


def escape(text: str) -> str:
    """Text as XML character data, or as an attribute's value in double quotes."""
    if _SPECIAL.isdisjoint(text):
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


@dataclass(frozen=True, slots=True)
class _Type:
    """The size and weight that text inherits."""

    size: float
    bold: bool

    def under(self, ink: Paint) -> "_Type":
        """The type with what a paint changes of it."""
        if not ink:
            return self
        given = dict(ink)
        bold = given["font-weight"] == "bold" if "font-weight" in given else self.bold
        return _Type(float(given.get("font-size", self.size)), bold)


def _write(node: Node, parts: list[str], type_: _Type) -> None:
    match node:
        case Text():
            x, y, words = coarse(node.x), coarse(node.y), escape(node.text)
            attributes = data_attributes(node.data) + _length(node.text, type_.under(node.paint))
            parts.append(_text(node.paint).format(attributes, x, y, words))
        case Circle():
            parts.append(_circle(node.paint).format("", number(node.x), number(node.y), coarse(node.r)))
        case Path():
            parts.append(_path(node.paint).format(data_attributes(node.data), node.d))
        case Line():
            ends = coarse(node.x1), coarse(node.y1), coarse(node.x2), coarse(node.y2)
            parts.append(_line(node.paint).format("", *ends))
        case Box():
            sizes = coarse(node.width), coarse(node.height), coarse(node.r)
            parts.append(_box(node.paint).format("", coarse(node.x), coarse(node.y), *sizes))
        case Fragment():
            parts.append(node.markup)
        case Group():
            if node.frame is None:
                parts.append(_group(node.paint).format(data_attributes(node.data)))
            else:
                x_, y_, scale = node.frame
                framed = _framed(node.paint).format(data_attributes(node.data), number(x_), number(y_), f"{scale:.6g}")
                parts.append(framed)
            within = type_.under(node.paint)
            for child in node.children:
                _write(child, parts, within)
            parts.append("</g>")
        case Window():
            parts.append(_window(node))
            for child in node.children:
                _write(child, parts, type_)
            parts.append("</svg>")


def _length(text: str, type_: _Type) -> str:
    """How long a line is to be, whatever face the viewer has: as it was measured. A few digits need no such care, and
    of letters that the measuring face lacks only an estimate is known, which text must not be stretched to."""
    if len(text) <= _SHORT or not has(text, type_.bold):
        return ""
    length = coarse(text_width(text, type_.size, type_.bold))
    return f' textLength="{length}" lengthAdjust="spacingAndGlyphs"'


def _window(window: Window) -> str:
    """A nested picture: unlike a clip path it needs no id, and every viewer cuts it off."""
    box = " ".join(number(value) for value in window.shown)
    spots = coarse(window.x), coarse(window.y), coarse(window.width), coarse(window.height)
    return _framed_window().format(data_attributes(window.data), *spots, box)


def data_attributes(pairs: tuple[tuple[str, str], ...]) -> str:
    """Data attributes, each after a space."""
    return "".join([f' data-{name}="{escape(value)}"' for name, value in pairs])


def _given(ink: Paint) -> dict[str, str]:
    return {name.replace("-", "_"): value for name, value in ink}


def _template(element: BaseElement) -> str:
    drawn: str = element.tostring().replace("{", "{{").replace("}", "}}").replace(" />", "/>")
    drawn = drawn.replace(f'd="{_PATH_DATA}"', 'd="{1}"')
    for slot, value in enumerate((_A, _B, _C, _D, _E), start=1):
        drawn = drawn.replace(str(value), f"{{{slot}}}")
    tag = element.elementname
    return drawn.replace(f"<{tag}", f"<{tag}{{0}}", 1)


@cache
def _framed_window() -> str:
    element = SVG(insert=(_A, _B), size=(_C, _D), **_PROVEN)
    element.viewbox(0, 0, 1, 1)
    drawn = _template(element).removesuffix("<defs/></svg>")
    return re.sub(r'viewBox="[^"]*"', 'viewBox="{5}"', drawn)


@lru_cache(maxsize=512)
def _circle(ink: Paint) -> str:
    return _template(SvgCircle((_A, _B), _C, **_PROVEN, **_given(ink)))


@lru_cache(maxsize=512)
def _line(ink: Paint) -> str:
    return _template(SvgLine((_A, _B), (_C, _D), **_PROVEN, **_given(ink)))


@lru_cache(maxsize=512)
def _box(ink: Paint) -> str:
    return _template(Rect((_A, _B), (_C, _D), rx=_E, **_PROVEN, **_given(ink)))


@lru_cache(maxsize=512)
def _path(ink: Paint) -> str:
    return _template(SvgPath(d=_PATH_DATA, **_PROVEN, **_given(ink)))


@lru_cache(maxsize=512)
def _text(ink: Paint) -> str:
    return _template(SvgText(str(_C), insert=(_A, _B), **_PROVEN, **_given(ink)))


@lru_cache(maxsize=512)
def _group(ink: Paint) -> str:
    return _template(SvgGroup(**_PROVEN, **_given(ink))).replace("/>", ">")


@lru_cache(maxsize=512)
def _framed(ink: Paint) -> str:
    element = SvgGroup(**_PROVEN, **_given(ink))
    element.translate(_A, _B)
    element.scale(_C)
    return _template(element).replace("/>", ">")


@lru_cache(maxsize=64)
def _hatch(hatch: Hatch) -> str:
    turned = {"slanted": "rotate(45)", "level": "rotate(90)", "dots": "rotate(45)"}[hatch.pattern]
    pattern = Pattern(
        (0, 0),
        (hatch.step, hatch.step),
        id=hatch.id,
        patternUnits="userSpaceOnUse",
        patternTransform=turned,
        **_PROVEN,
    )
    pattern.add(Rect((0, 0), (hatch.step, hatch.step), **_PROVEN, **_given(hatch.ground)))
    half = round(hatch.step / 2, 2)
    if hatch.pattern == "dots":
        pattern.add(SvgCircle((half, half), round(hatch.step / 5, 2), **_PROVEN, **_given(hatch.ink)))
    else:
        at = 0 if hatch.pattern == "slanted" else half
        pattern.add(SvgLine((at, 0), (at, hatch.step), **_PROVEN, **_given(hatch.ink)))
    drawn: str = pattern.tostring()
    return drawn.replace(" />", "/>")
