-- Who read, wrote or was refused what. Rows are only ever added, numbered from 1 in each tenant without a gap; `mac` is
-- taken over the one before and over everything else in the row, with the key that `key_id` names.
CREATE TABLE audit_entry (
    tenant TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL CHECK (number >= 1),
    at TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    outcome TEXT COLLATE "C" NOT NULL,
    problem TEXT COLLATE "C",
    status BIGINT,
    operation TEXT COLLATE "C" NOT NULL,
    client TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C",
    address TEXT COLLATE "C",
    request TEXT COLLATE "C",
    sessions TEXT COLLATE "C" NOT NULL, -- ids, as a JSON list
    version BIGINT,
    about TEXT COLLATE "C", -- the id of what else it was about, such as an API key
    digest TEXT COLLATE "C", -- SHA-256 of what the version holds that it made, in hexadecimal
    key_id TEXT COLLATE "C" NOT NULL,
    mac BYTEA NOT NULL,
    PRIMARY KEY (tenant, number)
);

-- The last entry of each tenant, sealed: without the key nobody can make an earlier one the last.
CREATE TABLE audit_head (
    tenant TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    mac BYTEA NOT NULL,
    key_id TEXT COLLATE "C" NOT NULL,
    seal BYTEA NOT NULL,
    PRIMARY KEY (tenant)
);

CREATE TRIGGER audit_entry_stays BEFORE DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse('an entry of the audit is never erased');
CREATE TRIGGER audit_entry_stays_whole BEFORE TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('an entry of the audit is never erased');
CREATE TRIGGER audit_entry_stays_as_it_is BEFORE UPDATE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION refuse('an entry of the audit is never changed');
