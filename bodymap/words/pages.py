"""What a catalogue holds for pages."""

import msgspec


class PatientPageWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words around the texts on the patient's page. `done` and `planned` are its heading, `{number}` in `dial` is a
    telephone number."""

    done: str
    planned: str
    expect: str
    do: str
    do_not: str
    call: str
    dial: str
    unsure: str
    more: str
    not_reviewed: str


class PageWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every page."""

    patient: PatientPageWords
