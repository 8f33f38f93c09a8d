"""Finding the landmarks on the reference body, each by a rule of surface anatomy that the atlas states.

Every rule is written for the left side and finds one point of a bone's surface, or of a muscle's or the skin's where a
finger finds those. The right side is found on the right mesh's mirror image by the same rule; the two must agree within
`_AGREE_MM`, and their mean is kept for both, so that the atlas is as symmetrical as the body that it is made from.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np

from bodymap.artwork.bony_points import (
    Find,
    farthest,
    foremost_beside,
    inion,
    jugular_notch,
    lateral_border_middle,
    mastoid,
    medial_border_middle,
    sacral_tubercle,
    spine_root,
    spinous_tip,
    sternal_angle,
    symphysis,
    umbilicus,
    xiphisternal_joint,
)
from bodymap.artwork.meshes import Mesh
from bodymap.artwork.sections import Points
from bodymap.atlas.landmarks import BodyPoint, Landmark, LandmarkNames, write_landmarks
from bodymap.atlas.manifest import Side, ViewId

_AGREE_MM = 2.0
_SKIN = "skin"
_MIRROR = np.array([-1.0, 1.0, 1.0])

_BACK: tuple[ViewId, ...] = ("posterior",)
_FRONT: tuple[ViewId, ...] = ("anterior",)
_BACK_SIDE: tuple[ViewId, ...] = ("posterior", "left", "right")
_FRONT_SIDE: tuple[ViewId, ...] = ("anterior", "left", "right")
_BACK_ROUND: tuple[ViewId, ...] = ("posterior", "anterior", "left", "right")


class _Entry(NamedTuple):
    id: str
    en: str
    la: str
    aliases: tuple[str, ...]
    bone: str
    paired: bool
    views: tuple[ViewId, ...]
    find: Find
    rule: str


_NUMERALS = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_LATIN = {"C": "Vertebra cervicalis", "T": "Vertebra thoracica", "L": "Vertebra lumbalis"}
_KNOWN_AS = {"C2": ("axis spinous process",), "C7": ("vertebra prominens",)}


def _spine() -> Iterable[_Entry]:
    for letter, first, last in (("C", 2, 7), ("T", 1, 12), ("L", 1, 5)):
        for number in range(first, last + 1):
            level = f"{letter}{number}"
            yield _Entry(
                level,
                f"Spinous process of {level}",
                f"{'Axis' if level == 'C2' else f'{_LATIN[letter]} {_NUMERALS[number]}'}, processus spinosus",
                (f"{level} spinous process", *_KNOWN_AS.get(level, ())),
                f"vertebra_{level}",
                False,
                _BACK,
                spinous_tip,
                "Tip of the spinous process: in the midline plane, half-way up what lies within 3 mm of its rearmost "
                "point.",
            )
    for number, rule in (
        (1, "First tubercle of the median sacral crest: the rearmost midline point of its upper 8 mm."),
        (
            2,
            "Second tubercle of the median sacral crest: the next place below S1 where its midline profile stands out.",
        ),
    ):
        yield _Entry(
            f"S{number}",
            f"Spinous tubercle of S{number}",
            "",
            (f"S{number} spinous process", f"S{number} spinous tubercle"),
            "sacrum",
            False,
            _BACK,
            partial(sacral_tubercle, number=number),
            rule,
        )


# id; English; Latin; aliases; bone; paired; views; how it is found; the rule in words.
_OTHERS = (
    _Entry(
        "inion", "External occipital protuberance", "Protuberantia occipitalis externa", ("EOP",),
        "skull", False, _BACK, inion,
        "On the midline of the occiput, more than 10 mm above the rim of the foramen magnum: where the profile stands "
        "out most from the chord between points 6 mm above and below.",
    ),
    _Entry(
        "mastoid", "Mastoid process", "Processus mastoideus", ("mastoid tip", "tip of the mastoid process"),
        "skull", True, _BACK_SIDE, mastoid,
        "Tip: lowest point of the skull's rear half, in the outer third of its half width.",
    ),
    _Entry(
        "mandible-angle", "Angle of the mandible", "Angulus mandibulae", ("gonion", "angle of the jaw"),
        "mandible", True, _FRONT_SIDE, farthest(0, -1, -1),
        "The point of the mandible farthest down and back, both alike.",
    ),
    _Entry(
        "jaw-joint", "Jaw joint", "Articulatio temporomandibularis",
        ("TMJ", "temporomandibular joint", "head of the mandible"),
        "mandible", True, _FRONT_SIDE, farthest(0, 1, 0, behind=0.4),
        "Highest point of the mandible's rear two fifths, the top of its head.",
    ),
    _Entry(
        "acromion", "Acromion", "Acromion", ("lateral tip of the acromion",),
        "scapula", True, _BACK_ROUND, farthest(1, 0, 0),
        "Lateral tip: most lateral point of the scapula.",
    ),
    _Entry(
        "acromion-angle", "Angle of the acromion", "Angulus acromii", ("acromial angle",),
        "scapula", True, _BACK_SIDE, farthest(1, 0, -1),
        "Where the lateral border turns into the spine: the point of the scapula farthest to the side and back, both "
        "alike.",
    ),
    _Entry(
        "scapular-spine-root", "Root of the scapular spine", "",
        ("root of the spine of the scapula", "base of the scapular spine", "medial end of the spine of the scapula"),
        "scapula", True, _BACK, spine_root,
        "The crest of the spine between 6 and 26 mm from the medial border, carried on straight to the border.",
    ),
    _Entry(
        "scapula-superior-angle", "Superior angle of the scapula", "Angulus superior scapulae",
        ("superior angle of scapula", "upper angle of the scapula"),
        "scapula", True, _BACK, farthest(0, 1, 0, inner=0.5),
        "Highest point of the scapula's medial half.",
    ),
    _Entry(
        "scapula-inferior-angle", "Inferior angle of the scapula", "Angulus inferior scapulae",
        ("inferior angle of scapula", "lower angle of the scapula"),
        "scapula", True, _BACK_SIDE, farthest(0, -1, 0),
        "Lowest point of the scapula.",
    ),
    _Entry(
        "scapula-medial-border", "Middle of the medial border of the scapula", "",
        ("medial border of the scapula", "medial border of scapula"),
        "scapula", True, _BACK, medial_border_middle,
        "Most medial point of the scapula half-way in height between its superior and its inferior angle.",
    ),
    _Entry(
        "coracoid", "Coracoid process", "Processus coracoideus", ("tip of the coracoid process",),
        "scapula", True, _FRONT_SIDE, farthest(0, 0, 1),
        "Tip: foremost point of the scapula.",
    ),
    _Entry(
        "clavicle-sternal-end", "Sternal end of the clavicle", "Extremitas sternalis claviculae",
        ("medial end of the clavicle",),
        "clavicle", True, _FRONT, farthest(-1, 0, 1),
        "The point of the clavicle farthest to the midline and forward, both alike.",
    ),
    _Entry(
        "clavicle-acromial-end", "Acromial end of the clavicle", "Extremitas acromialis claviculae",
        ("lateral end of the clavicle",),
        "clavicle", True, _FRONT_SIDE, farthest(1, 0, 0),
        "Most lateral point of the clavicle.",
    ),
    _Entry(
        "sternal-notch", "Sternal notch", "Incisura jugularis", ("jugular notch", "suprasternal notch"),
        "sternum", False, _FRONT, jugular_notch,
        "Highest point of the sternum in the midline plane.",
    ),
    _Entry(
        "sternal-angle", "Sternal angle", "Angulus sterni", ("angle of Louis", "manubriosternal joint"),
        "sternum", False, _FRONT, sternal_angle,
        "In front on the midline, half-way between the manubrium's lower and the body's upper edge.",
    ),
    _Entry(
        "xiphisternal-joint", "Xiphisternal joint", "Symphysis xiphosternalis",
        ("lower end of the sternum", "xiphoid process", "xiphoid"),
        "sternum", False, _FRONT, xiphisternal_joint,
        "Lowest point of the body of the sternum in the midline plane. The reference body's sternum has no xiphoid "
        "process.",
    ),
    _Entry(
        "costal-margin", "Lowest point of the costal margin", "", ("rib 10 lowest point",),
        "rib_10", True, _FRONT_SIDE, farthest(0, -1, 0),
        "Lowest point of rib 10. The reference body has no cartilage of rib 10.",
    ),
    _Entry(
        "anterior-axillary-fold", "Anterior axillary fold", "Plica axillaris anterior", (),
        "pectoralis_major_sternocostal", True, _FRONT, farthest(0, -1, 0, outer=0.9),
        "Lowest point of the sternocostal part of pectoralis major in the outermost tenth of its breadth, where it "
        "turns to the arm.",
    ),
    _Entry(
        "posterior-axillary-fold", "Posterior axillary fold", "Plica axillaris posterior", (),
        "latissimus_dorsi", True, _BACK, farthest(0, -1, 0, outer=0.95),
        "Lowest point of latissimus dorsi in the outermost twentieth of its breadth, where it turns to the arm.",
    ),
    _Entry(
        "umbilicus", "Umbilicus", "Umbilicus", ("navel", "belly button"),
        "skin", False, _FRONT, umbilicus,
        "On the skin's midline, between 60 and 330 mm below the xiphisternal joint's height: where the profile lies "
        "deepest behind the chord between points 16 mm above and below.",
    ),
    _Entry(
        "rib-11-tip", "Tip of rib 11", "", ("eleventh rib tip",),
        "rib_11", True, _BACK_SIDE, farthest(0, -1, 0),
        "Lowest point of rib 11, its free end.",
    ),
    _Entry(
        "rib-12-tip", "Tip of rib 12", "", ("twelfth rib tip",),
        "rib_12", True, _BACK_SIDE, farthest(0, -1, 0),
        "Lowest point of rib 12, its free end.",
    ),
    _Entry(
        "iliac-crest", "Highest point of the iliac crest", "", ("iliac crest", "crista iliaca"),
        "hip_bone", True, _BACK_ROUND, farthest(0, 1, 0),
        "Highest point of the hip bone.",
    ),
    _Entry(
        "psis", "Posterior superior iliac spine", "Spina iliaca posterior superior", ("SIPS",),
        "hip_bone", True, _BACK_SIDE, farthest(-1, 0, -1, above=0.5),
        "Posterior end of the iliac crest: the point of the hip bone's upper half farthest to the midline and back, "
        "both alike.",
    ),
    _Entry(
        "asis", "Anterior superior iliac spine", "Spina iliaca anterior superior", ("SIAS",),
        "hip_bone", True, _FRONT_SIDE, farthest(0, 0, 1, above=0.5),
        "Anterior end of the iliac crest: foremost point of the hip bone's upper half.",
    ),
    _Entry(
        "pubic-tubercle", "Pubic tubercle", "Tuberculum pubicum", (),
        "hip_bone", True, _FRONT, farthest(0, 0, 1, below=0.5),
        "Foremost point of the hip bone's lower half.",
    ),
    _Entry(
        "pubic-symphysis", "Pubic symphysis", "Symphysis pubica", ("symphysis", "upper edge of the symphysis"),
        "hip_bone", False, _FRONT, symphysis,
        "Highest point of the hip bone within 8 mm of its innermost point, moved to the midline.",
    ),
    _Entry(
        "sacrum-lateral-border", "Middle of the lateral border of the sacrum", "",
        ("lateral border of the sacrum", "sacral border"),
        "sacrum", True, _BACK, lateral_border_middle,
        "Most lateral point of the sacrum at half of its height.",
    ),
    _Entry(
        "ischial-tuberosity", "Ischial tuberosity", "Tuber ischiadicum", ("sit bone",),
        "hip_bone", True, _BACK_SIDE, farthest(0, -1, 0),
        "Lowest point of the hip bone.",
    ),
    _Entry(
        "greater-trochanter", "Greater trochanter", "Trochanter major", (),
        "femur", True, _BACK_ROUND, farthest(1, 0, 0),
        "Most lateral point of the femur.",
    ),
    _Entry(
        "lateral-epicondyle", "Lateral epicondyle of the humerus", "Epicondylus lateralis humeri",
        ("lateral epicondyle",),
        "humerus", True, ("anterior", "posterior"), farthest(1, 0, 0, below=0.2),
        "Most lateral point of the humerus's lower fifth.",
    ),
)  # fmt: skip


_RIBS = range(2, 6)
_ORDINALS = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}


def _on_rib(number: int, line_mm: float) -> _Entry:
    return _Entry(
        f"rib-{number}-midclavicular",
        f"Rib {number} on the midclavicular line",
        "",
        (f"{_ORDINALS[number]} rib on the midclavicular line",),
        f"rib_{number}",
        True,
        _FRONT,
        partial(foremost_beside, across_mm=line_mm),
        "Foremost point of the rib within 4 mm of the line half-way between the ends of the clavicle.",
    )


def find_landmarks(meshes: Sequence[Mesh]) -> tuple[Landmark, ...]:
    """Every landmark of the reference body, the levels of the spine first; coordinates to 0.1 mm.

    Raises `ValueError` where a bone is missing, or where the two sides disagree by more than 2 mm.
    """
    named = {entry.bone for entry in (*_spine(), *_OTHERS)} | {f"rib_{number}" for number in _RIBS}
    bones = {(mesh.name, mesh.side): mesh.vertices[mesh.faces] for mesh in meshes if mesh.name in named}
    landmarks = {entry.id: _landmark(entry, bones) for entry in (*_spine(), *_OTHERS)}
    ends = landmarks["clavicle-sternal-end"].at["left"], landmarks["clavicle-acromial-end"].at["left"]
    for number in _RIBS:
        entry = _on_rib(number, (ends[0][0] + ends[1][0]) / 2)
        landmarks[entry.id] = _landmark(entry, bones)
    for end, en, alias in (
        ("acromion", "Midpoint between C7 and the acromion", "midpoint of C7 and acromion"),
        ("acromion-angle", "Midpoint between C7 and the angle of the acromion", "midpoint of C7 and acromial angle"),
    ):
        landmark = _midpoint(f"c7-{end}-midpoint", en, alias, landmarks["C7"], landmarks[end])
        landmarks[landmark.id] = landmark
    return tuple(landmarks.values())


def encode(landmarks: Sequence[Landmark]) -> bytes:
    """The bytes of the atlas's `landmarks.json`; equal landmarks give equal bytes."""
    return write_landmarks(landmarks)


def _landmark(entry: _Entry, bones: dict[tuple[str, Side], Points]) -> Landmark:
    def triangles(side: Side) -> Points:
        bone = bones.get((entry.bone, side), bones.get((entry.bone, "midline")))
        if bone is None and not entry.paired:
            bone = bones.get((entry.bone, "left"))
        if bone is None:
            raise ValueError(f"{entry.id}: there is no mesh of {entry.bone}, {side}")
        return bone

    if not entry.paired:
        _, y, z = entry.find(triangles("midline"))
        return _of(entry, {"midline": (0.0, _tenth(y), _tenth(z))})
    left, right = entry.find(triangles("left")), entry.find(triangles("right") * _MIRROR)
    apart = float(np.linalg.norm(left - right))
    if apart > _AGREE_MM:
        raise ValueError(f"{entry.id}: left and right are {apart:.1f} mm apart when mirrored")
    x, y, z = map(_tenth, (left + right) / 2)
    return _of(entry, {"left": (x, y, z), "right": (-x, y, z)})


def _of(entry: _Entry, at: dict[Side, BodyPoint]) -> Landmark:
    return Landmark(
        id=entry.id,
        names=LandmarkNames(en=entry.en, la=entry.la),
        aliases=entry.aliases,
        paired=entry.paired,
        views=entry.views,
        structure="" if entry.bone == _SKIN else entry.bone.replace("_", "-"),
        at=at,
        rule=entry.rule,
    )


def _midpoint(landmark_id: str, en: str, alias: str, middle: Landmark, end: Landmark) -> Landmark:
    x0, y0, z0 = middle.at["midline"]
    at: dict[Side, BodyPoint] = {
        side: (_tenth((x0 + x) / 2), _tenth((y0 + y) / 2), _tenth((z0 + z) / 2)) for side, (x, y, z) in end.at.items()
    }
    return Landmark(
        id=landmark_id,
        names=LandmarkNames(en=en, la=""),
        aliases=(alias,),
        paired=True,
        views=("posterior",),
        structure="",
        at=at,
        rule=f"Half-way on the straight line from {middle.id} to {end.id}.",
        derived_from=(middle.id, end.id),
    )


def _tenth(value_mm: float) -> float:
    return round(float(value_mm), 1) + 0.0
