-- Second factors, password resets and API tokens. Of every secret but an authenticator app's only the SHA-256 is kept.

-- +goose Up

-- Half a login: what has been shown so far, and what a passkey has to sign.
CREATE TABLE login_step (
    token_hash BYTEA PRIMARY KEY,
    kind       TEXT NOT NULL,
    agent_id   TEXT NOT NULL, -- empty: the passkey will say
    network    TEXT NOT NULL, -- what the limit counts by
    challenge  BYTEA NOT NULL,
    tries      BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX login_step_expiry ON login_step (expires_at);

CREATE TABLE totp (
    agent_id     TEXT PRIMARY KEY REFERENCES agent (id),
    secret       BYTEA NOT NULL,
    confirmed_at BIGINT NOT NULL, -- 0: it does not count yet
    counter      BIGINT NOT NULL  -- of the last code that was taken; no code counts twice
);

CREATE TABLE passkey (
    id            TEXT PRIMARY KEY,
    agent_id      TEXT NOT NULL REFERENCES agent (id),
    name          TEXT NOT NULL,
    credential_id BYTEA NOT NULL UNIQUE,
    credential    BYTEA NOT NULL,
    created_at    BIGINT NOT NULL,
    last_used_at  BIGINT NOT NULL
);
CREATE INDEX passkey_agent ON passkey (agent_id);

CREATE TABLE recovery_code (
    agent_id  TEXT NOT NULL REFERENCES agent (id),
    code_hash BYTEA NOT NULL,
    PRIMARY KEY (agent_id, code_hash)
);

CREATE TABLE password_reset (
    token_hash BYTEA PRIMARY KEY,
    agent_id   TEXT NOT NULL REFERENCES agent (id),
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX password_reset_agent ON password_reset (agent_id);

CREATE TABLE api_token (
    id           TEXT PRIMARY KEY,
    agent_id     TEXT NOT NULL REFERENCES agent (id),
    name         TEXT NOT NULL,
    token_hash   BYTEA NOT NULL UNIQUE,
    scopes       TEXT NOT NULL, -- separated by blanks
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL, -- 0: never
    last_used_at BIGINT NOT NULL
);
CREATE INDEX api_token_agent ON api_token (agent_id);
