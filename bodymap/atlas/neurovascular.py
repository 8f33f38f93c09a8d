"""Nerves and the vertebral artery of the reference body: their centre lines, and how near a straight way comes to them.

A distance is measured to the centre line, in the body, and told within a band: calibres are symbolic, so a way is never
said to hit or to miss. Of vessels only the vertebral artery between C6 and C1 is there; that nothing is near says
nothing. What a course was taken from, and which parts of the body have none, stands in the file.
"""

from collections.abc import Iterable
from itertools import pairwise
from math import sqrt
from typing import Literal, NamedTuple

import msgspec

from bodymap.atlas.manifest import Arm
from bodymap.atlas.vectors import Vector, dot
from bodymap.errors import Corrupt

CourseKind = Literal["nerve", "vessel"]


class Course(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The course of a nerve or a vessel on one side: centre lines in body millimetres. `band_mm` is how near to one a
    way must come to be told; `arm` marks one that runs in the arm, `constructed` one by landmarks. `source` says what
    it was taken from."""

    id: str
    kind: CourseKind
    side: Literal["left", "right"]
    band_mm: float
    arm: bool
    constructed: bool
    source: str
    lines: tuple[tuple[Vector, ...], ...]


class CourseFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`neurovascular.json` of an atlas. `absent` says what the body has no course of, or none that is right."""

    unit: Literal["mm"]
    provenance: str
    absent: str
    courses: tuple[Course, ...]


class Beside(NamedTuple):
    """A course that a straight way comes near to: the distance from its centre line, and how far along the way that
    is, both in millimetres."""

    course: Course
    distance_mm: float
    at_mm: float


class Neurovascular:
    """The courses of one atlas, read-only, shared by threads."""

    def __init__(self, courses: Iterable[Course]) -> None:
        self.courses = tuple(courses)
        self._boxes = tuple(_box(course) for course in self.courses)

    def beside(self, start: Vector, direction: Vector, length_mm: float, arm: Arm = "shown") -> tuple[Beside, ...]:
        """The courses that come within their band of a straight way, nearest first. `direction` has unit length; with
        `arm` hidden the arm and its nerves are not there."""
        end = tuple(s + length_mm * d for s, d in zip(start, direction, strict=True))
        found: list[Beside] = []
        for course, (low, high) in zip(self.courses, self._boxes, strict=True):
            if course.arm and arm == "hidden":
                continue
            if any(max(start[k], end[k]) < low[k] or min(start[k], end[k]) > high[k] for k in range(3)):
                continue
            distance_mm, at_mm = min(
                _apart(start, direction, length_mm, a, b) for line in course.lines for a, b in pairwise(line)
            )
            if distance_mm <= course.band_mm:
                found.append(Beside(course, distance_mm, at_mm))
        return tuple(sorted(found, key=lambda it: (it.distance_mm, it.course.id, it.course.side)))


def read_neurovascular(raw: bytes) -> Neurovascular:
    """The courses of `neurovascular.json`. Raises `Corrupt`."""
    try:
        return Neurovascular(msgspec.json.decode(raw, type=CourseFile).courses)
    except msgspec.DecodeError as error:
        raise Corrupt(f"neurovascular.json cannot be read: {error}.") from error


def _box(course: Course) -> tuple[Vector, Vector]:
    """The corners of the box around a course and its band."""
    points = [point for line in course.lines for point in line]
    low, high = (
        tuple(edge(point[k] for point in points) + sign * course.band_mm for k in range(3))
        for edge, sign in ((min, -1), (max, 1))
    )
    return (low[0], low[1], low[2]), (high[0], high[1], high[2])


def _apart(start: Vector, direction: Vector, length_mm: float, a: Vector, b: Vector) -> tuple[float, float]:
    """(distance, where along the way) of the nearest points of a way and of the straight piece from a to b."""
    piece = (b[0] - a[0], b[1] - a[1], b[2] - a[2])
    between = (start[0] - a[0], start[1] - a[1], start[2] - a[2])
    size = dot(piece, piece)
    if size < 1e-9:
        at = min(max(-dot(direction, between), 0.0), length_mm)
        share = 0.0
    else:
        slant, onto, ahead = dot(direction, piece), dot(piece, between), dot(direction, between)
        square = size - slant * slant
        at = min(max((slant * onto - ahead * size) / square, 0.0), length_mm) if square > 1e-9 else 0.0
        share = (slant * at + onto) / size
        if not 0.0 <= share <= 1.0:
            share = min(max(share, 0.0), 1.0)
            at = min(max(slant * share - ahead, 0.0), length_mm)
    off = [between[k] + at * direction[k] - share * piece[k] for k in range(3)]
    return sqrt(dot(off, off)), at
