-- What made a version and who stood for it: JSON; null where nothing is known but the version itself.
ALTER TABLE session_version ADD COLUMN change TEXT COLLATE "C";

CREATE TABLE session_event (
    tenant TEXT COLLATE "C" NOT NULL,
    event TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, event, session),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id)
);

-- The chart as it was drawn for a signature: zlib, and the SHA-256 of what comes out again, in hexadecimal.
CREATE TABLE signed_chart (
    tenant TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    media_type TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    size_bytes BIGINT NOT NULL,
    compressed BYTEA NOT NULL,
    PRIMARY KEY (tenant, session, version),
    FOREIGN KEY (tenant, session, version) REFERENCES session_version (tenant, session, version)
);

-- What is refused is refused with the words of the trigger.
CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation'; END $$;

-- Nothing of the record is ever erased or rewritten; a placement is closed by the version that supersedes it.
CREATE TRIGGER session_version_stays BEFORE DELETE ON session_version
    FOR EACH ROW EXECUTE FUNCTION refuse('a version of a session is never erased');
CREATE TRIGGER session_version_stays_whole BEFORE TRUNCATE ON session_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a version of a session is never erased');
CREATE TRIGGER session_version_stays_as_it_is BEFORE UPDATE ON session_version
    FOR EACH ROW EXECUTE FUNCTION refuse('a version of a session is never changed');
CREATE TRIGGER placement_stays BEFORE DELETE ON placement
    FOR EACH ROW EXECUTE FUNCTION refuse('a placement is never erased');
CREATE TRIGGER placement_stays_whole BEFORE TRUNCATE ON placement
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a placement is never erased');
CREATE TRIGGER placement_stays_as_it_is BEFORE UPDATE OF tenant, session, number, version, id, document ON placement
    FOR EACH ROW EXECUTE FUNCTION refuse('a placement is never changed');
CREATE TRIGGER signed_chart_stays BEFORE DELETE ON signed_chart
    FOR EACH ROW EXECUTE FUNCTION refuse('a signed chart is never erased');
CREATE TRIGGER signed_chart_stays_whole BEFORE TRUNCATE ON signed_chart
    FOR EACH STATEMENT EXECUTE FUNCTION refuse('a signed chart is never erased');
CREATE TRIGGER signed_chart_stays_as_it_is BEFORE UPDATE ON signed_chart
    FOR EACH ROW EXECUTE FUNCTION refuse('a signed chart is never changed');
