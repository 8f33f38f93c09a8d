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
