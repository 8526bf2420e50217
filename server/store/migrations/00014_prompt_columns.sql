-- How wide the terminal was: its lines wrap there. 0: not told.

-- +goose Up
ALTER TABLE prompt_output ADD COLUMN columns BIGINT NOT NULL DEFAULT 0;
