-- Keys of clients. A key is shown once; what is kept of it is a digest. `id` is part of the key, and is looked up
-- before it is known whose it is. Rotating changes the digest and nothing else: the client stays who it was.
CREATE TABLE api_key (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL, -- with spaces between
    digest TEXT NOT NULL, -- SHA-256 of the whole key, in hexadecimal
    created_at TEXT NOT NULL,
    expires_at TEXT,
    revoked_at TEXT,
    old_digest TEXT, -- of the key before the last rotation, which is taken until `old_until`
    old_until TEXT,
    PRIMARY KEY (tenant, id)
) STRICT;

CREATE INDEX api_key_by_id ON api_key (id);

-- Addresses that open one chart or page to whoever has them. The signature is made anew, never kept.
CREATE TABLE link (
    tenant TEXT NOT NULL,
    id TEXT NOT NULL,
    session TEXT NOT NULL,
    address TEXT NOT NULL,
    client TEXT NOT NULL, -- who asked for it
    created_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    revoked_at TEXT,
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id)
) STRICT;

CREATE INDEX link_by_client ON link (tenant, client);
CREATE INDEX link_by_session ON link (tenant, session);

-- Tokens that may be used once: what was used, until it would have expired anyway.
CREATE TABLE used_token (
    tenant TEXT NOT NULL,
    issuer TEXT NOT NULL,
    token TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (tenant, issuer, token)
) STRICT, WITHOUT ROWID;

CREATE INDEX used_token_by_age ON used_token (expires_at);
