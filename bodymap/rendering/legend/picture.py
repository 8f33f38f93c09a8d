"""The full key of a theme: every mark that a picture can show, with its name and meaning."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Literal

from bodymap.atlas import Atlas
from bodymap.charting.comparison import Change
from bodymap.rendering.audience import Audience, audience_of
from bodymap.rendering.body.referral_areas import REFERRAL_ID, referral_dots
from bodymap.rendering.frame import PAGE, Form, Frame, form_of
from bodymap.rendering.legend.options import KeyOptions
from bodymap.rendering.look.theme import Theme, hatches
from bodymap.rendering.look.theme_file import theme_of
from bodymap.rendering.marks.pen import Pen
from bodymap.rendering.marks.samples import sample_point, sample_ring
from bodymap.rendering.output.text import paragraph, section, title_lines, write_parts
from bodymap.rendering.scene import Box, Circle, Group, Line, Node, Scene, Text, paint
from bodymap.rendering.text_metrics import clean, wrap
from bodymap.rendering.wording.wording import Wording
from bodymap.words.charts import KeyWords

Section = Literal["marks", "muscles", "compared", "picture"]
Entry = Literal[
    "point",
    "twitch",
    "event",
    "serious",
    "crowded",
    "planned",
    "not-done",
    "needle",
    "region",
    "treated",
    "around",
    "below",
    "above",
    "referral",
    "new",
    "kept",
    "gone",
    "earlier",
    "pain",
    "sides",
    "scale",
    "inset",
]
SECTIONS: Mapping[Section, tuple[Entry, ...]] = {
    "marks": ("point", "twitch", "crowded", "planned", "not-done", "needle", "region", "event", "serious"),
    "muscles": ("treated", "around", "below", "above", "referral"),
    "compared": ("new", "kept", "gone", "earlier", "pain"),
    "picture": ("sides", "scale", "inset"),
}
_GLYPH, _LARGER = 78.0, 1.35
_NAME, _TEXT, _GAP = 12.0, 10.5, 12.0


@dataclass(frozen=True)
class _Sheet:
    audience: Audience
    wording: Wording
    words: KeyWords

    @property
    def theme(self) -> Theme:
        return self.audience.theme

    def name(self, entry: Entry) -> str:
        """The name of a mark, as on the pictures."""
        return self.words.names.get(entry) or self._known()[entry]

    def entries(self) -> list[tuple[Section, list[Entry]]]:
        """The marks of this theme by their sections."""
        sections = [(section, [e for e in entries if e in self.words.texts]) for section, entries in SECTIONS.items()]
        return [(section, entries) for section, entries in sections if entries]

    def _known(self) -> Mapping[str, str]:
        compared = self.wording.comparison_words
        return {**self.wording.mark_names(), **compared.labels, "earlier": compared.earlier}


def compose_key(atlas: Atlas, options: KeyOptions, own_theme: Theme | None = None) -> Scene:
    """The scene of the key, in two columns if it is wide enough. Equal input gives an equal scene."""
    key = _sheet(atlas, options, own_theme)
    theme, wording = key.theme, key.wording
    form = form_of(options.width, thumbnails=False)
    frame = Frame(form, theme, wording, options)
    inner = form.inner
    nodes: list[Node] = [Text(form.margin, form.margin + 15, key.words.title, paint(font_size=18, font_weight="bold"))]
    y = form.margin + 24
    for part, entries in key.entries():
        y += 20
        heading = paint(font_size=12.5, font_weight="bold")
        nodes += [
            Text(form.margin, y, key.words.sections[part], heading),
            Line(form.margin, y + 7, form.width - form.margin, y + 7, paint(stroke=theme.hairline, stroke_width=1)),
        ]
        drawn, tall = _columns(key, entries, inner, form)
        nodes.append(Group(drawn, frame=(form.margin, y + 14, 1.0)))
        y += 14 + tall
    spoken = [f"{_begun(key.name(entry))}: {key.words.texts[entry]}" for _, es in key.entries() for entry in es]
    dots = [referral_dots(theme, _LARGER)] if any("referral" in entries for _, entries in key.entries()) else []
    return frame.scene(
        nodes,
        y + 10,
        below=0,
        title=key.words.title,
        desc=" ".join(spoken),
        hatches=(*hatches(theme, _LARGER), *dots),
        on_atlas=False,
    )


def write_key_text(atlas: Atlas, options: KeyOptions) -> bytes:
    """The key in words, in UTF-8, in lines of at most 78 columns."""
    key = _sheet(atlas, options, None)
    parts = [title_lines(key.words.title)]
    for name, entries in key.entries():
        lines = (f"{_begun(key.name(entry))}: {key.words.texts[entry]}" for entry in entries)
        parts.append(section(key.words.sections[name], lines))
    return write_parts([*parts, paragraph(clean(key.wording.credit()))])


def _sheet(atlas: Atlas, options: KeyOptions, own_theme: Theme | None) -> _Sheet:
    audience = audience_of(theme_of(options.theme, own_theme))
    wording = audience.wording(atlas, options.lang)
    return _Sheet(audience, wording, wording.key_words)


def _begun(name: str) -> str:
    return name[:1].upper() + name[1:]


def _columns(key: _Sheet, entries: Sequence[Entry], inner: float, form: Form) -> tuple[list[Node], float]:
    """Entries row by row, and how tall they are together."""
    count = 2 if form is PAGE else 1
    each = (inner - (count - 1) * 24) / count
    nodes: list[Node] = []
    y = 0.0
    for start in range(0, len(entries), count):
        row = [_entry(key, entry, each) for entry in entries[start : start + count]]
        tall = max(height for _, height in row)
        for place, (drawn, height) in enumerate(row):
            nodes.append(Group(drawn, frame=(place * (each + 24), y + (tall - height) / 2, 1.0)))
        y += tall
    return nodes, y


def _entry(key: _Sheet, entry: Entry, width: float) -> tuple[list[Node], float]:
    names = wrap(_begun(key.name(entry)), _NAME, width - _GLYPH, bold=True)
    texts = wrap(key.words.texts[entry], _TEXT, width - _GLYPH)
    written = len(names) * 15 + len(texts) * 13.4
    tall = max(46.0, written + _GAP)
    top = (tall - written) / 2
    bold, muted = paint(font_size=_NAME, font_weight="bold"), paint(font_size=_TEXT, fill=key.theme.muted)
    nodes: list[Node] = [Text(_GLYPH, top + 11 + place * 15, line, bold) for place, line in enumerate(names)]
    under = top + len(names) * 15
    nodes += [Text(_GLYPH, under + 10 + place * 13.4, line, muted) for place, line in enumerate(texts)]
    pen = key.audience.pen(1.0)
    glyph = Group(_GLYPHS[entry](pen, key), pen.shared, frame=((_GLYPH - 14) / 2, tall / 2, _LARGER))
    return [glyph, *nodes], tall


# Each mark around (0, 0), in a field of 46 by 32 units.


def _point(pen: Pen, key: _Sheet) -> list[Node]:
    return pen.disc((0, 0), 8.5, sample_point(1), False)


def _event(pen: Pen, key: _Sheet) -> list[Node]:
    return [*pen.disc((3, 3), 8.5, sample_point(1), False), *pen.alert((-8, -7), "mild")]


def _serious(pen: Pen, key: _Sheet) -> list[Node]:
    return [*pen.disc((3, 3), 8.5, sample_point(1), False), *pen.alert((-8, -7), "serious")]


def _twitch(pen: Pen, key: _Sheet) -> list[Node]:
    return pen.disc((0, 0), 8.5, sample_point(2), True)


def _crowded(pen: Pen, key: _Sheet) -> list[Node]:
    spots = ((-6.0, 3.0), (1.0, 6.0))
    tabs = ((-14.0, -6.0), (10.0, -5.0))
    ties = pen.ties(list(zip(spots, tabs, strict=True)))
    dots = [node for spot in spots for node in pen.dot(spot, 3.4, sample_point(3), False)]
    return [*ties, *(node for value, tab in enumerate(tabs, 3) for node in pen.tab(tab, 5, value)), *dots]


def _planned(pen: Pen, key: _Sheet) -> list[Node]:
    return pen.disc((0, 0), 8.5, sample_point(5, "planned"), False)


def _not_done(pen: Pen, key: _Sheet) -> list[Node]:
    return pen.disc((0, 0), 8.5, sample_point(6, "not-done"), False)


def _needle(pen: Pen, key: _Sheet) -> list[Node]:
    ring, count = sample_ring(10, 6, 7), 6
    turns = [2 * pi * place / count for place in range(count)]
    needles = [n for turn in turns for n in pen.needle((10 * sin(turn), -10 * cos(turn)), 3.4, "done")]
    around = Group([*pen.patch(ring), *pen.line(ring), Group(needles, pen.needles(3.4, "done", 7))], frame=(-8, 0, 1.0))
    return [around, *pen.square((14, 0), 7.5, ring)]


def _region(pen: Pen, key: _Sheet) -> list[Node]:
    return [_swatch(key.theme, key.theme.fill("region")), *pen.plain_number((0, 0), 7.5, sample_point(8))]


def _treated(pen: Pen, key: _Sheet) -> list[Node]:
    return [_swatch(key.theme, key.theme.fill("point"))]


def _around(pen: Pen, key: _Sheet) -> list[Node]:
    return [_swatch(key.theme, key.theme.fill("line"))]


def _below(pen: Pen, key: _Sheet) -> list[Node]:
    fill = key.theme.fill("point", below=True)
    return [_swatch(key.theme, fill, fill_opacity=key.theme.below, stroke_dasharray="3.4 2")]


def _above(pen: Pen, key: _Sheet) -> list[Node]:
    return [_swatch(key.theme, key.theme.fill("point", below=True), fill_opacity=key.theme.above, stroke_width=1.7)]


def _referral(pen: Pen, key: _Sheet) -> list[Node]:
    dashes: dict[str, str | float] = {"stroke_width": 0.9, "stroke_dasharray": "0.9 2.6", "stroke_linecap": "round"}
    return [_swatch(key.theme, f"url(#{REFERRAL_ID})", stroke=key.theme.mark, **dashes)]


def _changed(change: Change) -> Callable[[Pen, _Sheet], list[Node]]:
    return lambda pen, key: [key.audience.sample(change, 8.5)]


def _earlier(pen: Pen, key: _Sheet) -> list[Node]:
    return [_swatch(key.theme, "none", stroke=key.theme.muted, stroke_width=1, stroke_dasharray="1.4 1.8")]


def _pain(pen: Pen, key: _Sheet) -> list[Node]:
    mark, halo = key.theme.mark, key.theme.halo
    return [
        Line(-14, 0, 14, 0, paint(stroke=mark, stroke_width=2.4)),
        Circle(14, 0, 4.8, paint(fill=halo, stroke=mark, stroke_width=1.6)),
        Circle(-14, 0, 3.2),
    ]


def _sides(pen: Pen, key: _Sheet) -> list[Node]:
    ink = paint(font_size=17, fill=key.theme.ink)
    return [Text(-12, 6, key.wording.letter("left"), ink), Text(12, 6, key.wording.letter("right"), ink)]


def _scale(pen: Pen, key: _Sheet) -> list[Node]:
    ink = paint(stroke=key.theme.ink, stroke_width=1)
    return [Line(-20, 0, 20, 0, ink), *(Line(x, -3, x, 3, ink) for x in (-20, 0, 20))]


def _inset(pen: Pen, key: _Sheet) -> list[Node]:
    edge = paint(fill="none", stroke=key.theme.mark, stroke_width=0.9, stroke_dasharray="3 2")
    return [Box(-18, -9, 36, 20, 2, edge), Text(14, -11, "A", paint(font_size=9))]


def _swatch(theme: Theme, fill: str, **more: str | float) -> Box:
    ink: dict[str, str | float] = {"fill": fill, "stroke": theme.treated_edge, "stroke_width": 1.2}
    return Box(-18, -11, 36, 22, 3, paint(**(ink | more)))


_GLYPHS: Mapping[Entry, Callable[[Pen, _Sheet], list[Node]]] = {
    "point": _point,
    "twitch": _twitch,
    "event": _event,
    "serious": _serious,
    "crowded": _crowded,
    "planned": _planned,
    "not-done": _not_done,
    "needle": _needle,
    "region": _region,
    "treated": _treated,
    "around": _around,
    "below": _below,
    "above": _above,
    "referral": _referral,
    "new": _changed("new"),
    "kept": _changed("kept"),
    "gone": _changed("gone"),
    "earlier": _earlier,
    "pain": _pain,
    "sides": _sides,
    "scale": _scale,
    "inset": _inset,
}
