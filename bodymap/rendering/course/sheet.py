"""The common parts of the pictures of a course: head, notes on what is left out, the document."""

from collections.abc import Sequence
from dataclasses import dataclass

from bodymap.atlas import Atlas
from bodymap.charting.course import Course
from bodymap.charting.session import occurred_at
from bodymap.rendering.audience import Audience, audience_of
from bodymap.rendering.course.options import CourseOptions
from bodymap.rendering.frame import Form, Frame, form_of
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.look.theme_file import theme_of
from bodymap.rendering.scene import Hatch, Node, Scene
from bodymap.rendering.text_metrics import clean
from bodymap.rendering.wording.wording import Wording
from bodymap.words.visits import CourseWords

SMALLEST = 8.0
"""How large the letters of a thumbnail's notes are."""


@dataclass(frozen=True)
class CourseSheet:
    """A picture of a course before layout: its readers, form and language."""

    atlas: Atlas
    course: Course
    options: CourseOptions
    audience: Audience
    wording: Wording
    words: CourseWords
    frame: Frame

    @property
    def theme(self) -> Theme:
        """Its paints."""
        return self.audience.theme

    @property
    def inner(self) -> float:
        """How wide the room between the margins is."""
        return self.form.inner

    @property
    def form(self) -> Form:
        """How it is laid out."""
        return self.frame.form

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
        return [fact for fact in (clean(self.course.subject), self.counted_visits(), self.asked()) if fact]

    def visits_left_out(self) -> list[str]:
        """The sessions that are no visits or cannot be drawn, counted."""
        words, course = self.words, self.course
        counts = (
            (course.voided, words.voided),
            (course.cancelled, words.cancelled),
            (course.planned, words.planned_visits),
            (course.elsewhere, words.elsewhere),
        )
        return [text for count, noun in counts if count and (text := self.wording.counted(count, noun))]


def course_sheet(atlas: Atlas, course: Course, options: CourseOptions, own_theme: Theme | None) -> CourseSheet:
    """The sheet of a picture; its form follows from the width. `own_theme` is the theme of `theme=own`."""
    audience = audience_of(theme_of(options.theme, own_theme))
    wording = audience.wording(atlas, options.lang)
    return CourseSheet(
        atlas,
        audience.course(course),
        options,
        audience,
        wording,
        wording.course_words,
        Frame(form_of(options.width), audience.theme, wording, options),
    )


def document(
    sheet: CourseSheet, nodes: Sequence[Node], y: float, title: str, desc: Sequence[str], hatches: Sequence[Hatch] = ()
) -> Scene:
    """The picture as a document, with the credit at its foot. `desc` are the sentences for screen readers."""
    sentences = [*(sentence for sentence in desc if sentence), sheet.wording.own_sides, f"{sheet.wording.credit()}."]
    heading = ", ".join(part for part in (title, sheet.period()) if part)
    return sheet.frame.scene(nodes, y, title=heading, desc=" ".join(sentences), hatches=hatches)


def sentence(words: str) -> str:
    """Words with a full stop, unless they have one."""
    return words if not words or words.endswith((".", "!", "?")) else f"{words}."
