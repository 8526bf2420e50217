package store

import (
	"context"
	"encoding/base64"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"deskhand"
)

const (
	maxLogPage = 500
	// exportPage is how many rows an export reads at once: each page is a read of its own, so that a slow reader holds nothing.
	exportPage = 4000
)

// separator stands between the texts of a row. CleanText lets no control character into any of them, but for the line ends of notes.
const separator = "\x1f"

// logColumns is a row of the log in three columns: most of the time of reading a column goes into handing it over, so the texts come as one.
var logColumns = "l.started_at, l.ended_at, " + strings.Join([]string{
	"l.session_id", "l.type", "l.agents", "l.owner_id", "l.owner", "l.end_user", "l.computer", "l.ticket", "l.agent_address",
	"l.computer_address", "l.consent", "l.end_reason", "l.ended_by", "l.note",
}, " || '"+separator+"' || ")

// scanLog reads a row, and what else is selected after its columns.
func scanLog(r scanner, more ...any) (row deskhand.LogRow, err error) {
	var texts string
	if err := r.Scan(append([]any{stamp{&row.StartedAt}, stamp{&row.EndedAt}, &texts}, more...)...); err != nil {
		return row, err
	}
	row.Duration = max(0, row.EndedAt.Sub(row.StartedAt))
	var agents string
	for _, to := range []*string{
		&row.ID, (*string)(&row.Type), &agents, &row.OwnerID, &row.OwnerName, &row.EndUserName, &row.Computer, &row.Ticket, &row.AgentAddress,
		&row.ComputerAddress, (*string)(&row.Consent), (*string)(&row.EndReason), &row.EndedBy, &row.Note,
	} {
		*to, texts, _ = strings.Cut(texts, separator)
	}
	if agents != "" {
		row.Agents = strings.Split(agents, "\n")
	}
	return row, nil
}

// mark is where a page ends.
type mark struct {
	key   string // of the column that is sorted by, a number in decimal; empty when that is place itself
	place int64
}

type markedRow struct {
	deskhand.LogRow
	mark
}

// Logs gives a page of ended sessions. cursor is empty or what an earlier call with the same filter returned; next is empty at the end.
// CodeInvalid when the cursor is none of ours, or the sort unknown.
func (s *Store) Logs(ctx context.Context, f deskhand.LogFilter, cursor string, limit int) (rows []deskhand.LogRow, next string, err error) {
	limit = min(max(limit, 1), maxLogPage)
	after, err := parseCursor(f, cursor)
	if err != nil {
		return nil, "", err
	}
	marked, err := s.logPage(ctx, f, after, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(marked) > limit {
		marked = marked[:limit]
		next = cursorOf(f, marked[limit-1].mark)
	}
	rows = make([]deskhand.LogRow, len(marked))
	for i, m := range marked {
		rows[i] = m.LogRow
	}
	return rows, next, nil
}

// AllLogs gives every row that a filter finds, in its order, page by page. The first error ends it.
func (s *Store) AllLogs(ctx context.Context, f deskhand.LogFilter) iter.Seq2[[]deskhand.LogRow, error] {
	return func(yield func([]deskhand.LogRow, error) bool) {
		var after *mark
		for {
			marked, err := s.logPage(ctx, f, after, exportPage)
			if err != nil {
				yield(nil, err)
				return
			}
			rows := make([]deskhand.LogRow, len(marked))
			for i, m := range marked {
				rows[i] = m.LogRow
			}
			if !yield(rows, nil) || len(marked) < exportPage {
				return
			}
			after = &marked[len(marked)-1].mark
		}
	}
}

func (s *Store) logPage(ctx context.Context, f deskhand.LogFilter, after *mark, limit int) (rows []markedRow, err error) {
	by, err := sortOf(f.Sort)
	if err != nil {
		return nil, err
	}
	err = s.read(ctx, func(t *tx) error {
		query, args, err := t.logQuery(f, by, after, limit)
		if err != nil {
			return err
		}
		rows, err = all(t, func(r scanner) (m markedRow, err error) {
			if by.column == "place" {
				m.LogRow, err = scanLog(r, &m.place)
				return m, err
			}
			m.LogRow, err = scanLog(r, &m.place, &m.key)
			return m, err
		}, query, args...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the session log: %w", err)
	}
	return rows, nil
}

// CountLogs counts what a filter finds; more when that is more than deskhand.MaxLogTotal.
func (s *Store) CountLogs(ctx context.Context, f deskhand.LogFilter) (n int, more bool, err error) {
	f.Sort = deskhand.LogByStart
	err = s.read(ctx, func(t *tx) error {
		query, args, err := t.countQuery(f)
		if err != nil {
			return err
		}
		return t.row(query, args...).Scan(&n)
	})
	if err != nil {
		return 0, false, fmt.Errorf("counting the session log: %w", err)
	}
	return min(n, deskhand.MaxLogTotal), n > deskhand.MaxLogTotal, nil
}

// LogAgents are all agents by name, for the choice of whose sessions one wants to see; also those who are disabled.
func (s *Store) LogAgents(ctx context.Context) (agents []deskhand.Agent, err error) {
	err = s.read(ctx, func(t *tx) error {
		agents, err = all(t, scanAgent, "SELECT "+agentColumns+" FROM agent a ORDER BY a.name, a.user_name")
		return err
	})
	return agents, err
}

func cursorOf(f deskhand.LogFilter, m mark) string {
	return base64.RawURLEncoding.EncodeToString([]byte(direction(f) + "\n" + strconv.FormatInt(m.place, 36) + "\n" + m.key))
}

func direction(f deskhand.LogFilter) string { return string(f.Sort) + strconv.FormatBool(f.Ascending) }

func parseCursor(f deskhand.LogFilter, cursor string) (*mark, error) {
	if cursor == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(cursor)
	parts := strings.SplitN(string(b), "\n", 3)
	if err == nil && len(parts) == 3 && parts[0] == direction(f) {
		by, err := sortOf(f.Sort)
		if err != nil {
			return nil, err
		}
		m := mark{key: strings.ToValidUTF8(strings.ReplaceAll(parts[2], "\x00", ""), "")}
		_, number := strconv.ParseInt(m.key, 10, 64)
		if m.place, err = strconv.ParseInt(parts[1], 36, 64); err == nil && (number == nil || !by.number) {
			return &m, nil
		}
	}
	return nil, invalid("cursor", "This page of the log is not known.", "Begin at the first page.")
}
