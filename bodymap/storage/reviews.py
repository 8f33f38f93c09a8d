"""A clinic's reviews of trigger points: added, never changed."""

import msgspec

from bodymap.atlas.trigger_points import Review
from bodymap.storage.transaction import Transaction


def insert(tx: Transaction, tenant: str, review: Review) -> None:
    """Stores a review after those of the same entry."""
    tx.execute(
        "INSERT INTO trigger_point_review (tenant, entry, number, document) "
        "SELECT :tenant, :entry, 1 + count(*), :document FROM trigger_point_review "
        "WHERE tenant = :tenant AND entry = :entry",
        {"tenant": tenant, "entry": review.entry, "document": msgspec.json.encode(review)},
    )


def of_entry(tx: Transaction, tenant: str, entry: str) -> tuple[Review, ...]:
    """The tenant's reviews of an entry, oldest first."""
    rows = tx.execute(
        "SELECT document FROM trigger_point_review WHERE tenant = :tenant AND entry = :entry ORDER BY number",
        {"tenant": tenant, "entry": entry},
    )
    return tuple(msgspec.json.decode(document, type=Review) for (document,) in rows)
