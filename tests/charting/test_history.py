"""What changed between two versions, in words."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bodymap.charting.acts import Voiding
from bodymap.charting.drafting import next_version, patched_placement
from bodymap.charting.events import EventStatement
from bodymap.charting.history import differences
from bodymap.charting.life import add_event, sign, void
from bodymap.charting.session import Session
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
        ({"side": "right", "at": [410, 290]}, ("placement 1: side left -> right, moved 120 mm",)),
        ({"at": [290, 290.4]}, ("moved 0.4 mm",)),
        ({"at": [290, 290.0001]}, ("moved 0.1 mm",)),
        ({"depth_mm": 14}, ("placement 1: depth 12 -> 14 mm",)),
        ({"depth_mm": None}, ("depth 12 mm removed",)),
        ({"dwell_s": 30}, ("dwell 30 s added",)),
        ({"twitch": {"obtained": False}}, ("twitch obtained yes -> no",)),
        ({"trigger_point": {"state": "latent"}}, ("trigger point state active -> latent",)),
        ({"note": "first line\nsecond"}, ('note "first line\nsecond" added',)),
        ({"status": "not-done"}, ("status done -> not-done",)),
        ({"view": None, "at": None, "region": "levator-scapulae"}, ("region levator-scapulae added", "-> without a")),
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
    assert said(before, after).startswith("placement 1: moved 10 mm, radius 25 -> 30 mm")


def test_placements_that_came_and_went_are_said() -> None:
    """An added placement and one taken out are told by number and place."""
    one, two = drafted(placements=[BY_REGION]), drafted(placements=[BY_REGION, POINT])
    assert said(one, msgspec.structs.replace(two, placements=(one.placements[0], two.placements[1]))).startswith(
        "placement 2 added: trapezius-descending, left, posterior [290, 290]"
    )
    assert "placement 1 removed: levator-scapulae, right" in said(one, next_version(one, LATER, placements=()))


def test_acts_and_events_are_said() -> None:
    """A signature, an event and a voiding are told with who and what."""
    one = drafted(status="completed", placements=[POINT])
    two = sign(one, DANA, LATER)
    assert said(one, two) == "status completed -> signed\nsigned by Dana Example, PT"
    event = EventStatement(
        event="faint",
        severity="significant",
        onset_at=LATER,
        placement=one.placements[0].id,
        action="lay down",
        by="a",
    )
    three = add_event(two, event, "e", LATER)
    assert said(two, three) == "event added: faint, significant, at placement 1"
    four = void(three, Voiding(by="a", display="A", reason="r"), LATER)
    assert said(three, four) == "status signed -> voided\nvoided by A"


def test_the_first_version_says_what_it_holds() -> None:
    """History begins with what was recorded first."""
    words = said(None, drafted(subject="Patient/1", needle={"length_mm": 40, "lot": "A 1"}, placements=[BY_REGION]))
    assert words == (
        "status in-progress added\nsubject Patient/1 added\n"
        'needle length mm 40, lot "A 1" added\nplacement 1 added: levator-scapulae, right'
    )


text = st.text(max_size=200)
headers = st.fixed_dictionaries(
    {},
    optional={
        "note": text,
        "status_reason": text,
        "pain_before": st.integers(0, 10),
        "needle": st.fixed_dictionaries(
            {}, optional={"length_mm": st.floats(1, 99), "lot": st.text("ab ", min_size=1)}
        ),
        "consent": st.fixed_dictionaries({}, optional={"copy_given": st.booleans()}),
        "identifier": st.lists(st.sampled_from(["1", "2", "3"]), unique=True).map(
            lambda values: [{"system": "s", "value": value} for value in values]
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
