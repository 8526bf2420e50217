-- +goose Up
-- Groups that unattended computers stand in: an agent's own, or with an empty owner everybody's.
CREATE TABLE computer_group (
    id         TEXT PRIMARY KEY,
    parent_id  TEXT NOT NULL, -- empty at the root
    owner_id   TEXT NOT NULL,
    name       TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX computer_group_parent ON computer_group (owner_id, parent_id);

ALTER TABLE computer ADD COLUMN group_id TEXT NOT NULL DEFAULT '';
ALTER TABLE computer ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE computer ADD COLUMN tags TEXT NOT NULL DEFAULT ''; -- one on each line
CREATE INDEX computer_in_group ON computer (group_id) WHERE group_id <> '';

