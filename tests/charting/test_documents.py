"""Documents that an earlier release kept: read in the present shape, and told as what is recorded today."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bodymap.charting import documents
from bodymap.charting.placement import Flag, RecordedPerimeter
from bodymap.charting.session import Session
from bodymap.rendering.chart.formats import Drawing, draw
from bodymap.rendering.options import PrintOptions
from tests.charting.visits_drafted import ATLAS, USE_CASES

KEPT = Path(__file__).with_name("kept_by_an_earlier_release.json").read_bytes()
LUNG = "over-lung-field"


def read() -> Session:
    return documents.sessions.decode(KEPT)


def test_flags_kept_with_their_reasons_are_read_in_the_present_shape() -> None:
    """Code, side (from the sentence that named it), certainty and what was found come out; reason and source do not."""
    session = read()
    assert session.flags == (Flag(code="both-sides-of-thorax", certainty="under-the-point"),)
    near, region, middle, ring = session.placements
    assert near.flags == (
        Flag(code="region-differs", certainty="under-the-point", found="trapezius-ascending", distance_mm=3.5),
        Flag(code=LUNG, certainty="under-the-point", side="left"),
    )
    assert region.flags == (
        Flag(code=LUNG, certainty="possible", side="right"),
        Flag(code="near-midline", certainty="possible"),
    )
    assert middle.flags[0] == Flag(code=LUNG, certainty="under-the-point", side="right")
    assert isinstance(ring, RecordedPerimeter)
    assert [needle.flags for needle in ring.needles] == [
        (Flag(code=LUNG, certainty="under-the-point", side="right"),)
    ] * 3


def test_a_flag_that_named_no_half_is_of_both() -> None:
    """Over the fields of both halves, with no side stated, the sentence named none: the flag is of both."""
    flag = {"code": LUNG, "reason": "This point lies over the lung field of the reference body: …", "source": "ZA51"}
    other = {**flag, "code": "region-differs", "found": "skin with nothing beneath", "distance_mm": 2.0}
    kept: dict[str, Any] = json.loads(KEPT)["placements"][2] | {"flags": [flag, other]}
    assert documents.placements.decode(json.dumps(kept)).flags == (
        Flag(code=LUNG, certainty="under-the-point", side="both"),
        Flag(code="region-differs", certainty="under-the-point", found="skin", distance_mm=2.0),
    )


def test_what_is_no_record_is_refused() -> None:
    """A document that fits neither shape is an error, and nothing is made up for it."""
    for broken in (b"[]", b"{}", KEPT.replace(b'"code"', b'"cord"'), KEPT.replace(b'"left"', b'"port"')):
        with pytest.raises(msgspec.ValidationError):
            documents.sessions.decode(broken)


def test_an_earlier_record_is_answered_as_one_of_today() -> None:
    """The answer has what is said of its flags once at the root, and no reason in any flag."""
    answer = json.loads(msgspec.json.encode(USE_CASES.sessions.answer(read())))
    rules = answer.pop("flag_rules")
    assert rules.keys() == {LUNG, "region-differs", "near-midline", "both-sides-of-thorax"}
    assert all(rule.keys() == {"reason", "source", "rule"} and all(rule.values()) for rule in rules.values())
    assert '"reason"' not in json.dumps(answer)
    assert documents.sessions.decode(msgspec.json.encode(read())) == read()


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ["over lung field, right: 3, 4 (needle 1–3)", "found there: lower trapezius; 3.5 mm off"]),
        (
            "de",
            [
                "über dem Lungenfeld, rechts (möglich): 2",
                "Liegt über dem Lungenfeld",
                "Unterer Trapezius",
                "3,5 mm entfernt",
            ],
        ),
        ("es", ["sobre el campo pulmonar, derecha", "a 3,5 mm"]),
        ("fr", ["champ pulmonaire, droite", "à 3,5 mm"]),
    ],
)
def test_flags_are_told_in_the_charts_language(lang: Any, told: list[str]) -> None:
    """The sheet makes the sentence of a flag from its code, its side and the place, of an earlier record too."""
    said = " ".join(draw(Drawing(ATLAS, read(), PrintOptions(lang=lang)), "txt").decode().split())
    assert [part for part in told if part not in said] == [], said
    assert "This point lies" not in said
