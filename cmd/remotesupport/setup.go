package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os/user"
	"runtime"

	"deskhand/client"
	"deskhand/client/elevate"
	"deskhand/client/service"
)

// setUp asks in a window whether the agent of a code may reach this computer at any time.
func (p *program) setUp(ctx context.Context, cl commandLine, server *url.URL, fingerprint, code string, log *slog.Logger) error {
	dir, err := stateDir(cl)
	if err != nil {
		return err
	}
	return client.SetUp(ctx, client.SetUpConfig{
		Server: server, Fingerprint: fingerprint, Code: code, StateDir: dir, Keep: keeper(cl), Raise: raise(cl), Version: version, Log: log,
	})
}

// keeper installs and starts the service: of the whole computer with an administrator's rights, else of this user.
func keeper(cl commandLine) client.Keeper {
	return func(dir string) (client.Kept, error) {
		if cl.values["noservice"] != "" {
			return client.KeptProgram, nil
		}
		own := !elevate.Is()
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

// raise sets the computer up with an administrator's rights where they can be asked for, by the line that sets it up by itself; nil: not here, or the line
// says whose it is to be.
func raise(cl commandLine) client.Raise {
	if elevate.Is() || cl.values["noservice"] != "" || cl.values["state"] != "" || runtime.GOOS != "windows" {
		return nil
	}
	return raiseBy(elevate.Run)
}

// raiseBy is raise with run in place of what has this program run once more with more rights.
func raiseBy(run func(ctx context.Context, args ...string) (code int, err error)) client.Raise {
	return func(ctx context.Context, r client.EnrolRequest) error {
		line := []string{"/createcomputer", "/replace", "/token", r.Token, "/relayurl", r.Server.String()}
		if r.Fingerprint != "" {
			line = append(line, "/fingerprint", r.Fingerprint)
		}
		code, err := run(ctx, line...)
		switch {
		case errors.Is(err, elevate.ErrDeclined), errors.Is(err, elevate.ErrUnsupported):
			return client.ErrNotRaised
		case err != nil:
			return err
		case code == exitRefused:
			return &client.RefusedError{Fault: "The server refused to set this computer up."}
		case code == exitUnreachable:
			return &client.UnreachableError{Server: r.Server.Host, Err: errors.New("asked with administrator rights")}
		case code != exitDone:
			return fmt.Errorf("setting up with administrator rights ended with code %d", code)
		}
		return nil
	}
}
