"""What Schemathesis must be told: how lines of JSON are sent. It does not look at those that come back."""

import json
from typing import Any

import schemathesis


@schemathesis.serializer("application/x-ndjson", "application/ndjson", "application/jsonl")
def write(context: Any, value: Any) -> bytes:
    """A body of one line, or of one for each value of a list."""
    return "\n".join(json.dumps(line) for line in (value if isinstance(value, list) else [value])).encode()
