"""The pictures of a course as text: for screen readers, and for pasting into a note."""

from collections.abc import Sequence

from bodymap.rendering.chart.text import columns, filled
from bodymap.rendering.course.sheet import CourseSheet, course_sides
from bodymap.rendering.text_metrics import clean

Section = tuple[str, Sequence[str]]
"""A heading, which may be empty, and the entries under it."""


def write_course_text(sheet: CourseSheet, title: str, sections: Sequence[Section]) -> bytes:
    """Title, whose course, the sections, the credit, in UTF-8 and in lines of at most 78 columns, in reading order."""
    lines = filled(title)
    facts = [fact for fact in (sheet.period(), " · ".join(sheet.facts())) if fact]
    parts = [[*lines, "=" * max(map(columns, lines)), *(line for fact in facts for line in filled(fact))]]
    for heading, entries in sections:
        if entries:
            told = [
                line for entry in entries for line in filled(f"- {entry}" if heading else entry, 2 if heading else 0)
            ]
            parts.append([heading, "-" * columns(heading), *told] if heading else told)
    parts.append([*filled(course_sides(sheet)), *filled(clean(sheet.wording.credit()))])
    return ("\n\n".join("\n".join(part) for part in parts) + "\n").encode("utf-8")
