"""The closed vocabularies and bounded numbers that sessions and placements are written in.

Bounds keep out slips of the keyboard (a depth in centimetres, a dwell in minutes), not clinical judgement: they are
wider than anything in the sources that the project has read, and none of them says what is wise.
"""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta

from bodymap.charting.statement_rules import DAY, LANDMARK_NAME, MOMENT, PAIN, RECORD_ID, SUBJECT, URI
from bodymap.decoding.member_rules import Advice
from bodymap.decoding.text_rules import NAME, TEXT

Side = Literal["left", "right", "midline"]
PerimeterSide = Literal["left", "right", "midline", "both"]
FlagSide = Literal["left", "right", "both"]
Certainty = Literal["on-the-way", "under-the-point", "possible"]
_ONE_A_SIDE = "Both sides are two placements, one a side: state the same place once with `left` and once with `right`."
_BOTH = ("bilat", "both", "beid", "ambos", "ambas", "deux", "51440002")  # SNOMED CT: right and left
StatedSide = Annotated[Side, Advice(_BOTH, _ONE_A_SIDE)]
StatedPerimeterSide = Annotated[
    PerimeterSide, Advice(_BOTH, f"{_ONE_A_SIDE} A single line that lies on both sides is `both`.")
]
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

# These types also read what was stored under older rules. Rules for new statements only stand in their annotations. ""
# is absent where a member may be.
_VISIBLE = {"pattern": r"^(\S(.*\S)?)?$"}
Name = Annotated[str, TEXT, Meta(max_length=200, description="A short text.")]
Text = Annotated[str, TEXT, Meta(max_length=4000, description="A text of up to 4,000 characters.")]
Label = Annotated[
    str,
    NAME,
    Meta(
        max_length=200,
        description="A name that is compared letter by letter: no white space at its ends, no control or zero-width "
        "characters.",
        extra_json_schema=_VISIBLE,
    ),
]
Reference = Annotated[
    str,
    NAME,
    Meta(
        max_length=256,
        description="A FHIR reference, such as `Practitioner/7`, or any other name; no white space at its ends, no "
        "control or zero-width characters.",
        extra_json_schema=_VISIBLE,
    ),
]
SubjectReference = Annotated[
    str,
    SUBJECT,
    Meta(
        max_length=256,
        description="A FHIR reference to a patient, such as `Patient/123`, or any other name; no white space at its "
        "ends, no control or zero-width characters.",
        extra_json_schema=_VISIBLE,
    ),
]
Uri = Annotated[
    str, URI, Meta(max_length=200, description="A URI with its scheme.", extra_json_schema={"format": "uri"})
]
RecordId = Annotated[
    str,
    RECORD_ID,
    Meta(
        min_length=1,
        max_length=200,
        description="An id, accepted in upper or lower case.",
        extra_json_schema={"format": "uuid"},
    ),
]
LandmarkName = Annotated[
    str, LANDMARK_NAME, Meta(min_length=1, max_length=200, description="A landmark of the atlas, such as `C7`.")
]
RegionId = Annotated[str, Meta(min_length=1, max_length=80, description="The id of a region of the atlas.")]
MuscleId = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=80,
        description="The id of a whole muscle of the atlas, or of a named group of muscles, such as `rotator-cuff`.",
    ),
]
AtlasVersion = Annotated[
    str, Meta(pattern=r"^[0-9]+(\.[0-9]+)*\Z", max_length=20, description="A version of the atlas, such as `1`.")
]
_PAIN = "Pain on the numeric rating scale: 0 none, 10 worst imaginable; at most one decimal."
Pain = (
    Annotated[int, Meta(ge=0, le=10, description=_PAIN)] | Annotated[float, PAIN, Meta(ge=0, le=10, description=_PAIN)]
)
Measured = Annotated[float, Meta(ge=-1_000_000, le=1_000_000, description="A value in the unit that is stated.")]
MeasuredSide = Literal["left", "right", "both"]
Count = Annotated[int, Meta(ge=0, le=1000)]
NeedleCount = Annotated[int, Meta(ge=1, le=64)]
RingCount = Annotated[int, Meta(ge=3, le=64, description="How many needles stand on the line: 3 to 64.")]
DepthMm = Annotated[
    float, Meta(ge=0, le=300, description="Millimetres along the needle, as the clinician states it, 0 to 300.")
]
DiameterMm = Annotated[float, Meta(gt=0, le=2, description="Millimetres, as printed on the packet, up to 2.")]
LengthMm = Annotated[float, Meta(gt=0, le=300, description="Millimetres, as printed on the packet, up to 300.")]
Hz = Annotated[float, Meta(gt=0, le=10_000, description="Pulses a second, up to 10,000.")]
Minutes = Annotated[float, Meta(ge=0, le=240)]
OffsetMm = Annotated[float, Meta(ge=0, le=1000, description="Millimetres on the reference body, 0 to 1,000.")]
AngleDeg = Annotated[float, Meta(ge=0, le=90, description="Degrees from the skin's normal, 0 to 90.")]
DwellS = Annotated[float, Meta(ge=0, le=14400, description="Seconds that the needle stayed in, 0 to 14,400.")]
Coordinate = Annotated[float, Meta(ge=-10_000, le=10_000)]
Point = tuple[Coordinate, Coordinate]
RadiusMm = Annotated[float, Meta(gt=0, le=300)]
SpacingMm = Annotated[float, Meta(gt=0, le=300)]
Moment = Annotated[
    datetime,
    MOMENT,
    Meta(tz=True, description="RFC 3339 with an offset from -12:00 to +14:00, kept as it came; not before 1900."),
]
Day = Annotated[date, DAY, Meta(description="A date, such as `2026-11-23`; not before 1900.")]
