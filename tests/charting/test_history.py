"""What changed between two versions, in words."""

import re
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.atlas import load_atlas
from bodymap.charting.events import EventStatement
from bodymap.charting.history import differences
from bodymap.charting.lifecycle import add_event, sign, void
from bodymap.charting.new_versions import next_version, patched_placement
from bodymap.charting.placement import PlacementStatement
from bodymap.charting.session import Header, Session
from bodymap.charting.signatures import Voiding
from bodymap.decoding import Draft
from bodymap.words import LANGUAGES, Language, catalogue
from tests.charting.visits_drafted import ATLAS, BY_REGION, DANA, LATER, POINT, RING, drafted


def patched(before: Session, number: int, patch: dict[str, Any]) -> Session:
    """The session with one of its placements patched."""
    placements = tuple(
        patched_placement(ATLAS, before, placement, patch) if placement.number == number else placement
        for placement in before.placements
    )
    return next_version(before, LATER, placements=placements)


def said(before: Session | None, after: Session) -> str:
    return "\n".join(differences(before, after))


@pytest.mark.parametrize(
    ("patch", "words"),
    [
        (
            {"side": "right", "at": [410, 290]},
            ("Placement 1 (right trapezius-descending): moved 120 mm from left trapezius-descending to right ",),
        ),
        ({"at": [290, 290.4]}, ("moved 0.4 mm",)),
        ({"at": [290, 290.0001]}, ("moved 0.1 mm",)),
        ({"depth_mm": 14}, ("Placement 1 (left trapezius-descending): depth changed from 12 to 14 mm.",)),
        ({"depth_mm": None}, ("depth removed, it was 12 mm",)),
        ({"dwell_s": 30}, ("dwell set to 30 s",)),
        ({"twitch": {"obtained": False}}, ("twitch obtained changed from yes to no",)),
        ({"trigger_point": {"state": "latent"}}, ("trigger point state changed from active to latent",)),
        ({"note": "first line\nsecond"}, ('note set to "first line\nsecond".',)),
        ({"status": "not-done"}, ("status changed from done to not done",)),
        (
            {"view": None, "at": None, "region": "levator-scapulae"},
            (
                "place changed from left trapezius-descending to left levator-scapulae",
                "point changed from [290, 290] on the posterior view to none",
            ),
        ),
    ],
)
def test_a_placement_that_changed_is_said(patch: dict[str, Any], words: tuple[str, ...]) -> None:
    """Side, move in millimetres, and every other member with what it was and is, under the placement's number."""
    before = drafted(
        placements=[
            {**POINT, "depth_mm": 12, "twitch": {"obtained": True}, "trigger_point": {"state": "active"}},
            BY_REGION,
        ]
    )
    found = differences(before, patched(before, 1, patch))
    assert len(found) == 1
    for each in words:
        assert each in found[0]


def test_a_ring_that_changed_is_said() -> None:
    """A perimeter tells how far it moved and how it grew."""
    before = drafted(placements=[RING])
    after = patched(before, 1, {"ring": {"center": [395, 620], "radius_mm": 30}})
    assert said(before, after).startswith(
        "Placement 1 (right iliocostalis-lumborum): moved 10 mm; radius changed from 25 to 30 mm"
    )


def test_placements_that_came_and_went_are_said() -> None:
    """An added placement and one taken out are told by number and place."""
    one, two = drafted(placements=[BY_REGION]), drafted(placements=[BY_REGION, POINT])
    assert said(one, msgspec.structs.replace(two, placements=(one.placements[0], two.placements[1]))).startswith(
        "Placement 2 added: left trapezius-descending, at [290, 290] on the posterior view."
    )
    assert "Placement 1 taken out: right levator-scapulae." in said(one, next_version(one, LATER, placements=()))


def test_acts_and_events_are_said() -> None:
    """A signature, an event and a voiding are told with who and what."""
    one = drafted(status="completed", placements=[POINT])
    two = sign(load_atlas(), one, DANA, LATER)
    assert said(one, two) == "Status changed from completed to signed.\nSigned by Dana Example, PT."
    event = EventStatement(
        event="faint",
        severity="significant",
        onset_at=LATER,
        placement=one.placements[0].id,
        action="lay down",
        by="a",
    )
    three = add_event(two, Draft(event), "e", LATER)
    assert said(two, three) == "Adverse event added: faint, significant, at placement 1 (left trapezius-descending)."
    four = void(three, Voiding(by="a", display="A", reason="r"), LATER)
    assert said(three, four) == "Status changed from signed to voided.\nVoided by A."


def test_the_first_version_says_what_it_holds() -> None:
    """History begins with what was recorded first."""
    words = said(None, drafted(subject="Patient/1", needle={"length_mm": 40, "lot": "A 1"}, placements=[BY_REGION]))
    assert words == (
        "Status set to in progress.\nSubject set to Patient/1.\n"
        'Needle set to length 40 mm, lot "A 1".\nPlacement 1 added: right levator-scapulae.'
    )


def test_places_are_called_by_their_names() -> None:
    """Where names are given, a sentence says the muscle by its name, and how the amended one is signed."""
    one = sign(load_atlas(), drafted(status="completed", placements=[POINT]), DANA, LATER)
    two = msgspec.structs.replace(
        patched(one, 1, {"depth_mm": 9}), signature=msgspec.structs.replace(one.signature, version=3)
    )
    assert differences(one, two, lambda known, _: {"trapezius-descending": "descending part of trapezius"}[known]) == (
        "Placement 1 (left descending part of trapezius): depth set to 9 mm.",
        "Amended and signed again by Dana Example, PT.",
    )


text = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=200).filter(lambda said: not said.isspace())
headers = st.fixed_dictionaries(
    {},
    optional={
        "note": text,
        "status_reason": text,
        "pain_before": st.integers(0, 10),
        "needle": st.fixed_dictionaries({}, optional={"length_mm": st.floats(1, 99), "lot": st.text("ab", min_size=1)}),
        "consent": st.fixed_dictionaries({}, optional={"copy_given": st.booleans()}),
        "identifier": st.lists(st.sampled_from(["1", "2", "3"]), unique=True).map(
            lambda values: [{"system": "urn:s", "value": value} for value in values]
        ),
    },
)


@given(one=headers, two=headers)
def test_no_difference_goes_unsaid(one: Any, two: Any) -> None:
    """Two headers that differ are told apart in words, and equal ones are not."""
    before, after = drafted(**one), drafted(**two)
    same = {name: getattr(before, name) for name in ("id", "created_at", "updated_at")}
    after = msgspec.structs.replace(after, **same)
    assert bool(differences(before, after)) == (before != after)


def members_of(kind: Any) -> set[str]:
    """The names of a type's members and of the members of those, as they stand in the data."""
    names: set[str] = set()
    for part in get_args(kind):
        names |= members_of(part)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        for name, inner in get_type_hints(kind).items():
            names |= {name} | members_of(inner)
    return names


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_member_of_a_record_has_its_word(lang: Language) -> None:
    """What a session and its placements can hold has a name in every language, and nothing else has."""
    recorded = members_of(Header) | members_of(PlacementStatement)
    assert recorded - {"kind"} == set(catalogue(lang).history.members) - {"kind"}


@pytest.mark.parametrize(
    ("lang", "sentences"),
    [
        (
            "de",
            (
                "Status: von durchgeführt auf geplant geändert",
                "Tiefe: von 12,5 auf 14 mm geändert",
                "Zuckung, ausgelöst: von ja auf nein geändert",
                "um 0,4 mm versetzt",
            ),
        ),
        ("es", ("estado: de realizado a previsto", "profundidad: de 12,5 a 14 mm", "desplazado 0,4 mm")),
        ("fr", ("statut : de réalisé à prévu", "profondeur : de 12,5 à 14 mm", "déplacé de 0,4 mm")),
    ],
)
def test_changes_are_said_in_a_language(lang: Language, sentences: tuple[str, ...]) -> None:
    """Members, values, numbers and sentences are the language's own."""
    before = drafted(placements=[{**POINT, "depth_mm": 12.5, "twitch": {"obtained": True}}])
    patch = {"status": "planned", "depth_mm": 14, "twitch": {"obtained": False}, "at": [290, 290.4]}
    (told,) = differences(before, patched(before, 1, patch), lang=lang)
    for each in sentences:
        assert each in told
    assert not re.search(r"\b(?:changed|from|depth|moved)\b", told)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_flags_that_came_and_went_are_told_apart(lang: Language) -> None:
    """What is flagged now and was not is told as such, what no longer is as that, whichever way one reads."""
    over_lung = {**BY_REGION, "region": "rhomboid-major", "side": "left"}
    visits = [drafted(placements=[place]) for place in (over_lung, {**BY_REGION, "region": "piriformis"})]
    visits[1] = msgspec.structs.replace(visits[1], id=visits[0].id)
    words = catalogue(lang)
    name = words.chart.flags["over-lung-field"]
    for (before, after), text, other in (
        ((visits[0], visits[1]), words.history.no_longer_flagged, words.history.now_flagged),
        ((visits[1], visits[0]), words.history.now_flagged, words.history.no_longer_flagged),
    ):
        told = "\n".join(differences(before, after, lang=lang))
        assert text.format(flag=name) in told
        assert other.format(flag=name) not in told
