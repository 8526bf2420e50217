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
	request, err := p.enrolRequest(cl)
	if err != nil {
		return err
	}
	e, err := client.Enrol(ctx, request)
	var refused *client.RefusedError
	for asked := map[string]bool{}; errors.As(err, &refused) && !asked[refused.Field]; {
		asked[refused.Field] = true
		if !p.answer(&request, refused, &err) {
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
func (p *program) enrolRequest(cl commandLine) (r client.EnrolRequest, err error) {
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
		r.Password, err = p.password(cl)
	}
	return r, err
}

// answer asks whoever sits at the terminal for what the server wants to know. It reports whether the request is to be sent again; else *err says why not.
func (p *program) answer(r *client.EnrolRequest, refused *client.RefusedError, err *error) bool {
	switch {
	case refused.Field == client.FieldCode && r.Code == "":
		r.Code, *err = p.ask(refused, "Code: ", "Give its code by /code.")
		return *err == nil
	case refused.Field == client.FieldReplace && !r.Replace:
		var said string
		if said, *err = p.ask(refused, "Replace it? [y/N] ", "Add /replace to replace it."); *err == nil && !strings.HasPrefix(strings.ToLower(said), "y") {
			*err = &client.RefusedError{Fault: refused.Fault, Hint: "Nothing was changed.", Field: refused.Field}
		}
		r.Replace = *err == nil
		return r.Replace
	}
	return false
}

// ask asks at a terminal; elsewhere the answer has to be on the command line, and hint says how.
func (p *program) ask(refused *client.RefusedError, question, hint string) (string, error) {
	in, isFile := p.stdin.(*os.File)
	if !isFile || !term.IsTerminal(int(in.Fd())) {
		return "", &client.RefusedError{Fault: refused.Fault, Hint: hint + " " + refused.Hint, Field: refused.Field}
	}
	fmt.Fprintf(p.stderr, "%s %s\n%s", refused.Fault, refused.Hint, question)
	line, err := readLine(in)
	if err != nil {
		return "", fmt.Errorf("reading the answer: %w", err)
	}
	if line = strings.TrimSpace(line); line == "" {
		return "", refused
	}
	return line, nil
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
