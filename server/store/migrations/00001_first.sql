-- One schema for SQLite and PostgreSQL. Times are microseconds since 1970 (0: never), ids are text.
-- BYTEA is PostgreSQL's name; SQLite takes any name and keeps blobs as they are.

-- +goose Up
CREATE TABLE agent (
    id            TEXT PRIMARY KEY,
    user_name     TEXT NOT NULL UNIQUE,
    name          TEXT NOT NULL,
    email         TEXT NOT NULL,
    title         TEXT NOT NULL,
    language      TEXT NOT NULL,
    theme         TEXT NOT NULL,
    role          TEXT NOT NULL,
    disabled      BOOLEAN NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    BIGINT NOT NULL
);

CREATE TABLE login (
    id           TEXT PRIMARY KEY,
    agent_id     TEXT NOT NULL REFERENCES agent (id),
    token_hash   BYTEA NOT NULL UNIQUE,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    address      TEXT NOT NULL,
    user_agent   TEXT NOT NULL
);
CREATE INDEX login_agent ON login (agent_id);

CREATE TABLE invite (
    id            TEXT PRIMARY KEY,
    kind          TEXT NOT NULL,
    code          TEXT NOT NULL UNIQUE,
    agent_id      TEXT NOT NULL REFERENCES agent (id),
    ticket        TEXT NOT NULL,
    end_user_name TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    used_at       BIGINT NOT NULL,
    session_id    TEXT NOT NULL -- the session that it leads to now; empty before the first client
);
CREATE INDEX invite_agent ON invite (agent_id, kind);
CREATE INDEX invite_expiry ON invite (expires_at);

CREATE TABLE computer (
    id           TEXT PRIMARY KEY,
    owner_id     TEXT NOT NULL REFERENCES agent (id),
    name         TEXT NOT NULL,
    user_name    TEXT NOT NULL,
    system       TEXT NOT NULL,
    address      TEXT NOT NULL,
    public_key   BYTEA NOT NULL,
    visibility   TEXT NOT NULL,
    online       BOOLEAN NOT NULL,
    epoch        BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    removed_at   BIGINT NOT NULL
);
CREATE UNIQUE INDEX computer_key ON computer (public_key) WHERE removed_at = 0;
CREATE INDEX computer_owner ON computer (owner_id) WHERE removed_at = 0;

CREATE TABLE session (
    id            TEXT PRIMARY KEY,
    type          TEXT NOT NULL,
    state         TEXT NOT NULL,
    since         BIGINT NOT NULL,
    owner_id      TEXT NOT NULL REFERENCES agent (id),
    invite_id     TEXT NOT NULL,
    computer_id   TEXT NOT NULL,
    ticket        TEXT NOT NULL,
    end_user_name TEXT NOT NULL,
    computer      TEXT NOT NULL,
    user_name     TEXT NOT NULL,
    system        TEXT NOT NULL,
    address       TEXT NOT NULL,
    elevated      BOOLEAN NOT NULL,
    displays      BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    ready_at      BIGINT NOT NULL,
    connected_at  BIGINT NOT NULL,
    ended_at      BIGINT NOT NULL,
    consent       TEXT NOT NULL,
    end_reason    TEXT NOT NULL,
    ended_by      TEXT NOT NULL,
    note          TEXT NOT NULL
);
CREATE INDEX session_live ON session (owner_id) WHERE ended_at = 0;
CREATE INDEX session_live_computer ON session (computer_id) WHERE ended_at = 0;
CREATE INDEX session_log ON session (ended_at, id) WHERE ended_at > 0;

-- Whose session it is in the log: the owner and everyone who opened a viewer.
CREATE TABLE session_agent (
    session_id TEXT NOT NULL REFERENCES session (id),
    agent_id   TEXT NOT NULL REFERENCES agent (id),
    ended_at   BIGINT NOT NULL,
    PRIMARY KEY (session_id, agent_id)
);
CREATE INDEX session_agent_log ON session_agent (agent_id, ended_at, session_id) WHERE ended_at > 0;

CREATE TABLE participant (
    id          TEXT PRIMARY KEY,
    session_id  TEXT NOT NULL REFERENCES session (id),
    position    BIGINT NOT NULL, -- in which they came
    secret_hash BYTEA NOT NULL,
    sharing     BOOLEAN NOT NULL,
    online      BOOLEAN NOT NULL,
    epoch       BIGINT NOT NULL,
    computer    TEXT NOT NULL,
    user_name   TEXT NOT NULL,
    system      TEXT NOT NULL,
    address     TEXT NOT NULL,
    network     TEXT NOT NULL, -- of the address: what the limit counts by
    language    TEXT NOT NULL,
    elevated    BOOLEAN NOT NULL,
    displays    BIGINT NOT NULL,
    joined_at   BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL, -- when it was last known to be there
    left_at     BIGINT NOT NULL
);
CREATE INDEX participant_line ON participant (session_id, position) WHERE left_at = 0;
CREATE UNIQUE INDEX participant_sharing ON participant (session_id) WHERE left_at = 0 AND sharing;
CREATE INDEX participant_network ON participant (network) WHERE left_at = 0;

CREATE TABLE viewer (
    id         TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES session (id),
    agent_id   TEXT NOT NULL REFERENCES agent (id),
    address    TEXT NOT NULL,
    level      TEXT NOT NULL,
    state      TEXT NOT NULL,
    since      BIGINT NOT NULL,
    opened_at  BIGINT NOT NULL,
    closed_at  BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    bytes_down BIGINT NOT NULL,
    bytes_up   BIGINT NOT NULL
);
CREATE INDEX viewer_session ON viewer (session_id, opened_at);
CREATE INDEX viewer_open ON viewer (session_id) WHERE closed_at = 0;

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

-- The chain; details stand apart, so that retention can remove them while the chain still verifies.
CREATE TABLE audit (
    sequence    BIGINT PRIMARY KEY,
    at          BIGINT NOT NULL,
    agent_id    TEXT NOT NULL,
    actor       TEXT NOT NULL,
    address     TEXT NOT NULL,
    verb        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    detail_hash BYTEA NOT NULL,
    hash        BYTEA NOT NULL
);
CREATE TABLE audit_detail (
    sequence BIGINT PRIMARY KEY,
    detail   TEXT NOT NULL
);

-- Changes, and the last number of each sequence that is counted here. hash: of the last audit event.
CREATE TABLE change (
    sequence BIGINT PRIMARY KEY,
    topic    TEXT NOT NULL,
    agent_id TEXT NOT NULL,
    subject  TEXT NOT NULL,
    at       BIGINT NOT NULL
);
CREATE INDEX change_age ON change (at);
CREATE TABLE head (
    name     TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL,
    hash     TEXT NOT NULL -- hex
);
INSERT INTO head VALUES
    ('audit', 0, '0000000000000000000000000000000000000000000000000000000000000000'),
    ('change', 0, '');
