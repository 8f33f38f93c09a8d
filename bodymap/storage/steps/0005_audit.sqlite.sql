-- Who read, wrote or was refused what. Rows are only ever added, numbered from 1 in each tenant without a gap; `mac` is
-- taken over the one before and over everything else in the row, with the key that `key_id` names.
CREATE TABLE audit_entry (
    tenant TEXT NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 1),
    at TEXT NOT NULL,
    action TEXT NOT NULL,
    outcome TEXT NOT NULL,
    problem TEXT,
    status INTEGER,
    operation TEXT NOT NULL,
    client TEXT NOT NULL,
    name TEXT,
    address TEXT,
    request TEXT,
    sessions TEXT NOT NULL, -- ids, as a JSON list
    version INTEGER,
    about TEXT, -- the id of what else it was about, such as an API key
    digest TEXT, -- SHA-256 of what the version holds that it made, in hexadecimal
    key_id TEXT NOT NULL,
    mac BLOB NOT NULL,
    PRIMARY KEY (tenant, number)
) STRICT;

-- The last entry of each tenant, sealed: without the key nobody can make an earlier one the last.
CREATE TABLE audit_head (
    tenant TEXT NOT NULL,
    number INTEGER NOT NULL,
    mac BLOB NOT NULL,
    key_id TEXT NOT NULL,
    seal BLOB NOT NULL,
    PRIMARY KEY (tenant)
) STRICT;

CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'an entry of the audit is never erased'); END;
CREATE TRIGGER audit_entry_stays_as_it_is BEFORE UPDATE ON audit_entry
BEGIN SELECT RAISE(ABORT, 'an entry of the audit is never changed'); END;
