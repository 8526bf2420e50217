-- +goose Up
-- What unattended computers are made of, as they say, and the networks in which they can wake each other.
ALTER TABLE computer ADD COLUMN inventory TEXT NOT NULL DEFAULT ''; -- JSON
ALTER TABLE computer ADD COLUMN inventory_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE computer ADD COLUMN sites TEXT NOT NULL DEFAULT ''; -- one on each line
