-- What a clinic says of itself: name, numbers, presets, its own texts. Rows are only ever added; the last one counts.
CREATE TABLE clinic (
    tenant TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    document BYTEA NOT NULL,
    PRIMARY KEY (tenant, version)
);
