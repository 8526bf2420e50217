package server_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"deskhand"
	"deskhand/server"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
	"deskhand/server/signon/signontest"
)

// signOnRequest is what an administrator saves for a provider.
func signOnRequest(p *signontest.Provider) httpapi.SignOnRequest {
	secret := signontest.ClientSecret
	return httpapi.SignOnRequest{
		Enabled: true, Issuer: p.Issuer, ClientID: signontest.ClientID, ClientSecret: &secret, Label: "Example ID", FindByEmail: true, Role: deskhand.RoleAgent,
	}
}

// signOnServer is a server with a provider, and rodney, who has an account there.
func signOnServer(t *testing.T, options ...func(*server.Config)) (*servertest.Server, *signontest.Provider, *servertest.Agent) {
	t.Helper()
	p := signontest.Start(t, signontest.Account{Subject: "1001", UserName: "rodney.t", Name: "Rodney Trotter", Email: "rodney@example.com", EmailVerified: true},
		signontest.Account{Subject: "1002", UserName: "stranger", Name: "A. Stranger", Email: "stranger@example.com", EmailVerified: true})
	s := servertest.New(t, options...)
	admin := s.Login(s.Admin)
	rodney := s.AddAgent("rodney", deskhand.RoleAgent)
	admin.Must(http.MethodPatch, "/api/agents/"+rodney.ID, map[string]string{"email": "Rodney@example.com"}, nil)
	admin.Must(http.MethodPut, "/api/sign-on", signOnRequest(p), nil)
	return s, p, admin
}

// atProvider begins a login and logs in at the provider: what the browser comes back with.
func atProvider(t *testing.T, a *servertest.Agent, p *signontest.Provider, account, back string) httpapi.SignOnAnswer {
	t.Helper()
	var begun struct{ URL string }
	a.Must(http.MethodPost, "/api/login/sign-on", httpapi.SignOnStart{Return: back}, &begun)
	return answerOf(p.LogIn(t, begun.URL, account))
}

func answerOf(q url.Values) httpapi.SignOnAnswer {
	return httpapi.SignOnAnswer{State: q.Get("state"), Code: q.Get("code"), Issuer: q.Get("iss"), Error: q.Get("error")}
}

const finish = "/api/login/sign-on/finish"

func TestLoginByProvider(t *testing.T) {
	s, p, admin := signOnServer(t)
	var welcome httpapi.Welcome
	s.Nobody().Must(http.MethodGet, "/api/welcome", nil, &welcome)
	if welcome.SignOn != "Example ID" {
		t.Fatalf("%+v", welcome)
	}
	a := s.Nobody()
	answer := atProvider(t, a, p, "rodney.t", "/logs?x=1")
	var in httpapi.SignOnLogin
	a.Must(http.MethodPost, finish, answer, &in)
	if in.Me == nil || in.Me.UserName != "rodney" || in.Return != "/logs?x=1" {
		t.Fatalf("%+v", in)
	}
	wantStatus(t, a, http.MethodGet, "/api/sessions", nil, 200, "")
	var security httpapi.Security
	a.Must(http.MethodGet, "/api/security", nil, &security)
	if security.SignOn == nil || security.SignOn.Email != "rodney@example.com" || security.SignOn.Label != "Example ID" {
		t.Fatalf("%+v", security.SignOn)
	}
	// What was used is used, in this browser and in any other.
	wantStatus(t, a, http.MethodPost, finish, answer, 401, deskhand.SignOnState)
	wantStatus(t, s.Nobody(), http.MethodPost, finish, answer, 401, deskhand.SignOnState)

	// A stranger is refused, and becomes an agent when that is wished for.
	b := s.Nobody()
	wantStatus(t, b, http.MethodPost, finish, atProvider(t, b, p, "stranger", ""), 403, deskhand.SignOnUnknown)
	create := signOnRequest(p)
	create.Create = true
	admin.Must(http.MethodPut, "/api/sign-on", create, nil)
	b.Must(http.MethodPost, finish, atProvider(t, b, p, "stranger", "https://evil.example/"), &in)
	if in.Me.UserName != "stranger" || in.Me.Name != "A. Stranger" || in.Me.Role != deskhand.RoleAgent || in.Return != "" {
		t.Fatalf("%+v", in)
	}
	// Who has no password cannot give the account up, and nobody logs in with an empty one.
	wantStatus(t, b, http.MethodPost, "/api/security/sign-on/unlink", httpapi.Confirmation{Password: "x"}, 409, "noPassword")
	wantStatus(t, s.Nobody(), http.MethodPost, "/api/login", httpapi.LoginRequest{UserName: "stranger", Password: " "}, 401, "")

	// Who has one can.
	wantStatus(t, a, http.MethodPost, "/api/security/sign-on/unlink", httpapi.Confirmation{Password: "wrong"}, 422, "password")
	a.Must(http.MethodPost, "/api/security/sign-on/unlink", httpapi.Confirmation{Password: "correct horse rodney"}, nil)
	a.Must(http.MethodGet, "/api/security", nil, &security)
	for _, secret := range []string{signontest.ClientSecret, answer.Code, answer.State} {
		if strings.Contains(s.Log(), secret) {
			t.Errorf("the log tells %q", secret)
		}
	}
}

// Another browser's answer, and an answer without a beginning, are nobody's login.
func TestSignOnIsBoundToItsBrowser(t *testing.T) {
	s, p, _ := signOnServer(t)
	attacker, victim := s.Nobody(), s.Nobody()
	answer := atProvider(t, attacker, p, "stranger", "")
	wantStatus(t, victim, http.MethodPost, finish, answer, 401, deskhand.SignOnState)
	var begun struct{ URL string }
	victim.Must(http.MethodPost, "/api/login/sign-on", httpapi.SignOnStart{}, &begun)
	wantStatus(t, victim, http.MethodPost, finish, answer, 401, deskhand.SignOnState)
	// That used up what the victim had begun: nothing is tried twice.
	wantStatus(t, victim, http.MethodPost, finish, answerOf(p.LogIn(t, begun.URL, "rodney.t")), 401, deskhand.SignOnState)
	wantStatus(t, victim, http.MethodGet, "/api/me", nil, 401, "")
}

func TestSignOnSaysWhatIsWrong(t *testing.T) {
	var clock servertest.Clock
	s, p, admin := signOnServer(t, func(c *server.Config) { c.Now = clock.Now })
	a := s.Nobody()
	answer := atProvider(t, a, p, "rodney.t", "")
	answer.Code, answer.Error = "", "access_denied"
	wantStatus(t, a, http.MethodPost, finish, answer, 403, deskhand.SignOnDenied)
	answer = atProvider(t, a, p, "rodney.t", "")
	answer.Code += "x"
	wantStatus(t, a, http.MethodPost, finish, answer, 403, deskhand.SignOnAnswer)
	answer = atProvider(t, a, p, "rodney.t", "")
	answer.Issuer = "https://elsewhere.example.com"
	wantStatus(t, a, http.MethodPost, finish, answer, 403, deskhand.SignOnAnswer)

	disabled := s.Store()
	rodney, err := disabled.AgentByUserName(t.Context(), "rodney")
	if err == nil {
		err = disabled.SetAgentDisabled(t.Context(), deskhand.Server, rodney.ID, true)
	}
	if err != nil {
		t.Fatal(err)
	}
	wantStatus(t, a, http.MethodPost, finish, atProvider(t, a, p, "rodney.t", ""), 403, deskhand.SignOnDisabled)

	answer = atProvider(t, a, p, "rodney.t", "")
	clock.Add(11 * time.Minute)
	wantStatus(t, a, http.MethodPost, finish, answer, 401, deskhand.SignOnState)

	answer = atProvider(t, a, p, "rodney.t", "")
	off := signOnRequest(p)
	off.Enabled = false
	admin.Must(http.MethodPut, "/api/sign-on", off, nil)
	wantStatus(t, a, http.MethodPost, finish, answer, 409, deskhand.SignOnOff)
	wantStatus(t, a, http.MethodPost, "/api/login/sign-on", httpapi.SignOnStart{}, 409, deskhand.SignOnOff)

	gone := signOnRequest(p)
	gone.Issuer = "http://127.0.0.1:1"
	admin.Must(http.MethodPut, "/api/sign-on", gone, nil)
	wantStatus(t, a, http.MethodPost, "/api/login/sign-on", httpapi.SignOnStart{}, 503, deskhand.SignOnProvider)
}

func TestSignOnTrial(t *testing.T) {
	_, p, admin := signOnServer(t)
	try := func(change func(*httpapi.SignOnRequest)) (httpapi.SignOnTrial, int, httpapi.Problem) {
		t.Helper()
		r := signOnRequest(p)
		r.ClientSecret = nil // the one that is kept
		change(&r)
		var out httpapi.SignOnTrial
		status, problem := admin.Do(http.MethodPost, "/api/sign-on/test", r, &out)
		return out, status, problem
	}
	if out, status, problem := try(func(*httpapi.SignOnRequest) {}); status != 200 || out.Refused || !out.PKCE {
		t.Errorf("%+v %d %+v", out, status, problem)
	}
	for issuer, says := range map[string]string{
		p.Issuer + "/elsewhere": "404", strings.Replace(p.Issuer, "localhost", "127.0.0.1", 1): "calls itself", "http://localhost:1": "refused", "https://deskhand.invalid": "not known",
	} {
		if _, status, problem := try(func(r *httpapi.SignOnRequest) { r.Issuer = issuer }); status != 503 || problem.Field != "issuer" || !strings.Contains(problem.Detail, says) {
			t.Errorf("%s: %d %+v", issuer, status, problem)
		}
	}
	var kept map[string]any
	admin.Must(http.MethodGet, "/api/sign-on", nil, &kept)
	if _, told := kept["clientSecret"]; told || kept["hasSecret"] != true || !strings.HasSuffix(kept["redirectUrl"].(string), "/login/oidc/callback") {
		t.Errorf("%v", kept)
	}
}

// The provider's word stands for our second factor, unless the settings want both.
func TestSignOnAndSecondFactor(t *testing.T) {
	s, p, admin := signOnServer(t)
	st := s.Store()
	rodney, err := st.AgentByUserName(t.Context(), "rodney")
	if err != nil {
		t.Fatal(err)
	}
	admin.Must(http.MethodPatch, "/api/policy", map[string]bool{"secondFactor": true}, nil)
	a := s.Nobody()
	var in httpapi.SignOnLogin
	a.Must(http.MethodPost, finish, atProvider(t, a, p, "rodney.t", ""), &in)
	if in.Me == nil || in.Me.NeedsSecondFactor {
		t.Fatalf("%+v", in)
	}
	wantStatus(t, a, http.MethodGet, "/api/sessions", nil, 200, "")

	s.SecondFactor(servertest.Account{ID: s.Login(s.Admin).Me.ID}, []byte("09876543210987654321")) // so that the administrator may go on
	both := signOnRequest(p)
	both.SecondFactor = true
	admin.Must(http.MethodPut, "/api/sign-on", both, nil)
	wantStatus(t, a, http.MethodGet, "/api/sessions", nil, 403, "secondFactor") // true at once
	s.SecondFactor(servertest.Account{ID: rodney.ID}, []byte("12345678901234567890"))
	in = httpapi.SignOnLogin{}
	b := s.Nobody()
	b.Must(http.MethodPost, finish, atProvider(t, b, p, "rodney.t", "/computers"), &in)
	if in.Me != nil || in.Step == nil || !in.Step.Code || in.Return != "/computers" {
		t.Fatalf("%+v", in)
	}
	wantStatus(t, b, http.MethodGet, "/api/me", nil, 401, "")
	code := codeAt(t, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", time.Now())
	b.Must(http.MethodPost, "/api/login/finish", httpapi.LoginFinish{Token: in.Step.Token, Code: code}, nil)
	wantStatus(t, b, http.MethodGet, "/api/sessions", nil, 200, "")
}

// Providers change their keys, and some tell in the ID token nothing but who it is.
func TestSignOnByThinAndRenewedTokens(t *testing.T) {
	s, p, _ := signOnServer(t)
	p.Thin = true
	for range 2 {
		a := s.Nobody()
		var in httpapi.SignOnLogin
		a.Must(http.MethodPost, finish, atProvider(t, a, p, "rodney.t", ""), &in)
		if in.Me == nil || in.Me.UserName != "rodney" {
			t.Fatalf("%+v", in)
		}
		if err := p.RenewKey(); err != nil {
			t.Fatal(err)
		}
	}
}
