"""Every word that the project itself puts on a picture, and the facts of a placement in short English."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import LayerId, ViewId
from bodymap.charting.placement import Flag, RecordedPerimeter, RecordedPlacement, needle_count
from bodymap.charting.session import Session
from bodymap.rendering.lettering import clean
from bodymap.rendering.placed import find_region, region_of
from bodymap.rendering.scene import number

DETAIL = "Detail"
TITLE = "Dry needling chart"
VIEW_NAMES: dict[ViewId, str] = {
    "posterior": "Posterior view",
    "anterior": "Anterior view",
    "left": "Left view",
    "right": "Right view",
}
SIDE_NAMES = {"left": "left", "right": "right", "midline": "midline", "both": "both sides", None: "side not stated"}
STATUS_NAMES = {"planned": "planned", "not-done": "not done"}
SESSION_STATUS = {
    "planned": "Planned",
    "in-progress": "In progress",
    "completed": "",
    "stopped": "Stopped",
    "cancelled": "Cancelled",
    "signed": "Signed",
    "voided": "Voided",
}
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_UNBROKEN = 26
_SMALL = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def layer_name(layer: LayerId) -> str:
    """As in "deep layer"."""
    return f"{layer} layer"


def counted(count: int, noun: str, plural: str = "") -> str:
    """As in "3 needles"."""
    return f"{count} {noun if count == 1 else plural or noun + 's'}"


def spelled(count: int, noun: str) -> str:
    """As in "three needles", for sentences."""
    word = _SMALL[count] if count < len(_SMALL) else str(count)
    return f"{word} {noun}{'' if count == 1 else 's'}"


def place_name(atlas: Atlas, placement: RecordedPlacement) -> str:
    """The muscle in English; where there is none, the structure or the words that were given."""
    region = region_of(atlas, placement)
    if region is not None:
        return region.names.en
    if not isinstance(placement, RecordedPerimeter) and placement.site is not None:
        return clean(placement.site.text) or "Site without words"
    structure = placement.resolved.structure or placement.region
    if structure:
        return clean(structure.replace("-", " ").capitalize())
    if not isinstance(placement, RecordedPerimeter) and placement.landmark:
        return clean(f"Near {placement.landmark}")
    return "No muscle at this point"


def kind_name(placement: RecordedPlacement) -> str:
    """What was placed."""
    return "Perimeter" if isinstance(placement, RecordedPerimeter) else "Trigger point"


def side_name(placement: RecordedPlacement) -> str:
    """The patient's side in words."""
    return SIDE_NAMES[placement.resolved.side or placement.side]


def _twitch(placement: RecordedPlacement) -> str:
    twitch = placement.twitch
    if twitch is None:
        return ""
    if twitch.obtained or (twitch.obtained is None and twitch.count):
        return f"twitch ×{twitch.count}" if twitch.count else "twitch"
    return "no twitch" if twitch.sought and twitch.obtained is False else ""


def _pain(before: int | None, after: int | None) -> str:
    if before is not None and after is not None:
        return f"pain {before}→{after}"
    return f"pain {before} before" if before is not None else f"pain {after} after" if after is not None else ""


def _spread(placement: RecordedPlacement) -> str:
    """How the needles of a line lie on both sides of the body, where they do."""
    if not isinstance(placement, RecordedPerimeter):
        return ""
    sides = Counter(needle.side for needle in placement.needles)
    if len(sides) < 2:
        return ""
    return ", ".join(f"{sides[side]} {side}" for side in ("left", "right", "midline") if sides[side])


def twitch_obtained(placement: RecordedPlacement) -> bool:
    """Whether a local twitch came."""
    return _twitch(placement).startswith("twitch")


def joined(facts: Sequence[str]) -> str:
    """Facts with dots between them, so that a line breaks between facts rather than inside a short one."""
    whole = [fact.replace(" ", "\u00a0") if len(fact) < _UNBROKEN else fact for fact in facts]
    return "\u00a0· ".join(whole)


def short_facts(placement: RecordedPlacement, elsewhere: LayerId | None) -> list[str]:
    """The few facts beside a mark, the one that matters most first. `elsewhere` is the muscle's layer where
    that is not the drawn one."""
    needles = needle_count(placement)
    line = isinstance(placement, RecordedPerimeter)
    facts = [
        STATUS_NAMES.get(placement.status, ""),
        layer_name(elsewhere) if elsewhere else "",
        counted(needles, "needle") if line or needles > 1 else "",
        _spread(placement),
        f"{number(placement.depth_mm)} mm stated" if placement.depth_mm is not None else "",
        _twitch(placement),
        _pain(placement.pain_before, placement.pain_after),
    ]
    return [fact for fact in facts if fact][:4]


def long_facts(atlas: Atlas, placement: RecordedPlacement, elsewhere: LayerId | None) -> list[str]:
    """What the table says of a placement: everything stated, in a fixed order."""
    facts = [STATUS_NAMES.get(placement.status, ""), layer_name(elsewhere) if elsewhere else ""]
    if not isinstance(placement, RecordedPerimeter) and placement.trigger_point is not None:
        found = placement.trigger_point
        facts += [
            found.state or "",
            "taut band" if found.taut_band else "",
            "familiar pain" if found.familiar_pain else "",
        ]
    depth = f"{number(placement.depth_mm)} mm stated" if placement.depth_mm is not None else ""
    if placement.angle_from_normal_deg is not None:
        depth += f"{' at ' if depth else ''}{number(placement.angle_from_normal_deg)}° from the normal"
    if placement.direction:
        depth += f" {placement.direction}" if depth else placement.direction
    facts += [depth, clean(placement.technique or "")]
    facts.append(_spread(placement))
    if placement.insertions is not None:
        facts.append(counted(placement.insertions, "insertion"))
    if placement.dwell_s is not None:
        facts.append(f"{number(placement.dwell_s)} s in place")
    facts += [_twitch(placement), _electrical(placement), _pain(placement.pain_before, placement.pain_after)]
    if placement.also:
        names = [
            region.names.en if region else also for also in placement.also for region in [find_region(atlas, also)]
        ]
        facts.append(f"also {', '.join(names)}")
    if placement.resolved.inferred and placement.resolved.region:
        facts.append("muscle inferred")
    facts += [_flagged(flag) for flag in placement.flags]
    facts += [clean(text) for text in (placement.precaution, placement.response, placement.note) if text]
    return [fact for fact in facts if fact]


def not_drawn(placement: RecordedPlacement) -> str:
    """Why a picture leaves a placement out."""
    if not isinstance(placement, RecordedPerimeter) and placement.site is not None:
        return "not drawn: no plate shows it"
    return f"not drawn: given on the {placement.view} view" if placement.view else "not drawn on this view"


def _flagged(flag: Flag) -> str:
    words = clean(flag.code.replace("-", " "))
    return f"possibly {words}" if flag.certainty == "possible" else words


def _electrical(placement: RecordedPlacement) -> str:
    current = placement.electrical
    if current is None:
        return ""
    words = ["electrical", clean(current.channel or "")]
    words.append(f"{number(current.hz)} Hz" if current.hz is not None else "")
    words.append(f"{number(current.minutes)} min" if current.minutes is not None else "")
    return " ".join(word for word in words if word)


def date_line(start: datetime | None, end: datetime | None) -> str:
    """As in "23 Nov 2026, 09:00–09:25", in the offset that the times came with."""
    if start is None:
        return "Date not stated"
    day = f"{start.day} {_MONTHS[start.month - 1]} {start.year}, {start:%H:%M}"
    return f"{day}–{end:%H:%M}" if end is not None and end.date() == start.date() else day


def session_facts(session: Session) -> list[str]:
    """Whose session, by whom, with how many needles, in the order in which they are read."""
    facts = [
        clean(session.subject or ""),
        clean(session.performer or ""),
        clean(session.position or ""),
        f"needles in {session.needles_in}" if session.needles_in is not None else "",
        f"needles out {session.needles_out}" if session.needles_out is not None else "",
        _pain(session.pain_before, session.pain_after),
        SESSION_STATUS[session.status],
    ]
    return [fact for fact in facts if fact]


def sentence(atlas: Atlas, placement: RecordedPlacement) -> str:
    """A placement in words, for those who hear the picture."""
    name = place_name(atlas, placement)
    side = placement.resolved.side or placement.side
    if region_of(atlas, placement) is not None:
        name = name[0].lower() + name[1:]
        name = f"{SIDE_NAMES[side].capitalize()} {name}" if side in ("left", "right") else name[0].upper() + name[1:]
        if side == "both":
            name += ", both sides"
    if isinstance(placement, RecordedPerimeter):
        what = f"a perimeter of {spelled(len(placement.needles), 'needle')}"
    else:
        what = (
            "one trigger point"
            if placement.count == 1
            else f"a trigger point with {spelled(placement.count, 'needle')}"
        )
    status = STATUS_NAMES.get(placement.status)
    where = ", where in it not stated" if placement.view is None else ""
    return f"{placement.number}: {name}, {what}{where}{', ' + status if status else ''}."


def list_numbers(numbers: Sequence[int], most: int = 12) -> str:
    """As in "3, 5 and 9"; beyond `most` the rest is counted."""
    shown = [str(value) for value in numbers[:most]]
    if len(numbers) > most:
        return f"{', '.join(shown)} and {len(numbers) - most} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)
