"""What lies under a point and along a needle: how long it takes in process, without HTTP.

Run it as `python tests/bench/bench_atlas.py`. `sort` is what ordering a list of twenty numbers costs: ratios to it hold
on any machine. `at` says what a point means, `beneath` what lies under it (this is the probe), `answer` is all that the
probe's address says, with landmark and flags, as JSON; `entry` finds the skin's normal and `path` follows a needle for
60 mm at 30 degrees. Places are random, over all four views; each is timed as the best of several runs.
"""

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable, Sequence

import msgspec

from bodymap.api.probe import probed
from bodymap.atlas import load_atlas
from bodymap.atlas.frames import SIZES
from bodymap.atlas.manifest import VIEWS, ViewId
from bodymap.atlas.needle_entry_point import entry_at, inclined
from bodymap.atlas.needle_path import trace

Place = tuple[ViewId, float, float]
ATLAS = load_atlas()


def places(count: int) -> list[Place]:
    """Random places on the body, as many on each view."""
    chance = random.Random(1)
    found: list[Place] = []
    for view in VIEWS:
        width, height = SIZES[view]
        while len(found) < count * (VIEWS.index(view) + 1) // len(VIEWS):
            x, y = chance.uniform(0, width), chance.uniform(0, height)
            if ATLAS.beneath(view, x, y):
                found.append((view, x, y))
    return found


def best_of(work: Callable[[Place], object], where: Sequence[Place], runs: int) -> list[float]:
    """The fastest of several runs at each place, in seconds, sorted."""
    fastest: list[float] = []
    for place in where:
        times: list[float] = []
        for _ in range(runs):
            start = time.perf_counter()
            work(place)
            times.append(time.perf_counter() - start)
        fastest.append(min(times))
    return sorted(fastest)


def needle(place: Place) -> None:
    entry = entry_at(ATLAS, *place)
    if entry is not None:
        way = inclined(entry.normal, 30, "caudal", "left")
        trace(ATLAS, entry.skin, way or entry.normal, 60, ATLAS.arm(place[0], None))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--places", type=int, default=400, help="how many places")
    where = places(parser.parse_args().places)
    numbers = [random.Random(2).random() for _ in range(20)]
    ways: dict[str, tuple[Callable[[Place], object], int]] = {
        "sort": (lambda _: sorted(numbers), 20),
        "at": (lambda place: ATLAS.at(*place), 5),
        "beneath": (lambda place: ATLAS.beneath(*place), 5),
        "answer": (lambda place: msgspec.json.encode(probed(ATLAS, *place)), 5),
        "entry": (lambda place: entry_at(ATLAS, *place), 2),
        "path": (needle, 2),
    }
    least = 0.0
    for name, (work, runs) in ways.items():
        times = best_of(work, where, runs)
        mean = statistics.mean(times)
        least = least or mean
        sys.stdout.write(
            f"{name:8} mean {mean * 1e6:10.1f} us   95% {times[int(len(times) * 0.95)] * 1e6:10.1f} us"
            f"   99% {times[int(len(times) * 0.99)] * 1e6:10.1f} us {mean / least:10.1f} times sort\n"
        )


if __name__ == "__main__":
    main()
