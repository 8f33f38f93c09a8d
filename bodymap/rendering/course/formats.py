"""The pictures of a course in each of their formats, from the same values."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.charting.course import Course
from bodymap.charting.placement import RecordedTriggerPoint
from bodymap.rendering.course.heat import heat_of
from bodymap.rendering.course.heat_words import sections as heat_sections
from bodymap.rendering.course.heatmap import compose_heatmap
from bodymap.rendering.course.options import HeatmapOptions, TimelineOptions
from bodymap.rendering.course.sheet import course_sheet
from bodymap.rendering.course.text import write_course_text
from bodymap.rendering.course.timeline import compose_timeline
from bodymap.rendering.course.timeline_words import sections as timeline_sections
from bodymap.rendering.course.visit_tiles import tiles_of
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.output.formats import Format
from bodymap.rendering.output.raster import write_png
from bodymap.rendering.output.svg import write_svg
from bodymap.rendering.scene import Scene

COURSE_FORMATS: tuple[Format, ...] = ("svg", "png", "txt")


@dataclass(frozen=True)
class HeatmapDrawing:
    """The input of a heat map. All visits of the course are on this atlas."""

    atlas: Atlas
    course: Course
    options: HeatmapOptions
    own_theme: Theme | None = None

    @property
    def written(self) -> tuple[msgspec.Struct, ...]:
        """The records whose texts are printed on the picture."""
        return (structs.replace(self.course, visits=()),)

    def draw(self, form: Format) -> bytes:
        """The picture in one format. Equal input gives equal bytes.

        Raises Invalid for a PNG of too many pixels, ValueError for a format that it does not come in.
        """
        if form == "txt":
            sheet = course_sheet(self.atlas, self.course, self.options, self.own_theme)
            heat = heat_of(self.atlas, sheet.course, self.options)
            return write_course_text(sheet, sheet.words.heatmap, heat_sections(sheet, heat))
        return _written(compose_heatmap(self.atlas, self.course, self.options, self.own_theme), form)


@dataclass(frozen=True)
class TimelineDrawing:
    """The input of a timeline. `atlases` holds every visit's version, `atlas` is the newest's."""

    atlas: Atlas
    course: Course
    atlases: Mapping[str, Atlas]
    options: TimelineOptions
    own_theme: Theme | None = None

    @property
    def written(self) -> tuple[msgspec.Struct, ...]:
        """The records whose texts are printed on the picture."""
        drawn = [placement for visit in self.course.visits[-self.options.limit :] for placement in visit.placements]
        sites = [p.site for p in drawn if isinstance(p, RecordedTriggerPoint) and p.site is not None]
        return (structs.replace(self.course, visits=()), *sites)

    def draw(self, form: Format) -> bytes:
        """The picture in one format. Equal input gives equal bytes.

        Raises Invalid for a PNG of too many pixels, ValueError for a format that it does not come in.
        """
        if form == "txt":
            sheet = course_sheet(self.atlas, self.course, self.options, self.own_theme)
            tiles = tiles_of(sheet.course, self.atlases, self.options)
            return write_course_text(sheet, sheet.words.timeline, timeline_sections(sheet, tiles))
        scene = compose_timeline(self.atlas, self.course, self.atlases, self.options, self.own_theme)
        return _written(scene, form)


def _written(scene: Scene, form: Format) -> bytes:
    if form not in COURSE_FORMATS:
        raise ValueError(f"a course is not drawn as {form}")
    return write_png(scene) if form == "png" else write_svg(scene)
