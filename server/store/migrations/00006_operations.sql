-- +goose Up
CREATE TABLE webhook (
    id            TEXT PRIMARY KEY,
    agent_id      TEXT NOT NULL REFERENCES agent (id), -- who added it
    url           TEXT NOT NULL,
    events        TEXT NOT NULL, -- with spaces between
    secret        TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    disabled_at   BIGINT NOT NULL,
    gave_up       BOOLEAN NOT NULL,
    failing_since BIGINT NOT NULL
);

-- What is to be told, written with what happened, and how it went. The sequence is the order in which a webhook is told.
CREATE TABLE delivery (
    sequence     BIGINT PRIMARY KEY,
    webhook_id   TEXT NOT NULL REFERENCES webhook (id),
    event_id     TEXT NOT NULL,
    event        TEXT NOT NULL,
    body         TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    state        TEXT NOT NULL,
    due_at       BIGINT NOT NULL,
    attempts     BIGINT NOT NULL,
    answered_at  BIGINT NOT NULL,
    status       BIGINT NOT NULL,
    microseconds BIGINT NOT NULL,
    answer       TEXT NOT NULL
);
CREATE INDEX delivery_waiting ON delivery (webhook_id, sequence) WHERE state = 'waiting';
CREATE INDEX delivery_webhook ON delivery (webhook_id, sequence);
CREATE INDEX delivery_age ON delivery (created_at);
INSERT INTO head VALUES ('delivery', 0, '');

-- What the audit page filters by.
CREATE INDEX audit_verb ON audit (verb, sequence);
CREATE INDEX audit_agent ON audit (agent_id, sequence);
CREATE INDEX audit_age ON audit (at);
