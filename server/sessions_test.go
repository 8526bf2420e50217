package server_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"deskhand"
	"deskhand/server"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
	"deskhand/wire"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// allowed lets a client answer the next view with control.
func allow(c *servertest.Client) *servertest.Meeting {
	m := c.Meet()
	c.State(m.Open.ViewerId, wire.ViewerState_ASKING, 0, "")
	c.State(m.Open.ViewerId, wire.ViewerState_WATCHING, wire.Level_LEVEL_CONTROL, "")
	return m
}

func inState(t *testing.T, a *servertest.Agent, id string, want deskhand.State) {
	t.Helper()
	servertest.Eventually(t, "session is "+string(want), func() bool { return a.Session(id).State == want })
}

func logRow(t *testing.T, a *servertest.Agent, id string) httpapi.LogRow {
	t.Helper()
	var row httpapi.LogRow
	servertest.Eventually(t, "the session is in the log", func() bool {
		i := slices.IndexFunc(a.Logs(), func(r httpapi.LogRow) bool { return r.ID == id })
		if i >= 0 {
			row = a.Logs()[i]
		}
		return i >= 0
	})
	return row
}

// An end-user opens a link, downloads the client, and its name's code lets them in; the agent connects, and the log has the row.
func TestSessionByLink(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.AddAgent("rodney", deskhand.RoleAgent))
	code := linkCode(t, s, "/join/rodney/download?platform=linux-amd64&ticket=4711&name=A.+Martin")
	if n := len(rodney.Sessions()); n != 0 {
		t.Fatalf("%d sessions before a client came", n)
	}
	events := rodney.Events()
	c := s.Client("RECEPTION").In(code)
	if r := c.Redeemed; r.Agent.Name != "Rodney" || r.Agent.Title != "Support" || r.Agent.Id == "" || r.Ticket != "4711" || r.EndUserName != "A. Martin" {
		t.Fatalf("redeemed %+v", r)
	}
	if line := c.Line(); line.Place != 0 || line.Length != 1 {
		t.Fatalf("line %+v", line)
	}
	events.Await(deskhand.TopicSessions)
	list := rodney.Sessions()
	if len(list) != 1 || list[0].State != deskhand.StateReady || list[0].Computer != "RECEPTION" || list[0].Displays != 1 || !list[0].Mine ||
		list[0].Address != "127.0.0.1" || list[0].Ticket != "4711" {
		t.Fatalf("sessions %+v", list)
	}
	id := list[0].ID

	view := rodney.View("/api/sessions/"+id, "")
	meeting := allow(c)
	if g := meeting.Grant; g.Agent.Name != "Rodney" || g.Ticket != "4711" || g.Unattended {
		t.Errorf("grant %+v", g)
	}
	if a, b := meeting.Keys.Words("en"), (<-view.Keys).Words("en"); a != b || view.Ticket.ConsentSeconds != 30 || view.Ticket.ComputerName != "RECEPTION" {
		t.Errorf("words %v and %v, ticket %+v", a, b, view.Ticket)
	}
	inState(t, rodney, id, deskhand.StateConnected)
	if v := rodney.Session(id).Viewers; len(v) != 1 || v[0].State != deskhand.ViewerWatching || v[0].AgentName != "Rodney" {
		t.Errorf("viewers %+v", v)
	}
	note := "done"
	rodney.Must(http.MethodPatch, "/api/sessions/"+id, httpapi.SessionChange{Note: &note}, nil)

	rodney.Must(http.MethodPost, "/api/sessions/"+id+"/end", nil, nil)
	if got := servertest.Await(c, (*wire.ServerSignal).GetSessionEnded); got.Reason != "ended-by-agent" {
		t.Errorf("the client hears %q", got.Reason)
	}
	view.Ended(t)
	events.Await(deskhand.TopicLogs)
	row := logRow(t, rodney, id)
	if row.Consent != deskhand.ConsentControl || row.EndReason != deskhand.ReasonEndedByAgent || row.EndedBy != "Rodney" || row.Note != "done" ||
		!slices.Equal(row.Agents, []string{"Rodney"}) || row.Ticket != "4711" || row.Type != deskhand.TypeAttended || row.ComputerAddress != "127.0.0.1" {
		t.Errorf("row %+v", row)
	}
}

// linkCode downloads a client and reads the code in its name.
func linkCode(t *testing.T, s *servertest.Server, path string) string {
	t.Helper()
	shelf(t, s)
	resp := s.Nobody().Get(path, nil)
	location := resp.Header.Get("Location")
	n, ok := deskhand.ParseClientName(filepath.Base(location))
	if !ok || n.Host != "127.0.0.1" || !n.Plain {
		t.Fatalf("%s leads to %q (%d)", path, location, resp.StatusCode)
	}
	return n.Code
}

func TestSessionByConnectionID(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	id := rodney.ConnectionID()
	first := s.Client("FIRST").In(id.Code[:3] + " " + id.Code[3:])
	second := s.Client("SECOND").In(id.Code)
	if line := second.Line(); line.Place != 1 || line.Length != 2 {
		t.Fatalf("the second stands at %+v", line)
	}
	if line := servertest.Await(first, func(m *wire.ServerSignal) *wire.Line {
		if l := m.GetLine(); l.GetLength() == 2 {
			return l
		}
		return nil
	}); line.Place != 0 {
		t.Fatalf("the first stands at %+v", line)
	}
	session := rodney.Sessions()[0]
	if len(session.Line) != 2 || session.Line[1].Computer != "SECOND" || session.Line[1].Place != 1 || session.Line[0].Sharing == session.Line[1].Sharing {
		t.Fatalf("line %+v", session.Line)
	}

	// The agent picks the second: the ID is used up, the first keeps standing in line.
	view := rodney.View("/api/sessions/"+session.ID, session.Line[1].ID)
	allow(second)
	if line := servertest.Await(first, func(m *wire.ServerSignal) *wire.Line {
		if l := m.GetLine(); l.GetPlace() == 1 {
			return l
		}
		return nil
	}); line.Length != 2 {
		t.Fatalf("the first stands at %+v", line)
	}
	inState(t, rodney, session.ID, deskhand.StateConnected)
	if r := s.Client("LATE").Redeem(id.Code); r == nil || r.Code != string(wire.RefusedUsed) {
		t.Fatalf("a used ID: %v", r)
	}
	var open httpapi.List[httpapi.ConnectionID]
	if rodney.Must(http.MethodGet, "/api/invites/ids", nil, &open); len(open.Items) != 0 {
		t.Errorf("open IDs %+v", open.Items)
	}

	// The tab is closed: the session is ready again; who stands in line cannot end it for the other.
	view.Close()
	inState(t, rodney, session.ID, deskhand.StateReady)
	first.Stop()
	if got := servertest.Await(first, (*wire.ServerSignal).GetSessionEnded); got.Reason != "ended-by-end-user" {
		t.Errorf("who left hears %q", got.Reason)
	}
	if got := rodney.Session(session.ID); got.State != deskhand.StateReady || len(got.Line) != 1 || got.Line[0].Computer != "SECOND" {
		t.Errorf("after that: %+v", got)
	}
	second.Stop()
	servertest.Await(second, (*wire.ServerSignal).GetSessionEnded)
	if row := logRow(t, rodney, session.ID); row.EndReason != deskhand.ReasonEndedByEndUser || row.EndedBy != "end-user" {
		t.Errorf("row %+v", row)
	}
}

// Wrong, expired and removed codes get the same answer; more than five make the network wait, and only wrong ones count.
func TestWrongCodes(t *testing.T) {
	clock := &servertest.Clock{}
	s := servertest.New(t, func(c *server.Config) { c.Now = clock.Now })
	rodney := s.Login(s.Admin)
	expired := rodney.ConnectionID()
	clock.Add(deskhand.ConnectionIDLifetime + time.Second)
	valid, removed := rodney.ConnectionID(), rodney.ConnectionID()
	rodney.Must(http.MethodDelete, "/api/invites/ids/"+removed.ID, nil, nil)
	never := "000000"
	for never == valid.Code || never == removed.Code || never == expired.Code {
		never = "111111"
	}
	c := s.Client("X")
	var answers []string
	for _, code := range []string{expired.Code, removed.Code, never, "12345x", "nosuchlinkcode"} {
		began := time.Now()
		r := c.Redeem(code)
		if r == nil {
			t.Fatalf("%s let in", code)
		}
		if took := time.Since(began); took < 300*time.Millisecond {
			t.Errorf("%s: answered after %v", code, took)
		}
		answers = append(answers, r.String())
	}
	if len(slices.Compact(answers)) != 1 || !strings.Contains(answers[0], "wrong-code") {
		t.Errorf("answers %v", answers)
	}
	if r := c.Redeem(valid.Code); r == nil || r.Code != string(wire.RefusedThrottled) || r.RetryAfterSeconds != 1 {
		t.Fatalf("after five wrong ones: %v", r)
	}
	clock.Add(2 * time.Second)
	if r := c.Redeem(valid.Code); r != nil {
		t.Fatalf("after the wait: %v", r)
	}
}

func TestDeniedAndUnansweredAreInTheLog(t *testing.T) {
	for _, tt := range []struct {
		state   wire.ViewerState_State
		consent deskhand.Consent
		reason  deskhand.Reason
	}{
		{wire.ViewerState_DENIED, deskhand.ConsentDenied, deskhand.ReasonDenied},
		{wire.ViewerState_UNANSWERED, deskhand.ConsentUnanswered, deskhand.ReasonUnanswered},
	} {
		t.Run(string(tt.consent), func(t *testing.T) {
			clock := &servertest.Clock{}
			s := servertest.New(t, func(c *server.Config) { c.Now = clock.Now })
			rodney := s.Login(s.Admin)
			c := s.Client("PC").In(rodney.ConnectionID().Code)
			id := rodney.Sessions()[0].ID
			view := rodney.View("/api/sessions/"+id, "")
			m := c.Meet()
			c.State(m.Open.ViewerId, wire.ViewerState_ASKING, 0, "")
			inState(t, rodney, id, deskhand.StateAsking)
			c.State(m.Open.ViewerId, tt.state, 0, "")
			inState(t, rodney, id, deskhand.StateReady)
			view.Ended(t)
			if got := rodney.Session(id); got.Consent != tt.consent {
				t.Errorf("consent %s", got.Consent)
			}
			clock.Add(deskhand.ReadyLifetime + time.Second)
			if got := servertest.Await(c, (*wire.ServerSignal).GetSessionEnded); got.Reason != string(tt.reason) {
				t.Errorf("the client hears %q", got.Reason)
			}
			again := s.Login(s.Admin)
			if row := logRow(t, again, id); row.Consent != tt.consent || row.EndReason != tt.reason {
				t.Errorf("row %+v", row)
			}
		})
	}
}

// A client that is killed may come back for two minutes; then its session ends.
func TestLostClient(t *testing.T) {
	clock := &servertest.Clock{}
	s := servertest.New(t, func(c *server.Config) { c.Now = clock.Now })
	rodney := s.Login(s.Admin)
	c := s.Client("PC").In(rodney.ConnectionID().Code)
	id := rodney.Sessions()[0].ID
	c.Cut()
	inState(t, rodney, id, deskhand.StateReconnecting)
	if status, problem := rodney.Do(http.MethodPost, "/api/sessions/"+id+"/viewers", servertest.ViewRequest(make([]byte, 32), ""), nil); status != http.StatusServiceUnavailable || problem.Code != deskhand.CodeOffline {
		t.Errorf("connecting meanwhile: %d %+v", status, problem)
	}
	clock.Add(deskhand.ReconnectGrace / 2)
	back := s.Client("PC")
	if r := back.Resume(c.Redeemed); r != nil {
		t.Fatalf("coming back: %v", r)
	}
	inState(t, rodney, id, deskhand.StateReady)
	wrong := &wire.Redeemed{ParticipantId: c.Redeemed.ParticipantId, ParticipantSecret: make([]byte, 32)}
	if r := s.Client("PC").Resume(wrong); r == nil || r.Code != string(wire.RefusedWrongCode) {
		t.Errorf("coming back with a wrong secret: %v", r)
	}
	back.Cut()
	inState(t, rodney, id, deskhand.StateReconnecting)
	clock.Add(deskhand.ReconnectGrace + time.Second)
	again := s.Login(s.Admin)
	if row := logRow(t, again, id); row.EndReason != deskhand.ReasonClientLost || row.Consent != deskhand.ConsentNotAsked {
		t.Errorf("row %+v", row)
	}
	if r := s.Client("PC").Resume(c.Redeemed); r == nil || r.Code != string(wire.RefusedSessionOver) {
		t.Errorf("coming back too late: %v", r)
	}
}

// The newer connection of a client replaces the older.
func TestNewerConnectionReplaces(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	old := s.Client("PC").In(rodney.ConnectionID().Code)
	id := rodney.Sessions()[0].ID
	c := s.Client("PC")
	if r := c.Resume(old.Redeemed); r != nil {
		t.Fatal(r)
	}
	select {
	case err := <-old.Err:
		if wire.ReasonOf(err) != wire.ReasonReplaced {
			t.Errorf("the older one ends with %v", err)
		}
	case <-time.After(servertest.Within):
		t.Fatal("the older connection goes on")
	}
	rodney.View("/api/sessions/"+id, "")
	allow(c)
	inState(t, rodney, id, deskhand.StateConnected)
}

// The server stops and starts again: nobody hears of an end, the clients come back to their sessions.
func TestRestart(t *testing.T) {
	s := servertest.New(t)
	account := s.Admin
	rodney := s.Login(account)
	c := s.Client("PC").In(rodney.ConnectionID().Code)
	computer := s.Enrol(account, "SERVER")
	id := rodney.Sessions()[0].ID
	s.Stop()
	for _, one := range []*servertest.Client{c, computer} {
		for m := range one.Signals {
			if m.GetSessionEnded() != nil {
				t.Errorf("a client hears of an end: %v", m)
			}
		}
		if err := <-one.Err; wire.ReasonOf(err) != wire.ReasonServerStopping {
			t.Errorf("a client's connection ends with %v", err)
		}
	}
	s.Start()
	if s.Admin != account {
		t.Error("another first login was made")
	}
	if got := rodney.Session(id); got.State != deskhand.StateReconnecting {
		t.Errorf("after the restart the session is %s", got.State)
	}
	back := s.Client("PC")
	if r := back.Resume(c.Redeemed); r != nil {
		t.Fatalf("coming back: %v", r)
	}
	s.Computer("SERVER", computer.ID(), computer.Key())
	rodney.View("/api/sessions/"+id, "")
	allow(back)
	inState(t, rodney, id, deskhand.StateConnected)
}

func TestUnattended(t *testing.T) {
	s := servertest.New(t)
	owner, other := s.AddAgent("rodney", deskhand.RoleAgent), s.AddAgent("ann", deskhand.RoleAgent)
	rodney, ann := s.Login(owner), s.Login(other)
	computer := s.Enrol(owner, "SERVER")
	list := func(a *servertest.Agent) []httpapi.Computer {
		var l httpapi.List[httpapi.Computer]
		a.Must(http.MethodGet, "/api/computers", nil, &l)
		return l.Items
	}
	if got := list(rodney); len(got) != 1 || got[0].Status != "online" || got[0].Owner.Name != "Rodney" || got[0].Name != "SERVER" {
		t.Fatalf("computers %+v", got)
	}
	if got := list(ann); len(got) != 0 {
		t.Fatalf("another agent sees %+v", got)
	}
	path := "/api/computers/" + computer.ID()
	if status, _ := ann.Do(http.MethodPost, path+"/viewers", servertest.ViewRequest(make([]byte, 32), ""), nil); status != http.StatusNotFound {
		t.Errorf("another agent connects: %d", status)
	}
	view := rodney.View(path, "")
	m := computer.Meet()
	if !m.Open.Unattended || !m.Grant.Unattended || m.Grant.ComputerId != computer.ID() || !view.Ticket.Unattended {
		t.Errorf("open %+v, grant %+v", m.Open, m.Grant)
	}
	<-view.Keys // the computer's signature was verified
	computer.State(m.Open.ViewerId, wire.ViewerState_WATCHING, wire.Level_LEVEL_CONTROL, "")
	inState(t, rodney, view.Ticket.SessionID, deskhand.StateConnected)
	if got := list(rodney); got[0].Status != "in-use" {
		t.Errorf("status %s", got[0].Status)
	}
	rodney.Must(http.MethodDelete, "/api/sessions/"+view.Ticket.SessionID+"/viewers/"+view.Ticket.ViewerID, nil, nil)
	if got := servertest.Await(computer, (*wire.ServerSignal).GetCloseViewer); got.ViewerId != m.Open.ViewerId || got.Reason != "viewer-closed" {
		t.Errorf("the computer hears %+v", got)
	}
	if row := logRow(t, rodney, view.Ticket.SessionID); row.Type != deskhand.TypeUnattended || row.Consent != deskhand.ConsentNotNeeded {
		t.Errorf("row %+v", row)
	}
	computer.Cut()
	servertest.Eventually(t, "the computer is offline", func() bool { return list(rodney)[0].Status == "offline" })
	if status, problem := rodney.Do(http.MethodPost, path+"/viewers", servertest.ViewRequest(make([]byte, 32), ""), nil); status != http.StatusServiceUnavailable {
		t.Errorf("connecting to an offline computer: %d %+v", status, problem)
	}
}

// Another computer cannot pass for an enrolled one.
func TestComputerProof(t *testing.T) {
	s := servertest.New(t)
	computer := s.Enrol(s.Admin, "SERVER")
	c := s.Client("SERVER")
	c.Send(&wire.ClientSignal{Message: &wire.ClientSignal_ComputerProof{ComputerProof: &wire.ComputerProof{
		ComputerId: computer.ID(), Signature: make([]byte, 64),
	}}})
	if m := c.Next(); m.GetRefused().GetCode() != string(wire.RefusedNotEnrolled) {
		t.Errorf("answer %v", m)
	}
	c.Send(&wire.ClientSignal{Message: &wire.ClientSignal_ComputerProof{ComputerProof: &wire.ComputerProof{ComputerId: "nobody"}}})
	if m := c.Next(); m.GetRefused().GetCode() != string(wire.RefusedNotEnrolled) {
		t.Errorf("answer %v", m)
	}
}

// Logging out ends what the login has open, within two seconds.
func TestEndedLoginEndsItsSockets(t *testing.T) {
	for name, end := range map[string]func(*servertest.Server, *servertest.Agent){
		"logged out": func(_ *servertest.Server, a *servertest.Agent) { a.Must(http.MethodPost, "/api/logout", nil, nil) },
		"disabled by the command line": func(s *servertest.Server, a *servertest.Agent) {
			if err := s.Store().SetAgentDisabled(t.Context(), deskhand.Server, a.Me.ID, true); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := servertest.New(t)
			rodney := s.Login(s.AddAgent("rodney", deskhand.RoleAgent))
			events := rodney.Events()
			c := s.Client("PC").In(rodney.ConnectionID().Code)
			view := rodney.View("/api/sessions/"+rodney.Sessions()[0].ID, "")
			allow(c)
			began := time.Now()
			end(s, rodney)
			view.Ended(t)
			for {
				if kind, _ := events.Next(); kind == "login-ended" {
					break
				}
			}
			if took := time.Since(began); took > 2*time.Second {
				t.Errorf("it took %v", took)
			}
			if got := servertest.Await(c, (*wire.ServerSignal).GetCloseViewer); got.Reason != "login-ended" {
				t.Errorf("the client hears %q", got.Reason)
			}
		})
	}
}

func TestWrongPassword(t *testing.T) {
	s := servertest.New(t)
	var problems []httpapi.Problem
	for _, in := range []httpapi.LoginRequest{{UserName: s.Admin.UserName, Password: "wrong"}, {UserName: "nobody", Password: "wrong"}} {
		status, problem := s.Nobody().Do(http.MethodPost, "/api/login", in, nil)
		if status != http.StatusUnauthorized {
			t.Errorf("status %d", status)
		}
		problems = append(problems, problem)
	}
	if problems[0] != problems[1] || problems[0].Code != deskhand.CodeUnauthorized || problems[0].Hint == "" {
		t.Errorf("problems %+v", problems)
	}
	nobody := s.Nobody()
	for range 30 {
		status, problem := nobody.Do(http.MethodPost, "/api/login", httpapi.LoginRequest{UserName: s.Admin.UserName, Password: "wrong"}, nil)
		if status == http.StatusTooManyRequests {
			if problem.RetryAfter < 1 || problem.Code != deskhand.CodeThrottled {
				t.Errorf("problem %+v", problem)
			}
			return
		}
	}
	t.Error("30 wrong passwords and no wait")
}

// A client that says nothing, or too much, before it is known does not stay.
func TestHalfOpenClients(t *testing.T) {
	s := servertest.New(t)
	c := s.Client("PC")
	c.Send(&wire.ClientSignal{Message: &wire.ClientSignal_Redeem{Redeem: &wire.Redeem{
		Code: &wire.Redeem_LinkCode{LinkCode: strings.Repeat("x", wire.MaxHello)},
	}}})
	if err := <-c.Err; wire.ReasonOf(err) != wire.ReasonProtocol {
		t.Errorf("more than 4 KiB before it is known: %v", err)
	}
}

// shelf puts a client for Linux on the server's shelf.
func shelf(t *testing.T, s *servertest.Server) {
	t.Helper()
	dir := filepath.Join(s.Clients(), "linux-amd64")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "RemoteSupport"), []byte("program"), 0o755); err != nil {
		t.Fatal(err)
	}
}
