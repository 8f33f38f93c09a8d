"""The colours of the plates: calm flesh tones a small step apart, ivory bones, a pale body.

Needles are drawn on top of these later and must be the first thing seen, so nothing here is saturated or dark.
"""

from colorsys import hls_to_rgb

# (hue in degrees, lightness and saturation in percent) of the flesh tones.
_FLESH: tuple[tuple[float, float, float], ...] = (
    (11, 67, 44),
    (17, 72, 44),
    (9, 63, 38),
    (19, 76, 42),
    (12, 70, 38),
    (14, 65, 34),
)

# Which tone, so that no two that meet on any plate have the same.
_TONE_OF: dict[str, int] = {
    "trapezius_descending": 1,
    "trapezius_transverse": 3,
    "trapezius_ascending": 0,
    "levator_scapulae": 2,
    "splenius_capitis": 1,
    "splenius_cervicis": 5,
    "spinalis_capitis": 3,
    "semispinalis_cervicis": 1,
    "rectus_capitis_posterior_major": 0,
    "rectus_capitis_posterior_minor": 3,
    "obliquus_capitis_superior": 4,
    "obliquus_capitis_inferior": 1,
    "sternocleidomastoid": 4,
    "scalenus_anterior": 1,
    "scalenus_medius": 2,
    "scalenus_posterior": 3,
    "longissimus_capitis": 4,
    "longissimus_cervicis": 5,
    "iliocostalis_cervicis": 2,
    "multifidus_cervicis": 3,
    "supraspinatus": 0,
    "infraspinatus": 1,
    "teres_minor": 4,
    "teres_major": 2,
    "subscapularis": 3,
    "deltoid_clavicular": 1,
    "deltoid_acromial": 4,
    "deltoid_spinal": 2,
    "rhomboid_major": 0,
    "rhomboid_minor": 3,
    "latissimus_dorsi": 2,
    "serratus_posterior_superior": 4,
    "semispinalis_thoracis": 1,
    "longissimus_thoracis": 0,
    "iliocostalis_thoracis": 3,
    "spinalis_thoracis": 4,
    "multifidus_thoracis": 3,
    "rotatores": 0,
    "serratus_posterior_inferior": 4,
    "quadratus_lumborum": 1,
    "iliocostalis_lumborum": 1,
    "multifidus_lumborum": 2,
    "psoas_major": 4,
    "pectoralis_major_clavicular": 3,
    "pectoralis_major_sternocostal": 0,
    "pectoralis_major_abdominal": 2,
    "pectoralis_minor": 1,
    "serratus_anterior": 5,
    "external_oblique": 1,
    "internal_oblique": 3,
    "gluteus_maximus": 0,
    "gluteus_medius": 1,
    "gluteus_minimus": 2,
    "piriformis": 4,
    "masseter": 0,
    "temporalis": 1,
    "coracobrachialis": 3,
    "biceps_brachii": 0,
    "triceps_brachii": 1,
}

_PAINT = list[tuple[str, str]]

CONTEXT = "#dcbaa9"
SHEET = "#f3e9dc"
_LINE: _PAINT = [("stroke-width", ".6"), ("stroke-linejoin", "round")]

BODY_PAINT: _PAINT = [("fill", "#f7efe8"), ("stroke", "#c6ae9f"), *_LINE]
RIM_PAINT: _PAINT = [("class", "rim"), ("fill", "#dcc6b8"), ("fill-opacity", ".4"), ("stroke", "none")]
QUIET_PAINT: _PAINT = [("class", "quiet"), ("fill", "#ecdacd"), ("stroke", "#cfb5a6")]
BONE_PAINT: _PAINT = [("fill", "#f1e8da"), ("stroke", "#a8927d"), *_LINE]
CONTEXT_PAINT: _PAINT = [("fill", CONTEXT), ("stroke", "#94675a"), ("stroke-opacity", ".7"), *_LINE]
REGION_PAINT: _PAINT = [("stroke", "#74392f"), ("stroke-width", ".7"), ("stroke-linejoin", "round")]
SHEET_PAINT: _PAINT = [("class", "sheet"), ("fill", SHEET), ("fill-opacity", ".55")]
FIBRE_PAINT: _PAINT = [
    ("fill", "none"),
    ("stroke-width", ".4"),
    ("stroke-linecap", "round"),
]

_SHADOW, _LIGHT = "#5c2415", "#fff5ea"
_OPACITY = {
    "dark-1": ".10",
    "dark-2": ".12",
    "dark-3": ".15",
    "dark-4": ".18",
    "light-1": ".16",
    "light-2": ".14",
}


def fibre_paint(name: str) -> _PAINT:
    """The paint of the `dark` or the `light` fibre strokes."""
    colour, opacity = ("#6e2c20", ".32") if name == "dark" else ("#fff3e6", ".5")
    return [("class", name), ("stroke", colour), ("stroke-opacity", opacity)]


def tone_paint(name: str, detail: str) -> _PAINT:
    """The paint of one step of tone, by its class. A plain plate has one step, so it is a little stronger."""
    opacity = ".13" if detail == "plain" else _OPACITY[name]
    return [("class", name), ("fill", _SHADOW if name.startswith("dark") else _LIGHT), ("fill-opacity", opacity)]


def flesh(mesh_name: str) -> str:
    """The fill of a region, `#rrggbb`."""
    hue, lightness, saturation = _FLESH[_TONE_OF[mesh_name]]
    red, green, blue = hls_to_rgb(hue / 360, lightness / 100, saturation / 100)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
