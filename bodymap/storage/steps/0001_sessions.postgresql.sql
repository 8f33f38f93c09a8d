-- Times in columns are UTC text of one width, so that they compare as text; a document keeps the offset that came.
-- Text is compared byte by byte, as on SQLite, whatever the database's own collation.

CREATE TABLE migration (
    number BIGINT PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    applied_at TEXT COLLATE "C" NOT NULL
);

-- The head of a session: its current version, and the columns that a search asks for.
CREATE TABLE session (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1),
    status TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C",
    encounter TEXT COLLATE "C",
    performer TEXT COLLATE "C",
    started_at TEXT COLLATE "C",
    occurred_at TEXT COLLATE "C" NOT NULL, -- started_at, or created_at where nobody said
    created_at TEXT COLLATE "C" NOT NULL,
    updated_at TEXT COLLATE "C" NOT NULL,
    atlas TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE INDEX session_by_time ON session (tenant, occurred_at, id);
CREATE INDEX session_by_subject ON session (tenant, subject, occurred_at, id);
CREATE INDEX session_by_performer ON session (tenant, performer, occurred_at, id);
CREATE INDEX session_by_encounter ON session (tenant, encounter, occurred_at, id);
CREATE INDEX session_by_status ON session (tenant, status, occurred_at, id);
CREATE INDEX session_by_update ON session (tenant, updated_at);

-- Every version's header, for good: the session as JSON without its placements.
CREATE TABLE session_version (
    tenant TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1),
    recorded_at TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, session, version),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id)
);

-- A row holds from `version` until `superseded`; null: it still holds. Numbers are never reused in a session.
CREATE TABLE placement (
    tenant TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL CHECK (number >= 1),
    version BIGINT NOT NULL,
    superseded BIGINT CHECK (superseded > version),
    id TEXT COLLATE "C" NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, session, number, version),
    FOREIGN KEY (tenant, session, version) REFERENCES session_version (tenant, session, version),
    FOREIGN KEY (tenant, session, superseded) REFERENCES session_version (tenant, session, version)
);

CREATE UNIQUE INDEX placement_held ON placement (tenant, session, number) WHERE superseded IS NULL;

-- What the current version can be found by. All of it follows from the documents.
CREATE TABLE session_identifier (
    tenant TEXT COLLATE "C" NOT NULL,
    system TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, system, value),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id)
);

CREATE INDEX session_identifier_by_value ON session_identifier (tenant, value, session);

-- Region, muscle and side of one and the same place; '' where there is none.
CREATE TABLE session_place (
    tenant TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    region TEXT COLLATE "C" NOT NULL,
    muscle TEXT COLLATE "C" NOT NULL,
    side TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, session, region, muscle, side),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id)
);

CREATE INDEX session_place_by_region ON session_place (tenant, region, side, session);
CREATE INDEX session_place_by_muscle ON session_place (tenant, muscle, side, session);

CREATE TABLE session_flag (
    tenant TEXT COLLATE "C" NOT NULL,
    flag TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, flag, session),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id)
);

CREATE TABLE session_lot (
    tenant TEXT COLLATE "C" NOT NULL,
    lot TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, lot, session),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id)
);

-- The answer that was given for an idempotency key, written with the data that it speaks of.
CREATE TABLE receipt (
    tenant TEXT COLLATE "C" NOT NULL,
    client TEXT COLLATE "C" NOT NULL,
    key TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL,
    headers TEXT COLLATE "C" NOT NULL,
    body BYTEA NOT NULL,
    created_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, client, key)
);

CREATE INDEX receipt_by_age ON receipt (created_at);
