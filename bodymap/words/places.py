"""What a catalogue holds for where a point lies from a landmark."""

import msgspec


class PlaceWords(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A direction stands `bare` before "and", and `bound` before the landmark's name."""

    bare: dict[str, str]
    bound: dict[str, str]
    one: str
    two: str
    at: str
    whole: str
