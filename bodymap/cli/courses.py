"""`bodymap timeline` and `bodymap heatmap`: a course of visits drawn without a server."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click
from msgspec import structs

from bodymap.cli.charts import asked, drawing_options, written
from bodymap.errors import Complaint, Invalid
from bodymap.rendering.course.options import HeatmapOptions, TimelineOptions

if TYPE_CHECKING:
    from bodymap.atlas import Atlases
    from bodymap.charting.course import Course


@click.command()
@click.argument("files", type=click.File("rb"), nargs=-1, required=True)
@partial(drawing_options, kind=TimelineOptions)
def timeline(files: tuple[BinaryIO, ...], output: Path, theme_file: Path | None, **stated: Any) -> None:
    """Draw the visits in FILES beside each other, as GET /v1/charts/timeline.svg would.

    The ending of the output says the format: .svg, .png or .txt; standard output is SVG.
    """
    from bodymap.rendering.course.formats import COURSE_FORMATS, TimelineDrawing

    how = asked(output, theme_file, stated, TimelineOptions, COURSE_FORMATS)
    atlas, course = how.atlases.default, _course(files, how.atlases)
    drawing = TimelineDrawing(atlas, course, {atlas.version: atlas}, how.options, how.own_theme)
    written(output, how.form, drawing.draw(how.form), *drawing.written)


@click.command()
@click.argument("files", type=click.File("rb"), nargs=-1, required=True)
@partial(drawing_options, kind=HeatmapOptions)
def heatmap(files: tuple[BinaryIO, ...], output: Path, theme_file: Path | None, **stated: Any) -> None:
    """Draw how densely the needles of the visits in FILES lie, as GET /v1/charts/heatmap.svg would.

    The ending of the output says the format: .svg, .png or .txt; standard output is SVG.
    """
    from bodymap.rendering.course.formats import COURSE_FORMATS, HeatmapDrawing

    how = asked(output, theme_file, stated, HeatmapOptions, COURSE_FORMATS)
    course = _course(files, how.atlases)
    drawing = HeatmapDrawing(how.atlases.default, course, how.options, how.own_theme)
    written(output, how.form, drawing.draw(how.form), *drawing.written)


def _course(files: Sequence[BinaryIO], atlases: Atlases) -> Course:
    """The course of the one subject of the sessions in some files, kept nowhere."""
    from bodymap.charting.course import course_of
    from bodymap.charting.session import SessionStatement, occurred_at
    from bodymap.decoding import decode
    from bodymap.service import UseCases

    use_cases = UseCases.on(atlases)
    drafted = [use_cases.sessions.draft(decode(file.read(), SessionStatement)) for file in files]
    # Ids in the order of the visits give the same picture each time, whatever the order of the files.
    drafted.sort(key=lambda session: (not (session.started_at or session.started_on), occurred_at(session)))
    sessions = [structs.replace(session, id=f"{place:09}") for place, session in enumerate(drafted, start=1)]
    subjects = sorted({session.subject or "" for session in sessions})
    if len(subjects) > 1:
        named = ", ".join(subject or "nobody" for subject in subjects)
        raise Invalid([Complaint("/subject", "several-subjects", f"A course is that of one subject, not of {named}.")])
    return course_of(subjects[0], sessions)
