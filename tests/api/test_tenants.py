"""Tenants: of another's record nothing is seen, found, changed or learned; on every engine."""

import re
from collections.abc import Iterator

import httpx
import pytest
from msgspec import structs

from bodymap.api.operation import Operation
from bodymap.ids import new_id
from tests.api.house import OF_A_TENANT, SCOPED, SUBJECT, House, ask, housed, path_of, version
from tests.engines import BOTH, NewUrl

ENGINES = BOTH


@pytest.fixture(scope="module")
def house(new_url: NewUrl, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The service on an engine."""
    with housed(new_url(), tmp_path_factory.mktemp("house")) as found:
        yield found


def told(answer: httpx.Response, ids: dict[str, str]) -> tuple[int, list[tuple[str, str]], str]:
    """An answer less what belongs to the one exchange, with the ids that were asked for by their names."""
    own = ("date", "x-request-id")
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in own)
    text = answer.text.replace(answer.headers["x-request-id"], "request")
    for name, value in ids.items():
        text = text.replace(value, name)
    return answer.status_code, headers, text


def parameters_of(operation: Operation) -> set[str]:
    """The ids of a tenant that stand in the address of an operation."""
    return OF_A_TENANT & set(re.findall(r"{(\w+)}", operation.path))


@pytest.mark.parametrize(
    "operation",
    [operation for operation in SCOPED if parameters_of(operation)],
    ids=lambda operation: operation.id,
)
def test_another_tenant_s_id_is_one_that_is_not_there(house: House, operation: Operation) -> None:
    """For each id in an address the answer to another tenant's is, byte for byte, that to one that nobody has."""
    shown = {"Authorization": f"Bearer {house.keys['b']}"}
    own = house.client.post("/v1/sessions", json={}, headers=shown).json()["id"]
    before = version(house)
    for start in ({}, {"session_id": own}):
        asked = {name: house.ids[name] for name in parameters_of(operation)}
        # As long as theirs, with what follows the id in the names of resources.
        missing = {name: new_id() + there[36:] for name, there in asked.items()} | start
        theirs = asked | start
        if start and path_of(operation, missing) == path_of(operation, theirs):
            continue  # the session is its only id
        there = ask(house, operation, path_of(operation, theirs), house.keys["b"])
        nowhere = ask(house, operation, path_of(operation, missing), house.keys["b"])
        # PUT makes nothing under an id that a client chooses.
        assert there.status_code == nowhere.status_code == (405 if operation.id == "updateProcedure" else 404), (
            there.text
        )
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
