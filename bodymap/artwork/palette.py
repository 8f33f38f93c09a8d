"""The colours of the plates: flesh in a desaturated grey-rose, one tint a muscle, ivory bones, a pale skin.

Needles and treated muscles are drawn on top of these later and must be the first thing seen, so nothing here is
saturated or dark. Lines have four weights: the contour, muscles, the parts of one muscle, and fibres.
"""

TINTS: tuple[str, ...] = ("#cdb5ab", "#d1baaf", "#d5bfb4", "#d8c4b9", "#dccabf", "#e0d0c6")
"""The tints of muscles, darkest first."""

# Which tint each muscle has, so that no two that meet on any plate have the same.
_TINT_OF: dict[str, int] = {
    "trapezius": 3,
    "levator-scapulae": 1,
    "splenius-capitis": 4,
    "splenius-cervicis": 2,
    "semispinalis-capitis": 3,
    "semispinalis-cervicis": 1,
    "rectus-capitis-posterior-major": 1,
    "rectus-capitis-posterior-minor": 3,
    "obliquus-capitis-superior": 4,
    "obliquus-capitis-inferior": 2,
    "sternocleidomastoid": 1,
    "scalenus-anterior": 4,
    "scalenus-medius": 2,
    "scalenus-posterior": 5,
    "longissimus-capitis": 1,
    "longissimus-cervicis": 4,
    "longissimus-thoracis": 1,
    "iliocostalis-cervicis": 2,
    "iliocostalis-thoracis": 4,
    "iliocostalis-lumborum": 3,
    "multifidus": 2,
    "rotatores": 4,
    "spinalis-thoracis": 3,
    "semispinalis-thoracis": 2,
    "supraspinatus": 1,
    "infraspinatus": 4,
    "teres-minor": 1,
    "teres-major": 3,
    "subscapularis": 5,
    "deltoid": 1,
    "rhomboid-major": 2,
    "rhomboid-minor": 4,
    "latissimus-dorsi": 0,
    "serratus-posterior-superior": 5,
    "serratus-posterior-inferior": 5,
    "serratus-anterior": 4,
    "quadratus-lumborum": 4,
    "psoas-major": 1,
    "iliacus": 3,
    "pectoralis-major": 2,
    "pectoralis-minor": 4,
    "subclavius": 1,
    "rectus-abdominis": 4,
    "external-oblique": 2,
    "internal-oblique": 3,
    "transversus-abdominis": 1,
    "gluteus-maximus": 1,
    "gluteus-medius": 3,
    "gluteus-minimus": 4,
    "piriformis": 2,
    "tensor-fasciae-latae": 4,
    "masseter": 2,
    "temporalis": 3,
    "coracobrachialis": 1,
    "biceps-brachii": 3,
    "triceps-brachii": 3,
    "brachialis": 1,
    "longus-colli": 1,
    "longus-capitis": 4,
    "digastric": 3,
    "omohyoid": 4,
    "occipitalis": 3,
    "frontalis": 4,
    "obturator-internus": 1,
    "superior-gemellus": 3,
    "inferior-gemellus": 4,
    "quadratus-femoris": 2,
}
_OTHERS = 2

_PAINT = list[tuple[str, str]]

PAPER = "#fffdfa"
CONTEXT = "#dfcfc5"
SHEET = "#efe4da"
_JOINED: _PAINT = [("stroke-linejoin", "round")]

BODY_PAINT: _PAINT = [("fill", "#f7efe8"), ("stroke", "#8f7468"), ("stroke-width", "1.1"), *_JOINED]
RIM_PAINT: _PAINT = [("class", "rim"), ("fill", "#dcc6b8"), ("fill-opacity", ".4"), ("stroke", "none")]
GROUND_PAINT: _PAINT = [("class", "quiet"), ("fill", "#e2d2c7"), ("stroke", "none")]
HAIR_PAINT: _PAINT = [("class", "hair"), ("fill", "#d6c7bd"), ("stroke", "none")]
EAR_PAINT: _PAINT = [("class", "ear"), ("fill", "#f7efe8"), ("stroke", "#8f7468"), ("stroke-width", ".7")]
BONE_PAINT: _PAINT = [("fill", "#f1e8da"), ("stroke", "#9d8875"), ("stroke-width", ".5"), *_JOINED]
CONTEXT_PAINT: _PAINT = [("fill", CONTEXT), ("stroke", "#8f6f64"), ("stroke-width", ".5"), *_JOINED]
LIMB_PAINT: _PAINT = [("class", "quiet"), ("fill", "#e6d8ce"), ("stroke", "#b49c90")]
REGION_PAINT: _PAINT = [("stroke", "#74483c"), ("stroke-width", ".75"), *_JOINED]
PART_PAINT: _PAINT = [("stroke-width", ".35")]
EDGE_PAINT: _PAINT = [("fill", "none"), ("stroke", "#74483c"), ("stroke-width", ".75"), *_JOINED]
SHEET_PAINT: _PAINT = [("class", "sheet"), ("fill", SHEET), ("fill-opacity", ".6")]
FIBRE_PAINT: _PAINT = [("fill", "none"), ("stroke-width", ".35"), ("stroke-linecap", "round")]
FACE_PAINT: _PAINT = [("fill", "none"), ("stroke", "#8f7468"), ("stroke-linecap", "round"), *_JOINED]
FADE_PAINT: _PAINT = [("fill", PAPER)]

_FACE_WEIGHTS = {"firm": "1.3", "soft": ".8", "fine": ".45"}
_SHADOW, _LIGHT = "#6e4334", "#fff8f0"
_OPACITY = {("dark", "shaded"): ".075", ("light", "shaded"): ".14", ("dark", "plain"): ".14"}


def fibre_paint(name: str) -> _PAINT:
    """The paint of the `dark` or the `light` fibre strokes."""
    colour, opacity = ("#74483c", ".34") if name == "dark" else ("#fff8f0", ".5")
    return [("class", name), ("stroke", colour), ("stroke-opacity", opacity)]


def face_paint(weight: str) -> _PAINT:
    """The paint of a `firm`, `soft` or `fine` line of the face."""
    return [("class", weight), ("stroke-width", _FACE_WEIGHTS[weight])]


def tone_paint(name: str, detail: str) -> _PAINT:
    """The paint of one step of tone, by its class."""
    return [("class", name), ("fill", _SHADOW if name == "dark" else _LIGHT), ("fill-opacity", _OPACITY[name, detail])]


def flesh(muscle: str) -> str:
    """The fill of every part of a muscle, `#rrggbb`."""
    return TINTS[_TINT_OF.get(muscle, _OTHERS)]
