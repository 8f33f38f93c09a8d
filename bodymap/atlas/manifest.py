"""The manifest of an atlas: what the artwork tool writes and the service reads.

One `manifest.json` stands in each `assets/svg/<version>/`. Lengths are millimetres on the reference body; `left` and
`right` are the subject's. Everything but the two data files can be opened in a text editor or an SVG viewer.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Side = Literal["left", "right", "midline"]
ViewId = Literal["posterior", "anterior", "left", "right"]
LayerId = Literal["superficial", "intermediate", "deep", "deepest"]
Arm = Literal["hidden", "shown"]
Detail = Literal["plain", "shaded"]
Kind = Literal["muscle", "bone", "organ", "fascia", "nerve", "vessel"]

VIEWS: tuple[ViewId, ...] = ("posterior", "anterior", "left", "right")
LAYERS: tuple[LayerId, ...] = ("superficial", "intermediate", "deep", "deepest")


class Frame(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Page coordinates of a view's upper left corner: x = u - u0 and y = v - v0."""

    u0: Annotated[float, Meta(description="Millimetres across, of the view's left edge.")]
    v0: Annotated[float, Meta(description="Millimetres down, of the view's upper edge.")]


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One side of the body that the atlas draws: its viewBox `(0, 0, width, height)`, its layers from outside in."""

    id: Annotated[ViewId, Meta(description="The view.")]
    viewbox: Annotated[
        tuple[float, float, float, float], Meta(description="Its viewBox `[0, 0, width, height]` in millimetres.")
    ]
    frame: Frame
    layers: Annotated[tuple[LayerId, ...], Meta(description="Its layers, outermost first.")]
    arms: Annotated[tuple[Arm, ...], Meta(description="Whether it is drawn with the arm, without it, or both.")]


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

    en: Annotated[str, Meta(description="The English name.")]
    la: Annotated[str, Meta(description="The Latin name, of Terminologia Anatomica; empty where no source gave one.")]
    ta2: Annotated[str, Meta(description="The synonym of its second edition; empty where there is none.")]


class Code(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A code for a region, or (`relation` "broader") for the whole muscle or the wider concept it belongs to.

    `side` is set where the code means one side only. `source` holds the ids of the terminology's source list. `kind`
    is SNOMED CT's: "structure" or "entire", empty for other systems.
    """

    system: Annotated[str, Meta(description="The code system, such as `http://snomed.info/sct`.")]
    code: Annotated[str, Meta(description="The code.")]
    relation: Annotated[
        Literal["own", "broader"], Meta(description="Whether the code is the region's own, or a broader concept's.")
    ]
    side: Annotated[
        Literal["left", "right"] | None, Meta(description="The patient's side where the code means one side only.")
    ]
    display: Annotated[str, Meta(description="The code's own words.")]
    licence: Annotated[str, Meta(description="The licence that the code is under.")]
    source: Annotated[str, Meta(description="Ids of the sources that it was read in.")]
    kind: Annotated[str, Meta(description="SNOMED CT's kind of concept; empty for other systems.")] = ""


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

    spdx: Annotated[str, Meta(description="The SPDX id of the licence.")]
    url: Annotated[str, Meta(description="The address of its text.")]
    attribution: Annotated[tuple[str, ...], Meta(description="The lines of credit that it asks for.")]
    changes: Annotated[str, Meta(description="What was changed of the originals.")]


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
