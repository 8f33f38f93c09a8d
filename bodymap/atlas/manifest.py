"""The manifest of an atlas: what the artwork tool writes and the service reads.

One `manifest.json` stands in each `assets/svg/<version>/`. Lengths are millimetres on the reference body; `left` and
`right` are the subject's. Everything but the two data files can be opened in a text editor or an SVG viewer.
"""

from typing import Literal

import msgspec

Side = Literal["left", "right", "midline"]
ViewId = Literal["posterior", "anterior", "left", "right"]
LayerId = Literal["superficial", "intermediate", "deep", "deepest"]
Arm = Literal["hidden", "shown"]
Detail = Literal["plain", "shaded"]
Kind = Literal["muscle", "bone", "organ", "fascia"]

VIEWS: tuple[ViewId, ...] = ("posterior", "anterior", "left", "right")
LAYERS: tuple[LayerId, ...] = ("superficial", "intermediate", "deep", "deepest")


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Page coordinates of a view's upper left corner: x = u - u0 and y = v - v0."""

    u0: float
    v0: float


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One side of the body that the atlas draws: its viewBox `(0, 0, width, height)`, its layers from outside in."""

    id: ViewId
    viewbox: tuple[float, float, float, float]
    frame: Frame
    layers: tuple[LayerId, ...]
    arms: tuple[Arm, ...]


class PlateFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One drawn plate. `arm` is `shown` on posterior and anterior, which have no other form."""

    view: ViewId
    layer: LayerId
    arm: Arm
    detail: Detail
    file: str
    bytes: int
    sha256: str


class DataFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A data file next to the plates."""

    file: str
    bytes: int
    sha256: str


class Names(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a region is called. `la` is empty where no source gave a Latin name; `ta2` is the TA2 synonym."""

    en: str
    la: str
    ta2: str


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code for a region, or (`relation` "broader") for the whole muscle or the wider concept it belongs to.

    `side` is set where the code means one side only. `source` holds the ids of the terminology's source list. `kind`
    is SNOMED CT's: "structure" or "entire", empty for other systems.
    """

    system: str
    code: str
    relation: Literal["own", "broader"]
    side: Literal["left", "right"] | None
    display: str
    licence: str
    source: str
    kind: str = ""


class Extent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One side of a region on one view: where it is seen and how large it is.

    `centre` lies inside the visible part on the region's own layer (`None` where the view shows nothing of it).
    """

    side: Side
    centre: tuple[float, float] | None
    visible_mm2: int
    silhouette_mm2: int


class Region(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place that a needle can be charted in: one part of one muscle.

    `layers` names, by view, the layer whose plate shows the region; a view is absent where none does.
    """

    id: str
    muscle: str
    group: str
    mesh: str
    names: Names
    aliases: tuple[str, ...]
    codes: tuple[Code, ...]
    layers: dict[ViewId, LayerId]
    extents: dict[ViewId, tuple[Extent, ...]]
    provenance: str


class Muscle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole muscle, with the regions that are its parts. Not itself a place."""

    id: str
    names: Names
    regions: tuple[str, ...]


class Structure(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mesh of the reference body. Its index in the manifest is its number in the data files.

    `id` is a region's id where the structure is a region, else the mesh's name with hyphens. `arm` marks what the
    side views leave out with `arm=hidden`.
    """

    id: str
    name: str
    kind: Kind
    side: Side
    fma: str
    arm: bool


class Licence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The licence of everything in the atlas folder, with the credit that must go with it."""

    spdx: str
    url: str
    attribution: tuple[str, ...]
    changes: str


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The manifest of an atlas version. Digests are SHA-256, in hexadecimal.

    `extras` are further files of this version, such as landmarks and fields; `Atlas.file` gives their bytes.
    """

    version: str
    title: str
    unit: Literal["mm"]
    licence: Licence
    source: str
    source_sha256: str
    views: tuple[View, ...]
    plates: tuple[PlateFile, ...]
    silhouettes: dict[ViewId, DataFile]
    surface: DataFile
    columns: DataFile
    muscles: tuple[Muscle, ...]
    regions: tuple[Region, ...]
    structures: tuple[Structure, ...]
    extras: tuple[DataFile, ...] = ()
