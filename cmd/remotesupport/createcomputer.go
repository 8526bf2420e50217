package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"deskhand/client"
)

// maxPassword bounds what is read as a password, in bytes.
const maxPassword = 1024

func (p *program) createComputer(ctx context.Context, cl commandLine) error {
	if cl.values["username"] == "" || cl.values["relayurl"] == "" {
		return usageError{"/createcomputer needs /username and /relayurl; /help shows the whole line"}
	}
	server, err := client.ParseServer(cl.values["relayurl"], cl.values["relayport"])
	if err != nil {
		return usageError{err.Error()}
	}
	dir, err := stateDir(cl)
	if err != nil {
		return err
	}
	password, err := p.password(cl)
	if err != nil {
		return err
	}
	request := client.EnrolRequest{
		Server: server, Fingerprint: cl.values["fingerprint"], UserName: cl.values["username"], Password: password, Code: cl.values["code"], StateDir: dir,
	}
	e, err := client.Enrol(ctx, request)
	var refused *client.RefusedError
	if errors.As(err, &refused) && refused.Field == client.FieldCode && request.Code == "" {
		if request.Code, err = p.code(refused); err == nil {
			e, err = client.Enrol(ctx, request)
		}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "This computer is set up as %q at %s.\n", e.Name, server.Host)
	return p.keepRunning(cl, dir)
}

// code asks for the second factor at a terminal; elsewhere it has to be on the command line.
func (p *program) code(refused *client.RefusedError) (string, error) {
	in, isFile := p.stdin.(*os.File)
	if !isFile || !term.IsTerminal(int(in.Fd())) {
		return "", &client.RefusedError{Fault: refused.Fault, Hint: "Give its code by /code. " + refused.Hint, Field: refused.Field}
	}
	fmt.Fprintf(p.stderr, "%s %s\nCode: ", refused.Fault, refused.Hint)
	line, err := bufio.NewReader(io.LimitReader(in, maxPassword)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("reading the code: %w", err)
	}
	if line = strings.TrimSpace(line); line == "" {
		return "", refused
	}
	return line, nil
}

// password comes from the switch, a file, or standard input; at a terminal it is asked for without echo.
func (p *program) password(cl commandLine) (string, error) {
	if pw, ok := cl.values["password"]; ok {
		return pw, nil
	}
	in := p.stdin
	if name := cl.values["passwordfile"]; name != "" {
		f, err := os.Open(name)
		if err != nil {
			return "", fmt.Errorf("opening the password file: %w", err)
		}
		defer f.Close()
		in = f
	} else if f, ok := p.stdin.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		fmt.Fprint(p.stderr, "Password: ")
		b, err := term.ReadPassword(int(f.Fd()))
		fmt.Fprintln(p.stderr)
		return string(b), err
	}
	line, err := bufio.NewReader(io.LimitReader(in, maxPassword+2)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	line = strings.TrimRight(line, "\r\n")
	switch {
	case line == "":
		return "", usageError{"no password was given: use /passwordfile, standard input or /password"}
	case len(line) > maxPassword:
		return "", usageError{fmt.Sprintf("the password is longer than %d bytes", maxPassword)}
	}
	return line, nil
}
