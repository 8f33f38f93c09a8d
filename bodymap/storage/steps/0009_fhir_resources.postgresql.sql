-- Resources of FHIR that are kept as they came, and of those that are a session's what the record has no home for.
CREATE TABLE fhir_resource (
    tenant TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL,
    document BYTEA NOT NULL,
    PRIMARY KEY (tenant, type, id)
);

-- By which a resource is created only once, and found. Those of sessions and placements stand with the sessions.
CREATE TABLE fhir_identifier (
    tenant TEXT COLLATE "C" NOT NULL,
    type TEXT COLLATE "C" NOT NULL,
    system TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, type, system, value)
);
