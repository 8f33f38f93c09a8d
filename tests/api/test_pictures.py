"""What every picture has in common, whichever operation draws it."""

import asyncio

import httpx
import pytest
from starlette.responses import Response
from starlette.types import Message

from bodymap.api.http.security_headers import PICTURES, Envelope
from bodymap.api.operation import PDF, PNG, SVG, TEXT, Operation
from bodymap.api.operations import OPERATIONS

POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
POINT = {"kind": "trigger_point", "view": "posterior", "at": [290, 290]}
OF_SVG = [row for row in OPERATIONS if SVG in row.media_types]


@pytest.mark.parametrize("row", OF_SVG, ids=lambda row: row.id)
def test_every_svg_carries_its_policy(client: httpx.Client, row: Operation) -> None:
    """Each operation that can answer with an SVG sends it, and says that it has not changed, under the policy that lets
    nothing in it run; and any page may show it.
    """
    made = [client.post("/v1/sessions", json={"subject": "Patient/p", "placements": [POINT]}).json() for _ in range(2)]
    values = {"sessions": ",".join(session["id"] for session in made), "subject": "Patient/p"}
    fields = row.query.__struct_fields__ if row.query else ()
    query = {name: value for name, value in values.items() if name in fields}
    path = row.path.format(session_id=made[0]["id"], version=1, view="posterior", binary=f"{made[0]['id']}-chart-1")
    body = {"placements": [POINT]} if row.method == "POST" else None
    answer = client.request(row.method, path, params=query, json=body, headers={"Accept": SVG})
    assert (answer.status_code, answer.headers["content-type"]) == (200, SVG)
    answers = [answer]
    if "etag" in answer.headers:
        answers.append(client.get(path, params=query, headers={"If-None-Match": answer.headers["etag"]}))
        assert answers[1].status_code == 304
    for each in answers:
        assert each.headers["content-security-policy"] == POLICY
        assert each.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize("media_type", [SVG, "IMAGE/SVG+XML; charset=utf-8", PNG, PDF, TEXT])
def test_a_picture_has_its_policy_whoever_sends_it(media_type: str) -> None:
    """The policy follows from the media type: what forgets it, or sets another, still sends it."""
    headers = {"Content-Security-Policy": "script-src *"}
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    rogue = Envelope(Response(b"<svg/>", headers=headers, media_type=media_type), new_id=lambda: "1")
    asyncio.run(rogue({"type": "http", "method": "GET", "scheme": "http"}, receive, send))
    policies = [value for name, value in sent[0]["headers"] if name == b"content-security-policy"]
    assert policies == [POLICY.encode()]


def test_the_policy_is_of_everything_that_is_drawn() -> None:
    """What the rows of the charts come as is what the policy knows."""
    drawn = {kind.partition(";")[0] for row in OPERATIONS if row.tag == "Charts" for kind in row.media_types}
    assert drawn - {"application/json"} == PICTURES
