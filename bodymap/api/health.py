"""Health of the service: liveness, readiness, metrics."""

from datetime import timedelta
from logging import getLogger
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from bodymap import __version__
from bodymap.api.metrics import MEDIA_TYPE
from bodymap.api.operation import Answer, Call, Operation
from bodymap.errors import StorageUnavailable
from bodymap.storage import readiness
from bodymap.storage.transaction import Transaction

CLOCK_SLACK = timedelta(seconds=60)

_log = getLogger("bodymap.api")


class Health(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """That the process answers, and which release it is. `notes` name problems that should be solved while it
    serves."""

    status: Annotated[Literal["ok"], Meta(description="That the process answers.")]
    version: Annotated[str, Meta(description="The release that is running.")]
    notes: Annotated[tuple[str, ...], Meta(description="Problems that should be solved while it serves.")] = ()


def get_health(call: Call, _: Any) -> Answer:
    """Liveness: nothing else is checked."""
    return _health()


def get_readiness(call: Call, tx: Transaction) -> Answer:
    """Readiness: a write to the database succeeded just now, and no damage was found since the start.

    What the last `bodymap audit verify` found, and a clock that went backwards, are only noted: versions are ordered by
    their numbers, and the times of a record never go back.
    """
    if call.backend.database.damage is not None:
        raise StorageUnavailable(call.backend.database.damage)
    now = call.backend.now()
    readiness.beat(tx, now)
    notes = []
    look = call.backend.looks.last(tx)
    if look is not None and look.found:
        what = f"{look.found} problem{'' if look.found == 1 else 's'}"
        notes.append(f"On {look.at:%Y-%m-%d at %H:%M} UTC `bodymap audit verify` found {what}.")
    newest = readiness.newest(tx)
    if newest is not None and newest - now >= CLOCK_SLACK:
        behind = (newest - now).total_seconds()
        notes.append(f"The clock is {behind:.0f} s behind the newest answer on record: set it right.")
    for note in notes:
        _log.warning(note)
    return _health(*notes)


def get_metrics(call: Call, _: Any) -> Answer:
    """The metrics of this process."""
    return Answer(body=call.backend.metrics.text, media_type=MEDIA_TYPE)


def _health(*notes: str) -> Answer:
    return Answer(body=msgspec.json.encode(Health(status="ok", version=__version__, notes=notes)))


OPERATIONS = (
    Operation(
        method="GET",
        path="/healthz",
        id="getHealth",
        tag="Service",
        summary="Whether the process is alive",
        handler=get_health,
        quick=True,
        scope=None,
        result=Health,
    ),
    Operation(
        method="GET",
        path="/readyz",
        id="getReadiness",
        tag="Service",
        summary="Whether the service is ready: its database accepts writes",
        detail="Tested by a write. `notes` name problems that should be solved while it serves.",
        handler=get_readiness,
        scope=None,
        access="write",
        result=Health,
    ),
    Operation(
        method="GET",
        path="/metrics",
        id="getMetrics",
        tag="Service",
        summary="Figures of the service, for Prometheus",
        detail="By operation, never by address; nothing of any patient. `BODYMAP_METRICS=open` removes the need for "
        "the scope.",
        handler=get_metrics,
        quick=True,
        scope="admin",
        media_types=(MEDIA_TYPE,),
    ),
)
