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


class ScreenWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The words on the education screen: its title, the headings of topics that are in two parts, what the pictures
    name, and what each shows, in a sentence."""

    title: str
    spot: str
    into: str
    around: str
    decide: str
    skin: str
    muscle: str
    tight_spot: str
    sore_place: str
    spot_picture: str
    needle_picture: str
    ring_picture: str
    pause: str


class LinkWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What stands where a link opens nothing: that it has `ended` or was `altered`; and what to do: `ask` for a new
    one, or open it `again` as it came."""

    ended: str
    altered: str
    ask: str
    again: str


class PageWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every page. `language` is what the language calls itself, `languages` names the choice of one."""

    language: str
    languages: str
    not_reviewed: str
    patient: PatientPageWords
    screen: ScreenWords
    link: LinkWords
