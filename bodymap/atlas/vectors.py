"""Vectors of the body frame: X to the subject's left, Y up, Z forward."""

from collections.abc import Sequence
from math import sqrt

Vector = tuple[float, float, float]


def dot(a: Sequence[float], b: Sequence[float]) -> float:
    """The scalar product."""
    return sum(p * q for p, q in zip(a, b, strict=True))


def unit(vector: Sequence[float]) -> Vector:
    """The vector at length 1."""
    length = sqrt(dot(vector, vector))
    return (vector[0] / length, vector[1] / length, vector[2] / length)


def along(start: Vector, direction: Vector, distance: float) -> Vector:
    """The point so far from a start in a direction of unit length."""
    return (
        start[0] + distance * direction[0],
        start[1] + distance * direction[1],
        start[2] + distance * direction[2],
    )


def square_on(direction: Vector) -> tuple[Vector, Vector]:
    """Two unit vectors that stand square on a direction and on each other."""
    up: Vector = (0.0, 1.0, 0.0) if abs(direction[1]) < 0.9 else (1.0, 0.0, 0.0)
    first = unit(_cross(direction, up))
    return first, _cross(direction, first)


def _cross(a: Vector, b: Vector) -> Vector:
    return (a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0])
