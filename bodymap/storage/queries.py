"""Searching sessions, and the cursors of their pages."""

import base64
import binascii
import hashlib
from datetime import datetime

import msgspec

from bodymap.charting.events import EVENT_CODES
from bodymap.charting.session import Session
from bodymap.charting.vocabulary import PerimeterSide, SessionStatus
from bodymap.errors import Complaint, Invalid
from bodymap.storage.transaction import Value
from bodymap.storage.utc_text import utc_text


class Wide(msgspec.Struct, frozen=True, kw_only=True):
    """Places of several regions: any of these regions, or any of these muscles where no region was stated."""

    regions: tuple[str, ...]
    muscles: tuple[str, ...]


class SessionQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Filters on sessions; everything that is given must hold.

    `identifier` is `system|value`, or only a value. `region`, `group`, `muscle` and `side` must hold of one and the
    same place of one placement; `group` and `muscle` are any of their regions, or of the muscles that stand in place of
    a region. `from_` is included, `to` is not; a session that says no start is taken by the time when it was recorded.
    `updated_since` is included. `limit` is at least 1.
    """

    subject: str | None = None
    performer: str | None = None
    encounter: str | None = None
    identifier: str | None = None
    region: str | None = None
    group: Wide | None = None
    muscle: Wide | None = None
    side: PerimeterSide | None = None
    flag: str | None = None
    event: str | None = None
    lot: str | None = None
    from_: datetime | None = None
    to: datetime | None = None
    status: SessionStatus | None = None
    updated_since: datetime | None = None
    limit: int = 50
    cursor: str | None = None


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Sessions, newest first, and the cursor of those that follow, or None."""

    items: tuple[Session, ...]
    next: str | None


class _Cursor(msgspec.Struct, array_like=True, forbid_unknown_fields=True, frozen=True):
    """The last session of a page, and the search that it belongs to."""

    search: str
    occurred_at: str
    id: str


def cursor_after(query: SessionQuery, occurred_at: str, session_id: str) -> str:
    """The cursor of what follows the given session in this search."""
    document = msgspec.json.encode(_Cursor(_search_of(query), occurred_at, session_id))
    return base64.urlsafe_b64encode(document).rstrip(b"=").decode()


def clauses(tenant: str, query: SessionQuery) -> tuple[str, str, dict[str, Value]]:
    """What to put after FROM, where `session AS s` is, and after WHERE, and the parameters.

    Raises `Invalid` for a cursor of something else.
    """
    asked: list[str] = ["s.tenant = :tenant"]
    parameters: dict[str, Value] = {"tenant": tenant}

    def ask(condition: str, **values: Value) -> None:
        asked.append(condition)
        parameters.update(values)

    if query.subject is not None:
        ask("s.subject = :subject", subject=query.subject)
    if query.performer is not None:
        ask("s.performer = :performer", performer=query.performer)
    if query.encounter is not None:
        ask("s.encounter = :encounter", encounter=query.encounter)
    if query.status is not None:
        ask("s.status = :status", status=query.status)
    if query.from_ is not None:
        ask("s.occurred_at >= :from_", from_=utc_text(query.from_))
    if query.to is not None:
        ask("s.occurred_at < :to", to=utc_text(query.to))
    if query.updated_since is not None:
        ask("s.updated_at >= :updated_since", updated_since=utc_text(query.updated_since))
    if query.flag is not None:
        ask(_found_in("session_flag", "flag = :flag"), flag=query.flag)
    if place := _place(query, parameters):
        ask(_found_in("session_place", place))
    if query.cursor is not None:
        cursor = _read(query.cursor, query)
        ask(
            "(s.occurred_at, s.id) < (:cursor_at, :cursor_id)",
            cursor_at=cursor.occurred_at,
            cursor_id=cursor.id,
        )
    few = _few(query, parameters)
    for number in range(len(few)):
        asked.append(f"s.id = few_{number}.session")
    source = "".join(
        f"(SELECT DISTINCT session FROM {each}) AS few_{number} CROSS JOIN " for number, each in enumerate(few)
    )
    return f"{source}session AS s", " AND ".join(asked), parameters


def _few(query: SessionQuery, parameters: dict[str, Value]) -> list[str]:
    """What leads to few sessions, to be found first.

    SQLite keeps the order of a CROSS JOIN; left to itself it walks all sessions in the order of the answer instead,
    and looks for each among the few.
    """
    few = []
    if query.identifier is not None:
        system, separator, value = query.identifier.partition("|")
        if separator:
            parameters.update(system=system, value=value)
            few.append("session_identifier WHERE tenant = :tenant AND system = :system AND value = :value")
        else:
            parameters.update(value=query.identifier)
            few.append("session_identifier WHERE tenant = :tenant AND value = :value")
    if query.lot is not None:
        parameters.update(lot=query.lot)
        few.append("session_lot WHERE tenant = :tenant AND lot = :lot")
    if query.event is not None:
        parameters.update(event=query.event)
        # What was kept in words before there were codes counts as `other`.
        codes = among("code", EVENT_CODES, parameters) if query.event == "other" else ""
        event = f"(event = :event OR NOT event {codes})" if codes else "event = :event"
        few.append(f"session_event WHERE tenant = :tenant AND {event}")
    return few


def among(name: str, values: tuple[str, ...], parameters: dict[str, Value]) -> str:
    """`IN (...)` over any number of values, which go into `parameters`; over none it is never true."""
    if not values:
        return "IN (NULL)"
    names = [f"{name}_{number}" for number in range(len(values))]
    parameters.update(zip(names, values, strict=True))
    return f"IN ({', '.join(f':{each}' for each in names)})"


def _place(query: SessionQuery, parameters: dict[str, Value]) -> str:
    asked: list[str] = []
    if query.region is not None:
        asked.append("region = :region")
        parameters["region"] = query.region
    for name, wide in (("group", query.group), ("muscle", query.muscle)):
        if wide is not None:
            regions = among(f"{name}_region", wide.regions, parameters)
            muscles = among(f"{name}_muscle", wide.muscles, parameters)
            asked.append(f"(region {regions} OR (region = '' AND muscle {muscles}))")
    if query.side is not None:
        asked.append("side = :side")
        parameters["side"] = query.side
    return " AND ".join(asked)


def _found_in(table: str, condition: str) -> str:
    return f"s.id IN (SELECT session FROM {table} WHERE tenant = :tenant AND {condition})"


def _search_of(query: SessionQuery) -> str:
    """Short for everything that is asked but where in the list, so that a cursor cannot go astray in another search."""
    asked = msgspec.structs.replace(query, cursor=None, limit=1)
    return hashlib.blake2s(msgspec.json.encode(asked), digest_size=8).hexdigest()


def _read(text: str, query: SessionQuery) -> _Cursor:
    try:
        padded = text.encode("ascii") + b"=" * (-len(text) % 4)
        cursor = msgspec.json.decode(base64.b64decode(padded, b"-_", validate=True), type=_Cursor)
    except (UnicodeError, binascii.Error, msgspec.MsgspecError) as error:
        raise _refusal("The cursor is not one that a list answered.") from error
    if cursor.search != _search_of(query):
        raise _refusal("The cursor belongs to another search. Repeat the search's own parameters with it.")
    return cursor


def _refusal(detail: str) -> Invalid:
    return Invalid([Complaint("?cursor", "cursor", detail)])
