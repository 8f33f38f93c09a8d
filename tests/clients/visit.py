"""A visit with the client that openapi-python-client generates: posted, changed, found page by page, drawn."""

import json
import sys

from bodymap_client import Client
from bodymap_client.api.atlas import find_regions
from bodymap_client.api.charts import get_chart
from bodymap_client.api.sessions import create_session, find_sessions, patch_session
from bodymap_client.models import RegionList, SessionAnswer, SessionList, SessionPatch, SessionStatement

address, statement = sys.argv[1:]
client = Client(base_url=address)

posted = create_session.sync_detailed(client=client, body=SessionStatement.from_dict(json.loads(statement)))
assert isinstance(posted.parsed, SessionAnswer), posted.content
session = posted.parsed
assert session.summary.needles_charted == 9

changed = patch_session.sync_detailed(
    session.id, client=client, body=SessionPatch(pain_after=2.5), if_match=posted.headers["etag"]
)
assert isinstance(changed.parsed, SessionAnswer), changed.content
assert (changed.parsed.version, changed.parsed.pain_after) == (2, 2.5)

found: list[object] = []
cursor = None
while True:
    page = find_sessions.sync(client=client, limit=1, **({"cursor": cursor} if cursor else {}))
    assert isinstance(page, SessionList)
    found += [item.id for item in page.items]
    cursor = page.next_
    if cursor is None:
        break
assert session.id in found

regions = find_regions.sync(client=client, q="trapezius")
assert isinstance(regions, RegionList)

chart = get_chart.sync_detailed(session.id, client=client)
assert chart.parsed.payload.read().startswith(b"<svg"), chart.content[:80]
sys.stdout.write(str(len(found)))
