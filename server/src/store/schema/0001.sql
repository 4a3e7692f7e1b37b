-- Times are milliseconds since 1970 in UTC; *_json are JSON texts; uids are random UUIDs.

CREATE TABLE meta (
    name TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE users (
    id INTEGER NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('viewer', 'manager', 'admin')),
    created_at INTEGER NOT NULL
);

-- Tokens are kept as their SHA-256 only.
CREATE TABLE sessions (
    token_hash TEXT NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE sign_in_links (
    token_hash TEXT NOT NULL PRIMARY KEY,
    user_id INTEGER NOT NULL REFERENCES users (id),
    expires_at INTEGER NOT NULL,
    used_at INTEGER
);

-- One row holds the one published and the one publishing version of a runtime: there cannot be two.
CREATE TABLE runtimes (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    -- The name as it is compared: lower case, white space collapsed.
    name_key TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL,
    namespace TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    published TEXT REFERENCES versions (uid),
    publishing TEXT REFERENCES versions (uid),
    CHECK (publishing IS NULL OR published IS NULL OR publishing <> published)
);

-- What is known of a stored package, by content.
CREATE TABLE packages (
    sha256 TEXT NOT NULL PRIMARY KEY,
    size INTEGER NOT NULL,
    unpacked INTEGER NOT NULL,
    members INTEGER NOT NULL,
    members_json TEXT NOT NULL
);

CREATE TABLE versions (
    uid TEXT NOT NULL PRIMARY KEY,
    runtime TEXT NOT NULL REFERENCES runtimes (id),
    name TEXT NOT NULL,
    wish TEXT NOT NULL,
    settled TEXT NOT NULL,
    since INTEGER NOT NULL,
    since_by TEXT NOT NULL,
    -- Until when a start or publish must have come to its end.
    deadline INTEGER,
    failure_json TEXT,
    -- The audit entry that the system's next entries name as their cause.
    cause INTEGER NOT NULL REFERENCES audit (id),
    package TEXT NOT NULL REFERENCES packages (sha256),
    file TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT NOT NULL,
    manifest_json TEXT NOT NULL,
    diagnostics_json TEXT NOT NULL,
    manifest_text TEXT NOT NULL,
    UNIQUE (runtime, name),
    CHECK (wish || ' ' || settled IN (
        'stopped stopped', 'started partial', 'stopped partial', 'stopped started', 'started started',
        'published started', 'published published', 'started published', 'archived archived'
    ))
);
-- The same promise as the pointers of the runtime, from the versions' side.
CREATE UNIQUE INDEX versions_one_published ON versions (runtime) WHERE settled = 'published';
CREATE UNIQUE INDEX versions_one_publishing ON versions (runtime) WHERE wish = 'published' AND settled <> 'published';
CREATE INDEX versions_by_age ON versions (runtime, created_at);
-- Counts read this index only, not the manifests beside it.
CREATE INDEX versions_by_state ON versions (runtime, wish, settled);
CREATE INDEX versions_by_package ON versions (package);

CREATE TABLE configuration (
    version TEXT NOT NULL REFERENCES versions (uid),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('variable', 'file')),
    value TEXT NOT NULL,
    PRIMARY KEY (version, name)
);

-- Only ever added to.
CREATE TABLE audit (
    id INTEGER NOT NULL PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    -- The user; none for the system's own entries.
    actor INTEGER REFERENCES users (id),
    kind TEXT NOT NULL,
    runtime TEXT,
    version TEXT,
    version_uid TEXT,
    from_status TEXT,
    to_status TEXT,
    reason TEXT NOT NULL,
    cause INTEGER REFERENCES audit (id)
);
CREATE INDEX audit_by_runtime ON audit (runtime, version, id);
CREATE INDEX audit_by_kind ON audit (kind, id);
CREATE INDEX audit_by_who ON audit (who, id);
CREATE INDEX audit_by_actor ON audit (actor, id);
CREATE INDEX audit_by_version ON audit (version_uid, kind, id);

CREATE TABLE logs (
    version TEXT NOT NULL REFERENCES versions (uid),
    workflow TEXT NOT NULL,
    node TEXT NOT NULL,
    pod TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    lines_json TEXT NOT NULL,
    PRIMARY KEY (version, workflow, node, pod)
);

-- Forms that were sent: sending one again answers as the first time.
CREATE TABLE forms (
    user_id INTEGER NOT NULL REFERENCES users (id),
    id TEXT NOT NULL,
    work TEXT NOT NULL,
    result TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (user_id, id)
);
CREATE INDEX forms_by_age ON forms (at);
