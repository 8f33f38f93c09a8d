"""One atlas version: the reference body, and what lies where on it."""

import threading
from collections.abc import Mapping, Sequence
from functools import cached_property
from operator import itemgetter
from typing import NamedTuple

from bodymap.atlas.aponeurosis import aponeurotic, fasciae
from bodymap.atlas.cavity import Passage, cavity_begins
from bodymap.atlas.fields import Fields
from bodymap.atlas.frames import on_midline, side_of, to_body
from bodymap.atlas.halves import partners
from bodymap.atlas.labels import Label, labels
from bodymap.atlas.landmarks import Landmarks, read_landmarks
from bodymap.atlas.manifest import (
    VIEWS,
    Arm,
    Detail,
    LayerId,
    Manifest,
    Muscle,
    Region,
    Side,
    Structure,
    View,
    ViewId,
)
from bodymap.atlas.muscles import Muscles
from bodymap.atlas.names import NameBook, read_names
from bodymap.atlas.neurovascular import Neurovascular, read_neurovascular
from bodymap.atlas.outlines import Outline, Point
from bodymap.atlas.packed import Packed
from bodymap.atlas.plates import Plate, parse_plate
from bodymap.atlas.ray_grid import ALONG, AXIS, SKIN_OF_ARM, Columns, Interval
from bodymap.atlas.referral import Referral, read_referral
from bodymap.atlas.search import Index
from bodymap.atlas.skin import skin_before
from bodymap.atlas.surface import BARE_SKIN, OFF_BODY, Surface
from bodymap.atlas.trigger_points import TriggerPoints, read_trigger_points
from bodymap.atlas.unknown import only_a_region, several_regions, unknown_muscle, unknown_region
from bodymap.errors import Corrupt, UnknownPlate, UnknownView

# How far around a point a column is looked for that begins with what the surface shows there.
_CELL_MM = 2.0

_NAMES = "names.json"

# A point never means these: a needle goes through them on its way to a named structure.
_VEILS = frozenset({"platysma"})


class Hit(NamedTuple):
    """What a point on a view means. `structure` is `None` on skin with nothing beneath; `region` where that is no
    region; `layer` is the region's layer on this view. `side` is the patient's."""

    structure: Structure | None
    region: Region | None
    side: Side
    layer: LayerId | None


class Layered(NamedTuple):
    """One structure under a point. Millimetres are counted from one place for all: the skin before the outermost
    structure, on the reference body, whose skin sits loosely: they give the order and the thickness there, never how
    deep a needle may go. Where no skin is before it (with the arm, its skin is taken away), they are counted from the
    outermost structure, and `from_skin` is false. `in_cavity` marks what lies in or behind the thoracic or abdominal
    cavity, `grazed`, where it was asked for, what a column beside this one lacks."""

    structure: Structure
    region: Region | None
    enters_mm: float
    leaves_mm: float
    in_cavity: bool
    from_skin: bool
    grazed: bool = False


class Atlas:
    """One version of the atlas, read-only and safe to share between threads. Made by `load_atlas`."""

    def __init__(self, manifest: Manifest, files: Mapping[str, bytes]) -> None:
        """`files` holds the bytes of every file that the manifest names. Raises `Corrupt` if they do not match it."""
        self.manifest = manifest
        self.version = manifest.version
        self.regions: tuple[Region, ...] = manifest.regions
        self._files = files
        self._lock = threading.Lock()
        self._regions = {region.id: region for region in manifest.regions}
        self.muscles = Muscles(manifest.muscles, self._regions, labels())
        self._views: dict[str, View] = {view.id: view for view in manifest.views}
        structures = manifest.structures
        self._of_structure = tuple(self._regions.get(structure.id) for structure in structures)
        self._hidden = {SKIN_OF_ARM, *(n for n, structure in enumerate(structures) if structure.arm)}
        self._veils = {
            n for n, structure in enumerate(structures) if structure.kind == "fascia" or structure.id in _VEILS
        }
        self._aponeurotic, self._fasciae = aponeurotic(structures), fasciae(structures)
        self._partners = partners(structures)
        self._surface = Surface(Packed(files[manifest.surface.file], manifest.surface.file))
        self.columns = Columns(Packed(files[manifest.columns.file], manifest.columns.file))
        self._plate_files = {(p.view, p.layer, p.arm, p.detail): p.file for p in manifest.plates}
        self._plates: dict[str, Plate] = {}
        self._outlines: dict[str, dict[tuple[str, str], Outline]] = {}
        self._index: Index | None = None

    def region(self, region_id: str) -> Region:
        """The region of this id. Raises `UnknownRegion`: for a muscle or a group it names its regions, else what could
        be meant."""
        region = self._regions.get(region_id)
        if region is not None:
            return region
        whole = self.muscles.get(region_id)
        parts = list(whole.regions) if whole else [r.id for r in self.regions if r.group == region_id]
        if parts:
            raise several_regions(region_id, parts, as_muscle=whole is not None)
        raise unknown_region(region_id, self.suggest(region_id), self.absent(region_id))

    def muscle(self, muscle_id: str) -> Muscle:
        """The whole muscle or named group of this id. Raises `UnknownRegion`."""
        muscle = self.muscles.get(muscle_id)
        if muscle is not None:
            return muscle
        if (region := self._regions.get(muscle_id)) is not None:
            raise only_a_region(region)
        near = [*self.named(muscle_id), *(self._regions[name].muscle for name in self.suggest(muscle_id))]
        raise unknown_muscle(muscle_id, near, self.absent(muscle_id))

    def view(self, view_id: str) -> View:
        """The view of this id. Raises `UnknownView`."""
        if view_id not in self._views:
            raise UnknownView(f"There is no view {view_id!r}; there are {', '.join(self._views)}.")
        return self._views[view_id]

    def find_regions(
        self,
        *,
        group: str | None = None,
        muscle: str | None = None,
        view: ViewId | None = None,
        layer: LayerId | None = None,
        side: Side | None = None,
        q: str | None = None,
    ) -> list[Region]:
        """The regions that match everything stated; in the atlas's order, with `q` the best match first.

        `layer` is the layer on `view`, without `view` that on any. `q` tolerates case, accents, blanks and typing
        errors; it matches ids, names in five languages, aliases, codes, and the names of groups. Raises `UnknownView`.
        """
        if view is not None:
            self.view(view)
        whole = self.muscles.get(muscle) if muscle is not None else None

        def fits(region: Region) -> bool:
            layers = [region.layers[view]] if view in region.layers else []
            extents = [e for name, es in region.extents.items() if view in (None, name) for e in es]
            return (
                group in (None, region.group)
                and (muscle is None or (whole is not None and region.id in whole.regions))
                and (view is None or bool(layers))
                and (layer is None or layer in (layers if view else region.layers.values()))
                and (side is None or any(extent.side == side for extent in extents))
            )

        return [region for region in self._searched().search(q or "") if fits(region)]

    def suggest(self, q: str) -> list[str]:
        """Up to five ids of regions that could be meant by what was typed, best first; perhaps none."""
        return self._searched().suggest(q)

    def named(self, q: str) -> list[str]:
        """The ids of the muscles of several regions and of the named groups that are called so, or whose name begins
        so."""
        return [one for one in self._searched().wholes(q) if self.muscles.get(one) is not None]

    def absent(self, q: str) -> list[Label]:
        """Parts of the body with this name that the atlas does not show, such as the calf: they are stated in words."""
        return self._searched().absent(q)

    def layers(self, region_id: str) -> dict[ViewId, LayerId]:
        """By view, the layer whose plate shows the region. Raises `UnknownRegion`."""
        return dict(self.region(region_id).layers)

    def centre(self, region_id: str, side: Side, view: ViewId) -> Point | None:
        """A point inside the visible part of the region on its own layer of the view; `None` if it is not visible.

        Raises `UnknownRegion`.
        """
        extents = self.region(region_id).extents.get(view, ())
        return next((extent.centre for extent in extents if extent.side == side), None)

    def arm(self, view: ViewId, arm: Arm | None) -> Arm:
        """Whether the arm is drawn: as asked, by default hidden on side views; the trunk views always show it.

        Raises `UnknownView`.
        """
        arms = self.view(view).arms
        return arm if arm in arms else arms[0]

    def plate(self, view: ViewId, layer: LayerId, arm: Arm | None = None, detail: Detail = "plain") -> Plate:
        """A plate as drawn. Raises `UnknownView`, and `UnknownPlate` where the view has no such layer or detail."""
        file = self._plate_files.get((view, layer, self.arm(view, arm), detail))
        if file is None:
            layers = ", ".join(self.view(view).layers)
            raise UnknownPlate(f"There is no {detail} plate {view} {layer}; the layers of {view} are {layers}.")
        return self._parsed(file)

    def file(self, name: str) -> bytes:
        """A file of this version as it ships, digest checked. Raises `Corrupt` where the manifest names none such."""
        if name not in self._files:
            raise Corrupt(f"Atlas {self.version} has no file {name}.")
        return self._files[name]

    @cached_property
    def landmarks(self) -> Landmarks:
        """The bony landmarks of this version. Raises `Corrupt` where it has none."""
        return read_landmarks(self.file("landmarks.json"))

    @cached_property
    def fields(self) -> Fields:
        """The named areas of this version, such as the lung field. Raises `Corrupt` where it has none."""
        return Fields({view: self.file(f"{view}.fields.svg") for view in VIEWS})

    @cached_property
    def neurovascular(self) -> Neurovascular:
        """The courses of nerves and vessels. Raises `Corrupt` where this version has none."""
        return read_neurovascular(self.file("neurovascular.json"))

    @cached_property
    def trigger_points(self) -> TriggerPoints:
        """What sources say of trigger points. Raises `Corrupt` where this version has none."""
        return read_trigger_points(self.file("trigger-points.json"))

    @cached_property
    def referral(self) -> Referral:
        """The areas where pain is felt, with their outlines. Raises `Corrupt` where this version has none."""
        return read_referral(self.file("referral.json"), {view: self.file(f"{view}.referral.svg") for view in VIEWS})

    @cached_property
    def names(self) -> NameBook:
        """What things are called in five languages. Raises `Corrupt` where this version has none."""
        return read_names(self.file("names.json"))

    def silhouette(self, region_id: str, side: Side, view: ViewId) -> Outline | None:
        """The whole shape of the region as it would be seen through everything over it; `None` if off the view.

        Raises `UnknownRegion`, `UnknownView`.
        """
        self.region(region_id)
        return self._outlined(self.manifest.silhouettes[self.view(view).id].file).get((region_id, side))

    def visible(
        self, region_id: str, side: Side, view: ViewId, layer: LayerId, arm: Arm | None = None
    ) -> Outline | None:
        """The visible part of the region on a plate; `None` if there is none.

        Raises `UnknownRegion`, `UnknownView`, `UnknownPlate`.
        """
        self.region(region_id)
        file = self._plate_files.get((view, layer, self.arm(view, arm), "plain"))
        if file is None:
            raise UnknownPlate(f"There is no plate {view} {layer}.")
        return self._outlined(file).get((region_id, side))

    def at(
        self, view: ViewId, x: float, y: float, layer: LayerId = "superficial", arm: Arm | None = None
    ) -> Hit | None:
        """What a point means on a layer of a view; `None` off the body.

        That is the outermost structure along the view's axis, passing through skin, platysma and fasciae, and through
        latissimus dorsi and serratus posterior inferior where they lie over the thoracolumbar fascia; on deeper layers,
        without what is peeled off. Within 2 mm of the midline it is never what only the other half has there. Raises
        `UnknownView`, `UnknownPlate`.
        """
        try:
            label = self._surface.label(view, layer, self.arm(view, arm), x, y)
        except KeyError:
            raise UnknownPlate(f"The view {view} has no layer {layer!r}.") from None
        if label == OFF_BODY:
            return None
        if label == BARE_SKIN:
            return Hit(None, None, side_of(view, x, y), None)
        structure, region = self.manifest.structures[label], self._of_structure[label]
        return Hit(structure, region, structure.side, region.layers.get(view) if region else None)

    def beneath(self, view: ViewId, x: float, y: float, arm: Arm | None = None) -> tuple[Layered, ...]:
        """Everything under a point, outermost first; empty off the body.

        The columns stand a third of a millimetre apart where what they meet changes, and the surface is known to half a
        millimetre: of the columns around the point, the nearest one that begins with what the surface shows there is
        used, so that `at` and `beneath` agree. Raises `UnknownView`.
        """
        return self._layered(self.way(view, x, y, arm))

    def way(self, view: ViewId, x: float, y: float, arm: Arm | None = None) -> list[Interval]:
        """The ray that `beneath` describes, skin included, in body millimetres along the direction of sight.

        `structure` numbers are the manifest's; `structure()` gives what they stand for. Raises `UnknownView`.
        """
        arm = self.arm(view, arm)
        label = self._surface.label(view, "superficial", arm, x, y)
        if label == OFF_BODY:
            return []
        axis, point = AXIS[view], to_body(view, x, y)
        meant = {label, self._partners.get(label, label)} if on_midline(view, x) else {label}
        nearest: list[Interval] = []
        for place in self.columns.places(axis, *point, _CELL_MM):
            way = self._seen(view, self.columns.stack(axis, place), arm)
            if self._outermost(way) in meant:
                return way
            nearest = nearest or way
        return nearest

    def structure(self, interval: Interval) -> Structure | None:
        """The structure that a passage goes through; `None` for skin."""
        return self.manifest.structures[interval.structure] if interval.structure < SKIN_OF_ARM else None

    def _seen(self, view: ViewId, stack: list[Interval], arm: Arm) -> list[Interval]:
        """A stack in the direction of sight, as distances that grow inwards."""
        if arm == "hidden":
            stack = [interval for interval in stack if interval.structure not in self._hidden]
        if not ALONG[view]:
            stack = [Interval(number, -high, -low) for number, low, high in reversed(stack)]
            stack.sort(key=itemgetter(1, 2))
        return stack

    def _outermost(self, way: Sequence[Interval]) -> int:
        """The outermost structure of a way, by the rule of `at`: its number, or `BARE_SKIN`."""
        for number, _, _ in way:
            if number >= SKIN_OF_ARM or number in self._veils:
                continue
            if number not in self._aponeurotic or all(other not in self._fasciae for other, _, _ in way):
                return number
        return BARE_SKIN

    def _layered(self, way: Sequence[Interval]) -> tuple[Layered, ...]:
        structures = self.manifest.structures
        inner = [interval for interval in way if interval.structure < SKIN_OF_ARM]
        if not inner:
            return ()
        met = [structures[number] for number, _, _ in inner]
        begins = cavity_begins(
            Passage(structure.id, structure.kind, low, high)
            for structure, (_, low, high) in zip(met, inner, strict=True)
        )
        skin = skin_before(way)
        zero = inner[0].low_mm if skin is None else skin.at_mm
        return tuple(
            Layered(structure, self._of_structure[number], low - zero, high - zero, place >= begins, skin is not None)
            for place, (structure, (number, low, high)) in enumerate(zip(met, inner, strict=True))
        )

    def _searched(self) -> Index:
        if self._index is None:
            book = read_names(self._files[_NAMES]) if _NAMES in self._files else None
            self._index = Index(
                self.regions,
                self.manifest.muscles,
                lambda region: book.terms(region.id, region.muscle) if book else (),
                labels(),
            )
        return self._index

    def _parsed(self, file: str) -> Plate:
        cached = self._plates.get(file)
        if cached is None:
            plate = parse_plate(self._files[file], file)
            with self._lock:
                cached = self._plates.setdefault(file, plate)
        return cached

    def _outlined(self, file: str) -> dict[tuple[str, str], Outline]:
        cached = self._outlines.get(file)
        if cached is None:
            outlines: dict[tuple[str, str], Outline] = {}
            for group in self._parsed(file).groups.values():
                for element in group.elements:
                    if not element.region or group.id not in ("regions", "silhouettes"):
                        continue
                    if element.side is None or (element.region, element.side) in outlines:
                        raise Corrupt(f"{file} draws {element.region} twice on a side, or on none.")
                    outlines[element.region, element.side] = Outline(element.d)
            with self._lock:
                cached = self._outlines.setdefault(file, outlines)
        return cached
