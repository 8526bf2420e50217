-- What the client on a computer is, as it says itself when it connects.

-- +goose Up
ALTER TABLE computer ADD COLUMN client_version TEXT NOT NULL DEFAULT '';
ALTER TABLE computer ADD COLUMN client_release BIGINT NOT NULL DEFAULT 0; -- 0: it never updates itself, or has not said
ALTER TABLE computer ADD COLUMN bad_release BIGINT NOT NULL DEFAULT 0;    -- the highest one that it took back
