package server

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"deskhand"
	"deskhand/relay"
	"deskhand/server/auth"
	"deskhand/server/bus"
	"deskhand/server/console"
	"deskhand/server/events"
	"deskhand/server/httpapi"
	"deskhand/server/invite"
	"deskhand/server/mail"
	"deskhand/server/release"
	"deskhand/server/signal"
	"deskhand/server/signon"
	"deskhand/server/store"
	"deskhand/server/vitals"
	"deskhand/server/webhook"
	"deskhand/transport"
	"deskhand/web"
)

// open makes the parts, each after what it needs.
func (s *Server) open(ctx context.Context) error {
	for _, step := range []func(context.Context) error{
		s.openAddress, s.openMail, s.openStore, s.openAuth, s.openBus, s.openSessions, s.openAPI, s.openPages, s.openRoutes, s.firstLogin,
	} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) openAddress(ctx context.Context) (err error) {
	c := &s.config
	if s.proxies, err = parseNetworks(c.TrustedProxies, "trusted-proxy"); err != nil {
		return err
	}
	if s.listener, err = listen(ctx, c.Listen, "listen"); err != nil {
		return err
	}
	s.onStop(func(context.Context) { _ = s.listener.Close() })
	if s.public, err = c.publicURL(s.listener.Addr()); err != nil {
		return err
	}
	if s.tls, err = openTLS(c, s.public); err != nil {
		return err
	}
	s.onStop(func(context.Context) { s.tls.stop() })
	if s.tls.fingerprint != "" {
		fmt.Fprintf(c.Out, "certificate fingerprint (SHA-256): %s\n", spoken(s.tls.fingerprint))
	}
	return nil
}

func (s *Server) openMail(context.Context) (err error) {
	c := s.config.SMTP
	c.Helo = s.public.Hostname()
	s.mail, err = mail.New(c)
	return err
}

func (s *Server) openStore(ctx context.Context) (err error) {
	c := &s.config
	s.store, err = store.Open(ctx, store.Options{
		Data: c.Data, Database: c.Database, Server: true, Now: c.Now, Log: c.Log, Changed: s.changed,
	})
	if err != nil {
		return err
	}
	s.onStop(func(context.Context) {
		if err := s.store.Close(); err != nil {
			c.Log.Error("closing the database", "err", err)
		}
	})
	networks, err := parseNetworks(c.WebhookNetworks, "webhook-network")
	if err != nil {
		return err
	}
	s.courier = webhook.New(webhook.Config{Store: s.store, Networks: networks, Version: c.Version, Now: c.Now, Log: c.Log})
	return s.store.MarkAllOffline(ctx)
}

// changed is called after each write: every node reads what changed.
func (s *Server) changed() {
	if s.bus != nil {
		_ = s.bus.Publish(subjectChanged, nil) // the feed looks each second anyway
	}
	if s.courier != nil {
		s.courier.Wake()
	}
}

const subjectChanged = "changed"

func (s *Server) openAuth(ctx context.Context) (err error) {
	o := auth.Options{Now: s.config.Now, Log: s.config.Log, PublicURL: s.public, Company: s.store.Company, Rules: s.loginRules}
	if o.CookieKey, err = cookieKey(ctx, s.store); err != nil {
		return err
	}
	if s.mail.Enabled() {
		o.SendReset = s.sendReset
	}
	if s.auth, err = auth.New(s.store, o); err != nil {
		return err
	}
	s.onStop(func(context.Context) { s.auth.Close() })
	s.signOn = signon.New(signon.Config{Callback: s.public.JoinPath(callbackPath).String(), Now: s.config.Now, Log: s.config.Log})
	s.onStop(func(context.Context) { s.signOn.Close() })
	return nil
}

// firstLogin makes the first administrator and prints the login: it is the last step, so that nothing fails after it.
func (s *Server) firstLogin(ctx context.Context) error {
	userName, password, made, err := auth.FirstAdministrator(ctx, s.store)
	if err != nil || !made {
		return err
	}
	fmt.Fprintf(s.config.Out, "The first administrator's login, shown this once; change the password after logging in.\nuser: %s\npassword: %s\n", userName, password)
	return nil
}

func (s *Server) openBus(context.Context) (err error) {
	c := &s.config
	s.bus, err = bus.Open(bus.Config{URL: c.NATS, Log: c.Log, Lost: s.missed})
	if err != nil {
		if c.NATS == "" {
			return err
		}
		return &deskhand.Error{
			Code: deskhand.CodeUnavailable, Field: "nats", Fault: fmt.Sprintf("The NATS cluster at %s cannot be reached.", c.NATS),
			Hint: "Check --nats; without it the server needs no cluster.", Err: err,
		}
	}
	s.onStop(func(context.Context) { s.bus.Close() })
	return nil
}

// missed makes everybody read again what a lost message may have told.
func (s *Server) missed() {
	select {
	case <-s.ready:
		s.hub.Missed()
		s.signal.Missed()
	default: // nobody is there yet
	}
}

func (s *Server) openSessions(ctx context.Context) error {
	c := &s.config
	keys, err := openKeys(ctx, s.store)
	if err != nil {
		return err
	}
	s.relay = relay.New(relay.Config{Origin: s.origin(), Address: s.address, OnClosed: s.relayClosed, Log: c.Log})
	s.signal = signal.New(signal.Config{
		Participants: s.store, Sessions: s.store, Views: s.store, Prompts: s.store, Computers: s.store, People: &hosts{Store: s.store}, Invites: s.store,
		Bus: s.bus, Relay: s.relay, Keys: keys,
		Accept:  func(w http.ResponseWriter, r *http.Request) (signal.Conn, error) { return transport.AcceptClient(w, r) },
		Address: s.addressText, ServerName: s.public.Host, Release: s.release, Version: c.Version, Now: c.Now, Log: c.Log,
		Cloned: s.cloned,
	})
	return nil
}

func (s *Server) openAPI(context.Context) error {
	c := &s.config
	shelf, err := release.FindShelf(c.Clients)
	if err != nil {
		return err
	}
	s.shelf = shelf
	people := agents{s.store, s.mail, s.public, s.config.Log}
	s.started, s.vitals = c.Now(), vitals.New(s.count, c.Now)
	s.api = httpapi.New(httpapi.Config{
		Auth: s.auth, Profiles: profiles{s.store}, Sessions: s.store, Calls: s.store, Desk: s.signal, Invites: s.store,
		Computers: computers{s.store, s.auth, s.signal}, Details: computers{s.store, s.auth, s.signal}, Unattended: unattended{s.store}, Groups: s.store, Logs: logs{s.store}, Releases: releases{s}, Settings: s.store, Mail: mails{s.mail},
		Passwords: s.auth, Factors: s.auth, Logins: s.auth, Tokens: s.auth,
		Webhooks: s.store, Brandings: brandings{s.store}, Audit: audits{s.store}, Vitals: health{s},
		SignOns: signOns{s.store, s.auth, s.signOn},
		Agents:  people, Roles: s.store, Policies: s.store, Invitations: people,
		PublicURL: s.public, Version: c.Version, Fingerprint: pinned(s.tls.fingerprint), Address: s.addressText, Log: c.Log,
	})
	s.hub = events.NewHub(events.Config{
		Who: func(r *http.Request) (deskhand.Agent, deskhand.Login, error) {
			who, err := s.api.Who(r)
			return who.Agent, who.Login, err
		},
		Fault: func(w http.ResponseWriter, r *http.Request, err error) { s.api.Fault(w, r, err) },
		Seen:  s.store.SeeAgent,
		Log:   c.Log,
	})
	s.feed = events.NewFeed(s.store, c.Log, s.missed, s.hub.Tell, s.signal.Changed)
	stop, err := s.bus.Subscribe(subjectChanged, func([]byte) { s.feed.Wake() })
	if err != nil {
		return err
	}
	s.onStop(func(context.Context) { stop() })
	return nil
}

func (s *Server) openPages(context.Context) (err error) {
	s.pages, err = invite.New(invite.Config{
		Store: s.store, Shelf: shelf{s.shelf}, PublicURL: s.public, Fingerprint: pinned(s.tls.fingerprint), PinnedKey: s.tls.key,
		Address: s.addressText, Log: s.config.Log,
	})
	return err
}

func pinned(fingerprint string) string {
	if fingerprint == "" {
		return ""
	}
	return fingerprint[:deskhand.FingerprintLength]
}

// openRoutes puts every route in one place; a test knows who may call each.
func (s *Server) openRoutes(context.Context) error {
	files, err := web.Console()
	if err != nil && !errors.Is(err, web.ErrNotBuilt) {
		return err
	}
	pages, err := console.New(files, web.MissingPage())
	if err != nil {
		return err
	}
	s.routes = map[string]http.Handler{
		"/":                  pages,
		"/api/":              s.api,
		"/client/":           s.api,
		"GET /api/events":    s.exactOrigin(s.hub),
		"GET /api/relay":     s.exactOrigin(s.relay.ViewerHandler()),
		"GET /client/relay":  s.relay.ClientHandler(),
		"GET /client/signal": s.signal,
		"GET /healthz":       http.HandlerFunc(s.healthy),
		"GET /readyz":        http.HandlerFunc(s.isReady),
	}
	for pattern, h := range s.pages.Routes() {
		s.routes[pattern] = h
	}
	maps.Copy(s.routes, s.updateRoutes())
	mux := http.NewServeMux()
	for pattern, h := range s.routes {
		mux.Handle(pattern, h)
	}
	s.handler = s.guard(s.counted(mux))
	return nil
}

// Routes names everything that the server answers, "METHOD /path" in order; a path in braces is a parameter.
func (s *Server) Routes() []string {
	var list []string
	for route := range s.api.Routes() {
		list = append(list, route)
	}
	for pattern := range s.routes {
		switch pattern {
		case "/api/", "/client/": // the API's own routes
		case "/":
			list = append(list, "GET /")
		default:
			list = append(list, pattern)
		}
	}
	slices.Sort(list)
	return list
}

// httpServer has the limits of every request. Sockets and downloads have their own.
func (s *Server) httpServer() *http.Server {
	return &http.Server{
		Handler: s.handler, TLSConfig: s.tls.config,
		ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 30 * time.Minute, IdleTimeout: 2 * time.Minute,
		MaxHeaderBytes: 32 << 10, ErrorLog: quiet(s.config.Log),
	}
}
