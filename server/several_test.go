package server_test

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"deskhand"
	"deskhand/server"
	"deskhand/server/httpapi"
	"deskhand/server/mail"
	"deskhand/server/mail/mailtest"
	"deskhand/server/servertest"
	"deskhand/wire"
)

// Who waits in line gets a session of their own: their client is told which, and an agent reaches it there.
func TestOwnSession(t *testing.T) {
	s := servertest.New(t)
	rodney := s.Login(s.Admin)
	id := rodney.ConnectionID()
	first := s.Client("FIRST").In(id.Code)
	second := s.Client("SECOND").In(id.Code)
	if line := second.Line(); line.Place != 1 {
		t.Fatalf("line %+v", line)
	}
	var own httpapi.Session
	rodney.Must(http.MethodPost, "/api/sessions/"+first.Redeemed.SessionId+"/separate", httpapi.ShareRequest{ParticipantID: second.Redeemed.ParticipantId}, &own)
	moved := servertest.Await(second, (*wire.ServerSignal).GetRedeemed)
	if moved.SessionId != own.ID || moved.ParticipantId != second.Redeemed.ParticipantId || string(moved.ParticipantSecret) != string(second.Redeemed.ParticipantSecret) {
		t.Errorf("the client is told %+v, the session is %s", moved, own.ID)
	}
	if line := second.Line(); line.Place != 0 || line.Length != 1 {
		t.Errorf("line %+v", line)
	}
	rodney.View("/api/sessions/"+own.ID, "")
	if m := allow(second); m.Open.SessionId != own.ID || !m.Grant.MayTakeControl {
		t.Errorf("open %+v", m.Open)
	}
	inState(t, rodney, own.ID, deskhand.StateConnected)
	inState(t, rodney, first.Redeemed.SessionId, deskhand.StateReady)
}

// A session goes to another agent: they are called, the end-user's client learns whose it is, and only the owner may take control.
func TestTransfer(t *testing.T) {
	s := servertest.New(t)
	rodney, ada := s.Login(s.AddAgent("rodney", deskhand.RoleAgent)), s.Login(s.AddAgent("ada", deskhand.RoleAgent))
	c := s.Client("PC").In(rodney.ConnectionID().Code)
	id := c.Redeemed.SessionId
	events := ada.Events()
	if status, _ := ada.Do(http.MethodPost, "/api/sessions/"+id+"/transfer", httpapi.CallRequest{AgentID: ada.Me.ID}, nil); status != http.StatusForbidden {
		t.Errorf("another agent takes the session: %d", status)
	}
	rodney.Must(http.MethodPost, "/api/sessions/"+id+"/transfer", httpapi.CallRequest{AgentID: ada.Me.ID}, nil)
	if r := servertest.Await(c, (*wire.ServerSignal).GetRedeemed); r.Agent.Id != ada.Me.ID || r.SessionId != id {
		t.Errorf("the client is told %+v", r)
	}
	events.Await(deskhand.TopicSessions)
	var calls httpapi.List[httpapi.Call]
	ada.Must(http.MethodGet, "/api/calls", nil, &calls)
	if len(calls.Items) != 1 || calls.Items[0].Kind != deskhand.CallTransferred || calls.Items[0].SessionID != id {
		t.Fatalf("calls %+v", calls.Items)
	}
	if !ada.Session(id).Mine || rodney.Session(id).Mine {
		t.Error("the session has the wrong owner")
	}
	rodney.View("/api/sessions/"+id, "")
	if m := allow(c); m.Grant.MayTakeControl {
		t.Error("who gave the session away may take control")
	}
}

// What a transfer changes counts at once, for views that are open: the new owner may take control, the old one may not any more.
func TestTransferChangesRightsAtOnce(t *testing.T) {
	s := servertest.New(t)
	rodney, ada := s.Login(s.AddAgent("rodney", deskhand.RoleAgent)), s.Login(s.AddAgent("ada", deskhand.RoleAgent))
	admin := s.Login(s.Admin)
	c := s.Client("PC").In(rodney.ConnectionID().Code)
	path := "/api/sessions/" + c.Redeemed.SessionId
	grants := map[string]bool{}
	for _, a := range []*servertest.Agent{rodney, ada, admin} {
		a.View(path, "")
		m := allow(c)
		grants[m.Open.ViewerId] = m.Grant.MayTakeControl
		inState(t, rodney, c.Redeemed.SessionId, deskhand.StateConnected)
		servertest.Eventually(t, "it watches", func() bool {
			viewers := rodney.Session(c.Redeemed.SessionId).Viewers
			return len(viewers) == len(grants) && viewers[len(viewers)-1].State == deskhand.ViewerWatching
		})
	}
	rodney.Must(http.MethodPost, path+"/transfer", httpapi.CallRequest{AgentID: ada.Me.ID}, nil)
	for range 2 { // of the administrator nothing changes
		r := servertest.Await(c, (*wire.ServerSignal).GetViewerRights)
		if grants[r.ViewerId] == r.MayTakeControl {
			t.Errorf("%s is told what it knows: %v", r.ViewerId, r.MayTakeControl)
		}
		delete(grants, r.ViewerId)
	}
	if len(grants) != 1 {
		t.Errorf("%d views have the rights of before", len(grants))
	}
	wantStatus(t, rodney, http.MethodPost, path+"/transfer", httpapi.CallRequest{AgentID: rodney.Me.ID}, 403, "")

	// So does a role: who is no administrator any more takes nothing.
	st := s.Store()
	lost, err := st.AgentByID(t.Context(), admin.Me.ID)
	if err != nil {
		t.Fatal(err)
	}
	s.AddAgent("boss", deskhand.RoleAdministrator)
	lost.Role = deskhand.RoleAgent
	if _, err := st.UpdateAgent(t.Context(), deskhand.Server, lost); err != nil {
		t.Fatal(err)
	}
	if r := servertest.Await(c, (*wire.ServerSignal).GetViewerRights); r.MayTakeControl || !grants[r.ViewerId] {
		t.Errorf("told %v", r)
	}
}

// A view that a role no longer permits ends, and says why.
func TestRoleChangeSaysWhyTheViewEnds(t *testing.T) {
	s := servertest.New(t)
	st := s.Store()
	helper, err := st.CreateRole(t.Context(), deskhand.Server, deskhand.RoleInfo{
		Name: "Helper", Permissions: deskhand.PermissionsOf(deskhand.MayControl, deskhand.MayMakeConnectionIDs),
	})
	if err != nil {
		t.Fatal(err)
	}
	rodney := s.Login(s.AddAgent("rodney", helper.Role))
	c := s.Client("PC").In(rodney.ConnectionID().Code)
	view := rodney.View("/api/sessions/"+c.Redeemed.SessionId, "")
	allow(c)
	inState(t, rodney, c.Redeemed.SessionId, deskhand.StateConnected)
	helper.Permissions = deskhand.PermissionsOf(deskhand.MayView)
	if _, err := st.UpdateRole(t.Context(), deskhand.Server, helper); err != nil {
		t.Fatal(err)
	}
	if got := wire.ReasonOf(view.Ended(t)); got != wire.ReasonRoleChanged {
		t.Errorf("the agent is told %q", got)
	}
	if got := servertest.Await(c, (*wire.ServerSignal).GetCloseViewer); got.Reason != string(wire.ReasonRoleChanged) {
		t.Errorf("the end-user's client is told %q", got.Reason)
	}
}

// What an API token opened ends with the token, or with its agent.
func TestViewsEndWithTheirToken(t *testing.T) {
	for name, end := range map[string]func(s *servertest.Server, rodney *servertest.Agent, token string){
		"removed": func(_ *servertest.Server, rodney *servertest.Agent, token string) {
			rodney.Must(http.MethodDelete, "/api/tokens/"+token, nil, nil)
		},
		"agent disabled": func(s *servertest.Server, rodney *servertest.Agent, _ string) {
			if err := s.Store().SetAgentDisabled(t.Context(), deskhand.Server, rodney.Me.ID, true); err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := servertest.New(t)
			rodney := s.Login(s.AddAgent("rodney", deskhand.RoleAgent))
			var made httpapi.NewToken
			rodney.Must(http.MethodPost, "/api/tokens", httpapi.TokenRequest{Name: "viewer", Scopes: []string{"viewers:write"}}, &made)
			c := s.Client("PC").In(rodney.ConnectionID().Code)
			view := s.Bearer(made.Secret).View("/api/sessions/"+c.Redeemed.SessionId, "")
			allow(c)
			inState(t, rodney, c.Redeemed.SessionId, deskhand.StateConnected)
			end(s, rodney, made.Token.ID)
			if got := wire.ReasonOf(view.Ended(t)); got != wire.ReasonLoginEnded {
				t.Errorf("the view ends with %q", got)
			}
		})
	}
}

// Seeing a session does not open a computer that is somebody's alone: nobody sits there who could say no.
func TestPrivateComputersAreNotJoined(t *testing.T) {
	s := servertest.New(t)
	owner := s.AddAgent("owner", deskhand.RoleAgent)
	other := s.Login(s.AddAgent("other", deskhand.RoleAgent))
	a := s.Login(owner)
	c := s.Enrol(owner, "SERVER")
	a.View("/api/computers/"+c.ID(), "")
	allow(c)
	id := a.Sessions()[0].ID
	inState(t, a, id, deskhand.StateConnected)
	path := "/api/sessions/" + id + "/viewers"
	wantStatus(t, other, http.MethodPost, path, servertest.ViewRequest(make([]byte, 32), ""), 403, "")
	a.Must(http.MethodPost, "/api/sessions/"+id+"/calls", httpapi.CallRequest{AgentID: other.Me.ID}, nil)
	wantStatus(t, other, http.MethodPost, path, servertest.ViewRequest(make([]byte, 32), ""), 200, "")
}

// The mail of a link says what Copy with instructions says.
func TestLinkMailIsTheConsolesMessage(t *testing.T) {
	values := map[string]string{"agent": "Rodney", "company": "Example IT", "name": "A. Martin", "ticket": "4711", "link": "https://example.com/join/rodney"}
	for _, language := range []string{"en", "de", "es", "fr", "it", "pt"} {
		b, err := os.ReadFile("../web/src/locales/" + language + "/sessions.json")
		if err != nil {
			t.Fatal(err)
		}
		var texts struct{ Message map[string]string }
		if err := json.Unmarshal(b, &texts); err != nil {
			t.Fatal(err)
		}
		say := func(key string, known map[string]string) string {
			return regexp.MustCompile(`\{\{(\w+)\}\}`).ReplaceAllStringFunc(texts.Message[key], func(m string) string { return known[m[2:len(m)-2]] })
		}
		for _, tt := range []struct {
			greeting, intro, subject string
			known                    map[string]string
		}{
			{"greetingName", "introCompany", "subjectTicket", values},
			{"greeting", "intro", "subject", map[string]string{"agent": "Rodney", "company": "", "name": "", "ticket": "", "link": "x"}},
		} {
			subject, text, err := mail.Compose("link", language, tt.known)
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Join([]string{
				say(tt.greeting, tt.known), "", say(tt.intro, tt.known), "", say("step1", tt.known), say("step2", tt.known), say("step3", tt.known), "", say("warning", tt.known),
			}, "\n")
			if strings.TrimSpace(text) != want || subject != say(tt.subject, tt.known) {
				t.Errorf("%s: %q\n%s\nwant\n%s", language, subject, text, want)
			}
		}
	}
}

// The server mails the link from its own address; an answer goes to the agent.
func TestLinkMail(t *testing.T) {
	post := mailtest.Start(t, mailtest.Options{})
	s := servertest.New(t, func(c *server.Config) { c.SMTP = post.Config() })
	rodney := s.Login(s.AddAgent("rodney", deskhand.RoleAgent))
	if !rodney.Me.SendsMail {
		t.Error("the console is not told that there are mails")
	}
	rodney.Must(http.MethodPost, "/api/invites/mail", httpapi.LinkMailRequest{
		To: "martin@example.com", Language: "de", Ticket: "4711", EndUserName: "A. Martin",
	}, nil)
	m := post.Next()
	if !strings.Contains(m.To, "martin@example.com") || !strings.Contains(m.ReplyTo, rodney.Me.Email) || !strings.Contains(m.From, "support@example.com") ||
		m.Subject != "Fernhilfe, Ticket 4711" || !strings.Contains(m.Text, s.URL.String()+"/join/rodney?ticket=4711&name=A.+Martin") {
		t.Errorf("mail %+v", m)
	}
	var short httpapi.ShortLink
	rodney.Must(http.MethodPost, "/api/invites/short", httpapi.ShortLinkRequest{Ticket: "1"}, &short)
	rodney.Must(http.MethodPost, "/api/invites/mail", httpapi.LinkMailRequest{To: "martin@example.com", Language: "en", Ticket: "1", Short: short.URL}, nil)
	if m := post.Next(); !strings.Contains(m.Text, short.URL) {
		t.Errorf("the short link is not in %q", m.Text)
	}
	admin := s.Login(s.Admin)
	if status, _ := admin.Do(http.MethodPost, "/api/invites/mail", httpapi.LinkMailRequest{To: "martin@example.com", Language: "en", Short: short.URL}, nil); status != http.StatusNotFound {
		t.Errorf("another agent's short link: %d", status)
	}
	status, problem := rodney.Do(http.MethodPost, "/api/invites/mail", httpapi.LinkMailRequest{To: "nowhere", Language: "en"}, nil)
	if status != http.StatusUnprocessableEntity || problem.Field != "to" {
		t.Errorf("a wrong address: %d, %+v", status, problem)
	}
}
