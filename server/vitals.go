package server

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"runtime"
	"time"

	"deskhand"
	"deskhand/server/httpapi"
	"deskhand/server/vitals"
)

// When the page of the server's health warns.
const (
	warnDisk        = 10                  // percent that are free
	warnDiskBytes   = 1 << 30             // or bytes
	warnCertificate = 14 * 24 * time.Hour // before its end
	warnDatabase    = 200 * time.Millisecond
)

// count is what the recorder samples.
func (s *Server) count(ctx context.Context) (vitals.Counts, error) {
	st, err := s.store.Stats(ctx)
	t := s.relay.Totals()
	c := vitals.Counts{Viewers: st.Viewers, Computers: st.ComputersOnline, Down: t.FromClient, Up: t.FromViewer}
	for _, n := range st.Sessions {
		c.Sessions += n
	}
	return c, err
}

// health is the server as the API shows it.
type health struct{ *Server }

func (h health) Health(ctx context.Context) (httpapi.Health, error) {
	s := h.Server
	before := time.Now()
	st, err := s.store.Stats(ctx)
	took := time.Since(before)
	if err != nil {
		return httpapi.Health{}, err
	}
	kind, size, err := s.store.Size(ctx)
	if err != nil {
		return httpapi.Health{}, err
	}
	out := httpapi.Health{
		Version: s.config.Version, StartedAt: s.started.UTC(), Bus: s.busState(),
		Database: httpapi.DatabaseHealth{Kind: kind, Bytes: size, Milliseconds: float64(took.Microseconds()) / 1000},
		Sessions: st.Sessions, Viewers: st.Viewers, Computers: st.Computers, Online: st.ComputersOnline, Clients: s.signal.Clients(), Consoles: s.hub.Consoles(),
		Cores: runtime.GOMAXPROCS(0), Certificate: s.certificateEnds(), Samples: []httpapi.HealthSample{},
	}
	out.DiskFree, out.DiskSize = vitals.Disk(s.config.Data)
	if err := s.programs(ctx, &out); err != nil {
		return httpapi.Health{}, err
	}
	out.Warnings = s.warnings(out, st, took)
	for _, v := range s.vitals.Samples() {
		out.Samples = append(out.Samples, httpapi.HealthSample{
			At: v.At.UTC(), Sessions: v.Sessions, Viewers: v.Viewers, Computers: v.Computers, Down: v.Down, Up: v.Up, CPU: v.CPU, Memory: v.Memory, Goroutines: v.Goroutines,
		})
	}
	return out, nil
}

// programs adds which clients computers have, and how they stand to the release that is offered.
func (s *Server) programs(ctx context.Context, out *httpapi.Health) error {
	r := s.signedRelease()
	list, u, err := s.store.Programs(ctx, r.Number)
	out.Programs = make([]httpapi.HealthProgram, 0, len(list))
	for _, p := range list {
		out.Programs = append(out.Programs, httpapi.HealthProgram(p))
	}
	if r.Number > 0 {
		out.Updates = &httpapi.HealthUpdates{Version: r.Version, Release: r.Number, Waiting: u.Waiting, TakenBack: u.TakenBack, Never: u.Never}
	}
	return err
}

func (s *Server) busState() string {
	switch {
	case !s.bus.Connected():
		return "lost"
	case s.config.NATS != "":
		return "cluster"
	}
	return "inside"
}

func (s *Server) warnings(h httpapi.Health, st deskhand.Stats, took time.Duration) []httpapi.HealthWarning {
	list := []httpapi.HealthWarning{}
	for _, w := range []struct {
		code string
		when bool
	}{
		{"disk-low", h.DiskSize > 0 && (h.DiskFree*100 < h.DiskSize*warnDisk || h.DiskFree < warnDiskBytes)},
		{"certificate-ends", h.Certificate != nil && h.Certificate.Sub(s.config.Now()) < warnCertificate},
		{"database-slow", took > warnDatabase},
		{"bus-lost", h.Bus == "lost"},
		{"webhooks-given-up", st.WebhooksGivenUp > 0},
		{"no-mail", !s.mail.Enabled()},
	} {
		if w.when {
			list = append(list, httpapi.HealthWarning{Code: w.code})
		}
	}
	return list
}

// certificateEnds is when the certificate ends that a browser would get now; nil when there is none.
func (s *Server) certificateEnds() *time.Time {
	c := s.tls.config
	if c == nil {
		return nil
	}
	var cert *tls.Certificate
	if c.GetCertificate != nil {
		cert, _ = c.GetCertificate(&tls.ClientHelloInfo{ServerName: s.public.Hostname()}) // none yet: the log says why
	} else if len(c.Certificates) > 0 {
		cert = &c.Certificates[0]
	}
	if cert == nil || len(cert.Certificate) == 0 {
		return nil
	}
	leaf, err := x509.ParseCertificate(cert.Certificate[0])
	if err != nil {
		return nil
	}
	ends := leaf.NotAfter.UTC()
	return &ends
}
