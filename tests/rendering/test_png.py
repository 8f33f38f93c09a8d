"""Charts as PNG: the same picture as the SVG, the same bytes each time, never too many pixels."""

import io
import math
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, sync_playwright

from bodymap.atlas import Atlas
from bodymap.charting.session import Session
from bodymap.errors import Invalid
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.options import PrintOptions
from bodymap.rendering.output import raster
from bodymap.rendering.scene import Box, Paint, Scene, paint
from tests.rendering.visits_drawn import CONTRACT, point, recorded, session_of

MANY = """
import os
from bodymap.atlas import load_atlas
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.options import PrintOptions
from tests.rendering.visits_drawn import CONTRACT, recorded, session_of
atlas = load_atlas()
session = session_of(recorded(atlas, CONTRACT))

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE") // 1024

for width in range(1100, 1120):
    draw(Drawing(atlas, session, PrintOptions(width=width)), "png")
    if width == 1103:
        print(resident())
print(resident())
"""


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.fixture(scope="module")
def chromium(require_tool: Any) -> Iterator[Browser]:
    program = require_tool("chromium", how="apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.mark.parametrize("theme", ["clinical", "print", "dark"])
@pytest.mark.parametrize("detail", ["plain", "shaded"])
def test_a_png_looks_like_its_svg(
    chromium: Browser, atlas: Atlas, contract_session: Session, theme: Any, detail: Any
) -> None:
    """Beside what a browser makes of the SVG the PNG differs at the edges of letters and lines alone."""
    drawing = Drawing(atlas, contract_session, PrintOptions(theme=theme, detail=detail))
    ours = opened(draw(drawing, "png")).convert("RGB")
    page = chromium.new_page(viewport={"width": ours.width, "height": ours.height})
    page.set_content(f"<!doctype html><style>body{{margin:0}}</style>{draw(drawing, 'svg').decode()}")
    theirs = opened(page.screenshot()).convert("RGB")
    page.close()
    assert ours.size == theirs.size
    assert max(ImageStat.Stat(ImageChops.difference(ours, theirs)).mean) < 6
    small = (ours.width // 8, ours.height // 8)
    near = ImageChops.difference(ours.resize(small, Image.Resampling.BOX), theirs.resize(small, Image.Resampling.BOX))
    assert max(ImageStat.Stat(near).mean) < 2.5


@pytest.mark.parametrize("width", [160, 333, 800, 1999])
def test_a_png_is_as_wide_as_was_asked(atlas: Atlas, contract_session: Session, width: int) -> None:
    """The width is in pixels, and the file says what it shows."""
    image = opened(draw(Drawing(atlas, contract_session, PrintOptions(width=width)), "png"))
    assert image.width == width
    assert image.convert("RGBA").getextrema()[3] == (255, 255)
    assert "Upper trapezius" in image.info["Description"] or "trapezius" in image.info["Description"]


@pytest.mark.parametrize("width", [800, 2480])
def test_a_png_says_how_large_it_is_printed(atlas: Atlas, contract_session: Session, width: int) -> None:
    """A chart of any number of pixels is put on paper as wide as a page between its margins."""
    image = opened(draw(Drawing(atlas, contract_session, PrintOptions(width=width)), "png"))
    inches = width / image.info["dpi"][0]
    assert 7.1 < inches < 7.2


def test_threads_draw_at_once(atlas: Atlas, contract_session: Session) -> None:
    """Pictures that several threads draw at the same time are those that one draws."""
    drawing = Drawing(atlas, contract_session, PrintOptions(width=300))
    wanted = {form: draw(drawing, form) for form in ("png", "pdf")}
    with ThreadPoolExecutor(4) as pool:
        drawn = [(form, pool.submit(draw, drawing, form)) for form in ("png", "pdf") for _ in range(6)]
        assert all(picture.result() == wanted[form] for form, picture in drawn)


@pytest.mark.outside
def test_pictures_are_not_kept_in_memory() -> None:
    """Once a picture is drawn, the process holds no pixels of it: sixteen more pictures leave it as large as before."""
    other = subprocess.run([sys.executable, "-c", MANY], check=True, capture_output=True, text=True)
    before, after = map(int, other.stdout.split())
    assert after - before < 25_000


@pytest.mark.parametrize("word", ["#panic()", "$x$ @ref <label>", '\\ "); #read("raster.py")', "//" + "x" * 3990])
def test_what_looks_like_markup_is_words(atlas: Atlas, word: str) -> None:
    """Nothing that a person writes is read as the typesetter's own language."""
    session = session_of(recorded(atlas, [point("posterior", 310, 400, note=word)]), subject=word[:200])
    assert opened(draw(Drawing(atlas, session, PrintOptions(width=300)), "png")).width == 300


def test_too_many_pixels_are_refused(atlas: Atlas, contract_session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chart that would not fit into the budget is refused at its width, and told a width that fits."""
    monkeypatch.setattr(raster, "MOST_PIXELS", 1_000_000)
    with pytest.raises(Invalid) as refused:
        draw(Drawing(atlas, contract_session, PrintOptions(width=4000)), "png")
    (complaint,) = refused.value.complaints
    assert (complaint.pointer, complaint.code) == ("?width", "too-large")
    fitting = int(complaint.detail.rsplit("Up to ", 1)[1].split()[0])
    assert opened(draw(Drawing(atlas, contract_session, PrintOptions(width=fitting)), "png")).width == fitting


def test_any_letters_are_drawn_inside_the_picture(atlas: Atlas) -> None:
    """Letters that no font has are boxes, not gaps and not a failure, and nothing reaches the margin."""
    words = "漢字漢字漢字 שלום عربى \U0001f600 \u202eevil" * 8
    session = session_of(recorded(atlas, [point("posterior", 310, 400, note=words)]), subject=words[:200])
    image = opened(draw(Drawing(atlas, session, PrintOptions()), "png")).convert("RGB")
    paper = image.getpixel((4, 4))
    edge = image.crop((image.width - 8, 2, image.width, image.height - 2))
    assert edge.getcolors() == [(8 * edge.height, paper)]
    empty = opened(draw(Drawing(atlas, session_of(recorded(atlas, CONTRACT[:0])), PrintOptions()), "png"))
    assert empty.height < image.height


@pytest.mark.parametrize(
    ("width", "height", "pixels"),
    [
        (800, 1316, 800),
        (800, 329, 800),
        (800, 1195.4, 1000),
        (800, 1065.7, 1000),
        (800, 640.2, 400),
        (480, 770.1, 600),
        (320, 549.3, 640),
        (320, 448.9, 800),
    ],
)
def test_no_row_or_column_of_pixels_is_lost(width: float, height: float, pixels: int) -> None:
    """Each row and each column of pixels has a grey of its own in the picture, and that grey in the PNG."""

    def grey(place: int) -> int:
        return 40 + place * 97 % 180

    def filled(place: int) -> Paint:
        return paint(fill=f"#{grey(place):02x}{grey(place):02x}{grey(place):02x}")

    unit, half = width / pixels, pixels // 2
    rows = [Box(0, y * unit, width / 2, unit, paint=filled(y)) for y in range(math.ceil(height / unit))]
    columns = [Box((half + x) * unit, 0, unit, 8 * unit, paint=filled(x)) for x in range(half)]
    scene = Scene(width, height, pixels, "", "", "", [Box(0, 0, width, height), *rows, *columns])
    image = opened(raster.write_png(scene)).convert("L")
    # The last of each may be cut by a hair of the page.
    left = [image.getpixel((half // 2, y)) for y in range(len(rows) - 1)]
    right = [image.getpixel((half + x, 3)) for x in range(half - 1)]
    for drawn in (left, right):
        assert [place for place, value in enumerate(drawn) if abs(value - grey(place)) > 60] == []
