// Command deskhand is the server and its admin verbs.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"deskhand"
)

// version is set by the build.
var version = "development"

// Exit codes of every verb.
const (
	exitFailed = 1
	exitUsage  = 2
)

// CLI is the command line. Each verb is a struct with a Run method.
type CLI struct {
	Globals

	Serve   Serve   `cmd:"" help:"Run the server."`
	Agent   Agent   `cmd:"" help:"Add, list and change agents."`
	Token   Token   `cmd:"" help:"Make API tokens."`
	Audit   Audit   `cmd:"" help:"Verify the audit."`
	Backup  Backup  `cmd:"" help:"Back the data up into a file (SQLite)."`
	Restore Restore `cmd:"" help:"Put a backup in place of the data (SQLite)."`
	Release Release `cmd:"" help:"Sign the clients that unattended computers update themselves to."`
	OpenAPI OpenAPI `cmd:"" name:"openapi" hidden:"" help:"Print the API's document."`

	Version kong.VersionFlag `help:"Print the version and quit."`
	Config  kong.ConfigFlag  `help:"File with a line \"name = value\" per flag." placeholder:"FILE" env:"DESKHAND_CONFIG"`
}

// Globals are the flags that every verb takes.
type Globals struct {
	Data     string `help:"Directory of the server's data, ${default} when it is not set." default:"./data" placeholder:"DIR" env:"DESKHAND_DATA"`
	Database string `help:"PostgreSQL database (postgres://…) instead of the one in the data directory." placeholder:"URL" env:"DESKHAND_DATABASE"`
}

// Terminal is where a verb reads and writes.
type Terminal struct {
	In       io.Reader
	Out, Err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], &Terminal{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}

// run parses args, runs the verb and returns the exit code.
func run(ctx context.Context, args []string, t *Terminal) int {
	var cli CLI
	done := -1 // the code that --help and --version end with
	parser, err := kong.New(&cli,
		kong.Name("deskhand"),
		kong.Description("Self-hosted remote support."),
		kong.Writers(t.Out, t.Err),
		kong.Exit(func(code int) { done = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Configuration(readConfig),
		kong.Vars{"version": version},
		kong.Bind(t),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
	if err != nil {
		panic(err) // the CLI struct is wrong
	}
	k, err := parser.Parse(args)
	if done >= 0 {
		return done
	}
	if err != nil {
		fmt.Fprintf(t.Err, "deskhand: %v\nRun “deskhand --help” to see what it takes.\n", err)
		return exitUsage
	}
	if err := k.Run(&cli.Globals); err != nil {
		explain(t.Err, err)
		return exitFailed
	}
	return 0
}

// explain writes what went wrong, and on a line of its own what to do.
func explain(w io.Writer, err error) {
	var e *deskhand.Error
	if !errors.As(err, &e) {
		fmt.Fprintf(w, "deskhand: %v\n", err)
		return
	}
	fmt.Fprintf(w, "deskhand: %s\n", e.Fault)
	if e.Err != nil {
		fmt.Fprintf(w, "  (%v)\n", e.Err)
	}
	if e.Hint != "" {
		fmt.Fprintf(w, "  %s\n", e.Hint)
	}
}
