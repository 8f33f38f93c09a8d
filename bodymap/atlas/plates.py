"""Plates as they ship: SVG in a strict subset, read once, rejected if they contain anything else.

What is rejected cannot reach a browser: no style, script, link, entity or event handler has a place in the subset.
"""

import xml.etree.ElementTree as ET
from typing import cast

import msgspec

from bodymap.atlas.manifest import VIEWS, Arm, Detail, LayerId, Side, ViewId
from bodymap.errors import Corrupt

_SVG = "{http://www.w3.org/2000/svg}"
_SIDES = ("left", "right", "midline")
_ATTRIBUTES = frozenset(
    {
        "viewBox",
        "role",
        "id",
        "class",
        "d",
        "fill",
        "fill-opacity",
        "fill-rule",
        "stroke",
        "stroke-width",
        "stroke-opacity",
        "stroke-linejoin",
        "stroke-linecap",
    }
)
_CHILDREN = {
    "svg": frozenset({"title", "desc", "g", "path"}),
    "g": frozenset({"title", "desc", "path"}),
    "path": frozenset({"title", "desc"}),
    "title": frozenset[str](),
    "desc": frozenset[str](),
}


class Element(msgspec.Struct, frozen=True):
    """One path. `region` and `side` are set on regions, `structure` on bones and context; empty where absent."""

    id: str
    region: str
    structure: str
    side: Side | None
    classes: tuple[str, ...]
    d: str
    fill: str
    title: str
    attributes: dict[str, str]


class Group(msgspec.Struct, frozen=True):
    """The elements of one `<g>` in paint order; `attributes` hold the paint they share."""

    id: str
    attributes: dict[str, str]
    elements: tuple[Element, ...]


class Plate(msgspec.Struct, frozen=True):
    """One drawn plate: `raw` are the bytes as shipped, `groups` the same by id, in paint order."""

    view: ViewId
    layer: LayerId | None
    arm: Arm
    detail: Detail | None
    title: str
    desc: str
    attributes: dict[str, str]
    groups: dict[str, Group]
    raw: bytes


def parse_plate(raw: bytes, file: str) -> Plate:
    """Read a plate or a sheet of silhouettes (which has neither layer nor detail).

    Raises `Corrupt`, naming `file`, for anything outside the subset.
    """
    if b"<!" in raw or b"<?" in raw:
        raise Corrupt(f"{file} holds a declaration, a comment or an instruction; a plate has none.")
    try:
        root = ET.fromstring(raw.decode("utf-8"))
    except (ET.ParseError, UnicodeDecodeError) as error:
        raise Corrupt(f"{file} is not well-formed: {error}.") from error
    _refuse_strangers(root, file)
    view = root.get("data-view")
    if _tag(root) != "svg" or view not in VIEWS:
        raise Corrupt(f"{file} does not say which view it draws.")
    groups: dict[str, Group] = {}
    for child in root:
        if _tag(child) == "path":
            raise Corrupt(f"{file} has a path outside every group.")
        if _tag(child) == "g":
            group = _group(child, file)
            if group.id in groups:
                raise Corrupt(f"{file} has the group {group.id!r} twice.")
            groups[group.id] = group
    return Plate(
        view=view,
        layer=cast(LayerId | None, root.get("data-layer")),
        arm=cast(Arm, root.get("data-arm", "shown")),
        detail=cast(Detail | None, root.get("data-detail")),
        title=root.findtext(f"{_SVG}title", ""),
        desc=root.findtext(f"{_SVG}desc", ""),
        attributes=dict(root.attrib),
        groups=groups,
        raw=raw,
    )


def _tag(element: ET.Element) -> str:
    return element.tag.removeprefix(_SVG) if element.tag.startswith(_SVG) else f"another namespace's {element.tag}"


def _refuse_strangers(element: ET.Element, file: str) -> None:
    tag = _tag(element)
    if tag not in _CHILDREN:
        raise Corrupt(f"{file} holds <{tag}>, which a plate may not.")
    for name in element.attrib:
        if name not in _ATTRIBUTES and not name.startswith("data-"):
            raise Corrupt(f"{file} has the attribute {name} on <{tag}>, which a plate may not.")
    for child in element:
        if _tag(child) not in _CHILDREN[tag]:
            raise Corrupt(f"{file} holds <{_tag(child)}> inside <{tag}>, which a plate may not.")
        _refuse_strangers(child, file)


def _group(element: ET.Element, file: str) -> Group:
    if not element.get("id"):
        raise Corrupt(f"{file} has a group without an id.")
    return Group(
        id=element.get("id", ""),
        attributes=dict(element.attrib),
        elements=tuple(_element(child, file) for child in element if _tag(child) == "path"),
    )


def _element(path: ET.Element, file: str) -> Element:
    side = path.get("data-side")
    if side is not None and side not in _SIDES:
        raise Corrupt(f"{file} has a path on the side {side!r}.")
    if not path.get("d"):
        raise Corrupt(f"{file} has a path without data.")
    return Element(
        id=path.get("id", ""),
        region=path.get("data-region", ""),
        structure=path.get("data-structure", ""),
        side=cast(Side | None, side),
        classes=tuple(path.get("class", "").split()),
        d=path.get("d", ""),
        fill=path.get("fill", ""),
        title=path.findtext(f"{_SVG}title", ""),
        attributes=dict(path.attrib),
    )
