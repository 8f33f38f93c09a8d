"""Words that would mislead if they stood at each other's place: each is spelled out here in every language.

A catalogue with two of them swapped is whole, takes the same values and agrees with itself.
"""

import re

import pytest

from bodymap.words import LANGUAGES, Language, catalogue
from tests.words.texts import texts

# What each text must hold, by the keys that mean the same: in en, de, es, fr.
SPELLED: dict[str, tuple[str, str, str, str]] = {
    "chart.views.posterior": ("posterior", "hinten", "posterior", "postérieure"),
    "chart.views.anterior": ("anterior", "vorn", "anterior", "antérieure"),
    "chart.views.left": ("left", "links", "izquierda", "gauche"),
    "chart.views.right": ("right", "rechts", "derecha", "droite"),
    "chart.layers.superficial": ("superficial", "oberfl", "superficial", "superficielle"),
    "chart.layers.intermediate": ("intermediate", "mittlere", "intermedia", "intermédiaire"),
    "chart.layers.deep": ("deep layer", "tiefe ", "capa profunda", "couche profonde"),
    "chart.layers.deepest": ("deepest", "tiefste", "más profunda", "la plus profonde"),
    "chart.statuses.planned patient.chart.statuses.planned": ("planned", "geplant", "previsto", "prévu"),
    "chart.statuses.not-done comparison.labels.not-done comparison.headings.not-done comparison.counts.not-done": (
        "not done",
        "nicht durchgeführt",
        "no realizado",
        "non réalisé",
    ),
    "chart.states.active": ("active", "aktiv", "activo", "actif"),
    "chart.states.latent": ("latent", "latent", "latente", "latent"),
    "chart.directions.medial": ("^medial", "^medial", "^medial", "^médial"),
    "chart.directions.lateral": ("^lateral", "^lateral", "^lateral", "^latéral"),
    "chart.directions.cranial": ("^cranial$", "^kranial$", "^craneal$", "^crânial$"),
    "chart.directions.caudal": ("^caudal$", "^kaudal$", "^caudal$", "^caudal$"),
    "chart.directions.craniomedial": ("craniomed", "kraniomed", "craneomed", "crânio-méd"),
    "chart.directions.craniolateral": ("craniolat", "kraniolat", "craneolat", "crânio-lat"),
    "chart.directions.caudomedial": ("caudomed", "kaudomed", "caudomed", "caudo-méd"),
    "chart.directions.caudolateral": ("caudolat", "kaudolat", "caudolat", "caudo-lat"),
    "chart.directions.anterior": ("anterior", "ventral", "anterior", "antérieur"),
    "chart.directions.posterior": ("posterior", "dorsal", "posterior", "postérieur"),
    "chart.flags.over-lung-field": ("lung", "Lunge", "pulmonar", "pulmonaire"),
    "chart.flags.near-midline": ("midline", "Mittellinie", "línea media", "ligne médiane"),
    "chart.flags.suboccipital": ("suboccipital", "subokzipital", "suboccipital", "sous-occipitale"),
    "chart.flags.kidney-level": ("kidney", "Niere", "riñón", "rein"),
    "chart.flags.rib-12-attachment": ("rib 12", "Rippe 12", "costilla 12", "côte 12"),
    "chart.flags.anterior-neck": ("anterior", "vordere", "anterior", "antérieure"),
    "chart.flags.lateral-neck": ("lateral", "seitliche", "lateral", "latérale"),
    "chart.flags.both-sides-of-thorax": ("both sides", "beide", "ambos lados", "deux côtés"),
    "chart.flags.region-differs": ("differs", "weicht ab", "difiere", "diffère"),
    "flags.over-lung-field.reason": ("lung", "Lunge", "pulm", "poumon"),
    "flags.near-midline.reason": ("spin", "Wirbel", "canal vertebral", "rachi|canal"),
    "flags.suboccipital.reason": ("suboccipital", "[Ss]ubokzipital", "suboccipital", "sous-occipital"),
    "flags.kidney-level.reason": ("kidney", "Niere", "riñón", "rein"),
    "flags.rib-12-attachment.reason": ("rib 12", "12. Rippe", "costilla 12", "côte 12"),
    "flags.anterior-neck.reason": ("anterior neck|front of the neck", "vorder", "anterior", "antérieure"),
    "flags.lateral-neck.reason": ("lateral neck|side of the neck", "seitlich", "lateral", "latérale"),
    "chart.twitch": ("^twitch", "^Zuckung", "^espasmo", "^secousse"),
    "chart.no_twitch": ("^no ", "^keine ", "^sin ", "^pas de "),
    "chart.pain_before history.members.pain_before comparison.before patient.comparison.before": (
        "before",
        "vorher",
        "antes",
        "avant",
    ),
    "chart.pain_after history.members.pain_after comparison.after patient.comparison.after": (
        "after",
        "nachher",
        "después",
        "après",
    ),
    "chart.pain_both chart.pain_change": (
        "{before} to {after}",
        "{before} auf {after}",
        "{before} a {after}",
        "{before} à {after}",
    ),
    "chart.needles_in sheet.put_in history.members.needles_in": (r"\bin\b", "gesetzt", "puestas", "posées"),
    "chart.needles_out sheet.taken_out history.members.needles_out": (r"\bout\b", "entfernt", "retiradas", "retirées"),
    "chart.session_statuses.planned": ("Planned", "Geplant", "Prevista", "Prévue"),
    "chart.session_statuses.in-progress": ("In progress", "Laufend", "En curso", "En cours"),
    "chart.session_statuses.stopped": ("Stopped", "Abgebrochen", "Interrumpida", "Interrompue"),
    "chart.session_statuses.cancelled": ("Cancelled", "Abgesagt", "Cancelada", "Décommandée"),
    "chart.session_statuses.signed history.values.signed sheet.signed history.signed": (
        "signed",
        "unter(zeichnet|schrieben)",
        "firmad",
        "signé",
    ),
    "chart.session_statuses.voided history.values.voided sheet.voided history.voided stamp.voided stamp.voided_why": (
        "voided",
        "ungültig",
        "anulad",
        "annulé",
    ),
    "stamp.superseded": ("SUPERSEDED", "ÜBERHOLT", "SUSTITUIDO", "REMPLACÉ"),
    "patient.stamp.voided": ("NOT VALID", "UNGÜLTIG", "NO VÁLIDO", "NON VALABLE"),
    "sheet.unsigned": ("Not", "Nicht", "Sin", "Non"),
    "sheet.severities.mild": ("mild", "leicht", "leve", "léger"),
    "sheet.severities.significant": ("significant", "erheblich", "importante", "important"),
    "sheet.severities.serious": ("serious", "schwer", "grave", "grave"),
    "comparison.labels.new comparison.headings.new comparison.counts.new comparison.meanings.new"
    " patient.comparison.labels.new patient.comparison.headings.new patient.comparison.counts.new": (
        r"\bnew",
        r"\bneu",
        r"\bnuevo",
        r"\bnouveau",
    ),
    "comparison.labels.kept comparison.headings.kept comparison.counts.kept comparison.meanings.kept": (
        "kept",
        "geblieben",
        "se mantiene",
        "maintenu",
    ),
    "comparison.labels.gone comparison.headings.gone comparison.counts.gone comparison.meanings.gone": (
        "gone",
        "weggefallen",
        "ya no está",
        "abandonné",
    ),
    "patient.comparison.labels.kept patient.comparison.headings.kept patient.comparison.counts.kept": (
        "as before",
        "wie zuvor",
        "como antes",
        "comme avant",
    ),
    "patient.comparison.labels.gone patient.comparison.headings.gone patient.comparison.counts.gone": (
        "no longer",
        "nicht mehr",
        "ya no",
        "plus traité",
    ),
    "place.bare.lateral place.bound.lateral": ("^lateral", "^lateral", "^lateral", "en dehors"),
    "place.bare.medial place.bound.medial": ("^medial", "^medial", "^medial", "en dedans"),
    "place.bare.anterior place.bound.anterior": ("in front", "ventral", "por delante", "en avant"),
    "place.bare.posterior place.bound.posterior": ("behind", "dorsal", "por detrás", "en arrière"),
    "place.bare.cranial place.bound.cranial": ("above", "kranial", "por encima", "au-dessus"),
    "place.bare.caudal place.bound.caudal": ("below", "kaudal", "por debajo", "au-dessous"),
    "history.added": ("added", "hinzugefügt", "añadido", "ajouté"),
    "history.taken_out": ("taken out", "herausgenommen", "retirado", "retiré"),
    "history.no_longer_flagged": ("no longer", "kein", "ya sin", "n'a plus"),
    "history.now_flagged": ("^now", "neuer", "^ahora con", "a désormais"),
    "patient.chart.spot.done patient.chart.area.done": ("^We treated", "behandelt", "^Tratamos", "^Nous avons traité"),
    "patient.chart.spot.planned patient.chart.area.planned": ("^We plan", "^Wir wollen", "^Vamos a", "^Nous allons"),
    "patient.chart.spot.not-done patient.chart.area.not-done": (
        "^We did not",
        "haben wir nicht",
        "^No tratamos",
        "^Nous n'avons pas",
    ),
}


def below(found: dict[str, str], key: str) -> dict[str, str]:
    """The texts of a key: one, or the forms of a plural."""
    return {name: text for name, text in found.items() if name == key or name.startswith(f"{key}.")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_must_not_be_swapped_says_what_it_is(lang: Language) -> None:
    """Before and after, in and out, new and gone, mild and serious, above and below: each text holds its own word."""
    place, found = ("en", "de", "es", "fr").index(lang), texts(catalogue(lang))
    for keys, words in SPELLED.items():
        for key in keys.split():
            entries = below(found, key)
            assert entries, key
            for name, text in entries.items():
                assert re.search(words[place], text, re.IGNORECASE), (name, text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_two_of_a_kind_are_called_alike(lang: Language) -> None:
    """What is one of several has a name of its own among them."""
    words, chart = catalogue(lang), catalogue(lang).chart
    kinds = (chart.views, chart.layers, chart.sides, chart.letters, chart.near_sides, chart.states, chart.directions)
    more = (chart.flags, chart.statuses, chart.session_statuses, chart.events, words.sheet.severities, chart.kinds)
    for kind in (*kinds, *more, words.comparison.labels, words.patient.chart.sides, words.patient.chart.statuses):
        assert len(set(kind.values())) == len(kind), kind
