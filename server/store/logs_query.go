package store

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"

	"deskhand"
)

// few is up to how many rows are read and sorted by themselves. What a filter finds more often than that lies dense enough in every order to be
// met soon by walking along the order's index.
const few = 5000

// walked is how many rows are looked at along an order for an agent or a text. They are met among them soon, unless they lie all at the other end, as
// an agent's sessions do in the order of the owners: then all of them are gathered and sorted. Types and times are too many for that.
const walked = 5000

// sorting is a column that the log is sorted by, with the index of SQLite for it; place is the second column of each.
type sorting struct {
	column, index string
	number        bool // it is one; place alone needs no key
}

var sortings = map[deskhand.LogSort]sorting{
	deskhand.LogByStart:    {"place", "log_start", false},
	deskhand.LogByEnd:      {"ended_at", "log_end", true},
	deskhand.LogByDuration: {"duration", "log_duration", true},
	deskhand.LogByAgents:   {"agents_key", "log_agents", false},
	deskhand.LogByOwner:    {"owner_key", "log_owner", false},
	deskhand.LogByEndUser:  {"end_user_key", "log_end_user", false},
	deskhand.LogByComputer: {"computer_key", "log_computer", false},
	deskhand.LogByType:     {"type", "log_type", false},
	deskhand.LogByTicket:   {"ticket_key", "log_ticket", false},
}

func sortOf(by deskhand.LogSort) (sorting, error) {
	found, ok := sortings[by]
	if !ok {
		return found, invalid("sort", "The log cannot be sorted by this.", "Choose one of its columns.")
	}
	return found, nil
}

// way is an index by which the rows of a filter are reached.
type way string

const (
	byText  way = "text"
	byAgent way = "agent"
	byType  way = "type"
	byTime  way = "time"
	byPlace way = "place"  // of the few that another way has led to
	latest  way = "latest" // among the latest rows only
	walk    way = "walk"   // along the order, but only so far
	inOrder way = "order"  // along the order that is asked for; what does not fit is passed over
)

// search is a filter as it becomes SQL.
type search struct {
	postgres bool
	walked   int // see the constant
	needles  []needle
	agents   []string
	kind     deskhand.Type
	from, to int64 // places
	by       sorting
	match    string // the needles as FTS5 looks for them
	found    string // the places of the rows to look at, as JSON, when they are few
	counting bool   // the rows themselves are of no interest
	common   bool   // so many rows have the needles that one meets enough of them on the way
	after    *mark  // where the page before ended
	compare  string // of what comes after it
	order    string // of each column
	args     []any
}

func (t *tx) newSearch(f deskhand.LogFilter, by sorting) *search {
	const longest = 200 // characters of what is looked for
	f.EndUser, f.Computer = deskhand.CleanText(f.EndUser, longest), deskhand.CleanText(f.Computer, longest)
	f.Ticket, f.Search = deskhand.CleanText(f.Ticket, longest), deskhand.CleanText(f.Search, longest)
	s := &search{postgres: t.store.postgres, walked: t.store.walked, needles: needlesOf(f), kind: f.Type, to: math.MaxInt64, by: by}
	for _, id := range []string{f.Of, f.AgentID} {
		if id != "" && (len(s.agents) == 0 || s.agents[0] != id) {
			s.agents = append(s.agents, id)
		}
	}
	if !f.From.IsZero() {
		s.from = f.From.UnixMicro()
	}
	if !f.To.IsZero() {
		s.to = f.To.UnixMicro()
	}
	return s
}

// arg adds a value and is its name in the query.
func (s *search) arg(v any) string {
	s.args = append(s.args, v)
	return "$" + strconv.Itoa(len(s.args))
}

// ways are the indexes that could lead to the rows, those that usually find least first.
func (s *search) ways() (list []way) {
	if len(s.needles) > 0 {
		list = append(list, byText)
	}
	if len(s.agents) > 0 {
		list = append(list, byAgent)
	}
	if s.kind != "" {
		list = append(list, byType)
	}
	if s.from > 0 || s.to < math.MaxInt64 {
		list = append(list, byTime)
	}
	return list
}

// settlePlans lets PostgreSQL, which estimates well how often a text is found, choose alone. Compiling and workers cost more than any of these
// queries, a plan must know what is looked for, and each has an index. To count what is common it must not gather all that has it first.
func (t *tx) settlePlans(s *search) (err error) {
	gather := "on"
	if s.counting && len(s.needles) > 0 {
		if err = t.findCommon(s); s.common {
			gather = "off"
		}
	}
	if err != nil {
		return err
	}
	_, err = t.exec(`SELECT set_config('jit', 'off', true), set_config('plan_cache_mode', 'force_custom_plan', true),
		set_config('max_parallel_workers_per_gather', '0', true), set_config('enable_seqscan', 'off', true), set_config('enable_bitmapscan', $1, true)`, gather)
	return err
}

// findCommon finds out whether a quarter of the latest rows are what is looked for.
func (t *tx) findCommon(s *search) error {
	probe := *s
	from, _ := probe.rowsOf(latest, true)
	var n int
	err := t.row("SELECT count(*) FROM "+from, probe.args...).Scan(&n)
	s.common = n >= sampled/4
	return err
}

// choose picks the way for SQLite, whose planner knows nothing of how often a text is found: one that finds few rows when there is one,
// else the order itself.
func (t *tx) choose(s *search) (w way, err error) {
	if s.postgres {
		return inOrder, t.settlePlans(s)
	}
	ways := s.ways()
	if len(ways) == 0 {
		return inOrder, nil
	}
	if len(s.needles) > 0 {
		if s.match, err = t.match(s.needles); err != nil {
			return "", err
		}
	}
	if s.by.column == "place" && len(ways) == 1 {
		return ways[0], nil // each of them has this order
	}
	for _, w := range ways {
		probe := *s
		from, place := probe.rowsOf(w, false)
		places, err := all(t, oneInt, "SELECT "+place+" FROM "+from+" LIMIT "+probe.arg(t.store.few+1), probe.args...)
		if err != nil {
			return "", err
		}
		if len(places) <= t.store.few {
			b, err := json.Marshal(append([]int64{}, places...))
			s.found = string(b)
			return byPlace, err
		}
	}
	if s.by.column == "place" {
		return ways[0], nil
	}
	return inOrder, nil
}

func oneInt(r scanner) (n int64, err error) { return n, r.Scan(&n) }

// rowsOf is FROM and WHERE for a way, and the name of the place in it: all that the filter asks for, or only what the way itself leads to.
func (s *search) rowsOf(w way, whole bool) (query, place string) {
	join, place := s.joinLog(), "l.place"
	if s.postgres {
		if w == inOrder && len(s.agents) > 0 {
			w = byAgent
		}
	}
	var from string
	var where []string
	agents, kind, texts := s.agents, s.kind, s.needles
	switch w {
	case byText:
		from, place = "log_text", "log_text.rowid"
		where = append(where, "log_text MATCH "+s.arg(s.match))
	case byPlace:
		from, place = "json_each("+s.arg(s.found)+") f", "f.value"
	case byAgent:
		from, place = "log_agent a", "a.place"
		where = append(where, "a.agent_id = "+s.arg(agents[0]))
		agents = agents[1:]
	case byType:
		from = "log l INDEXED BY log_type"
		where, kind = append(where, "l.type = "+s.arg(kind)), ""
	case byTime:
		from = "log l INDEXED BY log_start"
	case walk:
		from, place = s.walk(), "walk.place"
	case latest:
		from = "(SELECT * FROM log ORDER BY place DESC LIMIT " + strconv.Itoa(sampled) + ") AS l"
	default:
		from = "log l"
		if !s.postgres {
			from += " INDEXED BY " + s.by.index
		}
	}
	alone := s.counting && w == byAgent && len(agents) == 0 && len(texts) == 0 // log_agent says all
	joined := w == byAgent
	apart := w == byText || w == byPlace || w == walk
	if !s.postgres && apart && whole && len(agents) > 0 {
		// Whose it is costs less to see than its texts, so it is asked first.
		from += " CROSS JOIN log_agent a ON a.place = " + place + " AND a.agent_id = " + s.arg(agents[0])
		agents, joined = agents[1:], true
	}
	if (apart || w == byAgent) && whole && !alone {
		from += join + place
	}
	where = append(where, s.between(w, place)...)
	if !whole {
		return from + " WHERE " + strings.Join(append(where, "TRUE"), " AND "), place
	}
	if kind != "" {
		column := "l.type = "
		if joined {
			column = "a.type = "
		}
		where = append(where, column+s.arg(kind))
	}
	for _, id := range agents {
		where = append(where, "EXISTS (SELECT 1 FROM log_agent m WHERE m.place = l.place AND m.agent_id = "+s.arg(id)+")")
	}
	for _, n := range texts {
		column, pattern := n.like()
		where = append(where, column+" LIKE "+s.arg(pattern)+` ESCAPE '\'`)
	}
	return from + " WHERE " + strings.Join(append(where, "TRUE"), " AND "), place
}

// joinLog comes from a place to its row; in SQLite in this order.
func (s *search) joinLog() string {
	if s.postgres {
		return " JOIN log l ON l.place = "
	}
	return " CROSS JOIN log l ON l.place = "
}

// walk is the places and keys of the next rows in the order, whatever they are.
func (s *search) walk() string {
	from := "log l"
	if !s.postgres {
		from += " INDEXED BY " + s.by.index
	}
	key := "l." + s.by.column
	where := append(s.endBetween(), s.beyond(key)...)
	return "(SELECT l.place AS place, " + key + " AS key FROM " + from + " WHERE " + strings.Join(append(where, "TRUE"), " AND ") +
		" ORDER BY " + key + s.order + ", l.place" + s.order + " LIMIT " + strconv.Itoa(s.walked) + ") AS walk"
}

// beyond are the rows after the page before.
func (s *search) beyond(key string) []string {
	if s.after == nil {
		return nil
	}
	var value any = s.after.key
	if s.by.number {
		value, _ = strconv.ParseInt(s.after.key, 10, 64) // parseCursor has looked
	}
	return []string{"(" + key + ", l.place)" + s.compare + "(" + s.arg(value) + ", " + s.arg(s.after.place) + ")"}
}

// between is the filter's time.
func (s *search) between(w way, place string) (where []string) {
	if s.from > 0 {
		where = append(where, place+" >= "+s.arg(s.from))
	}
	if s.to < math.MaxInt64 {
		where = append(where, place+" < "+s.arg(s.to))
	}
	if w == inOrder {
		where = append(where, s.endBetween()...)
	}
	return where
}

// endBetween bounds the end, too, when one walks by it: nothing that starts before a time ends later than the longest session after it.
func (s *search) endBetween() (where []string) {
	if s.by.column != "ended_at" {
		return nil
	}
	if s.from > 0 {
		where = append(where, "l.ended_at >= "+s.arg(s.from))
	}
	if s.to < math.MaxInt64 {
		where = append(where, "l.ended_at < "+s.arg(s.to)+" + (SELECT COALESCE(max(duration), 0) FROM log)")
	}
	return where
}

// planPage is how a page is looked for first.
func (t *tx) planPage(f deskhand.LogFilter, by sorting, after *mark, limit int) (*search, way, error) {
	s := t.newSearch(f, by)
	s.after, s.compare, s.order = after, " < ", " DESC"
	if f.Ascending {
		s.compare, s.order = " > ", ""
	}
	w, err := t.choose(s)
	if w == inOrder && by.column != "place" && len(s.agents)+len(s.needles) > 0 && limit <= maxLogPage+1 {
		w = walk
	}
	return s, w, err
}

// readPage reads a page as one text of its rows' lines.
func (t *tx) readPage(f deskhand.LogFilter, by sorting, after *mark, limit int) (page string, err error) {
	s, w, err := t.planPage(f, by, after, limit)
	if err != nil {
		return "", err
	}
	query, args := s.pageQuery(w, limit)
	page, err = oneString(t.row(query, args...))
	if err == nil && w == walk && (page == "" || strings.Count(page, rowEnd)+1 < limit) {
		query, args = s.gatherQuery(limit)
		page, err = oneString(t.row(query, args...))
	}
	return page, err
}

// pageQuery gives one text of the rows' lines, each with its key, unless they are sorted by place.
func (s *search) pageQuery(w way, limit int) (query string, args []any) {
	s.args = nil
	from, place := s.rowsOf(w, true)
	if s.by.column == "place" {
		if s.after != nil {
			from += " AND " + place + s.compare + s.arg(s.after.place)
		}
		return linesOf("SELECT " + logLine + " AS line FROM " + from + " ORDER BY " + place + s.order + " LIMIT " + s.arg(limit)), s.args
	}
	if w == walk {
		return s.chosen("SELECT walk.place AS place FROM " + from + " ORDER BY walk.key" + s.order + ", walk.place" + s.order + " LIMIT " + s.arg(limit)), s.args
	}
	key := "l." + s.by.column
	from = strings.Join(append([]string{from}, s.beyond(key)...), " AND ")
	return linesOf("SELECT " + s.keyedLine() + " AS line FROM " + from + " ORDER BY " + key + s.order + ", l.place" + s.order + " LIMIT " + s.arg(limit)), s.args
}

// gatherQuery is pageQuery by sorting all that the filter finds.
func (s *search) gatherQuery(limit int) (query string, args []any) {
	s.args = nil
	w, key := inOrder, "(l."+s.by.column+" || '')" // no index has this order
	if s.by.number {
		key = "(l." + s.by.column + " + 0)"
	}
	if !s.postgres {
		w = s.ways()[0]
	}
	from, place := s.rowsOf(w, true)
	if s.by.column == "type" && (w == byAgent || s.postgres && len(s.agents) > 0) {
		key = "(a.type || '')" // log_agent has it, too
	}
	from = strings.Join(append([]string{from}, s.beyond(key)...), " AND ")
	return s.chosen("SELECT " + place + " AS place FROM " + from + " ORDER BY " + key + s.order + ", " + place + s.order + " LIMIT " + s.arg(limit)), s.args
}

// chosen is the lines of a page's places, so that no other row is read whole.
func (s *search) chosen(places string) string {
	return linesOf("SELECT " + s.keyedLine() + " AS line FROM (" + places + ") AS chosen" + s.joinLog() + "chosen.place ORDER BY l." + s.by.column + s.order +
		", l.place" + s.order)
}

func (s *search) keyedLine() string {
	return strings.TrimSuffix(logLine, ")") + ", l." + s.by.column + ")"
}

func linesOf(page string) string {
	return "SELECT COALESCE(string_agg(line, '" + rowEnd + "'), '') FROM (" + page + ") AS page"
}

// countQuery counts one row more than are counted exactly.
func (t *tx) countQuery(f deskhand.LogFilter) (query string, args []any, err error) {
	s := t.newSearch(f, sortings[deskhand.LogByStart])
	s.counting = true
	w, err := t.choose(s)
	if err != nil {
		return "", nil, err
	}
	from, place := s.rowsOf(w, true)
	if s.common {
		from += " ORDER BY " + place + " DESC"
	}
	return "SELECT count(*) FROM (SELECT 1 FROM " + from + " LIMIT " + s.arg(deskhand.MaxLogTotal+1) + ") AS found", s.args, nil
}
