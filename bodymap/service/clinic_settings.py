"""What a clinic has set, stored with each version of a session, so that a record says what was set then."""

from msgspec import structs

from bodymap.charting.flags import limits_beside
from bodymap.charting.session import Session, flags_raised
from bodymap.storage import clinics, limits
from bodymap.storage.transaction import Transaction


def with_settings(tx: Transaction, tenant: str, session: Session) -> Session:
    """The session with its clinic's current limits for the flags that are raised in it, and with the way in which it
    counts a muscle on both sides."""
    raised = flags_raised(session)
    current = limits_beside(raised, limits.of_tenant(tx, tenant).values()) if raised else ()
    return structs.replace(session, limits=current, count_sides=clinics.of_tenant(tx, tenant).count_sides or "once")
