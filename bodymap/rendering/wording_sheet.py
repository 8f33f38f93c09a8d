"""The words of the print sheet and of the text that pictures do not have, in every language."""

from collections.abc import Mapping
from dataclasses import dataclass

from bodymap.rendering.options import Language


@dataclass(frozen=True, kw_only=True)
class SheetWords:
    """One language. Where a text holds `{…}`, a value is put in."""

    patient: str
    performer: str
    encounter: str
    position: str
    session: str
    unkept: str
    versions: str
    atlas: str
    page: str
    needle: str
    lot: str
    status: str
    placements: str
    not_drawn: str
    needles: str
    charted: str
    put_in: str
    taken_out: str
    difference: str
    flags: str
    flags_note: str
    no_flags: str
    limit: str
    whole_session: str
    needle_numbers: str
    possible: str
    events: str
    event: str
    severities: Mapping[str, str]
    remarks: str
    note: str
    count_note: str
    status_reason: str
    consent: str
    copy_given: str
    information: str
    pain: str
    signed: str
    unsigned: str
    voided: str


SHEET_WORDS: dict[Language, SheetWords] = {
    "en": SheetWords(
        patient="Patient",
        performer="Performer",
        encounter="Encounter",
        position="Position",
        session="Session",
        unkept="Drawn from what was sent; not a stored record",
        versions="version {n}",
        atlas="Atlas {version}",
        page="Page {n} of {of}",
        needle="Needle",
        lot="lot {lot}",
        status="Status",
        placements="Placements",
        not_drawn="Not drawn",
        needles="Needles",
        charted="{n} charted",
        put_in="{n} in",
        taken_out="{n} out",
        difference="difference {n}",
        flags="Flags",
        flags_note="Things to know about a place on the reference body. The absence of a flag is no clearance.",
        no_flags="None raised.",
        limit="Set by the clinic: {text} ({name}, {when})",
        whole_session="whole session",
        needle_numbers="{n} (needle {listed})",
        possible="possible",
        events="Adverse events",
        event="{event}, {severity}, {when}",
        severities={"mild": "mild", "significant": "significant", "serious": "serious"},
        remarks="Notes",
        note="Note",
        count_note="On the count",
        status_reason="Reason for the status",
        consent="Consent",
        copy_given="copy given",
        information="Information given",
        pain="Pain",
        signed="Signed by {name}, {when} (version {n})",
        unsigned="Not signed",
        voided="VOIDED by {name}, {when}: {reason}",
    ),
    "es": SheetWords(
        patient="Paciente",
        performer="Profesional",
        encounter="Encuentro",
        position="Posición",
        session="Sesión",
        unkept="Dibujado a partir de lo enviado; no es un registro guardado",
        versions="versión {n}",
        atlas="Atlas {version}",
        page="Página {n} de {of}",
        needle="Aguja",
        lot="lote {lot}",
        status="Estado",
        placements="Punciones",
        not_drawn="No dibujado",
        needles="Agujas",
        charted="{n} registradas",
        put_in="{n} puestas",
        taken_out="{n} retiradas",
        difference="diferencia {n}",
        flags="Avisos",
        flags_note="Lo que conviene saber de un lugar del cuerpo de referencia. Que falte un aviso no autoriza nada.",
        no_flags="Ninguno.",
        limit="Fijado por la clínica: {text} ({name}, {when})",
        whole_session="toda la sesión",
        needle_numbers="{n} (aguja {listed})",
        possible="posible",
        events="Eventos adversos",
        event="{event}, {severity}, {when}",
        severities={"mild": "leve", "significant": "importante", "serious": "grave"},
        remarks="Notas",
        note="Nota",
        count_note="Sobre el recuento",
        status_reason="Motivo del estado",
        consent="Consentimiento",
        copy_given="copia entregada",
        information="Información entregada",
        pain="Dolor",
        signed="Firmado por {name}, {when} (versión {n})",
        unsigned="Sin firmar",
        voided="ANULADO por {name}, {when}: {reason}",
    ),
    "de": SheetWords(
        patient="Patient/in",
        performer="Behandelt von",
        encounter="Kontakt",
        position="Lagerung",
        session="Sitzung",
        unkept="Aus den gesendeten Angaben gezeichnet; kein gespeicherter Eintrag",
        versions="Version {n}",
        atlas="Atlas {version}",
        page="Seite {n} von {of}",
        needle="Nadel",
        lot="Charge {lot}",
        status="Status",
        placements="Platzierungen",
        not_drawn="Nicht gezeichnet",
        needles="Nadeln",
        charted="{n} eingezeichnet",
        put_in="{n} gesetzt",
        taken_out="{n} entfernt",
        difference="Differenz {n}",
        flags="Hinweise",
        flags_note="Wissenswertes zu einem Ort am Referenzkörper. Ein fehlender Hinweis ist keine Freigabe.",
        no_flags="Keine.",
        limit="Von der Praxis festgelegt: {text} ({name}, {when})",
        whole_session="ganze Sitzung",
        needle_numbers="{n} (Nadel {listed})",
        possible="möglich",
        events="Unerwünschte Ereignisse",
        event="{event}, {severity}, {when}",
        severities={"mild": "leicht", "significant": "erheblich", "serious": "schwer"},
        remarks="Notizen",
        note="Notiz",
        count_note="Zur Zählung",
        status_reason="Grund des Status",
        consent="Einwilligung",
        copy_given="Kopie ausgehändigt",
        information="Information gegeben",
        pain="Schmerz",
        signed="Unterschrieben von {name}, {when} (Version {n})",
        unsigned="Nicht unterschrieben",
        voided="UNGÜLTIG durch {name}, {when}: {reason}",
    ),
    "fr": SheetWords(
        patient="Patient",
        performer="Praticien",
        encounter="Venue",
        position="Position",
        session="Séance",
        unkept="Dessiné d'après ce qui a été envoyé ; ce n'est pas un dossier conservé",
        versions="version {n}",
        atlas="Atlas {version}",
        page="Page {n} sur {of}",
        needle="Aiguille",
        lot="lot {lot}",
        status="Statut",
        placements="Emplacements",
        not_drawn="Non dessiné",
        needles="Aiguilles",
        charted="{n} au schéma",
        put_in="{n} posées",
        taken_out="{n} retirées",
        difference="différence {n}",
        flags="Signalements",
        flags_note="À savoir sur un lieu du corps de référence. L'absence de signalement n'autorise rien.",
        no_flags="Aucun.",
        limit="Fixé par le cabinet : {text} ({name}, {when})",
        whole_session="toute la séance",
        needle_numbers="{n} (aiguille {listed})",
        possible="possible",
        events="Événements indésirables",
        event="{event}, {severity}, {when}",
        severities={"mild": "léger", "significant": "important", "serious": "grave"},
        remarks="Notes",
        note="Note",
        count_note="Sur le compte",
        status_reason="Motif du statut",
        consent="Consentement",
        copy_given="copie remise",
        information="Information remise",
        pain="Douleur",
        signed="Signé par {name}, {when} (version {n})",
        unsigned="Non signé",
        voided="ANNULÉ par {name}, {when} : {reason}",
    ),
}
