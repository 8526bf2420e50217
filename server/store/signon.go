package store

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"deskhand"
)

const settingSignOn = "sign-on"

// SignOn is how agents log in by an OpenID provider, with the secret that only the provider may see.
func (s *Store) SignOn(ctx context.Context) (p deskhand.SignOn, err error) {
	err = s.read(ctx, func(t *tx) error { p, err = t.signOn(); return err })
	return p, err
}

func (t *tx) signOn() (deskhand.SignOn, error) {
	p := deskhand.SignOn{FindByEmail: true, Role: deskhand.RoleAgent}
	value, err := t.setting(settingSignOn)
	if err == nil && len(value) > 0 {
		err = json.Unmarshal(value, &p)
	}
	if err != nil {
		return p, fmt.Errorf("reading the settings of sign-on: %w", err)
	}
	return p, nil
}

// UpdateSignOn changes how agents log in by a provider and returns it as it is then. Another issuer does not get the secret of the one before.
// When the provider is switched off or becomes another one, the logins by it end. Errors: CodeInvalid with the field, CodeForbidden for whoever may
// not do everything, since the provider decides who comes in; CodeConflict when nobody would be left who can.
func (s *Store) UpdateSignOn(ctx context.Context, actor deskhand.Actor, change func(*deskhand.SignOn)) (p deskhand.SignOn, err error) {
	err = s.write(ctx, actor, func(t *tx) error {
		if err := t.mayDoAll(); err != nil {
			return err
		}
		was, err := t.signOn()
		if err != nil {
			return err
		}
		p = was
		change(&p)
		if p.Issuer = strings.TrimSpace(p.Issuer); p.Issuer != was.Issuer && p.Secret == was.Secret {
			p.Secret = ""
		}
		if err := t.checkSignOn(&p); err != nil {
			return err
		}
		if was.Enabled && (!p.Enabled || p.Issuer != was.Issuer) {
			if err := t.keepWayIn(); err != nil {
				return err
			}
			if err := t.endSignOns(""); err != nil {
				return err
			}
		}
		value, err := json.Marshal(p)
		if err != nil {
			return err
		}
		t.auditSignOn(p, p.Secret != was.Secret)
		t.changed(deskhand.TopicSettings, "", settingSignOn)
		return t.put(settingSignOn, value)
	})
	return p, err
}

func (t *tx) auditSignOn(p deskhand.SignOn, newSecret bool) {
	secret := ""
	if newSecret {
		secret = "changed"
	}
	role := ""
	if p.Create {
		role = string(p.Role)
	}
	t.audit("settings.sign-on", "", "on", strconv.FormatBool(p.Enabled), "issuer", p.Issuer, "client", p.ClientID, "secret", secret, "label", p.Label,
		"find by e-mail", strconv.FormatBool(p.FindByEmail), "new agents", role, "second factor", strconv.FormatBool(p.SecondFactor))
}

// CheckSignOn says what could not be kept of settings as they are sent: as UpdateSignOn does, but nothing is written.
func (s *Store) CheckSignOn(ctx context.Context, actor deskhand.Actor, p *deskhand.SignOn) error {
	return s.read(ctx, func(t *tx) error {
		t.actor = actor
		if err := t.mayDoAll(); err != nil {
			return err
		}
		p.Enabled = true // what it needs for that
		p.Issuer = strings.TrimSpace(p.Issuer)
		return t.checkSignOn(p)
	})
}

// mayDoAll refuses whoever has not every permission.
func (t *tx) mayDoAll() error {
	own, err := t.acting()
	if err == nil && !deskhand.AllPermissions.Within(own) {
		err = deskhand.Refused("Only an administrator may decide who logs in by another service.")
	}
	return err
}

func (t *tx) checkSignOn(p *deskhand.SignOn) error {
	p.ClientID, p.Secret = strings.TrimSpace(p.ClientID), strings.TrimSpace(p.Secret)
	p.Label = deskhand.CleanText(p.Label, deskhand.MaxSignOnLabel)
	if p.Issuer != "" {
		if err := checkIssuer(p.Issuer); err != nil {
			return err
		}
	}
	switch {
	case len(p.ClientID) > deskhand.MaxClientID || p.ClientID != deskhand.CleanText(p.ClientID, deskhand.MaxClientID):
		return invalid("clientId", "This cannot be a client ID.", "Copy it from the provider.")
	case len(p.Secret) > deskhand.MaxClientSecret:
		return invalid("clientSecret", "This cannot be a client secret.", "Copy it from the provider.")
	case p.Enabled && p.Issuer == "":
		return invalid("issuer", "The provider's address is missing.", "Enter its issuer, like https://login.example.com/realms/staff.")
	case p.Enabled && p.ClientID == "":
		return invalid("clientId", "The client ID is missing.", "Copy it from the provider.")
	case p.Enabled && p.Label == "":
		return invalid("label", "The provider has no name.", "Enter what your agents call it.")
	}
	return t.mayGiveRole(p.Role)
}

// checkIssuer refuses what no provider can be called. It is kept as it is written: the provider writes it the same way.
func checkIssuer(issuer string) error {
	u, err := url.Parse(issuer)
	if err != nil || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || len(issuer) > deskhand.MaxIssuer {
		return invalid("issuer", "This is no provider's address.", "Write it like https://login.example.com/realms/staff, as the provider calls it.")
	}
	if u.Scheme != "https" && (u.Scheme != "http" || !deskhand.IsLoopbackHost(u.Hostname())) {
		return invalid("issuer", "A provider is only believed when the connection is encrypted.", "Use an address that begins with https.")
	}
	return nil
}

// keepWayIn refuses to close the way in by a provider when no administrator has another one.
func (t *tx) keepWayIn() error {
	var n int
	err := t.row("SELECT count(*) FROM agent WHERE role = $1 AND NOT disabled AND password_hash <> ''", deskhand.RoleAdministrator).Scan(&n)
	if err != nil || n == 0 {
		return orConflict(err, "No administrator has a password: nobody could log in any more.", "Give one a password first, by Reset password under Agents.")
	}
	return nil
}

// endSignOns ends the logins that a provider vouched for: an agent's, or everybody's.
func (t *tx) endSignOns(agentID string) error {
	ended, err := all(t, func(r scanner) (l deskhand.Login, err error) { return l, r.Scan(&l.ID, &l.AgentID) },
		"DELETE FROM login WHERE sign_on AND (agent_id = $1 OR $1 = '') RETURNING id, agent_id", agentID)
	for _, l := range ended {
		t.audit("agent.logout", l.AgentID, "login", l.ID)
		t.changed(deskhand.TopicLogins, l.AgentID, l.ID)
		t.changed(deskhand.TopicAgents, l.AgentID, l.AgentID)
	}
	return err
}
