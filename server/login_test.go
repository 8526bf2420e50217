package server_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"deskhand"
	"deskhand/server"
	"deskhand/server/httpapi"
	"deskhand/server/mail/mailtest"
	"deskhand/server/servertest"
)

// codeAt is what an authenticator app with a key shows at a time.
func codeAt(t *testing.T, key string, at time.Time) string {
	t.Helper()
	secret, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(key)
	if err != nil {
		t.Fatal(err)
	}
	mac := hmac.New(sha1.New, secret)
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Unix()/30)))
	sum := mac.Sum(nil)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[sum[19]&0xf:])&0x7fffffff%1_000_000)
}

// login is the answer to a password.
func login(s *servertest.Server, a *servertest.Agent, who servertest.Account) httpapi.LoginAnswer {
	var answer httpapi.LoginAnswer
	a.Must(http.MethodPost, "/api/login", httpapi.LoginRequest{UserName: who.UserName, Password: who.Password}, &answer)
	return answer
}

func wantStatus(t *testing.T, a *servertest.Agent, method, path string, body any, want int, field string) {
	t.Helper()
	if status, p := a.Do(method, path, body, nil); status != want || p.Field != field {
		t.Fatalf("%s %s: %d %+v, want %d %q", method, path, status, p, want, field)
	}
}

func TestAuthenticatorApp(t *testing.T) {
	s := servertest.New(t)
	rodney := s.AddAgent("rodney", deskhand.RoleAgent)
	a := s.Login(rodney)
	right := httpapi.Confirmation{Password: rodney.Password}
	var setup httpapi.AuthenticatorSetup
	a.Must(http.MethodPost, "/api/security/authenticator", right, &setup)
	if answer := login(s, s.Nobody(), rodney); answer.Me == nil {
		t.Fatal("an app that is not confirmed counts already")
	}
	now := time.Now()
	next := now.Add(30 * time.Second) // counts as well, also when the minute turns meanwhile
	confirm := func(code string) map[string]string { return map[string]string{"code": code} }
	wantStatus(t, a, http.MethodPost, "/api/security/authenticator/confirm", confirm("abcdef"), 422, "code")
	var codes httpapi.RecoveryCodes
	a.Must(http.MethodPost, "/api/security/authenticator/confirm", confirm(codeAt(t, setup.Key, now)), &codes)
	if len(codes.RecoveryCodes) != 10 {
		t.Fatalf("recovery codes %v", codes)
	}

	// The password alone gives no cookie; the code does, once.
	browser := s.Nobody()
	step := login(s, browser, rodney).Step
	if step == nil || !step.Code || !step.RecoveryCode || browser.Cookie() != "" {
		t.Fatalf("%+v, cookie %q", step, browser.Cookie())
	}
	wantStatus(t, browser, http.MethodPost, "/api/login/finish", httpapi.LoginFinish{Token: step.Token, Code: codeAt(t, setup.Key, now)}, 401, "code")
	code := codeAt(t, setup.Key, next)
	browser.Must(http.MethodPost, "/api/login/finish", httpapi.LoginFinish{Token: step.Token, Code: code}, nil)
	wantStatus(t, browser, http.MethodGet, "/api/me", nil, 200, "")
	wantStatus(t, s.Nobody(), http.MethodPost, "/api/login/finish", httpapi.LoginFinish{Token: step.Token, Code: code}, 401, "token")
	again := login(s, s.Nobody(), rodney).Step
	wantStatus(t, s.Nobody(), http.MethodPost, "/api/login/finish", httpapi.LoginFinish{Token: again.Token, Code: code}, 401, "code")

	// A recovery code works once, however it is typed.
	recovery := strings.ToUpper(strings.ReplaceAll(codes.RecoveryCodes[3], "-", " "))
	s.Nobody().Must(http.MethodPost, "/api/login/finish", httpapi.LoginFinish{Token: again.Token, RecoveryCode: recovery}, nil)
	third := login(s, s.Nobody(), rodney).Step
	wantStatus(t, s.Nobody(), http.MethodPost, "/api/login/finish", httpapi.LoginFinish{Token: third.Token, RecoveryCode: recovery}, 401, "code")

	// Removing it wants the password; then the password is enough.
	wantStatus(t, browser, http.MethodPost, "/api/security/authenticator/remove", httpapi.Confirmation{Password: "wrong"}, 422, "password")
	browser.Must(http.MethodPost, "/api/security/authenticator/remove", right, nil)
	if answer := login(s, s.Nobody(), rodney); answer.Me == nil {
		t.Fatal("the removed app is asked for")
	}
}

// Guessing codes is slowed down however often the password is given anew.
func TestCodesCannotBeGuessed(t *testing.T) {
	s := servertest.New(t)
	rodney := s.AddAgent("rodney", deskhand.RoleAgent)
	s.SecondFactor(rodney, []byte("12345678901234567890"))
	throttled := false
	for range 4 {
		var answer httpapi.LoginAnswer
		if status, _ := s.Nobody().Do(http.MethodPost, "/api/login", httpapi.LoginRequest{UserName: rodney.UserName, Password: rodney.Password}, &answer); status == 429 {
			throttled = true
			break
		}
		for range 6 {
			status, p := s.Nobody().Do(http.MethodPost, "/api/login/finish", httpapi.LoginFinish{Token: answer.Step.Token, Code: "abcdef"}, nil)
			if status == 200 {
				t.Fatal("logged in")
			}
			throttled = throttled || status == 429 && p.RetryAfter > 0
		}
	}
	if !throttled {
		t.Error("24 wrong codes were all checked")
	}
}

func TestPasswordChangeEndsOtherLogins(t *testing.T) {
	s := servertest.New(t)
	rodney := s.AddAgent("rodney", deskhand.RoleAgent)
	here, there := s.Login(rodney), s.Login(rodney)
	events := there.Events()
	wantStatus(t, here, http.MethodPost, "/api/password", httpapi.PasswordChange{Current: "wrong", Password: "another horse battery"}, 422, "current")
	wantStatus(t, here, http.MethodPost, "/api/password", httpapi.PasswordChange{Current: rodney.Password, Password: "password12"}, 422, "password")
	here.Must(http.MethodPost, "/api/password", httpapi.PasswordChange{Current: rodney.Password, Password: "another horse battery"}, nil)
	for kind := ""; kind != "login-ended"; {
		kind, _ = events.Next()
	}
	wantStatus(t, there, http.MethodGet, "/api/me", nil, 401, "")
	wantStatus(t, here, http.MethodGet, "/api/me", nil, 200, "")
	rodney.Password = "another horse battery"
	third := s.Login(rodney)
	here.Must(http.MethodDelete, "/api/logins/"+third.CurrentLogin(), nil, nil)
	wantStatus(t, third, http.MethodGet, "/api/me", nil, 401, "")
}

func TestForgottenPassword(t *testing.T) {
	smtp := mailtest.Start(t, mailtest.Options{})
	s := servertest.New(t, func(c *server.Config) { c.SMTP = smtp.Config() })
	rodney := s.AddAgent("rodney", deskhand.RoleAgent)
	here := s.Login(rodney)
	email := "rodney@example.com"
	here.Must(http.MethodPatch, "/api/me", httpapi.ProfileChange{Email: &email}, nil)

	nobody := s.Nobody()
	for _, who := range []string{"nobody", "admin", "Rodney@Example.com"} { // alike for all; only one of them gets a mail
		wantStatus(t, nobody, http.MethodPost, "/api/password/forgot", httpapi.Forgotten{Who: who}, 204, "")
	}
	m := smtp.Next()
	if m.To != email || smtp.Waiting() != 0 {
		t.Fatalf("mail to %s, %d more", m.To, smtp.Waiting())
	}
	_, link, _ := strings.Cut(m.Text, s.URL.String())
	u, err := url.Parse(strings.Fields(link)[0])
	if err != nil || u.Path != "/reset" || len(u.Fragment) != 43 {
		t.Fatalf("link %q %v", link, err)
	}
	token := httpapi.ResetToken{Token: u.Fragment}
	for range 2 { // a preview uses nothing up
		nobody.Get("/reset", nil)
		nobody.Must(http.MethodPost, "/api/password/reset/check", token, nil)
	}
	wantStatus(t, nobody, http.MethodPost, "/api/password/reset", httpapi.ResetRequest{ResetToken: token, Password: "rodney"}, 422, "password")
	fresh := httpapi.ResetRequest{ResetToken: token, Password: "another horse battery"}
	wantStatus(t, nobody, http.MethodPost, "/api/password/reset", fresh, 204, "")
	wantStatus(t, nobody, http.MethodPost, "/api/password/reset", fresh, 404, "")
	wantStatus(t, here, http.MethodGet, "/api/me", nil, 401, "")
	rodney.Password = fresh.Password
	s.Login(rodney)
	if strings.Contains(s.Log(), token.Token) {
		t.Error("the token is in the log")
	}
}

func TestAdministratorLetsInAnew(t *testing.T) {
	s := servertest.New(t)
	rodney := s.AddAgent("rodney", deskhand.RoleAgent)
	s.SecondFactor(rodney, []byte("12345678901234567890"))
	admin := s.Login(s.Admin)
	var link httpapi.ResetLink
	admin.Must(http.MethodPost, "/api/agents/"+rodney.ID+"/reset-link", nil, &link)
	_, token, _ := strings.Cut(link.URL, "#")
	s.Nobody().Must(http.MethodPost, "/api/password/reset", httpapi.ResetRequest{ResetToken: httpapi.ResetToken{Token: token}, Password: "another horse battery"}, nil)
	rodney.Password = "another horse battery"
	if login(s, s.Nobody(), rodney).Step == nil {
		t.Fatal("a new password took the second factor away")
	}
	admin.Must(http.MethodPost, "/api/agents/"+rodney.ID+"/reset-second-factor", nil, nil)
	s.Login(rodney)
	for _, act := range []string{"reset-link", "reset-second-factor"} { // the own ones want the password
		wantStatus(t, admin, http.MethodPost, "/api/agents/"+admin.Me.ID+"/"+act, nil, 403, "")
	}
	wantStatus(t, s.Nobody(), http.MethodPost, "/api/password/forgot", httpapi.Forgotten{Who: "rodney"}, 503, "")
}

// The policy may want a second factor: then there is nothing but Settings until there is one.
func TestSecondFactorIsNeeded(t *testing.T) {
	s := servertest.New(t)
	rodney := s.AddAgent("rodney", deskhand.RoleAgent)
	a := s.Login(rodney)
	s.Login(s.Admin).Must(http.MethodPatch, "/api/policy", map[string]bool{"secondFactor": true}, nil)
	wantStatus(t, a, http.MethodGet, "/api/sessions", nil, 403, "secondFactor")
	wantStatus(t, a, http.MethodGet, "/api/security", nil, 200, "")
	if again := s.Login(rodney); !again.Me.NeedsSecondFactor {
		t.Error("the console is not told")
	}
	s.SecondFactor(rodney, []byte("12345678901234567890"))
	wantStatus(t, a, http.MethodGet, "/api/sessions", nil, 200, "")
}

// scopesOf are what a token needs for each route, as the API's document says; a route that is not in it is for no token.
func scopesOf(t *testing.T) map[string]string {
	t.Helper()
	var doc struct {
		Paths map[string]map[string]struct{ Description string }
	}
	if err := json.Unmarshal(httpapi.New(httpapi.Config{}).OpenAPI(), &doc); err != nil {
		t.Fatal(err)
	}
	scopes := map[string]string{}
	for path, operations := range doc.Paths {
		for method, o := range operations {
			if _, scope, ok := strings.Cut(o.Description, "API tokens need the scope "); ok {
				scopes[strings.ToUpper(method)+" "+path] = strings.TrimSuffix(scope, ".")
			}
		}
	}
	return scopes
}

// A token never reaches what its maker cannot, whatever its scopes, nor what its scopes leave out; one of a disabled agent reaches nothing.
func TestTokensNeverExceedTheirMaker(t *testing.T) {
	s := servertest.New(t)
	admin := s.Login(s.Admin)
	var list httpapi.TokenList
	admin.Must(http.MethodGet, "/api/tokens", nil, &list)
	st := s.Store()
	lead, err := st.CreateRole(t.Context(), deskhand.Server, deskhand.RoleInfo{
		Name: "Lead", Permissions: deskhand.PermissionsOf(deskhand.MayView, deskhand.MayManageAgents, deskhand.MayReadAudit),
	})
	if err != nil {
		t.Fatal(err)
	}
	makers := []servertest.Account{
		s.AddAgent("rodney", deskhand.RoleAgent), s.AddAgent("leader", lead.Role), {ID: admin.Me.ID, UserName: s.Admin.UserName, Password: s.Admin.Password},
	}
	needs, random := scopesOf(t), rand.New(rand.NewPCG(1, 2))
	for round := range 9 {
		maker, scopes := makers[round%3], []string{deskhand.AllScopes}
		if round > 2 {
			scopes = nil
			for _, i := range random.Perm(len(list.Scopes))[:1+random.IntN(4)] {
				scopes = append(scopes, list.Scopes[i])
			}
		}
		person, program := s.Login(maker), s.Bearer(s.Token(maker.ID, scopes...))
		for _, route := range s.Routes() {
			method, path, _ := strings.Cut(route, " ")
			if !strings.HasPrefix(path, "/api/") || slices.Contains([]string{"/api/relay", "/api/logout", "/api/logins/end-others"}, path) || paced[route] != "" {
				continue
			}
			path = strings.NewReplacer("{", "", "}", "").Replace(path)
			var body any
			if method != http.MethodGet && method != http.MethodDelete {
				body = map[string]string{}
			}
			his, _ := person.Do(method, path, body, nil)
			its, _ := program.Do(method, path, body, nil)
			scope := needs[route]
			within := scope != "" && (scopes[0] == deskhand.AllScopes || slices.Contains(scopes, scope))
			switch {
			case !within && its != http.StatusForbidden && its != http.StatusUnauthorized:
				t.Errorf("%s: %d for a token with %v, which needs %q", route, its, scopes, scope)
			case (his == http.StatusForbidden || his == http.StatusUnauthorized) && its != his:
				t.Errorf("%s: %d for a token with %v of %s, %d for them", route, its, scopes, maker.UserName, his)
			}
		}
	}
	gone := s.AddAgent("gone", deskhand.RoleAdministrator)
	program := s.Bearer(s.Token(gone.ID, deskhand.AllScopes))
	if err := st.SetAgentDisabled(t.Context(), deskhand.Server, gone.ID, true); err != nil {
		t.Fatal(err)
	}
	for route := range needs {
		method, path, _ := strings.Cut(route, " ")
		if status, _ := program.Do(method, path, nil, nil); status != http.StatusUnauthorized {
			t.Errorf("%s: %d for a token of a disabled agent", route, status)
		}
	}
}

// Whoever may manage agents makes nobody mightier than they are, by a token neither; nor does a token open a way to log in as somebody else.
func TestTokensMakeNobodyMightier(t *testing.T) {
	s := servertest.New(t)
	st := s.Store()
	lead, err := st.CreateRole(t.Context(), deskhand.Server, deskhand.RoleInfo{Name: "Lead", Permissions: deskhand.PermissionsOf(deskhand.MayView, deskhand.MayManageAgents)})
	if err != nil {
		t.Fatal(err)
	}
	trainee, err := st.CreateRole(t.Context(), deskhand.Server, deskhand.RoleInfo{Name: "Trainee", Permissions: deskhand.PermissionsOf(deskhand.MayView)})
	if err != nil {
		t.Fatal(err)
	}
	leader, pupil, admin := s.AddAgent("leader", lead.Role), s.AddAgent("pupil", trainee.Role), s.Login(s.Admin)
	program := s.Bearer(s.Token(leader.ID, "agents:write", "roles:write"))
	email := map[string]string{"email": "thief@example.com"}
	for _, tt := range []struct {
		method, path string
		body         any
		want         int
		field        string
	}{
		{"POST", "/api/agents", httpapi.AgentRequest{UserName: "fresh", Role: deskhand.RoleAdministrator}, 403, ""},
		{"POST", "/api/agents", httpapi.AgentRequest{UserName: "fresh", Role: deskhand.RoleAdministrator, Invite: true}, 403, ""},
		{"POST", "/api/agents", httpapi.AgentRequest{UserName: "fresh", Role: deskhand.RoleAgent}, 403, ""}, // it controls
		{"PATCH", "/api/agents/" + leader.ID, map[string]any{"role": "administrator"}, 403, ""},
		{"PATCH", "/api/agents/" + pupil.ID, map[string]any{"role": "administrator"}, 403, ""},
		{"PATCH", "/api/agents/" + admin.Me.ID, map[string]any{"title": "x"}, 403, ""},
		{"POST", "/api/agents/disable", httpapi.AgentChoice{IDs: []string{admin.Me.ID}}, 403, ""},
		{"PUT", "/api/roles/" + string(lead.Role), httpapi.RoleRequest{Name: "Lead", Permissions: []httpapi.Permission{"manage-settings"}}, 403, ""},
		{"POST", "/api/roles", httpapi.RoleRequest{Name: "x", Permissions: []httpapi.Permission{"control"}}, 403, ""},
		{"POST", "/api/agents/" + pupil.ID + "/reset-link", nil, 403, ""},
		{"POST", "/api/agents/" + pupil.ID + "/reset-second-factor", nil, 403, ""},
		{"PATCH", "/api/agents/" + pupil.ID, email, 403, "email"}, // a link for a new password would go there
		{"PATCH", "/api/agents/" + pupil.ID, map[string]any{"title": "Support"}, 200, ""},
		{"POST", "/api/agents", httpapi.AgentRequest{UserName: "fresh", Role: trainee.Role}, 201, ""},
		{"PATCH", "/api/agents/" + invitedAs(t, s, trainee.Role), email, 200, ""}, // who has not logged in yet
	} {
		if status, p := program.Do(tt.method, tt.path, tt.body, nil); status != tt.want || p.Field != tt.field {
			t.Errorf("%s %s %v: %d %+v, want %d", tt.method, tt.path, tt.body, status, p, tt.want)
		}
	}
}

func invitedAs(t *testing.T, s *servertest.Server, role deskhand.Role) string {
	t.Helper()
	st := s.Store()
	defer st.Close()
	a, _, err := st.InviteAgent(t.Context(), deskhand.Server, deskhand.Agent{UserName: "invited", Role: role}, "none", []byte("none"))
	if err != nil {
		t.Fatal(err)
	}
	return a.ID
}

// Before the second factor that the policy wants there is nothing that outlasts the login or lets others in.
func TestNothingOutlastsAnIncompleteLogin(t *testing.T) {
	s := servertest.New(t)
	admin, rodney := s.Login(s.Admin), s.AddAgent("rodney", deskhand.RoleAgent)
	admin.Must(http.MethodPatch, "/api/policy", map[string]bool{"secondFactor": true}, nil)
	wantStatus(t, admin, http.MethodPost, "/api/tokens", httpapi.TokenRequest{Name: "x", Scopes: []string{"*"}}, 403, "secondFactor")
	wantStatus(t, admin, http.MethodPost, "/api/agents/"+rodney.ID+"/reset-link", nil, 403, "secondFactor")
	wantStatus(t, admin, http.MethodPost, "/api/agents/"+rodney.ID+"/reset-second-factor", nil, 403, "secondFactor")
	wantStatus(t, admin, http.MethodGet, "/api/security", nil, 200, "")
}

// A computer is set up with all that a login takes.
func TestEnrollingWantsTheSecondFactor(t *testing.T) {
	s := servertest.New(t)
	rodney := s.AddAgent("rodney", deskhand.RoleAgent)
	replace := true
	enrol := func(code string) (int, httpapi.Problem) {
		return s.Nobody().Do(http.MethodPost, "/client/computers", httpapi.Enrolment{
			UserName: rodney.UserName, Password: rodney.Password, Code: code, PublicKey: strings.Repeat("A", 43), ComputerName: "PC", Replace: replace,
		}, nil)
	}
	admin := s.Login(s.Admin)
	admin.Must(http.MethodPatch, "/api/policy", map[string]bool{"secondFactor": true}, nil)
	if status, p := enrol(""); status != 403 || p.Field != "secondFactor" {
		t.Errorf("without the second factor that the policy wants: %d %+v", status, p)
	}
	a := s.Login(rodney)
	var setup httpapi.AuthenticatorSetup
	a.Must(http.MethodPost, "/api/security/authenticator", httpapi.Confirmation{Password: rodney.Password}, &setup)
	now := time.Now()
	var codes httpapi.RecoveryCodes
	a.Must(http.MethodPost, "/api/security/authenticator/confirm", map[string]string{"code": codeAt(t, setup.Key, now)}, &codes)
	for code, want := range map[string]int{"": 401, "000000": 401, "no-such-code-at-all": 401} {
		if status, p := enrol(code); status != want || p.Field != "code" || p.Hint == "" {
			t.Errorf("with the code %q: %d %+v", code, status, p)
		}
	}
	code := codeAt(t, setup.Key, now.Add(30*time.Second))
	if status, p := enrol(code); status != 200 {
		t.Errorf("with the right code: %d %+v", status, p)
	}
	if status, _ := enrol(code); status != 401 {
		t.Errorf("with the code again: %d", status)
	}
	replace = false
	if status, p := enrol(codes.RecoveryCodes[0]); status != 409 || p.Field != "replace" {
		t.Errorf("a second time: %d %+v", status, p)
	}
	replace = true // the code was not spent on the question
	if status, p := enrol(codes.RecoveryCodes[0]); status != 200 {
		t.Errorf("with a recovery code: %d %+v", status, p)
	}
	for range 30 {
		if status, _ := enrol("abcdef"); status == http.StatusTooManyRequests {
			return
		}
	}
	t.Error("codes can be guessed without end")
}

func TestTokensEndWithTheirMakerAndComeAlone(t *testing.T) {
	s := servertest.New(t)
	rodney := s.AddAgent("rodney", deskhand.RoleAgent)
	a := s.Login(rodney)
	wantStatus(t, a, http.MethodPost, "/api/tokens", httpapi.TokenRequest{Name: "x", Scopes: []string{"everything"}}, 422, "scopes")
	var made httpapi.NewToken
	a.Must(http.MethodPost, "/api/tokens", httpapi.TokenRequest{Name: "backup", Scopes: []string{"sessions:read", "settings:write"}}, &made)
	program := s.Bearer(made.Secret)
	wantStatus(t, program, http.MethodGet, "/api/sessions", nil, 200, "")
	wantStatus(t, program, http.MethodGet, "/api/logs", nil, 403, "")
	wantStatus(t, program, http.MethodPatch, "/api/me", map[string]string{"email": "thief@example.com"}, 403, "email")
	boss := s.AddAgent("boss", deskhand.RoleAdministrator)
	var mighty httpapi.NewToken
	s.Login(boss).Must(http.MethodPost, "/api/tokens", httpapi.TokenRequest{Name: "staff", Scopes: []string{"agents:write"}}, &mighty)
	wantStatus(t, s.Bearer(mighty.Secret), http.MethodPatch, "/api/agents/"+boss.ID, map[string]string{"email": "thief@example.com"}, 403, "email")
	for name, value := range map[string]string{"Origin": s.URL.String(), "Cookie": "x=y"} {
		header := http.Header{"Authorization": {"Bearer " + made.Secret}, name: {value}}
		if got := s.Nobody().Get("/api/sessions", header).StatusCode; got != 403 {
			t.Errorf("with %s: %d", name, got)
		}
	}
	wantStatus(t, s.Bearer(made.Secret+"x"), http.MethodGet, "/api/sessions", nil, 401, "")
	st := s.Store()
	if err := st.SetAgentDisabled(t.Context(), deskhand.Server, rodney.ID, true); err != nil {
		t.Fatal(err)
	}
	wantStatus(t, program, http.MethodGet, "/api/sessions", nil, 401, "")
}

// Who comes to a console that was left open makes no token, which would outlast the login.
func TestTokensWantThePasswordOfAnOlderLogin(t *testing.T) {
	clock := &servertest.Clock{}
	s := servertest.New(t, func(c *server.Config) { c.Now = clock.Now })
	rodney := s.AddAgent("rodney", deskhand.RoleAgent)
	a := s.Login(rodney)
	token := httpapi.TokenRequest{Name: "x", Scopes: []string{"sessions:read"}}
	var list httpapi.TokenList
	a.Must(http.MethodGet, "/api/tokens", nil, &list)
	if list.NeedsPassword {
		t.Error("a new login needs the password")
	}
	wantStatus(t, a, http.MethodPost, "/api/tokens", token, 201, "")
	token.Password = "wrong"
	wantStatus(t, a, http.MethodPost, "/api/tokens", token, 422, "password")
	clock.Add(5 * time.Minute)
	a.Must(http.MethodGet, "/api/tokens", nil, &list)
	if !list.NeedsPassword {
		t.Error("an older login needs no password")
	}
	token.Password = ""
	wantStatus(t, a, http.MethodPost, "/api/tokens", token, 422, "password")
	token.Password = rodney.Password
	wantStatus(t, a, http.MethodPost, "/api/tokens", token, 201, "")
}

// Wrong logins are in the audit, without what was typed.
func TestWrongLoginsAreAudited(t *testing.T) {
	s := servertest.New(t)
	rodney := s.AddAgent("rodney", deskhand.RoleAgent)
	for range 2 {
		for _, name := range []string{"rodney", "my secret passphrase"} {
			wantStatus(t, s.Nobody(), http.MethodPost, "/api/login", httpapi.LoginRequest{UserName: name, Password: "a wrong password"}, 401, "")
		}
	}
	admin := s.Login(s.Admin)
	var page struct{ Items []httpapi.AuditEvent }
	servertest.Eventually(t, "the wrong logins are in the audit", func() bool {
		admin.Must(http.MethodGet, "/api/audit?verb=agent.login-wrong", nil, &page)
		return len(page.Items) == 2
	})
	subjects := map[string]bool{}
	for _, e := range page.Items {
		subjects[e.Subject] = true
		if e.Detail["count"] != "1" || strings.Contains(fmt.Sprint(e), "secret") || strings.Contains(fmt.Sprint(e), "a wrong") {
			t.Errorf("%+v", e)
		}
	}
	if !subjects[rodney.ID] || !subjects[""] {
		t.Errorf("about %v", subjects)
	}
}
