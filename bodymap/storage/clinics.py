"""What clinics say of themselves: every version stays, the last one counts."""

import msgspec

from bodymap.charting.clinic import Clinic, RecordedClinic
from bodymap.storage.transaction import Transaction

UNSTATED = RecordedClinic(version=0)
"""The clinic of a tenant that has said nothing of itself."""


def of_tenant(tx: Transaction, tenant: str) -> RecordedClinic:
    """The tenant's clinic as it last described itself; `UNSTATED` where it never did."""
    rows = tx.execute(
        "SELECT version, document FROM clinic WHERE tenant = :tenant ORDER BY version DESC LIMIT 1", {"tenant": tenant}
    )
    for version, document in rows:
        clinic = msgspec.json.decode(document, type=Clinic)
        return RecordedClinic(**msgspec.structs.asdict(clinic), version=version)
    return UNSTATED


def insert(tx: Transaction, tenant: str, clinic: Clinic, version: int) -> RecordedClinic:
    """Stores the next version. Raises Conflict where it is there already."""
    tx.execute(
        "INSERT INTO clinic (tenant, version, document) VALUES (:tenant, :version, :document)",
        {"tenant": tenant, "version": version, "document": msgspec.json.encode(clinic)},
    )
    return RecordedClinic(**msgspec.structs.asdict(clinic), version=version)
