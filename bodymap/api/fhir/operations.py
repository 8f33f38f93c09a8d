"""The rows of the table for FHIR."""

from bodymap.api.fhir import creating, metadata, reading, searching, updating, validating, writing

_ROWS = (
    *reading.OPERATIONS,
    *writing.OPERATIONS,
    *creating.OPERATIONS,
    *updating.OPERATIONS,
    *searching.OPERATIONS,
    *validating.OPERATIONS,
    *metadata.OPERATIONS,
)

OPERATIONS = (metadata.metadata_of(_ROWS), *_ROWS)
