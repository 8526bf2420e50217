-- Command prompts, and what they showed.

-- +goose Up
CREATE TABLE prompt (
    id         TEXT PRIMARY KEY,
    session_id TEXT NOT NULL REFERENCES session (id),
    agent_id   TEXT NOT NULL REFERENCES agent (id), -- whose it is: nobody else comes to it
    client_id  TEXT NOT NULL, -- the participant's or the computer's
    shell      TEXT NOT NULL,
    opened_at  BIGINT NOT NULL,
    started_at BIGINT NOT NULL, -- 0: its shell has not begun
    ended_at   BIGINT NOT NULL,
    exit_code  BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    bytes      BIGINT NOT NULL  -- of its output
);
CREATE INDEX prompt_session ON prompt (session_id);
CREATE INDEX prompt_live ON prompt (client_id) WHERE ended_at = 0;

-- The transcript, as the client reported it: what lies between two pieces is not kept.
CREATE TABLE prompt_output (
    prompt_id TEXT NOT NULL REFERENCES prompt (id) ON DELETE CASCADE,
    position  BIGINT NOT NULL, -- of the first byte, from the prompt's beginning
    size      BIGINT NOT NULL,
    data      BYTEA NOT NULL,
    PRIMARY KEY (prompt_id, position)
);

ALTER TABLE viewer ADD COLUMN kind TEXT NOT NULL DEFAULT 'screen';
ALTER TABLE viewer ADD COLUMN prompt_id TEXT NOT NULL DEFAULT '';

-- Its client can open prompts.
ALTER TABLE computer ADD COLUMN prompts BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE participant ADD COLUMN prompts BOOLEAN NOT NULL DEFAULT FALSE;

UPDATE role SET permissions = permissions || ' prompt' WHERE id = 'agent';
