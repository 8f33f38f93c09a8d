"""The closed vocabularies and bounded numbers that sessions and placements are written in.

Bounds keep out slips of the keyboard (a depth in centimetres, a dwell in minutes), not clinical judgement: they are
wider than anything in the sources that the project has read, and none of them says what is wise.
"""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

Side = Literal["left", "right", "midline"]
PerimeterSide = Literal["left", "right", "midline", "both"]
FlagSide = Literal["left", "right", "both"]
Certainty = Literal["on-the-way", "under-the-point", "possible"]
ViewId = Literal["posterior", "anterior", "left", "right"]

SessionStatus = Literal["planned", "in-progress", "completed", "stopped", "cancelled", "signed", "voided"]
PlacementStatus = Literal["done", "planned", "not-done"]
TriggerPointState = Literal["active", "latent"]
Direction = Literal[
    "medial",
    "lateral",
    "cranial",
    "caudal",
    "craniomedial",
    "craniolateral",
    "caudomedial",
    "caudolateral",
    "anterior",
    "posterior",
]

Name = Annotated[str, Meta(min_length=1, max_length=200, description="A short text.")]
Text = Annotated[str, Meta(max_length=4000, description="A text of up to 4,000 characters.")]
Reference = Annotated[
    str, Meta(min_length=1, max_length=256, description="A FHIR-style reference, such as `Patient/123`.")
]
RegionId = Annotated[str, Meta(min_length=1, max_length=80, description="The id of a region of the atlas.")]
AtlasVersion = Annotated[
    str, Meta(pattern=r"^[0-9]+(\.[0-9]+)*$", max_length=20, description="A version of the atlas, such as `1`.")
]
Pain = Annotated[int, Meta(ge=0, le=10, description="Pain on the numeric rating scale: 0 none, 10 worst imaginable.")]
Count = Annotated[int, Meta(ge=0, le=1000)]
NeedleCount = Annotated[int, Meta(ge=1, le=64)]
RingCount = Annotated[int, Meta(ge=3, le=64, description="How many needles stand on the line: 3 to 64.")]
DepthMm = Annotated[float, Meta(ge=0, le=300, description="Millimetres along the needle, as the clinician states it.")]
DiameterMm = Annotated[float, Meta(gt=0, le=2, description="Millimetres, as printed on the packet.")]
LengthMm = Annotated[float, Meta(gt=0, le=300, description="Millimetres, as printed on the packet.")]
Hz = Annotated[float, Meta(gt=0, le=10_000, description="Pulses a second.")]
Minutes = Annotated[float, Meta(ge=0, le=240)]
OffsetMm = Annotated[float, Meta(ge=0, le=1000, description="Millimetres on the reference body.")]
AngleDeg = Annotated[float, Meta(ge=0, le=90, description="Degrees from the skin's normal.")]
DwellS = Annotated[float, Meta(ge=0, le=14400, description="Seconds that the needle stayed in.")]
Coordinate = Annotated[float, Meta(ge=-10_000, le=10_000)]
Point = tuple[Coordinate, Coordinate]
RadiusMm = Annotated[float, Meta(gt=0, le=300)]
SpacingMm = Annotated[float, Meta(gt=0, le=300)]
Moment = Annotated[datetime, Meta(tz=True, description="RFC 3339 with an offset, kept as it came.")]
