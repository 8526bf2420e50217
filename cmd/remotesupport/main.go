// Command remotesupport is the program on the end-user's computer, RemoteSupport: attended help when it is started as it is,
// unattended access by its verbs. It is one file and needs nothing else.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"deskhand/client"
	"deskhand/client/service"
	"deskhand/client/ui"
)

// version is set by the build.
var version = "unknown"

// The exit codes, documented in usage.
const (
	exitDone        = 0
	exitFailed      = 1
	exitUsage       = 2
	exitRefused     = 3
	exitUnreachable = 4
	exitAdmin       = 5
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	openConsole(stop)
	p := program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr, executable: executableName()}
	if file, err := os.Executable(); err == nil {
		p.carried = readCarried(file)
	}
	code := ui.RunMain(func() int { return p.run(ctx, os.Args[1:]) })
	stop()
	os.Exit(code)
}

// executableName is the name of the file that was started: it carries the session's code. The running program's own path comes first,
// since argv[0] is whatever the caller says.
func executableName() string {
	if exe, err := os.Executable(); err == nil {
		return filepath.Base(exe)
	}
	return filepath.Base(os.Args[0])
}

// program is one run of the command line with everything that it touches.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	executable     string  // its file's name
	carried        carried // what its file holds beside the program
}

func (p *program) run(ctx context.Context, args []string) int {
	cl, err := parseSwitches(args)
	if err == nil {
		err = p.dispatch(ctx, cl)
	}
	if ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) && cl.verb != "createcomputer" {
		return exitDone // asked to end, and ended
	}
	code := exitCode(err)
	if err != nil && (cl.verb != "worker" || code != exitRefused) { // that the worker's parent says
		fmt.Fprintln(p.stderr, "RemoteSupport:", err)
		tell(err)
	}
	return code
}

func (p *program) dispatch(ctx context.Context, cl commandLine) error {
	log, closeLog, err := openLog(p.stderr, cl.values["log"])
	if err != nil {
		return err
	}
	defer closeLog()
	switch cl.verb {
	case "help":
		fmt.Fprint(p.stdout, usage)
		return nil
	case "version":
		fmt.Fprintln(p.stdout, "RemoteSupport", versionText())
		return nil
	case "createcomputer":
		return p.createComputer(ctx, cl)
	case "removecomputer":
		return p.removeComputer(ctx, cl, log)
	case "service":
		return p.service(cl)
	case "unattended":
		dir, err := stateDir(cl)
		if err != nil {
			return err
		}
		return service.Run(ctx, service.Options{State: dir, Managed: cl.values["managed"] != ""}, func(ctx context.Context) error {
			return upToDate(log, func(u *client.Updates) error { return p.unattended(ctx, cl, dir, log, u) })
		}, func(err error) bool { return exitCode(err) == exitRefused })
	case "shell":
		return client.HostShell(cl.values["shell"])
	case "worker":
		return client.Work(ctx, version, log)
	default:
		return p.attended(ctx, cl, log)
	}
}

func exitCode(err error) int {
	var (
		usage       usageError
		refused     *client.RefusedError
		removed     *client.RemovedError
		unreachable *client.UnreachableError
		admin       *service.AdminError
	)
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &usage):
		return exitUsage
	case errors.As(err, &refused), errors.As(err, &removed):
		return exitRefused
	case errors.As(err, &admin):
		return exitAdmin
	case errors.As(err, &unreachable):
		return exitUnreachable
	default:
		return exitFailed
	}
}

// openLog writes to the named file, or to standard error from warnings upwards.
func openLog(stderr io.Writer, name string) (*slog.Logger, func(), error) {
	if name == "" {
		return slog.New(slog.NewTextHandler(stderr, &slog.HandlerOptions{Level: slog.LevelWarn})), func() {}, nil
	}
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return nil, nil, fmt.Errorf("opening the log: %w", err)
	}
	return slog.New(slog.NewTextHandler(f, &slog.HandlerOptions{Level: slog.LevelDebug})), func() { f.Close() }, nil
}

func stateDir(cl commandLine) (string, error) {
	if dir := cl.values["state"]; dir != "" {
		return dir, nil
	}
	return client.DefaultStateDir()
}
