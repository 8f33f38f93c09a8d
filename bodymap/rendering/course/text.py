"""The pictures of a course as text: for screen readers, and for pasting into a note."""

from collections.abc import Sequence

from bodymap.rendering.course.sheet import CourseSheet
from bodymap.rendering.output.text import paragraph, section, title_lines, write_parts
from bodymap.rendering.text_metrics import BETWEEN, clean

Section = tuple[str, Sequence[str]]
"""A heading, which may be empty, and the entries under it."""


def write_course_text(sheet: CourseSheet, title: str, sections: Sequence[Section]) -> bytes:
    """Title, whose course, the sections, the credit, in UTF-8 and in lines of at most 78 columns, in reading order."""
    return write_parts(
        [
            [*title_lines(title), *paragraph(sheet.period(), BETWEEN.join(sheet.facts()))],
            *(section(heading, entries) for heading, entries in sections),
            paragraph(sheet.wording.own_sides, clean(sheet.wording.credit())),
        ]
    )
