"""The common parts of the pictures of a course: head, notes on what is left out, the document."""

from collections.abc import Sequence
from dataclasses import dataclass

from bodymap.atlas import Atlas
from bodymap.charting.course import Course
from bodymap.charting.session import occurred_at
from bodymap.rendering.body.view import page_field
from bodymap.rendering.chart.picture import PAGE, PHONE, RENDERER_VERSION, THUMBNAIL, Format, credit
from bodymap.rendering.chart.placement_table import Block
from bodymap.rendering.course.options import CourseOptions
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.look.themes import theme_of
from bodymap.rendering.scene import Box, Group, Hatch, Line, Node, Scene, Text, paint
from bodymap.rendering.speech import Speech
from bodymap.rendering.text_metrics import clean, text_width, wrap, wrap_facts
from bodymap.rendering.wording_patient import wording_for
from bodymap.words.visits import CourseWords


@dataclass(frozen=True)
class CourseSheet:
    """A picture of a course before layout: its theme, form and language."""

    atlas: Atlas
    course: Course
    options: CourseOptions
    theme: Theme
    wording: Speech
    words: CourseWords
    form: Format

    @property
    def inner(self) -> float:
        """How wide the room between the margins is."""
        return self.form.width - 2 * self.form.margin

    def counted_visits(self) -> str:
        """As in "3 visits"."""
        return self.wording.counted(len(self.course.visits), self.words.visits)

    def period(self) -> str:
        """From the first visit's day to the last's; empty where there are none."""
        if not self.course.visits:
            return ""
        first, last = (self.wording.day(occurred_at(self.course.visits[place])) for place in (0, -1))
        return first if first == last else self.words.span.format(first=first, last=last)

    def asked(self) -> str:
        """The requested period; empty if it is unlimited."""
        words, course = self.words, self.course
        parts = [
            words.since.format(date=self.wording.day(course.from_)) if course.from_ is not None else "",
            words.before_day.format(date=self.wording.day(course.to)) if course.to is not None else "",
        ]
        return ", ".join(part for part in parts if part)

    def facts(self) -> list[str]:
        """The subject, the number of visits, the requested period."""
        subject = "" if self.theme.for_patients else clean(self.course.subject)
        return [fact for fact in (subject, self.counted_visits(), self.asked()) if fact]

    def visits_left_out(self) -> list[str]:
        """The sessions that are no visits or cannot be drawn, counted."""
        words, course = self.words, self.course
        counts = (
            (course.voided, words.voided),
            (course.cancelled, words.cancelled),
            (course.planned, words.planned_visits),
            (course.elsewhere, words.elsewhere),
        )
        return [said for count, noun in counts if count and (said := self.wording.counted(count, noun))]


def course_sheet(atlas: Atlas, course: Course, options: CourseOptions, own_theme: Theme | None) -> CourseSheet:
    """The sheet of a picture; its form follows from the width. `own_theme` is the theme of `theme=own`."""
    theme = theme_of(options.theme, own_theme)
    form = THUMBNAIL if options.width < 300 else PHONE if options.width < 640 else PAGE
    wording = wording_for(atlas, options.lang, theme.for_patients)
    return CourseSheet(
        atlas,
        course,
        options,
        theme,
        wording,
        wording.course_words,
        form,
    )


def head(sheet: CourseSheet, title: str) -> Block:
    """Title, period, whose course."""
    theme, width, period = sheet.theme, sheet.inner, sheet.period()
    lines = wrap(title, 18, width, bold=True)
    nodes: list[Node] = [
        Text(0, 15 + place * 21, line, paint(font_size=18, font_weight="bold")) for place, line in enumerate(lines)
    ]
    y = 15.0 + (len(lines) - 1) * 21
    if text_width(lines[-1], 18, bold=True) + text_width(period, 11.5) + 16 <= width:
        nodes.append(Text(width, y, period, paint(font_size=11.5, text_anchor="end")))
    else:
        y += 17
        nodes.append(Text(0, y, period, paint(font_size=11.5)))
    y += 2
    for line in wrap_facts(sheet.facts(), 10.5, width):
        y += 14
        nodes.append(Text(0, y, line, paint(font_size=10.5, fill=theme.muted)))
    y += 9
    nodes.append(Line(0, y, width, y, paint(stroke=theme.hairline, stroke_width=1)))
    return Block(nodes, y)


def notes(sheet: CourseSheet, said: Sequence[str]) -> Block:
    """What a picture leaves out, one line each; empty if nothing is left out."""
    size = 11.0 if sheet.form.header else 8.0
    lines = [line for words in said for line in wrap(words, size, sheet.inner - 10, bold=True)]
    if not lines:
        return Block([], 0)
    tall = len(lines) * (size + 3) + 5
    ink = paint(font_size=size, font_weight="bold")
    nodes: list[Node] = [Box(0, 0, 3, tall, 0, paint(fill=sheet.theme.treated_edge))]
    nodes += [Text(10, 2 + size + place * (size + 3), line, ink) for place, line in enumerate(lines)]
    return Block(nodes, tall)


def stacked(sheet: CourseSheet, blocks: Sequence[Block], y: float) -> tuple[list[Node], float]:
    """Blocks below each other between the margins, from `y` down, and where they end."""
    nodes: list[Node] = []
    for block in blocks:
        if block.nodes:
            nodes.append(Group(block.nodes, frame=(sheet.form.margin, y, 1.0)))
            y += block.height + (10 if sheet.form.header else 4)
    return nodes, y


def document(
    sheet: CourseSheet, nodes: Sequence[Node], y: float, title: str, desc: Sequence[str], hatches: Sequence[Hatch] = ()
) -> Scene:
    """The picture as a document, with the credit at its foot. `desc` are the sentences for screen readers."""
    form, theme, wording = sheet.form, sheet.theme, sheet.wording
    foot, y = stacked(sheet, [credit(sheet.inner, theme, wording, form.credit)], y)
    height = round(y + form.margin - 10, 1)
    period = sheet.period()
    return Scene(
        width=form.width,
        height=height,
        pixels=sheet.options.width,
        title=", ".join(part for part in (title, period) if part),
        desc=" ".join([*(sentence for sentence in desc if sentence), course_sides(sheet), f"{wording.credit()}."]),
        metadata=wording.credit(),
        nodes=[page_field(form.width, height, theme), *nodes, *foot],
        paint=theme.page,
        hatches=hatches,
        id_prefix=sheet.options.id_prefix or "",
        lang=sheet.options.lang,
        data=(("atlas", sheet.atlas.version), ("renderer", RENDERER_VERSION)),
        data_names=wording.data_names,
    )


def course_sides(sheet: CourseSheet) -> str:
    """Whose left and right it is."""
    return sheet.wording.own_sides


def sentence(words: str) -> str:
    """Words with a full stop, unless they have one."""
    return words if not words or words.endswith((".", "!", "?")) else f"{words}."
