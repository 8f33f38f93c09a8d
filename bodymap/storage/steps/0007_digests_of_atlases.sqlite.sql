-- On which atlases a tenant's sessions were resolved: of each version, the SHA-256 of its manifest, in hexadecimal. What
-- was kept before this step is of atlas 1 as it was before it was released, of which no digest was kept.
CREATE TABLE atlas_digest (
    tenant TEXT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY (tenant, version)
) STRICT, WITHOUT ROWID;

INSERT INTO atlas_digest (tenant, version, digest) SELECT DISTINCT tenant, '1', '' FROM session;
