"""SVG path data as operators of a PDF page.

Only what this project's own paths hold: m l h v c s q t z, in either case.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_QUARTER = 0.5522847498  # How far the handles of a quarter of a circle reach, of its radius.
_TAKES = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "z": 0}


@dataclass(frozen=True, slots=True)
class Outline:
    """A path: its operators without the one that paints it, and the box that holds it (left, top, right, bottom)."""

    operators: bytes
    box: tuple[float, float, float, float]


def short(value: float) -> str:
    """A number of a page: three decimals at most, no exponent."""
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@lru_cache(maxsize=8192)
def outline(d: str) -> Outline:
    """Path data, read. ValueError where it holds anything else."""
    pen = _Pen()
    tokens = _TOKEN.findall(d)
    place = 0
    command = ""
    while place < len(tokens):
        if tokens[place].isalpha():
            command = tokens[place]
            place += 1
        takes = _TAKES[command.lower()]
        values = [float(token) for token in tokens[place : place + takes]]
        if len(values) < takes:
            raise ValueError("path data ends within a command")
        place += takes
        pen.go(command, values)
        if takes == 0 and place < len(tokens) and not tokens[place].isalpha():
            raise ValueError("path data goes on after a closed subpath without a command")
        command = {"m": "l", "M": "L"}.get(command, command)
    return Outline("\n".join(pen.parts).encode("ascii"), pen.box)


def circle(x: float, y: float, r: float) -> bytes:
    """A circle of four curves."""
    k = r * _QUARTER
    parts = [f"{short(x + r)} {short(y)} m"]
    fx, fy = 1.0, 0.0
    for ex, ey in ((0, 1), (-1, 0), (0, -1), (1, 0)):
        end = x + r * ex, y + r * ey
        values = (x + r * fx + k * ex, y + r * fy + k * ey, end[0] + k * fx, end[1] + k * fy, *end)
        parts.append(" ".join(short(value) for value in values) + " c")
        fx, fy = ex, ey
    return "\n".join([*parts, "h"]).encode("ascii")


def box(x: float, y: float, width: float, height: float, r: float = 0) -> bytes:
    """A rectangle, with corners of radius `r`."""
    if not r:
        return f"{short(x)} {short(y)} {short(width)} {short(height)} re".encode("ascii")
    r = min(r, width / 2, height / 2)
    k = r * (1 - _QUARTER)
    right, bottom = x + width, y + height
    rows = [
        (x + r, y, "m"),
        (right - r, y, "l"),
        (right - k, y, right, y + k, right, y + r, "c"),
        (right, bottom - r, "l"),
        (right, bottom - k, right - k, bottom, right - r, bottom, "c"),
        (x + r, bottom, "l"),
        (x + k, bottom, x, bottom - k, x, bottom - r, "c"),
        (x, y + r, "l"),
        (x, y + k, x + k, y, x + r, y, "c"),
    ]
    lines = (" ".join(part if isinstance(part, str) else short(part) for part in row) for row in rows)
    return "\n".join([*lines, "h"]).encode("ascii")


class _Pen:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.x = self.y = 0.0
        self.start = (0.0, 0.0)
        self.control: tuple[str, float, float] = ("", 0.0, 0.0)
        self.xs: list[float] = []
        self.ys: list[float] = []

    @property
    def box(self) -> tuple[float, float, float, float]:
        if not self.xs:
            return (0.0, 0.0, 0.0, 0.0)
        return min(self.xs), min(self.ys), max(self.xs), max(self.ys)

    def go(self, command: str, values: list[float]) -> None:
        kind = command.lower()
        ox, oy = (self.x, self.y) if command == kind else (0.0, 0.0)
        before = self.control
        self.control = ("", 0.0, 0.0)
        if kind == "m":
            self._to(ox + values[0], oy + values[1], "m")
            self.start = (self.x, self.y)
        elif kind == "z":
            self.parts.append("h")
            self.x, self.y = self.start
        elif kind == "l":
            self._to(ox + values[0], oy + values[1], "l")
        elif kind == "h":
            self._to(ox + values[0], self.y, "l")
        elif kind == "v":
            self._to(self.x, oy + values[0], "l")
        elif kind in ("c", "s"):
            points = [value + (oy if index % 2 else ox) for index, value in enumerate(values)]
            if kind == "s":
                points = [*self._mirrored(before, "c"), *points]
            self._curve(*points)
            self.control = ("c", points[2], points[3])
        else:
            points = [value + (oy if index % 2 else ox) for index, value in enumerate(values)]
            qx, qy = self._mirrored(before, "q") if kind == "t" else points[:2]
            x, y = points[-2:]
            two = 2 / 3
            self._curve(
                self.x + two * (qx - self.x),
                self.y + two * (qy - self.y),
                x + two * (qx - x),
                y + two * (qy - y),
                x,
                y,
            )
            self.control = ("q", qx, qy)

    def _mirrored(self, before: tuple[str, float, float], kind: str) -> tuple[float, float]:
        if before[0] != kind:
            return self.x, self.y
        return 2 * self.x - before[1], 2 * self.y - before[2]

    def _to(self, x: float, y: float, operator: str) -> None:
        self.x, self.y = x, y
        self.xs.append(x)
        self.ys.append(y)
        self.parts.append(f"{short(x)} {short(y)} {operator}")

    def _curve(self, x1: float, y1: float, x2: float, y2: float, x: float, y: float) -> None:
        self.xs += (x1, x2, x)
        self.ys += (y1, y2, y)
        self.x, self.y = x, y
        self.parts.append(" ".join(short(value) for value in (x1, y1, x2, y2, x, y)) + " c")
