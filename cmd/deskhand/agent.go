package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os/user"
	"strings"
	"text/tabwriter"

	"deskhand"
	"deskhand/server/auth"
	"deskhand/server/store"
)

// Agent has the verbs about agents. They work beside a running server, which follows within two seconds.
type Agent struct {
	Add               AgentAdd               `cmd:"" help:"Add an agent; on a fresh data directory, too."`
	List              AgentList              `cmd:"" help:"List the agents."`
	Passwd            AgentPasswd            `cmd:"" help:"Give an agent a new password and end all their logins."`
	ResetSecondFactor AgentResetSecondFactor `cmd:"" help:"Remove an agent's authenticator app, passkeys and recovery codes, for one who has lost them."`
	Disable           AgentDisable           `cmd:"" help:"Keep an agent from logging in and end all their logins."`
	Enable            AgentEnable            `cmd:"" help:"Let a disabled agent log in again."`
}

// AgentAdd adds an agent.
type AgentAdd struct {
	User          string        `arg:"" help:"User name: a-z, 0-9, dots, dashes and underscores."`
	Name          string        `help:"Name that end-users see."`
	Title         string        `help:"Title that end-users see."`
	Email         string        `help:"E-mail address."`
	Role          deskhand.Role `help:"agent or administrator." enum:"agent,administrator" default:"agent"`
	PasswordStdin bool          `help:"Read the password from standard input; without it one is made and printed."`
}

// Run adds the agent.
func (v *AgentAdd) Run(ctx context.Context, g *Globals, t *Terminal) error {
	userName, err := deskhand.CheckUserName(v.User)
	if err != nil {
		return err
	}
	password, made, err := newPassword(t, userName, v.PasswordStdin)
	if err != nil {
		return err
	}
	hash, err := auth.HashPassword(password)
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, store.Options{Data: g.Data, Database: g.Database})
	if err != nil {
		return err
	}
	defer s.Close()
	a, err := s.CreateAgent(ctx, commandLine(), deskhand.Agent{UserName: userName, Name: v.Name, Title: v.Title, Email: v.Email, Role: v.Role}, hash)
	if err != nil {
		return err
	}
	fmt.Fprintf(t.Out, "Added %s %s (%s).\n", a.Role, a.UserName, a.Name)
	if made {
		fmt.Fprintf(t.Out, "password: %s\n", password)
	}
	return nil
}

// AgentList lists the agents.
type AgentList struct{}

// Run lists them.
func (AgentList) Run(ctx context.Context, g *Globals, t *Terminal) error {
	s, err := g.open(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	agents, err := s.ListAgents(ctx)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(t.Out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "USER\tNAME\tROLE\tE-MAIL\tSTATE")
	for _, a := range agents {
		state := "enabled"
		if a.Disabled {
			state = "disabled"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", a.UserName, a.Name, a.Role, a.Email, state)
	}
	return w.Flush()
}

// AgentPasswd changes a password.
type AgentPasswd struct {
	User          string `arg:"" help:"User name."`
	PasswordStdin bool   `help:"Read the password from standard input; without it one is made and printed."`
}

// Run changes it.
func (v *AgentPasswd) Run(ctx context.Context, g *Globals, t *Terminal) error {
	s, a, err := g.openAgent(ctx, v.User)
	if err != nil {
		return err
	}
	defer s.Close()
	password, made, err := newPassword(t, a.UserName, v.PasswordStdin)
	if err != nil {
		return err
	}
	hash, err := auth.HashPassword(password)
	if err != nil {
		return err
	}
	if err := s.SetPassword(ctx, commandLine(), a.ID, hash); err != nil {
		return err
	}
	fmt.Fprintf(t.Out, "%s has a new password; all their logins have ended.\n", a.UserName)
	if made {
		fmt.Fprintf(t.Out, "password: %s\n", password)
	}
	return nil
}

// AgentResetSecondFactor removes what an agent logs in with besides the password.
type AgentResetSecondFactor struct {
	User string `arg:"" help:"User name."`
}

// Run removes it.
func (v *AgentResetSecondFactor) Run(ctx context.Context, g *Globals, t *Terminal) error {
	s, a, err := g.openAgent(ctx, v.User)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.ResetSecondFactor(ctx, commandLine(), a.ID); err != nil {
		return err
	}
	fmt.Fprintf(t.Out, "%s has no second factor any more and logs in with the password alone.\n", a.UserName)
	return nil
}

// AgentDisable disables an agent.
type AgentDisable struct {
	User string `arg:"" help:"User name."`
}

// Run disables the agent.
func (v *AgentDisable) Run(ctx context.Context, g *Globals, t *Terminal) error {
	return setDisabled(ctx, g, t, v.User, true)
}

// AgentEnable enables an agent.
type AgentEnable struct {
	User string `arg:"" help:"User name."`
}

// Run enables the agent.
func (v *AgentEnable) Run(ctx context.Context, g *Globals, t *Terminal) error {
	return setDisabled(ctx, g, t, v.User, false)
}

func setDisabled(ctx context.Context, g *Globals, t *Terminal, userName string, disabled bool) error {
	s, a, err := g.openAgent(ctx, userName)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.SetAgentDisabled(ctx, commandLine(), a.ID, disabled); err != nil {
		return err
	}
	if disabled {
		fmt.Fprintf(t.Out, "%s is disabled; all their logins have ended.\n", a.UserName)
	} else {
		fmt.Fprintf(t.Out, "%s is enabled.\n", a.UserName)
	}
	return nil
}

// open opens the data that are there.
func (g *Globals) open(ctx context.Context) (*store.Store, error) {
	return store.Open(ctx, store.Options{Data: g.Data, Database: g.Database, Existing: true})
}

// openAgent opens the data and finds an agent.
func (g *Globals) openAgent(ctx context.Context, userName string) (*store.Store, deskhand.Agent, error) {
	s, err := g.open(ctx)
	if err != nil {
		return nil, deskhand.Agent{}, err
	}
	a, err := s.AgentByUserName(ctx, userName)
	if err != nil {
		if deskhand.CodeOf(err) == deskhand.CodeNotFound {
			err = &deskhand.Error{
				Code: deskhand.CodeNotFound, Fault: fmt.Sprintf("There is no agent %q.", userName), Hint: "See “deskhand agent list”.",
			}
		}
		return nil, a, errors.Join(err, s.Close())
	}
	return s, a, nil
}

// newPassword reads a password from standard input, or makes one; then made is true.
func newPassword(t *Terminal, userName string, stdin bool) (password string, made bool, err error) {
	if !stdin {
		password, err = auth.GeneratePassword()
		return password, true, err
	}
	line, err := bufio.NewReader(io.LimitReader(t.In, 8<<10)).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", false, fmt.Errorf("reading the password: %w", err)
	}
	password = strings.TrimRight(line, "\r\n")
	if password == "" {
		return "", false, &deskhand.Error{
			Code: deskhand.CodeInvalid, Field: "password", Fault: "There is no password on standard input.", Hint: "Write it on one line and nothing else.",
		}
	}
	return password, false, auth.CheckPassword(userName, password)
}

// commandLine is the actor of a verb, as the audit names it.
func commandLine() deskhand.Actor {
	name := "command line"
	if u, err := user.Current(); err == nil {
		name += " (" + u.Username + ")"
	}
	return deskhand.Actor{Name: name}
}
