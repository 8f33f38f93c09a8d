"""A language's catalogue, read from its file.

The format is TOML, in tables with dotted keys: a person reads a sentence a line with its comments, Python reads it
without a library, plurals stand by CLDR's own categories, and translators' tools (Weblate, the Translate Toolkit) read
nested TOML. Gettext's .po was weighed against it: it has no tables, so that closed vocabularies would be found only by
naming conventions, and its plural rules would be a second copy of CLDR's. Babel is not needed where the service runs:
its data take 36 MB and 110 ms to load, and of them four languages need five lines each, which stand in the catalogues
and are compared with Babel's by a test. A catalogue takes about 10 ms to read, when its language is first asked for.
"""

from functools import cache

import msgspec

from bodymap.words.charts import ChartWords, FlagWords, KeyWords, NoteWords, ReferralWords, SheetWords, StampWords
from bodymap.words.grammar import Form
from bodymap.words.languages import LOCALES, Language
from bodymap.words.pages import PageWords
from bodymap.words.patients import PatientWords
from bodymap.words.places import PlaceWords
from bodymap.words.sentences import AnswerWords, HistoryWords, WayWords
from bodymap.words.visits import ComparisonWords, CourseWords


class Catalogue(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All texts in one language."""

    form: Form
    chart: ChartWords
    sheet: SheetWords
    note: NoteWords
    flags: dict[str, FlagWords]
    referral: ReferralWords
    stamp: StampWords
    key: KeyWords
    comparison: ComparisonWords
    course: CourseWords
    place: PlaceWords
    answer: AnswerWords
    way: WayWords
    history: HistoryWords
    patient: PatientWords
    pages: PageWords


@cache
def catalogue(lang: Language) -> Catalogue:
    """The words of a language. Raises `KeyError` for one that has no file, `msgspec.ValidationError` if its file lacks
    a word or has an unknown one."""
    path = LOCALES / f"{lang}.toml"
    if not path.is_file():
        raise KeyError(lang)
    return msgspec.toml.decode(path.read_bytes(), type=Catalogue)
