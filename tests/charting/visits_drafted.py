"""Sessions drafted on the real atlas, for the tests of their life."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from bodymap.atlas import load_atlases
from bodymap.charting.session import Session, SessionStatement
from bodymap.charting.signatures import Signing
from bodymap.decoding import Draft, decode
from bodymap.service import UseCases

USE_CASES = UseCases.on(load_atlases())
ATLAS = USE_CASES.atlases.default
LATER = datetime(2027, 1, 2, 3, 4, tzinfo=UTC)
DANA = Signing(by="Practitioner/7", display="Dana Example, PT")
POINT = {"kind": "trigger_point", "view": "posterior", "at": [290, 290], "side": "left"}
BY_REGION = {"kind": "trigger_point", "region": "levator-scapulae", "side": "right"}
RING = {
    "kind": "perimeter",
    "view": "posterior",
    "ring": {"center": [395, 610], "radius_mm": 25, "needles": 8},
    "side": "right",
}


def statement(**members: Any) -> Draft[SessionStatement]:
    """What a client posts."""
    return decode(msgspec.json.encode(members), SessionStatement)


def drafted(**members: Any) -> Session:
    """A session as it is recorded, version 1."""
    return USE_CASES.sessions.draft(statement(**members))
