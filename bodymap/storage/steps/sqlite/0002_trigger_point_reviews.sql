-- What a clinic's own clinicians find of the atlas's trigger points. Rows are only ever added.
CREATE TABLE trigger_point_review (
    tenant TEXT NOT NULL,
    entry TEXT NOT NULL,
    number INTEGER NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (tenant, entry, number)
) STRICT, WITHOUT ROWID;
