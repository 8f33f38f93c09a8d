-- What a clinic's own clinicians find of the atlas's trigger points. Rows are only ever added.
CREATE TABLE trigger_point_review (
    tenant TEXT COLLATE "C" NOT NULL,
    entry TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    document BYTEA NOT NULL,
    PRIMARY KEY (tenant, entry, number)
);
-- What a clinic has set for a flag, in its own words. Rows are only ever added; the last one of a flag counts.
CREATE TABLE clinic_limit (
    tenant TEXT COLLATE "C" NOT NULL,
    flag TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    document BYTEA NOT NULL,
    PRIMARY KEY (tenant, flag, number)
);
