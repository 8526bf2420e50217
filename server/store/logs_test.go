package store_test

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"deskhand"
	"deskhand/server/store/storetest"
)

var byStart = deskhand.LogFilter{Sort: deskhand.LogByStart}

func of(agentID string) deskhand.LogFilter {
	return deskhand.LogFilter{Of: agentID, Sort: deskhand.LogByStart}
}

func TestLogs(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a, b := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent)
		_, out := redeem(t, s, link(t, s, a, "4711"), client("pc", "198.51.100.7"))
		id := out.Session.ID
		s.Clock.Advance(time.Minute)
		for _, agent := range []deskhand.Agent{a, b, a} {
			v, _, err := s.OpenViewer(ctx, deskhand.Actor{AgentID: agent.ID, Name: agent.UserName, Address: "192.0.2." + agent.UserName}, id, "", deskhand.LevelControl)
			want(t, err, "")
			_, err = s.SetViewerState(ctx, endUser, v.ID, deskhand.ViewerWatching, deskhand.LevelControl)
			want(t, err, "")
			s.Clock.Advance(time.Minute)
		}
		want(t, s.SetNote(ctx, storetest.As(a), id, " printer\r\nsolved\u0000 \n"), "")
		_, err := s.EndSession(ctx, storetest.As(a), id, deskhand.ReasonEndedByAgent)
		want(t, err, "")
		for _, agentID := range []string{a.ID, b.ID, ""} {
			rows, next, err := s.Logs(ctx, of(agentID), "", 50)
			if err != nil || next != "" || len(rows) != 1 {
				t.Fatal(rows, next, err)
			}
			r := rows[0]
			if r.ID != id || r.Duration != 3*time.Minute || strings.Join(r.Agents, ",") != "rodney,anna" || r.AgentAddress != "192.0.2.rodney" ||
				r.ComputerAddress != "198.51.100.7" || r.OwnerName != "rodney" || r.OwnerID != a.ID || r.Ticket != "4711" || r.Computer != "pc" ||
				r.Consent != deskhand.ConsentControl || r.EndReason != deskhand.ReasonEndedByAgent || r.EndedBy != "rodney" ||
				r.Note != "printer\nsolved" || !r.EndedAt.Equal(s.Clock.Now()) || !r.StartedAt.Equal(s.Clock.Now().Add(-3*time.Minute)) {
				t.Fatalf("row %+v", r)
			}
			d, err := s.Log(ctx, agentID, id)
			want(t, err, "")
			if d.LogRow.ID != id || len(d.Viewers) != 3 || d.Viewers[1].AgentName != "anna" || len(d.Participants) != 1 || d.System == "" {
				t.Fatalf("details %+v", d)
			}
			var verbs []string
			for _, e := range d.Events {
				verbs = append(verbs, e.Verb)
			}
			if got := strings.Join(verbs, " "); !strings.HasPrefix(got, "session.start viewer.open viewer.allow ") || !strings.HasSuffix(got, " session.end") {
				t.Fatal(got)
			}
		}
		other := s.Agent(t, "kim", deskhand.RoleAgent)
		if rows, _, err := s.Logs(ctx, of(other.ID), "", 50); err != nil || len(rows) != 0 {
			t.Fatal(rows, err)
		}
		_, err = s.Log(ctx, other.ID, id)
		want(t, err, deskhand.CodeNotFound)
		_, err = s.Log(ctx, "", "nothing")
		want(t, err, deskhand.CodeNotFound)

		// A later note is found by its words, the earlier one no more.
		want(t, s.SetNote(ctx, storetest.As(a), id, "Straße"), "")
		for search, n := range map[string]int{"strass": 1, "printer": 0} {
			f := of(a.ID)
			f.Search = search
			if rows, _, _ := s.Logs(ctx, f, "", 50); len(rows) != n {
				t.Fatalf("%q: %d rows", search, len(rows))
			}
		}
		want(t, s.SetNote(ctx, storetest.As(a), "nothing", "x"), deskhand.CodeNotFound)
		_, _, err = s.Logs(ctx, deskhand.LogFilter{Sort: "note"}, "", 50)
		want(t, err, deskhand.CodeInvalid)

		// What retention deletes is gone from the log and what is searched.
		s.Exec(t, "DELETE FROM viewer")
		s.Exec(t, "DELETE FROM participant")
		s.Exec(t, "DELETE FROM session_agent")
		s.Exec(t, "DELETE FROM session")
		for _, f := range []deskhand.LogFilter{byStart, {Search: "strass", Sort: deskhand.LogByStart}, of(a.ID)} {
			if rows, _, err := s.Logs(ctx, f, "", 50); err != nil || len(rows) != 0 {
				t.Fatal(rows, err)
			}
		}
	})
}

// Sessions that ended before there was a log of their own come into it when a server opens the data.
func TestLogIsFilledOnce(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx, a := t.Context(), s.Agent(t, "rodney", deskhand.RoleAgent)
		for i := range 3 {
			_, out := redeem(t, s, link(t, s, a, fmt.Sprint(i)), client("pc", "198.51.100.7"))
			_, err := s.EndSession(ctx, endUser, out.Session.ID, deskhand.ReasonEndedByEndUser)
			want(t, err, "")
		}
		s.Exec(t, "DELETE FROM log")
		s.Exec(t, "DELETE FROM setting WHERE name = 'log filled'")
		want(t, s.Close(), "")
		again := storetest.Reopen(t, s)
		f := of(a.ID)
		f.Search = "pc"
		if rows, _, err := again.Logs(ctx, f, "", 50); err != nil || len(rows) != 3 {
			t.Fatal(rows, err)
		}
		if n, more, err := again.CountLogs(ctx, f); n != 3 || more || err != nil {
			t.Fatal(n, more, err)
		}
	})
}

func TestCursorsOfOthersAreRefused(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		code := func(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }
		for _, bad := range []string{"x", "-", "!", code("startfalse"), code("starttrue\n1\n"), code("endfalse\n1\n1"), code("startfalse\n!\n"), code("endfalse\n1\nx")} {
			_, _, err := s.Logs(t.Context(), byStart, bad, 10)
			want(t, err, deskhand.CodeInvalid)
		}
		for _, f := range []deskhand.LogFilter{byStart, {Sort: deskhand.LogByTicket, Search: "\x00'\"%_\\ a*", From: time.Unix(1, 0), To: time.Unix(2, 0)}} {
			if _, _, err := s.Logs(t.Context(), f, code(string(f.Sort)+"false\n1\n"+map[bool]string{true: "1", false: "\x00\xff"}[f.Sort == "start"]), 10); err != nil {
				t.Fatal(err)
			}
		}
	})
}

var made = struct{ names, computers, tickets, notes []string }{
	[]string{"A. Martin", "Jürgen Weißenfels", "Inês Carvalho", "陳美玲", "", "100% \"sure\"", "o'neil_x"},
	[]string{"RECEPTION-02", "reception-03", "LAB", "Ünit", ""},
	[]string{"", "7", "47", "4711", "14711", "INC-0047"},
	[]string{"", "Drucker geht nicht", "PRINTER\nsolved", "a b", "c:\\temp"},
}

// put writes a session and its viewers as they end, without going through their lives.
func put(t testing.TB, s *storetest.Store, id string, at time.Time, long time.Duration, owner, viewer deskhand.Agent, kind deskhand.Type, pick func(int) int) deskhand.LogRow {
	r := deskhand.LogRow{
		ID: id, Type: kind, StartedAt: at, EndedAt: at.Add(long), Duration: long, Agents: []string{viewer.Name}, OwnerID: owner.ID, OwnerName: owner.Name,
		EndUserName: made.names[pick(len(made.names))], Computer: made.computers[pick(len(made.computers))], Ticket: made.tickets[pick(len(made.tickets))],
		Note: made.notes[pick(len(made.notes))], AgentAddress: "192.0.2.9", ComputerAddress: "2001:db8::1",
	}
	s.Exec(t, `INSERT INTO session (id, type, state, since, owner_id, invite_id, computer_id, ticket, end_user_name, computer, user_name, system, address,
		elevated, displays, created_at, ready_at, connected_at, ended_at, consent, end_reason, ended_by, note)
		VALUES ($1, $2, 'ended', $3, $4, '', '', $5, $6, $7, '', '', $8, FALSE, 1, $9, $9, $9, $3, 'control', 'ended-by-agent', 'x', $10)`,
		id, r.Type, r.EndedAt.UnixMicro(), owner.ID, r.Ticket, r.EndUserName, r.Computer, r.ComputerAddress, r.StartedAt.UnixMicro(), r.Note)
	s.Exec(t, `INSERT INTO viewer (id, session_id, agent_id, address, level, state, since, opened_at, closed_at, reason, bytes_down, bytes_up)
		VALUES ($1, $2, $3, $4, 'control', 'closed', $5, $5, $5, 'viewer-closed', 0, 0)`, "v"+id, id, viewer.ID, r.AgentAddress, r.EndedAt.UnixMicro())
	for _, a := range []deskhand.Agent{owner, viewer} {
		s.Exec(t, "INSERT INTO session_agent (session_id, agent_id, ended_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", id, a.ID, r.EndedAt.UnixMicro())
	}
	return r
}

// Whatever is asked for: the pages together are what a plain look at every row finds, in order, and so are the total and the export.
func TestLogFiltersAgainstAPlainLook(t *testing.T) {
	storetest.Run(t, func(t *testing.T, s *storetest.Store) {
		ctx := t.Context()
		agents := []deskhand.Agent{s.Agent(t, "rodney", deskhand.RoleAgent), s.Agent(t, "anna", deskhand.RoleAgent), s.Agent(t, "elise", deskhand.RoleAgent)}
		start := s.Clock.Now()
		var rows []deskhand.LogRow
		random := uint32(7)
		pick := func(n int) int { random = random*1664525 + 1013904223; return int(random>>16) % n }
		for i := range 120 {
			kind := []deskhand.Type{deskhand.TypeAttended, deskhand.TypeUnattended}[pick(2)]
			at := start.Add(time.Duration(pick(40)) * time.Hour) // many at the same moment
			rows = append(rows, put(t, s, fmt.Sprintf("s%03d", i), at, time.Duration(pick(9))*time.Minute, agents[pick(3)], agents[pick(3)], kind, pick))
		}
		s.Exec(t, "DELETE FROM setting WHERE name = 'log filled'")
		want(t, s.Close(), "")
		again := storetest.Reopen(t, s)
		rapid.Check(t, func(t *rapid.T) {
			again.SetFew(rapid.SampledFrom([]int{0, 30, 5000}).Draw(t, "few"))
			maybe := func(of []string) string {
				return rapid.SampledFrom(append(make([]string, 2*len(of)), of...)).Draw(t, "text")
			}
			f := deskhand.LogFilter{
				Sort:      rapid.SampledFrom([]deskhand.LogSort{"start", "end", "duration", "agents", "owner", "endUser", "computer", "type", "ticket"}).Draw(t, "sort"),
				Ascending: rapid.Bool().Draw(t, "ascending"), Type: deskhand.Type(maybe([]string{"attended", "unattended", "command-prompt"})),
				EndUser: maybe([]string{"mart", "WEISS", "in", "%", "\"sure", "_", "美玲", "o'n"}), Computer: maybe([]string{"reception", "lab", "un"}),
				Ticket: maybe([]string{"47", "4711", "7", "inc-"}),
				Search: maybe([]string{"rodney", "drucker nicht", "ma", "a", "2001:db8", "192.0.2.9 anna", "c:\\temp", "nothing at all"}),
			}
			ids := []string{"", "", "", agents[0].ID, agents[1].ID, agents[2].ID}
			f.Of, f.AgentID = rapid.SampledFrom(ids).Draw(t, "of"), rapid.SampledFrom(ids).Draw(t, "agent")
			if rapid.Bool().Draw(t, "dates") {
				f.From = start.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "from")) * time.Hour)
				f.To = f.From.Add(time.Duration(rapid.IntRange(0, 20).Draw(t, "hours")) * time.Hour)
			}
			expect := plain(rows, f, agents)
			var got, exported []string
			var last *deskhand.LogRow
			for cursor := ""; ; {
				page, next, err := again.Logs(ctx, f, cursor, 7)
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range page {
					if last != nil && ordered(f, *last, r) > 0 {
						t.Fatalf("%+v comes after %+v", r, *last)
					}
					last = &r
					got = append(got, r.ID)
				}
				if cursor = next; cursor == "" {
					break
				}
			}
			for page, err := range again.AllLogs(ctx, f) {
				if err != nil {
					t.Fatal(err)
				}
				for _, r := range page {
					exported = append(exported, r.ID)
				}
			}
			if !slices.Equal(got, exported) {
				t.Fatalf("pages  %v\nexport %v", got, exported)
			}
			slices.Sort(got)
			if !slices.Equal(got, expect) {
				t.Fatalf("got  %v\nwant %v", got, expect)
			}
			if n, more, err := again.CountLogs(ctx, f); n != len(expect) || more || err != nil {
				t.Fatal(n, more, err, len(expect))
			}
		})
	})
}

var plainFold = strings.NewReplacer("ü", "u", "Ü", "u", "ê", "e", "é", "e", "ß", "ss", "\n", " ")

// plain are the ids that a filter finds, by looking at each row.
func plain(rows []deskhand.LogRow, f deskhand.LogFilter, agents []deskhand.Agent) []string {
	lower := func(s string) string { return plainFold.Replace(strings.ToLower(s)) }
	holds := func(text, part string) bool {
		text, part = " "+lower(text)+" ", lower(part)
		switch len([]rune(part)) {
		case 0:
			return true
		case 1:
			part = " " + part + " "
		case 2:
			part = " " + part
		}
		return strings.Contains(text, part)
	}
	found := []string{}
	for _, r := range rows {
		all := strings.Join([]string{r.EndUserName, r.Computer, r.Ticket, r.OwnerName, r.Agents[0], r.Note, r.AgentAddress, r.ComputerAddress}, " ")
		ok := holds(r.EndUserName, f.EndUser) && holds(r.Computer, f.Computer) && holds(r.Ticket, f.Ticket) && (f.Type == "" || r.Type == f.Type) &&
			!r.StartedAt.Before(f.From) && (f.To.IsZero() || r.StartedAt.Before(f.To))
		for word := range strings.FieldsSeq(f.Search) {
			ok = ok && holds(all, word)
		}
		for _, id := range []string{f.Of, f.AgentID} {
			i := slices.IndexFunc(agents, func(a deskhand.Agent) bool { return a.ID == id })
			ok = ok && (id == "" || r.OwnerID == id || r.Agents[0] == agents[i].Name)
		}
		if ok {
			found = append(found, r.ID)
		}
	}
	slices.Sort(found)
	return found
}

// ordered compares two rows by the filter's order.
func ordered(f deskhand.LogFilter, a, b deskhand.LogRow) int {
	if !f.Ascending {
		a, b = b, a
	}
	text := func(a, b string) int {
		return cmp.Compare(plainFold.Replace(strings.ToLower(a)), plainFold.Replace(strings.ToLower(b)))
	}
	switch f.Sort {
	case deskhand.LogByStart:
		return a.StartedAt.Compare(b.StartedAt)
	case deskhand.LogByEnd:
		return a.EndedAt.Compare(b.EndedAt)
	case deskhand.LogByDuration:
		return cmp.Compare(a.Duration, b.Duration)
	case deskhand.LogByAgents:
		return text(a.Agents[0], b.Agents[0])
	case deskhand.LogByOwner:
		return text(a.OwnerName, b.OwnerName)
	case deskhand.LogByEndUser:
		return text(a.EndUserName, b.EndUserName)
	case deskhand.LogByComputer:
		return text(a.Computer, b.Computer)
	case deskhand.LogByTicket:
		return text(a.Ticket, b.Ticket)
	}
	return cmp.Compare(a.Type, b.Type)
}
