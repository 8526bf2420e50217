// Package signontest is a real OpenID provider for tests: that of github.com/zitadel/oidc, with its accounts in memory and a login page of two fields.
package signontest

import (
	"context"
	"crypto/rand"
	"fmt"
	"html/template"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/zitadel/oidc/v3/pkg/op"
)

// ClientID and ClientSecret are those of the one client.
const (
	ClientID     = "deskhand"
	ClientSecret = "a secret of the provider's"
)

// Account is somebody whom the provider knows.
type Account struct {
	Subject       string
	UserName      string // with which one logs in there; the password is the same
	Name          string
	Email         string
	EmailVerified bool
}

// Provider is an http.Handler.
type Provider struct {
	Issuer string

	// Thin has the ID tokens say nothing but the subject: the rest is asked for.
	Thin bool

	handler  http.Handler
	finish   func(context.Context, string) string
	callback string
	key      signingKey

	mu       sync.Mutex
	accounts map[string]Account  // by user name
	requests map[string]*request // by id
	codes    map[string]string   // ids of requests
	tokens   map[string]string   // subjects
}

// New makes a provider that calls itself by issuer, with one client whose callback is given; empty: any on this computer.
func New(issuer, callback string, accounts ...Account) (*Provider, error) {
	p := &Provider{
		Issuer: issuer, callback: callback, accounts: map[string]Account{}, requests: map[string]*request{}, codes: map[string]string{}, tokens: map[string]string{},
	}
	for _, a := range accounts {
		p.accounts[a.UserName] = a
	}
	if err := p.RenewKey(); err != nil {
		return nil, err
	}
	config := &op.Config{CodeMethodS256: true, AuthMethodPost: true}
	if _, err := rand.Read(config.CryptoKey[:]); err != nil {
		return nil, err
	}
	provider, err := op.NewProvider(config, p, op.StaticIssuer(issuer), op.WithAllowInsecure())
	if err != nil {
		return nil, fmt.Errorf("making a provider: %w", err)
	}
	p.finish = op.AuthCallbackURL(provider)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /login", p.askLogin)
	mux.Handle("POST /login", op.NewIssuerInterceptor(provider.IssuerFromRequest).Handler(http.HandlerFunc(p.takeLogin)))
	mux.Handle("/", provider)
	p.handler = mux
	return p, nil
}

// Listen serves a provider on an address of this computer; port 0: a free one. Serve it until the listener is closed.
func Listen(address, callback string, accounts ...Account) (*Provider, net.Listener, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return nil, nil, err
	}
	p, err := New(fmt.Sprintf("http://localhost:%d", l.Addr().(*net.TCPAddr).Port), callback, accounts...)
	return p, l, err
}

// Start runs a provider until the test ends.
func Start(t testing.TB, accounts ...Account) *Provider {
	t.Helper()
	p, l, err := Listen("127.0.0.1:0", "", accounts...)
	if err != nil {
		t.Fatal(err)
	}
	s := &httptest.Server{Listener: l, Config: &http.Server{Handler: p, ReadHeaderTimeout: time.Minute}}
	s.Start()
	t.Cleanup(s.Close)
	return p
}

func (p *Provider) ServeHTTP(w http.ResponseWriter, r *http.Request) { p.handler.ServeHTTP(w, r) }

// Change replaces an account.
func (p *Provider) Change(a Account) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.accounts[a.UserName] = a
}

var page = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><title>Test provider</title><main><h1>Test provider</h1>
{{with .Fault}}<p role="alert">{{.}}</p>{{end}}
<form method="post"><input type="hidden" name="id" value="{{.ID}}"><label>Account <input name="account"></label> <label>Secret <input type="password" name="secret"></label>
<button>Continue</button> <button name="no" value="1">Refuse</button></form></main></html>`))

func (p *Provider) askLogin(w http.ResponseWriter, r *http.Request) {
	_ = page.Execute(w, struct{ ID, Fault string }{r.URL.Query().Get("id"), ""})
}

func (p *Provider) takeLogin(w http.ResponseWriter, r *http.Request) {
	id, account := r.FormValue("id"), r.FormValue("account")
	if r.FormValue("no") != "" {
		p.refuse(w, r, id)
		return
	}
	if account != r.FormValue("secret") || !p.done(id, account) {
		w.WriteHeader(http.StatusForbidden)
		_ = page.Execute(w, struct{ ID, Fault string }{id, "There is no such account."})
		return
	}
	http.Redirect(w, r, p.finish(r.Context(), id), http.StatusFound)
}

// refuse sends the browser back as the standard says when somebody does not want to.
func (p *Provider) refuse(w http.ResponseWriter, r *http.Request, id string) {
	p.mu.Lock()
	req, ok := p.requests[id]
	p.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	http.Redirect(w, r, req.GetRedirectURI()+"?"+url.Values{"error": {"access_denied"}, "state": {req.GetState()}}.Encode(), http.StatusFound)
}

// LogIn does what a browser does at the provider, from the address that Deskhand sends it to, and gives the query that it comes back with.
func (p *Provider) LogIn(t testing.TB, address, account string) url.Values {
	t.Helper()
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }, Timeout: time.Minute}
	defer c.CloseIdleConnections()
	resp, err := c.Get(address)
	for hop := 0; err == nil && hop < 5; hop++ {
		_ = resp.Body.Close()
		to, locationErr := resp.Location()
		if locationErr != nil {
			t.Fatalf("the provider answers %s at %s", resp.Status, address)
		}
		switch {
		case strings.HasSuffix(to.Path, "/callback") && to.Host != strings.TrimPrefix(p.Issuer, "http://"):
			return to.Query()
		case to.Path == "/login":
			resp, err = c.PostForm(p.Issuer+"/login", url.Values{"id": {to.Query().Get("id")}, "account": {account}, "secret": {account}})
		default:
			resp, err = c.Get(to.String())
		}
	}
	t.Fatalf("logging in at the provider leads nowhere: %v", err)
	return nil
}
