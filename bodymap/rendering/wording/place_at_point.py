"""Where a point lies in a patient's words: by the part of the body and the level, whichever muscle lies there.

Parts are bounded by landmarks of the reference body; where two meet is our own reading. On the head the muscle decides,
since a patient's words for it (jaw, temple, forehead) are places already.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from bodymap.atlas import Atlas
from bodymap.atlas.frames import to_body
from bodymap.atlas.manifest import ViewId

# How far above and below the epicondyle the elbow reaches.
_ELBOW_MM = 35.0


class _Part(NamedTuple):
    """Of a level what lies farther out than `beyond` millimetres: from the midline, or on side views from the back."""

    beyond: float
    place: str


class _Level(NamedTuple):
    """Everything above a height that no level before it has; its parts from the outermost to the innermost."""

    above: float
    parts: tuple[_Part, ...]


def place_at(atlas: Atlas, view: ViewId, at: tuple[float, float], *, on_arm: bool) -> str:
    """The key of the plain place at a point of a view; empty on the head, where the muscle's own word serves."""
    across, height = to_body(view, *at)
    levels = _arm_levels(atlas, view) if on_arm else _levels(atlas, view)
    out = abs(across) if view in ("posterior", "anterior") else across
    for level in levels:
        if height > level.above:
            return next(part.place for part in level.parts if out > part.beyond)
    return ""


@lru_cache(maxsize=32)
def _levels(atlas: Atlas, view: ViewId) -> Sequence[_Level]:
    if view == "posterior":
        return _behind(atlas)
    return _before(atlas) if view == "anterior" else _beside(atlas)


def _behind(atlas: Atlas) -> Sequence[_Level]:
    blade, tip = _across(atlas, "scapular-spine-root"), _across(atlas, "acromion")
    return (
        _level(_height(atlas, "inion"), (0, "")),
        _level(_height(atlas, "C3"), (40, "side-neck"), (0, "top-neck")),
        _level(_height(atlas, "C7"), (75, "upper-shoulder"), (40, "side-neck"), (0, "back-neck")),
        _level(
            _height(atlas, "scapula-superior-angle"),
            (tip - 20, "back-shoulder"),
            (35, "upper-shoulder"),
            (0, "upper-back"),
        ),
        _level(_height(atlas, "T8"), (tip - 20, "back-shoulder"), (blade, "shoulder-blade"), (0, "upper-back")),
        _level(_height(atlas, "scapula-inferior-angle"), (blade, "shoulder-blade"), (0, "middle-back")),
        _level(_height(atlas, "T12"), (110, "side-ribs"), (0, "middle-back")),
        _level(_height(atlas, "iliac-crest"), (90, "side-belly"), (0, "lower-back")),
        _level(_height(atlas, "S2"), (115, "side-hip"), (50, "buttock"), (0, "lower-back")),
        _level(_height(atlas, "ischial-tuberosity"), (125, "side-hip"), (0, "buttock")),
        _level(float("-inf"), (0, "thigh")),
    )


def _before(atlas: Atlas) -> Sequence[_Level]:
    tip = _across(atlas, "acromion")
    return (
        _level(_height(atlas, "mandible-angle"), (0, "")),
        _level(
            _height(atlas, "sternal-notch"),
            (tip - 30, "front-shoulder"),
            (75, "upper-shoulder"),
            (40, "side-neck"),
            (0, "front-neck"),
        ),
        _level(_height(atlas, "anterior-axillary-fold"), (tip - 30, "front-shoulder"), (0, "chest")),
        _level(_height(atlas, "xiphisternal-joint"), (120, "side-ribs"), (0, "chest")),
        _level(_height(atlas, "costal-margin"), (80, "side-ribs"), (0, "front-belly")),
        _level(_height(atlas, "asis"), (70, "side-belly"), (0, "front-belly")),
        _level(_height(atlas, "pubic-symphysis"), (115, "side-hip"), (50, "inner-hip"), (0, "front-belly")),
        _level(float("-inf"), (0, "thigh")),
    )


def _beside(atlas: Atlas) -> Sequence[_Level]:
    back = float("-inf")
    return (
        _level(_height(atlas, "mandible-angle"), (back, "")),
        _level(_height(atlas, "C7"), (20, "front-neck"), (-55, "side-neck"), (back, "back-neck")),
        _level(_height(atlas, "sternal-notch"), (20, "front-neck"), (back, "upper-shoulder")),
        _level(_height(atlas, "T8"), (40, "chest"), (-40, "side-ribs"), (back, "shoulder-blade")),
        _level(_height(atlas, "xiphisternal-joint"), (70, "chest"), (-60, "side-ribs"), (back, "middle-back")),
        _level(_height(atlas, "rib-11-tip"), (90, "front-belly"), (-60, "side-ribs"), (back, "middle-back")),
        _level(_height(atlas, "iliac-crest"), (75, "front-belly"), (-40, "side-belly"), (back, "lower-back")),
        _level(_height(atlas, "ischial-tuberosity"), (60, "inner-hip"), (-55, "side-hip"), (back, "buttock")),
        _level(float("-inf"), (back, "thigh")),
    )


@lru_cache(maxsize=32)
def _arm_levels(atlas: Atlas, view: ViewId) -> Sequence[_Level]:
    everywhere = float("-inf")
    elbow = _height(atlas, "lateral-epicondyle")
    side = {"posterior": "back", "anterior": "front"}.get(view, "outer")
    upper_arm = "back-arm" if view == "posterior" else "front-arm"
    return (
        _level(_height(atlas, "posterior-axillary-fold"), (everywhere, f"{side}-shoulder")),
        _level(elbow + _ELBOW_MM, (everywhere, upper_arm)),
        _level(elbow - _ELBOW_MM, (everywhere, "elbow")),
        _level(float("-inf"), (everywhere, "forearm")),
    )


def _level(above: float, *parts: tuple[float, str]) -> _Level:
    """The innermost part reaches to the midline itself."""
    *outer, (_, last) = parts
    return _Level(above, (*(_Part(*part) for part in outer), _Part(float("-inf"), last)))


def _point(atlas: Atlas, landmark: str) -> tuple[float, float, float]:
    at = atlas.landmarks.get(landmark).at
    return at["left"] if "left" in at else at["midline"]


def _height(atlas: Atlas, landmark: str) -> float:
    return _point(atlas, landmark)[1]


def _across(atlas: Atlas, landmark: str) -> float:
    return _point(atlas, landmark)[0]
