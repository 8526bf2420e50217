package server_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"deskhand"
	"deskhand/server"
	"deskhand/server/httpapi"
	"deskhand/server/servertest"
)

// tableRows are the routes of the golden access table with the status of each column.
func tableRows(t *testing.T) map[string][]string {
	t.Helper()
	b, err := os.ReadFile(accessFile)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) == 11 && !strings.HasPrefix(f[0], "#") {
			rows[f[0]+" "+f[1]] = f[2:]
		}
	}
	if len(rows) < 100 {
		t.Fatalf("%d rows in %s", len(rows), accessFile)
	}
	return rows
}

// Whoever may not do something is told so before their input is looked at: a request that cannot be understood gets no other answer.
func TestWhoMayNotIsToldSoFirst(t *testing.T) {
	s := servertest.New(t)
	st := s.Store()
	nothing, err := st.CreateRole(t.Context(), deskhand.Server, deskhand.RoleInfo{Name: "Nothing"})
	if err != nil {
		t.Fatal(err)
	}
	powerless, nobody := s.Login(s.AddAgent("powerless", nothing.Role)), s.Nobody()
	refused := 0
	for route, row := range tableRows(t) {
		method, path, _ := strings.Cut(route, " ")
		if _, open := paced[route]; open || !strings.HasPrefix(path, "/api/") || path == "/api/events" {
			continue
		}
		path = strings.NewReplacer("{", "", "}", "").Replace(path) + "?nonsense=1"
		if row[0] == "401" {
			if status, _ := nobody.Send(method, path, "application/json", []byte(`{"nonsense":`), nil); status != http.StatusUnauthorized {
				t.Errorf("%s: %d for nobody", route, status)
			}
		}
		if row[6] == "403" {
			refused++
			if status, _ := powerless.Send(method, path, "application/json", []byte(`{"nonsense":`), nil); status != http.StatusForbidden {
				t.Errorf("%s: %d for an agent whose role permits nothing", route, status)
			}
		}
	}
	if refused < 35 {
		t.Errorf("only %d routes refuse an agent whose role permits nothing", refused)
	}
}

// Every route refuses a body that is too large before it is read.
func TestBodiesAreLimited(t *testing.T) {
	s := servertest.New(t)
	admin := s.Login(s.Admin)
	for _, route := range s.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if got := declare(t, s, admin, method, strings.NewReplacer("{", "", "}", "").Replace(path)); got != http.StatusRequestEntityTooLarge {
			t.Errorf("%s with a body of 1 GiB: %d", route, got)
		}
	}
	// One that does not say how large it is is read up to the limit.
	body := `{"name":"` + strings.Repeat("x", 40<<10) + `"}`
	r, err := http.NewRequest(http.MethodPatch, s.URL.String()+"/api/me", io.MultiReader(strings.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Cookie", admin.Cookie())
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body in pieces: %d", resp.StatusCode)
	}
}

// declare says that a body of 1 GiB follows, and sends nothing of it.
func declare(t *testing.T, s *servertest.Server, a *servertest.Agent, method, path string) int {
	t.Helper()
	conn := s.Dial()
	defer conn.Close()
	cookie := "Cookie: " + a.Cookie() + "\r\n"
	if strings.HasPrefix(path, "/client/") {
		cookie = ""
	}
	_, err := fmt.Fprintf(conn, "%s %s HTTP/1.1\r\nHost: %s\r\n%sContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n",
		method, path, s.URL.Host, cookie, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

// paced are the routes that nobody has to be logged in for, with what keeps one network from asking without end.
var paced = map[string]string{
	"POST /api/login": "wrong passwords", "POST /client/computers": "wrong passwords",
	"POST /api/login/finish": "requests", "POST /api/login/sign-on": "requests", "POST /api/login/sign-on/finish": "requests",
	"POST /api/login/passkey": "requests", "POST /api/password/forgot": "requests", "POST /api/password/reset": "requests",
	"POST /api/password/reset/check": "requests", "POST /api/invitation": "requests", "POST /api/invitation/accept": "requests", "GET /api/welcome": "requests",
	"GET /api/welcome/logo.png": "requests", "GET /api/docs": "requests", "GET /api/openapi.json": "requests",
	"GET /join/{agent}": "requests", "GET /join/{agent}/download": "requests", "POST /join/{agent}/download": "requests",
	"GET /s/{short}": "requests", "GET /s/{short}/download": "requests", "POST /s/{short}/download": "requests",
	"GET /unattended/{code}": "requests", "GET /unattended/{code}/download": "requests", "POST /unattended/{code}/download": "requests", "POST /client/unattended": "requests",
	"GET /download": "requests", "GET /download/file": "requests", "POST /download/file": "requests", "GET /download/{platform}/{file}": "requests",
	"GET /client/update": "requests", "GET /client/update/{platform}": "requests",

	"GET /": "", "GET /healthz": "", "GET /readyz": "", // from memory; what watches the server must not be kept out
	"GET /client/signal": "", "GET /client/relay": "", "GET /api/relay": "", // connections that nobody has shown a code or ticket in are limited: see signal and relay
}

// Nobody asks without end where nobody has to be logged in.
func TestOpenRoutesArePaced(t *testing.T) {
	s := servertest.New(t, func(c *server.Config) { c.TrustedProxies = []string{"127.0.0.1"} })
	n := 0
	for route, row := range tableRows(t) {
		limit, known := paced[route]
		if row[0] != "401" && row[0] != "403" && !known {
			t.Errorf("%s is open, but not in the list", route)
		}
		if limit == "" {
			continue
		}
		method, path, _ := strings.Cut(route, " ")
		path = strings.NewReplacer("{agent}", "nobody", "{short}", strings.Repeat("0", 26), "{code}", "u0", "{platform}", "x", "{file}", "x").Replace(path)
		n++
		a := s.Nobody().From(fmt.Sprintf("198.51.100.%d", n))
		var body any
		if method == http.MethodPost {
			body = bodyOf(method, strings.TrimPrefix(route, method+" "), scene{})
		}
		tries := 1000
		if limit == "wrong passwords" {
			tries = 10
			if route == "POST /api/login" {
				body = httpapi.LoginRequest{UserName: "nobody" + path, Password: "wrong"}
			} else {
				e := bodyOf(method, path, scene{}).(httpapi.Enrolment)
				e.UserName, e.Password = "nobody"+path, "wrong"
				body = e
			}
		}
		if !throttledWithin(a, method, path, body, tries) {
			t.Errorf("%s: one network may ask %d times", route, tries)
		}
	}
}

func throttledWithin(a *servertest.Agent, method, path string, body any, tries int) bool {
	for range tries {
		if status, _ := a.Do(method, path, body, nil); status == http.StatusTooManyRequests {
			return true
		}
	}
	return false
}

// What costs much an agent may ask for so often only; others are not in their way.
func TestExpensiveRoutesArePaced(t *testing.T) {
	s := servertest.New(t)
	admin, other := s.Login(s.Admin), s.Login(s.AddAgent("other", deskhand.RoleAdministrator))
	for _, route := range []string{
		"POST /api/audit/verify", "GET /api/audit/export", "GET /api/logs/export.csv", "PUT /api/branding/logo", "POST /api/webhooks/x/test",
		"POST /api/password", "POST /api/security/authenticator", "POST /api/security/recovery-codes", "POST /api/tokens",
		"POST /api/agents/x/reset-link", "POST /api/agents/x/invitation", "POST /api/invites/mail",
	} {
		method, path, _ := strings.Cut(route, " ")
		var body any
		if method == http.MethodPost {
			body = map[string]string{}
		}
		if !throttledWithin(admin, method, path, body, 100) {
			t.Errorf("%s: an agent may ask 100 times", route)
		}
		if throttledWithin(other, method, path, body, 1) {
			t.Errorf("%s: another agent has to wait, too", route)
		}
	}
}

// Writes and sockets that another site's page begins are refused, whoever is logged in.
func TestOtherSitesAreRefused(t *testing.T) {
	s := servertest.New(t)
	admin := s.Login(s.Admin)
	for _, route := range s.Routes() {
		method, path, _ := strings.Cut(route, " ")
		if !strings.HasPrefix(path, "/api/") || method == http.MethodGet && path != "/api/events" && path != "/api/relay" {
			continue
		}
		path = strings.NewReplacer("{", "", "}", "").Replace(path)
		for _, header := range []http.Header{
			{"Origin": {"https://evil.example"}},
			{"Origin": {"null"}},
			{"Origin": {s.URL.String() + ".evil.example"}},
			{"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
			{"Sec-Fetch-Site": {"same-site"}, "Origin": {"https://other.example"}},
		} {
			r, err := http.NewRequest(method, s.URL.String()+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header = header.Clone()
			r.Header.Set("Cookie", admin.Cookie())
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != http.StatusForbidden {
				t.Errorf("%s with %v: %d", route, header, resp.StatusCode)
			}
		}
	}
	if status, _ := admin.Do(http.MethodGet, "/api/me", nil, nil); status != http.StatusOK {
		t.Errorf("something happened all the same: %d", status)
	}
}

// undocumented are the routes that the API's document leaves out, and why.
var undocumented = map[string]string{
	"GET /api/docs": "the document for people", "GET /api/openapi.json": "the document", "GET /api/welcome/logo.png": "a picture, whose address GET /api/welcome gives",
	"GET /api/events": "a socket of the console", "GET /api/relay": "a socket of the viewer", "GET /client/relay": "docs/protocol.md", "GET /client/signal": "docs/protocol.md",
	"GET /client/update": "docs/protocol.md", "GET /client/update/{platform}": "docs/protocol.md",
}

// TestEveryRouteIsDocumented holds that the API's document leaves nothing out unseen.
func TestEveryRouteIsDocumented(t *testing.T) {
	var doc struct{ Paths map[string]map[string]any }
	if err := json.Unmarshal(httpapi.New(httpapi.Config{}).OpenAPI(), &doc); err != nil {
		t.Fatal(err)
	}
	for _, route := range servertest.New(t).Routes() {
		method, path, _ := strings.Cut(route, " ")
		if !strings.HasPrefix(path, "/api/") && !strings.HasPrefix(path, "/client/") {
			continue
		}
		_, written := doc.Paths[path][strings.ToLower(method)]
		if _, named := undocumented[route]; written == named {
			t.Errorf("%s: in the document %v, named as left out %v", route, written, named)
		}
	}
}
