"""The files of `schemas/`: JSON Schema of every public type, and the OpenAPI document."""

from bodymap.api import jsonschema
from bodymap.api.openapi import document, pretty
from bodymap.api.operations import OPERATIONS


def generate() -> dict[str, bytes]:
    """Every file by its name; the same bytes each time."""
    files = {f"{name}.json": pretty(schema) for name, schema in jsonschema.standalone(OPERATIONS).items()}
    return {"openapi.json": document(OPERATIONS), **files}
