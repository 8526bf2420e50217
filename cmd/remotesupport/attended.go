package main

import (
	"cmp"
	"context"
	"log/slog"
	"strconv"
	"strings"

	"deskhand"
	"deskhand/client"
)

// attended starts the client with its windows. The server comes from the command line or from the file that was downloaded.
func (p *program) attended(ctx context.Context, cl commandLine, log *slog.Logger) error {
	cfg := client.AttendedConfig{Version: version, Log: log, Fingerprint: cl.values["fingerprint"]}
	id := strings.Map(func(r rune) rune {
		if r == ' ' || r == '-' {
			return -1
		}
		return r
	}, cl.values["id"])
	if id != "" {
		if _, err := strconv.ParseUint(id, 10, 32); err != nil || len(id) != 6 {
			return usageError{"a connection ID has six digits"}
		}
		cfg.ConnectionID = id
	}
	server, from, err := p.server(cl)
	if err != nil {
		return err
	}
	if cfg.Fingerprint == "" || from.bound {
		cfg.Fingerprint = from.fingerprint
	}
	if id == "" {
		cfg.LinkCode = from.code
	}
	if code := cmp.Or(cl.values["token"], cfg.LinkCode); deskhand.IsUnattendedCode(code) {
		return p.setUp(ctx, cl, server, cfg.Fingerprint, code, log)
	}
	if cl.values["token"] != "" {
		return usageError{"/token is for /createcomputer, or it is the code of a link that adds a computer: u and 26 letters and digits"}
	}
	cfg.Server = server
	if cfg.StateDir, err = stateDir(cl); err == nil { // without a home nothing can be kept
		cfg.Keep, cfg.Raise = keeper(cl), raise(cl)
	}
	return client.Attended(ctx, cfg)
}
