"""The words of compared visits that other pictures do not have, in every language, for clinicians and for patients.

Spanish, German and French are our own and were reviewed by no translator.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bodymap.charting.comparison import Change
from bodymap.rendering.options import Language
from bodymap.rendering.wording_catalogue import Plural


@dataclass(frozen=True, kw_only=True)
class ComparisonWords:
    """One language. Where a text holds `{…}`, a value is put in.

    `counts` are for the head of the picture, `headings` for the groups of the table, `labels` stand beside a mark and
    `meanings` in the key. `pain`, `pain_unknown` and `own_number` are empty for patients.
    """

    title: str
    visits: Plural
    period: str
    counts: Mapping[Change, Plural]
    headings: Mapping[Change, str]
    labels: Mapping[Change, str]
    meanings: Mapping[Change, str]
    earlier: str
    last_on: str
    pain: str
    before: str
    after: str
    pain_unknown: str
    own_number: str
    rule: str


CLINICAL_COMPARISON: dict[Language, ComparisonWords] = {
    "en": ComparisonWords(
        title="Visits compared",
        visits=Plural("{n} visit", "{n} visits"),
        period="{first} to {last}",
        counts={
            "new": Plural("{n} new", "{n} new"),
            "kept": Plural("{n} kept", "{n} kept"),
            "gone": Plural("{n} gone", "{n} gone"),
            "not-done": Plural("{n} not done", "{n} not done"),
        },
        headings={"new": "New", "kept": "Kept", "gone": "Gone", "not-done": "Not done"},
        labels={"new": "new", "kept": "kept", "gone": "gone", "not-done": "not done"},
        meanings={
            "new": "new: in the last visit alone",
            "kept": "kept: in the last and an earlier visit",
            "gone": "gone: in earlier visits alone",
            "not-done": "not done",
        },
        earlier="muscle of earlier visits",
        last_on="last on {day}",
        pain="Pain, 0 to 10",
        before="before",
        after="after",
        pain_unknown="not stated",
        own_number="no. {n}",
        rule="Kept means: it continues an earlier placement, or is of the same kind in the same region and on the "
        "same side within 15 mm on the same view, a perimeter by its centre; by region alone where no point "
        "was given. What was not done counts as not placed.",
    ),
    "es": ComparisonWords(
        title="Visitas comparadas",
        visits=Plural("{n} visita", "{n} visitas"),
        period="del {first} al {last}",
        counts={
            "new": Plural("{n} nueva", "{n} nuevas"),
            "kept": Plural("{n} se mantiene", "{n} se mantienen"),
            "gone": Plural("{n} ya no está", "{n} ya no están"),
            "not-done": Plural("{n} no realizada", "{n} no realizadas"),
        },
        headings={"new": "Nuevas", "kept": "Se mantienen", "gone": "Ya no están", "not-done": "No realizadas"},
        labels={"new": "nueva", "kept": "se mantiene", "gone": "ya no está", "not-done": "no realizada"},
        meanings={
            "new": "nueva: solo en la última visita",
            "kept": "se mantiene: en la última y en una anterior",
            "gone": "ya no está: solo en visitas anteriores",
            "not-done": "no realizada",
        },
        earlier="músculo de visitas anteriores",
        last_on="última vez el {day}",
        pain="Dolor, de 0 a 10",
        before="antes",
        after="después",
        pain_unknown="no consta",
        own_number="n.º {n}",
        rule="Se mantiene la punción que continúa una anterior, o que es del mismo tipo, en la misma región y del "
        "mismo lado, a menos de 15 mm en la misma vista (un perímetro, por su centro); si no se dio un punto, "
        "basta la región. Lo no realizado cuenta como no puesto.",
    ),
    "de": ComparisonWords(
        title="Sitzungen im Vergleich",
        visits=Plural("{n} Sitzung", "{n} Sitzungen"),
        period="{first} bis {last}",
        counts={
            "new": Plural("{n} neu", "{n} neu"),
            "kept": Plural("{n} geblieben", "{n} geblieben"),
            "gone": Plural("{n} weggefallen", "{n} weggefallen"),
            "not-done": Plural("{n} nicht durchgeführt", "{n} nicht durchgeführt"),
        },
        headings={"new": "Neu", "kept": "Geblieben", "gone": "Weggefallen", "not-done": "Nicht durchgeführt"},
        labels={"new": "neu", "kept": "geblieben", "gone": "weggefallen", "not-done": "nicht durchgeführt"},
        meanings={
            "new": "neu: nur in der letzten Sitzung",
            "kept": "geblieben: in der letzten und einer früheren",
            "gone": "weggefallen: nur in früheren Sitzungen",
            "not-done": "nicht durchgeführt",
        },
        earlier="Muskel früherer Sitzungen",
        last_on="zuletzt am {day}",
        pain="Schmerz, 0 bis 10",
        before="vorher",
        after="nachher",
        pain_unknown="nicht angegeben",
        own_number="Nr. {n}",
        rule="Geblieben heißt: führt eine frühere Platzierung fort, oder ist von derselben Art, in derselben "
        "Region und auf derselben Seite, höchstens 15 mm entfernt in derselben Ansicht (ein Umkreis nach "
        "seiner Mitte); ohne Punkt genügt die Region. Was nicht durchgeführt wurde, gilt als nicht gesetzt.",
    ),
    "fr": ComparisonWords(
        title="Séances comparées",
        visits=Plural("{n} séance", "{n} séances"),
        period="du {first} au {last}",
        counts={
            "new": Plural("{n} nouveau", "{n} nouveaux"),
            "kept": Plural("{n} maintenu", "{n} maintenus"),
            "gone": Plural("{n} abandonné", "{n} abandonnés"),
            "not-done": Plural("{n} non réalisé", "{n} non réalisés"),
        },
        headings={"new": "Nouveaux", "kept": "Maintenus", "gone": "Abandonnés", "not-done": "Non réalisés"},
        labels={"new": "nouveau", "kept": "maintenu", "gone": "abandonné", "not-done": "non réalisé"},
        meanings={
            "new": "nouveau : à la dernière séance seulement",
            "kept": "maintenu : à la dernière et à une précédente",
            "gone": "abandonné : aux séances précédentes seulement",
            "not-done": "non réalisé",
        },
        earlier="muscle des séances précédentes",
        last_on="dernière fois le {day}",
        pain="Douleur, de 0 à 10",
        before="avant",
        after="après",
        pain_unknown="non précisée",
        own_number="n° {n}",
        rule="Maintenu signifie : il continue un emplacement précédent, ou il est du même type, dans la même "
        "région et du même côté, à 15 mm au plus sur la même vue (un périmètre d'après son centre) ; sans "
        "point, la région suffit. Ce qui n'a pas été réalisé compte comme non posé.",
    ),
}

PLAIN_COMPARISON: dict[Language, ComparisonWords] = {
    "en": ComparisonWords(
        title="What has changed",
        visits=Plural("{n} visit", "{n} visits"),
        period="{first} to {last}",
        counts={
            "new": Plural("{n} new spot", "{n} new spots"),
            "kept": Plural("{n} spot as before", "{n} spots as before"),
            "gone": Plural("{n} spot no longer treated", "{n} spots no longer treated"),
            "not-done": Plural("{n} spot not treated", "{n} spots not treated"),
        },
        headings={"new": "New", "kept": "As before", "gone": "No longer treated", "not-done": "Not treated"},
        labels={"new": "new", "kept": "as before", "gone": "no longer treated", "not-done": "not treated"},
        meanings={
            "new": "only at your last visit",
            "kept": "at your last visit and before",
            "gone": "only at visits before",
            "not-done": "not treated at these visits",
        },
        earlier="muscle treated before",
        last_on="last on {day}",
        pain="",
        before="before",
        after="after",
        pain_unknown="",
        own_number="",
        rule="As before means: the same muscle on the same side, no more than 1.5 cm away.",
    ),
    "es": ComparisonWords(
        title="Qué ha cambiado",
        visits=Plural("{n} visita", "{n} visitas"),
        period="del {first} al {last}",
        counts={
            "new": Plural("{n} punto nuevo", "{n} puntos nuevos"),
            "kept": Plural("{n} punto como antes", "{n} puntos como antes"),
            "gone": Plural("{n} punto que ya no tratamos", "{n} puntos que ya no tratamos"),
            "not-done": Plural("{n} punto sin tratar", "{n} puntos sin tratar"),
        },
        headings={"new": "Nuevos", "kept": "Como antes", "gone": "Ya no los tratamos", "not-done": "Sin tratar"},
        labels={"new": "nuevo", "kept": "como antes", "gone": "ya no lo tratamos", "not-done": "sin tratar"},
        meanings={
            "new": "solo en su última visita",
            "kept": "en su última visita y antes",
            "gone": "solo en visitas anteriores",
            "not-done": "sin tratar en estas visitas",
        },
        earlier="músculo tratado antes",
        last_on="última vez el {day}",
        pain="",
        before="antes",
        after="después",
        pain_unknown="",
        own_number="",
        rule="Como antes quiere decir: el mismo músculo, del mismo lado, a no más de 1,5 cm.",
    ),
    "de": ComparisonWords(
        title="Was sich geändert hat",
        visits=Plural("{n} Besuch", "{n} Besuche"),
        period="{first} bis {last}",
        counts={
            "new": Plural("{n} neuer Punkt", "{n} neue Punkte"),
            "kept": Plural("{n} Punkt wie zuvor", "{n} Punkte wie zuvor"),
            "gone": Plural("{n} Punkt nicht mehr behandelt", "{n} Punkte nicht mehr behandelt"),
            "not-done": Plural("{n} Punkt nicht behandelt", "{n} Punkte nicht behandelt"),
        },
        headings={"new": "Neu", "kept": "Wie zuvor", "gone": "Nicht mehr behandelt", "not-done": "Nicht behandelt"},
        labels={"new": "neu", "kept": "wie zuvor", "gone": "nicht mehr behandelt", "not-done": "nicht behandelt"},
        meanings={
            "new": "nur bei Ihrem letzten Besuch",
            "kept": "bei Ihrem letzten Besuch und davor",
            "gone": "nur bei früheren Besuchen",
            "not-done": "bei diesen Besuchen nicht behandelt",
        },
        earlier="früher behandelter Muskel",
        last_on="zuletzt am {day}",
        pain="",
        before="vorher",
        after="nachher",
        pain_unknown="",
        own_number="",
        rule="Wie zuvor heißt: derselbe Muskel auf derselben Seite, höchstens 1,5 cm entfernt.",
    ),
    "fr": ComparisonWords(
        title="Ce qui a changé",
        visits=Plural("{n} visite", "{n} visites"),
        period="du {first} au {last}",
        counts={
            "new": Plural("{n} nouveau point", "{n} nouveaux points"),
            "kept": Plural("{n} point comme avant", "{n} points comme avant"),
            "gone": Plural("{n} point qui n'est plus traité", "{n} points qui ne sont plus traités"),
            "not-done": Plural("{n} point non traité", "{n} points non traités"),
        },
        headings={"new": "Nouveaux", "kept": "Comme avant", "gone": "Plus traités", "not-done": "Non traités"},
        labels={"new": "nouveau", "kept": "comme avant", "gone": "n'est plus traité", "not-done": "non traité"},
        meanings={
            "new": "à votre dernière visite seulement",
            "kept": "à votre dernière visite et avant",
            "gone": "aux visites d'avant seulement",
            "not-done": "non traité lors de ces visites",
        },
        earlier="muscle traité avant",
        last_on="dernière fois le {day}",
        pain="",
        before="avant",
        after="après",
        pain_unknown="",
        own_number="",
        rule="Comme avant veut dire : le même muscle, du même côté, à 1,5 cm au plus.",
    ),
}
