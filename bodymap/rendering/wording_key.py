"""The words of the full key: what each mark looks like and what it says, for clinicians and for patients.

Spanish, German and French are our own and were reviewed by no translator.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bodymap.rendering.options import Language

Section = Literal["marks", "muscles", "compared", "picture"]
Entry = Literal[
    "point",
    "twitch",
    "event",
    "crowded",
    "planned",
    "not-done",
    "needle",
    "region",
    "treated",
    "around",
    "below",
    "above",
    "referral",
    "new",
    "kept",
    "gone",
    "earlier",
    "pain",
    "sides",
    "scale",
    "inset",
]


@dataclass(frozen=True, kw_only=True)
class KeyWords:
    """One language. `names` are of marks that no catalogue names elsewhere; `texts` say what every mark is. Marks
    without a text are not in the key."""

    title: str
    sections: Mapping[Section, str]
    names: Mapping[Entry, str]
    texts: Mapping[Entry, str]


CLINICAL_KEY: dict[Language, KeyWords] = {
    "en": KeyWords(
        title="Key to the marks",
        sections={"marks": "Marks", "muscles": "Muscles", "compared": "Visits compared", "picture": "The picture"},
        names={
            "crowded": "crowded place",
            "around": "muscle around a perimeter",
            "sides": "sides",
            "scale": "scale",
            "inset": "enlarged part",
        },
        texts={
            "point": "Filled, with its number: needled at this place.",
            "twitch": "A second ring around it: a local twitch was obtained.",
            "event": "A triangle beside a mark: an adverse event belongs to it.",
            "crowded": "A dot, its number on a tab beside it: a place whose neighbours are too close.",
            "planned": "Hollow and dashed: to be needled.",
            "not-done": "Hollow and crossed: listed, and not needled.",
            "needle": "Diamonds along a dashed line, the number of the line in a square.",
            "region": "Hatched, with a number and no dot: nobody said where in it.",
            "treated": "Tinted and outlined: a trigger point is in it.",
            "around": "A paler tint: needles of a perimeter stand in it.",
            "below": "Dashed outline: it lies under the layer that is drawn.",
            "above": "Faint, with an outline: it was taken off to show what lies under it.",
            "referral": "Dotted, when asked for: sources describe pain there from treated muscles.",
            "new": "Filled: in the last visit alone.",
            "kept": "A bold ring: in the last visit and in an earlier one.",
            "gone": "Dotted and struck through: in earlier visits alone.",
            "earlier": "Dotted outline and no tint: the last visit did not go into it.",
            "pain": "A ring for before the visit, a dot for after it.",
            "sides": "The patient's own right and left.",
            "scale": "Of the reference figure, not of the patient.",
            "inset": "A dashed frame with a letter: drawn again, larger, under that letter.",
        },
    ),
    "es": KeyWords(
        title="Clave de los signos",
        sections={
            "marks": "Signos",
            "muscles": "Músculos",
            "compared": "Visitas comparadas",
            "picture": "El dibujo",
        },
        names={
            "crowded": "lugar muy poblado",
            "around": "músculo alrededor de un perímetro",
            "sides": "lados",
            "scale": "escala",
            "inset": "parte ampliada",
        },
        texts={
            "point": "Relleno, con su número: se puncionó en este lugar.",
            "twitch": "Un segundo anillo alrededor: hubo un espasmo local.",
            "event": "Un triángulo junto a un signo: le corresponde un evento adverso.",
            "crowded": "Un punto con su número en una etiqueta: sus vecinos están demasiado cerca.",
            "planned": "Hueco y discontinuo: por puncionar.",
            "not-done": "Hueco y tachado con un aspa: anotado y no puncionado.",
            "needle": "Rombos sobre una línea discontinua, el número de la línea en un cuadrado.",
            "region": "Rayada, con número y sin punto: nadie dijo en qué lugar de ella.",
            "treated": "Teñido y perfilado: hay en él un punto gatillo.",
            "around": "Un tinte más claro: en él están agujas de un perímetro.",
            "below": "Contorno discontinuo: está debajo de la capa dibujada.",
            "above": "Tenue y perfilado: se quitó para mostrar lo que hay debajo.",
            "referral": "De puntos, si se pide: las fuentes describen ahí dolor de los músculos tratados.",
            "new": "Relleno: solo en la última visita.",
            "kept": "Un anillo grueso: en la última visita y en una anterior.",
            "gone": "De puntos y tachado: solo en visitas anteriores.",
            "earlier": "Contorno de puntos, sin tinte: la última visita no llegó a él.",
            "pain": "Un anillo para antes de la visita, un punto para después.",
            "sides": "La derecha y la izquierda del propio paciente.",
            "scale": "De la figura de referencia, no del paciente.",
            "inset": "Un marco discontinuo con una letra: dibujada otra vez, más grande, con esa letra.",
        },
    ),
    "de": KeyWords(
        title="Zeichenerklärung",
        sections={
            "marks": "Zeichen",
            "muscles": "Muskeln",
            "compared": "Sitzungen im Vergleich",
            "picture": "Das Bild",
        },
        names={
            "crowded": "dicht besetzte Stelle",
            "around": "Muskel um einen Umkreis",
            "sides": "Seiten",
            "scale": "Maßstab",
            "inset": "vergrößerter Teil",
        },
        texts={
            "point": "Gefüllt, mit seiner Nummer: an dieser Stelle genadelt.",
            "twitch": "Ein zweiter Ring darum: eine lokale Zuckung trat ein.",
            "event": "Ein Dreieck neben einem Zeichen: dazu gehört ein unerwünschtes Ereignis.",
            "crowded": "Ein Punkt, seine Nummer auf einem Schild daneben: die Nachbarn sind zu nah.",
            "planned": "Hohl und gestrichelt: noch zu nadeln.",
            "not-done": "Hohl und mit einem Kreuz: aufgeführt und nicht genadelt.",
            "needle": "Rauten auf einer gestrichelten Linie, die Nummer der Linie in einem Quadrat.",
            "region": "Schraffiert, mit Nummer und ohne Punkt: niemand hat gesagt, wo darin.",
            "treated": "Getönt und umrandet: ein Triggerpunkt liegt darin.",
            "around": "Heller getönt: Nadeln eines Umkreises stehen darin.",
            "below": "Gestrichelter Umriss: er liegt unter der gezeichneten Schicht.",
            "above": "Blass und umrandet: abgenommen, um zu zeigen, was darunter liegt.",
            "referral": "Gepunktet, auf Wunsch: Quellen beschreiben dort Schmerz aus behandelten Muskeln.",
            "new": "Gefüllt: nur in der letzten Sitzung.",
            "kept": "Ein kräftiger Ring: in der letzten und in einer früheren Sitzung.",
            "gone": "Gepunktet und durchgestrichen: nur in früheren Sitzungen.",
            "earlier": "Gepunkteter Umriss ohne Tönung: in der letzten Sitzung nicht behandelt.",
            "pain": "Ein Ring für vor der Sitzung, ein Punkt für danach.",
            "sides": "Rechts und links aus Sicht der behandelten Person.",
            "scale": "Der Referenzfigur, nicht der behandelten Person.",
            "inset": "Ein gestrichelter Rahmen mit Buchstaben: unter diesem noch einmal größer gezeichnet.",
        },
    ),
    "fr": KeyWords(
        title="Légende des signes",
        sections={
            "marks": "Signes",
            "muscles": "Muscles",
            "compared": "Séances comparées",
            "picture": "Le dessin",
        },
        names={
            "crowded": "endroit très chargé",
            "around": "muscle autour d'un périmètre",
            "sides": "côtés",
            "scale": "échelle",
            "inset": "partie agrandie",
        },
        texts={
            "point": "Plein, avec son numéro : puncturé à cet endroit.",
            "twitch": "Un second anneau autour : une secousse locale a été obtenue.",
            "event": "Un triangle à côté d'un signe : un événement indésirable s'y rapporte.",
            "crowded": "Un point, son numéro sur une étiquette à côté : ses voisins sont trop proches.",
            "planned": "Creux et en tirets : à puncturer.",
            "not-done": "Creux et marqué d'une croix : noté et non puncturé.",
            "needle": "Des losanges sur une ligne en tirets, le numéro de la ligne dans un carré.",
            "region": "Hachurée, avec un numéro et sans point : personne n'a dit où.",
            "treated": "Teinté et cerné : un point gâchette s'y trouve.",
            "around": "Une teinte plus pâle : des aiguilles d'un périmètre s'y trouvent.",
            "below": "Contour en tirets : il est sous la couche dessinée.",
            "above": "Pâle et cerné : retiré pour montrer ce qui est dessous.",
            "referral": "En pointillé, sur demande : des sources y décrivent une douleur des muscles traités.",
            "new": "Plein : à la dernière séance seulement.",
            "kept": "Un anneau épais : à la dernière séance et à une précédente.",
            "gone": "En pointillé et barré : aux séances précédentes seulement.",
            "earlier": "Contour en pointillé, sans teinte : la dernière séance ne l'a pas touché.",
            "pain": "Un anneau pour avant la séance, un point pour après.",
            "sides": "La droite et la gauche du patient lui-même.",
            "scale": "De la figure de référence, non du patient.",
            "inset": "Un cadre en tirets avec une lettre : redessinée plus grande sous cette lettre.",
        },
    ),
}

PLAIN_KEY: dict[Language, KeyWords] = {
    "en": KeyWords(
        title="What the signs mean",
        sections={"marks": "Signs", "muscles": "Muscles", "compared": "What has changed", "picture": "The picture"},
        names={"needle": "sore area", "sides": "your sides", "inset": "closer view"},
        texts={
            "point": "A full dot with a number: we treated a sore spot here.",
            "planned": "An empty dot with a broken edge: we will treat it.",
            "not-done": "An empty dot: we did not treat it.",
            "needle": "A soft patch: we treated around it.",
            "treated": "A muscle in colour: we treated it.",
            "new": "A full dot: only at your last visit.",
            "kept": "A thick ring: at your last visit and before.",
            "gone": "A dotted ring with a line through it: only at visits before.",
            "earlier": "A dotted edge: we treated this muscle before.",
            "sides": "Left and right are your own.",
            "inset": "A frame with a letter: you see this part again, larger.",
        },
    ),
    "es": KeyWords(
        title="Qué significan los signos",
        sections={
            "marks": "Signos",
            "muscles": "Músculos",
            "compared": "Qué ha cambiado",
            "picture": "El dibujo",
        },
        names={"needle": "zona con dolor", "sides": "sus lados", "inset": "vista de cerca"},
        texts={
            "point": "Un círculo lleno con número: aquí tratamos un punto con dolor.",
            "planned": "Un círculo vacío de borde discontinuo: lo vamos a tratar.",
            "not-done": "Un círculo vacío: no lo tratamos.",
            "needle": "Una mancha suave: tratamos a su alrededor.",
            "treated": "Un músculo en color: lo tratamos.",
            "new": "Un círculo lleno: solo en su última visita.",
            "kept": "Un anillo grueso: en su última visita y antes.",
            "gone": "Un anillo de puntos con una raya: solo en visitas anteriores.",
            "earlier": "Un borde de puntos: tratamos este músculo antes.",
            "sides": "Izquierda y derecha son las suyas.",
            "inset": "Un marco con una letra: esta parte se ve otra vez, más grande.",
        },
    ),
    "de": KeyWords(
        title="Was die Zeichen bedeuten",
        sections={
            "marks": "Zeichen",
            "muscles": "Muskeln",
            "compared": "Was sich geändert hat",
            "picture": "Das Bild",
        },
        names={"needle": "schmerzender Bereich", "sides": "Ihre Seiten", "inset": "Blick aus der Nähe"},
        texts={
            "point": "Ein voller Punkt mit Nummer: hier haben wir eine schmerzende Stelle behandelt.",
            "planned": "Ein leerer Punkt mit gestricheltem Rand: wir werden ihn behandeln.",
            "not-done": "Ein leerer Punkt: wir haben ihn nicht behandelt.",
            "needle": "Ein weicher Fleck: wir haben um ihn herum behandelt.",
            "treated": "Ein farbiger Muskel: wir haben ihn behandelt.",
            "new": "Ein voller Punkt: nur bei Ihrem letzten Besuch.",
            "kept": "Ein dicker Ring: bei Ihrem letzten Besuch und davor.",
            "gone": "Ein gepunkteter Ring mit einem Strich: nur bei früheren Besuchen.",
            "earlier": "Ein gepunkteter Rand: diesen Muskel haben wir früher behandelt.",
            "sides": "Links und rechts sind Ihre eigenen Seiten.",
            "inset": "Ein Rahmen mit einem Buchstaben: diesen Teil sehen Sie noch einmal größer.",
        },
    ),
    "fr": KeyWords(
        title="Ce que veulent dire les signes",
        sections={
            "marks": "Signes",
            "muscles": "Muscles",
            "compared": "Ce qui a changé",
            "picture": "Le dessin",
        },
        names={"needle": "zone sensible", "sides": "vos côtés", "inset": "vue de près"},
        texts={
            "point": "Un rond plein avec un numéro : nous avons traité ici un point sensible.",
            "planned": "Un rond vide au bord en tirets : nous allons le traiter.",
            "not-done": "Un rond vide : nous ne l'avons pas traité.",
            "needle": "Une tache douce : nous avons traité autour d'elle.",
            "treated": "Un muscle en couleur : nous l'avons traité.",
            "new": "Un rond plein : à votre dernière visite seulement.",
            "kept": "Un anneau épais : à votre dernière visite et avant.",
            "gone": "Un anneau en pointillé avec un trait : aux visites d'avant seulement.",
            "earlier": "Un bord en pointillé : nous avons traité ce muscle avant.",
            "sides": "La gauche et la droite sont les vôtres.",
            "inset": "Un cadre avec une lettre : cette partie se voit encore, plus grande.",
        },
    ),
}
