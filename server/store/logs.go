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
	exportPage = 1000
)

// Separators of the texts of a row, and of rows. CleanText lets no control character into any of them, but for the line ends of notes.
const (
	separator = "\x1f"
	rowEnd    = "\x1e"
)

// logLine is a row of the log as one text, and a page is the texts of its rows as one: most of the time of reading a column goes into handing
// it over.
var logLine = "concat_ws('" + separator + "', " + strings.Join([]string{
	"l.place", "l.started_at", "l.ended_at", "l.session_id", "l.type", "l.agents", "l.owner_id", "l.owner", "l.end_user", "l.computer", "l.ticket",
	"l.agent_address", "l.computer_address", "l.consent", "l.end_reason", "l.ended_by", "l.note",
}, ", ") + ")"

// markedRow is a row with its mark.
type markedRow struct {
	deskhand.LogRow
	mark
}

// parseLine reads a row. What comes after the columns of logLine is its key.
func parseLine(line string) (m markedRow, err error) {
	var started, ended int64
	for _, to := range []*int64{&m.place, &started, &ended} {
		var number string
		number, line, _ = strings.Cut(line, separator)
		if *to, err = strconv.ParseInt(number, 10, 64); err != nil {
			return m, fmt.Errorf("a row of the session log: %w", err)
		}
	}
	m.StartedAt, m.EndedAt = timeOf(started), timeOf(ended)
	m.Duration = max(0, m.EndedAt.Sub(m.StartedAt))
	var agents string
	for _, to := range []*string{
		&m.ID, (*string)(&m.Type), &agents, &m.OwnerID, &m.OwnerName, &m.EndUserName, &m.Computer, &m.Ticket, &m.AgentAddress,
		&m.ComputerAddress, (*string)(&m.Consent), (*string)(&m.EndReason), &m.EndedBy, &m.Note,
	} {
		*to, line, _ = strings.Cut(line, separator)
	}
	m.key = line
	if agents != "" {
		m.Agents = strings.Split(agents, "\n")
	}
	return m, nil
}

// mark is where a page ends.
type mark struct {
	key   string // of the column that is sorted by, a number in decimal; empty when that is place itself
	place int64
}

// Logs gives a page of ended sessions. cursor is empty or what an earlier call with the same filter returned; next is empty at the end.
// CodeInvalid when the cursor is none of ours, or the sort unknown.
func (s *Store) Logs(ctx context.Context, f deskhand.LogFilter, cursor string, limit int) (rows []deskhand.LogRow, next string, err error) {
	limit = min(max(limit, 1), maxLogPage)
	after, err := parseCursor(f, cursor)
	if err != nil {
		return nil, "", err
	}
	var last mark
	err = s.logPage(ctx, f, after, limit+1, func(m markedRow) {
		if len(rows) == limit {
			next = cursorOf(f, last)
			return
		}
		rows, last = append(rows, m.LogRow), m.mark
	})
	return rows, next, err
}

// AllLogs gives every row that a filter finds, in its order, page by page; a page is good until the next. The first error ends it.
func (s *Store) AllLogs(ctx context.Context, f deskhand.LogFilter) iter.Seq2[[]deskhand.LogRow, error] {
	return func(yield func([]deskhand.LogRow, error) bool) {
		var after *mark
		rows := make([]deskhand.LogRow, 0, exportPage)
		for {
			var last mark
			rows = rows[:0]
			err := s.logPage(ctx, f, after, exportPage, func(m markedRow) { rows, last = append(rows, m.LogRow), m.mark })
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(rows, nil) || len(rows) < exportPage {
				return
			}
			after = &last
		}
	}
}

// logPage reads a page and gives its rows in order.
func (s *Store) logPage(ctx context.Context, f deskhand.LogFilter, after *mark, limit int, add func(markedRow)) error {
	by, err := sortOf(f.Sort)
	if err != nil {
		return err
	}
	var page string
	err = s.read(ctx, func(t *tx) error { page, err = t.readPage(f, by, after, limit); return err })
	if err != nil {
		return fmt.Errorf("reading the session log: %w", err)
	}
	for line := range strings.SplitSeq(page, rowEnd) {
		if line == "" { // the page is empty
			break
		}
		m, err := parseLine(line)
		if err != nil {
			return err
		}
		add(m)
	}
	return nil
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
