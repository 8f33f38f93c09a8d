"""Our code systems: of each code what it is called and what it means. Lists that the atlas has are made from it."""

from typing import NamedTuple

from bodymap.atlas import Atlas
from bodymap.atlas.labels import labels
from bodymap.charting.events import EVENT_CODES

Concepts = dict[str, tuple[str, str]]


class CodeSystem(NamedTuple):
    """A code system of ours: the last part of its address, its name for programs, its title, its concepts."""

    id: str
    name: str
    title: str
    concepts: Concepts


_FIXED = (
    CodeSystem(
        "procedure",
        "BodymapProcedure",
        "What was done",
        {
            "dry-needling": (
                "Dry needling",
                "A session of dry needling: solid needles into or around painful muscle, nothing injected.",
            ),
            "trigger_point": ("Dry needling of a trigger point", "One placement: a needle into a trigger point."),
            "perimeter": (
                "Dry needling around a painful place",
                "One placement: needles along a line around a painful place, none into it.",
            ),
        },
    ),
    CodeSystem(
        "finding",
        "BodymapFinding",
        "What was found",
        {
            "pain-before": ("Pain before needling", "Pain on the numeric rating scale before."),
            "pain-after": ("Pain after needling", "Pain on the numeric rating scale after."),
            "local-twitch-response": ("Local twitch response", "Whether the muscle twitched."),
            "twitch-sought": ("Local twitch response sought", "Whether a twitch was looked for."),
            "twitch-count": ("Number of local twitch responses", "How often the muscle twitched."),
            "measure": (
                "Measure",
                "Something else that was measured before and after; Observation.code.text names it.",
            ),
            "measure-before": ("Measure before needling", "Its value before."),
            "measure-after": ("Measure after needling", "Its value after."),
        },
    ),
    CodeSystem(
        "document",
        "BodymapDocument",
        "What a document is",
        {
            "body-chart": ("Annotated body chart", "A chart of the needles of a session on reference anatomy."),
        },
    ),
    CodeSystem(
        "view",
        "BodymapView",
        "Views",
        {
            "posterior": ("From behind", "The patient's left is at the viewer's left."),
            "anterior": ("From the front", "The patient's left is at the viewer's right."),
            "left": ("From the patient's left", "The left side."),
            "right": ("From the patient's right", "The right side."),
        },
    ),
    CodeSystem(
        "side",
        "BodymapSide",
        "The patient's side",
        {
            "left": ("Left", "The patient's left."),
            "right": ("Right", "The patient's right."),
            "midline": ("Midline", "Within 2 mm of the midline, and unpaired structures."),
            "both": ("Both sides", "Of places, perimeters only; of a flag, the fields of both halves."),
        },
    ),
    CodeSystem(
        "direction",
        "BodymapDirection",
        "Where a needle points",
        {
            "medial": ("Medial", "Medial."),
            "lateral": ("Lateral", "Lateral."),
            "cranial": ("Cranial", "Cranial."),
            "caudal": ("Caudal", "Caudal."),
            "craniomedial": ("Craniomedial", "Craniomedial."),
            "craniolateral": ("Craniolateral", "Craniolateral."),
            "caudomedial": ("Caudomedial", "Caudomedial."),
            "caudolateral": ("Caudolateral", "Caudolateral."),
            "anterior": ("Anterior", "Anterior."),
            "posterior": ("Posterior", "Posterior."),
        },
    ),
    CodeSystem(
        "trigger-point-state",
        "BodymapTriggerPointState",
        "State of a trigger point",
        {
            "active": ("Active", "It gives pain by itself."),
            "latent": ("Latent", "It gives pain when pressed."),
        },
    ),
    CodeSystem(
        "session-status",
        "BodymapSessionStatus",
        "Status of a session",
        {
            "planned": ("Planned", "Procedure.status preparation."),
            "in-progress": ("In-progress", "Procedure.status in-progress."),
            "completed": ("Completed", "Procedure.status completed."),
            "stopped": ("Stopped", "Procedure.status stopped."),
            "cancelled": ("Cancelled", "Procedure.status not-done."),
            "signed": (
                "Signed",
                "Procedure.status completed or stopped, as it was when it was signed; a Provenance has the signature.",
            ),
            "voided": ("Voided", "Procedure.status entered-in-error."),
        },
    ),
    CodeSystem(
        "event-severity",
        "BodymapEventSeverity",
        "Severity of an adverse event",
        {
            "mild": ("Mild", "Short, reversible, no inconvenience."),
            "significant": ("Significant", "Needed medical attention or interfered with activities."),
            "serious": ("Serious", "Admission to hospital, possible lasting disability, or death."),
        },
    ),
    CodeSystem(
        "flag-certainty",
        "BodymapFlagCertainty",
        "How a flag was found",
        {
            "on-the-way": (
                "On the way",
                "The needle's own angle, direction and depth meet it on the reference figure.",
            ),
            "under-the-point": ("Under the point", "It lies under the point that was stated."),
            "possible": ("Possible", "No point was stated; it lies under a part of the place."),
        },
    ),
)

_EVENTS: Concepts = {
    "bleeding": ("Bleeding", "It bled."),
    "bruise": ("Bruise", "A bruise."),
    "haematoma": ("Haematoma", "A collection of blood."),
    "pain": ("Pain", "Pain by the needling itself, in it or after it."),
    "worse-symptoms": ("Worse symptoms", "What the patient came with got worse."),
    "faint": ("Faint", "The patient fainted or nearly did."),
    "dizziness": ("Dizziness", "Dizziness."),
    "drowsiness": ("Drowsiness", "Drowsiness or unusual tiredness."),
    "headache": ("Headache", "Headache."),
    "nausea": ("Nausea", "Nausea or vomiting."),
    "skin-reaction": ("Skin reaction", "A reaction of the skin."),
    "emotional": ("Emotional reaction", "Altered emotions."),
    "pneumothorax": ("Pneumothorax", "Air between lung and chest wall."),
    "nerve-symptom": ("Nerve symptom", "Numbness, tingling, weakness or shooting pain that stays."),
    "infection": ("Infection", "An infection."),
    "broken-needle": ("Broken needle", "A needle broke."),
    "retained-needle": ("Retained needle", "A needle was left in the body."),
    "other": ("Other", "Something else; the text says what."),
}
EVENTS: Concepts = {code: _EVENTS[code] for code in EVENT_CODES}


def code_systems(atlas: Atlas) -> list[CodeSystem]:
    """Every code system, with the regions, landmarks and groups of an atlas."""
    regions = {
        region.id: (region.names.en, f"{region.names.la}; part of {region.muscle}; group {region.group}.")
        for region in atlas.regions
    }
    landmarks = {
        landmark.id: (landmark.names.en, f"Landmark {landmark.id} of the reference body.")
        for landmark in atlas.landmarks.all
    }
    return [
        *_FIXED,
        CodeSystem("event", "BodymapEvent", "What happened", EVENTS),
        CodeSystem("region", "BodymapRegion", "Muscle regions of atlas 1", regions),
        CodeSystem("landmark", "BodymapLandmark", "Landmarks of atlas 1", landmarks),
        CodeSystem(
            "place-group", "BodymapPlaceGroup", "Muscles of several regions, and named groups of muscles", _groups()
        ),
    ]


def _groups() -> Concepts:
    """The muscles of several regions, and the named groups of muscles, as the terminology's table has them."""
    kinds = {"muscle": "A muscle of the regions", "group": "A named group of"}
    return {
        label.id: (label.names["en"], f"{kinds[label.kind]} {', '.join(label.members)}.")
        for label in labels()
        if label.kind in kinds
    }
