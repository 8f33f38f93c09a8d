"""Sessions that are hard to draw: crowded, at edges, on both sides, with long and foreign words, or hardly there."""

from typing import Any

import msgspec

from bodymap.atlas import Atlas, load_atlases
from bodymap.charting.session import Session, SessionStatement
from bodymap.decoding import decode
from bodymap.demo import visit
from bodymap.service import UseCases
from tests.rendering.visits_drawn import CONTRACT, FOUR_VIEWS, START, point, recorded, session_of, somewhere

LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen und vieles mehr, das niemand liest; " * 3
WORDS = {
    "arabic": "ألم في الكتف الأيسر مع 3 وخزات ثم راحة",
    "hebrew": "כאב בכתף ימין 5 שניות",
    "chinese": "右肩の僧帽筋上部にトリガーポイント、二回の局所単収縮反応。" * 3,
    "emoji": "😀 👩‍⚕️ 🦴" * 12,
    "wide": "W" * 190,
    "long": LONG,
    "markup": "<script>alert(1)</script>&lt;svg onload=alert(2)>]]>",
}


def trigger(**members: Any) -> dict[str, Any]:
    return {"kind": "trigger_point", **members}


def perimeter(center: tuple[float, float], radius_mm: float, needles: int, **members: Any) -> dict[str, Any]:
    ring = {"center": center, "radius_mm": radius_mm, "needles": needles}
    return {"kind": "perimeter", "view": "posterior", "ring": ring, **members}


EDGES = [
    point("posterior", 40, 900),
    point("posterior", 655, 890, status="planned"),
    point("posterior", 350, 55),
    point("posterior", 120, 480, status="not-done"),
    point("posterior", 580, 480),
    point("posterior", 300, 955),
    point("posterior", 400, 960),
    point("posterior", 320, 60, twitch={"obtained": True}),
]
SIDES = [
    point("left", 230, 480),
    point("left", 200, 300, twitch={"obtained": True}),
    point("left", 150, 700, status="planned"),
    point("right", 160, 760),
    point("right", 170, 300),
    point("right", 100, 500, status="not-done"),
    trigger(region="serratus-anterior", side="left"),
]
REGIONS = [
    trigger(region="levator-scapulae", side="right"),
    trigger(region="infraspinatus", side="left"),
    trigger(region="rhomboid-major", side="left", status="planned"),
    trigger(region="gluteus-medius", side="right", status="not-done"),
    trigger(region="quadratus-lumborum", side="left"),
]
PERIMETERS = [
    perimeter((350, 480), 60, 24),
    perimeter((340, 300), 14, 6, status="planned"),
    perimeter((402, 700), 28, 8, status="not-done"),
    {
        "kind": "perimeter",
        "view": "posterior",
        "outline": [[260, 600], [330, 590], [340, 660], [280, 700]],
        "spacing_mm": 6,
    },
]
FOREIGN = [
    *(
        point("posterior", 290 + 40 * (n % 4), 300 + 80 * (n // 4), note=text, technique=text[:60])
        for n, text in enumerate(WORDS.values())
    ),
    *(trigger(site={"text": text[:190]}, side="left") for text in WORDS.values()),
]


def demonstration(name: str) -> Session:
    """One of the visits of the demonstration, drafted, the same each time."""
    draft = decode(visit(name), SessionStatement)
    drafted = UseCases.on(load_atlases()).sessions.draft(draft)
    return msgspec.structs.replace(drafted, id="s", created_at=START, updated_at=START)


def nasty(atlas: Atlas) -> dict[str, Session]:
    """Each by a name."""
    statements: dict[str, list[dict[str, Any]]] = {
        "contract": CONTRACT,
        "four views": FOUR_VIEWS,
        "crowd": somewhere(atlas, 20, 1, (200, 500, 200, 420)),
        "cluster": somewhere(atlas, 20, 3, (440, 480, 290, 345)),
        "sixty-four": somewhere(atlas, 64, 7, (200, 500, 200, 800)),
        "one shoulder": somewhere(atlas, 64, 9, (420, 520, 280, 400)),
        "edges": EDGES,
        "sides": SIDES,
        "regions": REGIONS,
        "perimeters": PERIMETERS,
        "foreign": FOREIGN,
        "site": [trigger(site={"text": "sole of the foot"}, side="right")],
        "nothing": [],
    }
    found = {name: session_of(recorded(atlas, each)) for name, each in statements.items()}
    words = dict.fromkeys(("position", "subject", "performer"), LONG[:200])
    found["foreign"] = session_of(recorded(atlas, FOREIGN), note=WORDS["arabic"] + WORDS["long"], **words)
    return found
