"""What a picture of compared visits says, in the language that was asked for."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Mapping, Sequence

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import LayerId, ViewId
from bodymap.charting.comparison import CHANGES, Change, ComparedPlace, ComparedVisit, Comparison, Occurrence
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement, needle_count
from bodymap.rendering.text_metrics import clean
from bodymap.rendering.wording.clinical import ClinicalWording
from bodymap.rendering.wording.patient import PatientWording
from bodymap.rendering.wording.wording import Wording
from bodymap.words import Language, Plural
from bodymap.words.visits import ComparisonWords


class ComparisonWording(Wording):
    """The words of a picture of compared visits. `compared` are those that no other picture has."""

    compared: ComparisonWords

    def __init__(self, atlas: Atlas, lang: Language, comparison: Comparison) -> None:
        super().__init__(atlas, lang)
        self.compared = self.comparison_words
        self.comparison = comparison
        self.days = dict(zip((visit.id for visit in comparison.sessions), self._days(), strict=True))
        self._places: Mapping[int, ComparedPlace] = {place.number: place for place in comparison.places}

    def _days(self) -> list[str]:
        """The visits by their days; those of one day with their times, those without with their places in line."""
        visits = self.comparison.sessions
        starts = [visit.started_at or visit.started_on for visit in visits]
        days = [self.day(start) if start is not None else self.date_unknown for start in starts]
        for name in (self._time, self._turn):
            often = Counter(days)
            days = [name(place, day) if often[day] > 1 else day for place, day in enumerate(days)]
        return days

    @abstractmethod
    def _time(self, place: int, day: str) -> str:
        """What tells a visit from another one of the same day."""

    def _turn(self, place: int, day: str) -> str:
        return f"{day} ({place + 1})"

    @property
    def title(self) -> str:
        return self.compared.title

    @property
    def period(self) -> str:
        """From the first visit to the last."""
        days = list(self.days.values())
        return self.compared.period.format(first=days[0], last=days[-1])

    @property
    @abstractmethod
    def heads(self) -> tuple[str, ...]:
        """What stands over number, place and side in the table; empty where it has no columns."""

    @property
    @abstractmethod
    def visits_in_columns(self) -> tuple[str, ...]:
        """The visits that have a column each in the table, by their ids."""

    @abstractmethod
    def facts(self) -> list[str]:
        """Whose visits, and how many."""

    def counts(self) -> list[tuple[Change, int, str]]:
        """New, kept and gone, counted; what was not done only where there is some."""
        counted = [(change, self.comparison.count(change)) for change in CHANGES]
        return [(c, n, self.counted(n, self.compared.counts[c])) for c, n in counted if n or c != "not-done"]

    @abstractmethod
    def pain_in_words(self, before: float | None, after: float | None) -> str:
        """As in "7 to 3", or "7 before"; empty where neither was stated."""

    @abstractmethod
    def at_visit(self, seen: Occurrence | None) -> tuple[str, str]:
        """What a place's row says of one visit: the pain, and how it is called on that visit's own chart."""

    @abstractmethod
    def heard_at_visits(self, place: ComparedPlace) -> list[str]:
        """What is heard of a place at each of its visits."""

    @abstractmethod
    def kind_in_words(self, placement: RecordedPlacement) -> str:
        """What was placed, where it is known to be more than a single trigger point."""

    @abstractmethod
    def heard_place(self, placement: RecordedPlacement) -> str:
        """The place and its side, as they are heard."""

    @property
    @abstractmethod
    def _further(self) -> Plural:
        """How many places more there are than are heard one by one."""

    @abstractmethod
    def _pains(self, place: ComparedPlace) -> str:
        """The pain at the first and the last visit."""

    @abstractmethod
    def _heard_pain(self, before: float | None, after: float | None) -> list[str]:
        """The pain, as it is heard."""

    def visit_status(self, visit: ComparedVisit) -> str:
        """How a visit stands, where that is worth saying."""
        return self.session_status(visit.status) if visit.status != "signed" else ""

    def short_facts(self, placement: RecordedPlacement, elsewhere: LayerId | None) -> list[str]:
        """What became of it, and its pain at its first and its last visit."""
        place = self._places[placement.number]
        now = place.change in ("new", "kept")
        facts = [
            self.compared.labels[place.change],
            self._last_on(place),
            self.layer_name(elsewhere) if elsewhere and now else "",
            self.status_name(placement.status) if now else "",
            self._pains(place),
        ]
        return [fact for fact in facts if fact]

    def compared_heading(self, views: Sequence[ViewId]) -> str:
        """The title of the document."""
        return ", ".join([self.title, *(self.within(self.view_name(view)) for view in views), self.period])

    def compared_description(
        self, shown: Sequence[tuple[ViewId, Sequence[RecordedPlacement]]], left_out: Sequence[int], most: int
    ) -> str:
        """What the document shows, in sentences: at most so many places one by one."""
        parts = [f"{self.title}: {'; '.join(self.visit_in_words(visit) for visit in self.comparison.sessions)}."]
        parts.append(f"{', '.join(text for _, _, text in self.counts())}.")
        spoken = 0
        for view, placements in shown:
            parts.append(f"{self.view_name(view)}.")
            parts += [self.place_in_words(placement) for placement in placements[: max(0, most - spoken)]]
            spoken += len(placements)
        if spoken > most:
            parts.append(self.counted(spoken - most, self._further))
        if left_out:
            parts.append(f"{self.left_out(left_out, len(shown))}.")
        return " ".join([*parts, self.own_sides, f"{self.credit()}."])

    def visit_in_words(self, visit: ComparedVisit) -> str:
        """A visit, to be heard: its day, its pain, how it stands."""
        parts = (self.days[visit.id], self.visit_status(visit), *self._heard_pain(visit.pain_before, visit.pain_after))
        return ", ".join(part for part in parts if part)

    def place_in_words(self, placement: RecordedPlacement) -> str:
        """A place, to be heard: its number, where it is, what became of it, its pain at its last visit."""
        place = self._places[placement.number]
        pain = self._heard_pain(place.shown.pain_before, place.shown.pain_after)
        facts = [self.heard_place(placement), self.compared.labels[place.change], self._last_on(place), *pain]
        return self.heard(placement.number, facts)

    def _last_on(self, place: ComparedPlace) -> str:
        """When something gone was last there, where more than two visits leave that open."""
        if place.change != "gone" or len(self.days) == 2:
            return ""
        return self.compared.last_on.format(day=self.days[place.shown.session])


class ClinicalComparisonWording(ComparisonWording, ClinicalWording):
    """A clinician's words for compared visits."""

    def _time(self, place: int, day: str) -> str:
        start = self.comparison.sessions[place].started_at
        return self.date_line(start, None) if start is not None else day

    def facts(self) -> list[str]:
        subject = clean(self.comparison.subject or "")
        return [part for part in (subject, self.counted(len(self.days), self.compared.visits)) if part]

    @property
    def heads(self) -> tuple[str, ...]:
        return self.words.columns[:3]

    @property
    def visits_in_columns(self) -> tuple[str, ...]:
        return tuple(self.days)

    def pain_in_words(self, before: float | None, after: float | None) -> str:
        if before is not None and after is not None:
            return self.pain_change(before, after)
        if before is not None:
            return f"{before} {self.compared.before}"
        return f"{after} {self.compared.after}" if after is not None else ""

    def at_visit(self, seen: Occurrence | None) -> tuple[str, str]:
        if seen is None:
            return "–", ""
        own = self.compared.own_number.format(n=seen.number)
        status = self.status_name(seen.status)
        return self.pain_in_words(seen.pain_before, seen.pain_after), ", ".join(part for part in (own, status) if part)

    def heard_at_visits(self, place: ComparedPlace) -> list[str]:
        return [f"{self.days[seen.session]}: {self._heard_at(seen)}" for seen in place.visits]

    def _heard_at(self, seen: Occurrence) -> str:
        own, status = self.compared.own_number.format(n=seen.number), self.status_name(seen.status)
        return ", ".join(part for part in (own, status, *self._heard_pain(seen.pain_before, seen.pain_after)) if part)

    def kind_in_words(self, placement: RecordedPlacement) -> str:
        needles = needle_count(placement)
        if needles is None or (needles == 1 and not isinstance(placement, RecordedPerimeter)):
            return ""
        return f"{self.kind_name(placement)}, {self.needles(needles)}"

    def heard_place(self, placement: RecordedPlacement) -> str:
        return ClinicalWording.heard_place(self, placement)

    @property
    def _further(self) -> Plural:
        return self.words.further

    def _pains(self, place: ComparedPlace) -> str:
        pains = [(seen.pain_before, seen.pain_after) for seen in place.visits if seen.status != "not-done"]
        stated = [pain for pain in pains if pain != (None, None)]
        if not stated:
            return ""
        first, last = self.pain(*stated[0]), self.pain_in_words(*stated[-1])
        return f"{first}, {last}" if len(stated) > 1 else first

    def _heard_pain(self, before: float | None, after: float | None) -> list[str]:
        return [
            *([self.words.pain_before.format(before=self.number(before))] if before is not None else []),
            *([self.words.pain_after.format(after=self.number(after))] if after is not None else []),
        ]


class PatientComparisonWording(ComparisonWording, PatientWording):
    """A patient's words for compared visits: which spots, and nothing else."""

    def _time(self, place: int, day: str) -> str:
        return day

    def facts(self) -> list[str]:
        return [self.counted(len(self.days), self.compared.visits)]

    @property
    def heads(self) -> tuple[str, ...]:
        return ()

    @property
    def visits_in_columns(self) -> tuple[str, ...]:
        return ()

    def pain_in_words(self, before: float | None, after: float | None) -> str:
        return ""

    def at_visit(self, seen: Occurrence | None) -> tuple[str, str]:
        return "", ""

    def heard_at_visits(self, place: ComparedPlace) -> list[str]:
        return []

    def kind_in_words(self, placement: RecordedPlacement) -> str:
        return ""

    def heard_place(self, placement: RecordedPlacement) -> str:
        return ", ".join(part for part in (self.place_name(placement), self.side_name(placement)) if part)

    @property
    def _further(self) -> Plural:
        return self.plain.further

    def _pains(self, place: ComparedPlace) -> str:
        return ""

    def _heard_pain(self, before: float | None, after: float | None) -> list[str]:
        return []
