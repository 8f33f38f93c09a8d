"""Nerves over a plate, drawn on request."""

import xml.etree.ElementTree as ET

import pytest

from bodymap.atlas import load_atlas
from bodymap.atlas.manifest import VIEWS, ViewId
from bodymap.rendering.body.plate import render_plate
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.look.theme_file import THEMES

ATLAS = load_atlas()
SVG = "{http://www.w3.org/2000/svg}"


def layer(view: ViewId, **options: object) -> list[ET.Element]:
    """The named paths of the layer."""
    root = ET.fromstring(render_plate(ATLAS, view, "superficial", nerves=True, **options))  # type: ignore[arg-type]
    return [path for path in root.iter(f"{SVG}path") if "data-course" in path.attrib]


def test_a_plate_has_nerves_only_where_they_are_asked_for() -> None:
    """Without the option the plate is what ships, byte for byte."""
    assert render_plate(ATLAS, "posterior", "superficial") == ATLAS.plate("posterior", "superficial").raw
    assert b"data-course" not in render_plate(ATLAS, "posterior", "superficial")


@pytest.mark.parametrize("view", VIEWS)
def test_each_course_is_named_with_its_side(view: ViewId) -> None:
    """Every course of the halves that the view shows is an element with a title; without the arm, none that runs in
    it."""
    drawn = {(path.get("data-course"), path.get("data-side")) for path in layer(view)}
    aside = view in ("left", "right")
    assert drawn == {
        (course.id, course.side)
        for course in ATLAS.neurovascular.courses
        if not aside or (course.side == view and not course.arm)
    }
    assert all(path.find(f"{SVG}title") is not None for path in layer(view))


def test_an_artery_and_a_constructed_course_are_told_apart_without_colour() -> None:
    """The artery is dashed, the sciatic nerve's course by landmarks dotted, and the others are whole."""
    dashes = {path.get("data-course"): path.get("stroke-dasharray") for path in layer("posterior")}
    assert dashes["vertebral-artery"] != dashes["sciatic-nerve"]
    assert [name for name, dash in dashes.items() if dash is None] == [
        *("brachial-plexus", "dorsal-scapular-nerve", "suprascapular-nerve", "axillary-nerve", "radial-nerve"),
        *("median-nerve", "ulnar-nerve", "superior-gluteal-nerve", "femoral-nerve"),
    ]


def test_names_are_in_the_language_asked_for() -> None:
    """The title of a course is in the language of the picture."""
    titles = {path.findtext(f"{SVG}title") for path in layer("posterior", lang="fr")}
    assert "Nerf sciatique, gauche" in titles


@pytest.mark.parametrize("theme", THEMES.values(), ids=str)
def test_every_theme_draws_them_in_its_own_paint(theme: Theme) -> None:
    """The layer is there in each theme, in the paint of its marks."""
    root = ET.fromstring(render_plate(ATLAS, "anterior", "superficial", theme=theme, nerves=True))
    casing, lines = next(group for group in root.iter(f"{SVG}g") if group.get("id") == "nerves")
    assert (casing.get("stroke"), lines.get("stroke")) == (theme.halo, theme.mark)
