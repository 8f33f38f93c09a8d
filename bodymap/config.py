"""The settings, read once from a mapping such as the environment."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import Meta

from bodymap.errors import Misconfigured

PREFIX = "BODYMAP_"

_Text = Annotated[str, Meta(min_length=1)]
# Patterns end in \Z: $ would let a line break through at the end, which no header may hold.
_HOST_AND_PORT = r"[A-Za-z0-9.\-\[\]:]+"
_ORIGIN = rf"https?://{_HOST_AND_PORT}"
_SOURCE = rf"('self'|https?://(\*\.)?{_HOST_AND_PORT})"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that can be set. A field `x_y` is read from `BODYMAP_X_Y`.

    The purpose of each is its description, which `bodymap settings` and the reference show.
    """

    database: Annotated[
        _Text,
        Meta(
            description="Where the record is kept, such as `sqlite:///clinic.db`, `sqlite:////srv/clinic.db` or "
            "`postgresql://bodymap@db.clinic.example/bodymap`."
        ),
    ] = "sqlite:///bodymap.db"
    database_replica: Annotated[
        _Text | None,
        Meta(
            description="A standby of a PostgreSQL database, one server, to read from; it serves what it has replayed, "
            "the primary the rest."
        ),
    ] = None
    database_connections: Annotated[
        int,
        Meta(
            ge=1,
            le=200,
            description="How many commands, and how many reads, a process runs at once on PostgreSQL, each on a "
            "connection of its own.",
        ),
    ] = 8
    secret: Annotated[
        Annotated[str, Meta(min_length=16)] | None,
        Meta(
            description="Signs links and chains the audit. For an SQLite database one is created in "
            "`<database>.secret`; otherwise it must be set."
        ),
    ] = None
    issuers_file: Annotated[
        _Text | None,
        Meta(description="A JSON file of the issuers whose tokens (JWT) are accepted in addition to keys."),
    ] = None
    rate_limit: Annotated[
        _Text | None,
        Meta(
            description="How many requests each client may send, such as `20/second;1000/minute`, counted by each "
            "process; without it, any number."
        ),
    ] = None
    cors_origins: Annotated[
        Annotated[str, Meta(pattern=rf"^(\*|{_ORIGIN}( {_ORIGIN})*)\Z")] | None,
        Meta(
            description="The origins whose pages may send requests from a browser, such as `https://ehr.example`, "
            "with spaces between; without it, none."
        ),
    ] = None
    frame_ancestors: Annotated[
        str,
        Meta(
            pattern=rf"^(\*|'none'|{_SOURCE}( {_SOURCE})*)\Z",
            description="The origins whose pages may frame a chart that a link opens, such as `https://ehr.example`, "
            "with spaces between.",
        ),
    ] = "'self'"
    public_url: Annotated[
        Annotated[str, Meta(pattern=rf"^{_ORIGIN}(/[A-Za-z0-9._~-]+)*/?\Z")] | None,
        Meta(
            description="Where clients reach the service, such as `https://ehr.example/bodymap`: links begin with it, "
            "and its path is a prefix of every address. Without it, where the request was sent to."
        ),
    ] = None
    proxies: Annotated[
        Annotated[str, Meta(pattern=r"^[0-9A-Fa-f:./]+( [0-9A-Fa-f:./]+)*\Z")] | None,
        Meta(
            description="The proxies whose `X-Forwarded-For`, `-Proto`, `-Host` and `-Prefix` count, by address or "
            "network, such as `127.0.0.1 10.0.0.0/8`; without it, nobody's."
        ),
    ] = None
    max_body_bytes: Annotated[
        int, Meta(ge=1024, le=1 << 30, description="The largest body of a request that is read.")
    ] = 1 << 20
    max_fhir_body_bytes: Annotated[
        int, Meta(ge=1024, le=1 << 30, description="How large a body below /fhir may be, such as a transaction.")
    ] = 16 << 20
    atlas_path: Annotated[_Text | None, Meta(description="A folder with further atlas versions, a folder each.")] = None
    atlas_version: Annotated[
        Annotated[str, Meta(pattern=r"^[0-9]+(\.[0-9]+)*\Z")] | None,
        Meta(description="The atlas version that new sessions take; without it, this release's."),
    ] = None
    snomed_licence: Annotated[
        bool,
        Meta(
            description="`true` where the operator holds a SNOMED CT Affiliate licence: "
            "without it, codes that need one are not shown."
        ),
    ] = False
    theme_file: Annotated[
        _Text | None, Meta(description="The clinic's own theme, a JSON file that `theme=own` draws with.")
    ] = None
    fonts: Annotated[
        _Text | None,
        Meta(
            description="A folder of TrueType and OpenType fonts for letters that PNG and PDF otherwise show as boxes."
        ),
    ] = None
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Meta(description="What is logged to standard error; `info` has a line for every request."),
    ] = "info"
    log_format: Annotated[
        Literal["auto", "json", "text"],
        Meta(
            description="`json` is one JSON object a line, `text` is for people; `auto` is `text` on a terminal only."
        ),
    ] = "auto"
    metrics: Annotated[
        Literal["admin", "open"],
        Meta(description="Who may read `/metrics`: a client with the scope `admin`, or anybody who reaches it."),
    ] = "admin"
    idle_seconds: Annotated[
        int,
        Meta(
            ge=1,
            le=3600,
            description="How long a connection is kept open for the next request; longer than proxies do.",
        ),
    ] = 75
    stop_seconds: Annotated[int, Meta(ge=1, le=3600, description="How long a stop waits for requests in progress.")] = (
        30
    )

    @classmethod
    def read(cls, mapping: Mapping[str, str]) -> "Settings":
        """Settings from `BODYMAP_*` keys. Raises Misconfigured for an unknown one, or for an invalid value.

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
            except msgspec.ValidationError:
                setting = next(each for each in described() if each.variable == key)
                raise Misconfigured(f"{key} is invalid: it takes {setting.values}. {setting.meaning}") from None
        return cls(**values)  # type: ignore[arg-type]  # each was converted to its field's type


class Setting(NamedTuple):
    """The description of a setting: the variable, its values and default in words, and its purpose."""

    variable: str
    values: str
    default: str
    meaning: str


def described() -> tuple[Setting, ...]:
    """Every setting, in the order in which it stands in `Settings`."""
    schema: dict[str, Any] = msgspec.json.schema(Settings)["$defs"]["Settings"]["properties"]
    return tuple(
        Setting(PREFIX + name.upper(), _values(row), _default(row.get("default")), row.get("description", ""))
        for name, row in schema.items()
    )


def _values(row: Mapping[str, Any]) -> str:
    """What may be set, read off the JSON Schema of the field."""
    [row] = [kind for kind in row.get("anyOf", [row]) if kind.get("type") != "null"]
    if "enum" in row:
        return ", ".join(row["enum"])
    if row["type"] == "boolean":
        return "true, false"
    if row["type"] == "integer":
        return f"{row['minimum']} to {row['maximum']}"
    return f"text of {row['minLength']} characters or more" if row.get("minLength", 1) > 1 else "text"


def _default(default: object) -> str:
    if default is None:
        return ""
    return str(default).lower() if isinstance(default, bool) else str(default)
