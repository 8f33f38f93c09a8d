"""The courses of nerves and of the vertebral artery over a plate, for teaching: a layer that is drawn on request."""

from bodymap.atlas import Atlas
from bodymap.atlas.frames import to_page
from bodymap.atlas.local_names import structure_name
from bodymap.atlas.manifest import Arm, ViewId
from bodymap.atlas.neurovascular import Course
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.output.svg import escape
from bodymap.rendering.scene import number
from bodymap.words import Language, catalogue

_LINE_MM, _CASING_MM = 1.6, 3.2
# Told apart without colour, too: a vessel by dashes, a course by landmarks by dots.
_VESSEL, _CONSTRUCTED = "5 2.5", "0.1 3"


def nerve_layer(atlas: Atlas, view: ViewId, arm: Arm, theme: Theme, lang: Language) -> str:
    """A group of SVG with a path for each course of the halves that the view shows, in the view's millimetres.

    Side views have those of their own side, and without the arm none that runs in it. Centre lines are drawn, no
    calibres.
    """
    seen = [
        course
        for course in atlas.neurovascular.courses
        if (view in ("posterior", "anterior") or course.side == view) and not (arm == "hidden" and course.arm)
    ]
    words = catalogue(lang)
    shared = 'fill="none" stroke-linecap="round" stroke-linejoin="round"'
    casing = "".join(f'<path d="{_path(course, view)}"/>' for course in seen)
    lines: list[str] = []
    for course in seen:
        dash = _VESSEL if course.kind == "vessel" else _CONSTRUCTED if course.constructed else ""
        pattern = f' stroke-dasharray="{dash}"' if dash else ""
        title = f"{structure_name(course.id, lang)}, {words.chart.sides[course.side]}"
        names = f'id="{course.id}-{course.side}" class="{course.kind}" data-course="{course.id}"'
        lines.append(
            f'<path {names} data-side="{course.side}"{pattern} d="{_path(course, view)}">'
            f"<title>{escape(title)}</title></path>"
        )
    return (
        f'<g id="nerves" {shared}>\n'
        f'<g stroke="{theme.halo}" stroke-width="{number(_CASING_MM)}">{casing}</g>\n'
        f'<g stroke="{theme.mark}" stroke-width="{number(_LINE_MM)}">' + "\n".join(lines) + "</g>\n</g>\n"
    )


def _path(course: Course, view: ViewId) -> str:
    """The centre lines as the view sees them."""
    pieces: list[str] = []
    for line in course.lines:
        points = [to_page(view, x if view in ("posterior", "anterior") else z, y) for x, y, z in line]
        pieces.append("M" + " ".join(f"{number(x)} {number(y)}" for x, y in points))
    return "".join(pieces)
