package main

import (
	"context"
	"log/slog"

	"deskhand/server"
	"deskhand/server/httpapi"
)

// Serve runs the server.
type Serve struct {
	Listen        string   `help:"Address to listen on." default:"127.0.0.1:8080" placeholder:"ADDR" env:"DESKHAND_LISTEN"`
	PublicURL     string   `name:"public-url" help:"Address by which browsers and clients reach the server. Made of --listen when it is not set." placeholder:"URL" env:"DESKHAND_PUBLIC_URL"`
	TLS           string   `name:"tls" help:"Where the certificate comes from: auto (Let's Encrypt), self-signed, off, or two files." default:"off" placeholder:"auto|self-signed|off|CERT,KEY" env:"DESKHAND_TLS"`
	NATS          string   `name:"nats" help:"NATS cluster that joins several servers (nats://…)." placeholder:"URL" env:"DESKHAND_NATS"`
	MetricsListen string   `help:"Address to serve /metrics on." placeholder:"ADDR" env:"DESKHAND_METRICS_LISTEN"`
	TrustedProxy  []string `help:"Network of a proxy whose X-Forwarded-For is believed. May be given several times." placeholder:"CIDR" env:"DESKHAND_TRUSTED_PROXY"`
	Clients       string   `help:"Directory of the client programs. Found beside this program when it is not set." placeholder:"DIR" env:"DESKHAND_CLIENTS"`
	LogLevel      string   `help:"How much is logged: ${enum}." enum:"debug,info,warn,error" default:"info" env:"DESKHAND_LOG_LEVEL"`
}

// Run serves until the program is told to end.
func (s *Serve) Run(ctx context.Context, g *Globals, t *Terminal) error {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return err
	}
	return server.New(server.Config{
		Data: g.Data, Database: g.Database, Listen: s.Listen, PublicURL: s.PublicURL, TLS: s.TLS, NATS: s.NATS,
		MetricsListen: s.MetricsListen, TrustedProxies: s.TrustedProxy, Clients: s.Clients,
		Version: version, Out: t.Out, Log: slog.New(slog.NewTextHandler(t.Err, &slog.HandlerOptions{Level: level})),
	}).Run(ctx)
}

// OpenAPI prints the API's document, from which the console's types are generated.
type OpenAPI struct{}

// Run prints it.
func (OpenAPI) Run(t *Terminal) error {
	_, err := t.Out.Write(httpapi.New(httpapi.Config{}).OpenAPI())
	return err
}
