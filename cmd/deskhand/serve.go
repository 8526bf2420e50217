package main

import (
	"context"
	"log/slog"

	"deskhand/server"
	"deskhand/server/httpapi"
	"deskhand/server/mail"
)

// Serve runs the server.
type Serve struct {
	Listen         string   `help:"Address to listen on, ${default} when it is not set." default:"127.0.0.1:8080" placeholder:"ADDR" env:"DESKHAND_LISTEN"`
	PublicURL      string   `name:"public-url" help:"Address by which browsers and clients reach the server. Made of --listen when it is not set." placeholder:"URL" env:"DESKHAND_PUBLIC_URL"`
	TLS            string   `name:"tls" help:"Where the certificate comes from: auto (Let's Encrypt), self-signed, off (as when it is not set), or two files." default:"off" placeholder:"auto|self-signed|off|CERT,KEY" env:"DESKHAND_TLS"`
	NATS           string   `name:"nats" help:"NATS cluster that joins several servers (nats://…)." placeholder:"URL" env:"DESKHAND_NATS"`
	MetricsListen  string   `help:"Address to serve /metrics on." placeholder:"ADDR" env:"DESKHAND_METRICS_LISTEN"`
	TrustedProxy   []string `help:"Network of a proxy whose X-Forwarded-For is believed. May be given several times." placeholder:"CIDR" env:"DESKHAND_TRUSTED_PROXY"`
	Clients        string   `help:"Directory of the client programs. Found beside this program when it is not set." placeholder:"DIR" env:"DESKHAND_CLIENTS"`
	SMTP           SMTP     `embed:"" prefix:"smtp-"`
	LogLevel       string   `help:"How much is logged: ${enum}." enum:"debug,info,warn,error" default:"info" env:"DESKHAND_LOG_LEVEL"`
	WebhookNetwork []string `help:"Network that webhooks may reach though it is not public. May be given several times." placeholder:"CIDR" env:"DESKHAND_WEBHOOK_NETWORK"`
}

// SMTP is by which server mails go out.
type SMTP struct {
	Host         string `help:"SMTP server that mails go out by; without one links are shown to be copied." placeholder:"HOST" env:"DESKHAND_SMTP_HOST"`
	Port         int    `help:"Its port: 587, 465 with tls, 25 with off, when it is not set." placeholder:"PORT" env:"DESKHAND_SMTP_PORT"`
	User         string `help:"User name there." placeholder:"USER" env:"DESKHAND_SMTP_USER"`
	PasswordFile string `help:"File with the password there on its first line." placeholder:"FILE" env:"DESKHAND_SMTP_PASSWORD_FILE"`
	From         string `help:"Sender of the mails." placeholder:"ADDRESS" env:"DESKHAND_SMTP_FROM"`
	TLS          string `name:"tls" help:"How the connection is encrypted: ${enum}." enum:"starttls,tls,off" default:"starttls" env:"DESKHAND_SMTP_TLS"`
}

func (s SMTP) config() mail.Config {
	return mail.Config{Host: s.Host, Port: s.Port, User: s.User, PasswordFile: s.PasswordFile, From: s.From, TLS: s.TLS}
}

// Run serves until the program is told to end.
func (s *Serve) Run(ctx context.Context, g *Globals, t *Terminal) error {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.LogLevel)); err != nil {
		return err
	}
	return server.New(server.Config{
		Data: g.Data, Database: g.Database, Listen: s.Listen, PublicURL: s.PublicURL, TLS: s.TLS, NATS: s.NATS,
		MetricsListen: s.MetricsListen, TrustedProxies: s.TrustedProxy, Clients: s.Clients, SMTP: s.SMTP.config(),
		WebhookNetworks: s.WebhookNetwork,
		Version:         version, Out: t.Out, Log: slog.New(slog.NewTextHandler(t.Err, &slog.HandlerOptions{Level: level})),
	}).Run(ctx)
}

// OpenAPI prints the API's document.
type OpenAPI struct {
	Contract bool `help:"The shapes alone: what the console's types are generated from."`
}

// Run prints it.
func (o OpenAPI) Run(t *Terminal) error {
	api := httpapi.New(httpapi.Config{})
	doc := api.OpenAPI
	if o.Contract {
		doc = api.Contract
	}
	_, err := t.Out.Write(doc())
	return err
}
