-- Links that add a computer, and which installation of the client a computer's key belongs to.

-- +goose Up
CREATE TABLE unattended_invite (
    id          TEXT PRIMARY KEY,
    token_hash  BYTEA NOT NULL UNIQUE,
    kind        TEXT NOT NULL,
    agent_id    TEXT NOT NULL REFERENCES agent (id), -- whose computer it becomes
    name        TEXT NOT NULL, -- what the agent calls it
    session_id  TEXT NOT NULL, -- in which the end-user was asked; empty: none
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    used_at     BIGINT NOT NULL,
    revoked_at  BIGINT NOT NULL,
    computer_id TEXT NOT NULL -- that used it
);
CREATE INDEX unattended_invite_agent ON unattended_invite (agent_id, created_at);
CREATE INDEX unattended_invite_expiry ON unattended_invite (expires_at);

ALTER TABLE computer ADD COLUMN machine TEXT NOT NULL DEFAULT ''; -- empty: the client did not say
ALTER TABLE computer ADD COLUMN run TEXT NOT NULL DEFAULT ''; -- of the client, that connected last
ALTER TABLE computer ADD COLUMN run_before TEXT NOT NULL DEFAULT '';
ALTER TABLE computer ADD COLUMN cloned_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX computer_machine ON computer (machine) WHERE machine <> '' AND removed_at = 0;
