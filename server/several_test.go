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
		m.Subject != "Fernwartung, Ticket 4711" || !strings.Contains(m.Text, s.URL.String()+"/join/rodney?ticket=4711&name=A.+Martin") {
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
