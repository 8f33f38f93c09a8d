-- What a clinic says of itself: name, numbers, presets, its own texts. Rows are only ever added; the last one counts.
CREATE TABLE clinic (
    tenant TEXT NOT NULL,
    version INTEGER NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (tenant, version)
) STRICT, WITHOUT ROWID;
