"""The rows of the table for FHIR."""

from bodymap.api.fhir import metadata, reading

_ROWS = (*reading.OPERATIONS, *metadata.OPERATIONS)

OPERATIONS = (metadata.metadata_of(_ROWS), *_ROWS)
