"""What sources say of trigger points: which region, where in it, where pain is felt, what is at risk, and who says so.

Nothing here is advice: no entry has been reviewed by a licensed clinician, no depth, needle or technique is given, and
what no source said is empty. A place on the plate is the reference figure's, never the patient's.
"""

import difflib
from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from bodymap.atlas.manifest import Side, ViewId
from bodymap.atlas.search import plain
from bodymap.errors import Corrupt, Missing

Grade = Literal["A", "B", "C"]
Basis = Literal["words", "motor-zone", "emg-site", "needling-site"]
ReviewState = Literal["not-reviewed", "confirmed", "disputed"]


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a fact was read. `grade` A: paper, statute or regulator's notice; B: reference site, professional body,
    textbook excerpt; C: clinic page, course or student notes. `address` is `None` where there is no page that may be
    linked."""

    id: Annotated[str, Meta(description="The source's id.")]
    grade: Annotated[
        Grade, Meta(description="A: paper, statute or notice; B: reference site; C: clinic page or course notes.")
    ]
    title: Annotated[str, Meta(description="Its title.")]
    address: Annotated[str | None, Meta(description="Its address; null where it may not or need not be linked.")]


class ViewPoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point on a view, in its millimetres."""

    view: Annotated[ViewId, Meta(description="The view.")]
    x: Annotated[float, Meta(description="Millimetres, to the viewer's right.")]
    y: Annotated[float, Meta(description="Millimetres, down.")]


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where an entry stands in a region, by side; the sides are mirror images.

    `basis` says what stands there: "words" is the place that sources give for the trigger point itself; a "motor-zone"
    (where a study found the muscle's nerve endings densest), an "emg-site" (where an electrode goes) and a
    "needling-site" (where a study put needles) are places in the muscle, and no trigger point was found there. `rule`
    says how the place follows from its `sources`; for "words" these are the entry's, and none is listed.
    """

    region: str
    at: dict[Side, ViewPoint]
    basis: Basis
    rule: str
    sources: tuple[Source, ...]


class Reviewed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether a licensed clinician has reviewed an entry as it ships; to be shown wherever the entry is."""

    state: Annotated[ReviewState, Meta(description="What a clinician said of it.")]
    note: Annotated[str, Meta(description="Their words; may be empty.")]


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A clinic's own review of an entry: who said what of it, and when (RFC 3339). Kept by the clinic, not here."""

    entry: Annotated[str, Meta(description="The id of the trigger point.")]
    state: Annotated[ReviewState, Meta(description="What the clinician says of it.")]
    by: Annotated[str, Meta(description="Who reviewed it.")]
    display: Annotated[str, Meta(description="Their name, for people.")]
    at: Annotated[str, Meta(description="When, RFC 3339.", extra_json_schema={"format": "date-time"})]
    note: Annotated[str, Meta(description="What they say of it; may be empty.")] = ""


class TriggerPoint(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One trigger point that sources describe, or what they say of a muscle's trigger points where they name none.

    `label` and `location` are the sources' own and may be empty. `places` has those of its regions in which sources
    determine a place; in the others it has none. `referral` holds ids of referral areas. `symptoms`, `risks`,
    `innervation` and `disagreement` are empty where no source gave any. The sources back the entry as a whole.
    """

    id: str
    regions: tuple[str, ...]
    label: str
    location: str
    places: tuple[Place, ...]
    referral: tuple[str, ...]
    symptoms: str
    risks: tuple[str, ...]
    innervation: str
    disagreement: str
    sources: tuple[Source, ...]
    review: Reviewed

    def place(self, region_id: str) -> Place | None:
        """Where the entry stands in one of its regions; `None` where no source determines it."""
        return next((place for place in self.places if place.region == region_id), None)


class Caution(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A structure that sources name as at risk in a region, with the entries that say so and their sources."""

    structure: Annotated[str, Meta(description="The structure at risk.")]
    trigger_points: Annotated[tuple[str, ...], Meta(description="Ids of the entries that say so.")]
    sources: tuple[Source, ...]
    review: Reviewed


class TriggerPointFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`trigger-points.json` of an atlas."""

    unit: Literal["mm"]
    note: str
    trigger_points: tuple[TriggerPoint, ...]


class TriggerPoints:
    """The trigger points of one atlas version, read-only. Made by `read_trigger_points`."""

    def __init__(self, trigger_points: Iterable[TriggerPoint]) -> None:
        """Raises `Corrupt` where an id occurs twice, or where places and regions do not fit."""
        self.all: tuple[TriggerPoint, ...] = tuple(trigger_points)
        self._by_id = {entry.id: entry for entry in self.all}
        if len(self._by_id) != len(self.all):
            raise Corrupt("Two trigger points of the atlas have the same id.")
        for entry in self.all:
            if not {place.region for place in entry.places} <= set(entry.regions) or not entry.regions:
                raise Corrupt(f"The trigger point {entry.id} has places for other regions than its own.")

    def get(self, entry_id: str) -> TriggerPoint:
        """The entry of this id. Raises `Missing`; its `suggestions` hold the ids that could be meant."""
        if entry_id in self._by_id:
            return self._by_id[entry_id]
        suggestions = difflib.get_close_matches("-".join(plain(entry_id).split()), self._by_id, n=5, cutoff=0.6)
        hint = f" Close to it: {', '.join(suggestions)}." if suggestions else ""
        raise Missing(f"The atlas has no trigger point {entry_id!r}.{hint}", suggestions=suggestions)

    def of_region(self, region_id: str) -> tuple[TriggerPoint, ...]:
        """What sources say of a region's trigger points; empty where no source said anything."""
        return tuple(entry for entry in self.all if region_id in entry.regions)

    def cautions(self, region_id: str) -> tuple[Caution, ...]:
        """The structures named as at risk in a region, each once. None named does not mean that none is there."""
        met: dict[str, list[TriggerPoint]] = {}
        for entry in self.of_region(region_id):
            for risk in entry.risks:
                met.setdefault(risk, []).append(entry)
        return tuple(
            Caution(
                structure=risk,
                trigger_points=tuple(entry.id for entry in entries),
                sources=tuple({source.id: source for entry in entries for source in entry.sources}.values()),
                review=entries[0].review,
            )
            for risk, entries in met.items()
        )

    def referral(self, region_id: str) -> tuple[str, ...]:
        """The referral areas of a region's entries, each once, in their order."""
        return tuple(dict.fromkeys(area for entry in self.of_region(region_id) for area in entry.referral))


def read_trigger_points(data: bytes) -> TriggerPoints:
    """The trigger points in the bytes of a `trigger-points.json`. Raises `Corrupt`."""
    try:
        return TriggerPoints(msgspec.json.decode(data, type=TriggerPointFile).trigger_points)
    except msgspec.DecodeError as error:
        raise Corrupt(f"The trigger points of the atlas cannot be read: {error}.") from error
