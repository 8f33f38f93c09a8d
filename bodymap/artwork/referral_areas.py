"""The vocabulary of referral areas: which words of the table mean which area, and by what rule each is drawn.

Words are merged where they mean the same place, as `words` shows; a part and its whole stay two areas. Rules are
written for the left half in body millimetres: `back` and `front` share the plane (X, Y), `side` is (Z, Y).
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple

import shapely

from bodymap.artwork import referral_rules as rules
from bodymap.artwork.figure import Figure, Plane, Shape, across

Seen = Literal["back", "front", "side"]
_BACK: tuple[Seen, ...] = ("back",)
_FRONT: tuple[Seen, ...] = ("front",)
_BACK_FRONT: tuple[Seen, ...] = ("back", "front")
_BACK_SIDE: tuple[Seen, ...] = ("back", "side")
_FRONT_SIDE: tuple[Seen, ...] = ("front", "side")
_ROUND: tuple[Seen, ...] = ("back", "front", "side")

# How far an area keeps from the skin's outline, so that dots do not sit on the line.
_RIM_MM = 2.0
_BELOW_PAGE = "The fingers, but for their roots, lie below the page of every view."


class Area(NamedTuple):
    """One area: its id, its English name, the table's words for it, on which views it is drawn, and how."""

    id: str
    name: str
    words: tuple[str, ...]
    seen: tuple[Seen, ...]
    draw: rules.Rule | None
    rule: str
    note: str = ""
    paired: bool = True
    arm: bool = False


_GOES_ON = "It goes on below the page."

AREAS: tuple[Area, ...] = (
    # Head
    Area("head-vertex", "Top of the head", ("head_vertex",), _ROUND, rules.vertex,
         "The head's outline down to 32 mm below the top of the skull.", paired=False),
    Area("head-diffuse", "Whole head", ("head_diffuse",), _ROUND, rules.whole_head,
         "The skull above the external occipital protuberance, 6 mm beyond its outline.", paired=False),
    Area("forehead", "Forehead", ("forehead",), _FRONT_SIDE, rules.whole("frontalis", grown_mm=-1),
         "The silhouette of frontalis."),
    Area("temple", "Temple", ("temple",), _FRONT_SIDE, rules.part("temporalis", low=0.15, high=0.8, inner=0.55),
         "The foremost (from the front the outer) 45% of temporalis, from 15% to 80% of its height."),
    Area("eye", "Eye and around it", ("eye", "around_eye"), _FRONT_SIDE, rules.whole("orbicularis_oculi", grown_mm=3),
         "The silhouette of orbicularis oculi, 3 mm beyond."),
    Area("behind-eye", "Behind the eye", ("behind_eye",), _FRONT_SIDE, rules.behind_eye,
         "13 mm around the middle of orbicularis oculi; from the side around the middle of its hind edge."),
    Area("cheek", "Cheek", ("cheek",), _FRONT_SIDE, rules.cheek,
         "15 mm around a point 4 mm medial of and 6 mm above the middle of zygomaticus major."),
    Area("jaw-angle", "Angle of the jaw", ("jaw_angle",), _FRONT_SIDE,
         rules.disc("mandible-angle", 13, medial=-4, up=2),
         "13 mm around a point 4 mm lateral of and 2 mm above the angle of the mandible."),
    Area("parietal", "Side of the top of the head", ("parietal",), _BACK_SIDE, rules.parietal,
         "At the height of temporalis's upper edge: 22 mm around a point at half of the skull's half width; from the "
         "side 26 mm around a point 40 mm behind the middle of temporalis."),
    Area("occiput", "Back of the head", ("occiput",), _BACK_SIDE, rules.whole("occipitalis", grown_mm=10),
         "The silhouette of occipitalis, 10 mm beyond."),
    Area("mastoid", "Behind the ear, mastoid", ("mastoid", "behind_ear"), _BACK_SIDE, rules.disc("mastoid", 15, up=8),
         "15 mm around a point 8 mm above the tip of the mastoid process."),
    Area("ear", "Ear", ("ear",), ("side",), rules.ear,
         "14 mm around a point 16 mm behind and 4 mm below the jaw joint."),
    Area("forehead-other-side", "Forehead, on the other side too", ("forehead_other_side",), (), None, "",
         "It is the forehead of the other half, which the area of that name draws on its own."),
    # Neck
    Area("throat", "Throat", ("throat",), _FRONT, rules.throat,
         "18 mm to either side of the midline, from 12 mm above the sternal notch to 20 mm below the angle of the "
         "mandible.", paired=False),
    Area("neck-posterior", "Back of the neck", ("neck_posterior",), _BACK_SIDE, rules.nape,
         "From C7 to 20 mm above C2, 27 mm to the side; from the side the hindmost 22 mm."),
    Area("neck-posterolateral", "Back and side of the neck", ("neck_posterolateral",), _BACK_SIDE, rules.side_of_nape,
         "13 mm to either side of a line from below the mastoid process to the angle of the neck."),
    Area("neck-angle", "Angle and base of the neck", ("neck_angle", "neck_base"), _ROUND, rules.neck_angle,
         "20 mm around a point just within the place where the neck's outline turns into the shoulder's: where it is "
         "farthest from the line from mastoid to acromion."),
    # Shoulder girdle
    Area("suprascapular", "Above the scapula's spine", ("suprascapular",), _BACK, rules.suprascapular,
         "15 mm to either side of a line from the superior angle of the scapula to 34 mm short of the acromion."),
    Area("acromion", "Tip of the shoulder", ("acromion",), _ROUND, rules.disc("acromion", 17, medial=12, up=-4),
         "17 mm around a point 12 mm medial of and 4 mm below the acromion's tip."),
    Area("scapula", "Scapula", ("scapula",), _BACK, rules.whole("scapula", grown_mm=2),
         "The silhouette of the scapula."),
    Area("scapula-upper-deep", "Deep under the upper scapula", ("scapula_upper_deep",), _BACK, rules.upper_scapula,
         "The scapula's silhouette down to 28 mm below the root of its spine, 45 mm short of the acromion."),
    Area("scapula-medial-border", "Medial border of the scapula", ("scapula_medial_border",), _BACK,
         rules.strip("scapula-superior-angle", "scapular-spine-root", "scapula-medial-border", "scapula-inferior-angle",
               half_width_mm=11),
         "11 mm to either side of the lines from the superior angle by the root of the spine and the middle of the "
         "border to the inferior angle."),
    Area("scapula-inferior-angle", "Lower angle of the scapula", ("scapula_inferior_angle", "scapula_inferior"),
         _BACK_SIDE, rules.disc("scapula-inferior-angle", 22, up=8),
         "22 mm around a point 8 mm above the inferior angle of the scapula."),
    Area("interscapular", "Between the shoulder blades", ("interscapular",), _BACK, rules.between_scapulae,
         "From the midline to the medial border of the scapula, from its superior angle to 25 mm above its inferior "
         "angle."),
    Area("c7-t3-spinous", "Spinous processes C7 to T3", ("C7_T3_spinous",), _BACK,
         rules.strip("C7", "T3", half_width_mm=11), "11 mm to either side of the spinous processes from C7 to T3.",
         paired=False),
    Area("shoulder-posterior", "Back of the shoulder", ("shoulder_posterior", "shoulder_back"), _BACK_SIDE,
         rules.part("deltoid_spinal", low=0.4, grown_mm=-3), "The upper 60% of the spinal part of deltoid."),
    Area("shoulder-lateral", "Side of the shoulder", ("shoulder_lateral",), _ROUND,
         rules.part("deltoid_acromial", low=0.3, grown_mm=-1), "The upper 70% of the acromial part of deltoid."),
    Area("shoulder-anterior", "Front of the shoulder", ("shoulder_anterior",), _FRONT_SIDE,
         rules.part("deltoid_clavicular", low=0.3, grown_mm=-2), "The upper 70% of the clavicular part of deltoid."),
    # Arm
    Area("upper-arm-posterior", "Back of the upper arm", ("upper_arm_posterior",), _BACK_SIDE, rules.upper_arm_behind,
         "The arm from 115 mm below the acromion to 22 mm above the lateral epicondyle, without 14 mm along its "
         "outline; from the side the hindmost 26 mm.", arm=True),
    Area("upper-arm-lateral", "Outer side of the upper arm", ("upper_arm_lateral",), _ROUND, rules.upper_arm_lateral,
         "The same length of arm, the 26 mm along its lateral outline; from the side without 14 mm along its outline.",
         arm=True),
    Area("upper-arm-anterolateral", "Front and outer side of the upper arm", ("upper_arm_anterolateral",),
         _FRONT_SIDE, rules.upper_arm_anterolateral,
         "The same length of arm, the 44 mm along its lateral outline; from the side the foremost 44 mm.", arm=True),
    Area("upper-arm-medial", "Inner side of the upper arm", ("upper_arm_medial",), _BACK_FRONT, rules.upper_arm_medial,
         "The same length of arm, the 26 mm along its medial outline.", arm=True),
    Area("arm-ulnar", "Ulnar side of the whole arm", ("arm_ulnar",), _BACK_FRONT, rules.arm_ulnar,
         "The arm from 115 mm below the acromion to the wrist, the 24 mm along its medial outline.", arm=True),
    Area("elbow-lateral-epicondyle", "Lateral epicondyle of the elbow", ("elbow_lateral_epicondyle",), _ROUND,
         rules.disc("lateral-epicondyle", 17, medial=4), "17 mm around a point 4 mm medial of the lateral epicondyle.",
         arm=True),
    Area("elbow-medial-epicondyle", "Medial epicondyle of the elbow", ("elbow_medial_epicondyle",), _BACK_FRONT,
         rules.medial_epicondyle, "17 mm around the most medial point of the lower fifth of the humerus.", arm=True),
    Area("forearm", "Forearm", ("forearm",), _ROUND, rules.forearm,
         "The arm from 22 mm below the lateral epicondyle to 18 mm above the end of the radius.", arm=True),
    Area("forearm-dorsal", "Back of the forearm", ("forearm_dorsal",), _BACK, rules.forearm_middle,
         "The forearm without 12 mm along its outline.", arm=True),
    Area("forearm-palmar", "Palmar side of the forearm", ("forearm_palmar",), _FRONT, rules.forearm_middle,
         "The forearm without 12 mm along its outline.", arm=True),
    Area("forearm-radial", "Radial side of the forearm", ("forearm_radial",), _ROUND, rules.forearm_radial,
         "The 28 mm along the forearm's lateral outline; from the side all but 6 mm along its outline.", arm=True),
    Area("forearm-ulnar", "Ulnar side of the forearm", ("forearm_ulnar",), _BACK_FRONT, rules.forearm_ulnar,
         "The 26 mm along the forearm's medial outline.", arm=True),
    Area("wrist-band", "Band around the wrist", ("wrist_band",), _ROUND, rules.wrist,
         "The arm from 8 mm below to 16 mm above the end of the radius.", arm=True),
    Area("hand-radial", "Radial side of the hand", ("hand_radial",), _ROUND, rules.hand_radial,
         "The hand lateral of the middle of its bones; from the side all of it.", _GOES_ON, arm=True),
    Area("thumb", "Thumb", ("thumb",), _BACK_FRONT, rules.thumb,
         "9 mm around the bones of the hand more than 58 mm lateral of the lateral epicondyle.", arm=True),
    Area("index-finger", "Index finger", ("index_finger",), (), None, "", _BELOW_PAGE, arm=True),
    Area("fingers-3-5", "Middle, ring and little finger", ("fingers_3_5",), (), None, "", _BELOW_PAGE, arm=True),
    Area("ring-finger", "Ring finger", ("ring_finger",), (), None, "", _BELOW_PAGE, arm=True),
    Area("little-finger", "Little finger", ("little_finger",), (), None, "", _BELOW_PAGE, arm=True),
    # Trunk, from before
    Area("chest-anterior", "Front of the chest", ("chest_anterior", "chest", "pectoral"), _FRONT_SIDE,
         rules.whole("pectoralis_major_sternocostal", grown_mm=-6),
         "The silhouette of the sternocostal part of pectoralis major without 6 mm along its outline."),
    Area("sternum", "Sternum", ("sternum",), _FRONT,
         rules.strip("sternal-notch", "xiphisternal-joint", half_width_mm=14),
         "14 mm to either side of a line from the sternal notch to the xiphisternal joint.", paired=False),
    Area("nipple", "Nipple", ("nipple_hypersensitivity",), _FRONT, rules.nipple,
         "15 mm around a point half-way along the clavicle and half-way between ribs 4 and 5 there.",
         "The sources' word is oversensitivity of the nipple."),
    Area("abdomen", "Abdomen", ("abdomen",), _FRONT, rules.abdomen,
         "From the midline to 25 mm short of the costal margin's lowest point, from 60 mm below the xiphisternal joint "
         "to the anterior superior iliac spine."),
    Area("abdomen-lower-lateral", "Lower side of the abdomen", ("abdomen_lower_lateral",), _FRONT_SIDE,
         rules.lower_lateral_abdomen,
         "In front of the anterior superior iliac spine, from 25 mm above the iliac crest's highest point to 34 mm "
         "below the spine."),
    Area("groin", "Groin", ("groin",), _FRONT, rules.groin,
         "15 mm to either side of a line just below the one from anterior superior iliac spine to pubic tubercle, "
         "without its first third."),
    Area("waist-side", "Side of the waist", ("waist_side",), _ROUND, rules.waist,
         "Between the iliac crest and the costal margin the 38 mm along the trunk's outline; from the side 34 mm "
         "behind to 40 mm before the tip of rib 11."),
    # Trunk, from behind
    Area("lower-ribs-posterior", "Lower ribs at the back", ("over_muscle_lower_ribs",), _BACK,
         rules.whole("serratus_posterior_inferior", grown_mm=-4), "The silhouette of serratus posterior inferior."),
    Area("low-back", "Low back", ("low_back",), _BACK, rules.low_back,
         "From the midline to 14 mm short of the iliac crest's highest point, from L1 to 6 mm below L5."),
    Area("sacrum", "Sacrum", ("sacrum",), _BACK, rules.whole("sacrum", grown_mm=-2), "The silhouette of the sacrum.",
         paired=False),
    Area("sacroiliac", "Sacroiliac joint", ("sacroiliac",), _BACK, rules.sacroiliac,
         "14 mm to either side of a line from 14 mm above to 30 mm below the posterior superior iliac spine."),
    Area("iliac-crest", "Iliac crest", ("iliac_crest",), _BACK_SIDE, rules.crest,
         "The uppermost 22 mm of the hip bone above the posterior superior iliac spine, 4 mm beyond."),
    Area("buttock", "Buttock", ("buttock",), _BACK_SIDE, rules.whole("gluteus_maximus", grown_mm=-10),
         "The silhouette of gluteus maximus without 10 mm along its outline."),
    Area("buttock-lower", "Lower buttock", ("buttock_lower",), _BACK_SIDE,
         rules.part("gluteus_maximus", low=0.1, high=0.48, grown_mm=-6),
         "Gluteus maximus from 10% to 48% of its height, without 6 mm along its outline."),
    Area("buttock-lateral", "Outer buttock", ("buttock_lateral",), _BACK_SIDE,
         rules.part("gluteus_medius", low=0.15, high=0.9, grown_mm=-3),
         "Gluteus medius from 15% to 90% of its height, without 3 mm along its outline."),
    Area("hip-posterior", "Back of the hip", ("hip_posterior",), _BACK, rules.hip_behind,
         "22 mm to either side of a line that begins 30 mm medial of the greater trochanter and runs 32 mm inwards."),
    Area("greater-trochanter", "Greater trochanter", ("greater_trochanter",), _ROUND,
         rules.disc("greater-trochanter", 22, medial=8), "22 mm around a point 8 mm medial of the greater trochanter."),
    Area("thigh-lateral", "Outer thigh", ("thigh_lateral",), _ROUND, rules.thigh_lateral,
         "From 26 mm below the greater trochanter the 40 mm along the thigh's outline; from the side 26 mm to either "
         "side of the trochanter.", _GOES_ON),
    Area("thigh-posterior", "Back of the thigh", ("thigh_posterior",), _BACK, rules.thigh_behind,
         "From 6 mm above the ischial tuberosity, 12 mm medial to 62 mm lateral of it.", _GOES_ON),
    # No place of their own
    Area("toward-spine", "Towards the spine", ("toward_spine",), (), None, "",
         "The source gives a direction from the point, not a place."),
    Area("spinous-local", "Spinous process at the level of the point", ("spinous_local",), (), None, "",
         "It lies beside the point itself, at no place of its own."),
)  # fmt: skip

AREA_OF_WORD: Mapping[str, str] = {word: area.id for area in AREAS for word in area.words}


def drawn(area: Area, figure: Figure, seen: Seen) -> Shape:
    """The outline of an area on the left half (or on the midline): rounded, within the skin, without gaps.

    Raises `ValueError` where nothing is left of it.
    """
    if area.draw is None:
        raise ValueError(f"{area.id} has no outline")
    plane: Plane = "side" if seen == "side" else "front"
    skins = [figure.shape("skin-of-trunk", plane)]
    if area.arm or plane == "front":
        skins.append(figure.shape("skin-of-arm", plane))
    skin = shapely.buffer(shapely.union_all(skins), -_RIM_MM)
    shape = shapely.intersection(area.draw(figure, plane), skin)
    if plane == "front" and area.paired:
        shape = shapely.intersection(shape, across(1, 1000))
    # Rounding fills notches of the skin, too, such as that beside the thumb.
    shape = rules.largest(shapely.intersection(rules.rounded(shape), skin))
    if shape.is_empty:
        raise ValueError(f"nothing is left of {area.id}, seen from the {seen}")
    return shape
