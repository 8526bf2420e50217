package server

import (
	"context"
	"fmt"
	"slices"
	"time"

	"deskhand"
	"deskhand/server/httpapi"
	"deskhand/server/mail"
	"deskhand/server/store"
)

// EnrolComputer adds a computer for who shows whose it becomes, and ends the connections that it had by an older key.
func (c computers) EnrolComputer(ctx context.Context, who httpapi.EnrolBy, replace bool, from deskhand.Actor, computer deskhand.Computer) (deskhand.Computer, error) {
	out, err := c.enrol(ctx, who, replace, from, computer)
	if err == nil {
		c.signal.Newer(out.ID, out.Epoch)
	}
	return out, err
}

func (c computers) enrol(ctx context.Context, who httpapi.EnrolBy, replace bool, from deskhand.Actor, computer deskhand.Computer) (deskhand.Computer, error) {
	if deskhand.IsUnattendedCode(who.Token) {
		from.Name = "end-user"
		return c.EnrolInvited(ctx, from, who.Token, computer)
	}
	by, err := c.enroller(ctx, who, from, func(a deskhand.Agent) error { return c.CheckEnrolment(ctx, a.ID, computer, replace) })
	if err != nil {
		return deskhand.Computer{}, err
	}
	if replace {
		return c.ReplaceComputer(ctx, by, computer)
	}
	return c.Store.EnrolComputer(ctx, by, computer)
}

// enroller is the agent who adds a computer, by a password or an API token; see AuthenticateOnce for before.
func (c computers) enroller(ctx context.Context, who httpapi.EnrolBy, from deskhand.Actor, before func(deskhand.Agent) error) (by deskhand.Actor, err error) {
	var agent deskhand.Agent
	suffix := ""
	if who.Token != "" {
		var k deskhand.Token
		if agent, k, err = c.auth.CheckToken(ctx, who.Token); err != nil {
			return by, err
		}
		if !slices.ContainsFunc([]string{deskhand.AllScopes, deskhand.ScopeEnrol}, func(s string) bool { return slices.Contains(k.Scopes, s) }) {
			return by, &deskhand.Error{
				Code: deskhand.CodeForbidden, Fault: "This token may not add computers.", Hint: "It needs the scope " + deskhand.ScopeEnrol + ".",
			}
		}
		suffix = fmt.Sprintf(" (token %s)", k.Name)
	} else if agent, err = c.auth.AuthenticateOnce(ctx, who.UserName, who.Password, who.Code, from, before); err != nil {
		return by, err
	}
	if !agent.Can(deskhand.MayAddComputers) {
		return by, deskhand.Refused(agent.UserName + " may not add computers.")
	}
	return deskhand.Actor{AgentID: agent.ID, Name: agent.UserName + suffix, Address: from.Address}, nil
}

// unattended makes the links that add a computer.
type unattended struct{ *store.Store }

func (u unattended) Inviter(ctx context.Context, i deskhand.UnattendedInvite) (who httpapi.UnattendedAgent, err error) {
	a, err := u.AgentByID(ctx, i.AgentID)
	if err != nil {
		return who, err
	}
	if a.Disabled || !a.Can(deskhand.MayAddComputers) {
		return who, &deskhand.Error{Code: deskhand.CodeAgentUnavailable, Fault: "This agent is not available.", Hint: "Ask for a new link."}
	}
	b, err := u.Branding(ctx)
	return httpapi.UnattendedAgent{Kind: i.Kind, Name: a.Name, Title: a.Title, Company: b.Company, ConsentWords: b.ConsentWords}, err
}

// alertTimeout is for one mail.
const alertTimeout = 20 * time.Second

// cloned tells the owner by mail that two clients have a computer's key; the console shows it besides.
func (s *Server) cloned(c deskhand.Computer) {
	s.config.Log.Warn("two clients have a computer's key", "computer", c.ID, "address", c.Address)
	if !s.mail.Enabled() {
		return
	}
	s.closings.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), alertTimeout)
		defer cancel()
		if err := s.tellCloned(ctx, c); err != nil {
			s.config.Log.Error("telling an owner of a computer's key", "computer", c.ID, "err", err)
		}
	})
}

func (s *Server) tellCloned(ctx context.Context, c deskhand.Computer) error {
	owner, err := s.store.AgentByID(ctx, c.OwnerID)
	if err != nil || owner.Email == "" || owner.Disabled {
		return err
	}
	subject, text, err := mail.Compose("cloned", owner.Language, map[string]string{
		"name": owner.Name, "computer": c.Name, "address": c.Address, "link": s.public.JoinPath("computers").String(),
	})
	if err != nil {
		return err
	}
	return s.mail.Send(ctx, mail.Message{To: owner.Email, Subject: subject, Text: text})
}
