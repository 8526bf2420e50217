package store

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"deskhand"
)

const maxLogPage = 500

// Logs gives ended sessions, the newest first: those that the agent owned or viewed, or everyone's when agentID is empty. cursor is empty
// or what an earlier call returned; next is empty at the end. CodeInvalid when the cursor is none of ours.
func (s *Store) Logs(ctx context.Context, agentID, cursor string, limit int) (rows []deskhand.LogRow, next string, err error) {
	limit = min(max(limit, 1), maxLogPage)
	endedAt, id, err := parseCursor(cursor)
	if err != nil {
		return nil, "", err
	}
	query, args := "SELECT "+liveColumns+` FROM session s JOIN agent a ON a.id = s.owner_id
		WHERE s.ended_at > 0 AND (s.ended_at, s.id) < ($1, $2) ORDER BY s.ended_at DESC, s.id DESC LIMIT $3`, []any{endedAt, id, limit + 1}
	if agentID != "" {
		query = "SELECT " + liveColumns + ` FROM session_agent m JOIN session s ON s.id = m.session_id JOIN agent a ON a.id = s.owner_id
			WHERE m.agent_id = $4 AND m.ended_at > 0 AND (m.ended_at, m.session_id) < ($1, $2) ORDER BY m.ended_at DESC, m.session_id DESC LIMIT $3`
		args = append(args, agentID)
	}
	err = s.read(ctx, func(t *tx) error {
		sessions, err := all(t, scanLive, query, args...)
		if err != nil {
			return fmt.Errorf("reading the session log: %w", err)
		}
		if len(sessions) > limit {
			sessions = sessions[:limit]
			last := sessions[limit-1]
			next = strconv.FormatInt(micros(last.EndedAt), 36) + "-" + last.ID
		}
		rows = make([]deskhand.LogRow, len(sessions))
		for i, l := range sessions {
			rows[i] = deskhand.LogRow{Session: l.Session, OwnerName: l.OwnerName, ComputerAddress: l.Address, Duration: duration(l.Session)}
		}
		return t.addAgents(rows)
	})
	return rows, next, err
}

// addAgents names, in each row, the agents who opened a view, and where the first came from.
func (t *tx) addAgents(rows []deskhand.LogRow) error {
	if len(rows) == 0 {
		return nil
	}
	ids, at := make([]string, len(rows)), make(map[string]*deskhand.LogRow, len(rows))
	for i := range rows {
		ids[i], at[rows[i].ID] = rows[i].ID, &rows[i]
	}
	viewers, err := all(t, scanViewer, viewerQuery+" WHERE v.session_id IN "+placeholders(1, len(ids))+" ORDER BY v.session_id, v.opened_at, v.id", anys(ids)...)
	if err != nil {
		return fmt.Errorf("reading who viewed: %w", err)
	}
	seen := map[[2]string]bool{}
	for _, v := range viewers {
		row := at[v.SessionID]
		if key := [2]string{v.SessionID, v.AgentID}; !seen[key] {
			seen[key] = true
			row.Agents = append(row.Agents, v.AgentName)
		}
		if row.AgentAddress == "" {
			row.AgentAddress = v.Address
		}
	}
	return nil
}

// duration is from the first view that was allowed, else from when the client was ready, to the end.
func duration(s deskhand.Session) time.Duration {
	if !s.ConnectedAt.IsZero() {
		return s.EndedAt.Sub(s.ConnectedAt)
	}
	return s.EndedAt.Sub(s.ReadyAt)
}

// parseCursor reads "time in base 36, dash, id of the last row"; an empty one stands before the newest.
func parseCursor(cursor string) (endedAt int64, id string, err error) {
	if cursor == "" {
		return math.MaxInt64, "", nil
	}
	at, id, ok := strings.Cut(cursor, "-")
	endedAt, err = strconv.ParseInt(at, 36, 64)
	if !ok || err != nil || endedAt <= 0 || len(id) > 64 {
		return 0, "", invalid("cursor", "This page of the log is not known.", "Begin at the first page.")
	}
	return endedAt, id, nil
}
