"""Scenes as SVG: every primitive proved by svgwrite once, then written without it."""

import xml.etree.ElementTree as ET

import pytest
from svgwrite.base import BaseElement

from bodymap.atlas import Atlas
from bodymap.charting.session import Session
from bodymap.rendering.chart.picture import render_chart
from bodymap.rendering.options import ChartOptions
from bodymap.rendering.output.svg import write_svg
from bodymap.rendering.scene import Box, Circle, Group, Line, Node, Path, Scene, Text, coarse, number, paint

SVG = "{http://www.w3.org/2000/svg}"


def written(*nodes: Node) -> ET.Element:
    return ET.fromstring(write_svg(Scene(100, 50, 200, "t", "d", "m", nodes)))


def test_primitives_are_written_as_said() -> None:
    """Each primitive carries its geometry, its paint and its data, in groups that move and scale."""
    ink = paint(fill="none", stroke="#123456", stroke_width=1.25)
    root = written(
        Group(
            [
                Circle(1.5, 2, 3, ink),
                Line(1, 2, 3, 4, ink),
                Box(1, 2, 3, 4, 0.5),
                Path("M1 2l3 4z", ink, (("region", "a&b"),)),
                Text(5, 6, '<&"%s{}', paint(text_anchor="end")),
            ],
            data=(("view", "left"),),
            frame=(10, 20, 0.625),
        )
    )
    group = next(element for element in root.iter(f"{SVG}g") if element.get("transform"))
    assert group.attrib == {"data-view": "left", "transform": "translate(10,20) scale(0.625)"}
    stroke = {"fill": "none", "stroke": "#123456", "stroke-width": "1.25"}
    assert [element.attrib for element in group] == [
        {"cx": "1.5", "cy": "2", "r": "3", **stroke},
        {"x1": "1", "y1": "2", "x2": "3", "y2": "4", **stroke},
        {"x": "1", "y": "2", "width": "3", "height": "4", "rx": "0.5"},
        {"d": "M1 2l3 4z", "data-region": "a&b", **stroke},
        {"x": "5", "y": "6", "text-anchor": "end", "textLength": "58.6", "lengthAdjust": "spacingAndGlyphs"},
    ]
    assert group[4].text == '<&"%s{}'
    assert (root.get("viewBox"), root.get("width"), root.get("height")) == ("0 0 100 50", "200", "100")


def test_a_paint_that_is_not_svg_is_refused() -> None:
    """svgwrite proves each paint when it is first used."""
    with pytest.raises((ValueError, TypeError)):
        write_svg(Scene(1, 1, 1, "", "", "", [Circle(0, 0, 1, paint(stroke_linejoin="soft"))]))
    with pytest.raises((ValueError, TypeError)):
        write_svg(Scene(1, 1, 1, "", "", "", [Circle(0, 0, 1, (("colour", "red"),))]))


def test_a_second_chart_needs_no_svgwrite(
    atlas: Atlas, contract_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once its primitives are proved, a chart is written without drawing a single element with svgwrite."""
    first = render_chart(atlas, contract_session, ChartOptions())

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("svgwrite was asked again")

    monkeypatch.setattr(BaseElement, "__init__", refuse)
    assert render_chart(atlas, contract_session, ChartOptions()) == first


def test_numbers_are_short_and_never_odd() -> None:
    """No exponent, no minus zero, no trailing zeros; one or two decimals."""
    assert [number(v) for v in (0, -0.001, 1.5e-7, 12, 12.5, 12.34, -3.1)] == [
        "0",
        "0",
        "0",
        "12",
        "12.5",
        "12.34",
        "-3.1",
    ]
    assert [coarse(v) for v in (-0.04, 3.0, 3.14, 100)] == ["0", "3", "3.1", "100"]
