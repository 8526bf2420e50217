package server_test

import (
	"bufio"
	"bytes"
	"crypto/rand"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"deskhand"
	"deskhand/server"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
	"deskhand/server/store"
)

var update = flag.Bool("update", false, "write testdata/access.txt anew, to be read before it is committed")

const accessFile = "testdata/access.txt"

// TestAccess holds who may do what: every route × everybody × odd ways to write its path, in a file. A route without a row fails.
func TestAccess(t *testing.T) {
	s := servertest.New(t, func(c *server.Config) { c.TrustedProxies = []string{"127.0.0.1"} })
	routes := s.Routes()
	got := accessTable(t, s, routes)
	if *update {
		if err := os.WriteFile(accessFile, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(accessFile)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	have := bufio.NewScanner(bytes.NewReader(want))
	for _, line := range strings.Split(got, "\n") {
		old := ""
		if have.Scan() {
			old = have.Text()
		}
		if line != old {
			t.Fatalf("%s is other than the server:\nserver %s\nfile   %s\nrun: go test ./server -run TestAccess -update, and read the difference", accessFile, line, old)
		}
	}
	t.Fatalf("%s is longer than what the server does", accessFile)
}

// people are those who may ask, in the order of the columns.
func people(t *testing.T, s *servertest.Server) (names []string, agents []*servertest.Agent) {
	owner, other := s.AddAgent("owner", deskhand.RoleAgent), s.AddAgent("other", deskhand.RoleAgent)
	gone := s.AddAgent("gone", deskhand.RoleAgent)
	disabled := s.Login(gone)
	st := s.Store()
	defer st.Close()
	if err := st.SetAgentDisabled(t.Context(), deskhand.Server, gone.ID, true); err != nil {
		t.Fatal(err)
	}
	nothing, err := st.CreateRole(t.Context(), deskhand.Server, deskhand.RoleInfo{Name: "Nothing"})
	if err != nil {
		t.Fatal(err)
	}
	powerless := s.AddAgent("powerless", nothing.Role)
	return []string{"nobody", "forged", "disabled", "other", "owner", "administrator", "powerless", "half", "token"},
		[]*servertest.Agent{
			s.Nobody().Keep(), s.Forged(), disabled.Keep(), s.Login(other).Keep(), s.Login(owner).Keep(), s.Login(s.Admin).Keep(), s.Login(powerless).Keep(),
			halfLogin(t, s), s.Bearer(s.AdminToken(deskhand.AllScopes)),
		}
}

// halfLogin is an administrator's browser that showed the password but not the second factor, with the token for that as its cookie.
func halfLogin(t *testing.T, s *servertest.Server) *servertest.Agent {
	t.Helper()
	a := s.AddAgent("half", deskhand.RoleAdministrator)
	s.SecondFactor(a, []byte("12345678901234567890"))
	var answer httpapi.LoginAnswer
	s.Nobody().Must(http.MethodPost, "/api/login", httpapi.LoginRequest{UserName: a.UserName, Password: a.Password}, &answer)
	if answer.Me != nil || answer.Step == nil {
		t.Fatalf("logged in without the second factor: %+v", answer)
	}
	return s.WithCookie(answer.Step.Token)
}

// accessTable asks for everything as everybody. Each route is asked for with an id that exists where it has one.
func accessTable(t *testing.T, s *servertest.Server, routes []string) string {
	names, agents := people(t, s)
	for i, a := range agents {
		a.From(fmt.Sprintf("198.51.100.%d", i+1)) // what is limited by address is so for each of them alone
	}
	owner := agents[4]
	var b strings.Builder
	fmt.Fprintf(&b, "# Status by who asks. Written by: go test ./server -run TestAccess -update\n# %-46s", "route")
	for _, n := range names {
		fmt.Fprintf(&b, " %13s", n)
	}
	b.WriteString("\n")
	for _, route := range routes {
		method, pattern, _ := strings.Cut(route, " ")
		fmt.Fprintf(&b, "%-48s", route)
		for i, a := range agents {
			session := openSession(t, s, owner, pattern)
			status := ask(s, a, method, session.fill(pattern), bodyOf(method, pattern, session))
			fmt.Fprintf(&b, " %13d", status)
			session.end()
			if i > 2 && i < 7 && pattern == "/api/logout" {
				agents[i] = s.Login(map[int]servertest.Account{
					3: {UserName: "other", Password: "correct horse other"},
					4: {UserName: "owner", Password: "correct horse owner"}, 5: s.Admin,
					6: {UserName: "powerless", Password: "correct horse powerless"},
				}[i]).Keep()
				owner = agents[4]
			}
		}
		b.WriteString("\n")
	}
	b.WriteString("\n# Odd ways to write a path, as the administrator: none of them reaches a route that the plain one does not.\n")
	for _, path := range oddPaths {
		fmt.Fprintf(&b, "%-48s %d\n", path, raw(t, s, agents[5], path))
	}
	return b.String()
}

var oddPaths = []string{
	"//api/me", "/api//me", "/api/./me", "/api/../api/me", "/api/%2e%2e/api/me", "/api/%2e/me", "/api%2fme", "/%61pi/me", "/API/me", "/api/ME", "/api/me/",
	"/api/me%00", "/api\\me", "/api/me;x=1", "/api/me%3Bx", "/client/../api/me", "//example.com/api/me", "/api/sessions/%2e%2e/me", "/..%2f..%2fetc/passwd",
	"/assets/..%2findex.html", "/assets/%2e%2e/%2e%2e/go.mod", "/join/../api/me", "/JOIN/owner", "/join/owner/", "/download/..", "/s/", "/healthz/", "/metrics",
}

// scene is what a route's ids stand for.
type scene struct {
	session, viewer, participant, invite, computer, agent, role string
	webhook, colleague, login, token, group, prompt, code       string

	end func()
}

func (sc scene) fill(pattern string) string {
	id := sc.session
	switch {
	case strings.HasPrefix(pattern, "/api/invites/ids/"):
		id = sc.invite
	case strings.HasPrefix(pattern, "/api/computers/links/"):
		id = sc.invite
	case strings.HasPrefix(pattern, "/api/computers/"):
		id = sc.computer
	case strings.HasPrefix(pattern, "/api/groups/"):
		id = sc.group
	case strings.HasPrefix(pattern, "/api/agents/"):
		id = sc.agent
	case strings.HasPrefix(pattern, "/api/roles/"):
		id = sc.role
	case strings.HasPrefix(pattern, "/api/webhooks/"):
		id = sc.webhook
	case strings.HasPrefix(pattern, "/api/logins/"):
		id = sc.login
	case strings.HasPrefix(pattern, "/api/tokens/"):
		id = sc.token
	case strings.HasPrefix(pattern, "/api/prompts/"):
		id = sc.prompt
	case strings.HasPrefix(pattern, "/api/security/passkeys/"):
		id = "nobody-has-this-one"
	}
	return strings.NewReplacer("{id}", id, "{viewerId}", sc.viewer, "{promptId}", sc.prompt, "{agent}", "owner", "{short}", strings.Repeat("0", 26), "{code}", "u"+strings.Repeat("0", 26), "{platform}", "linux-amd64", "{delivery}", "1",
		"{file}", "x").Replace(pattern)
}

// openSession makes what the route is about: the owner's session with a client, a connection ID, a computer.
func openSession(t *testing.T, s *servertest.Server, owner *servertest.Agent, pattern string) scene {
	t.Helper()
	sc := scene{end: func() {}}
	switch {
	case strings.HasPrefix(pattern, "/api/invites/ids/"):
		sc.invite = owner.ConnectionID().ID
		sc.end = func() { owner.Do(http.MethodDelete, "/api/invites/ids/"+sc.invite, nil, nil) }
	case strings.HasPrefix(pattern, "/api/webhooks/"):
		st := s.Store()
		w, err := st.CreateWebhook(t.Context(), adminActor(t, s, st), deskhand.Webhook{URL: "https://deskhand.invalid/", Events: deskhand.WebhookEvents})
		if err != nil {
			t.Fatal(err)
		}
		sc.webhook, sc.end = w.ID, func() { _ = st.RemoveWebhook(t.Context(), deskhand.Server, w.ID); _ = st.Close() }
	case strings.HasPrefix(pattern, "/api/logins/{id}"):
		sc.login = s.Login(servertest.Account{UserName: "owner", Password: "correct horse owner"}).CurrentLogin()
		sc.end = func() { owner.Do(http.MethodDelete, "/api/logins/"+sc.login, nil, nil) }
	case strings.HasPrefix(pattern, "/api/tokens/"):
		var made httpapi.NewToken
		owner.Must(http.MethodPost, "/api/tokens", httpapi.TokenRequest{Name: "test", Scopes: []string{"logs:read"}}, &made)
		sc.token, sc.end = made.Token.ID, func() { owner.Do(http.MethodDelete, "/api/tokens/"+made.Token.ID, nil, nil) }
	case strings.HasPrefix(pattern, "/api/computers/links/"):
		var made httpapi.NewUnattendedLink
		owner.Must(http.MethodPost, "/api/computers/links", httpapi.UnattendedLinkRequest{Kind: deskhand.UnattendedEndUser}, &made)
		sc.invite, sc.code = made.ID, made.Code
		sc.end = func() { owner.Do(http.MethodDelete, "/api/computers/links/"+made.ID, nil, nil) }
	case strings.HasPrefix(pattern, "/api/computers/"):
		c := s.Enrol(servertest.Account{UserName: "owner", Password: "correct horse owner"}, "SERVER")
		sc.computer, sc.end = c.ID(), c.Cut
	case strings.HasPrefix(pattern, "/api/groups/"):
		var made httpapi.Group
		owner.Must(http.MethodPost, "/api/groups", httpapi.GroupRequest{Name: "Kitchen", Visibility: deskhand.VisibleToOwner}, &made)
		sc.group, sc.end = made.ID, func() { owner.Do(http.MethodDelete, "/api/groups/"+made.ID, nil, nil) }
	case strings.HasPrefix(pattern, "/api/agents/"), strings.HasPrefix(pattern, "/api/roles/"):
		sc.agent, sc.role = invitedAgent(t, s), madeRole(t, s)
	case strings.HasPrefix(pattern, "/api/sessions/"), strings.HasPrefix(pattern, "/api/calls/"), strings.HasPrefix(pattern, "/api/logs/{id}"), strings.HasPrefix(pattern, "/api/prompts/"):
		var colleagues httpapi.List[httpapi.Colleague]
		owner.Must(http.MethodGet, "/api/colleagues", nil, &colleagues)
		sc.colleague = colleagues.Items[0].ID
		id := owner.ConnectionID()
		c := s.Client("PC").In(id.Code)
		sc.session, sc.participant = c.Redeemed.SessionId, c.Redeemed.ParticipantId
		if strings.Contains(pattern, "prompts/") {
			var p httpapi.PromptTicket
			owner.Must(http.MethodPost, "/api/sessions/"+sc.session+"/prompts", servertest.PromptRequest(make([]byte, 32)), &p)
			sc.prompt = p.PromptID
		}
		if strings.HasPrefix(pattern, "/api/logs/") {
			owner.Must(http.MethodPost, "/api/sessions/"+sc.session+"/end", nil, nil)
		}
		if strings.Contains(pattern, "{viewerId}") {
			var v httpapi.ViewerTicket
			owner.Must(http.MethodPost, "/api/sessions/"+sc.session+"/viewers", servertest.ViewRequest(make([]byte, 32), ""), &v)
			sc.viewer = v.ViewerID
		}
		sc.end = func() {
			owner.Do(http.MethodPost, "/api/sessions/"+sc.session+"/end", nil, nil)
			owner.Do(http.MethodDelete, "/api/invites/ids/"+id.ID, nil, nil)
			c.Cut()
		}
	}
	return sc
}

// invitedAgent is a fresh agent who has not chosen a password yet.
func invitedAgent(t *testing.T, s *servertest.Server) string {
	st := s.Store()
	defer st.Close()
	token := rand.Text()
	a, _, err := st.InviteAgent(t.Context(), deskhand.Server, deskhand.Agent{UserName: strings.ToLower(token)}, "none", []byte(token))
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

// madeRole is a fresh role that nobody has.
func madeRole(t *testing.T, s *servertest.Server) string {
	st := s.Store()
	defer st.Close()
	r, err := st.CreateRole(t.Context(), deskhand.Server, deskhand.RoleInfo{Name: rand.Text()})
	if err != nil {
		t.Fatal(err)
	}
	return string(r.Role)
}

func bodyOf(method, pattern string, sc scene) any {
	switch method + " " + pattern {
	case "POST /api/login":
		return httpapi.LoginRequest{UserName: "owner", Password: "correct horse owner"}
	case "POST /api/login/finish", "POST /api/login/sign-on/finish", "POST /api/password", "POST /api/password/forgot", "POST /api/password/reset", "POST /api/password/reset/check",
		"POST /api/security/recovery-codes", "POST /api/security/authenticator", "POST /api/security/authenticator/confirm",
		"POST /api/security/authenticator/remove", "POST /api/security/passkeys", "POST /api/security/passkeys/finish",
		"PATCH /api/security/passkeys/{id}", "POST /api/security/passkeys/{id}/remove", "POST /api/security/sign-on/unlink", "POST /api/tokens":
		return map[string]string{} // 422 says that whoever asks got through; a wrong password would count against all of them
	case "POST /api/webhooks":
		return httpapi.WebhookRequest{URL: "https://deskhand.invalid/", Events: deskhand.WebhookEvents}
	case "PATCH /api/me", "PATCH /api/sessions/{id}", "POST /api/invites/short", "PATCH /api/webhooks/{id}", "PATCH /api/branding", "POST /api/audit/verify":
		return map[string]string{}
	case "POST /api/sessions/{id}/viewers", "POST /api/computers/{id}/viewers":
		return servertest.ViewRequest(make([]byte, 32), "")
	case "POST /api/sessions/{id}/prompts", "POST /api/computers/{id}/prompts":
		return servertest.PromptRequest(make([]byte, 32))
	case "PATCH /api/logs/{id}":
		return httpapi.SessionChange{}
	case "POST /api/sessions/{id}/share":
		return httpapi.ShareRequest{ParticipantID: sc.participant}
	case "POST /api/agents":
		return httpapi.AgentRequest{UserName: strings.ToLower(rand.Text())}
	case "PATCH /api/agents/{id}":
		return map[string]string{"title": "Support"}
	case "POST /api/agents/disable", "POST /api/agents/enable":
		return httpapi.AgentChoice{IDs: []string{sc.agent}}
	case "PATCH /api/policy":
		return map[string]int{}
	case "POST /api/login/sign-on":
		return httpapi.SignOnStart{}
	case "PUT /api/sign-on", "POST /api/sign-on/test": // switched off it may be empty, to be tried it must be filled in
		return httpapi.SignOnRequest{Role: deskhand.RoleAgent}
	case "POST /api/invitation":
		return httpapi.InvitationToken{Token: "unknown"}
	case "POST /api/invitation/accept":
		return httpapi.AcceptRequest{InvitationToken: httpapi.InvitationToken{Token: "unknown"}, Password: "correct horse"}
	case "PATCH /api/computers/{id}":
		return httpapi.ComputerChange{Name: new("SERVER")}
	case "POST /api/computers/links":
		return httpapi.UnattendedLinkRequest{Kind: deskhand.UnattendedOwn}
	case "POST /api/computers/links/mail":
		return httpapi.UnattendedMailRequest{To: "end-user@example.com", Language: "en", URL: sc.code}
	case "POST /client/unattended":
		return httpapi.UnattendedCode{Code: "unknown"}
	case "POST /api/computers/move":
		return httpapi.ComputerMove{IDs: []string{sc.computer}, Visibility: deskhand.VisibleToOwner}
	case "POST /api/groups":
		return httpapi.GroupRequest{Name: rand.Text(), Visibility: deskhand.VisibleToOwner}
	case "PATCH /api/groups/{id}":
		return httpapi.GroupChange{Name: new("Kitchen")}
	case "POST /api/roles", "PUT /api/roles/{id}":
		return httpapi.RoleRequest{Name: rand.Text(), Permissions: []httpapi.Permission{}}
	case "POST /api/sessions/{id}/separate":
		return httpapi.ShareRequest{ParticipantID: sc.participant}
	case "POST /api/sessions/{id}/calls", "POST /api/sessions/{id}/transfer":
		return httpapi.CallRequest{AgentID: sc.colleague}
	case "POST /api/invites/mail":
		return httpapi.LinkMailRequest{To: "end-user@example.com", Language: "en"}
	case "POST /client/computers":
		return httpapi.Enrolment{UserName: "owner", Password: "correct horse owner", PublicKey: strings.Repeat("A", 43), ComputerName: "X", Replace: true}
	}
	return nil
}

// ask asks for a route; for sockets that pages open, as a page of the server, but without the upgrade.
func ask(s *servertest.Server, a *servertest.Agent, method, path string, body any) int {
	if path == "/api/events" || path == "/api/relay" {
		return a.Get(path, http.Header{"Origin": {s.URL.String()}}).StatusCode
	}
	status, _ := a.Do(method, path, body, nil)
	return status
}

// raw sends a path as it is, without the cleaning that a Go client does.
func raw(t *testing.T, s *servertest.Server, a *servertest.Agent, path string) int {
	t.Helper()
	conn := s.Dial()
	defer conn.Close()
	if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nCookie: %s\r\nConnection: close\r\n\r\n", path, s.URL.Host, a.Cookie()); err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// Everybody who is not named in the table as having a way in is kept out: the table itself keeps to these rules.
func TestAccessTableKeepsItsRules(t *testing.T) {
	b, err := os.ReadFile(accessFile)
	if err != nil {
		t.Fatal(err)
	}
	open := []string{
		"GET /api/welcome/logo.png", "GET /api/docs", "GET /api/openapi.json", "GET /api/welcome", "POST /api/login", "POST /api/invitation", "POST /api/invitation/accept", "GET /", "GET /healthz", "GET /readyz",
		"GET /download", "GET /join/{agent}", "GET /join/{agent}/download", "POST /join/{agent}/download", "GET /s/{short}", "GET /s/{short}/download",
		"POST /s/{short}/download", "GET /download/file", "POST /download/file", "GET /download/{platform}/{file}",
		"GET /client/signal", "GET /client/relay", "POST /client/computers", "POST /client/unattended", "GET /client/update", "GET /client/update/{platform}",
		"GET /unattended/{code}", "GET /unattended/{code}/download", "POST /unattended/{code}/download",
		"POST /api/login/finish", "POST /api/login/passkey", "POST /api/login/sign-on", "POST /api/login/sign-on/finish", "POST /api/password/forgot", "POST /api/password/reset", "POST /api/password/reset/check",
		"GET /api/relay", // the ticket is in the first frame
	}
	for _, line := range strings.Split(string(b), "\n") {
		f := strings.Fields(line)
		if len(f) < 8 || strings.HasPrefix(f[0], "#") {
			continue
		}
		route := f[0] + " " + f[1]
		if slices.Contains(open, route) {
			continue
		}
		if len(f) < 11 {
			t.Fatalf("%s: %d columns", route, len(f))
		}
		for _, status := range append(f[2:5:5], f[9]) { // nobody, forged, disabled, half
			if status != "401" && status != "403" {
				t.Errorf("%s: %s for somebody who is not logged in", route, status)
			}
		}
	}
}

func adminActor(t *testing.T, s *servertest.Server, st *store.Store) deskhand.Actor {
	t.Helper()
	a, err := st.AgentByUserName(t.Context(), s.Admin.UserName)
	if err != nil {
		t.Fatal(err)
	}
	return deskhand.Actor{AgentID: a.ID, Name: a.UserName}
}
