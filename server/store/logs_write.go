package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"deskhand"
)

// logSession writes the log's row of a session that has ended, or writes it anew after its note has changed.
func (t *tx) logSession(id string) error {
	s, err := t.session(id)
	if err != nil {
		return err
	}
	viewers, err := all(t, scanViewer, viewerQuery+" WHERE v.session_id = $1 ORDER BY v.opened_at, v.id", id)
	if err != nil {
		return fmt.Errorf("reading who viewed: %w", err)
	}
	row := rowOf(s, viewers)
	before, err := all(t, oneString, "SELECT a.name FROM session_owner o JOIN agent a ON a.id = o.agent_id WHERE o.session_id = $1 ORDER BY o.until", id)
	if err != nil {
		return fmt.Errorf("reading whose session it was: %w", err)
	}
	for _, name := range before {
		if !slices.Contains(row.Agents, name) {
			row.Agents = append(row.Agents, name)
		}
	}
	place, err := t.logPlace(row)
	if err != nil {
		return err
	}
	agents := strings.Join(row.Agents, "\n")
	_, err = t.exec(`INSERT INTO log (session_id, place, started_at, ended_at, duration, type, owner_id, owner, agents, end_user, computer, ticket,
			agent_address, computer_address, consent, end_reason, ended_by, note, owner_key, agents_key, end_user_key, computer_key, ticket_key, search)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
		ON CONFLICT (session_id) DO UPDATE SET owner_id = excluded.owner_id, owner = excluded.owner, agents = excluded.agents, note = excluded.note,
			owner_key = excluded.owner_key, agents_key = excluded.agents_key, search = excluded.search`,
		row.ID, place, micros(row.StartedAt), micros(row.EndedAt), row.Duration.Microseconds(), row.Type, row.OwnerID, row.OwnerName, agents,
		row.EndUserName, row.Computer, row.Ticket, row.AgentAddress, row.ComputerAddress, row.Consent, row.EndReason, row.EndedBy, row.Note,
		sortKey(row.OwnerName), sortKey(agents), sortKey(row.EndUserName), fold(row.Computer), fold(row.Ticket), searchText(row))
	if err != nil {
		return fmt.Errorf("writing the session log: %w", err)
	}
	_, err = t.exec("INSERT INTO log_agent (agent_id, place, type) SELECT agent_id, $2, $3 FROM session_agent WHERE session_id = $1 ON CONFLICT DO NOTHING",
		id, place, row.Type)
	return err
}

func rowOf(s deskhand.LiveSession, viewers []deskhand.Viewer) deskhand.LogRow {
	row := deskhand.LogRow{
		ID: s.ID, Type: s.Type, StartedAt: s.CreatedAt, EndedAt: s.EndedAt, OwnerID: s.OwnerID, OwnerName: s.OwnerName, EndUserName: s.EndUserName,
		Computer: s.Computer, Ticket: s.Ticket, ComputerAddress: s.Address, Consent: s.Consent, EndReason: s.EndReason, EndedBy: s.EndedBy, Note: s.Note,
	}
	if !s.ReadyAt.IsZero() {
		row.StartedAt = s.ReadyAt
	}
	if !s.ConnectedAt.IsZero() {
		row.StartedAt = s.ConnectedAt
	}
	row.Duration = max(0, row.EndedAt.Sub(row.StartedAt))
	for i, v := range viewers {
		if i == 0 {
			row.AgentAddress = v.Address
		}
		if !slices.Contains(row.Agents, v.AgentName) {
			row.Agents = append(row.Agents, v.AgentName)
		}
	}
	return row
}

// logPlace is the row's place in the order by Start: the one it has, or the first that is free from its start on.
func (t *tx) logPlace(row deskhand.LogRow) (place int64, err error) {
	err = t.row("SELECT place FROM log WHERE session_id = $1", row.ID).Scan(&place)
	for place = max(place, micros(row.StartedAt)); none(err); place++ {
		var taken bool
		if err := t.row("SELECT EXISTS (SELECT 1 FROM log WHERE place = $1)", place).Scan(&taken); err != nil {
			return 0, err
		}
		if !taken {
			return place, nil
		}
	}
	return place, err
}

// searchText is every text of a row between spaces.
func searchText(row deskhand.LogRow) string {
	texts := append([]string{row.EndUserName, row.Computer, row.Ticket, row.OwnerName, row.AgentAddress, row.ComputerAddress, row.Note}, row.Agents...)
	return " " + fold(strings.Join(texts, " ")) + " "
}

// fillLog writes the rows of sessions that ended before there was a log of their own. It is done once.
func (s *Store) fillLog(ctx context.Context) error {
	const done = "log filled"
	for {
		more := false
		err := s.write(ctx, deskhand.Server, func(t *tx) error {
			var filled bool
			if err := t.row("SELECT EXISTS (SELECT 1 FROM setting WHERE name = $1)", done).Scan(&filled); err != nil || filled {
				return err
			}
			ids, err := all(t, oneString, `SELECT s.id FROM session s WHERE s.ended_at > 0
				AND NOT EXISTS (SELECT 1 FROM log l WHERE l.session_id = s.id) LIMIT 1000`)
			if err != nil {
				return err
			}
			for _, id := range ids {
				if err := t.logSession(id); err != nil {
					return err
				}
			}
			if more = len(ids) > 0; more {
				return nil
			}
			return t.put(done, []byte("1"))
		})
		if err != nil || !more {
			return err
		}
	}
}
