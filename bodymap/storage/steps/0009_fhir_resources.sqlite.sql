-- Resources of FHIR that are kept as they came, and of those that are a session's what the record has no home for.
CREATE TABLE fhir_resource (
    tenant TEXT NOT NULL,
    type TEXT NOT NULL,
    id TEXT NOT NULL,
    created_at TEXT NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (tenant, type, id)
) STRICT, WITHOUT ROWID;

-- By which a resource is created only once, and found. Those of sessions and placements stand with the sessions.
CREATE TABLE fhir_identifier (
    tenant TEXT NOT NULL,
    type TEXT NOT NULL,
    system TEXT NOT NULL,
    value TEXT NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (tenant, type, system, value)
) STRICT, WITHOUT ROWID;
