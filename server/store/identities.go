package store

import (
	"context"
	"fmt"
	"strings"

	"deskhand"
)

// AgentBySignOn is the agent to whom an identity belongs that the provider has just vouched for: the one it is linked to, else by its verified e-mail
// address one who is not linked yet, else a new one, as the settings say. A refusal is audited, and CodeForbidden with why as the field.
func (s *Store) AgentBySignOn(ctx context.Context, from deskhand.Actor, id deskhand.Identity) (a deskhand.Agent, err error) {
	from.Name = "sign-on"
	var refused *deskhand.Error
	err = s.write(ctx, from, func(t *tx) error {
		p, err := t.signOn()
		if err != nil {
			return err
		}
		if a, refused, err = t.agentBySignOn(p, id); err != nil {
			return err
		}
		if refused != nil {
			t.audit("agent.sign-on-refused", a.ID, "why", refused.Field, "issuer", id.Issuer, "identity", id.Subject, "e-mail", id.Email)
			return nil // the refusal is kept
		}
		_, err = t.exec("UPDATE agent_identity SET email = $1, last_used_at = $2 WHERE issuer = $3 AND subject = $4", id.Email, micros(t.now), id.Issuer, id.Subject)
		return err
	})
	if err == nil && refused != nil {
		return deskhand.Agent{}, refused
	}
	return a, err
}

func (t *tx) agentBySignOn(p deskhand.SignOn, id deskhand.Identity) (a deskhand.Agent, refused *deskhand.Error, err error) {
	if !p.Enabled || id.Issuer != p.Issuer || id.Subject == "" {
		return a, refusedSignOn(deskhand.SignOnOff, "Logging in by this service is switched off.", "Log in by your password."), nil
	}
	a, err = scanAgent(t.row("SELECT "+agentColumns+" FROM agent_identity ai JOIN agent a ON a.id = ai.agent_id WHERE ai.issuer = $1 AND ai.subject = $2", id.Issuer, id.Subject))
	switch {
	case err == nil && a.Disabled:
		return a, refusedSignOn(deskhand.SignOnDisabled, "Your account here is disabled.", "Ask an administrator to enable it."), nil
	case !none(err):
		return a, nil, err
	}
	if p.FindByEmail && id.EmailVerified && id.Email != "" {
		if a, refused, err = t.agentByEmail(id); err != nil || refused != nil {
			return a, refused, err
		}
		if a.ID != "" {
			return a, nil, t.acceptBySignOn(a, id)
		}
	}
	if !p.Create {
		return a, refusedSignOn(deskhand.SignOnUnknown, "There is no agent here for your account.", "Ask an administrator to add you, with the e-mail address that you have there."), nil
	}
	a, err = t.createBySignOn(p.Role, id)
	return a, nil, err
}

// agentByEmail finds the one agent with a verified e-mail address; none has no ID. A disabled one is nobody's way in.
func (t *tx) agentByEmail(id deskhand.Identity) (a deskhand.Agent, refused *deskhand.Error, err error) {
	list, err := all(t, scanAgent, "SELECT "+agentColumns+" FROM agent a WHERE lower(a.email) = lower($1) ORDER BY a.disabled, a.id LIMIT 3", id.Email)
	switch {
	case err != nil || len(list) == 0:
		return a, nil, err
	case list[0].Disabled:
		return list[0], refusedSignOn(deskhand.SignOnDisabled, "Your account here is disabled.", "Ask an administrator to enable it."), nil
	case len(list) > 1 && !list[1].Disabled:
		return a, refusedSignOn(deskhand.SignOnSeveral, "Several agents have your e-mail address.", "Ask an administrator which of them you are."), nil
	}
	var linked int
	err = t.row("SELECT count(*) FROM agent_identity WHERE agent_id = $1 AND issuer = $2", list[0].ID, id.Issuer).Scan(&linked)
	if err == nil && linked > 0 {
		refused = refusedSignOn(deskhand.SignOnTaken, "The agent with your e-mail address belongs to another account there.", "Ask an administrator to unlink it.")
	}
	return list[0], refused, err
}

// acceptBySignOn links an agent who was found. One who was invited has accepted by that, and has no password.
func (t *tx) acceptBySignOn(a deskhand.Agent, id deskhand.Identity) error {
	n, err := t.exec("DELETE FROM agent_invitation WHERE agent_id = $1", a.ID)
	if err == nil && n > 0 {
		_, err = t.exec("UPDATE agent SET password_hash = '' WHERE id = $1", a.ID)
		t.audit("agent.accept", a.ID, "userName", a.UserName, "by", "sign-on")
	}
	if err != nil {
		return err
	}
	return t.link(a, id)
}

func (t *tx) link(a deskhand.Agent, id deskhand.Identity) error {
	_, err := t.exec("INSERT INTO agent_identity (issuer, subject, agent_id, email, linked_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $5)",
		id.Issuer, id.Subject, a.ID, id.Email, micros(t.now))
	t.audit("agent.link", a.ID, "userName", a.UserName, "issuer", id.Issuer, "identity", id.Subject, "e-mail", id.Email)
	t.changed(deskhand.TopicAgents, "", a.ID)
	return err
}

// createBySignOn makes an agent of who was never here: with a role that an administrator chose for that, and without a password.
func (t *tx) createBySignOn(role deskhand.Role, id deskhand.Identity) (a deskhand.Agent, err error) {
	a = deskhand.Agent{Name: id.Name, Role: role}
	if id.EmailVerified { // links for a new password go there
		a.Email = id.Email
	}
	if a.UserName, err = t.freeUserName(id); err != nil {
		return a, err
	}
	err = t.createAgent(&a, "")
	if deskhand.CodeOf(err) == deskhand.CodeInvalid { // an address that is none to us
		a.Email = ""
		err = t.createAgent(&a, "")
	}
	if err != nil {
		return a, err
	}
	return a, t.link(a, id)
}

// freeUserName is like the one that somebody has at the provider, with a number when another agent has it here.
func (t *tx) freeUserName(id deskhand.Identity) (string, error) {
	base := "agent"
	for _, wish := range []string{id.UserName, id.Email, id.Name} {
		if name := userNameOf(wish); name != "" {
			base = name
			break
		}
	}
	for n := 1; ; n++ {
		name := base
		if n > 1 {
			suffix := fmt.Sprint(n)
			name = base[:min(len(base), 32-len(suffix))] + suffix
		}
		var taken int
		if err := t.row("SELECT count(*) FROM agent WHERE user_name = $1", name).Scan(&taken); err != nil || taken == 0 {
			return name, err
		}
	}
}

// userNameOf makes a user name of a name or of what stands before the @ of an address; empty: nothing is left of it.
func userNameOf(wish string) string {
	wish, _, _ = strings.Cut(wish, "@")
	name := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune(".-_", r):
			return r
		case r == ' ':
			return '.'
		}
		return -1
	}, fold(wish))
	name = strings.Trim(name, ".-_")
	name, err := deskhand.CheckUserName(name[:min(len(name), 32)])
	if err != nil {
		return ""
	}
	return name
}

// LinkOf is the identity that an agent has at a provider; CodeNotFound when there is none.
func (s *Store) LinkOf(ctx context.Context, agentID, issuer string) (l deskhand.Link, err error) {
	err = s.read(ctx, func(t *tx) error {
		return t.row("SELECT agent_id, issuer, subject, email, linked_at, last_used_at FROM agent_identity WHERE agent_id = $1 AND issuer = $2", agentID, issuer).
			Scan(&l.AgentID, &l.Issuer, &l.Subject, &l.Email, stamp{&l.LinkedAt}, stamp{&l.LastUsedAt})
	})
	if none(err) {
		err = deskhand.Errorf(deskhand.CodeNotFound, "This agent has no account at another service.")
	}
	return l, err
}

// HasPassword reports whether an agent can log in by a password.
func (s *Store) HasPassword(ctx context.Context, agentID string) (has bool, err error) {
	_, err = s.PasswordHash(ctx, agentID)
	if deskhand.CodeOf(err) == deskhand.CodeNotFound {
		return false, nil
	}
	return err == nil, err
}

// Unlink takes an agent's identities away. Of their own only those may who have a password: CodeConflict. An administrator may of others, whose
// account there was replaced: CodeForbidden when they may do more. CodeNotFound when there is nothing to take.
func (s *Store) Unlink(ctx context.Context, actor deskhand.Actor, agentID string) error {
	return s.write(ctx, actor, func(t *tx) error {
		a, err := t.agent("id", agentID)
		if err != nil {
			return err
		}
		if err := t.mayManage(a); err != nil {
			return err
		}
		var hash string
		if err := t.row("SELECT password_hash FROM agent WHERE id = $1", agentID).Scan(&hash); err != nil {
			return err
		}
		if hash == "" && agentID == actor.AgentID {
			return orConflict(nil, "You have no password: you could not log in any more.", "Ask for a password by “Forgot password?” on the login page first.")
		}
		n, err := t.exec("DELETE FROM agent_identity WHERE agent_id = $1", agentID)
		if err == nil && n == 0 {
			return deskhand.Errorf(deskhand.CodeNotFound, "This agent has no account at another service.")
		}
		t.factorChanged("agent.unlink", agentID, "userName", a.UserName)
		if err == nil && agentID != actor.AgentID {
			err = t.endSignOns(agentID)
		}
		return err
	})
}

func refusedSignOn(why, fault, hint string) *deskhand.Error {
	return &deskhand.Error{Code: deskhand.CodeForbidden, Field: why, Fault: fault, Hint: hint}
}
