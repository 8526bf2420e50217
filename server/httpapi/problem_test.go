package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"deskhand"
)

// gate is an Auth that answers every login with one error.
type gate struct{ err error }

func (g gate) Login(context.Context, string, string, deskhand.Actor, string) (deskhand.LoginResult, error) {
	return deskhand.LoginResult{}, g.err
}

func (g gate) BeginPasskeyLogin(context.Context, deskhand.Actor) (deskhand.HalfLogin, error) {
	return deskhand.HalfLogin{}, g.err
}

func (g gate) FinishLogin(context.Context, string, deskhand.LoginAnswer, deskhand.Actor, string) (deskhand.LoginResult, error) {
	return deskhand.LoginResult{}, g.err
}

func (g gate) Check(context.Context, string) (deskhand.Agent, deskhand.Login, bool, error) {
	return deskhand.Agent{}, deskhand.Login{}, false, g.err
}

func (g gate) CheckToken(context.Context, string) (deskhand.Agent, deskhand.Token, error) {
	return deskhand.Agent{}, deskhand.Token{}, g.err
}
func (g gate) Logout(context.Context, deskhand.Actor, deskhand.Login) error { return g.err }

func post(t *testing.T, err error, body string) (*httptest.ResponseRecorder, Problem, string) {
	t.Helper()
	var log bytes.Buffer
	a := New(Config{Auth: gate{err}, Log: slog.New(slog.NewTextHandler(&log, nil))})
	r := httptest.NewRequest(http.MethodPost, "/api/login", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	a.ServeHTTP(w, r)
	var p Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Header().Get("Content-Type") != "application/problem+json" {
		t.Fatalf("no problem document: %s %q", w.Header(), w.Body)
	}
	return w, p, log.String()
}

const goodLogin = `{"userName":"rodney","password":"correct horse"}`

func TestFaultsAreProblemDocuments(t *testing.T) {
	w, p, _ := post(t, &deskhand.Error{
		Code: deskhand.CodeThrottled, Fault: "Too many wrong logins.", Hint: "Try again in 8 seconds.", RetryAfter: 7500 * time.Millisecond,
	}, goodLogin)
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "8" || p.RetryAfter != 8 || p.Detail != "Too many wrong logins." ||
		p.Hint != "Try again in 8 seconds." || p.Code != deskhand.CodeThrottled || p.Status != w.Code {
		t.Errorf("%d %v %+v", w.Code, w.Header(), p)
	}
	for code, status := range map[deskhand.Code]int{
		deskhand.CodeInvalid: 422, deskhand.CodeUnauthorized: 401, deskhand.CodeForbidden: 403, deskhand.CodeNotFound: 404, deskhand.CodeConflict: 409,
		deskhand.CodeOffline: 503, deskhand.CodeUnavailable: 503, deskhand.CodeSessionOver: 409,
	} {
		if w, p, _ := post(t, &deskhand.Error{Code: code, Fault: "x", Field: "f"}, goodLogin); w.Code != status || p.Code != code || p.Field != "f" {
			t.Errorf("%s: %d %+v", code, w.Code, p)
		}
	}
}

// What went wrong inside stays in the log, under the code that the caller is told.
func TestInternalFaultsStayInside(t *testing.T) {
	for _, err := range []error{
		errors.New("table login is gone"), &deskhand.Error{Code: deskhand.CodeInternal, Fault: "The table login is gone."},
	} {
		w, p, log := post(t, err, goodLogin)
		if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "table") || p.Instance == "" ||
			!strings.Contains(p.Hint, p.Instance) || !strings.Contains(log, p.Instance) || !strings.Contains(log, "login is gone") {
			t.Errorf("%d %+v, log %q", w.Code, p, log)
		}
	}
}

// What is refused for its form names the field and never comes back: it may be a password.
func TestInputIsCheckedAndNotEchoed(t *testing.T) {
	for body, want := range map[string]Problem{
		`{"userName":"rodney","password":""}`:                                     {Status: 422, Field: "password"},
		`{"userName":"` + strings.Repeat("x", 200) + `","password":"geheim"}`:     {Status: 422, Field: "userName", Hint: "Use at most 128 characters."},
		`{"userName":"rodney","password":17171717}`:                               {Status: 422, Field: "password"},
		`{"userName":"rodney","password":"geheim","geheim":1}`:                    {Status: 422, Field: "geheim"},
		`{"userName":"rodney","password":"geheim`:                                 {Status: 400},
		`{"userName":"rodney","password":"` + strings.Repeat("g", maxBody) + `"}`: {Status: 413},
	} {
		_, p, log := post(t, nil, body)
		if p.Status != want.Status || p.Field != want.Field || p.Code != deskhand.CodeInvalid || p.Detail == "" || want.Hint != "" && p.Hint != want.Hint {
			t.Errorf("%.60s: %+v", body, p)
		}
		b, _ := json.Marshal(p)
		for _, secret := range []string{`geheim"`, "17171717", "xxxx", "gggg"} {
			if want.Field != "geheim" && (strings.Contains(string(b), secret) || strings.Contains(log, secret)) {
				t.Errorf("%.60s: the answer or the log has %q: %s %s", body, secret, b, log)
			}
		}
	}
}

func TestUnknownAddresses(t *testing.T) {
	a := New(Config{Auth: gate{}})
	for request, want := range map[string]int{"GET /api/nothing": 404, "GET /api/login": 405, "PUT /api/me": 405, "DELETE /api/sessions/x": 405, "GET /api/": 404} {
		method, path, _ := strings.Cut(request, " ")
		w := httptest.NewRecorder()
		a.ServeHTTP(w, httptest.NewRequest(method, path, nil))
		if w.Code != want || w.Header().Get("Content-Type") != "application/problem+json" || (want == 405) != (w.Header().Get("Allow") != "") {
			t.Errorf("%s: %d %v", request, w.Code, w.Header())
		}
	}
}
