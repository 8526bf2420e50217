// Package server wires the server: what stands in its directories is made here in the order in which one part needs the other, and ended
// in reverse.
package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"deskhand/relay"
	"deskhand/server/auth"
	"deskhand/server/bus"
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
	"deskhand/wire"
)

// Server is one server. Make it with New; Run runs it once.
type Server struct {
	config  Config
	proxies []netip.Prefix

	// Made by open, in this order.
	public   *url.URL
	listener net.Listener
	tls      *certificates
	mail     *mail.Sender
	store    *store.Store
	courier  *webhook.Courier
	vitals   *vitals.Recorder
	started  time.Time
	auth     *auth.Service
	signOn   *signon.Service
	bus      *bus.Bus
	shelf    *release.Shelf
	relay    *relay.Relay
	signal   *signal.Server
	api      *httpapi.API
	hub      *events.Hub
	feed     *events.Feed
	pages    *invite.Pages
	routes   map[string]http.Handler // by pattern
	handler  http.Handler

	stops    []func(context.Context) // what open made is ended by, in reverse
	closings sync.WaitGroup          // views whose end is being written, and owners who are told something
	draining atomic.Bool
	ready    chan struct{} // closed when it serves
}

// New makes a server. Nothing is opened yet.
func New(c Config) *Server {
	c.setDefaults()
	return &Server{config: c, ready: make(chan struct{})}
}

// Ready is closed when the server serves.
func (s *Server) Ready() <-chan struct{} { return s.ready }

// PublicURL is by which browsers and clients reach the server; set when Ready is closed.
func (s *Server) PublicURL() *url.URL { return s.public }

// Run serves until ctx ends, then drains. The error says why it could not start or go on.
func (s *Server) Run(ctx context.Context) (err error) {
	defer func() { err = errors.Join(err, s.close()) }()
	if err := s.open(ctx); err != nil {
		return err
	}
	return s.serve(ctx)
}

// onStop ends what was made last first.
func (s *Server) onStop(f func(context.Context)) { s.stops = append(s.stops, f) }

// serve runs the HTTP server and the work in the background until ctx ends or one of them fails.
func (s *Server) serve(ctx context.Context) error {
	s.onStop(func(context.Context) { s.closings.Wait() })
	group, ctx := errgroup.WithContext(ctx)
	work, endWork := context.WithCancel(context.WithoutCancel(ctx))
	background := errgroup.Group{}
	background.Go(func() error { return s.feed.Run(work) })
	background.Go(func() error { s.sweeper().run(work); return nil })
	background.Go(func() error { s.courier.Run(work); return nil })
	background.Go(func() error {
		s.vitals.Run(work, func(err error) { s.config.Log.Error("sampling the server's health", "err", err) })
		return nil
	})
	s.onStop(func(context.Context) { endWork(); _ = background.Wait() }) // the feed's own fault ends nothing

	web := s.httpServer()
	group.Go(func() error {
		serve := web.Serve
		if web.TLSConfig != nil {
			serve = func(l net.Listener) error { return web.ServeTLS(l, "", "") }
		}
		if err := serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serving: %w", err)
		}
		return nil
	})
	if s.config.MetricsListen != "" {
		if err := s.serveMetrics(ctx, group); err != nil {
			endWork()
			_ = web.Close()
			return errors.Join(err, group.Wait())
		}
	}
	if err := s.tls.manage(work); err != nil {
		s.config.Log.Error("getting a certificate", "err", err)
	}
	fmt.Fprintf(s.config.Out, "ready %s\n", s.public)
	s.config.Log.Info("ready", "url", s.public.String(), "listen", s.listener.Addr().String(), "version", s.config.Version)
	close(s.ready)

	<-ctx.Done()
	s.drain(web)
	return group.Wait()
}

// drain stops taking requests, tells consoles and clients to move, and ends what the relay carries. Sessions go on: their clients come
// back to another node, or to this one when it is started again.
func (s *Server) drain(web *http.Server) {
	s.config.Log.Info("stopping")
	s.draining.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), drainWithin)
	defer cancel()
	var parts sync.WaitGroup
	for _, end := range []func(){
		func() {
			if err := web.Shutdown(ctx); err != nil {
				_ = web.Close()
			}
		},
		s.hub.Close,
		s.signal.Close,
		func() {
			if err := s.relay.Shutdown(ctx); err != nil {
				s.config.Log.Warn("the relay's connections took too long to end", "err", err)
			}
		},
	} {
		parts.Go(end)
	}
	done := make(chan struct{})
	go func() { parts.Wait(); close(done) }()
	select {
	case <-done:
	case <-ctx.Done():
		s.config.Log.Warn("not everything ended in time", "limit", drainWithin)
	}
}

// close ends what open made, in reverse.
func (s *Server) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), drainWithin)
	defer cancel()
	for i := len(s.stops) - 1; i >= 0; i-- {
		s.stops[i](ctx)
	}
	return nil
}

// relayClosed is called by the relay, which must not wait: the database is told meanwhile.
func (s *Server) relayClosed(viewerID string, stats relay.Stats, reason wire.Reason) {
	s.closings.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		s.signal.RelayEnded(ctx, viewerID, reason, stats.FromClient, stats.FromViewer)
	})
}

// drainWithin is the most that the end may take.
const drainWithin = 10 * time.Second
