"""The table of operations: one row each, defined next to its handler.

Routes, the OpenAPI document, the scope that is checked and the reference page are made from these rows and from
nothing else.
"""

from bodymap.api import (
    atlas,
    audit,
    bulk,
    charts,
    clinic,
    comparison,
    courses,
    crosswalk,
    docs,
    education,
    flags,
    health,
    history,
    landmarks,
    legend,
    lifecycle,
    links,
    needle_path,
    patient_page,
    probe,
    re_resolution,
    region_detail,
    screening,
    sessions,
    start,
)
from bodymap.api.fhir import operations as fhir
from bodymap.api.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *atlas.OPERATIONS,
    *crosswalk.OPERATIONS,
    *atlas.REGIONS,
    *region_detail.OPERATIONS,
    *probe.OPERATIONS,
    *needle_path.OPERATIONS,
    *landmarks.OPERATIONS,
    *flags.OPERATIONS,
    *region_detail.AREAS_AND_REVIEWS,
    *atlas.PLATES,
    *education.OPERATIONS,
    *screening.OPERATIONS,
    *patient_page.OPERATIONS,
    *sessions.OPERATIONS,
    *lifecycle.OPERATIONS,
    *re_resolution.OPERATIONS,
    *history.OPERATIONS,
    *bulk.OPERATIONS,
    *audit.OPERATIONS,
    *clinic.OPERATIONS,
    *charts.OPERATIONS,
    *history.PICTURES,
    *charts.OF_WHAT_IS_POSTED,
    *links.OPERATIONS,
    *comparison.OPERATIONS,
    *legend.OPERATIONS,
    *courses.OPERATIONS,
    *start.OPERATIONS,
    *health.OPERATIONS,
    *docs.OPERATIONS,
    *fhir.OPERATIONS,
)
