-- Roles with what they permit, invitations of agents, and when an agent was last there.

-- +goose Up
CREATE TABLE role (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL, -- empty: a built-in one
    permissions TEXT NOT NULL, -- with spaces between
    created_at  BIGINT NOT NULL
);
INSERT INTO role VALUES
    ('administrator', '', '', 0), -- may do everything
    ('agent', '', 'view control see-all-sessions see-team-computers invite-agents transfer make-connection-ids make-links add-computers', 0);

ALTER TABLE agent ADD COLUMN last_seen_at BIGINT NOT NULL DEFAULT 0;

-- An agent who was invited and has not chosen a password yet.
CREATE TABLE agent_invitation (
    agent_id   TEXT PRIMARY KEY REFERENCES agent (id),
    token_hash BYTEA NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
);
