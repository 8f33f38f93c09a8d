"""What a picture says of a session and its placements, in the language that was asked for."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import get_args

from bodymap.atlas import Atlas
from bodymap.atlas.local_names import landmark_phrase, muscle_name, region_name, structure_name
from bodymap.atlas.manifest import LayerId, Muscle, Region, ViewId
from bodymap.charting.course import Tally
from bodymap.charting.events import RecordedEvent, Severity, event_in_words
from bodymap.charting.placement import (
    RecordedPerimeter,
    RecordedPlacement,
    RecordedTriggerPoint,
    needle_count,
)
from bodymap.charting.session import Session
from bodymap.charting.vocabulary import PerimeterSide, PlacementStatus, SessionStatus, Side
from bodymap.rendering.options import PrintedHeader
from bodymap.rendering.regions import find_region, muscle_of, region_of, regions_of
from bodymap.rendering.text_metrics import clean
from bodymap.rendering.treated import is_line
from bodymap.rendering.wording.flag_line import flag_line
from bodymap.rendering.wording.head_line import head_line
from bodymap.rendering.wording.lines import crossed, line_landmark, line_name
from bodymap.rendering.wording.treatment import TreatmentWording
from bodymap.words import Language, catalogue
from bodymap.words.charts import KeyWords, ReferralWords
from bodymap.words.visits import ComparisonWords, CourseWords

_SIDES: tuple[Side, ...] = ("left", "right", "midline")


class ClinicalWording(TreatmentWording):
    """A clinician's words in one language, on one atlas, for a session with these adverse events. `words` are the texts
    that need no putting together."""

    def __init__(self, atlas: Atlas, lang: Language, events: Sequence[RecordedEvent] = ()) -> None:
        super().__init__(atlas, lang)
        self.catalogue = catalogue(lang)
        self._events = events

    def date_line(self, start: date | None, end: datetime | None) -> str:
        """As in "23 Nov 2026, 09:00–09:25", both in the offset of the start, and both dates where they differ."""
        if start is None:
            return self.words.date_unknown
        if not isinstance(start, datetime):
            return self.day(start)
        clock = self._form.clock
        if end is None:
            return f"{self.day(start)}, {start:%H:%M}{clock}"
        end = end.astimezone(start.tzinfo)
        if end.date() == start.date():
            return f"{self.day(start)}, {start:%H:%M}–{end:%H:%M}{clock}"
        return f"{self.day(start)}, {start:%H:%M}{clock} – {self.day(end)}, {end:%H:%M}{clock}"

    # What the picture as a whole says.

    @property
    def title(self) -> str:
        """What stands over the picture."""
        return self.words.title

    @property
    def course_words(self) -> CourseWords:
        return self.catalogue.course

    @property
    def key_words(self) -> KeyWords:
        return self.catalogue.key

    @property
    def comparison_words(self) -> ComparisonWords:
        return self.catalogue.comparison

    @property
    def referral_words(self) -> ReferralWords | None:
        return self.catalogue.referral

    @property
    def columns(self) -> tuple[str, ...]:
        return self.words.columns

    def tallied(self, tallies: Sequence[Tally]) -> list[Tally]:
        return list(tallies)

    def mark_names(self) -> dict[str, str]:
        words, compared = self.words, self.catalogue.comparison
        names = ("point", "twitch", "event", "serious", "needle", "region", "treated", "below", "above")
        return {
            **{name: getattr(words, f"key_{name}") for name in names},
            "referral": self.catalogue.referral.key,
            "pain": compared.pain,
            "planned": words.statuses["planned"],
            "not-done": words.statuses["not-done"],
        }

    @property
    def own_sides(self) -> str:
        return self.words.patients_sides

    def view_name(self, view: ViewId) -> str:
        """As in "Posterior view"."""
        return self.words.views[view]

    def layer_name(self, layer: LayerId) -> str:
        """As in "deep layer"; empty where layers are not spoken of."""
        return self.words.layers[layer]

    def letter_side(self, side: Side) -> str:
        """What stands under the letter."""
        return self.words.sides[side]

    def near_side(self, side: Side) -> str:
        """What stands under the letter on the view from that side."""
        return self.words.near_sides[side]

    @property
    def far_side(self) -> str:
        """What stands under the letter of the side that is not seen."""
        return self.words.far_side

    def scale(self, cm: int) -> str:
        """Next to the scale bar; empty where there is none."""
        return self.words.scale.format(n=cm)

    def detail(self, letter: str) -> str:
        """Over an inset."""
        return self.words.detail.format(letter=letter)

    def person(self, header: PrintedHeader) -> list[str]:
        """Whose chart it is, as printed at its head."""
        words = self.words
        facts = [
            clean(header.name or ""),
            words.born.format(date=clean(header.birth_date)) if header.birth_date else "",
            words.mrn.format(number=clean(header.mrn)) if header.mrn else "",
            clean(header.clinic or ""),
        ]
        return [fact for fact in facts if fact]

    def session_facts(self, session: Session) -> list[str]:
        """Whose session, by whom, with how many needles, in the order in which they are read."""
        words = self.words
        facts = [
            *self.all_adverse(),
            clean(session.subject or ""),
            clean(session.performer or ""),
            clean(session.position or ""),
            words.needles_in.format(n=session.needles_in) if session.needles_in is not None else "",
            words.needles_out.format(n=session.needles_out) if session.needles_out is not None else "",
            self.pain(session.pain_before, session.pain_after),
            words.session_statuses[session.status],
        ]
        return [fact for fact in facts if fact]

    def flag_line(self, session: Session) -> str:
        return flag_line(session, self.lang)

    def head_line(self, session: Session) -> str:
        serious = [self._adverse(event) for event in self._events if event.severity == "serious"]
        return head_line(self, session.placements, serious, self.pain(session.pain_before, session.pain_after))

    @property
    def nothing(self) -> str:
        """That nothing was recorded."""
        return self.words.nothing

    def left_out(self, numbers: Sequence[int], views: int) -> str:
        """What a picture of so many views does not show, counted."""
        noun = self.words.not_shown_here if views == 1 else self.words.not_shown_on_these
        return self.form(len(numbers), noun).format(n=len(numbers), listed=self.list_numbers(numbers))

    def heading(self, session: Session, views: Sequence[ViewId]) -> str:
        """The title of the document."""
        shown = ", ".join(self.within(self.view_name(view)) for view in views)
        return f"{self.title}, {shown}, {self.date_line(session.started_at or session.started_on, session.ended_at)}"

    def description(
        self,
        session: Session,
        shown: Sequence[tuple[ViewId, LayerId, Sequence[RecordedPlacement]]],
        left_out: Sequence[int],
        most: int,
    ) -> str:
        """What the document shows, in sentences, for those who hear it: at most so many placements one by one."""
        words = self.words
        count = len(session.placements)
        parts = [self.counted(count, words.placements_recorded) if count else self.nothing]
        spoken = 0
        for view, layer, placements in shown:
            parts.append(f"{self.view_name(view)}, {self.layer_name(layer)}.")
            parts += [self.sentence(placement) for placement in placements[: max(0, most - spoken)]]
            spoken += len(placements)
        if spoken > most:
            parts.append(self.counted(spoken - most, words.further))
        if left_out:
            listed = self.list_numbers(left_out)
            parts.append(self.form(len(left_out), words.not_shown).format(n=len(left_out), listed=listed))
        return " ".join([*parts, *filter(None, [self.flag_line(session)]), self.own_sides, f"{self.credit()}."])

    def session_status(self, status: SessionStatus) -> str:
        return self.words.session_statuses[status]

    def needles(self, count: int | None) -> str:
        return self.words.needles_unstated if count is None else self.counted(count, self.words.needles)

    def uncounted(self, placements: int) -> str:
        return self.counted(placements, self.catalogue.sheet.uncounted)

    def region_on_side(self, region: Region, side: PerimeterSide | None) -> str:
        return ", ".join([region_name(region, self.lang), *([self.words.sides[side]] if side else [])])

    def muscle_on_side(self, muscle: Muscle, side: PerimeterSide | None) -> str:
        return ", ".join([muscle_name(self.atlas, muscle.id, self.lang), *([self.words.sides[side]] if side else [])])

    # What it says of one placement.

    def status_name(self, status: PlacementStatus) -> str:
        return self.words.statuses[status]

    def place_name(self, placement: RecordedPlacement) -> str:
        """The muscle or group, of a line of needles its kind and the part of the body; else the structure, or the words
        that were given."""
        if isinstance(placement, RecordedPerimeter) and is_line(placement):
            return line_name(self.atlas, placement, self.lang)
        region = region_of(self.atlas, placement)
        if region is not None:
            return region_name(region, self.lang)
        muscle = muscle_of(self.atlas, placement)
        if muscle is not None:
            return muscle_name(self.atlas, muscle.id, self.lang)
        stated = placement if isinstance(placement, RecordedTriggerPoint) else None
        if stated is not None and stated.site is not None:
            return clean(stated.site.text) or self.words.site_unnamed
        structure = placement.resolved.structure or placement.region
        if structure:
            return clean(structure_name(structure, self.lang))
        if stated is not None and stated.landmark:
            return clean(self.words.near.format(landmark=landmark_phrase(self.atlas, stated.landmark, self.lang)))
        return self.words.place_unnamed

    def kind_name(self, placement: RecordedPlacement) -> str:
        """What was placed."""
        return self.words.kinds["perimeter" if isinstance(placement, RecordedPerimeter) else "trigger_point"]

    def side_name(self, placement: RecordedPlacement) -> str:
        """The patient's side in words."""
        side = _side(placement)
        return self.words.sides[side] if side is not None else self.words.side_unknown

    def short_facts(self, placement: RecordedPlacement, elsewhere: LayerId | None) -> list[str]:
        """The few facts next to a mark, the one that matters most first. `elsewhere` is the muscle's layer where
        that is not the drawn one."""
        needles = needle_count(placement)
        several = needles is not None and (needles > 1 or isinstance(placement, RecordedPerimeter))
        facts = [
            *self.adverse(placement),
            self.words.statuses[placement.status],
            self.layer_name(elsewhere) if elsewhere else "",
            line_landmark(self.atlas, placement, self.lang) or (self.needles(needles) if several else ""),
            self._spread(placement),
            self._depth(placement.depth_mm),
            self._twitch(placement),
            self.pain(placement.pain_before, placement.pain_after),
        ]
        return [fact for fact in facts if fact][:4]

    def long_facts(self, placement: RecordedPlacement, elsewhere: LayerId | None) -> list[str]:
        """What the table says of a placement: everything stated, in a fixed order."""
        words = self.words
        layer = self.layer_name(elsewhere) if elsewhere else ""
        facts = [*self.adverse(placement), words.statuses[placement.status], layer]
        if isinstance(placement, RecordedTriggerPoint) and placement.trigger_point is not None:
            findings = placement.trigger_point
            facts += [
                words.states[findings.state] if findings.state else "",
                words.taut_band if findings.taut_band else "",
                words.familiar_pain if findings.familiar_pain else "",
            ]
        facts += [line_landmark(self.atlas, placement, self.lang), crossed(self.atlas, placement, self.lang)]
        facts += [self._way(placement), clean(placement.technique or ""), self._spread(placement)]
        if placement.insertions is not None:
            facts.append(self.counted(placement.insertions, words.insertions))
        if placement.dwell_s is not None:
            facts.append(words.dwell.format(s=self.number(placement.dwell_s)))
        facts += [
            self._twitch(placement),
            self._electrical(placement.electrical),
            self.pain(placement.pain_before, placement.pain_after),
        ]
        if placement.also:
            regions = [(also, find_region(self.atlas, also)) for also in placement.also]
            names = [region_name(region, self.lang) if region else clean(also) for also, region in regions]
            facts.append(words.also.format(names=", ".join(names)))
        if placement.resolved.inferred and placement.resolved.region and not is_line(placement):
            facts.append(words.inferred)
        facts += [clean(text) for text in (placement.precaution, placement.response, placement.note) if text]
        return [fact for fact in facts if fact]

    def not_drawn(self, placement: RecordedPlacement) -> str:
        """Why a picture leaves a placement out."""
        if isinstance(placement, RecordedTriggerPoint) and placement.site is not None:
            return self.words.no_plate
        if placement.view is not None:
            return self.words.other_view.format(view=self.within(self.view_name(placement.view)))
        return self.words.not_on_view

    def sentence(self, placement: RecordedPlacement) -> str:
        """A placement in words, for those who hear the picture."""
        words, name = self.words, self.heard_place(placement)
        if isinstance(placement, RecordedPerimeter):
            what = self.spelled(len(placement.needles), words.heard_line)
        elif placement.count is None or placement.count == 1:
            what = words.heard_point
        else:
            what = self.spelled(placement.count, words.heard_point_with)
        unstated = words.needles_unstated if needle_count(placement) is None else ""
        where = words.heard_where_unknown if placement.resolved.view is None and placement.view is None else ""
        facts = [name, what, where, unstated, words.statuses[placement.status], *self.adverse(placement)]
        return self.heard(placement.number, facts)

    def adverse(self, placement: RecordedPlacement) -> list[str]:
        """What went wrong there, and how bad it was: a text an event."""
        return [self._adverse(event) for event in self._events if event.placement == placement.id]

    def all_adverse(self) -> list[str]:
        """Everything that went wrong in the session, the worst first: a text an event."""
        worst_first = sorted(self._events, key=lambda event: -get_args(Severity).index(event.severity))
        return [self._adverse(event) for event in worst_first]

    def _adverse(self, event: RecordedEvent) -> str:
        severity = self.catalogue.sheet.severities[event.severity]
        return self.words.adverse.format(event=self.event_name(event), severity=severity)

    def event_name(self, event: RecordedEvent) -> str:
        """What happened, in words: of `other`, and of what was recorded before there were codes, the record's own."""
        return clean(event_in_words(event, self.words.events))

    def heard_place(self, placement: RecordedPlacement) -> str:
        """The place and its side, for those who hear the picture: "Left levator scapulae"."""
        words, name, side = self.words, self.place_name(placement), _side(placement)
        if is_line(placement):
            return f"{name}, {words.sides[side]}" if side is not None else name
        if regions_of(self.atlas, placement):
            if side == "both":
                name = words.heard_both.format(name=name)
            elif side in ("left", "right"):
                inner = self.within(name) if words.heard_side.startswith("{side}") else name
                placed = words.heard_side.format(side=words.sides[side], name=inner)
                name = placed[:1].upper() + placed[1:]
            elif side == "midline":
                name = f"{name}, {words.sides[side]}"
        return name

    def _spread(self, placement: RecordedPlacement) -> str:
        """How the needles of a line lie on both sides of the body, where they do."""
        if not isinstance(placement, RecordedPerimeter):
            return ""
        sides = Counter(needle.side for needle in placement.needles)
        if len(sides) < 2:
            return ""
        return ", ".join(f"{sides[side]} {self.words.sides[side]}" for side in _SIDES if sides[side])

    def pain(self, before: float | None, after: float | None) -> str:
        """As in "pain 7 to 3"; empty where neither was stated."""
        words = self.words
        if before is not None and after is not None:
            return words.pain_both.format(before=self.number(before), after=self.number(after))
        if before is not None:
            return words.pain_before.format(before=self.number(before))
        return words.pain_after.format(after=self.number(after)) if after is not None else ""

    def pain_change(self, before: float, after: float) -> str:
        """As in "7 to 3"."""
        return self.words.pain_change.format(before=self.number(before), after=self.number(after))


def _side(placement: RecordedPlacement) -> PerimeterSide | None:
    return placement.resolved.side or placement.side
