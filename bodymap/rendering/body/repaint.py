"""A plate in the paints of a theme: a paint for every group and class of the shipped drawing.

Charts and plates without marks are repainted alike.
"""

from collections.abc import Mapping
from functools import lru_cache

from bodymap.atlas.plates import Element, Group, Plate
from bodymap.rendering.look.colours import luminance, mixed
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.output.svg import escape
from bodymap.rendering.scene import number

# The tints of neighbouring regions as they ship, darkest first.
_TINTS = ("#cdb5ab", "#d1baaf", "#d5bfb4", "#d8c4b9", "#dccabf", "#e0d0c6")
_SHEET = "#efe4da"
_KEPT = (
    "fill",
    "fill-opacity",
    "fill-rule",
    "stroke",
    "stroke-width",
    "stroke-opacity",
    "stroke-linejoin",
    "stroke-linecap",
)


def group_paint(group: Group, theme: Theme) -> dict[str, str]:
    """The presentation attributes of a group in a theme; empty if the theme leaves the group out."""
    return _painted(group.id, "", group.attributes, theme)


def element_paint(group: Group, element: Element, theme: Theme) -> dict[str, str] | None:
    """The presentation attributes of a path in a theme, `None` if the theme leaves it out."""
    ink = _painted(group.id, element.classes[0] if element.classes else "", element.attributes, theme)
    drawn = {ink.get("fill-opacity"), ink.get("stroke-opacity")}
    return None if group.id in ("tone", "fibres") and "0" in drawn else ink


def write_plate(plate: Plate, theme: Theme) -> bytes:
    """The plate as an SVG document of its own; title, ids and data attributes are the plate's."""
    parts = [_tag("svg", {"xmlns": "http://www.w3.org/2000/svg", **plate.attributes})]
    parts.append(f"\n<title>{escape(plate.title)}</title>\n<desc>{escape(plate.desc)}</desc>\n")
    for group in plate.groups.values():
        parts.append(_tag("g", {**group.attributes, **group_paint(group, theme)}) + "\n")
        for element in group.elements:
            ink = element_paint(group, element, theme)
            if ink is not None:
                title = f"><title>{escape(element.title)}</title></path>\n" if element.title else "/>\n"
                parts.append(_tag("path", {**element.attributes, **ink})[:-1] + title)
        parts.append("</g>\n")
    parts.append("</svg>\n")
    return "".join(parts).encode("utf-8")


def _painted(group: str, kind: str, attributes: Mapping[str, str], theme: Theme) -> dict[str, str]:
    ink = {name: attributes[name] for name in _KEPT if name in attributes}
    fill, stroke = _paints(group, kind, ink.get("fill", ""), theme)
    if ink.get("fill", "none") != "none":
        ink["fill"] = fill
    if ink.get("stroke", "none") != "none":
        ink["stroke"] = stroke
    if "stroke-width" in ink and theme.line_width != 1:
        ink["stroke-width"] = number(float(ink["stroke-width"]) * theme.line_width)
    strength = {"tone": theme.shading, "fibres": theme.fibres}.get(group, 1.0) if kind != "sheet" else 1.0
    for name in ("fill-opacity", "stroke-opacity"):
        if name in ink and strength < 1:
            ink[name] = number(float(ink[name]) * strength)
    return ink


def _paints(group: str, kind: str, fill: str, theme: Theme) -> tuple[str, str]:
    """Fill and stroke that a theme gives to a part of the plate."""
    if kind in ("rim", "sheet") or fill == _SHEET:
        return {"rim": theme.rim}.get(kind, theme.sheet), theme.context_edge
    if kind == "quiet":
        return theme.quiet, theme.quiet_edge
    if kind in ("hair", "ear"):
        return {"hair": theme.context}.get(kind, theme.skin), theme.skin_edge
    if group == "regions":
        return _tint(fill, theme.muscles), theme.muscle_edge
    if group in ("tone", "fibres"):
        dark = kind.startswith("dark")
        return (theme.shade if dark else theme.light), (theme.muscle_edge if dark else theme.light)
    return {
        "body": (theme.skin, theme.skin_edge),
        "bones": (theme.bone, theme.bone_edge),
        "edges": (theme.muscle_edge, theme.muscle_edge),
        "face": (theme.skin_edge, theme.skin_edge),
        "fade": (theme.paper, theme.paper),
    }.get(group, (theme.context, theme.context_edge))


@lru_cache(maxsize=256)
def _tint(shipped: str, tints: tuple[str, ...]) -> str:
    """The tint of a theme for a shipped one: as far between its darkest and its lightest."""
    if not shipped.startswith("#"):
        return tints[0]
    order = range(len(_TINTS))
    place = min(order, key=lambda place: abs(luminance(_TINTS[place]) - luminance(shipped))) / (len(_TINTS) - 1)
    along = place * (len(tints) - 1)
    low = min(int(along), max(len(tints) - 2, 0))
    return mixed(tints[low], tints[min(low + 1, len(tints) - 1)], along - low)


def _tag(name: str, attributes: Mapping[str, str]) -> str:
    return f"<{name}" + "".join(f' {key}="{escape(value)}"' for key, value in attributes.items()) + ">"
