package main

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"os/user"

	"deskhand/client"
	"deskhand/client/service"
)

// setUp asks in a window whether the agent of a code may reach this computer at any time.
func (p *program) setUp(ctx context.Context, cl commandLine, server *url.URL, fingerprint, code string, log *slog.Logger) error {
	dir, err := stateDir(cl)
	if err != nil {
		return err
	}
	return client.SetUp(ctx, client.SetUpConfig{
		Server: server, Fingerprint: fingerprint, Code: code, StateDir: dir, Keep: keeper(cl), Version: version, Log: log,
	})
}

// keeper installs and starts the service: of the whole computer as root, else of this user.
func keeper(cl commandLine) client.Keeper {
	return func(dir string) (client.Kept, error) {
		if cl.values["noservice"] != "" {
			return client.KeptProgram, nil
		}
		own := os.Geteuid() != 0
		s, err := service.New(service.Options{User: own, State: dir})
		if err == nil {
			err = s.Install()
		}
		if errors.Is(err, service.ErrNoManager) {
			return client.KeptProgram, nil
		}
		if err == nil {
			err = s.Start()
		}
		if err != nil {
			return 0, err
		}
		if u, err := user.Current(); own && (err != nil || !service.Lingers(u.Username)) {
			return client.KeptUser, nil
		}
		return client.KeptAlways, nil
	}
}
