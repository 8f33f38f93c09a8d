"""What a sheet says of a session beyond its placements: whose it was, by whom, needles, flags, events, remarks, acts.

It is in a clinician's words only; a patient's sheet has nothing of it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bodymap.atlas import Atlas
from bodymap.atlas.local_names import region_name, structure_name
from bodymap.charting.flags import ClinicLimit, reason, source
from bodymap.charting.placement import Flag, Needle, RecordedPerimeter, RecordedPlacement
from bodymap.charting.session import Session, flags_raised
from bodymap.charting.summary import needles_charted, needles_unstated
from bodymap.charting.vocabulary import Certainty, FlagSide
from bodymap.rendering.regions import find_region
from bodymap.rendering.text_metrics import clean
from bodymap.rendering.wording.clinical import ClinicalWording
from bodymap.rendering.wording.flag_line import bone_in_front, flag_name
from bodymap.words import Language, catalogue
from bodymap.words.charts import SheetWords

_BETWEEN = re.compile(r"; (?=[A-Z0-9]+ \([A-C]\): )")
_NAMED = re.compile(r"([A-Z0-9]+ \([A-C]\)): ")


@dataclass(frozen=True)
class Raised:
    """A flag with the placements that it was raised for, in words, made of its code, its side and the place. `sources`
    are the names of sources that the report lists, or a source in words. `limit` is what the clinic had set for it, and
    who, empty where nothing was set."""

    name: str
    placements: str
    reason: str
    sources: str
    limit: str


@dataclass(frozen=True)
class Record:
    """A session in words. Empty is what was not stated. `words` are the headings.

    `subject` and `performer` stand with their labels, `facts` with theirs where a text does not say what it is.
    `identity` says which record this is, `acts` who signed or voided it. `needles` are those stated for a placement, by
    its number.
    """

    words: SheetWords
    subject: str
    performer: str
    facts: tuple[str, ...]
    identity: tuple[str, ...]
    counts: tuple[str, ...]
    flags: tuple[Raised, ...]
    sources: tuple[str, ...]
    events: tuple[str, ...]
    remarks: tuple[str, ...]
    acts: tuple[str, ...]
    needles: Mapping[int, str]


def record_of(atlas: Atlas, session: Session, lang: Language, stored: bool) -> Record:
    """The session in words of a language. `stored` is false for one that is stored nowhere."""
    writer = _Writer(ClinicalWording(atlas, lang, session.events), catalogue(lang).sheet)
    words = writer.words
    return Record(
        words=words,
        subject=_labelled(words.patient, clean(session.subject or "")),
        performer=_labelled(words.performer, clean(session.performer or "")),
        facts=tuple(writer.facts(session)),
        identity=tuple(writer.identity(session, stored)),
        counts=tuple(writer.counts(session)),
        flags=tuple(writer.flags(session)),
        sources=tuple(writer.sources(session)),
        events=tuple(writer.events(session)),
        remarks=tuple(writer.remarks(session)),
        acts=tuple(writer.acts(session, stored)),
        needles={placement.number: writer.needle(placement.needle) for placement in session.placements},
    )


@dataclass(frozen=True)
class _Writer:
    wording: ClinicalWording
    words: SheetWords

    def facts(self, session: Session) -> list[str]:
        """How the session stands, and under which circumstances."""
        words, wording = self.words, self.wording
        before, after = session.pain_before, session.pain_after
        pain = wording.pain(before, after)
        if before is not None and after is not None:
            pain = wording.pain_change(before, after)
        entries = [
            (words.encounter, clean(session.encounter or "")),
            (words.position, clean(session.position or "")),
            (words.needle, self.needle(session.needle)),
            (words.status, wording.words.session_statuses[session.status]),
            (words.pain if before is not None and after is not None else "", pain),
        ]
        return [fact for label, text in entries if (fact := _labelled(label, text))]

    def identity(self, session: Session, stored: bool) -> list[str]:
        words = self.words
        version = words.atlas.format(version=self.wording.atlas.version)
        if not stored:
            return [words.unkept, version]
        return [f"{words.session} {session.id}", words.versions.format(n=session.version), version]

    def counts(self, session: Session) -> list[str]:
        words, into, out = self.words, session.needles_in, session.needles_out
        unstated = needles_unstated(session.placements)
        parts = [words.charted.format(n=needles_charted(session.placements))]
        parts += [self.wording.counted(unstated, words.uncounted)] if unstated else []
        parts += [words.put_in.format(n=into)] if into is not None else []
        parts += [words.taken_out.format(n=out)] if out is not None else []
        if into is not None and out is not None:
            parts.append(words.difference.format(n=into - out))
        return parts

    def flags(self, session: Session) -> list[Raised]:
        """Each flag once for its side and certainty, with the placements and needles that it was raised for."""
        raised: dict[tuple[str, Certainty, FlagSide | None], list[str]] = {}
        for flag in session.flags:
            raised.setdefault(_key(flag), []).append(self.words.whole_session)
        for placement in sorted(session.placements, key=lambda placement: placement.number):
            for flag in placement.flags:
                raised.setdefault(_key(flag), []).append(self._raised_for(flag, placement))
        limits = {limit.flag: self._limit(limit) for limit in session.limits}
        return [
            Raised(
                self._flag_name(code, certainty, side),
                ", ".join(placements),
                clean(reason(code, self.wording.lang)),
                ", ".join(_source_name(one) for one in _split(source(code))),
                limits.get(code, ""),
            )
            for (code, certainty, side), placements in raised.items()
        ]

    def _flag_name(self, code: str, certainty: Certainty, side: FlagSide | None) -> str:
        """As in "over lung field, left (possible)"; what lies under the point needs no word."""
        name = clean(flag_name(code, self.wording.lang))
        named = f"{name}, {self.wording.words.sides[side]}" if side is not None else name
        if certainty == "under-the-point":
            return named
        return f"{named} ({self.wording.words.certainties[certainty]})"

    def _raised_for(self, flag: Flag, placement: RecordedPlacement) -> str:
        """The placement by its number, with those of its needles, or with what the atlas has where it stands."""
        number = str(placement.number)
        if isinstance(placement, RecordedPerimeter):
            needles = [needle.number for needle in placement.needles if flag.code in {own.code for own in needle.flags}]
            number = self.words.needle_numbers.format(n=number, listed=_stretches(needles)) if needles else number
        facts = [self.words.differs.format(found=self._structure(flag.found))] if flag.found else []
        if flag.distance_mm:
            facts.append(self.words.off.format(mm=self.wording.number(flag.distance_mm)))
        if flag.behind:
            facts.append(bone_in_front(flag.behind, self.wording.lang))
        return f"{number} ({'; '.join(facts)})" if facts else number

    def _structure(self, id_: str) -> str:
        """A region or another structure of the body, as it stands within a sentence."""
        lang = self.wording.lang
        region = find_region(self.wording.atlas, id_)
        return self.wording.within(clean(region_name(region, lang) if region else structure_name(id_, lang)))

    def _limit(self, limit: ClinicLimit) -> str:
        return self.words.limit.format(
            text=clean(limit.text), name=clean(limit.set_by), when=self._moment(limit.set_at)
        )

    def sources(self, session: Session) -> list[str]:
        """What the names of the sources stand for, each once."""
        codes = {flag.code for flag in flags_raised(session)}
        named = {one for code in codes for one in _split(source(code)) if _source_name(one) != one}
        return sorted(clean(one) for one in named)

    def events(self, session: Session) -> list[str]:
        numbers = {placement.id: placement.number for placement in session.placements}
        texts: list[str] = []
        for event in session.events:
            severity = self.words.severities[event.severity]
            when = self._moment(event.onset_at)
            when += f" – {self._moment(event.ended_at)}" if event.ended_at is not None else ""
            first = self.words.event.format(event=self.wording.event_name(event), severity=severity, when=when)
            text = clean(event.text or "")
            text = text if text and text not in first else ""
            number = numbers.get(event.placement or "")
            where = f"{self.wording.words.columns[0]} {number}" if number else ""
            by = clean(event.display or event.by)
            texts.append(
                "; ".join(
                    part for part in (first, text, where, clean(event.action), clean(event.outcome or ""), by) if part
                )
            )
        return texts

    def remarks(self, session: Session) -> list[str]:
        words = self.words
        consent, given = session.consent, session.information_given
        entries = [
            (words.status_reason, session.status_reason or ""),
            (words.count_note, session.count_note or ""),
            (
                words.consent,
                self._facts(consent.version, consent.signed_at, words.copy_given if consent.copy_given else None)
                if consent is not None
                else "",
            ),
            (words.information, self._facts(given.version, given.lang, given.at) if given is not None else ""),
            (words.note, session.note or ""),
        ]
        return [remark for label, text in entries if (remark := _labelled(label, clean(text)))]

    def acts(self, session: Session, stored: bool) -> list[str]:
        words = self.words
        texts: list[str] = []
        if session.voided is not None:
            gone = session.voided
            when = self._moment(gone.at)
            texts.append(words.voided.format(name=clean(gone.display), when=when, reason=clean(gone.reason)))
        if session.signature is not None:
            signed = session.signature
            when = self._moment(signed.at)
            texts.append(words.signed.format(name=clean(signed.display), when=when, n=signed.version))
        elif stored:
            texts.append(words.unsigned)
        return texts

    def _moment(self, moment: datetime) -> str:
        return f"{self.wording.date_line(moment, None)} (UTC{moment:%z})".replace("+0000", "")

    def _facts(self, *facts: str | datetime | None) -> str:
        texts = [self._moment(fact) if isinstance(fact, datetime) else clean(fact or "") for fact in facts]
        return ", ".join(fact for fact in texts if fact)

    def needle(self, needle: Needle | None) -> str:
        """As in "0.25 × 40 mm, lot A1, Maker"."""
        if needle is None:
            return ""
        sizes = [self.wording.number(size) for size in (needle.diameter_mm, needle.length_mm) if size is not None]
        lot = self.words.lot.format(lot=clean(needle.lot)) if needle.lot else ""
        parts = [f"{' × '.join(sizes)} mm" if sizes else "", lot, clean(needle.maker or "")]
        return ", ".join(part for part in parts if part)


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text}" if label and text else text


def _split(sources: str) -> list[str]:
    """Sources one by one, as `NAME (grade): title`."""
    return [clean(one) for one in _BETWEEN.split(sources) if one]


def _source_name(source: str) -> str:
    named = _NAMED.match(source)
    return named[1] if named else source


def _stretches(numbers: Sequence[int]) -> str:
    """As in "1–5, 8"."""
    parts: list[list[int]] = []
    for value in numbers:
        if parts and parts[-1][-1] == value - 1:
            parts[-1].append(value)
        else:
            parts.append([value])
    return ", ".join(f"{part[0]}–{part[-1]}" if len(part) > 1 else str(part[0]) for part in parts)


def _key(flag: Flag) -> tuple[str, Certainty, FlagSide | None]:
    return flag.code, flag.certainty, flag.side
