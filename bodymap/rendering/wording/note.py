"""The procedure note: a visit in six lines of text, to be pasted into a record that has no room for a chart."""

from collections.abc import Iterable

from bodymap.atlas import Atlas
from bodymap.charting.placement import RecordedPlacement, twitch_obtained
from bodymap.charting.session import Session, Summary
from bodymap.rendering.text_metrics import clean
from bodymap.rendering.wording.clinical import ClinicalWording
from bodymap.rendering.wording.record import Record, record_of
from bodymap.words import Language, catalogue
from bodymap.words.charts import NoteWords

_SIDES = ("right", "left", "midline", "both", None)


def write_note(atlas: Atlas, session: Session, summary: Summary, lang: Language) -> bytes:
    """The note in UTF-8, a line a subject: the visit; where needles went; needles; response; flags, consent and events;
    code and signature. Flags stand by their names only, and what nobody stated is left out or said to be not stated."""
    wording, words = ClinicalWording(atlas, lang, session.events), catalogue(lang).note
    record = record_of(atlas, session, lang, stored=True)
    lines = [
        _visit(session, summary, record, wording, words),
        _places(session, wording, words),
        f"{record.words.needles}: {', '.join(record.counts)}.",
        _response(session, wording, words),
        _safety(record, words),
        _code(session, summary, record, words),
    ]
    return ("\n".join(lines) + "\n").encode()


def _visit(session: Session, summary: Summary, record: Record, wording: ClinicalWording, words: NoteWords) -> str:
    minutes = words.minutes.format(n=wording.number(summary.minutes)) if summary.minutes is not None else ""
    date = wording.date_line(session.started_at or session.started_on, session.ended_at)
    # Pain has a line of its own.
    pain = wording.pain(session.pain_before, session.pain_after)
    facts = [fact for fact in record.facts if fact != pain and not fact.startswith(f"{record.words.pain}: ")]
    return _sentences([wording.title, date, minutes, record.performer, *facts, record.identity[0]])


def _places(session: Session, wording: ClinicalWording, words: NoteWords) -> str:
    parts = [
        text.format(places=_listed(session, status, wording))
        for status, text in (("done", words.treated), ("planned", words.planned), ("not-done", words.not_done))
        if any(placement.status == status for placement in session.placements)
    ]
    return " ".join(parts) or wording.nothing


def _listed(session: Session, status: str, wording: ClinicalWording) -> str:
    """As in "right: Upper trapezius (1), Infraspinatus (3, 4); left: Piriformis (2)"."""
    found: list[str] = []
    for side in _SIDES:
        places: dict[str, list[str]] = {}
        for placement in session.placements:
            own = placement.resolved.side or placement.side
            if placement.status == status and own == side:
                places.setdefault(wording.place_name(placement), []).append(_numbered(placement))
        if places:
            named = ", ".join(f"{place} ({', '.join(numbers)})" for place, numbers in places.items())
            found.append(f"{wording.words.sides[side] if side else wording.words.side_unknown}: {named}")
    return "; ".join(found)


def _numbered(placement: RecordedPlacement) -> str:
    reason = clean(placement.status_reason or "")
    return f"{placement.number}: {reason}" if reason else str(placement.number)


def _response(session: Session, wording: ClinicalWording, words: NoteWords) -> str:
    done = [placement for placement in session.placements if placement.status == "done"]
    twitched = [placement.number for placement in done if twitch_obtained(placement)]
    before, after = session.pain_before, session.pain_after
    pain = words.pain.format(
        before=wording.number(before) if before is not None else words.not_stated,
        after=wording.number(after) if after is not None else words.not_stated,
    )
    measures = [
        words.measure.format(
            name=clean(measure.name),
            before=wording.number(measure.before) if measure.before is not None else words.not_stated,
            after=wording.number(measure.after) if measure.after is not None else words.not_stated,
            unit=clean(measure.unit),
        )
        for measure in session.measures
    ]
    twitch = words.twitch.format(placements=wording.list_numbers(twitched)) if twitched else words.no_twitch
    return _sentences([twitch, pain, *measures])


def _safety(record: Record, words: NoteWords) -> str:
    flags = "; ".join(f"{flag.name}: {flag.placements}" for flag in record.flags)
    events = "; ".join(record.events)
    return _sentences(
        [
            words.flags.format(flags=flags) if flags else "",
            *record.remarks,
            words.events.format(events=events) if events else words.no_events,
        ]
    )


def _code(session: Session, summary: Summary, record: Record, words: NoteWords) -> str:
    billed = session.billing_code
    return _sentences(
        [
            words.suggested.format(code=summary.suggested_code) if summary.suggested_code and billed is None else "",
            words.billed.format(code=billed.code, name=clean(billed.by)) if billed is not None else "",
            *record.acts,
        ]
    )


def _sentences(parts: Iterable[str]) -> str:
    """The parts as sentences in one line, those that say nothing left out."""
    texts = [" ".join(part.split()) for part in parts]
    return " ".join(text if text.endswith((".", "!", "?", "…")) else f"{text}." for text in texts if text)
