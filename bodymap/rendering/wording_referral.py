"""The words around referral areas, in every language. They say what sources say, and who has not looked at it."""

from collections.abc import Mapping
from dataclasses import dataclass

from bodymap.rendering.options import Language
from bodymap.rendering.wording_catalogue import Plural


@dataclass(frozen=True, kw_only=True)
class ReferralWords:
    """One language. Where a text holds `{…}`, a value is put in."""

    key: str
    explained: str
    not_reviewed: str
    grades: str
    grade: str
    muscle: str
    none_said: str
    further: Plural
    elsewhere: str


REFERRAL_WORDS: Mapping[Language, ReferralWords] = {
    "en": ReferralWords(
        key="Referral areas",
        explained="Where sources describe pain that comes from the treated muscles, on the reference figure. The areas "
        "end nowhere exactly and say nothing about this patient.",
        not_reviewed="Not reviewed by a licensed clinician.",
        grades="Sources: A paper or official notice, B reference site or textbook, C clinic page or course notes.",
        grade="sources {grades}",
        muscle="{muscle}: {areas} ({grade})",
        none_said="{muscle}: no source that was read names an area",
        further=Plural("And {n} muscle more", "And {n} muscles more"),
        elsewhere="Not on what is drawn: {areas}",
    ),
    "es": ReferralWords(
        key="Zonas de dolor referido",
        explained="Donde las fuentes describen dolor que viene de los músculos tratados, en la figura de referencia. "
        "Las zonas no terminan en un límite exacto y no dicen nada sobre este paciente.",
        not_reviewed="No revisado por un profesional clínico titulado.",
        grades="Fuentes: A artículo o aviso oficial, B sitio de referencia o libro de texto, C página de clínica o "
        "apuntes.",
        grade="fuentes {grades}",
        muscle="{muscle}: {areas} ({grade})",
        none_said="{muscle}: ninguna fuente leída nombra una zona",
        further=Plural("Y {n} músculo más", "Y {n} músculos más"),
        elsewhere="Fuera de lo dibujado: {areas}",
    ),
    "de": ReferralWords(
        key="Übertragungszonen",
        explained="Wo Quellen Schmerz beschreiben, der von den behandelten Muskeln ausgeht, an der Referenzfigur. Die "
        "Zonen enden nirgends genau und sagen nichts über diesen Patienten.",
        not_reviewed="Von keiner approbierten Fachperson geprüft.",
        grades="Quellen: A Fachartikel oder amtliche Mitteilung, B Nachschlagewerk oder Lehrbuch, C Praxisseite oder "
        "Kursunterlagen.",
        grade="Quellen {grades}",
        muscle="{muscle}: {areas} ({grade})",
        none_said="{muscle}: keine gelesene Quelle nennt eine Zone",
        further=Plural("Und {n} weiterer Muskel", "Und {n} weitere Muskeln"),
        elsewhere="Nicht auf dem Gezeichneten: {areas}",
    ),
    "fr": ReferralWords(
        key="Zones de douleur référée",
        explained="Où les sources décrivent une douleur venant des muscles traités, sur la figure de référence. Les "
        "zones n'ont pas de limite exacte et ne disent rien de ce patient.",
        not_reviewed="Non relu par un clinicien diplômé.",
        grades="Sources : A article ou avis officiel, B site de référence ou manuel, C page de cabinet ou notes de "
        "cours.",
        grade="sources {grades}",
        muscle="{muscle} : {areas} ({grade})",
        none_said="{muscle} : aucune source lue ne nomme de zone",
        further=Plural("Et {n} autre muscle", "Et {n} autres muscles"),
        elsewhere="Hors de ce qui est dessiné : {areas}",
    ),
}
