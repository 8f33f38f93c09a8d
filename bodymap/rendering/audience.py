"""Who reads a picture: everything that differs between readers, chosen once, with the theme.

A picture asks its audience for what it shows, for its words and for its pen, and never who the readers are.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, TypeVar

from msgspec import structs

from bodymap.atlas import Atlas
from bodymap.atlas.plates import Plate
from bodymap.charting.comparison import Change, Comparison
from bodymap.charting.course import Course
from bodymap.charting.events import RecordedEvent
from bodymap.charting.session import Session
from bodymap.rendering.blocks import Block
from bodymap.rendering.look.theme import Theme
from bodymap.rendering.marks.comparison_pen import ComparisonPen, SoftComparisonPen, sample
from bodymap.rendering.marks.key import Entry, clinical_entries, in_lines, plain_entries
from bodymap.rendering.marks.pen import Pen
from bodymap.rendering.marks.soft_pen import SoftPen
from bodymap.rendering.options import ChartOptions, SessionChartOptions
from bodymap.rendering.output.stamp import Stamp
from bodymap.rendering.panels import Panel
from bodymap.rendering.plain_session import plain_comparison, plain_course, plain_session
from bodymap.rendering.scene import Group
from bodymap.rendering.wording.clinical import ClinicalWording
from bodymap.rendering.wording.comparison import (
    ClinicalComparisonWording,
    ComparisonWording,
    PatientComparisonWording,
)
from bodymap.rendering.wording.patient import PatientWording
from bodymap.rendering.wording.plain_plate import in_plain_words
from bodymap.rendering.wording.record import Record, record_of
from bodymap.rendering.wording.stamp import Kind, stamp_in_words
from bodymap.rendering.wording.wording import Wording
from bodymap.words import Language, catalogue
from bodymap.words.charts import StampWords

PenOf = Callable[[float, bool], Pen]
"""Gives the pen for a scale, in units a millimetre, that writes numbers or not."""

Options = TypeVar("Options", bound=ChartOptions)
_KEY_SIZE = 9.2


@dataclass(frozen=True)
class Audience(ABC):
    """The readers of a picture in one theme. `larger` is how much larger, in units, the letters of a key are."""

    theme: Theme
    larger: ClassVar[float] = 0.0

    # What they are shown.

    @abstractmethod
    def session(self, session: Session) -> Session:
        """What of a session its chart is drawn from."""

    @abstractmethod
    def course(self, course: Course) -> Course:
        """What of a course its pictures are drawn from."""

    @abstractmethod
    def comparison(self, comparison: Comparison) -> Comparison:
        """What of compared visits their picture is drawn from."""

    @abstractmethod
    def options(self, options: Options) -> Options:
        """The options as they are drawn."""

    @abstractmethod
    def record(self, atlas: Atlas, session: Session, lang: Language, stored: bool) -> Record | None:
        """What a sheet says of the session beyond its placements, None where it says nothing. `stored` is false for a
        session that is stored nowhere."""

    # In which words.

    @abstractmethod
    def wording(self, atlas: Atlas, lang: Language, events: Sequence[RecordedEvent] = ()) -> Wording:
        """The words of a picture, of a session with these adverse events."""

    @abstractmethod
    def comparison_wording(self, atlas: Atlas, lang: Language, comparison: Comparison) -> ComparisonWording:
        """The words of compared visits."""

    def stamp(
        self, kind: Kind, version: int, lang: Language, *, latest: int = 0, voided_at: datetime | None = None
    ) -> Stamp:
        """The stamp of a version that does not hold any more: voided, or behind version `latest` of its record."""
        return stamp_in_words(self._stamp_words(lang), lang, kind, version, latest=latest, voided_at=voided_at)

    @abstractmethod
    def _stamp_words(self, lang: Language) -> StampWords:
        """The words of a stamp."""

    @abstractmethod
    def plate(self, plate: Plate, lang: Language) -> Plate:
        """A plate with the names that stand on it."""

    @abstractmethod
    def plate_lang(self, lang: Language) -> Language:
        """The language in which a plate names what is on it where `lang` is asked for."""

    # How it is drawn.

    @abstractmethod
    def pen(self, scale: float, numbers: bool = True) -> Pen:
        """What draws the marks of a visit at so many units a millimetre, with `numbers` or without."""

    @abstractmethod
    def comparison_pen(self, changes: Mapping[int, Change]) -> PenOf:
        """What gives the pens of compared visits: `changes` by the numbers of the picture."""

    def sample(self, change: Change, radius: float) -> Group:
        """The mark of a change without a number around (0, 0), in units."""
        return sample(self.comparison_pen({1: change})(1.0, False), change, radius)

    def key(self, panels: Sequence[Panel], width: float, wording: Wording) -> Block:
        """The shapes that a picture uses with their words, in lines no wider than `width`."""
        pen = self.pen(1.0, numbers=False)
        return in_lines(self._entries(panels, pen, wording), pen, width, _KEY_SIZE + self.larger)

    @abstractmethod
    def _entries(self, panels: Sequence[Panel], pen: Pen, wording: Wording) -> list[Entry]:
        """Each shape of a picture with its words."""


class Clinicians(Audience):
    """Those who treat: the record as it is, in their own terms, on the atlas as it ships."""

    def session(self, session: Session) -> Session:
        return session

    def course(self, course: Course) -> Course:
        return course

    def comparison(self, comparison: Comparison) -> Comparison:
        return comparison

    def options(self, options: Options) -> Options:
        return options

    def record(self, atlas: Atlas, session: Session, lang: Language, stored: bool) -> Record | None:
        return record_of(atlas, session, lang, stored)

    def wording(self, atlas: Atlas, lang: Language, events: Sequence[RecordedEvent] = ()) -> Wording:
        return ClinicalWording(atlas, lang, events)

    def comparison_wording(self, atlas: Atlas, lang: Language, comparison: Comparison) -> ComparisonWording:
        return ClinicalComparisonWording(atlas, lang, comparison)

    def _stamp_words(self, lang: Language) -> StampWords:
        return catalogue(lang).stamp

    def plate(self, plate: Plate, lang: Language) -> Plate:
        return plate

    def plate_lang(self, lang: Language) -> Language:
        return "en"

    def pen(self, scale: float, numbers: bool = True) -> Pen:
        return Pen(self.theme, scale, numbers)

    def comparison_pen(self, changes: Mapping[int, Change]) -> PenOf:
        return lambda scale, numbers: ComparisonPen(self.theme, scale, numbers, changes)

    def _entries(self, panels: Sequence[Panel], pen: Pen, wording: Wording) -> list[Entry]:
        return clinical_entries(panels, pen, wording.mark_names())


class Patients(Audience):
    """Those who are treated: where, in plain words, with soft marks, and nothing else of the record."""

    larger = 1.0

    def session(self, session: Session) -> Session:
        return plain_session(session)

    def course(self, course: Course) -> Course:
        return plain_course(course)

    def comparison(self, comparison: Comparison) -> Comparison:
        return plain_comparison(comparison)

    def options(self, options: Options) -> Options:
        # Not everyone wants to see what lies under the outermost muscles.
        layer = "superficial" if options.layer == "auto" else options.layer
        if isinstance(options, SessionChartOptions):
            return structs.replace(options, layer=layer, referral=False)
        return structs.replace(options, layer=layer)

    def record(self, atlas: Atlas, session: Session, lang: Language, stored: bool) -> Record | None:
        return None

    def wording(self, atlas: Atlas, lang: Language, events: Sequence[RecordedEvent] = ()) -> Wording:
        return PatientWording(atlas, lang)

    def comparison_wording(self, atlas: Atlas, lang: Language, comparison: Comparison) -> ComparisonWording:
        return PatientComparisonWording(atlas, lang, comparison)

    def _stamp_words(self, lang: Language) -> StampWords:
        return catalogue(lang).patient.stamp

    def plate(self, plate: Plate, lang: Language) -> Plate:
        return in_plain_words(plate, lang)

    def plate_lang(self, lang: Language) -> Language:
        return lang

    def pen(self, scale: float, numbers: bool = True) -> Pen:
        return SoftPen(self.theme, scale, numbers)

    def comparison_pen(self, changes: Mapping[int, Change]) -> PenOf:
        return lambda scale, numbers: SoftComparisonPen(self.theme, scale, numbers, changes)

    def _entries(self, panels: Sequence[Panel], pen: Pen, wording: Wording) -> list[Entry]:
        return plain_entries(panels, pen, wording.mark_names())


def audience_of(theme: Theme) -> Audience:
    """The readers whom a theme is for."""
    return Patients(theme) if theme.for_patients else Clinicians(theme)
