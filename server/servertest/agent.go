package servertest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"

	"deskhand"
	"deskhand/secure"
	"deskhand/server/auth"
	"deskhand/server/httpapi"
	"deskhand/transport"
	"deskhand/wire"
)

// Agent is somebody at a console.
type Agent struct {
	Me httpapi.Me

	server *Server
	client *http.Client
}

// Nobody is a browser that is not logged in.
func (s *Server) Nobody() *Agent {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	tr := &http.Transport{}
	s.t.Cleanup(tr.CloseIdleConnections)
	return &Agent{server: s, client: &http.Client{Jar: jar, Transport: tr, Timeout: Within, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}}
}

// Login logs in to the console.
func (s *Server) Login(a Account) *Agent {
	s.t.Helper()
	agent := s.Nobody()
	var answer httpapi.LoginAnswer
	agent.Must(http.MethodPost, "/api/login", httpapi.LoginRequest{UserName: a.UserName, Password: a.Password}, &answer)
	if answer.Me == nil {
		s.t.Fatalf("%s needs a second factor to log in", a.UserName)
	}
	agent.Me = *answer.Me
	return agent
}

// CurrentLogin is the id of the agent's login.
func (a *Agent) CurrentLogin() string {
	a.server.t.Helper()
	var list httpapi.List[httpapi.Login]
	a.Must(http.MethodGet, "/api/logins", nil, &list)
	for _, l := range list.Items {
		if l.Current {
			return l.ID
		}
	}
	a.server.t.Fatal("none of the logins is this one")
	return ""
}

// Keep makes the agent's browser take no more cookies, so that it stays who it is.
func (a *Agent) Keep() *Agent {
	a.client.Jar = keptJar(a.client.Jar.Cookies(a.server.URL))
	return a
}

// Forged is a browser with a login's cookie that the server never gave.
func (s *Server) Forged() *Agent {
	a := s.Nobody()
	a.client.Jar = keptJar{{Name: "deskhand", Value: "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}
	return a
}

// WithCookie is a browser whose login's cookie has a value.
func (s *Server) WithCookie(value string) *Agent {
	a := s.Nobody()
	a.client.Jar = keptJar{{Name: "deskhand", Value: value}}
	return a
}

// Bearer is a program with an API token, or with anything else in its place.
func (s *Server) Bearer(token string) *Agent {
	a := s.Nobody()
	a.client.Jar = keptJar{}
	return a.header("Authorization", "Bearer "+token)
}

// From makes the agent's requests come from an address, as a proxy on this machine would say; the server must trust it.
func (a *Agent) From(address string) *Agent { return a.header("X-Forwarded-For", address) }

func (a *Agent) header(name, value string) *Agent {
	a.client.Transport = adding{name, value, a.client.Transport}
	return a
}

// adding adds a header to every request.
type adding struct {
	name, value string
	http.RoundTripper
}

func (h adding) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set(h.name, h.value)
	return h.RoundTripper.RoundTrip(r)
}

// Token makes an API token of an agent.
func (s *Server) Token(agentID string, scopes ...string) string {
	s.t.Helper()
	st := s.Store()
	defer st.Close()
	service, err := auth.New(st, auth.Options{})
	if err != nil {
		s.t.Fatal(err)
	}
	secret, _, err := service.CreateToken(s.t.Context(), deskhand.Server, agentID, "test", scopes, time.Time{})
	if err != nil {
		s.t.Fatal(err)
	}
	return secret
}

// AdminToken makes an API token of the first administrator.
func (s *Server) AdminToken(scopes ...string) string {
	s.t.Helper()
	return s.Token(s.Login(s.Admin).Me.ID, scopes...)
}

// SecondFactor gives an agent an authenticator app with a secret, and recovery codes, which are written as their letters alone.
func (s *Server) SecondFactor(a Account, secret []byte, recovery ...string) {
	s.t.Helper()
	st := s.Store()
	defer st.Close()
	err := st.BeginTOTP(s.t.Context(), a.ID, secret)
	if err == nil {
		var hashes [][]byte
		for _, code := range recovery {
			hash := sha256.Sum256([]byte(code))
			hashes = append(hashes, hash[:])
		}
		_, err = st.ConfirmTOTP(s.t.Context(), deskhand.Server, a.ID, 0, hashes)
	}
	if err != nil {
		s.t.Fatal(err)
	}
}

type keptJar []*http.Cookie

func (j keptJar) SetCookies(*url.URL, []*http.Cookie) {}
func (j keptJar) Cookies(*url.URL) []*http.Cookie     { return j }

// Cookie is the agent's Cookie header.
func (a *Agent) Cookie() string {
	var list []string
	for _, c := range a.client.Jar.Cookies(a.server.URL) {
		list = append(list, c.Name+"="+c.Value)
	}
	return strings.Join(list, "; ")
}

// Do sends a request with a JSON body, when body is not nil, and reads a JSON answer into out, when out is not nil. It returns the status
// and, when it is a fault, the problem.
func (a *Agent) Do(method, path string, body, out any) (int, httpapi.Problem) {
	a.server.t.Helper()
	status, problem, err := a.try(method, path, body, out)
	if err != nil {
		a.server.t.Fatal(err)
	}
	return status, problem
}

func (a *Agent) try(method, path string, body, out any) (int, httpapi.Problem, error) {
	if body == nil {
		return a.send(method, path, "", nil, out)
	}
	b, err := json.Marshal(body)
	if err != nil {
		return 0, httpapi.Problem{}, err
	}
	return a.send(method, path, "application/json", b, out)
}

// Send is Do with a body as it is, of a content type.
func (a *Agent) Send(method, path, contentType string, body []byte, out any) (int, httpapi.Problem) {
	a.server.t.Helper()
	status, problem, err := a.send(method, path, contentType, body, out)
	if err != nil {
		a.server.t.Fatal(err)
	}
	return status, problem
}

func (a *Agent) send(method, path, contentType string, body []byte, out any) (int, httpapi.Problem, error) {
	var problem httpapi.Problem
	r, err := http.NewRequest(method, a.server.URL.String()+path, bytes.NewReader(body))
	if err != nil {
		return 0, problem, err
	}
	if contentType != "" {
		r.Header.Set("Content-Type", contentType)
	}
	resp, err := a.client.Do(r)
	if err != nil {
		return 0, problem, err
	}
	defer resp.Body.Close()
	if resp.StatusCode >= 400 {
		_ = json.NewDecoder(resp.Body).Decode(&problem) // a page may be no problem document
		return resp.StatusCode, problem, nil
	}
	if out != nil && resp.StatusCode != http.StatusNoContent {
		err = json.NewDecoder(resp.Body).Decode(out)
	}
	return resp.StatusCode, problem, err
}

// Must is Do where a fault ends the test.
func (a *Agent) Must(method, path string, body, out any) {
	a.server.t.Helper()
	if status, problem := a.Do(method, path, body, out); status >= 400 {
		a.server.t.Fatalf("%s %s: %d %s %s (%s)", method, path, status, problem.Code, problem.Detail, problem.Hint)
	}
}

// Sessions are the agent's live sessions.
func (a *Agent) Sessions() []httpapi.Session {
	a.server.t.Helper()
	var list httpapi.List[httpapi.Session]
	a.Must(http.MethodGet, "/api/sessions", nil, &list)
	return list.Items
}

// Session is one session.
func (a *Agent) Session(id string) httpapi.Session {
	a.server.t.Helper()
	var s httpapi.Session
	a.Must(http.MethodGet, "/api/sessions/"+id, nil, &s)
	return s
}

// Logs are the agent's ended sessions, the newest first.
func (a *Agent) Logs() []httpapi.LogRow {
	a.server.t.Helper()
	var list httpapi.List[httpapi.LogRow]
	a.Must(http.MethodGet, "/api/logs", nil, &list)
	return list.Items
}

// ConnectionID shares a fresh connection ID.
func (a *Agent) ConnectionID() httpapi.ConnectionID {
	a.server.t.Helper()
	var id httpapi.ConnectionID
	a.Must(http.MethodPost, "/api/invites/ids", nil, &id)
	return id
}

// Get is a page as a browser gets it; redirects are not followed.
func (a *Agent) Get(path string, header http.Header) *http.Response {
	a.server.t.Helper()
	r := must[*http.Request](a.server.t, "making a request")(http.NewRequest(http.MethodGet, a.server.URL.String()+path, nil))
	if header != nil {
		r.Header = header
	}
	if host := header.Get("Host"); host != "" {
		r.Host = host
	}
	resp := must[*http.Response](a.server.t, "getting "+path)(a.client.Do(r))
	a.server.t.Cleanup(func() { resp.Body.Close() })
	return resp
}

// Socket opens a WebSocket with the agent's cookie and an Origin header; empty: none.
func (a *Agent) Socket(path, origin string) (*websocket.Conn, *http.Response, error) {
	ctx, cancel := context.WithTimeout(context.Background(), Within)
	defer cancel()
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	client := *a.client
	client.Timeout = 0
	return websocket.Dial(ctx, a.server.URL.String()+path, &websocket.DialOptions{HTTPClient: &client, HTTPHeader: header})
}

// Events is the console's connection for hints.
type Events struct {
	t  testing.TB
	ws *websocket.Conn
}

// Events connects.
func (a *Agent) Events() *Events {
	t := a.server.t
	t.Helper()
	ws, _, err := a.Socket("/api/events", a.server.URL.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ws.CloseNow() })
	return &Events{t: t, ws: ws}
}

// Next is the next message's type and topics.
func (e *Events) Next() (kind string, topics []deskhand.Topic) {
	e.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Within)
	defer cancel()
	_, b, err := e.ws.Read(ctx)
	if err != nil {
		e.t.Fatalf("no event: %v", err)
	}
	var m struct {
		Type   string
		Topics []deskhand.Topic
	}
	if err := json.Unmarshal(b, &m); err != nil {
		e.t.Fatal(err)
	}
	return m.Type, m.Topics
}

// Await reads until a topic has changed.
func (e *Events) Await(topic deskhand.Topic) {
	e.t.Helper()
	for {
		kind, topics := e.Next()
		if kind != "changed" {
			e.t.Fatalf("event %s while waiting for %s", kind, topic)
		}
		for _, t := range topics {
			if t == topic {
				return
			}
		}
	}
}

// Viewer is an agent's open view, from the console's side.
type Viewer struct {
	Ticket httpapi.ViewerTicket
	Keys   chan *secure.Keys // gets one, when the exchange is done

	conn transport.Conn
	err  chan error
}

// View asks to see what is at path ("/api/sessions/ID" or "/api/computers/ID") and comes to the relay. participant picks one of those in
// line; empty: who shares now. It does not wait for the client.
func (a *Agent) View(path, participant string) *Viewer {
	t := a.server.t
	t.Helper()
	exchange := must[*secure.ViewerExchange](t, "making a key")(secure.NewViewerExchange())
	v := &Viewer{Keys: make(chan *secure.Keys, 1), err: make(chan error, 1)}
	a.Must(http.MethodPost, path+"/viewers", ViewRequest(exchange.Commitment(), participant), &v.Ticket)
	d := transport.Dialer{Header: http.Header{"Origin": {a.server.URL.String()}}}
	ctx, cancel := context.WithTimeout(context.Background(), Within)
	defer cancel()
	v.conn = must[transport.Conn](t, "coming to the relay")(d.Dial(ctx, a.server.URL.String()+v.Ticket.RelayPath))
	t.Cleanup(func() { _ = v.conn.Close("") })
	computerKey, err := base64.RawURLEncoding.DecodeString(v.Ticket.ComputerPublicKey)
	if err != nil {
		t.Fatal(err)
	}
	if len(computerKey) == 0 {
		computerKey = nil
	}
	go func() {
		err := transport.JoinRelay(v.conn, v.Ticket.RelayTicket)
		if err == nil {
			var keys *secure.Keys
			if keys, err = exchange.Run(v.conn, computerKey); err == nil {
				v.Keys <- keys
			}
		}
		for err == nil {
			_, err = v.conn.ReadFrame()
		}
		v.err <- err
	}()
	return v
}

// ViewRequest is the body of a request for a view.
func ViewRequest(commitment []byte, participant string) map[string]any {
	body := map[string]any{"commitment": base64.RawURLEncoding.EncodeToString(commitment), "level": "control"}
	if participant != "" {
		body["participantId"] = participant
	}
	return body
}

// PromptRequest asks for a command prompt with a commitment.
func PromptRequest(commitment []byte) map[string]any {
	return map[string]any{"commitment": base64.RawURLEncoding.EncodeToString(commitment)}
}

// Ended waits until the view's connection ends, and says how.
func (v *Viewer) Ended(t testing.TB) error {
	t.Helper()
	select {
	case err := <-v.err:
		return err
	case <-time.After(Within):
		t.Fatal("the viewer's connection does not end")
		return nil
	}
}

// Close closes the tab.
func (v *Viewer) Close() { _ = v.conn.Close(wire.ReasonViewerClosed) }

// String names the view.
func (v *Viewer) String() string { return fmt.Sprintf("view %s", v.Ticket.ViewerID) }
