-- Keys of clients. A key is shown once; what is kept of it is a digest. `id` is part of the key, and is looked up
-- before it is known whose it is. Rotating changes the digest and nothing else: the client stays who it was.
CREATE TABLE api_key (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    scopes TEXT COLLATE "C" NOT NULL, -- with spaces between
    digest TEXT COLLATE "C" NOT NULL, -- SHA-256 of the whole key, in hexadecimal
    created_at TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C",
    revoked_at TEXT COLLATE "C",
    old_digest TEXT COLLATE "C", -- of the key before the last rotation, which is taken until `old_until`
    old_until TEXT COLLATE "C",
    PRIMARY KEY (tenant, id)
);

CREATE INDEX api_key_by_id ON api_key (id);

-- Addresses that open one chart or page to whoever has them. The signature is made anew, never kept.
CREATE TABLE link (
    tenant TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    client TEXT COLLATE "C" NOT NULL, -- who asked for it
    created_at TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C" NOT NULL,
    revoked_at TEXT COLLATE "C",
    PRIMARY KEY (tenant, id),
    FOREIGN KEY (tenant, session) REFERENCES session (tenant, id)
);

CREATE INDEX link_by_client ON link (tenant, client);
CREATE INDEX link_by_session ON link (tenant, session);

-- Tokens that may be used once: what was used, until it would have expired anyway.
CREATE TABLE used_token (
    tenant TEXT COLLATE "C" NOT NULL,
    issuer TEXT COLLATE "C" NOT NULL,
    token TEXT COLLATE "C" NOT NULL,
    expires_at TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, issuer, token)
);

CREATE INDEX used_token_by_age ON used_token (expires_at);
