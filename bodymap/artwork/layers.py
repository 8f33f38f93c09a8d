"""The order of dissection: which structures each plate still has, and which no plate has.

A plate shows the structures of its own layer and of every layer below it, so `deep` is what is left when
`superficial` and `intermediate` are taken away. Bones are on every plate, but for shreds. The side views have
one layer; there the question is only whether the free upper limb is drawn, because it hides the flank.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from bodymap.artwork.meshes import Mesh
from bodymap.artwork.raster import ViewId

LayerId = Literal["superficial", "intermediate", "deep", "deepest"]
Arm = Literal["hidden", "shown"]

LAYERS_OF_VIEW: Mapping[ViewId, tuple[LayerId, ...]] = MappingProxyType(
    {
        "posterior": ("superficial", "intermediate", "deep", "deepest"),
        "anterior": ("superficial", "intermediate", "deep", "deepest"),
        "left": ("superficial",),
        "right": ("superficial",),
    }
)

# Peeled from outside in. What no row names stays to the last layer: a muscle that nobody takes away.
_PEELED: dict[ViewId, dict[LayerId, tuple[str, ...]]] = {
    "posterior": {
        # The sheet that is first met under the skin, and what would hang free without it.
        "superficial": (
            "trapezius_descending",
            "trapezius_transverse",
            "trapezius_ascending",
            "deltoid_clavicular",
            "deltoid_acromial",
            "deltoid_spinal",
            "latissimus_dorsi",
            "external_oblique",
            "gluteus_maximus",
            "triceps_brachii",
            "sternocleidomastoid",
            "masseter",
            "temporalis",
            "occipitalis",
            "pectoralis_major_clavicular",
            "pectoralis_major_sternocostal",
            "pectoralis_major_abdominal",
            "rectus_abdominis",
            "linea_alba",
            "digastric",
            "omohyoid",
            "sternohyoid",
            "sternothyroid",
            "tensor_fasciae_latae",
        ),
        # Between trunk and shoulder blade, of the blade itself, and the two thin serrati over the erectors.
        "intermediate": (
            "rhomboid_major",
            "rhomboid_minor",
            "levator_scapulae",
            "splenius_capitis",
            "splenius_cervicis",
            "supraspinatus",
            "infraspinatus",
            "teres_minor",
            "teres_major",
            "serratus_posterior_superior",
            "serratus_posterior_inferior",
            "serratus_anterior",
            "gluteus_medius",
            "internal_oblique",
            "biceps_brachii",
            "brachialis",
            "pectoralis_minor",
            "subclavius",
        ),
        # The long straight columns beside the spine; on the hip what lies under the glutei; the innermost of the flank.
        "deep": (
            "longissimus_thoracis",
            "longissimus_cervicis",
            "longissimus_capitis",
            "iliocostalis_lumborum",
            "iliocostalis_thoracis",
            "iliocostalis_cervicis",
            "spinalis_thoracis",
            "spinalis_cervicis",
            "spinalis_capitis",
            "semispinalis_thoracis",
            "gluteus_minimus",
            "piriformis",
            "obturator_internus",
            "superior_gemellus",
            "inferior_gemellus",
            "quadratus_femoris",
            "transversus_abdominis",
            "scalenus_posterior",
            "coracobrachialis",
            "subscapularis",
        ),
        # Quadratus lumborum is among them because iliocostalis lumborum covers all but its edge.
        "deepest": (),
    },
    "anterior": {
        "superficial": (
            "trapezius_descending",
            "trapezius_transverse",
            "trapezius_ascending",
            "deltoid_clavicular",
            "deltoid_acromial",
            "deltoid_spinal",
            "pectoralis_major_clavicular",
            "pectoralis_major_sternocostal",
            "pectoralis_major_abdominal",
            "latissimus_dorsi",
            "external_oblique",
            "sternocleidomastoid",
            "omohyoid",
            "sternohyoid",
            "digastric",
            "masseter",
            "temporalis",
            "frontalis",
            "biceps_brachii",
            "tensor_fasciae_latae",
            "gluteus_maximus",
        ),
        # The second sheet of the belly's wall.
        "intermediate": ("internal_oblique",),
        # What lies under the great sheets: on the belly transversus and rectus, which the obliques' sheath covers.
        "deep": (
            "rectus_abdominis",
            "linea_alba",
            "transversus_abdominis",
            "pectoralis_minor",
            "subclavius",
            "serratus_anterior",
            "levator_scapulae",
            "scalenus_anterior",
            "scalenus_medius",
            "scalenus_posterior",
            "sternothyroid",
            "supraspinatus",
            "infraspinatus",
            "teres_minor",
            "teres_major",
            "subscapularis",
            "coracobrachialis",
            "brachialis",
            "triceps_brachii",
            "gluteus_medius",
            "gluteus_minimus",
            # Seen through gaps only, and needled from behind.
            "quadratus_lumborum",
            "iliocostalis_lumborum",
            "piriformis",
            "longissimus_capitis",
            "longissimus_cervicis",
            "iliocostalis_cervicis",
        ),
        # On the inner side of the trunk and before the spine.
        "deepest": (),
    },
    "left": {},
    "right": {},
}

# The free upper limb, which `arm=hidden` leaves out on the side views. The deltoid is shoulder and stays.
ARM: frozenset[str] = frozenset(
    {
        "triceps_brachii",
        "biceps_brachii",
        "brachialis",
        "brachioradialis",
        "coracobrachialis",
        "anconeus",
        "extensor_carpi_radialis_longus",
        "extensor_carpi_radialis_brevis",
        "extensor_carpi_ulnaris",
        "extensor_digitorum",
        "extensor_digiti_minimi",
        "extensor_pollicis_longus",
        "extensor_pollicis_brevis",
        "abductor_pollicis_longus",
        "flexor_carpi_radialis",
        "flexor_carpi_ulnaris",
        "flexor_digitorum_superficialis",
        "flexor_digitorum_profundus",
        "flexor_pollicis_longus",
        "palmaris_longus",
        "pronator_teres",
        "supinator",
        "humerus",
        "radius",
        "ulna",
        "hand_bones",
    }
)

# On no plate: a veil over the neck that would hide what is needled, and meshes that are masks.
_NOT_DRAWN: frozenset[str] = frozenset(
    {
        "platysma",
        "orbicularis_oculi",
        "orbicularis_oris",
        "zygomaticus_major",
    }
)

# Their tips come through the oblique muscles.
_LOWER_RIBS = frozenset({"rib_9", "rib_10", "rib_11", "rib_12"})

# Of these only shreds would be seen past the edges of what lies over them.
_SHREDS: Mapping[tuple[ViewId, LayerId], frozenset[str]] = MappingProxyType(
    {
        ("anterior", "superficial"): frozenset({"internal_oblique", "transversus_abdominis", "gluteus_maximus"}),
        ("anterior", "intermediate"): frozenset({"transversus_abdominis"}),
        ("posterior", "superficial"): frozenset({"brachialis", "biceps_brachii", "temporalis", "masseter"}),
        ("left", "superficial"): _LOWER_RIBS,
        ("right", "superficial"): _LOWER_RIBS,
    }
)

# Forearm, hand and thigh are drawn as one quiet shape, without their muscles: nothing there can be charted.
_QUIET: frozenset[str] = frozenset(
    {
        "brachioradialis",
        "anconeus",
        "extensor_carpi_radialis_longus",
        "extensor_carpi_radialis_brevis",
        "extensor_carpi_ulnaris",
        "extensor_digitorum",
        "extensor_digiti_minimi",
        "extensor_pollicis_longus",
        "extensor_pollicis_brevis",
        "abductor_pollicis_longus",
        "flexor_carpi_radialis",
        "flexor_carpi_ulnaris",
        "flexor_digitorum_superficialis",
        "flexor_digitorum_profundus",
        "flexor_pollicis_longus",
        "palmaris_longus",
        "pronator_teres",
        "supinator",
        "radius",
        "ulna",
        "hand_bones",
        "adductor_longus",
        "adductor_magnus",
        "biceps_femoris",
        "gracilis",
        "pectineus",
        "rectus_femoris",
        "sartorius",
        "semimembranosus",
        "semitendinosus",
        "vastus_intermedius",
        "vastus_lateralis",
        "vastus_medialis",
    }
)

_KINDS_DRAWN = frozenset({"muscle", "bone"})
_DRAWN_THOUGH_FASCIA = frozenset({"linea_alba"})

_LAYER: dict[ViewId, dict[str, LayerId]] = {
    view: {name: layer for layer, names in table.items() for name in names} for view, table in _PEELED.items()
}


def layer_of(view: ViewId, mesh_name: str) -> LayerId:
    """The layer of `view` that is peeled off with this structure; its last layer for what never is.

    Whether the structure can be seen there is another question: bones and organs have their layer, too.
    """
    return _LAYER[view].get(mesh_name, LAYERS_OF_VIEW[view][-1])


def drawn(view: ViewId, layer: LayerId, arm: Arm, mesh: Mesh) -> bool:
    """Whether the plate has this structure as such, visible or behind others."""
    if mesh.kind not in _KINDS_DRAWN and mesh.name not in _DRAWN_THOUGH_FASCIA:
        return False
    if mesh.name in _NOT_DRAWN or mesh.name in _QUIET or (arm == "hidden" and mesh.name in ARM):
        return False
    if mesh.name in _SHREDS.get((view, layer), ()):
        return False
    if mesh.kind == "bone":
        return True
    layers = LAYERS_OF_VIEW[view]
    return layers.index(layer) <= layers.index(layer_of(view, mesh.name))


def quiet(arm: Arm, mesh: Mesh) -> bool:
    """Whether the structure is part of the quiet shape of forearm, hand and thigh, which every plate has."""
    return mesh.name in _QUIET and not (arm == "hidden" and mesh.name in ARM)
