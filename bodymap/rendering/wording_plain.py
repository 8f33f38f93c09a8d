"""Plain words for patients, in four languages: short sentences, no instruments, no names of muscles.

Spanish, German and French are our own and were reviewed by no translator.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bodymap.atlas.manifest import ViewId
from bodymap.charting.vocabulary import PerimeterSide, PlacementStatus
from bodymap.rendering.options import Language
from bodymap.rendering.wording_catalogue import Plural

# What a patient would call the place of each region.
PLACES: dict[str, str] = {
    **dict.fromkeys(("trapezius-descending",), "upper-shoulder"),
    **dict.fromkeys(("levator-scapulae", "scalenus-medius", "scalenus-posterior"), "side-neck"),
    **dict.fromkeys(
        (
            *("splenius-capitis", "splenius-cervicis", "semispinalis-capitis", "semispinalis-cervicis"),
            *("longissimus-capitis", "longissimus-cervicis", "iliocostalis-cervicis", "multifidus-cervicis"),
        ),
        "back-neck",
    ),
    **dict.fromkeys(
        (
            *("rectus-capitis-posterior-major", "rectus-capitis-posterior-minor"),
            *("obliquus-capitis-superior", "obliquus-capitis-inferior"),
        ),
        "top-neck",
    ),
    **dict.fromkeys(("sternocleidomastoid", "scalenus-anterior"), "front-neck"),
    **dict.fromkeys(
        ("supraspinatus", "infraspinatus", "teres-minor", "teres-major", "subscapularis"), "shoulder-blade"
    ),
    "deltoid-clavicular": "front-shoulder",
    "deltoid-acromial": "outer-shoulder",
    "deltoid-spinal": "back-shoulder",
    **dict.fromkeys(
        (
            *("trapezius-transverse", "rhomboid-major", "rhomboid-minor", "serratus-posterior-superior"),
            *("semispinalis-thoracis", "longissimus-thoracis", "iliocostalis-thoracis", "spinalis-thoracis"),
            *("multifidus-thoracis", "rotatores"),
        ),
        "upper-back",
    ),
    "trapezius-ascending": "middle-back",
    "latissimus-dorsi": "wide-back",
    **dict.fromkeys(
        ("serratus-posterior-inferior", "quadratus-lumborum", "iliocostalis-lumborum", "multifidus-lumborum"),
        "lower-back",
    ),
    "psoas-major": "inner-hip",
    **dict.fromkeys(("gluteus-medius", "gluteus-minimus"), "side-hip"),
    **dict.fromkeys(("gluteus-maximus", "piriformis"), "buttock"),
    **dict.fromkeys(
        (
            *("pectoralis-major-clavicular", "pectoralis-major-sternocostal", "pectoralis-major-abdominal"),
            "pectoralis-minor",
        ),
        "chest",
    ),
    "serratus-anterior": "side-ribs",
    **dict.fromkeys(("external-oblique", "internal-oblique"), "side-belly"),
    "masseter": "jaw",
    "temporalis": "temple",
    **dict.fromkeys(("coracobrachialis", "biceps-brachii"), "front-arm"),
    "triceps-brachii": "back-arm",
}


@dataclass(frozen=True)
class Place:
    """A muscle in plain words: as a label, and as it stands after the words of `PlainWords.where`."""

    label: str
    within: str


@dataclass(frozen=True, kw_only=True)
class PlainWords:
    """One language. `where` and `elsewhere` are by side, "" for no side; `{place}` is a muscle, `{where}` a where."""

    title: str
    views: Mapping[ViewId, str]
    sides: Mapping[PerimeterSide, str]
    detail: str
    statuses: Mapping[PlacementStatus, str]
    places: Mapping[str, Place]
    elsewhere_label: str
    where: Mapping[str, str]
    elsewhere: Mapping[str, str]
    spot: Mapping[PlacementStatus, str]
    area: Mapping[PlacementStatus, str]
    key_spot: str
    key_treated: str
    marked: Plural
    nothing: str
    not_shown: Plural
    further: Plural
    not_in_picture: str
    own_sides: str


ENGLISH = PlainWords(
    title="Where we treated you",
    views={"posterior": "Your back", "anterior": "Your front", "left": "Your left side", "right": "Your right side"},
    sides={"left": "your left", "right": "your right", "midline": "the middle", "both": "both sides"},
    detail="Closer view {letter}",
    statuses={"done": "", "planned": "planned", "not-done": "not treated"},
    places={
        "upper-shoulder": Place("Upper shoulder muscle", "upper shoulder muscle"),
        "side-neck": Place("Side neck muscle", "side neck muscle"),
        "back-neck": Place("Back neck muscle", "back neck muscle"),
        "top-neck": Place("Top neck muscle", "top neck muscle"),
        "front-neck": Place("Front neck muscle", "front neck muscle"),
        "shoulder-blade": Place("Shoulder blade muscle", "shoulder blade muscle"),
        "front-shoulder": Place("Front shoulder muscle", "front shoulder muscle"),
        "outer-shoulder": Place("Outer shoulder muscle", "outer shoulder muscle"),
        "back-shoulder": Place("Back shoulder muscle", "back shoulder muscle"),
        "upper-back": Place("Upper back muscle", "upper back muscle"),
        "middle-back": Place("Middle back muscle", "middle back muscle"),
        "wide-back": Place("Wide back muscle", "wide back muscle"),
        "lower-back": Place("Lower back muscle", "lower back muscle"),
        "inner-hip": Place("Inner hip muscle", "inner hip muscle"),
        "side-hip": Place("Side hip muscle", "side hip muscle"),
        "buttock": Place("Buttock muscle", "buttock muscle"),
        "chest": Place("Chest muscle", "chest muscle"),
        "side-ribs": Place("Side rib muscle", "side rib muscle"),
        "side-belly": Place("Side belly muscle", "side belly muscle"),
        "jaw": Place("Jaw muscle", "jaw muscle"),
        "temple": Place("Temple muscle", "temple muscle"),
        "front-arm": Place("Front arm muscle", "front arm muscle"),
        "back-arm": Place("Back arm muscle", "back arm muscle"),
    },
    elsewhere_label="Another place",
    where={
        "left": "in your left {place}",
        "right": "in your right {place}",
        "midline": "in the middle of your {place}",
        "both": "in your {place} on both sides",
        "": "in your {place}",
    },
    elsewhere={
        "left": "on your left side",
        "right": "on your right side",
        "midline": "in the middle",
        "both": "on both sides",
        "": "in one more place",
    },
    spot={
        "done": "We treated a sore muscle spot {where}.",
        "planned": "We plan to treat a sore muscle spot {where}.",
        "not-done": "We did not treat the sore spot {where}.",
    },
    area={
        "done": "We treated around a sore area {where}.",
        "planned": "We plan to treat around a sore area {where}.",
        "not-done": "We did not treat the sore area {where}.",
    },
    key_spot="sore spot",
    key_treated="treated muscle",
    marked=Plural("We marked {n} spot for you.", "We marked {n} spots for you."),
    nothing="No spots are marked here.",
    not_shown=Plural("{n} spot is not in this picture: {listed}", "{n} spots are not in this picture: {listed}"),
    further=Plural("There is {n} more spot.", "There are {n} more spots."),
    not_in_picture="It is not in the picture.",
    own_sides="Left and right are your own.",
)

SPANISH = PlainWords(
    title="Las zonas que tratamos",
    views={"posterior": "Su espalda", "anterior": "De frente", "left": "Su lado izquierdo", "right": "Su lado derecho"},
    sides={"left": "su izquierda", "right": "su derecha", "midline": "el centro", "both": "los dos lados"},
    detail="De cerca {letter}",
    statuses={"done": "", "planned": "previsto", "not-done": "sin tratar"},
    places={
        "upper-shoulder": Place("Músculo de arriba del hombro", "el músculo de arriba del hombro"),
        "side-neck": Place("Músculo del lado del cuello", "el músculo del lado del cuello"),
        "back-neck": Place("Músculo de atrás del cuello", "el músculo de atrás del cuello"),
        "top-neck": Place("Músculo de arriba del cuello", "el músculo de arriba del cuello"),
        "front-neck": Place("Músculo de delante del cuello", "el músculo de delante del cuello"),
        "shoulder-blade": Place("Músculo del omóplato", "el músculo del omóplato"),
        "front-shoulder": Place("Músculo de delante del hombro", "el músculo de delante del hombro"),
        "outer-shoulder": Place("Músculo de fuera del hombro", "el músculo de fuera del hombro"),
        "back-shoulder": Place("Músculo de atrás del hombro", "el músculo de atrás del hombro"),
        "upper-back": Place("Músculo alto de la espalda", "el músculo alto de la espalda"),
        "middle-back": Place("Músculo medio de la espalda", "el músculo medio de la espalda"),
        "wide-back": Place("Músculo ancho de la espalda", "el músculo ancho de la espalda"),
        "lower-back": Place("Músculo bajo de la espalda", "el músculo bajo de la espalda"),
        "inner-hip": Place("Músculo de dentro de la cadera", "el músculo de dentro de la cadera"),
        "side-hip": Place("Músculo del lado de la cadera", "el músculo del lado de la cadera"),
        "buttock": Place("Músculo de la nalga", "el músculo de la nalga"),
        "chest": Place("Músculo del pecho", "el músculo del pecho"),
        "side-ribs": Place("Músculo del lado de las costillas", "el músculo del lado de las costillas"),
        "side-belly": Place("Músculo del lado del vientre", "el músculo del lado del vientre"),
        "jaw": Place("Músculo de la mandíbula", "el músculo de la mandíbula"),
        "temple": Place("Músculo de la sien", "el músculo de la sien"),
        "front-arm": Place("Músculo de delante del brazo", "el músculo de delante del brazo"),
        "back-arm": Place("Músculo de atrás del brazo", "el músculo de atrás del brazo"),
    },
    elsewhere_label="Otro lugar",
    where={
        "left": "en {place}, en su lado izquierdo",
        "right": "en {place}, en su lado derecho",
        "midline": "en {place}, en el centro",
        "both": "en {place}, en los dos lados",
        "": "en {place}",
    },
    elsewhere={
        "left": "en su lado izquierdo",
        "right": "en su lado derecho",
        "midline": "en el centro",
        "both": "en los dos lados",
        "": "en otro lugar",
    },
    spot={
        "done": "Tratamos un punto con dolor {where}.",
        "planned": "Vamos a tratar un punto con dolor {where}.",
        "not-done": "No tratamos el punto con dolor {where}.",
    },
    area={
        "done": "Tratamos alrededor de una zona con dolor {where}.",
        "planned": "Vamos a tratar alrededor de una zona con dolor {where}.",
        "not-done": "No tratamos la zona con dolor {where}.",
    },
    key_spot="punto con dolor",
    key_treated="músculo tratado",
    marked=Plural("Marcamos {n} punto para usted.", "Marcamos {n} puntos para usted."),
    nothing="Aquí no hay puntos marcados.",
    not_shown=Plural("{n} punto no está en este dibujo: {listed}", "{n} puntos no están en este dibujo: {listed}"),
    further=Plural("Hay {n} punto más.", "Hay {n} puntos más."),
    not_in_picture="No está en el dibujo.",
    own_sides="Izquierda y derecha son las suyas.",
)

GERMAN = PlainWords(
    title="Hier haben wir Sie behandelt",
    views={"posterior": "Ihr Rücken", "anterior": "Von vorn", "left": "Ihre linke Seite", "right": "Ihre rechte Seite"},
    sides={
        "left": "bei Ihnen links",
        "right": "bei Ihnen rechts",
        "midline": "in der Mitte",
        "both": "auf beiden Seiten",
    },
    detail="Näher gesehen {letter}",
    statuses={"done": "", "planned": "geplant", "not-done": "nicht behandelt"},
    places={
        "upper-shoulder": Place("Oberer Schultermuskel", "oberen Schultermuskel"),
        "side-neck": Place("Seitlicher Nackenmuskel", "seitlichen Nackenmuskel"),
        "back-neck": Place("Nackenmuskel", "Nackenmuskel"),
        "top-neck": Place("Oberer Nackenmuskel", "oberen Nackenmuskel"),
        "front-neck": Place("Vorderer Halsmuskel", "vorderen Halsmuskel"),
        "shoulder-blade": Place("Muskel am Schulterblatt", "Muskel am Schulterblatt"),
        "front-shoulder": Place("Vorderer Schultermuskel", "vorderen Schultermuskel"),
        "outer-shoulder": Place("Äußerer Schultermuskel", "äußeren Schultermuskel"),
        "back-shoulder": Place("Hinterer Schultermuskel", "hinteren Schultermuskel"),
        "upper-back": Place("Oberer Rückenmuskel", "oberen Rückenmuskel"),
        "middle-back": Place("Mittlerer Rückenmuskel", "mittleren Rückenmuskel"),
        "wide-back": Place("Breiter Rückenmuskel", "breiten Rückenmuskel"),
        "lower-back": Place("Unterer Rückenmuskel", "unteren Rückenmuskel"),
        "inner-hip": Place("Innerer Hüftmuskel", "inneren Hüftmuskel"),
        "side-hip": Place("Seitlicher Hüftmuskel", "seitlichen Hüftmuskel"),
        "buttock": Place("Gesäßmuskel", "Gesäßmuskel"),
        "chest": Place("Brustmuskel", "Brustmuskel"),
        "side-ribs": Place("Muskel an den Rippen", "Muskel an den Rippen"),
        "side-belly": Place("Seitlicher Bauchmuskel", "seitlichen Bauchmuskel"),
        "jaw": Place("Kiefermuskel", "Kiefermuskel"),
        "temple": Place("Schläfenmuskel", "Schläfenmuskel"),
        "front-arm": Place("Vorderer Armmuskel", "vorderen Armmuskel"),
        "back-arm": Place("Hinterer Armmuskel", "hinteren Armmuskel"),
    },
    elsewhere_label="Andere Stelle",
    where={
        "left": "in Ihrem linken {place}",
        "right": "in Ihrem rechten {place}",
        "midline": "in der Mitte in Ihrem {place}",
        "both": "auf beiden Seiten in Ihrem {place}",
        "": "in Ihrem {place}",
    },
    elsewhere={
        "left": "auf Ihrer linken Seite",
        "right": "auf Ihrer rechten Seite",
        "midline": "in der Mitte",
        "both": "auf beiden Seiten",
        "": "an einem anderen Ort",
    },
    spot={
        "done": "Wir haben einen schmerzenden Punkt {where} behandelt.",
        "planned": "Wir wollen einen schmerzenden Punkt {where} behandeln.",
        "not-done": "Den schmerzenden Punkt {where} haben wir nicht behandelt.",
    },
    area={
        "done": "Wir haben rund um eine schmerzende Stelle {where} behandelt.",
        "planned": "Wir wollen rund um eine schmerzende Stelle {where} behandeln.",
        "not-done": "Die schmerzende Stelle {where} haben wir nicht behandelt.",
    },
    key_spot="schmerzender Punkt",
    key_treated="behandelter Muskel",
    marked=Plural("Wir haben {n} Punkt für Sie markiert.", "Wir haben {n} Punkte für Sie markiert."),
    nothing="Hier sind keine Punkte markiert.",
    not_shown=Plural("{n} Punkt ist nicht im Bild: {listed}", "{n} Punkte sind nicht im Bild: {listed}"),
    further=Plural("Es gibt noch {n} Punkt.", "Es gibt noch {n} Punkte."),
    not_in_picture="Er ist nicht im Bild.",
    own_sides="Links und rechts sind Ihre eigenen Seiten.",
)

FRENCH = PlainWords(
    title="Les zones que nous avons traitées",
    views={"posterior": "Votre dos", "anterior": "De face", "left": "Votre côté gauche", "right": "Votre côté droit"},
    sides={"left": "votre gauche", "right": "votre droite", "midline": "au milieu", "both": "des deux côtés"},
    detail="De plus près {letter}",
    statuses={"done": "", "planned": "prévu", "not-done": "non traité"},
    places={
        "upper-shoulder": Place("Muscle du haut de l'épaule", "le muscle du haut de l'épaule"),
        "side-neck": Place("Muscle du côté du cou", "le muscle du côté du cou"),
        "back-neck": Place("Muscle de l'arrière du cou", "le muscle de l'arrière du cou"),
        "top-neck": Place("Muscle du haut du cou", "le muscle du haut du cou"),
        "front-neck": Place("Muscle de l'avant du cou", "le muscle de l'avant du cou"),
        "shoulder-blade": Place("Muscle de l'omoplate", "le muscle de l'omoplate"),
        "front-shoulder": Place("Muscle de l'avant de l'épaule", "le muscle de l'avant de l'épaule"),
        "outer-shoulder": Place("Muscle du bord de l'épaule", "le muscle du bord de l'épaule"),
        "back-shoulder": Place("Muscle de l'arrière de l'épaule", "le muscle de l'arrière de l'épaule"),
        "upper-back": Place("Muscle du haut du dos", "le muscle du haut du dos"),
        "middle-back": Place("Muscle du milieu du dos", "le muscle du milieu du dos"),
        "wide-back": Place("Grand muscle du dos", "le grand muscle du dos"),
        "lower-back": Place("Muscle du bas du dos", "le muscle du bas du dos"),
        "inner-hip": Place("Muscle du creux de la hanche", "le muscle du creux de la hanche"),
        "side-hip": Place("Muscle du côté de la hanche", "le muscle du côté de la hanche"),
        "buttock": Place("Muscle de la fesse", "le muscle de la fesse"),
        "chest": Place("Muscle de la poitrine", "le muscle de la poitrine"),
        "side-ribs": Place("Muscle du côté des côtes", "le muscle du côté des côtes"),
        "side-belly": Place("Muscle du côté du ventre", "le muscle du côté du ventre"),
        "jaw": Place("Muscle de la mâchoire", "le muscle de la mâchoire"),
        "temple": Place("Muscle de la tempe", "le muscle de la tempe"),
        "front-arm": Place("Muscle de l'avant du bras", "le muscle de l'avant du bras"),
        "back-arm": Place("Muscle de l'arrière du bras", "le muscle de l'arrière du bras"),
    },
    elsewhere_label="Autre endroit",
    where={
        "left": "dans {place}, du côté gauche",
        "right": "dans {place}, du côté droit",
        "midline": "dans {place}, au milieu",
        "both": "dans {place}, des deux côtés",
        "": "dans {place}",
    },
    elsewhere={
        "left": "du côté gauche",
        "right": "du côté droit",
        "midline": "au milieu",
        "both": "des deux côtés",
        "": "à un autre endroit",
    },
    spot={
        "done": "Nous avons traité un point sensible {where}.",
        "planned": "Nous allons traiter un point sensible {where}.",
        "not-done": "Nous n'avons pas traité le point sensible {where}.",
    },
    area={
        "done": "Nous avons traité autour d'une zone sensible {where}.",
        "planned": "Nous allons traiter autour d'une zone sensible {where}.",
        "not-done": "Nous n'avons pas traité la zone sensible {where}.",
    },
    key_spot="point sensible",
    key_treated="muscle traité",
    marked=Plural("Nous avons marqué {n} point pour vous.", "Nous avons marqué {n} points pour vous."),
    nothing="Aucun point n'est marqué ici.",
    not_shown=Plural("{n} point n'est pas sur ce dessin : {listed}", "{n} points ne sont pas sur ce dessin : {listed}"),
    further=Plural("Il y a {n} autre point.", "Il y a {n} autres points."),
    not_in_picture="Ce point n'est pas sur le dessin.",
    own_sides="La gauche et la droite sont les vôtres.",
)

PLAIN: dict[Language, PlainWords] = {"en": ENGLISH, "es": SPANISH, "de": GERMAN, "fr": FRENCH}
