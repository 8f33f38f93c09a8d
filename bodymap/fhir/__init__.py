"""A session and its FHIR R4 form: two views of one record, as pure functions both ways.

A session comes and goes as the JSON that the native API has; resources as plain JSON values. Nothing here reads a
request or a database.
"""
