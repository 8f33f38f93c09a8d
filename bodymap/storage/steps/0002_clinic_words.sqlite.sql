-- What a clinic's own clinicians find of the atlas's trigger points. Rows are only ever added.
CREATE TABLE trigger_point_review (
    tenant TEXT NOT NULL,
    entry TEXT NOT NULL,
    number INTEGER NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (tenant, entry, number)
) STRICT, WITHOUT ROWID;
-- What a clinic has set for a flag, in its own words. Rows are only ever added; the last one of a flag counts.
CREATE TABLE clinic_limit (
    tenant TEXT NOT NULL,
    flag TEXT NOT NULL,
    number INTEGER NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (tenant, flag, number)
) STRICT, WITHOUT ROWID;
