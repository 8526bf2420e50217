package server

import (
	"context"
	"errors"
	"io"
	"log"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/errgroup"

	"deskhand"
)

// healthy says that the program runs.
func (s *Server) healthy(w http.ResponseWriter, _ *http.Request) {
	_, _ = io.WriteString(w, "ok\n")
}

// isReady says that the server can serve: a load balancer then sends it requests.
func (s *Server) isReady(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	switch {
	case s.draining.Load():
		http.Error(w, "stopping", http.StatusServiceUnavailable)
	case !s.bus.Connected():
		http.Error(w, "the bus is not connected", http.StatusServiceUnavailable)
	case s.store.Ping(ctx) != nil:
		http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
	default:
		_, _ = io.WriteString(w, "ready\n")
	}
}

// notFound answers what nothing is at.
func (s *Server) notFound(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.URL.Path, "/api") || strings.HasPrefix(r.URL.Path, "/client") {
		s.api.Fault(w, r, deskhand.Errorf(deskhand.CodeNotFound, "There is nothing at this address."))
		return
	}
	http.NotFound(w, r)
}

var requests = prometheus.NewCounterVec(prometheus.CounterOpts{
	Name: "deskhand_http_requests_total", Help: "Requests answered, by the first digit of the status.",
}, []string{"status"})

// counted counts answers by status. Sockets count when they are accepted.
func (s *Server) counted(next http.Handler) http.Handler {
	if s.config.MetricsListen == "" {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(c, r)
		requests.WithLabelValues(strconv.Itoa(c.status/100) + "xx").Inc()
	})
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// metrics are what the parts count, read when asked for.
func (s *Server) metrics() *prometheus.Registry {
	r := prometheus.NewRegistry()
	gauge := func(name, help string, value func() float64) {
		r.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
	}
	counter := func(name, help, direction string, value func() int64) {
		r.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
			Name: name, Help: help, ConstLabels: prometheus.Labels{"from": direction},
		}, func() float64 { return float64(value()) }))
	}
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), requests)
	gauge("deskhand_clients", "Clients connected to this server.", func() float64 { return float64(s.signal.Clients()) })
	gauge("deskhand_consoles", "Consoles connected to this server.", func() float64 { return float64(s.hub.Consoles()) })
	gauge("deskhand_relay_pairs", "Views that the relay carries or waits for.", func() float64 { return float64(s.relay.Totals().Pairs) })
	counter("deskhand_relay_bytes_total", "Bytes that the relay carried.", "client", func() int64 { return s.relay.Totals().FromClient })
	counter("deskhand_relay_bytes_total", "Bytes that the relay carried.", "viewer", func() int64 { return s.relay.Totals().FromViewer })
	return r
}

// serveMetrics answers /metrics on an address of its own, for the operator's network only.
func (s *Server) serveMetrics(ctx context.Context, group *errgroup.Group) error {
	l, err := listen(ctx, s.config.MetricsListen, "metrics-listen")
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics(), promhttp.HandlerOpts{}))
	web := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 10 * time.Second, WriteTimeout: 30 * time.Second, ErrorLog: quiet(s.config.Log)}
	group.Go(func() error {
		if err := web.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		return web.Close()
	})
	return nil
}

// quiet turns net/http's own log, which is about single connections, into debug lines.
func quiet(l *slog.Logger) *log.Logger {
	return slog.NewLogLogger(l.Handler(), slog.LevelDebug)
}
