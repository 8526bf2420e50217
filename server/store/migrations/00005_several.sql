-- Who wrote a note last, how a client's connection is, who had a session before, who is called to one, and what was mailed.

-- +goose Up
ALTER TABLE session ADD COLUMN note_by TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN note_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE participant ADD COLUMN quality TEXT NOT NULL DEFAULT '';

CREATE TABLE session_owner (
    session_id TEXT NOT NULL REFERENCES session (id),
    agent_id   TEXT NOT NULL REFERENCES agent (id),
    until      BIGINT NOT NULL, -- when it was handed on
    PRIMARY KEY (session_id, until)
);

CREATE TABLE session_call (
    session_id TEXT NOT NULL REFERENCES session (id),
    agent_id   TEXT NOT NULL REFERENCES agent (id),
    by_id      TEXT NOT NULL REFERENCES agent (id),
    kind       TEXT NOT NULL,
    at         BIGINT NOT NULL,
    PRIMARY KEY (session_id, agent_id)
);
CREATE INDEX session_call_agent ON session_call (agent_id, at);

CREATE TABLE link_mail (
    id       TEXT PRIMARY KEY,
    agent_id TEXT NOT NULL REFERENCES agent (id),
    at       BIGINT NOT NULL
);
CREATE INDEX link_mail_agent ON link_mail (agent_id, at);
