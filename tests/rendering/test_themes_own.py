"""A clinic's own theme: a file that is read, checked and drawn with, or refused with reasons."""

import json
from pathlib import Path
from typing import Any

import pytest

from bodymap.atlas import Atlas
from bodymap.charting.session import Session
from bodymap.errors import Complaint, Invalid, Misconfigured
from bodymap.rendering.body.plate import render_plate
from bodymap.rendering.chart.picture import render_chart
from bodymap.rendering.look.theme_file import THEMES, load_theme, read_theme
from bodymap.rendering.options import ChartOptions


def complaints(stated: Any) -> list[Complaint]:
    with pytest.raises(Invalid) as refused:
        read_theme(json.dumps(stated).encode())
    return list(refused.value.complaints)


@pytest.mark.parametrize("base", THEMES)
def test_a_theme_begins_from_another(base: str) -> None:
    """What a file does not state is its base's; an empty file is the clinical theme by another name."""
    theme = read_theme(json.dumps({"base": base}).encode())
    assert theme.id == "own"
    for name in theme.__struct_fields__:
        assert name == "id" or getattr(theme, name) == getattr(THEMES[base], name)  # type: ignore[index]
    assert read_theme(b"{}").mark == THEMES["clinical"].mark


def test_an_own_theme_is_drawn(atlas: Atlas, contract_session: Session) -> None:
    """Charts and plates take its colours, and other themes stay as they are."""
    theme = read_theme(b'{"mark": "#40135e", "muscles": ["#d9dfe8"]}')
    svg = render_chart(atlas, contract_session, ChartOptions(theme="own"), own_theme=theme)
    assert b"#40135e" in svg
    assert b"#d9dfe8" in render_plate(atlas, "posterior", "superficial", theme=theme)
    assert b"#40135e" not in render_chart(atlas, contract_session, ChartOptions(), own_theme=theme)


def test_a_theme_for_patients_stays_one() -> None:
    """Whether a theme is for patients is its base's, and no file can take that from it."""
    assert read_theme(b'{"base": "patient", "mark": "#113355"}').for_patients
    assert [c.pointer for c in complaints({"base": "patient", "for_patients": False})] == ["/for_patients"]


def test_everything_wrong_is_told_at_once() -> None:
    """Each member that is unknown, no colour or out of range is pointed at, with what was meant where it is near."""
    found = complaints({"base": "blue", "makr": "#000000", "ink": "red", "shading": 2, "muscles": [], "id": "x"})
    assert {(c.pointer, c.code) for c in found} == {
        ("/base", "unknown-value"),
        ("/makr", "unknown-field"),
        ("/ink", "out-of-range"),
        ("/shading", "out-of-range"),
        ("/muscles", "out-of-range"),
        ("/id", "unknown-field"),
    }
    assert next(c for c in found if c.pointer == "/makr").suggestions[0] == "mark"


@pytest.mark.parametrize("hostile", ['#000"/><script>', "url(#x)", "javascript:x", "#12345", "#1234567", "", "#00000g"])
def test_a_colour_is_a_colour(hostile: str) -> None:
    """Nothing but #rrggbb comes into a document by a theme."""
    assert [c.pointer for c in complaints({"mark": hostile})] == ["/mark"]


def test_what_cannot_be_read_is_refused() -> None:
    """A pair of colours without contrast is complained of at the one that the file states, with the numbers."""
    found = complaints({"muted": "#c0c0c0"})
    assert {(c.pointer, c.code) for c in found} == {("/muted", "too-faint")}
    assert any("4.5" in c.detail for c in found)
    assert complaints({"treated": THEMES["clinical"].treated_edge})[0].pointer == "/treated"


@pytest.mark.parametrize("data", [b"", b"\xff", b"[]", b"null", b'"x"', b"{", b'{"mark": {}}', b'{"base": []}'])
def test_what_is_no_theme_is_refused(data: bytes) -> None:
    """Whatever is in the file, it is refused in order."""
    with pytest.raises(Invalid):
        read_theme(data)


def test_a_file_is_named_in_the_refusal(tmp_path: Path) -> None:
    """A file that is not there or does not fit is named, since it comes from a setting."""
    path = tmp_path / "theme.json"
    with pytest.raises(Misconfigured, match=r"theme\.json cannot be read"):
        load_theme(path)
    path.write_text('{"ink": "red"}')
    with pytest.raises(Misconfigured, match=r"theme\.json does not fit: /ink"):
        load_theme(path)
    path.write_text('{"ink": "#101010"}')
    assert load_theme(path).ink == "#101010"
