-- Times in columns are UTC text of one width, so that they compare as text; a document keeps the offset that came.
-- Tables with documents keep their rowid: WITHOUT ROWID serves narrow rows only.

CREATE TABLE migration (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    applied_at TEXT NOT NULL
) STRICT;

-- The head of a session: its current version, and the columns that a search asks for.
CREATE TABLE session (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    status TEXT NOT NULL,
    subject TEXT,
    encounter TEXT,
    performer TEXT,
    started_at TEXT,
    occurred_at TEXT NOT NULL, -- started_at, or created_at where nobody said
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    atlas TEXT NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;

CREATE INDEX session_by_time ON session (tenant, occurred_at, id);
CREATE INDEX session_by_subject ON session (tenant, subject, occurred_at, id);
CREATE INDEX session_by_performer ON session (tenant, performer, occurred_at, id);
CREATE INDEX session_by_encounter ON session (tenant, encounter, occurred_at, id);
CREATE INDEX session_by_status ON session (tenant, status, occurred_at, id);
CREATE INDEX session_by_update ON session (tenant, updated_at);

-- Every version's header, for good: the session as JSON without its placements.
CREATE TABLE session_version (
    tenant TEXT NOT NULL,
    session TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version >= 1),
    recorded_at TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant, session, version),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id)
) STRICT;

-- A row holds from `version` until `superseded`; null: it still holds. Numbers are never reused in a session.
CREATE TABLE placement (
    tenant TEXT NOT NULL,
    session TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 1),
    version INTEGER NOT NULL,
    superseded INTEGER CHECK (superseded > version),
    id TEXT NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (tenant, session, number, version),
    FOREIGN KEY (tenant, session, version) REFERENCES session_version (tenant, session, version),
    FOREIGN KEY (tenant, session, superseded) REFERENCES session_version (tenant, session, version)
) STRICT;

CREATE UNIQUE INDEX placement_held ON placement (tenant, session, number) WHERE superseded IS NULL;

-- What the current version can be found by. All of it follows from the documents.
CREATE TABLE session_identifier (
    tenant TEXT NOT NULL,
    system TEXT NOT NULL,
    value TEXT NOT NULL,
    session TEXT NOT NULL,
    PRIMARY KEY (tenant, system, value),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_identifier_by_value ON session_identifier (tenant, value, session);

-- Region, muscle and side of one and the same place; '' where there is none.
CREATE TABLE session_place (
    tenant TEXT NOT NULL,
    session TEXT NOT NULL,
    region TEXT NOT NULL,
    muscle TEXT NOT NULL,
    side TEXT NOT NULL,
    PRIMARY KEY (tenant, session, region, muscle, side),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX session_place_by_region ON session_place (tenant, region, side, session);
CREATE INDEX session_place_by_muscle ON session_place (tenant, muscle, side, session);

CREATE TABLE session_flag (
    tenant TEXT NOT NULL,
    flag TEXT NOT NULL,
    session TEXT NOT NULL,
    PRIMARY KEY (tenant, flag, session),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE session_lot (
    tenant TEXT NOT NULL,
    lot TEXT NOT NULL,
    session TEXT NOT NULL,
    PRIMARY KEY (tenant, lot, session),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id)
) STRICT, WITHOUT ROWID;

-- The answer that was given for an idempotency key, written with the data that it speaks of.
CREATE TABLE receipt (
    tenant TEXT NOT NULL,
    client TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,
    body BLOB NOT NULL,
    created_at TEXT NOT NULL,
    PRIMARY KEY (tenant, client, key)
) STRICT;

CREATE INDEX receipt_by_age ON receipt (created_at);
