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
	request, err := p.enrolRequest(ctx, cl)
	if err != nil {
		return err
	}
	e, err := client.Enrol(ctx, request)
	var refused *client.RefusedError
	for asked := map[string]bool{}; errors.As(err, &refused) && !asked[refused.Field]; {
		asked[refused.Field] = true
		if !p.answer(ctx, &request, refused, &err) {
			break
		}
		e, err = client.Enrol(ctx, request)
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "This computer is set up as %q at %s.\n", e.Name, request.Server.Host)
	return p.keepRunning(cl, request.StateDir)
}

// enrolRequest is what the command line asks for.
func (p *program) enrolRequest(ctx context.Context, cl commandLine) (r client.EnrolRequest, err error) {
	switch {
	case cl.values["relayurl"] == "" || cl.values["username"] == "" && cl.values["token"] == "":
		return r, usageError{"/createcomputer needs /relayurl, and /username or /token; /help shows the whole line"}
	case cl.values["token"] != "" && cl.values["username"] != "":
		return r, usageError{"/token stands in place of /username and /password; give one of them"}
	}
	r = client.EnrolRequest{
		Fingerprint: cl.values["fingerprint"], UserName: cl.values["username"], Code: cl.values["code"], Token: cl.values["token"], Replace: cl.values["replace"] != "",
	}
	var from origin
	if r.Server, from, err = p.server(cl); err != nil {
		return r, err
	}
	if from.bound {
		r.Fingerprint = from.fingerprint
	}
	if r.StateDir, err = stateDir(cl); err != nil {
		return r, err
	}
	if r.Token == "" {
		r.Password, err = p.password(ctx, cl)
	}
	return r, err
}

// answer asks whoever sits at the terminal for what the server wants to know. It reports whether the request is to be sent again; else *err says why not.
func (p *program) answer(ctx context.Context, r *client.EnrolRequest, refused *client.RefusedError, err *error) bool {
	switch {
	case refused.Field == client.FieldCode && r.Code == "":
		if r.Code, *err = p.ask(ctx, refused, "Code: ", "Give its code by /code."); r.Code == "" && *err == nil {
			*err = refused
		}
		return *err == nil
	case refused.Field == client.FieldReplace && !r.Replace:
		var said string
		if said, *err = p.ask(ctx, refused, "Replace it? [y/N] ", "Add /replace to replace it."); *err == nil && !strings.HasPrefix(strings.ToLower(said), "y") {
			*err = &client.RefusedError{Fault: refused.Fault, Hint: "Nothing was changed.", Field: refused.Field}
		}
		r.Replace = *err == nil
		return r.Replace
	}
	return false
}

// ask asks at a terminal; elsewhere the answer has to be on the command line, and hint says how.
func (p *program) ask(ctx context.Context, refused *client.RefusedError, question, hint string) (string, error) {
	in, ok := p.terminal()
	if !ok {
		return "", &client.RefusedError{Fault: refused.Fault, Hint: hint + " " + refused.Hint, Field: refused.Field}
	}
	fmt.Fprintf(p.stderr, "%s %s\n%s", refused.Fault, refused.Hint, question)
	line, err := answered(ctx, in, readLine)
	if err != nil {
		return "", fmt.Errorf("reading the answer: %w", err)
	}
	return strings.TrimSpace(line), nil
}

// terminal is where somebody can be asked.
func (p *program) terminal() (*os.File, bool) {
	in, isFile := p.stdin.(*os.File)
	return in, isFile && term.IsTerminal(int(in.Fd()))
}

// answered reads what somebody types, until ctx ends: Ctrl-C ends the question, and leaves the terminal as it was. What still reads then ends with the
// program.
func answered(ctx context.Context, in *os.File, read func(io.Reader) (string, error)) (string, error) {
	before, err := term.GetState(int(in.Fd()))
	if err != nil {
		return "", err
	}
	type result struct {
		line string
		err  error
	}
	said := make(chan result, 1)
	go func() {
		line, err := read(in)
		said <- result{line, err}
	}()
	select {
	case r := <-said:
		return r.line, r.err
	case <-ctx.Done():
		return "", errors.Join(errInterrupted, term.Restore(int(in.Fd()), before))
	}
}

// errInterrupted says that somebody who was asked did not want to answer.
var errInterrupted = errors.New("interrupted; nothing was changed")

// readSecret reads a line that is not shown.
func readSecret(in io.Reader) (string, error) {
	b, err := term.ReadPassword(int(in.(*os.File).Fd()))
	return string(b), err
}

// readLine reads no more than one line: what follows is the next question's.
func readLine(in io.Reader) (string, error) {
	var line []byte
	for b := make([]byte, 1); len(line) < maxPassword; line = append(line, b[0]) {
		if _, err := io.ReadFull(in, b); err != nil {
			if errors.Is(err, io.EOF) {
				break
			}
			return "", err
		}
		if b[0] == '\n' {
			break
		}
	}
	return string(line), nil
}

// password comes from the switch, a file, or standard input; at a terminal it is asked for without echo.
func (p *program) password(ctx context.Context, cl commandLine) (string, error) {
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
	} else if f, ok := p.terminal(); ok {
		fmt.Fprint(p.stderr, "Password: ")
		said, err := answered(ctx, f, readSecret)
		fmt.Fprintln(p.stderr)
		if err == nil && said == "" {
			err = usageError{"no password was typed"}
		}
		return said, err
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
