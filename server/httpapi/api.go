// Package httpapi is the JSON API under /api that the console uses, and the enrolment of computers under /client. Its OpenAPI document
// comes from the Go types of its handlers; every fault is an RFC 9457 problem document.
package httpapi

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
	"github.com/danielgtaylor/huma/v2/validation"

	"deskhand"
)

// maxBody is the largest JSON body of any route, in bytes.
const maxBody = 32 << 10

// Config is what the API stands on. All fields but Log are needed to serve; for the OpenAPI document alone none is.
type Config struct {
	Auth       Auth
	Profiles   Profiles
	Sessions   Sessions
	Calls      Calls
	Desk       Desk
	Invites    Invites
	Computers  Computers
	Groups     Groups
	Details    ComputerDetails
	Unattended Unattended // the invites that add a computer
	Logs       Logs
	Releases   Releases
	Settings   Settings
	Mail       Mail
	Passwords  Passwords
	Factors    Factors
	Logins     Logins
	Tokens     Tokens
	Agents     Agents
	Roles      Roles
	Webhooks   Webhooks
	Brandings  Brandings
	SignOns    SignOns
	Policies   Policies
	// Invitations are those of agents.
	Invitations Invitations
	Audit       Audit
	Vitals      Vitals

	PublicURL *url.URL // decides the cookie and what counts as the same origin
	Version   string   // of the server, for people
	// Fingerprint is set for a self-signed certificate: deskhand.FingerprintLength hex digits of its SHA-256.
	Fingerprint string
	// Address is where a request comes from, as an IP address without port; nil: the connection's own address.
	Address func(*http.Request) string
	Log     *slog.Logger
}

// Settings are the operator's words that the API passes on.
type Settings interface {
	// Company is the operator's name; empty when none is set.
	Company(ctx context.Context) (string, error)
}

// API serves the routes. It is an http.Handler for /api/ and /client/computers.
type API struct {
	Config
	cookie  cookie
	mux     *http.ServeMux
	huma    huma.API
	handler http.Handler
	access  map[string]Access // by "METHOD path"
	scopes  map[string]bool   // that API tokens can have
	paces   map[string]*deskhand.Pace
	spec    func() []byte
}

// Access says who may call a route.
type Access string

// The kinds of access, besides those that AccessMay makes.
const (
	AccessAnyone Access = "anyone" // logged in or not
	AccessAgent  Access = "agent"  // any agent that is logged in
	AccessClient Access = "client" // a client: no cookie and no Origin header
)

// The defaults of huma are package variables; they are set once here since every API of this program wants the same.
func init() {
	huma.DefaultArrayNullable = false
	huma.NewError = newProblem
	validation.MsgExpectedMaxLength = "use at most %d characters" // hints are sentences for people
	validation.MsgExpectedMaxItems = "give at most %d"
}

// New builds the routes.
func New(c Config) *API {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.PublicURL == nil {
		c.PublicURL = &url.URL{Scheme: "http", Host: "localhost"}
	}
	if c.Address == nil {
		c.Address = remoteAddress
	}
	a := &API{Config: c, cookie: newCookie(c.PublicURL), mux: http.NewServeMux(), access: map[string]Access{}, scopes: map[string]bool{}, paces: map[string]*deskhand.Pace{}}
	a.huma = humago.New(a.mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Deskhand", Version: "1",
			},
			Components: &huma.Components{Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)},
		},
		Formats:       map[string]huma.Format{"application/json": jsonFormat, "json": jsonFormat},
		DefaultFormat: "application/json",
	})
	a.spec = sync.OnceValue(func() []byte {
		b, err := json.MarshalIndent(a.huma.OpenAPI(), "", "  ")
		if err != nil {
			panic(fmt.Errorf("encoding the OpenAPI document: %w", err)) // its types are ours
		}
		return append(b, '\n')
	})
	a.loginRoutes()
	a.secondFactorRoutes()
	a.passwordRoutes()
	a.securityRoutes()
	a.loginsRoutes()
	a.tokenRoutes()
	a.profileRoutes()
	a.sessionRoutes()
	a.callRoutes()
	a.viewerRoutes()
	a.promptRoutes()
	a.inviteRoutes()
	a.computerRoutes()
	a.unattendedRoutes()
	a.arrangeRoutes()
	a.computerDetailRoutes()
	a.groupRoutes()
	a.logRoutes()
	a.downloadRoutes()
	a.agentRoutes()
	a.roleRoutes()
	a.webhookRoutes()
	a.brandingRoutes()
	a.policyRoutes()
	a.signOnRoutes()
	a.invitationRoutes()
	a.auditRoutes()
	a.healthRoutes()
	a.docsRoutes()
	a.describe()
	a.mux.HandleFunc("/", a.unknown)
	a.handler = a.guard(a.mux)
	return a
}

func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.handler.ServeHTTP(w, r) }

// OpenAPI is the API's OpenAPI 3.1 document, as JSON.
func (a *API) OpenAPI() []byte { return a.spec() }

// Routes names every route ("GET /api/me") with who may call it.
func (a *API) Routes() map[string]Access { return a.access }

// guard refuses what no route should see: writes that another site's page sent, and client routes called by a browser.
func (a *API) guard(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	if err := cross.AddTrustedOrigin(a.PublicURL.Scheme + "://" + a.PublicURL.Host); err != nil {
		panic(fmt.Errorf("the public URL is no origin: %w", err)) // the server has checked it
	}
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.writeFault(w, &deskhand.Error{
			Code: deskhand.CodeForbidden, Fault: "This request came from another site.",
			Hint: "Open the console at " + a.PublicURL.String() + "; when it is reached by another address, set --public-url.",
		})
	}))
	return cross.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	}))
}

// unknown answers what no route takes: 405 when another method would be taken, else 404.
func (a *API) unknown(w http.ResponseWriter, r *http.Request) {
	other := r.Clone(r.Context())
	for _, m := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other.Method = m
		if _, pattern := a.mux.Handler(other); pattern != "/" {
			w.Header().Add("Allow", m)
		}
	}
	if w.Header().Get("Allow") != "" {
		p := problemOf(deskhand.Errorf(deskhand.CodeInvalid, "This address does not take %s.", deskhand.CleanText(r.Method, 16)))
		p.Status, p.Title = http.StatusMethodNotAllowed, http.StatusText(http.StatusMethodNotAllowed)
		p.write(w)
		return
	}
	a.writeFault(w, deskhand.Errorf(deskhand.CodeNotFound, "There is nothing at this address."))
}

type route struct {
	access Access
	method string
	path   string
	id     string // operation id
	tag    string
	what   string // summary
	status int    // of success; 0: 200, or 204 without a body
	errors []int
}

// add registers a handler: who may call it, how often and how large the body is are checked before anything is read, faults are mapped after.
func add[I, O any](a *API, rt route, h func(context.Context, *I) (*O, error)) {
	addLarge(a, maxBody, rt, h)
}

// addLarge is add for a body of another size.
func addLarge[I, O any](a *API, most int64, rt route, h func(context.Context, *I) (*O, error)) {
	op := huma.Operation{
		OperationID: rt.id, Method: rt.method, Path: rt.path, Summary: rt.what, Tags: []string{rt.tag}, DefaultStatus: rt.status,
		MaxBodyBytes: most, Errors: append(rt.errors, http.StatusUnprocessableEntity, http.StatusInternalServerError),
		Middlewares:                  huma.Middlewares{a.admit(rt, most)},
		RejectUnknownQueryParameters: true,
	}
	if rt.access.loggedIn() {
		op.Errors = append(op.Errors, http.StatusUnauthorized)
	}
	if rt.needs() != "" {
		op.Errors = append(op.Errors, http.StatusForbidden)
	}
	if p := rt.pace(); p != nil {
		a.paces[rt.id] = p
		op.Errors = append(op.Errors, http.StatusTooManyRequests)
	}
	a.access[rt.method+" "+rt.path] = rt.access
	if scope := rt.scope(); scope != "" {
		a.scopes[scope] = true
		op.Description = "API tokens need the scope " + scope + "."
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := h(ctx, in)
		if err != nil {
			return nil, a.problem(ctx, err)
		}
		return out, nil
	})
}

// List is a page of things. NextCursor is absent at the end.
type List[T any] struct {
	Items      []T    `json:"items"`
	NextCursor string `json:"nextCursor,omitempty"`
}

type listOutput[T any] struct{ Body List[T] }

// handle registers a plain handler, for everybody, beside the JSON operations.
func (a *API) handle(method, path string, h http.HandlerFunc) {
	rt := route{access: AccessAnyone, method: method, path: path, id: path}
	a.access[method+" "+path], a.paces[rt.id] = rt.access, rt.pace()
	a.mux.HandleFunc(method+" "+path, func(w http.ResponseWriter, r *http.Request) {
		if err := a.inPace(rt, caller{Who: Who{Actor: deskhand.Actor{Address: a.Address(r)}}}); err != nil {
			a.Fault(w, r, err)
			return
		}
		h(w, r)
	})
}
