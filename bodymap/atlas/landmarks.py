"""Palpable landmarks of the reference body: what they are, where the views show them, and what lies near.

Points are body millimetres (X to the subject's left, Y up, Z forward) or millimetres of a view. All of them are the
reference figure's, never the patient's. Offsets are measured as the view shows them, not over the curve of the skin.
"""

import difflib
import math
import re
from collections.abc import Iterable
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from bodymap.atlas.frames import SIZES, on_midline, to_body, to_page
from bodymap.atlas.manifest import Side, ViewId
from bodymap.atlas.outlines import Point
from bodymap.atlas.search import plain
from bodymap.atlas.wording import relation
from bodymap.errors import Complaint, Corrupt, Invalid, Missing

BodyPoint = tuple[float, float, float]

_TRUNK: frozenset[ViewId] = frozenset({"posterior", "anterior"})
_SPINOUS = re.compile(r"[CTLS][0-9]+")

# A level of the spine is named for places beside it, too: up to this far from the midline the way across counts less.
_BESIDE_SPINE_MM = 60.0
_BESIDE_SPINE_SHARE = 1 / 3
# C7 stands out and is what is counted from, so it is named a little farther than the levels next to it.
_PROMINENT = {"C7": 0.9}
# A farther one is not named if a nearer one exists.
_FAR_MM = 100.0


class LandmarkNames(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a landmark is called. `la` is Terminologia Anatomica's name, empty where it has none."""

    en: Annotated[str, Meta(description="The English name.")]
    la: Annotated[str, Meta(description="Terminologia Anatomica's name; empty where it has none.")]


class Landmark(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place on the reference body that a finger can find.

    `views` are those it is found from, first the one that its offsets are measured on, which is posterior or anterior.
    `structure` is the id of the bone in the manifest, empty for what is `derived_from` other landmarks. `at` holds a
    body point for each side: left and right of what is `paired`, else midline. `rule` says how it was found.
    """

    id: str
    names: LandmarkNames
    aliases: tuple[str, ...]
    paired: bool
    views: tuple[ViewId, ...]
    structure: str
    at: dict[Side, BodyPoint]
    rule: str
    derived_from: tuple[str, ...] = ()


class LandmarkFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`landmarks.json` of an atlas."""

    unit: str
    landmarks: tuple[Landmark, ...]


class Placed(NamedTuple):
    """A point on a view, in its millimetres. It may lie off the body."""

    view: ViewId
    x: float
    y: float


class OnView(NamedTuple):
    """A landmark as a view shows it; `side` is the patient's."""

    landmark: Landmark
    side: Side
    at: Point


class Nearest(NamedTuple):
    """Where a point lies from a landmark, in millimetres on the reference figure.

    `side` is the patient's side that the point lies on. `lateral_mm` is negative medially and `None` on side views,
    which have `anterior_mm` instead, negative towards the back; `cranial_mm` is negative below. `text` is in English.
    """

    landmark: Landmark
    side: Side
    lateral_mm: float | None
    anterior_mm: float | None
    cranial_mm: float
    distance_mm: float
    text: str


class Landmarks:
    """The landmarks of one atlas version, read-only. Made by `read_landmarks`."""

    def __init__(self, landmarks: Iterable[Landmark]) -> None:
        """Raises `Corrupt` if they contradict themselves or each other."""
        self.all: tuple[Landmark, ...] = tuple(landmarks)
        self._by_word: dict[str, Landmark] = {}
        for landmark in self.all:
            _check(landmark)
            for word in (landmark.id, landmark.names.en, landmark.names.la, *landmark.aliases):
                if word and self._by_word.setdefault(_key(word), landmark) is not landmark:
                    raise Corrupt(f"Two landmarks answer to {word!r}.")
        ids = {landmark.id for landmark in self.all}
        if any(not ids.issuperset(landmark.derived_from) for landmark in self.all):
            raise Corrupt("A landmark is derived from one that is not there.")
        self._on_view = {view: tuple(_seen(self.all, view)) for view in SIZES}

    def get(self, name: str) -> Landmark:
        """The landmark of this id, name or alias, whatever its case, accents, hyphens and spaces.

        Raises `Missing`; its `suggestions` hold the ids that could be meant.
        """
        landmark = self._by_word.get(_key(name))
        if landmark is not None:
            return landmark
        suggestions = self._suggestions(name)
        hint = f" Close to it: {', '.join(suggestions)}." if suggestions else ""
        raise Missing(f"The atlas has no landmark {name!r}.{hint}", suggestions=suggestions)

    def on_view(self, view: ViewId) -> tuple[OnView, ...]:
        """What is found from this side of the body, in the order of the file; on side views of that side only."""
        return self._on_view[view]

    def place(
        self,
        landmark_id: str,
        side: str | None,
        *,
        lateral_mm: float | None = None,
        medial_mm: float | None = None,
        cranial_mm: float | None = None,
        caudal_mm: float | None = None,
        view: ViewId | None = None,
        pointer: str = "",
    ) -> Placed:
        """The point this far from a landmark, on `view` or on the landmark's own view.

        A paired landmark needs its side. One on the midline needs a side with a lateral offset, and takes none (or
        `midline`) without one. Raises `Invalid` with every complaint, its pointers beginning with `pointer`.
        """
        offsets = {"lateral": lateral_mm, "medial": medial_mm, "cranial": cranial_mm, "caudal": caudal_mm}
        stated = {name: value for name, value in offsets.items() if value is not None}
        complaints: list[Complaint] = []
        try:
            landmark = self.get(landmark_id)
        except Missing as error:
            suggestions = tuple(error.facts["suggestions"])
            complaints.append(Complaint("/landmark", "unknown-landmark", error.detail, suggestions=suggestions))
            landmark = None
        complaints += _offset_complaints(stated)
        if landmark is not None:
            on_view = view or landmark.views[0]
            complaints += _side_complaints(landmark, side, stated)
            complaints += _view_complaints(landmark, on_view, side, stated)
            if not complaints:
                offset_side: Side = "right" if side == "right" else "left"
                outward = 1.0 if offset_side == "left" else -1.0
                base = landmark.at[offset_side if landmark.paired else "midline"]
                over = medial_mm - abs(base[0]) if medial_mm else 0.0
                if over <= 0:
                    across = base[0] + outward * ((lateral_mm or 0.0) - (medial_mm or 0.0))
                    height = base[1] + (cranial_mm or 0.0) - (caudal_mm or 0.0)
                    x, y = to_page(on_view, across if on_view in _TRUNK else base[2], height)
                    return Placed(on_view, round(x, 3), round(y, 3))
                detail = f"{landmark.id} lies {abs(base[0]):g} mm from the midline: farther in is the other side."
                complaints.append(Complaint("/offset_mm/medial", "past-midline", detail))
        raise Invalid([msgspec.structs.replace(c, pointer=pointer + c.pointer) for c in complaints])

    def nearest(self, view: ViewId, x: float, y: float, side: Side | None = None) -> Nearest:
        """The landmark that a clinician would tell the place by, and where the point lies from it.

        `side` decides for a point on the midline; elsewhere the point itself does. What lies on the midline, with no
        side stated, is told by a landmark of the midline.
        """
        side = _own_side(view, x, y, side)
        ranked: list[tuple[float, int, float]] = []
        candidates = self._on_view[view]
        for order, (landmark, its_side, at) in enumerate(candidates):
            if its_side in (side, "midline"):
                dx, dy = x - at[0], y - at[1]
                ranked.append((_cost(landmark, dx, dy), order, math.hypot(dx, dy)))
        near = [entry for entry in ranked if entry[2] <= _FAR_MM]
        # To the micrometre, so that the body's two halves choose alike.
        _, order, _ = min(near or ranked, key=lambda entry: (round(entry[0], 3), entry[1]))
        return self._measured(candidates[order], view, x, y, side)

    def measure(self, landmark_id: str, view: ViewId, x: float, y: float, side: Side | None = None) -> Nearest:
        """Where the point lies from this landmark, for a place that was stated by it.

        Raises `Missing` where there is no such landmark, or none on this view on the point's side.
        """
        landmark = self.get(landmark_id)
        side = _own_side(view, x, y, side)
        for entry in self._on_view[view]:
            if entry.landmark is landmark and (entry.side in (side, "midline") or side == "midline"):
                return self._measured(entry, view, x, y, side)
        raise Missing(f"The view {view} does not show {landmark.id} on the {side}.", suggestions=[])

    def _measured(self, entry: OnView, view: ViewId, x: float, y: float, side: Side) -> Nearest:
        landmark, its_side, at = entry
        across, cranial = x - at[0], round(at[1] - y, 3) + 0.0
        lateral = anterior = None
        if view in _TRUNK:
            outward = 1.0 if (side if its_side == "midline" else its_side) == "left" else -1.0
            # On posterior the patient's left is the viewer's left, on anterior the viewer's right.
            lateral = round(across * (outward if view == "anterior" else -outward), 3) + 0.0
            lateral = abs(lateral) if side == its_side == "midline" else lateral
        else:
            anterior = round(across if view == "right" else -across, 3) + 0.0
        return Nearest(
            landmark=landmark,
            side=side,
            lateral_mm=lateral,
            anterior_mm=anterior,
            cranial_mm=cranial,
            distance_mm=round(math.hypot(across, cranial), 3),
            text=relation(_phrase(landmark), side, lateral_mm=lateral, anterior_mm=anterior, cranial_mm=cranial),
        )

    def _suggestions(self, name: str) -> list[str]:
        """Ids whose whole name is like this one, then those whose words are, best first."""
        key = _key(name)
        # Of "C8" a half is all that can be right.
        close = difflib.get_close_matches(key, self._by_word, n=5, cutoff=0.6 if len(key) > 3 else 0.5)
        ids = [self._by_word[key].id for key in close]
        wanted = plain(name).split()
        for landmark in self.all:
            words = plain(" ".join((landmark.id, landmark.names.en, *landmark.aliases))).split()
            if wanted and all(difflib.get_close_matches(word, words, n=1, cutoff=0.75) for word in wanted):
                ids.append(landmark.id)
        return list(dict.fromkeys(ids))[:5]


def read_landmarks(data: bytes) -> Landmarks:
    """The landmarks in the bytes of a `landmarks.json`. Raises `Corrupt`."""
    try:
        return Landmarks(msgspec.json.decode(data, type=LandmarkFile).landmarks)
    except msgspec.DecodeError as error:
        raise Corrupt(f"The landmarks of the atlas cannot be read: {error}.") from error


def write_landmarks(landmarks: Iterable[Landmark]) -> bytes:
    """The bytes of a `landmarks.json`; the same landmarks give the same bytes."""
    encoded = msgspec.json.encode(LandmarkFile("mm", tuple(landmarks)), order="deterministic")
    return msgspec.json.format(encoded, indent=1) + b"\n"


def _key(word: str) -> str:
    return plain(word).replace(" ", "")


def _check(landmark: Landmark) -> None:
    sides = {"left", "right"} if landmark.paired else {"midline"}
    if set(landmark.at) != sides:
        raise Corrupt(f"The landmark {landmark.id} lacks a side, or has one too many.")
    if not landmark.views or landmark.views[0] not in _TRUNK:
        raise Corrupt(f"The landmark {landmark.id} has no view that its offsets could be measured on.")
    if not landmark.paired and any(view not in _TRUNK for view in landmark.views):
        raise Corrupt(f"The landmark {landmark.id} has no side, so no side view shows it.")
    if not all(math.isfinite(value) for point in landmark.at.values() for value in point):
        raise Corrupt(f"The landmark {landmark.id} has coordinates that are not numbers.")


def _seen(landmarks: Iterable[Landmark], view: ViewId) -> Iterable[OnView]:
    for landmark in landmarks:
        if view in landmark.views:
            for side, (x, y, z) in landmark.at.items():
                if view in _TRUNK or view == side:
                    yield OnView(landmark, side, to_page(view, x if view in _TRUNK else z, y))


def _phrase(landmark: Landmark) -> str:
    """As it stands within a sentence: the level itself for a spinous process."""
    if _SPINOUS.fullmatch(landmark.id):
        return landmark.id
    return f"the {landmark.names.en[0].lower()}{landmark.names.en[1:]}"


def _own_side(view: ViewId, x: float, y: float, stated: Side | None) -> Side:
    if view == "left" or view == "right":
        return view
    if on_midline(view, x):
        return stated or "midline"
    return "left" if to_body(view, x, y)[0] > 0 else "right"


def _cost(landmark: Landmark, dx: float, dy: float) -> float:
    """How far a clinician would find the landmark from a point this far away: what is least is named."""
    if not _SPINOUS.fullmatch(landmark.id):
        return math.hypot(dx, dy)
    beside = min(abs(dx), _BESIDE_SPINE_MM)
    way = beside * _BESIDE_SPINE_SHARE + (abs(dx) - beside)
    return math.hypot(way, dy) * _PROMINENT.get(landmark.id, 1.0)


def _offset_complaints(stated: dict[str, float]) -> Iterable[Complaint]:
    for name, value in stated.items():
        if not (math.isfinite(value) and value >= 0):
            detail = (
                f"An offset is a number of millimetres, 0 or more; the other way has a name of its own, not {name}."
            )
            yield Complaint(f"/offset_mm/{name}", "out-of-range", detail)
    for name, contrary in (("medial", "lateral"), ("caudal", "cranial")):
        if name in stated and contrary in stated:
            detail = f"An offset is {contrary} or {name}, not both."
            yield Complaint(f"/offset_mm/{name}", "contradiction", detail)


def _side_complaints(landmark: Landmark, side: str | None, stated: dict[str, float]) -> Iterable[Complaint]:
    if landmark.paired:
        if side not in ("left", "right"):
            code = "side-missing" if side is None else "side-disagrees"
            yield Complaint("/side", code, f"There are two of {landmark.id}: state `left` or `right`.")
        return
    if "medial" in stated:
        detail = f"{landmark.id} lies on the midline: nothing is medial to it."
        yield Complaint("/offset_mm/medial", "contradiction", detail)
    if stated.get("lateral"):
        if side not in ("left", "right"):
            code = "side-missing" if side is None else "side-disagrees"
            detail = f"{landmark.id} lies on the midline: with a lateral offset, state `left` or `right`."
            yield Complaint("/side", code, detail)
    elif side not in (None, "midline") and "medial" not in stated:
        detail = f"{landmark.id} lies on the midline: without a lateral offset it takes no side."
        yield Complaint("/side", "side-disagrees", detail)


def _view_complaints(
    landmark: Landmark, view: ViewId, side: str | None, stated: dict[str, float]
) -> Iterable[Complaint]:
    if view not in landmark.views:
        detail = f"{landmark.id} is not found on the view {view}; it is on {', '.join(landmark.views)}."
        yield Complaint("/view", "not-shown", detail)
    elif view not in _TRUNK:
        if side in ("left", "right") and side != view:
            yield Complaint("/view", "not-shown", f"The {side} {landmark.id} is not seen on the view {view}.")
        for name in ("lateral", "medial"):
            if name in stated:
                detail = f"A side view does not show what is {name}; state the view {landmark.views[0]}, or none."
                yield Complaint(f"/offset_mm/{name}", "not-shown", detail)
