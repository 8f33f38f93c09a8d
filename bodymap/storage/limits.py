"""What a clinic has set for flags, in its own words: added, never changed, and the last of a flag counts."""

import msgspec

from bodymap.charting.flags import ClinicLimit
from bodymap.storage.transaction import Transaction


def insert(tx: Transaction, tenant: str, limit: ClinicLimit) -> None:
    """Stores a limit after the earlier ones of its flag."""
    tx.execute(
        "INSERT INTO clinic_limit (tenant, flag, number, document) "
        "SELECT :tenant, :flag, 1 + count(*), :document FROM clinic_limit WHERE tenant = :tenant AND flag = :flag",
        {"tenant": tenant, "flag": limit.flag, "document": msgspec.json.encode(limit)},
    )


def of_tenant(tx: Transaction, tenant: str) -> dict[str, ClinicLimit]:
    """The tenant's limits in force, by flag. One with an empty text was withdrawn and is left out."""
    rows = tx.execute(
        "SELECT document FROM clinic_limit WHERE tenant = :tenant ORDER BY flag, number", {"tenant": tenant}
    )
    limits = [msgspec.json.decode(document, type=ClinicLimit) for (document,) in rows]
    return {limit.flag: limit for limit in {limit.flag: limit for limit in limits}.values() if limit.text}
