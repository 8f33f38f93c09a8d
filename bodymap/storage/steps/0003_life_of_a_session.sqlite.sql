-- What made a version and who stood for it: JSON; null where nothing is known but the version itself.
ALTER TABLE session_version ADD COLUMN change TEXT;

CREATE TABLE session_event (
    tenant TEXT NOT NULL,
    event TEXT NOT NULL,
    session TEXT NOT NULL,
    PRIMARY KEY (tenant, event, session),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id)
) STRICT, WITHOUT ROWID;

-- The chart as it was drawn for a signature: zlib, and the SHA-256 of what comes out again, in hexadecimal.
CREATE TABLE signed_chart (
    tenant TEXT NOT NULL,
    session TEXT NOT NULL,
    version INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    digest TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    compressed BLOB NOT NULL,
    PRIMARY KEY (tenant, session, version),
    FOREIGN KEY (tenant, session, version) REFERENCES session_version (tenant, session, version)
) STRICT;

-- Nothing of the record is ever erased or rewritten; a placement is closed by the version that supersedes it.
CREATE TRIGGER session_version_stays BEFORE DELETE ON session_version
BEGIN SELECT RAISE(ABORT, 'a version of a session is never erased'); END;
CREATE TRIGGER session_version_stays_as_it_is BEFORE UPDATE ON session_version
BEGIN SELECT RAISE(ABORT, 'a version of a session is never changed'); END;
CREATE TRIGGER placement_stays BEFORE DELETE ON placement
BEGIN SELECT RAISE(ABORT, 'a placement is never erased'); END;
CREATE TRIGGER placement_stays_as_it_is BEFORE UPDATE OF tenant, session, number, version, id, document ON placement
BEGIN SELECT RAISE(ABORT, 'a placement is never changed'); END;
CREATE TRIGGER signed_chart_stays BEFORE DELETE ON signed_chart
BEGIN SELECT RAISE(ABORT, 'a signed chart is never erased'); END;
CREATE TRIGGER signed_chart_stays_as_it_is BEFORE UPDATE ON signed_chart
BEGIN SELECT RAISE(ABORT, 'a signed chart is never changed'); END;
