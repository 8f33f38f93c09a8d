"""What a picture can say to its readers.

`ClinicalWording` says it to clinicians, `PatientWording` to patients. Neither is made from the other, and only the
first has clinical words. A picture knows neither: it asks for what stands here, and a patient's wording has nothing to
say where a text is for clinicians only.
"""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from datetime import date, datetime

from bodymap.atlas import Atlas
from bodymap.atlas.manifest import LayerId, Muscle, Region, ViewId
from bodymap.charting.course import Tally
from bodymap.charting.placement import RecordedPlacement
from bodymap.charting.session import Session
from bodymap.charting.vocabulary import PerimeterSide, PlacementStatus, SessionStatus, Side
from bodymap.rendering.options import PrintedHeader
from bodymap.rendering.regions import find_region
from bodymap.rendering.scene import number
from bodymap.words import Language, Plural, catalogue
from bodymap.words.charts import KeyWords, ReferralWords
from bodymap.words.visits import ComparisonWords, CourseWords


class Wording(ABC):
    """Words in one language, on one atlas. `data_names` are the data attributes that a picture may carry for its
    readers; None means all."""

    data_names: frozenset[str] | None = None

    def __init__(self, atlas: Atlas, lang: Language) -> None:
        self.atlas = atlas
        self.lang: Language = lang
        self._form = catalogue(lang).form
        self._credit = catalogue(lang).chart.credit
        self._letters = catalogue(lang).chart.letters
        self._date_unknown = catalogue(lang).chart.date_unknown
        self._heard = catalogue(lang).chart.heard

    # How the language writes.

    def number(self, value: float) -> str:
        """A number with the decimal sign of the language."""
        return self._form.number(number(value))

    def counted(self, count: int, noun: Plural) -> str:
        """As in "3 needles"."""
        return self._form.counted(count, noun)

    def form(self, count: int, noun: Plural) -> str:
        """The form of a noun that goes with a number, before the number is put in."""
        return self._form.plural(count, noun)

    def spelled(self, count: int, noun: Plural) -> str:
        """As in "three needles", for sentences."""
        return self._form.spelled(count, noun)

    def within(self, text: str) -> str:
        """A heading as it stands within a sentence."""
        return self._form.within(text)

    def list_numbers(self, numbers: Sequence[int], most: int = 12) -> str:
        """As in "3, 5 and 9"; beyond `most` the rest is counted."""
        shown = [str(value) for value in numbers[:most]]
        if len(numbers) > most:
            return self._form.more_listed.format(listed=self._form.run(shown), n=len(numbers) - most)
        return self._form.listed(shown)

    def day(self, moment: date) -> str:
        """As in "23 Nov 2026"."""
        return self._form.day(moment)

    # What is the same to everybody.

    def letter(self, side: Side) -> str:
        """The letter that stands for a side of the patient."""
        return self._letters[side]

    def credit(self) -> str:
        """Whose anatomy it is."""
        licence = self.atlas.manifest.licence
        return self._credit.format(
            version=self.atlas.version,
            attribution="; ".join(licence.attribution),
            licence=f"{licence.spdx}, {licence.url}",
        )

    @property
    def date_unknown(self) -> str:
        """What stands for a day that nobody stated."""
        return self._date_unknown

    def heard(self, number: int, facts: Sequence[str]) -> str:
        """A sentence for screen readers about something that has a number on the picture."""
        return self._heard.format(number=number, facts=", ".join(fact for fact in facts if fact))

    # What the picture as a whole says.

    @property
    @abstractmethod
    def title(self) -> str:
        """What stands over the picture."""

    @property
    @abstractmethod
    def course_words(self) -> CourseWords:
        """The words of a timeline and a heat map."""

    @property
    @abstractmethod
    def key_words(self) -> KeyWords:
        """The words of the full key."""

    @property
    @abstractmethod
    def comparison_words(self) -> ComparisonWords:
        """The words of visits compared."""

    @property
    @abstractmethod
    def referral_words(self) -> ReferralWords | None:
        """The words of referral areas, None where these are not spoken of."""

    @property
    @abstractmethod
    def columns(self) -> tuple[str, ...]:
        """What stands over number, place, side, kind, needles and facts in a table of placements; empty where each
        placement is one sentence."""

    @abstractmethod
    def mark_names(self) -> dict[str, str]:
        """What marks are called on pictures, by their entries in the full key."""

    @property
    @abstractmethod
    def nothing(self) -> str:
        """That nothing was recorded."""

    @property
    @abstractmethod
    def own_sides(self) -> str:
        """Whose left and right are meant."""

    @abstractmethod
    def date_line(self, start: date | None, end: datetime | None) -> str:
        """When it was: day and times, or the day where only that is known."""

    @abstractmethod
    def view_name(self, view: ViewId) -> str:
        """As in "Posterior view"."""

    @abstractmethod
    def layer_name(self, layer: LayerId) -> str:
        """As in "deep layer"; empty where layers are not spoken of."""

    @abstractmethod
    def letter_side(self, side: Side) -> str:
        """What stands under the letter."""

    @abstractmethod
    def near_side(self, side: Side) -> str:
        """What stands under the letter on the view from that side."""

    @property
    @abstractmethod
    def far_side(self) -> str:
        """What stands under the letter of the side that is not seen."""

    @abstractmethod
    def scale(self, cm: int) -> str:
        """Next to the scale bar; empty where there is none."""

    @abstractmethod
    def detail(self, letter: str) -> str:
        """Over an inset."""

    @abstractmethod
    def person(self, header: PrintedHeader) -> list[str]:
        """Whose chart it is, as printed at its head."""

    @abstractmethod
    def session_facts(self, session: Session) -> list[str]:
        """What stands at the head about the session as a whole, in the order in which it is read."""

    def flag_line(self, session: Session) -> str:
        """The flags of the session in one line; empty where none is raised, or none is shown."""
        return ""

    def head_line(self, session: Session) -> str:
        """What answers at a glance which side, which muscles, how many needles and what came of it; empty where that is
        not spoken of."""
        return ""

    @abstractmethod
    def left_out(self, numbers: Sequence[int], views: int) -> str:
        """What a picture of so many views does not show, counted."""

    @abstractmethod
    def heading(self, session: Session, views: Sequence[ViewId]) -> str:
        """The title of the document."""

    @abstractmethod
    def description(
        self,
        session: Session,
        shown: Sequence[tuple[ViewId, LayerId, Sequence[RecordedPlacement]]],
        left_out: Sequence[int],
        most: int,
    ) -> str:
        """What the document shows, in sentences, for those who hear it: at most so many placements one by one."""

    @abstractmethod
    def session_status(self, status: SessionStatus) -> str:
        """The status of a session; empty where that is not spoken of."""

    @abstractmethod
    def needles(self, count: int | None) -> str:
        """As in "3 needles", also where nobody stated how many; empty where needles are not spoken of."""

    @abstractmethod
    def uncounted(self, placements: int) -> str:
        """How many placements are without a count; empty where needles are not spoken of."""

    @abstractmethod
    def pain(self, before: float | None, after: float | None) -> str:
        """As in "pain 7 to 3"; empty where neither was stated, and where pain is not spoken of."""

    @abstractmethod
    def region_on_side(self, region: Region, side: PerimeterSide | None) -> str:
        """A region, and the patient's side."""

    @abstractmethod
    def muscle_on_side(self, muscle: Muscle, side: PerimeterSide | None) -> str:
        """A whole muscle or a group, and the patient's side."""

    @abstractmethod
    def tallied(self, tallies: Sequence[Tally]) -> list[Tally]:
        """The tallies of a course that are listed, in their order."""

    def tally_place(self, tally: Tally) -> str:
        """Where the needles of a tally went."""
        region = find_region(self.atlas, tally.region)
        if region is not None:
            return self.region_on_side(region, tally.side)
        muscle = self.atlas.muscles.get(tally.muscle or "")
        return self.muscle_on_side(muscle, tally.side) if muscle is not None else self.course_words.other_places

    # What it says of one placement.

    @abstractmethod
    def status_name(self, status: PlacementStatus) -> str:
        """Whether it was done; empty where it was."""

    @abstractmethod
    def place_name(self, placement: RecordedPlacement) -> str:
        """Where it is."""

    @abstractmethod
    def side_name(self, placement: RecordedPlacement) -> str:
        """The patient's side in words."""

    @abstractmethod
    def kind_name(self, placement: RecordedPlacement) -> str:
        """What was placed."""

    @abstractmethod
    def short_facts(self, placement: RecordedPlacement, elsewhere: LayerId | None) -> list[str]:
        """The few facts next to a mark, the one that matters most first. `elsewhere` is the muscle's layer where that
        is not the drawn one."""

    @abstractmethod
    def long_facts(self, placement: RecordedPlacement, elsewhere: LayerId | None) -> list[str]:
        """What the table says of a placement, in a fixed order."""

    def told_with(self, placement: RecordedPlacement) -> Hashable:
        """What placements have in common that are told in one line; by itself each has its own."""
        return placement.number

    def several(self, placements: Sequence[RecordedPlacement]) -> list[str]:
        """What the table says of placements that are told in one line."""
        return [fact for placement in placements for fact in self.long_facts(placement, None)]

    @abstractmethod
    def not_drawn(self, placement: RecordedPlacement) -> str:
        """Why a picture leaves a placement out."""

    @abstractmethod
    def sentence(self, placement: RecordedPlacement) -> str:
        """A placement in words, for those who hear the picture."""
