"""The same for patients: where and how often, in plain words, and nothing else.

Spanish, German and French are our own and were reviewed by no translator.
"""

from collections.abc import Mapping

from bodymap.rendering.options import Language
from bodymap.rendering.wording_catalogue import Plural
from bodymap.rendering.wording_course import COURSE_WORDS, CourseWords

_NOTHING = Plural("", "")
_UNSAID = {
    **dict.fromkeys(("curve", "curve_before", "curve_after", "curve_all", "no_pain", "unit", "and_more"), ""),
    **dict.fromkeys(("midline", "voided", "cancelled", "planned_visits", "elsewhere", "events"), _NOTHING),
}

PLAIN_COURSE_WORDS: Mapping[Language, CourseWords] = {
    "en": CourseWords(
        timeline="Your visits, the first one first",
        heatmap="Where we treated you most",
        since="since {date}",
        before_day="before {date}",
        span="{first} to {last}",
        visits=Plural("{n} visit", "{n} visits"),
        visit="Visit {n}",
        no_visits="There are no visits to show.",
        nothing_to_show="There is nothing to show on the body.",
        visits_drawn="We show the last {shown} of {n} visits.",
        placements=Plural("{n} spot", "{n} spots"),
        hidden=Plural("{n} spot is not in the picture", "{n} spots are not in the picture"),
        further_placements=Plural("and {n} more spot", "and {n} more spots"),
        earlier=Plural("We show {n} earlier visit, too", "We show {n} earlier visits, too"),
        less="less often",
        more="more often",
        kernel="The stronger the colour, the more often we treated you there.",
        made_of="From {visits}",
        without_point=Plural("{n} spot is not in the picture.", "{n} spots are not in the picture."),
        planned=Plural("We plan {n} more spot.", "We plan {n} more spots."),
        not_done=Plural("We left out {n} spot.", "We left out {n} spots."),
        other_views=Plural("{n} spot is outside of the picture.", "{n} spots are outside of the picture."),
        muscles="Where we treated you",
        other_places="Other places",
        further=Plural("and {n} more place", "and {n} more places"),
        **_UNSAID,  # type: ignore[arg-type]  # texts and nouns, each where it belongs
    ),
    "es": CourseWords(
        timeline="Sus visitas, la primera al principio",
        heatmap="Dónde le tratamos más",
        since="desde el {date}",
        before_day="antes del {date}",
        span="{first} a {last}",
        visits=Plural("{n} visita", "{n} visitas"),
        visit="Visita {n}",
        no_visits="No hay visitas que mostrar.",
        nothing_to_show="No hay nada que mostrar en el cuerpo.",
        visits_drawn="Mostramos las últimas {shown} de {n} visitas.",
        placements=Plural("{n} punto", "{n} puntos"),
        hidden=Plural("{n} punto no está en el dibujo", "{n} puntos no están en el dibujo"),
        further_placements=Plural("y {n} punto más", "y {n} puntos más"),
        earlier=Plural("También mostramos {n} visita anterior", "También mostramos {n} visitas anteriores"),
        less="con menos frecuencia",
        more="con más frecuencia",
        kernel="Cuanto más fuerte el color, más veces le tratamos ahí.",
        made_of="De {visits}",
        without_point=Plural("{n} punto no está en el dibujo.", "{n} puntos no están en el dibujo."),
        planned=Plural("Vamos a tratar {n} punto más.", "Vamos a tratar {n} puntos más."),
        not_done=Plural("No tratamos {n} punto.", "No tratamos {n} puntos."),
        other_views=Plural("{n} punto queda fuera del dibujo.", "{n} puntos quedan fuera del dibujo."),
        muscles="Dónde le tratamos",
        other_places="Otros lugares",
        further=Plural("y {n} lugar más", "y {n} lugares más"),
        **_UNSAID,  # type: ignore[arg-type]
    ),
    "de": CourseWords(
        timeline="Ihre Besuche, der erste zuerst",
        heatmap="Wo wir Sie am meisten behandelt haben",
        since="ab {date}",
        before_day="vor dem {date}",
        span="{first} bis {last}",
        visits=Plural("{n} Besuch", "{n} Besuche"),
        visit="Besuch {n}",
        no_visits="Es gibt keine Besuche zu zeigen.",
        nothing_to_show="Am Körper gibt es nichts zu zeigen.",
        visits_drawn="Wir zeigen die letzten {shown} von {n} Besuchen.",
        placements=Plural("{n} Punkt", "{n} Punkte"),
        hidden=Plural("{n} Punkt ist nicht im Bild", "{n} Punkte sind nicht im Bild"),
        further_placements=Plural("und {n} weiterer Punkt", "und {n} weitere Punkte"),
        earlier=Plural("Wir zeigen auch {n} früheren Besuch", "Wir zeigen auch {n} frühere Besuche"),
        less="seltener",
        more="öfter",
        kernel="Je kräftiger die Farbe, desto öfter haben wir Sie dort behandelt.",
        made_of="Das waren {visits}",
        without_point=Plural("{n} Punkt ist nicht im Bild.", "{n} Punkte sind nicht im Bild."),
        planned=Plural("Wir planen noch {n} Punkt.", "Wir planen noch {n} Punkte."),
        not_done=Plural("{n} Punkt haben wir nicht behandelt.", "{n} Punkte haben wir nicht behandelt."),
        other_views=Plural("{n} Punkt liegt außerhalb des Bildes.", "{n} Punkte liegen außerhalb des Bildes."),
        muscles="Wo wir Sie behandelt haben",
        other_places="Andere Stellen",
        further=Plural("und {n} weitere Stelle", "und {n} weitere Stellen"),
        **_UNSAID,  # type: ignore[arg-type]
    ),
    "fr": CourseWords(
        timeline="Vos visites, la première d'abord",
        heatmap="Où nous vous avons traité le plus",
        since="depuis le {date}",
        before_day="avant le {date}",
        span="{first} au {last}",
        visits=Plural("{n} visite", "{n} visites"),
        visit="Visite {n}",
        no_visits="Il n'y a aucune visite à montrer.",
        nothing_to_show="Il n'y a rien à montrer sur le corps.",
        visits_drawn="Nous montrons les {shown} dernières visites sur {n}.",
        placements=Plural("{n} point", "{n} points"),
        hidden=Plural("{n} point n'est pas sur le dessin", "{n} points ne sont pas sur le dessin"),
        further_placements=Plural("et {n} autre point", "et {n} autres points"),
        earlier=Plural(
            "Nous montrons aussi {n} visite plus ancienne", "Nous montrons aussi {n} visites plus anciennes"
        ),
        less="moins souvent",
        more="plus souvent",
        kernel="Plus la couleur est forte, plus nous avons traité cet endroit.",
        made_of="Sur {visits}",
        without_point=Plural("{n} point n'est pas sur le dessin.", "{n} points ne sont pas sur le dessin."),
        planned=Plural("Nous prévoyons {n} autre point.", "Nous prévoyons {n} autres points."),
        not_done=Plural("Nous n'avons pas traité {n} point.", "Nous n'avons pas traité {n} points."),
        other_views=Plural("{n} point est hors du dessin.", "{n} points sont hors du dessin."),
        muscles="Où nous vous avons traité",
        other_places="Autres endroits",
        further=Plural("et {n} autre endroit", "et {n} autres endroits"),
        **_UNSAID,  # type: ignore[arg-type]
    ),
}


def course_words(lang: Language, for_patients: bool) -> CourseWords:
    """The words of a picture of a course."""
    return (PLAIN_COURSE_WORDS if for_patients else COURSE_WORDS)[lang]
