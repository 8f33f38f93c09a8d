"""Charts a second, as ratios to joining prepared strings.

Run it as `python tests/bench/bench_rendering.py`. `strings` joins as many prepared parts as the chart has elements,
with the plate among them: the least that any renderer can do. `chart` is a plain chart of twenty placements with
callouts and table, `contract` the session of the contract, `thumbnail` the twenty at 160 pixels. `labels` finds where
twenty callouts stand. `png` and `shaded png` are the twenty in pixels, 1,100 high, and `pdf` is their sheet. `heat map`
is one of over 500 needles at 500 points, `timeline` one of twenty visits, twelve of them drawn. `compared` are two
visits of ten placements. `cold` is the first chart of a process.
"""

import argparse
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial

from msgspec import structs

from bodymap.atlas import load_atlas
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.chart.picture import compose_chart, render_chart
from bodymap.rendering.comparison.formats import draw_comparison
from bodymap.rendering.course.heatmap import compose_heatmap
from bodymap.rendering.course.options import HeatmapOptions, TimelineOptions
from bodymap.rendering.course.timeline import compose_timeline
from bodymap.rendering.marks.callouts import Column, Wanted, stand
from bodymap.rendering.options import ChartOptions, PrintOptions
from bodymap.rendering.output.svg import write_svg
from bodymap.rendering.scene import Scene
from tests.rendering.courses_drawn import course, many_visits
from tests.rendering.visits_compared import compared, visit
from tests.rendering.visits_drawn import CONTRACT, recorded, session_of, somewhere

COLD = """
import time
from bodymap.atlas import load_atlas
from bodymap.rendering.chart.picture import render_chart
from bodymap.rendering.options import ChartOptions
from tests.rendering.visits_drawn import CONTRACT, recorded, session_of
atlas = load_atlas()
session = session_of(recorded(atlas, CONTRACT))
start = time.perf_counter()
render_chart(atlas, session, ChartOptions())
print(time.perf_counter() - start)
"""


def seconds_each(work: Callable[[], object], seconds: float) -> float:
    """The fastest of many runs: what the code costs when nothing else runs."""
    best = float("inf")
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def at_height(scene: Scene, pixels: int) -> int:
    """How wide a picture is drawn so that it is so high."""
    return max(640, round(pixels * scene.width / scene.height))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each is run")
    seconds = parser.parse_args().seconds
    atlas = load_atlas()
    crowded = session_of(recorded(atlas, somewhere(atlas, 20, 1, (200, 500, 200, 420))))
    contract = session_of(recorded(atlas, CONTRACT))
    whole = render_chart(atlas, crowded, ChartOptions()).decode()
    parts = re.split(r"(?<=>)", whole)
    ways: dict[str, Callable[[], object]] = {
        "strings": lambda: "".join(parts).encode(),
        "chart": lambda: render_chart(atlas, crowded, ChartOptions()),
        "contract": lambda: render_chart(atlas, contract, ChartOptions()),
        "thumbnail": lambda: render_chart(atlas, crowded, ChartOptions(width=160)),
    }
    options = {detail: PrintOptions(detail=detail, legend=False) for detail in ("plain", "shaded")}
    wide = {d: at_height(compose_chart(atlas, crowded, o).scene, 1100) for d, o in options.items()}
    for detail, name in (("plain", "png"), ("shaded", "shaded png")):
        drawing = Drawing(atlas, crowded, structs.replace(options[detail], width=wide[detail]), stored=False)
        ways[name] = partial(draw, drawing, "png")
    ways["pdf"] = partial(draw, Drawing(atlas, crowded, PrintOptions(), stored=False), "pdf")
    needles, visits = course(many_visits(atlas, 50, 1, 10)), course(many_visits(atlas, 20, 1, 5))
    ways["heat map"] = lambda: write_svg(compose_heatmap(atlas, needles, HeatmapOptions()))
    ways["timeline"] = lambda: write_svg(compose_timeline(atlas, visits, {"1": atlas}, TimelineOptions()))
    spots = somewhere(atlas, 20, 1, (150, 550, 150, 900))
    two = compared(atlas, visit(atlas, 0, spots[:10]), visit(atlas, 7, spots[10:]))
    ways["compared"] = partial(draw_comparison, two, "svg")
    dice = random.Random(1)
    wants = [Wanted(n, dice.uniform(150, 450), dice.uniform(80, 500), dice.choice([26, 39, 52])) for n in range(20)]
    columns = (Column("left", 130, 0, 620), Column("right", 470, 0, 620))
    ways["labels"] = lambda: stand(wants, columns, 300, 4, 6.6)
    least = 0.0
    for name, work in ways.items():
        each = seconds_each(work, seconds)
        least = least or each
        sys.stdout.write(
            f"{name:11} {each * 1000:8.3f} ms {1 / each:10.0f} a second {each / least:8.1f} times strings\n"
        )
    cold = subprocess.run([sys.executable, "-c", COLD], check=True, capture_output=True, text=True)
    print(f"{'cold':11} {float(cold.stdout) * 1000:8.3f} ms")  # noqa: T201


if __name__ == "__main__":
    main()
