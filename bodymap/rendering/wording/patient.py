"""What a picture says to a patient: where, in plain words, and nothing else of the record."""

from collections.abc import Hashable, Sequence
from datetime import date, datetime

from bodymap.atlas import Atlas
from bodymap.atlas.frames import on_midline
from bodymap.atlas.manifest import LayerId, Muscle, Region, ViewId
from bodymap.charting.course import Tally
from bodymap.charting.placement import RecordedPerimeter, RecordedPlacement, RecordedTriggerPoint, Resolved
from bodymap.charting.session import Session
from bodymap.charting.vocabulary import PerimeterSide, PlacementStatus, SessionStatus, Side
from bodymap.rendering.options import PrintedHeader
from bodymap.rendering.regions import regions_of
from bodymap.rendering.text_metrics import BETWEEN, clean
from bodymap.rendering.wording.place_at_point import place_at
from bodymap.rendering.wording.plain_places import PLAIN_PLACES
from bodymap.rendering.wording.wording import Wording
from bodymap.words import Language, catalogue
from bodymap.words.charts import KeyWords, ReferralWords
from bodymap.words.patients import Place
from bodymap.words.visits import ComparisonWords, CourseWords


class PatientWording(Wording):
    """Plain words in one language; clinical ones it does not have."""

    data_names = frozenset(
        {
            *("placement", "side", "view", "at", "letter", "label", "leader", "repeats"),
            *("change", "count", "visit"),
        }
    )

    def __init__(self, atlas: Atlas, lang: Language) -> None:
        super().__init__(atlas, lang)
        self.spoken = catalogue(lang).patient
        self.plain = self.spoken.chart

    def date_line(self, start: date | None, end: datetime | None) -> str:
        """The day only."""
        return self.day(start) if start is not None else ""

    @property
    def title(self) -> str:
        return self.plain.title

    @property
    def course_words(self) -> CourseWords:
        return self.spoken.course

    @property
    def key_words(self) -> KeyWords:
        return self.spoken.key

    @property
    def comparison_words(self) -> ComparisonWords:
        return self.spoken.comparison

    @property
    def referral_words(self) -> ReferralWords | None:
        return None

    @property
    def columns(self) -> tuple[str, ...]:
        return ()

    def tallied(self, tallies: Sequence[Tally]) -> list[Tally]:
        """Those of one plain place as one, those of most visits first."""
        places: dict[str, Tally] = {}
        for tally in sorted(tallies, key=lambda tally: -tally.visits):
            places.setdefault(self.tally_place(tally), tally)
        return sorted(places.values(), key=lambda tally: tally.region is None and tally.muscle is None)

    def mark_names(self) -> dict[str, str]:
        plain = self.plain
        undone = {"planned": plain.statuses["planned"], "not-done": plain.statuses["not-done"]}
        return {"point": plain.key_spot, "treated": plain.key_treated, **undone}

    @property
    def own_sides(self) -> str:
        return self.plain.own_sides

    def view_name(self, view: ViewId) -> str:
        return self.plain.views[view]

    def layer_name(self, layer: LayerId) -> str:
        return ""

    def letter_side(self, side: Side) -> str:
        return self.plain.sides[side]

    def near_side(self, side: Side) -> str:
        return self.plain.sides[side]

    @property
    def far_side(self) -> str:
        return ""

    def scale(self, cm: int) -> str:
        return ""

    def detail(self, letter: str) -> str:
        return self.plain.detail.format(letter=letter)

    def person(self, header: PrintedHeader) -> list[str]:
        """Name and clinic."""
        return [fact for fact in (clean(header.name or ""), clean(header.clinic or "")) if fact]

    def session_facts(self, session: Session) -> list[str]:
        return []

    @property
    def nothing(self) -> str:
        return self.plain.nothing

    def left_out(self, numbers: Sequence[int], views: int) -> str:
        noun = self.form(len(numbers), self.plain.not_shown)
        return noun.format(n=len(numbers), listed=self.list_numbers(numbers))

    def heading(self, session: Session, views: Sequence[ViewId]) -> str:
        shown = [self.within(self.view_name(view)) for view in views]
        parts = [self.title, *shown, self.date_line(session.started_at or session.started_on, session.ended_at)]
        return ", ".join(part for part in parts if part)

    def description(
        self,
        session: Session,
        shown: Sequence[tuple[ViewId, LayerId, Sequence[RecordedPlacement]]],
        left_out: Sequence[int],
        most: int,
    ) -> str:
        count = len(session.placements)
        parts = [self.counted(count, self.plain.marked) if count else self.nothing]
        spoken = 0
        for view, _, placements in shown:
            parts.append(f"{self.view_name(view)}.")
            parts += self._told(placements[: max(0, most - spoken)])
            spoken += len(placements)
        if spoken > most:
            parts.append(self.counted(spoken - most, self.plain.further))
        if left_out:
            parts.append(f"{self.left_out(left_out, len(shown))}.")
        return " ".join([*parts, self.own_sides, f"{self.credit()}."])

    def _told(self, placements: Sequence[RecordedPlacement]) -> list[str]:
        """A sentence for each place and side."""
        together: dict[Hashable, list[RecordedPlacement]] = {}
        for placement in placements:
            together.setdefault(self.told_with(placement), []).append(placement)
        return [" ".join(self.several(of)) if len(of) > 1 else self.sentence(of[0]) for of in together.values()]

    def session_status(self, status: SessionStatus) -> str:
        return ""

    def needles(self, count: int | None) -> str:
        return ""

    def uncounted(self, placements: int) -> str:
        return ""

    def pain(self, before: float | None, after: float | None) -> str:
        return ""

    def region_on_side(self, region: Region, side: PerimeterSide | None) -> str:
        return self._on_side([region], side)

    def muscle_on_side(self, muscle: Muscle, side: PerimeterSide | None) -> str:
        return self._on_side([self.atlas.region(region) for region in muscle.regions], side)

    def _on_side(self, regions: Sequence[Region], side: PerimeterSide | None) -> str:
        place = self._place_of(regions)
        name = place.label if place is not None else self.plain.elsewhere_label
        return ", ".join(part for part in (name, self.plain.sides[side] if side else "") if part)

    def status_name(self, status: PlacementStatus) -> str:
        return self.plain.statuses[status]

    def place_name(self, placement: RecordedPlacement) -> str:
        place = self._place(placement)
        return place.label if place is not None else _named(placement) or self.plain.elsewhere_label

    def kind_name(self, placement: RecordedPlacement) -> str:
        return self.plain.key_spot

    def side_name(self, placement: RecordedPlacement) -> str:
        side = _side(placement)
        return self.plain.sides[side] if side is not None else ""

    def short_facts(self, placement: RecordedPlacement, elsewhere: LayerId | None) -> list[str]:
        status = self.status_name(placement.status)
        return [status] if status else []

    def long_facts(self, placement: RecordedPlacement, elsewhere: LayerId | None) -> list[str]:
        """The sentence: what the table of a patient's picture says of a placement."""
        return [self._plain_sentence(placement)]

    def not_drawn(self, placement: RecordedPlacement) -> str:
        return self.plain.not_in_picture

    def sentence(self, placement: RecordedPlacement) -> str:
        return f"{placement.number}: {self._plain_sentence(placement)}"

    def told_with(self, placement: RecordedPlacement) -> Hashable:
        """Spots of one place and side are told together."""
        return isinstance(placement, RecordedPerimeter), placement.status, self._where(placement)

    def several(self, placements: Sequence[RecordedPlacement]) -> list[str]:
        first = placements[0]
        sentences = self.plain.areas if isinstance(first, RecordedPerimeter) else self.plain.spots
        listed = self.list_numbers([placement.number for placement in placements])
        return [sentences[first.status].format(where=self._where(first), listed=listed)]

    def _plain_sentence(self, placement: RecordedPlacement) -> str:
        sentences = self.plain.area if isinstance(placement, RecordedPerimeter) else self.plain.spot
        return sentences[placement.status].format(where=self._where(placement))

    def _where(self, placement: RecordedPlacement) -> str:
        side = _side(placement) or "unstated"
        place = self._place(placement)
        if place is not None:
            return self.plain.where[side].format(place=place.within)
        if name := _named(placement):
            return self.plain.named[side].format(place=name)
        return self.plain.elsewhere[side]

    def _place(self, placement: RecordedPlacement) -> Place | None:
        """Where a point lies; without one, where the muscle is."""
        resolved = placement.resolved
        if resolved.view is not None and resolved.at is not None:
            key = place_at(self.atlas, resolved.view, resolved.at, on_arm=self._on_arm(resolved))
            if key:
                return self.plain.places[key]
        return self._place_of(regions_of(self.atlas, placement))

    def _on_arm(self, resolved: Resolved) -> bool:
        """Whether the arm lies at a point, and not the trunk beside it; deltoid is told with the arm that it covers."""
        if resolved.muscle == "deltoid":
            return True
        return any(one.arm and one.id == resolved.structure for one in self.atlas.manifest.structures)

    def _place_of(self, regions: Sequence[Region]) -> Place | None:
        """Where these regions are: of a whole muscle or a group every plain place, as one list."""
        names = dict.fromkeys(PLAIN_PLACES.get(region.id, "") for region in regions)
        places = [self.plain.places[name] for name in names if name in self.plain.places]
        if not places:
            return None
        label = BETWEEN.join(place.label for place in places)
        return Place(label=label, within=self._form.listed([place.within for place in places]))


def _side(placement: RecordedPlacement) -> PerimeterSide | None:
    """Whose side; the middle for a line around a place on the midline, which lies on both."""
    resolved = placement.resolved
    if resolved.view is not None and resolved.at is not None and on_midline(resolved.view, resolved.at[0]):
        return "midline"
    return resolved.side or placement.side


def _named(placement: RecordedPlacement) -> str:
    """What no plate shows, in the words that were given; empty for everything else."""
    site = placement.site if isinstance(placement, RecordedTriggerPoint) else None
    return clean(site.text) if site is not None else ""
