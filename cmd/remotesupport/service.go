package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/user"
	"runtime"
	"time"

	"deskhand/client"
	"deskhand/client/elevate"
	"deskhand/client/service"
)

// leaveWithin is how long the server may take to hear that the computer goes.
const leaveWithin = 15 * time.Second

// service has the service manager do what was asked for.
func (p *program) service(cl commandLine) error {
	s, err := chosenService(cl)
	if err != nil {
		return err
	}
	switch act := cl.values["service"]; act {
	case "install":
		return p.install(s, cl)
	case "uninstall":
		if err := s.Uninstall(); err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, "The service is uninstalled. The computer is still set up; RemoteSupport removecomputer takes that away, too.")
	case "start":
		if err := s.Start(); err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, "The service is running.")
	case "stop":
		if err := s.Stop(); err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, "The service is stopped until it is started, or the computer is.")
	case "status":
		st, err := s.Status()
		if err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, "The service is installed and "+st.String()+".")
	default:
		return usageError{fmt.Sprintf("service %q: it is install, uninstall, start, stop or status", act)}
	}
	return nil
}

// chosenService is the one of the whole computer, or with --user this user's; also where only this user has one.
func chosenService(cl commandLine) (*service.Service, error) {
	dir, err := stateDir(cl)
	if err != nil {
		return nil, err
	}
	whole, err := service.New(service.Options{State: dir})
	if err != nil {
		return nil, err
	}
	own, err := service.New(service.Options{User: true, State: dir})
	if cl.values["user"] != "" || !elevate.Is() && err == nil && own.Installed() && !whole.Installed() {
		return own, err
	}
	return whole, nil
}

func (p *program) install(s *service.Service, cl commandLine) error {
	dir, err := stateDir(cl)
	if err != nil {
		return err
	}
	if _, err := client.LoadEnrolment(dir); err != nil {
		return fmt.Errorf("%w; RemoteSupport /createcomputer sets it up and installs the service", err)
	}
	if err := s.Install(); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, "The service is installed and starts with the computer. Now:  RemoteSupport service start"+userSwitch(cl))
	p.hintLinger(cl)
	return nil
}

func userSwitch(cl commandLine) string {
	if cl.values["user"] != "" {
		return " --user"
	}
	return ""
}

// hintLinger says what a user's service lacks: it ends when the user logs out.
func (p *program) hintLinger(cl commandLine) {
	if cl.values["user"] == "" {
		return
	}
	name := os.Getenv("USER")
	if u, err := user.Current(); err == nil {
		name = u.Username
	}
	if !service.Lingers(name) {
		fmt.Fprintln(p.stdout, service.LingerHint(name))
	}
}

// keepRunning installs and starts the service for a computer that has just been set up: for the whole computer with an administrator's rights, else for
// this user.
// A computer without a service manager is set up all the same.
func (p *program) keepRunning(cl commandLine, dir string) error {
	byHand := fmt.Sprintf("It can be reached while this runs:  RemoteSupport unattended --state %q", dir)
	if cl.values["noservice"] != "" {
		fmt.Fprintln(p.stdout, byHand)
		return nil
	}
	if !elevate.Is() {
		cl.values["user"] = "yes"
	}
	s, err := chosenService(cl)
	if err == nil {
		err = s.Install()
	}
	if errors.Is(err, service.ErrNoManager) {
		fmt.Fprintf(p.stdout, "Warning: %v, so nothing starts it with the computer.\n%s\n", err, byHand)
		return nil
	}
	if err == nil {
		err = s.Start()
	}
	if err != nil {
		return fmt.Errorf("the computer is set up, but its service is not: %w", err)
	}
	fmt.Fprintln(p.stdout, "The service that keeps it in reach is running and starts with the computer.")
	p.hintLinger(cl)
	return nil
}

// removeComputer takes everything away: the service, the key, and the computer at the server when that can be reached.
func (p *program) removeComputer(ctx context.Context, cl commandLine, log *slog.Logger) error {
	dir, err := stateDir(cl)
	if err != nil {
		return err
	}
	s, err := chosenService(cl)
	if err != nil {
		return err
	}
	if err := s.Stop(); err != nil && !errors.Is(err, service.ErrNotInstalled) && !errors.Is(err, service.ErrNoManager) {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, leaveWithin)
	defer cancel()
	err = client.Leave(ctx, dir, version, log)
	unreachable := new(client.UnreachableError)
	switch {
	case errors.As(err, &unreachable):
		fmt.Fprintf(p.stderr, "The server %s could not be told. Remove the computer in the console, too.\n", unreachable.Server)
	case err != nil && !errors.Is(err, client.ErrNotEnrolled):
		fmt.Fprintf(p.stderr, "The server was not told: %v Remove the computer in the console, too.\n", err)
	}
	if err := s.Uninstall(); err != nil {
		return err
	}
	if err := client.ForgetEnrolment(dir); err != nil {
		return err
	}
	fmt.Fprintln(p.stdout, "This computer can no longer be reached, and nothing of the client is left on it but the file that you started.")
	return nil
}

// unattended keeps the computer in reach. One that was removed at the server forgets its key, and its service goes.
func (p *program) unattended(ctx context.Context, cl commandLine, dir string, log *slog.Logger, updates *client.Updates) error {
	worker := []string{"worker"}
	if name := cl.values["log"]; name != "" {
		worker = append(worker, "--log", name)
	}
	cfg := client.UnattendedConfig{StateDir: dir, Version: version, Log: log, Updates: updates}
	if runtime.GOOS != "windows" { // there it is the business of X programs
		cfg.Display = os.Getenv("DISPLAY")
	}
	err := client.Reach(ctx, cfg, worker...)
	var removed *client.RemovedError
	if !errors.As(err, &removed) {
		return err
	}
	forgot := client.ForgetEnrolment(dir)
	for _, user := range []bool{false, true} {
		s, cannot := service.New(service.Options{User: user, State: dir})
		if cannot != nil {
			continue
		}
		forgot = errors.Join(forgot, s.Vanish())
	}
	return errors.Join(err, forgot)
}
