// Command winexec runs a Windows program on a Windows of its own (package wine) and ends as that does:
//
//	GOOS=windows go test -exec 'winexec' ./client/...
//	winexec -prefix DIR -display :7 program.exe args…
//
// Without -prefix the machine lives in a directory for temporary files and is gone afterwards; without -display it gets an Xvfb.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"deskhand/internal/wine"
	"deskhand/internal/xvfb"
)

func main() {
	prefix := flag.String("prefix", "", "the machine's directory, kept; made when it is not there")
	display := flag.String("display", "", "X display")
	geometry := flag.String("geometry", "1280x800x24", "of the screen when there is no -display")
	flag.Parse()
	if flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	code, err := run(*prefix, *display, *geometry, flag.Args())
	if err != nil {
		fmt.Fprintln(os.Stderr, "winexec:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

func run(prefix, display, geometry string, args []string) (code int, err error) {
	if display == "" {
		x, err := xvfb.Open(geometry)
		if err != nil {
			return 0, err
		}
		defer x.Close()
		display = x.Display
	}
	m := &wine.Machine{Dir: prefix, Display: display}
	if _, statErr := os.Stat(prefix); prefix == "" || errors.Is(statErr, os.ErrNotExist) {
		dir := prefix
		if dir == "" {
			tmp, err := os.MkdirTemp("", "winexec")
			if err != nil {
				return 0, err
			}
			dir = filepath.Join(tmp, "prefix")
			defer func() { err = errors.Join(err, m.End(), os.Remove(tmp)) }()
		}
		if m, err = wine.New(dir, display); err != nil {
			return 0, err
		}
	}
	cmd := m.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGINT, syscall.SIGTERM)
	go func() {
		<-stop
		_ = cmd.Process.Kill()
	}()
	if err := cmd.Wait(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return max(1, exit.ExitCode()), nil
		}
		return 0, err
	}
	return 0, nil
}
