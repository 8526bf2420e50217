-- Who agents are at an OpenID provider. The provider's settings stand in setting; an agent without a password has an empty hash.

-- +goose Up
CREATE TABLE agent_identity (
    issuer       TEXT NOT NULL,
    subject      TEXT NOT NULL,
    agent_id     TEXT NOT NULL REFERENCES agent (id),
    email        TEXT NOT NULL, -- as the provider said last
    linked_at    BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE UNIQUE INDEX agent_identity_agent ON agent_identity (agent_id, issuer);

ALTER TABLE login ADD COLUMN sign_on BOOLEAN NOT NULL DEFAULT FALSE;
