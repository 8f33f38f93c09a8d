"""The words of the pictures of a course that single charts do not have, in every language."""

from collections.abc import Mapping
from dataclasses import dataclass

from bodymap.rendering.options import Language
from bodymap.rendering.wording_catalogue import Plural


@dataclass(frozen=True, kw_only=True)
class CourseWords:
    """One language. Where a text holds `{…}`, a value is put in. What a patient's picture does not say is empty."""

    timeline: str
    heatmap: str
    since: str
    before_day: str
    span: str
    visits: Plural
    visit: str
    no_visits: str
    nothing_to_show: str
    visits_drawn: str
    voided: Plural
    cancelled: Plural
    planned_visits: Plural
    elsewhere: Plural
    placements: Plural
    hidden: Plural
    further_placements: Plural
    earlier: Plural
    events: Plural
    curve: str
    curve_before: str
    curve_after: str
    curve_all: str
    no_pain: str
    unit: str
    and_more: str
    less: str
    more: str
    kernel: str
    made_of: str
    midline: Plural
    without_point: Plural
    planned: Plural
    not_done: Plural
    other_views: Plural
    muscles: str
    other_places: str
    further: Plural


COURSE_WORDS: Mapping[Language, CourseWords] = {
    "en": CourseWords(
        timeline="Visits, oldest first",
        heatmap="Where needles went",
        since="since {date}",
        before_day="before {date}",
        span="{first} to {last}",
        visits=Plural("{n} visit", "{n} visits"),
        visit="Visit {n}",
        no_visits="No visits are recorded for this reference in this period.",
        nothing_to_show="None of the needles has a known point on a view: nothing can be drawn.",
        visits_drawn="{shown} of {n} visits shown, the newest",
        voided=Plural("{n} voided visit left out", "{n} voided visits left out"),
        cancelled=Plural("{n} cancelled visit left out", "{n} cancelled visits left out"),
        planned_visits=Plural("{n} visit only planned, left out", "{n} visits only planned, left out"),
        elsewhere=Plural(
            "{n} visit recorded on another atlas version left out",
            "{n} visits recorded on another atlas version left out",
        ),
        placements=Plural("{n} placement", "{n} placements"),
        hidden=Plural("{n} placement not shown", "{n} placements not shown"),
        further_placements=Plural("and {n} placement more", "and {n} placements more"),
        earlier=Plural("{n} earlier visit shown as well", "{n} earlier visits shown as well"),
        events=Plural("{n} adverse event", "{n} adverse events"),
        curve="Pain, 0 to 10",
        curve_before="before the visit",
        curve_after="after the visit",
        curve_all="The curve has all {n} visits.",
        no_pain="No pain scores were recorded for these visits.",
        unit="Needles per 10 cm² of the reference figure",
        and_more="and more",
        less="",
        more="",
        kernel="Each needle is spread smoothly around its point; one alone makes 1 in its middle. Needles of one side "
        "are never spread to the other.",
        made_of="{needles} of {visits}",
        midline=Plural("{n} needle in the midline belongs to no side", "{n} needles in the midline belong to no side"),
        without_point=Plural(
            "{n} placement without a point is not in it", "{n} placements without a point are not in it"
        ),
        planned=Plural("{n} placement only planned is not in it", "{n} placements only planned are not in it"),
        not_done=Plural("{n} placement not done is not in it", "{n} placements not done are not in it"),
        other_views=Plural("{n} needle lies outside of what is shown", "{n} needles lie outside of what is shown"),
        muscles="Needles by muscle, also those without a point",
        other_places="Other places",
        further=Plural("and {n} muscle more", "and {n} muscles more"),
    ),
    "es": CourseWords(
        timeline="Visitas, de la más antigua a la más reciente",
        heatmap="Dónde se pusieron las agujas",
        since="desde el {date}",
        before_day="antes del {date}",
        span="{first} a {last}",
        visits=Plural("{n} visita", "{n} visitas"),
        visit="Visita {n}",
        no_visits="No hay visitas registradas para esta referencia en este período.",
        nothing_to_show="Ninguna aguja tiene un punto conocido en una vista: no se puede dibujar nada.",
        visits_drawn="Se muestran {shown} de {n} visitas, las más recientes",
        voided=Plural("{n} visita anulada, omitida", "{n} visitas anuladas, omitidas"),
        cancelled=Plural("{n} visita cancelada, omitida", "{n} visitas canceladas, omitidas"),
        planned_visits=Plural("{n} visita solo prevista, omitida", "{n} visitas solo previstas, omitidas"),
        elsewhere=Plural(
            "{n} visita registrada en otra versión del atlas, omitida",
            "{n} visitas registradas en otra versión del atlas, omitidas",
        ),
        placements=Plural("{n} lugar", "{n} lugares"),
        hidden=Plural("{n} lugar no mostrado", "{n} lugares no mostrados"),
        further_placements=Plural("y {n} lugar más", "y {n} lugares más"),
        earlier=Plural("También se muestra {n} visita anterior", "También se muestran {n} visitas anteriores"),
        events=Plural("{n} evento adverso", "{n} eventos adversos"),
        curve="Dolor, de 0 a 10",
        curve_before="antes de la visita",
        curve_after="después de la visita",
        curve_all="La curva incluye las {n} visitas.",
        no_pain="No se registraron puntuaciones de dolor en estas visitas.",
        unit="Agujas por 10 cm² de la figura de referencia",
        and_more="y más",
        less="",
        more="",
        kernel="Cada aguja se reparte suavemente alrededor de su punto; una sola da 1 en su centro. Las agujas de un "
        "lado nunca se reparten al otro.",
        made_of="{needles} de {visits}",
        midline=Plural(
            "{n} aguja en la línea media no es de ningún lado", "{n} agujas en la línea media no son de ningún lado"
        ),
        without_point=Plural("{n} lugar sin punto no está incluido", "{n} lugares sin punto no están incluidos"),
        planned=Plural("{n} lugar solo previsto no está incluido", "{n} lugares solo previstos no están incluidos"),
        not_done=Plural("{n} lugar no realizado no está incluido", "{n} lugares no realizados no están incluidos"),
        other_views=Plural("{n} aguja queda fuera de lo mostrado", "{n} agujas quedan fuera de lo mostrado"),
        muscles="Agujas por músculo, también las que no tienen punto",
        other_places="Otros lugares",
        further=Plural("y {n} músculo más", "y {n} músculos más"),
    ),
    "de": CourseWords(
        timeline="Besuche, der älteste zuerst",
        heatmap="Wo Nadeln gesetzt wurden",
        since="ab {date}",
        before_day="vor dem {date}",
        span="{first} bis {last}",
        visits=Plural("{n} Besuch", "{n} Besuche"),
        visit="Besuch {n}",
        no_visits="Für diese Referenz sind in diesem Zeitraum keine Besuche erfasst.",
        nothing_to_show="Von keiner Nadel ist ein Punkt auf einer Ansicht bekannt: Es lässt sich nichts zeichnen.",
        visits_drawn="{shown} von {n} Besuchen dargestellt, die neuesten",
        voided=Plural("{n} ungültiger Besuch ausgelassen", "{n} ungültige Besuche ausgelassen"),
        cancelled=Plural("{n} abgesagter Besuch ausgelassen", "{n} abgesagte Besuche ausgelassen"),
        planned_visits=Plural("{n} nur geplanter Besuch ausgelassen", "{n} nur geplante Besuche ausgelassen"),
        elsewhere=Plural(
            "{n} Besuch auf einer anderen Atlasversion ausgelassen",
            "{n} Besuche auf einer anderen Atlasversion ausgelassen",
        ),
        placements=Plural("{n} Stelle", "{n} Stelleen"),
        hidden=Plural("{n} Stelle nicht dargestellt", "{n} Stellen nicht dargestellt"),
        further_placements=Plural("und {n} weitere Stelle", "und {n} weitere Stellen"),
        earlier=Plural("Auch {n} früherer Besuch ist dargestellt", "Auch {n} frühere Besuche sind dargestellt"),
        events=Plural("{n} unerwünschtes Ereignis", "{n} unerwünschte Ereignisse"),
        curve="Schmerz, 0 bis 10",
        curve_before="vor dem Besuch",
        curve_after="nach dem Besuch",
        curve_all="Die Kurve umfasst alle {n} Besuche.",
        no_pain="Für diese Besuche wurden keine Schmerzwerte erfasst.",
        unit="Nadeln je 10 cm² der Referenzfigur",
        and_more="und mehr",
        less="",
        more="",
        kernel="Jede Nadel ist weich um ihren Punkt verteilt; eine allein ergibt in ihrer Mitte 1. Nadeln der einen "
        "Seite werden nie auf die andere verteilt.",
        made_of="{needles}, {visits}",
        midline=Plural(
            "{n} Nadel in der Mittellinie gehört keiner Seite", "{n} Nadeln in der Mittellinie gehören keiner Seite"
        ),
        without_point=Plural(
            "{n} Stelle ohne Punkt ist nicht enthalten", "{n} Stellen ohne Punkt sind nicht enthalten"
        ),
        planned=Plural("{n} nur geplante Stelle ist nicht enthalten", "{n} nur geplante Stellen sind nicht enthalten"),
        not_done=Plural(
            "{n} nicht durchgeführte Stelle ist nicht enthalten", "{n} nicht durchgeführte Stellen sind nicht enthalten"
        ),
        other_views=Plural("{n} Nadel liegt außerhalb des Gezeigten", "{n} Nadeln liegen außerhalb des Gezeigten"),
        muscles="Nadeln nach Muskel, auch solche ohne Punkt",
        other_places="Andere Stellen",
        further=Plural("und {n} weiterer Muskel", "und {n} weitere Muskeln"),
    ),
    "fr": CourseWords(
        timeline="Visites, de la plus ancienne à la plus récente",
        heatmap="Où les aiguilles ont été posées",
        since="depuis le {date}",
        before_day="avant le {date}",
        span="{first} au {last}",
        visits=Plural("{n} visite", "{n} visites"),
        visit="Visite {n}",
        no_visits="Aucune visite n'est enregistrée pour cette référence dans cette période.",
        nothing_to_show="Aucune aiguille n'a de point connu sur une vue : rien ne peut être dessiné.",
        visits_drawn="{shown} visites sur {n} affichées, les plus récentes",
        voided=Plural("{n} visite annulée, omise", "{n} visites annulées, omises"),
        cancelled=Plural("{n} visite décommandée, omise", "{n} visites décommandées, omises"),
        planned_visits=Plural("{n} visite seulement prévue, omise", "{n} visites seulement prévues, omises"),
        elsewhere=Plural(
            "{n} visite enregistrée sur une autre version de l'atlas, omise",
            "{n} visites enregistrées sur une autre version de l'atlas, omises",
        ),
        placements=Plural("{n} emplacement", "{n} emplacements"),
        hidden=Plural("{n} emplacement non affiché", "{n} emplacements non affichés"),
        further_placements=Plural("et {n} autre emplacement", "et {n} autres emplacements"),
        earlier=Plural("{n} visite antérieure est aussi affichée", "{n} visites antérieures sont aussi affichées"),
        events=Plural("{n} événement indésirable", "{n} événements indésirables"),
        curve="Douleur, de 0 à 10",
        curve_before="avant la visite",
        curve_after="après la visite",
        curve_all="La courbe comprend les {n} visites.",
        no_pain="Aucun score de douleur n'a été enregistré pour ces visites.",
        unit="Aiguilles par 10 cm² de la figure de référence",
        and_more="et plus",
        less="",
        more="",
        kernel="Chaque aiguille est répartie doucement autour de son point ; une seule donne 1 en son centre. Les "
        "aiguilles d'un côté ne sont jamais réparties sur l'autre.",
        made_of="{needles} sur {visits}",
        midline=Plural(
            "{n} aiguille sur la ligne médiane n'est d'aucun côté",
            "{n} aiguilles sur la ligne médiane ne sont d'aucun côté",
        ),
        without_point=Plural(
            "{n} emplacement sans point n'y figure pas", "{n} emplacements sans point n'y figurent pas"
        ),
        planned=Plural(
            "{n} emplacement seulement prévu n'y figure pas", "{n} emplacements seulement prévus n'y figurent pas"
        ),
        not_done=Plural("{n} emplacement non réalisé n'y figure pas", "{n} emplacements non réalisés n'y figurent pas"),
        other_views=Plural(
            "{n} aiguille se trouve hors de ce qui est affiché", "{n} aiguilles se trouvent hors de ce qui est affiché"
        ),
        muscles="Aiguilles par muscle, y compris celles sans point",
        other_places="Autres endroits",
        further=Plural("et {n} autre muscle", "et {n} autres muscles"),
    ),
}
