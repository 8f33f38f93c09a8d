"""Deny by default: the table of operations crossed with everybody who may ask, and with tenants."""

import json
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import httpx
import pytest
from msgspec import structs
from starlette.applications import Starlette

from bodymap.api.endpoint import Endpoint
from bodymap.api.examples import EXAMPLES
from bodymap.api.operation import Operation
from bodymap.api.operations import OPERATIONS
from bodymap.app import create_app
from bodymap.atlas import load_atlas
from bodymap.ids import new_id
from bodymap.service import SCOPES, keys
from bodymap.storage.database import Database
from tests.api.conftest import serving, settings_in
from tests.api.issued import STRANGER, issuers_in, token

# What is open to everybody, and nothing else is. A route that is to be added here needs a good reason.
OPEN = {"getHealth", "getReadiness", "getOpenAPI", "getDocs", "getDocsFile"}
# Ids that belong to a tenant, and names that are everybody's. A path with another parameter is not known here.
OF_A_TENANT = {"session_id", "placement_id", "event_id", "link_id"}
EVERYBODYS = {
    "version": "1",
    "region_id": "trapezius-descending",
    "view": "posterior",
    "flag": "over-lung-field",
    "trigger_point_id": load_atlas().trigger_points.all[0].id,
    "file": "start.js",
}
SUBJECT = "Patient/of-a"

SCOPED = [operation for operation in OPERATIONS if operation.id not in OPEN]


class House(NamedTuple):
    """A service with two tenants: its client, keys by name, and ids of a record of tenant `a`."""

    client: httpx.Client
    app: Starlette
    keys: dict[str, str]
    ids: dict[str, str]
    href: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service that wants keys, with everybody who may ask."""
    folder = tmp_path_factory.mktemp("house")
    issuers = issuers_in(folder, tenant="a", grants=sorted(SCOPES))
    app = create_app(settings_in(folder, issuers_file=issuers))
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        made = keys_in(f"sqlite:///{folder / 'api.db'}")
        shown = {"headers": {"Authorization": f"Bearer {made['a']}"}}
        place = {"kind": "trigger_point", "region": "trapezius-descending", "side": "left"}
        body = {"subject": SUBJECT, "status": "completed", "placements": [place]}
        session = client.post("/v1/sessions", json=body, **shown).json()
        at = f"/v1/sessions/{session['id']}"
        event = client.post(f"{at}/events", json=EXAMPLES["addEvent"][0].body, **shown).json()
        link = client.post("/v1/links", json={"address": f"{at}/chart.svg"}, **shown).json()
        found = {
            "session_id": session["id"],
            "placement_id": session["placements"][0]["id"],
            "event_id": event["id"],
            "link_id": link["id"],
        }
        yield House(client, app, made, found, link["href"])


def keys_in(url: str) -> dict[str, str]:
    """Keys made beside the running service: of tenants a and b, with every scope and with each alone, and dead ones."""
    now = datetime.now(UTC)
    made: dict[str, str] = {}
    with Database.open(url, alone=False) as database:

        def key(name: str, tenant: str, *scopes: str, expires: datetime | None = None) -> str:
            kept, made[name] = database.write_now(lambda tx: keys.create(tx, tenant, scopes, name, now, expires))
            return kept.id

        key("a", "a", *sorted(SCOPES))
        key("b", "b", *sorted(SCOPES))
        key("later", "a", *sorted(SCOPES), expires=now + timedelta(hours=1))
        for scope in SCOPES:
            key(scope, "a", scope)
        key("expired", "a", *sorted(SCOPES), expires=now - timedelta(seconds=1))
        revoked = key("revoked", "a", *sorted(SCOPES))
        database.write_now(lambda tx: keys.revoke(tx, revoked, now))
        rotated = key("rotated", "a", *sorted(SCOPES))
        _, made["rotated to"] = database.write_now(lambda tx: keys.rotate(tx, rotated, now, None))
        graced = key("graced", "a", *sorted(SCOPES))
        later = now + timedelta(hours=1)
        _, made["graced to"] = database.write_now(lambda tx: keys.rotate(tx, graced, later, None))
    return made


def path_of(operation: Operation, ids: dict[str, str]) -> str:
    """The address of an operation with these ids in it. A parameter that nobody classed above fails here."""
    return operation.path.format(**ids, **EVERYBODYS)


def ask(house: House, operation: Operation, path: str, shown: Any, **changed: Any) -> httpx.Response:
    """The operation asked for as its example says, with a credential or without."""
    [example, *_] = EXAMPLES.get(operation.id, ()) or [None]
    body = changed.pop("body", example.body if example else None)
    headers = {"If-Match": "*"} if operation.versioned else {}
    if operation.body_media_types:
        headers["Content-Type"] = operation.body_media_types[0]
    if shown is not None:
        headers["Authorization"] = shown if " " in shown else f"Bearer {shown}"
    content = json.dumps(body).encode() if operation.body_media_types else None
    query = changed.pop("query", example.query if example else {})
    return house.client.request(operation.method, path, params=query, headers=headers, content=content, **changed)


def version(house: House) -> str:
    """The version of tenant a's session."""
    shown = {"Authorization": f"Bearer {house.keys['a']}"}
    return str(house.client.get(f"/v1/sessions/{house.ids['session_id']}", headers=shown).headers["etag"])


def test_nothing_is_served_beside_the_table(house: House) -> None:
    """Every route is an address of the table: one that is added by another way has not been thought about."""
    served = {getattr(route, "path", route) for route in house.app.routes}
    assert served == {operation.path for operation in OPERATIONS}
    assert all(isinstance(getattr(route, "endpoint", None), Endpoint) for route in house.app.routes)
    assert {operation.id for operation in OPERATIONS if operation.scope is None} == OPEN


@pytest.mark.parametrize("operation", SCOPED, ids=lambda operation: operation.id)
def test_who_may_not_is_told_so_and_has_changed_nothing(house: House, operation: Operation) -> None:
    """Without a credential, or with one that is not taken (any more), 401; with any scope but the right one, 403."""
    path = path_of(operation, house.ids)
    before = version(house)
    key = house.keys["a"]
    link = httpx.URL(house.href).params["link"]
    strangers = {
        "nothing": None,
        "expired": house.keys["expired"],
        "revoked": house.keys["revoked"],
        "rotated": house.keys["rotated"],
        "made up": f"{key[:-4]}aaaa",
        "cut": key[:-1],
        "longer": f"{key}a",
        "upper case": key.upper(),
        "another's secret": key[:20] + house.keys["b"][20:],
        "basic": f"Basic {key}",
        "nameless": f"Token {key}",
        "a stranger's token": token(STRANGER),
        "an old token": token(exp=int(time.time()) - 300),
        "a link": link,
    }
    for name, shown in strangers.items():
        answer = ask(house, operation, path, shown)
        assert answer.status_code == 401, (name, answer.text)
        assert answer.json()["type"] == "urn:bodymap:problem:unauthenticated"
        assert answer.headers["www-authenticate"].startswith('Bearer realm="bodymap"')
        assert ("error=" in answer.headers["www-authenticate"]) == (shown is not None)
        assert key not in answer.text
    if not operation.linkable:
        answer = ask(house, operation, path, None, query={"link": link})
        assert answer.status_code == 401, "a link opens nothing but its chart"
    for scope in SCOPES - {operation.scope}:
        for shown in (house.keys[scope], token(scope=scope)):
            answer = ask(house, operation, path, shown)
            assert answer.status_code == 403, (scope, answer.text)
            assert answer.json()["scope"] == operation.scope
            assert f'error="insufficient_scope", scope="{operation.scope}"' in answer.headers["www-authenticate"]
    assert version(house) == before


@pytest.mark.parametrize("operation", SCOPED, ids=lambda operation: operation.id)
def test_who_may_is_let_in(house: House, operation: Operation) -> None:
    """The one scope is enough, on a key or a token, also on a key that ends later or took another's place."""
    scope = str(operation.scope)
    missing = {name: new_id() for name in OF_A_TENANT}  # so that nothing is signed or voided for the next test
    for name in (scope, "later", "rotated to", "graced", "graced to"):
        answer = ask(house, operation, path_of(operation, missing), house.keys[name])
        assert answer.status_code not in (401, 403), (name, answer.text)
    answer = ask(house, operation, path_of(operation, missing), token(scope=scope))
    assert answer.status_code not in (401, 403), answer.text


@pytest.mark.parametrize(
    "operation", [operation for operation in OPERATIONS if operation.id in OPEN], ids=lambda operation: operation.id
)
def test_what_is_open_is_open_to_everybody(house: House, operation: Operation) -> None:
    """No credential is asked for, and a bad one is not looked at."""
    for shown in (None, "nonsense", house.keys["revoked"]):
        assert ask(house, operation, path_of(operation, house.ids), shown).status_code == 200


def told(answer: httpx.Response, ids: dict[str, str]) -> tuple[int, list[tuple[str, str]], str]:
    """An answer less what belongs to the one exchange, with the ids that were asked for by their names."""
    own = ("date", "x-request-id")
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in own)
    text = answer.text.replace(answer.headers["x-request-id"], "request")
    for name, value in ids.items():
        text = text.replace(value, name)
    return answer.status_code, headers, text


@pytest.mark.parametrize(
    "operation",
    [operation for operation in SCOPED if OF_A_TENANT & set(re.findall(r"{(\w+)}", operation.path))],
    ids=lambda operation: operation.id,
)
def test_another_tenant_s_id_is_one_that_is_not_there(house: House, operation: Operation) -> None:
    """For each id in an address the answer to another tenant's is, byte for byte, that to one that nobody has."""
    shown = {"Authorization": f"Bearer {house.keys['b']}"}
    own = house.client.post("/v1/sessions", json={}, headers=shown).json()["id"]
    before = version(house)
    for start in ({}, {"session_id": own}):
        missing = {name: new_id() for name in OF_A_TENANT} | start
        theirs = house.ids | start
        if start and path_of(operation, missing) == path_of(operation, theirs):
            continue  # the session is its only id
        there = ask(house, operation, path_of(operation, theirs), house.keys["b"])
        nowhere = ask(house, operation, path_of(operation, missing), house.keys["b"])
        assert there.status_code == nowhere.status_code == 404, there.text
        assert told(there, theirs) == told(nowhere, missing)
    assert version(house) == before


BY_QUERY = [
    (operation, name)
    for operation in SCOPED
    if operation.query is not None
    for name in ("sessions", "session", "subject", "identifier", "encounter", "performer", "lot", "client")
    if name in {field.encode_name for field in structs.fields(operation.query)}
    # That somebody asked for another tenant's session does stand in their own audit.
    and (operation.id, name) != ("findAuditEntries", "session")
]


@pytest.mark.parametrize(("operation", "name"), BY_QUERY, ids=lambda value: getattr(value, "id", value))
def test_nothing_of_another_tenant_is_found(
    house: House, client: httpx.Client, operation: Operation, name: str
) -> None:
    """What is asked by a query for another tenant's is answered as by a service on which nobody has it."""
    theirs = {"sessions": house.ids["session_id"], "session": house.ids["session_id"], "subject": SUBJECT}
    asked = theirs.get(name, "Thing/of-a")
    answers = []
    for asking, shown in ((house.client, {"Authorization": f"Bearer {house.keys['b']}"}), (client, {})):
        own = asking.post("/v1/sessions", json={}, headers=shown).json()["id"]
        query = {name: f"{own},{asked}" if name == "sessions" else asked}
        answer = asking.request(operation.method, operation.path, params=query, headers=shown)
        assert answer.status_code in (200, 404, 422), answer.text
        answers.append(told(answer, {"own": own}))
    assert answers[0] == answers[1]


def test_nothing_of_another_tenant_is_copied_or_linked(house: House) -> None:
    """An id in a body is no way around: the complaint is that of an id that is not there."""
    shown = {"Authorization": f"Bearer {house.keys['b']}"}
    missing = new_id()
    for path, body in (
        ("/v1/sessions", '{"copy_of": "%s"}'),
        ("/v1/links", '{"address": "/v1/sessions/%s/chart.svg"}'),
    ):
        answers = [
            told(
                house.client.post(path, content=body % asked, headers={**shown, "Content-Type": "application/json"}),
                {"asked": asked},
            )
            for asked in (house.ids["session_id"], missing)
        ]
        assert answers[0] == answers[1]
        assert answers[0][0] == 422


def test_several_credentials_are_none(house: House) -> None:
    """Two headers, or two in one, name nobody; a key in the address is no credential and is refused as an option."""
    key = house.keys["a"]
    for headers in (
        [("Authorization", f"Bearer {key}"), ("Authorization", f"Bearer {key}")],
        [("Authorization", f"Bearer {key}, Bearer {key}")],
        [("Authorization", f"Bearer {key} {key}")],
        [("Authorization", key)],
    ):
        assert house.client.get("/v1/sessions", headers=headers).status_code == 401
    assert house.client.get("/v1/sessions", params={"access_token": key}).status_code == 401
    assert house.client.get("/v1/sessions", headers={"Authorization": f"bearer {key}"}).status_code == 200
