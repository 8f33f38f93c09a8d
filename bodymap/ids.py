"""Identifiers and the clock, so that everything above can be handed both."""

from datetime import UTC, datetime

import uuid_utils


def new_id() -> str:
    """A UUIDv7 (RFC 9562) in its usual text form: identifiers made later sort later."""
    return str(uuid_utils.uuid7())


def now() -> datetime:
    """The present moment, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)
