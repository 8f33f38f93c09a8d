"""The settings, read once from a mapping such as the environment."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated

import msgspec
from msgspec import Meta

from bodymap.errors import Misconfigured

PREFIX = "BODYMAP_"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set. A field `x_y` is read from `BODYMAP_X_Y`.

    `database` is where the record is kept; `secret` signs links and chains the audit: beside an SQLite database one is
    made and kept in `<database>.secret`, elsewhere it must be set. `max_body_bytes` is the largest
    body that is read. `atlas_path` is a folder with further atlas versions, a folder each; `atlas_version` is the one
    that new sessions take, by default this release's. `snomed_licence` says that the operator holds a SNOMED CT
    Affiliate licence: without it, codes that need one are not shown. `theme_file` is the clinic's own theme, a JSON
    file that `theme=own` draws with; `fonts` a folder of TrueType and OpenType fonts for the letters that PNG and PDF
    otherwise show as boxes.
    """

    database: Annotated[str, Meta(min_length=1)] = "sqlite:///bodymap.db"
    secret: Annotated[str, Meta(min_length=16)] | None = None
    max_body_bytes: Annotated[int, Meta(ge=1024, le=1 << 30)] = 1 << 20
    atlas_path: Annotated[str, Meta(min_length=1)] | None = None
    snomed_licence: bool = False
    theme_file: Annotated[str, Meta(min_length=1)] | None = None
    fonts: Annotated[str, Meta(min_length=1)] | None = None
    atlas_version: Annotated[str, Meta(pattern=r"^[0-9]+(\.[0-9]+)*$")] | None = None

    @classmethod
    def read(cls, mapping: Mapping[str, str]) -> "Settings":
        """Settings from `BODYMAP_*` keys. Raises Misconfigured for an unknown one, or for a value that makes no sense.

        The value itself is never repeated: it may be a secret.
        """
        values: dict[str, object] = {}
        kinds = {PREFIX + field.encode_name.upper(): field for field in msgspec.structs.fields(cls)}
        for key in sorted(name for name in mapping if name.startswith(PREFIX)):
            if key not in kinds:
                near = get_close_matches(key, kinds, 1)
                hint = f"did you mean {near[0]}?" if near else f"the settings are {', '.join(kinds)}."
                raise Misconfigured(f"There is no setting {key}; {hint}")
            try:
                values[kinds[key].name] = msgspec.convert(mapping[key], kinds[key].type, strict=False)
            except msgspec.ValidationError as error:
                raise Misconfigured(f"{key} makes no sense: {error}.") from None
        return cls(**values)  # type: ignore[arg-type]  # each was converted to its field's type
