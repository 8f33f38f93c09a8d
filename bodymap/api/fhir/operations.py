"""The rows of the table for FHIR."""

from bodymap.api.fhir import creating, metadata, reading, searching, writing

_ROWS = (*reading.OPERATIONS, *writing.OPERATIONS, *creating.OPERATIONS, *searching.OPERATIONS, *metadata.OPERATIONS)

OPERATIONS = (metadata.metadata_of(_ROWS), *_ROWS)
