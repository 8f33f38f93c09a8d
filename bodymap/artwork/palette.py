"""The colours of the plates: calm flesh tones a small step apart, ivory bones, a pale body.

Needles are drawn on top of these later and must be the first thing seen, so nothing here is saturated or dark.
"""

from colorsys import hls_to_rgb

# (hue in degrees, lightness and saturation in percent) of the flesh tones.
_FLESH: tuple[tuple[float, float, float], ...] = (
    (10, 66, 40),
    (14, 70, 38),
    (7, 62, 36),
    (17, 73, 36),
    (4, 67, 34),
    (12, 64, 30),
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

BONE, BONE_EDGE = "#ebe3d2", "#a3927c"
SKIN, SKIN_EDGE, SKIN_SHADE = "#f5ece4", "#c4ab9b", "#d9c0b0"
CONTEXT, CONTEXT_EDGE = "#d6b0a2", "#8a5a4e"
REGION_EDGE = "#7a3f36"
SHADOW, LIGHT, SHEET = "#45160f", "#fff4ea", "#f1e6d8"
FIBRE_DARK, FIBRE_LIGHT = "#6b2a20", "#fff0e4"


def flesh(mesh_name: str) -> str:
    """The fill of a region, `#rrggbb`."""
    hue, lightness, saturation = _FLESH[_TONE_OF[mesh_name]]
    red, green, blue = hls_to_rgb(hue / 360, lightness / 100, saturation / 100)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
