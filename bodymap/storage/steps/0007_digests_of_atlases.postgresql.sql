-- On which atlases a tenant's sessions were resolved: of each version, the SHA-256 of its manifest, in hexadecimal. What
-- was kept before this step is of atlas 1 as it was before it was released, of which no digest was kept.
CREATE TABLE atlas_digest (
    tenant TEXT COLLATE "C" NOT NULL,
    version TEXT COLLATE "C" NOT NULL,
    digest TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, version)
);

INSERT INTO atlas_digest (tenant, version, digest) SELECT DISTINCT tenant, '1', '' FROM session;
