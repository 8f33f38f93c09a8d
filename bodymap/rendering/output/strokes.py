"""A scene as operators of a PDF page: what PDF and PNG have in common.

Coordinates stay the scene's, y down; whoever opens the page turns it over once. What a page needs beside its operators
(faces with their glyphs, opacities) is gathered in `Needs`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import cos, radians, sin

from bodymap.rendering.faces import Face
from bodymap.rendering.output.outlines import box, circle, outline, short
from bodymap.rendering.output.typesetting import Run, SetLine, set_line
from bodymap.rendering.scene import Box, Circle, Fragment, Group, Hatch, Line, Node, Path, Scene, Text, Window

Matrix = tuple[float, float, float]
"""Move by (x, y) after scaling."""

_TAG = re.compile(r"<(/?)(\w+)([^>]*?)(/?)>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
_HERE: Matrix = (0.0, 0.0, 1.0)
_INK: dict[str, str] = {"fill": "#000", "stroke": "none", "stroke-width": "1", "font-size": "16"}
_CAPS = {"butt": "0", "round": "1", "square": "2"}
_JOINS = {"miter": "0", "round": "1", "bevel": "2"}
_TURNS = {"slanted": 45.0, "level": 90.0, "dots": 45.0}


@dataclass
class Needs:
    """What operators refer to: glyphs by face, with what they stand for, and opacities by their names."""

    glyphs: dict[Face, dict[int, str]] = field(default_factory=dict)
    opacities: dict[tuple[float, float], str] = field(default_factory=dict)
    lacking: set[str] = field(default_factory=set)

    def face(self, face: Face) -> str:
        """The name of a face on the page."""
        self.glyphs.setdefault(face, {})
        return f"F{list(self.glyphs).index(face)}"

    def opacity(self, fill: float, stroke: float) -> str:
        """The name of a state with these opacities."""
        return self.opacities.setdefault((fill, stroke), f"A{len(self.opacities)}")


class Recorder:
    """Takes nodes down as operators. `hatches` are the scene's patterns, by id.

    `finest` is the thinnest stroke that the page's viewer draws, in units of the page: a thinner one is drawn as wide
    and paler, as it would look.
    """

    def __init__(self, needs: Needs, hatches: Mapping[str, Hatch], finest: float = 0.0) -> None:
        self.needs = needs
        self.parts: list[bytes] = []
        self._hatches = hatches
        self._finest = finest

    @property
    def operators(self) -> bytes:
        """Everything taken down so far."""
        return b"\n".join(self.parts)

    def scene(self, scene: Scene) -> None:
        """A whole scene."""
        self.nodes(scene.nodes, {**_INK, **dict(scene.paint)})

    def nodes(self, nodes: Sequence[Node], ink: Mapping[str, str] = _INK) -> None:
        """Nodes in the paint that they inherit."""
        for node in nodes:
            self.node(node, ink)

    def node(self, node: Node, ink: Mapping[str, str]) -> None:
        """One node in the paint that it inherits."""
        match node:
            case Text():
                self._text(node, {**ink, **dict(node.paint)})
            case Circle():
                self._shape(circle(node.x, node.y, node.r), None, {**ink, **dict(node.paint)})
            case Path():
                drawn = outline(node.d)
                self._shape(drawn.operators, drawn.box, {**ink, **dict(node.paint)})
            case Line():
                ends = f"{short(node.x1)} {short(node.y1)} m\n{short(node.x2)} {short(node.y2)} l"
                self._shape(ends.encode("ascii"), None, {**ink, **dict(node.paint), "fill": "none"})
            case Box():
                extents = (node.x, node.y, node.x + node.width, node.y + node.height)
                drawn_box = box(node.x, node.y, node.width, node.height, node.r)
                self._shape(drawn_box, extents, {**ink, **dict(node.paint)})
            case Fragment():
                self._fragment(node.markup, ink)
            case Group():
                self._framed(node.frame or _HERE, node.children, {**ink, **dict(node.paint)})
            case Window():
                left, top, width, height = node.shown
                scale = min(node.width / width, node.height / height)
                self.parts.append(b"q")
                self.parts.append(box(node.x, node.y, node.width, node.height) + b" W n")
                self._framed((node.x - left * scale, node.y - top * scale, scale), node.children, ink)
                self.parts.append(b"Q")

    def _framed(self, frame: Matrix, children: Sequence[Node], ink: Mapping[str, str]) -> None:
        if frame == _HERE:
            self.nodes(children, ink)
            return
        x, y, scale = frame
        self.parts.append(f"q\n{scale:.6g} 0 0 {scale:.6g} {short(x)} {short(y)} cm".encode("ascii"))
        self._finest /= scale
        self.nodes(children, ink)
        self._finest *= scale
        self.parts.append(b"Q")

    def _fragment(self, markup: str, ink: Mapping[str, str]) -> None:
        """Markup that this package made: groups and paths."""
        inks = [dict(ink)]
        for closing, tag, attributes, _ in _TAG.findall(markup):
            if closing:
                if tag == "g":
                    inks.pop()
                continue
            given = _attributes(attributes)
            if tag == "g":
                inks.append({**inks[-1], **given})
            elif tag == "path":
                drawn = outline(given["d"])
                self._shape(drawn.operators, drawn.box, {**inks[-1], **given})

    def _shape(
        self, operators: bytes, extents: tuple[float, float, float, float] | None, ink: Mapping[str, str]
    ) -> None:
        fill, stroke = ink.get("fill", "none"), ink.get("stroke", "none")
        hatch = self._hatch(fill)
        filled = fill != "none" and hatch is None
        stroked = stroke != "none" and float(ink.get("stroke-width", "1")) > 0
        thin = min(1.0, float(ink.get("stroke-width", "1")) / self._finest) if self._finest and stroked else 1.0
        opacity = float(ink.get("fill-opacity", "1")), round(float(ink.get("stroke-opacity", "1")) * thin, 3)
        if hatch is not None and extents is not None:
            self._hatched(operators, extents, hatch, opacity[0])
        if not filled and not stroked:
            return
        clear = (opacity[0] < 1 and filled) or (opacity[1] < 1 and stroked)
        parts = ["q"] if clear or stroked else []
        if clear:
            parts.append(f"/{self.needs.opacity(*opacity)} gs")
        if filled:
            parts.append(colour(fill, "rg"))
        if stroked:
            parts += _stroking(ink)
        rule = "*" if ink.get("fill-rule") == "evenodd" else ""
        self.parts.append("\n".join(parts).encode("ascii"))
        if filled and stroked and not clear:
            self.parts.append(operators + f"\nB{rule}".encode("ascii"))
        else:
            if filled:
                self.parts.append(operators + f"\nf{rule}".encode("ascii"))
            if stroked:
                self.parts.append(operators + b"\nS")
        if clear or stroked:
            self.parts.append(b"Q")

    def _hatch(self, fill: str) -> Hatch | None:
        return self._hatches.get(fill[5:-1]) if fill.startswith("url(#") else None

    def _hatched(
        self, operators: bytes, extents: tuple[float, float, float, float], hatch: Hatch, opacity: float
    ) -> None:
        """A pattern as lines and dots of its own, cut off at the shape: as sharp as the rest, in every viewer."""
        self.parts.append(b"q\n" + operators + b"\nW n")
        ground = dict(hatch.ground)
        ground["fill-opacity"] = str(float(ground.get("fill-opacity", "1")) * opacity)
        left, top, right, bottom = extents
        self._shape(box(left, top, right - left, bottom - top), None, {"stroke": "none", **ground})
        ink = dict(hatch.ink)
        for name in ("fill-opacity", "stroke-opacity"):
            ink[name] = str(float(ink.get(name, "1")) * opacity)
        turn = radians(_TURNS[hatch.pattern])
        along, across = (cos(turn), sin(turn)), (-sin(turn), cos(turn))
        corners = [(x, y) for x in (left, right) for y in (top, bottom)]
        us = [x * along[0] + y * along[1] for x, y in corners]
        vs = [x * across[0] + y * across[1] for x, y in corners]
        step = hatch.step
        columns = range(int(min(us) // step) - 1, int(max(us) // step) + 2)
        if hatch.pattern == "dots":
            rows = range(int(min(vs) // step) - 1, int(max(vs) // step) + 2)
            dots = [((i + 0.5) * step, (j + 0.5) * step) for i in columns for j in rows]
            spots = [(u * along[0] + v * across[0], u * along[1] + v * across[1]) for u, v in dots]
            drawn = b"\n".join(circle(x, y, round(step / 5, 2)) for x, y in spots)
            self._shape(drawn, None, {"stroke": "none", **ink})
        else:
            # A tile cuts the half of a line off that stands over its edge.
            wide = float(ink.get("stroke-width", "1"))
            off = wide / 4 if hatch.pattern == "slanted" else round(step / 2, 2)
            ink["stroke-width"] = str(wide / 2 if hatch.pattern == "slanted" else wide)
            lines = []
            for i in columns:
                u = i * step + off
                ends = [(u * along[0] + v * across[0], u * along[1] + v * across[1]) for v in (min(vs), max(vs))]
                (x1, y1), (x2, y2) = ends
                lines.append(f"{short(x1)} {short(y1)} m {short(x2)} {short(y2)} l")
            self._shape("\n".join(lines).encode("ascii"), None, {"fill": "none", **ink})
        self.parts.append(b"Q")

    def _text(self, text: Text, ink: Mapping[str, str]) -> None:
        size = float(ink.get("font-size", "16"))
        line = set_line(text.text, ink.get("font-weight") == "bold")
        if not line.runs:
            return
        wide = line.width * size / 1000
        x = text.x - {"middle": wide / 2, "end": wide}.get(ink.get("text-anchor", "start"), 0.0)
        self.line(line, x, text.y, size, ink)

    def line(self, line: SetLine, x: float, y: float, size: float, ink: Mapping[str, str]) -> None:
        """A line of text, set, from (x, y)."""
        parts = ["BT", colour(ink.get("fill", "#000"), "rg")]
        stroked = ink.get("stroke", "none") != "none"
        if stroked:
            parts = ["q", *_stroking(ink), *parts, "2 Tr"]
        self.parts.append("\n".join(parts).encode("ascii"))
        at = x
        for run in line.runs:
            self._run(run, at, y, size, line.squeezed)
            at += run.width * size * line.squeezed / 1000
        self.parts.append(b"ET\nQ" if stroked else b"ET")

    def _run(self, run: Run, x: float, y: float, size: float, squeezed: float) -> None:
        known = self.needs.glyphs.setdefault(run.face, {})
        for glyph in run.glyphs:
            if glyph.text or glyph.id not in known:
                known[glyph.id] = known.get(glyph.id) or ("" if run.lacking else glyph.text.replace("\u00a0", " "))
        if run.lacking:
            self.needs.lacking.update(run.text)
        told = f"/Span <</ActualText <{(chr(0xFEFF) + run.text).encode('utf-16-be').hex()}>>> BDC" if run.told else ""
        begin = f"/{self.needs.face(run.face)} {short(size)} Tf\n{squeezed:.4g} 0 0 -1 {short(x)} {short(y)} Tm"
        self.parts.append("\n".join(part for part in (told, begin) if part).encode("ascii"))
        self.parts.append(_shown(run, size).encode("ascii"))
        if told:
            self.parts.append(b"EMC")


def _shown(run: Run, size: float) -> str:
    """Glyphs with what a font's own advances do not say: offsets of accents, and shaping's changes."""
    parts: list[str] = []
    codes = ""
    for glyph in run.glyphs:
        if glyph.dy or glyph.dx:
            parts.append(f"<{codes}>" if codes else "")
            rise = f"] TJ {short(glyph.dy * size / 1000)} Ts [" if glyph.dy else ""
            back = "] TJ 0 Ts [" if glyph.dy else ""
            parts.append(f"{rise}{short(-glyph.dx)} <{glyph.id:04x}> {short(glyph.dx)}{back}")
            codes = ""
        else:
            codes += f"{glyph.id:04x}"
        extra = run.face.advance(glyph.id) - glyph.advance
        if abs(extra) > 0.5:
            parts.append(f"<{codes}>" if codes else "")
            parts.append(short(extra))
            codes = ""
    parts.append(f"<{codes}>" if codes else "")
    return "[" + " ".join(part for part in parts if part) + "] TJ"


@lru_cache(maxsize=8192)
def _attributes(text: str) -> dict[str, str]:
    return dict(_ATTRIBUTE.findall(text))


@lru_cache(maxsize=512)
def colour(value: str, operator: str) -> str:
    """#rgb or #rrggbb as the operator that takes it up."""
    digits = value.removeprefix("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return " ".join([*(short(channel) for channel in channels), operator])


def _stroking(ink: Mapping[str, str]) -> list[str]:
    parts = [colour(ink["stroke"], "RG"), f"{short(float(ink.get('stroke-width', '1')))} w"]
    if "stroke-linecap" in ink:
        parts.append(f"{_CAPS[ink['stroke-linecap']]} J")
    if "stroke-linejoin" in ink:
        parts.append(f"{_JOINS[ink['stroke-linejoin']]} j")
    dashes = ink.get("stroke-dasharray", "none")
    if dashes != "none":
        parts.append(f"[{dashes.replace(',', ' ')}] 0 d")
    return parts
