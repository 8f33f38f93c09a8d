"""Deny by default: the table of operations crossed with everybody who may ask."""

import time
from collections.abc import Iterator

import httpx
import pytest

from bodymap.api.endpoint import Endpoint
from bodymap.api.operation import Operation
from bodymap.api.operations import OPERATIONS
from bodymap.ids import new_id
from bodymap.service import SCOPES
from tests.api.house import OF_A_TENANT, OPEN, SCOPE_OF, SCOPED, House, ask, housed, path_of, version
from tests.api.issued import STRANGER, token


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The service."""
    folder = tmp_path_factory.mktemp("house")
    with housed(f"sqlite:///{folder / 'api.db'}", folder) as found:
        yield found


def test_nothing_is_served_beside_the_table(house: House) -> None:
    """Every route is an address of the table: one that is added by another way has not been thought about."""
    served = {getattr(route, "path", route) for route in house.app.routes}
    assert served == {operation.path for operation in OPERATIONS}
    assert all(isinstance(getattr(route, "endpoint", None), Endpoint) for route in house.app.routes)
    assert {operation.id for operation in OPERATIONS if operation.scope is None} == OPEN


def test_every_operation_asks_for_the_scope_that_is_written_down() -> None:
    """A scope that changes in the table changes here as well, or it was an accident."""
    assert {operation.id: operation.scope for operation in SCOPED} == SCOPE_OF


def code_of(answer: httpx.Response) -> str:
    """Which problem an answer tells of: the type of a problem, or the code of an OperationOutcome's issue."""
    body = answer.json()
    return str(body["issue"][0]["code"] if body.get("resourceType") == "OperationOutcome" else body["type"])


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
    if operation.anonymous:
        strangers.pop("nothing")
        assert ask(house, operation, path, None).status_code == 200
    for name, shown in strangers.items():
        answer = ask(house, operation, path, shown)
        assert answer.status_code == 401, (name, answer.text)
        assert code_of(answer) in ("urn:bodymap:problem:unauthenticated", "login")
        assert answer.headers["www-authenticate"].startswith('Bearer realm="bodymap"')
        assert ("error=" in answer.headers["www-authenticate"]) == (shown is not None)
        assert key not in answer.text
    if not operation.linkable and not operation.anonymous:
        answer = ask(house, operation, path, None, query={"link": link})
        assert answer.status_code == 401, "a link opens nothing but its chart"
    needed = SCOPE_OF[operation.id]
    for scope in SCOPES - {needed}:
        for shown in (house.keys[scope], token(scope=scope)):
            answer = ask(house, operation, path, shown)
            assert answer.status_code == 403, (scope, answer.text)
            assert answer.json().get("scope") == needed or code_of(answer) == "forbidden"
            assert f'error="insufficient_scope", scope="{needed}"' in answer.headers["www-authenticate"]
            unacceptable = ask(house, operation, path, shown, accept="image/x-none")
            assert unacceptable.status_code == 403, "formats are not discussed with a client that may not ask"
    assert version(house) == before


@pytest.mark.parametrize("operation", SCOPED, ids=lambda operation: operation.id)
def test_who_may_is_let_in(house: House, operation: Operation) -> None:
    """The one scope is enough, on a key or a token, also on a key that ends later or took another's place."""
    scope = SCOPE_OF[operation.id]
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


VERSIONED = {
    "patchSession",
    "patchPlacement",
    "deletePlacement",
    "completeSession",
    "signSession",
    "amendSession",
    "voidSession",
    "reResolveSession",
}


@pytest.mark.parametrize("operation", [row for row in SCOPED if row.id in VERSIONED], ids=lambda row: row.id)
def test_a_change_names_the_version_that_it_changes(house: House, operation: Operation) -> None:
    """Without If-Match 428, with another version's 412, and nothing has changed; this holds for every change."""
    path, key, before = path_of(operation, house.ids), house.keys["a"], version(house)
    assert ask(house, operation, path, key, if_match=None).status_code == 428
    for other in ('"0"', '"99"', f'"1{before[1:]}'):
        answer = ask(house, operation, path, key, if_match=other)
        assert answer.status_code == 412, answer.text
        assert answer.json()["type"] == "urn:bodymap:problem:stale"
    assert version(house) == before


def test_every_change_of_a_record_names_its_version() -> None:
    """What changes an existing session or placement is in the list above; additions and links are not."""
    changes = {row.id for row in SCOPED if "{session_id}" in row.path and row.access == "write"}
    assert changes - {"addPlacement", "addEvent"} == VERSIONED
    assert {row.id for row in SCOPED if row.versioned} == VERSIONED | {"putTenant"}
