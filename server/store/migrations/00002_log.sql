-- The session log: a row for each session that has ended, with all that the log shows, sorts and looks for, so that reading it needs no
-- join. The …_key columns are folded (lower case, no accents); so is search, which holds every text of the row between spaces. The
-- index for looking inside texts is the database's own affair: see logs_text.go.

-- +goose Up
CREATE TABLE log (
    session_id       TEXT PRIMARY KEY REFERENCES session (id) ON DELETE CASCADE,
    place            BIGINT NOT NULL, -- started_at, made unique: the order by Start
    started_at       BIGINT NOT NULL,
    ended_at         BIGINT NOT NULL,
    duration         BIGINT NOT NULL,
    type             TEXT NOT NULL,
    owner_id         TEXT NOT NULL,
    owner            TEXT NOT NULL,
    agents           TEXT NOT NULL, -- a name on each line
    end_user         TEXT NOT NULL,
    computer         TEXT NOT NULL,
    ticket           TEXT NOT NULL,
    agent_address    TEXT NOT NULL,
    computer_address TEXT NOT NULL,
    consent          TEXT NOT NULL,
    end_reason       TEXT NOT NULL,
    ended_by         TEXT NOT NULL,
    note             TEXT NOT NULL,
    owner_key        TEXT NOT NULL,
    agents_key       TEXT NOT NULL,
    end_user_key     TEXT NOT NULL,
    computer_key     TEXT NOT NULL,
    ticket_key       TEXT NOT NULL,
    search           TEXT NOT NULL
);
CREATE UNIQUE INDEX log_start ON log (place);
CREATE INDEX log_end ON log (ended_at, place);
CREATE INDEX log_duration ON log (duration, place);
CREATE INDEX log_type ON log (type, place);
CREATE INDEX log_owner ON log (owner_key, place);
CREATE INDEX log_agents ON log (agents_key, place);
CREATE INDEX log_end_user ON log (end_user_key, place);
CREATE INDEX log_computer ON log (computer_key, place);
CREATE INDEX log_ticket ON log (ticket_key, place);

-- Whose row it is: the owner's and everyone's who opened a viewer.
CREATE TABLE log_agent (
    agent_id TEXT NOT NULL,
    place    BIGINT NOT NULL REFERENCES log (place) ON DELETE CASCADE,
    type     TEXT NOT NULL,
    PRIMARY KEY (place, agent_id)
);
CREATE INDEX log_agent_place ON log_agent (agent_id, place, type);

-- log_agent does its work.
DROP INDEX session_agent_log;

CREATE INDEX audit_subject ON audit (subject, sequence);
