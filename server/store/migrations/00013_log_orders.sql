-- A filter by type passes over what is of another type without reading its row, in whatever order one walks.

-- +goose Up
DROP INDEX log_end;
DROP INDEX log_duration;
DROP INDEX log_owner;
DROP INDEX log_agents;
DROP INDEX log_end_user;
DROP INDEX log_computer;
DROP INDEX log_ticket;
CREATE INDEX log_end ON log (ended_at, place, type);
CREATE INDEX log_duration ON log (duration, place, type);
CREATE INDEX log_owner ON log (owner_key, place, type);
CREATE INDEX log_agents ON log (agents_key, place, type);
CREATE INDEX log_end_user ON log (end_user_key, place, type);
CREATE INDEX log_computer ON log (computer_key, place, type);
CREATE INDEX log_ticket ON log (ticket_key, place, type);
